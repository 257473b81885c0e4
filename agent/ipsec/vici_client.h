#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/ipsec/vici_connection.h"
#include "agent/ipsec/vici_message.h"
#include "common/base/result.h"

namespace rsip::agent {

struct ViciTimes {
  std::chrono::milliseconds answer{5000};
  /// Between two looks for a charon that is not there, or that may not be talked to.
  std::chrono::milliseconds absent{1000};
  /// After trouble: the first pause, each next one twice as long ...
  std::chrono::milliseconds first_pause{1000};
  std::chrono::milliseconds longest_pause{10000};  ///< ... up to this.
};

struct ViciClientEvents {
  /// Charon is there and everything is registered. "5.9.8".
  std::function<void(std::string version)> up;
  /// Not there, or not any more. Told after each attempt.
  std::function<void(const ViciEnd&)> down;
  /// ike-updown, child-updown, ike-rekey, child-rekey.
  std::function<void(const std::string& name, const vici::Section&)> event;
};

/// Keeps in touch with a charon that may come, go and misbehave: two connections, one for commands
/// and one for events, because an answer may be long in coming.
///
/// thread   the event loop's
class ViciClient {
 public:
  /// Nothing if charon went away or misbehaved, about which `down` tells.
  using Answer = std::function<void(const vici::Section&)>;
  using List = std::function<void(const std::vector<vici::Section>&)>;

  ViciClient(boost::asio::io_context& io, std::string path, ViciClientEvents events,
             ViciTimes times = {});
  ~ViciClient();
  ViciClient(const ViciClient&) = delete;
  ViciClient& operator=(const ViciClient&) = delete;

  void start();
  void stop();
  [[nodiscard]] bool up() const { return up_; }
  /// One at a time, in this order. Without effect unless up().
  void command(std::string name, vici::Section body, Answer answer);
  /// list-sas: a section for each IKE_SA.
  void list_sas(List done);

 private:
  void connect();
  void connect_events();
  void register_event(std::size_t index);
  void take_event(const vici::Packet& event);
  void take_listed(vici::Packet event);
  std::shared_ptr<ViciConnection> connection(std::function<void()> up,
                                             std::function<void(vici::Packet)> event);
  void broken(ViciEnd end);
  std::chrono::milliseconds next_pause(ViciEnd::Why why);
  void close();

  boost::asio::io_context& io_;
  const std::string path_;
  const ViciClientEvents events_;
  const ViciTimes times_;
  boost::asio::steady_timer retry_;
  std::shared_ptr<ViciConnection> commands_;
  std::shared_ptr<ViciConnection> news_;
  std::vector<vici::Section> listed_;  ///< By the list-sas that is under way.
  std::string version_;
  std::chrono::milliseconds pause_{};  ///< The last one after trouble.
  std::chrono::steady_clock::time_point up_since_;
  bool up_ = false;
  /// While started. A handler that was queued before stop() finds it gone.
  std::shared_ptr<bool> running_;
};

}  // namespace rsip::agent
