#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "common/base/result.h"

namespace rsip::gateway::script {

/// A Unix stream socket that takes lines and answers each with one: {"ok":true}, or
/// {"ok":false,"error":"..."}. For the owner alone.
class LineSocket {
 public:
  using Take = std::function<Result<void>(std::string_view line)>;

  LineSocket(boost::asio::io_context& io, Take take);
  ~LineSocket();
  LineSocket(const LineSocket&) = delete;
  LineSocket& operator=(const LineSocket&) = delete;

  /// A socket that nobody listens on any more is replaced.
  ///
  /// errors   kInUse, kPermission, kOther naming the path
  Result<void> listen(const std::string& path);
  /// Closes everything and removes the socket.
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rsip::gateway::script
