#include "agent/app/remote_text.h"

#include <charconv>
#include <cstdint>

namespace rsip::agent {

Result<RemoteScope> parse_remote(const std::string& text) {
  if (text.empty()) return RemoteScope{};
  const auto colon = text.find(':');
  const auto address = Ipv4Address::parse(text.substr(0, colon));
  if (!address) return tl::unexpected(Error{ErrorKind::kUsage, address.error().message, ""});
  RemoteScope scope{*address, std::nullopt};
  if (colon == std::string::npos) return scope;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || parsed != end || port == 0) {
    return fail(ErrorKind::kUsage, text + " has no port after its colon",
                "for example " + text.substr(0, colon) + ":5000");
  }
  scope.port = port;
  return scope;
}

}  // namespace rsip::agent
