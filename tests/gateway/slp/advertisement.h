#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/slp/attributes.h"
#include "common/slp/codec.h"
#include "tests/gateway/slp/settings.h"

namespace rsip::gateway {

/// How a request has come, which decides what may be said to it.
enum class Heard { kMulticast, kDatagram, kStream };

/// What a service agent knows and how it answers (RFC 2608 section 7, RFC 3105 section 4). Pure:
/// requests in, replies out.
class Advertisement {
 public:
  explicit Advertisement(SlpAgentSettings settings);

  /// 0 (idle) to 100 (RFC 3105 section 7); other values are brought into that range.
  void set_load(int load);
  [[nodiscard]] std::optional<int> load() const { return load_; }

  /// The reply to a message's bytes; none if nothing is to be said: to replies and
  /// advertisements, to multicast that has been answered before, does not concern us, or is wrong.
  /// A datagram is at most max_datagram long; what does not fit is left out, and the overflow flag
  /// says so.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> answer(std::span<const std::uint8_t> bytes,
                                                                Heard heard) const;

  /// What a directory agent is told (RFC 2608 sections 8.3 and 10.6).
  [[nodiscard]] slp::ServiceRegistration registration() const;
  [[nodiscard]] slp::ServiceDeregistration deregistration() const;
  [[nodiscard]] const std::string& scopes() const { return scopes_; }

 private:
  using Reply = std::optional<slp::Body>;

  [[nodiscard]] Reply reply(const slp::Body& request) const;
  [[nodiscard]] Reply reply_to(const slp::ServiceRequest& request) const;
  [[nodiscard]] Reply reply_to(const slp::AttributeRequest& request) const;
  [[nodiscard]] Reply reply_to(const slp::ServiceTypeRequest& request) const;
  [[nodiscard]] Reply reply_to(const slp::ServiceRegistration& request) const;
  [[nodiscard]] Reply reply_to(const slp::ServiceDeregistration& request) const;
  [[nodiscard]] slp::ErrorCode find_service(const slp::ServiceRequest& request, bool& found) const;
  [[nodiscard]] Reply describe_agent(const slp::ServiceRequest& request) const;
  [[nodiscard]] bool is_ours(const std::string& url_or_type) const;
  [[nodiscard]] bool has_answered(const std::string& responders) const;
  [[nodiscard]] slp::AttributeList attributes() const;

  SlpAgentSettings settings_;
  std::string scopes_;
  slp::ServiceUrl url_;
  std::optional<int> load_;
};

}  // namespace rsip::gateway
