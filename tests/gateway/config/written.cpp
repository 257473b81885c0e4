#include "tests/gateway/config/written.h"

#include <charconv>

namespace rsip::gateway {
namespace {

/// Reads a number that may be hexadecimal, "0x1000"; errors as std::from_chars.
std::from_chars_result read_number(const char* at, const char* past, std::uint32_t& number) {
  const bool hex = past - at > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
  return hex ? std::from_chars(at + 2, past, number, 16) : std::from_chars(at, past, number);
}

}  // namespace

Result<WrittenRange> WrittenRange::parse(std::string_view text) {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  const char* const past = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), past, first);
  last = first;
  if (error == std::errc{} && end != past && *end == '-') {
    const auto second = std::from_chars(end + 1, past, last);
    end = second.ptr;
    error = second.ec;
  }
  if (error != std::errc{} || end != past || first < 1 || last < first || last > 65535) {
    return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' is not a range of ports",
                "allowed: within 1-65535, for example \"1024-65535\"");
  }
  return WrittenRange{
      {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last - first + 1)}};
}

Result<WrittenSpis> WrittenSpis::parse(std::string_view text) {
  std::uint32_t first = 0;
  const char* const past = text.data() + text.size();
  auto [end, error] = read_number(text.data(), past, first);
  std::uint32_t last = first;
  if (error == std::errc{} && end != past && *end == '-') {
    const auto second = read_number(end + 1, past, last);
    end = second.ptr;
    error = second.ec;
  }
  if (error != std::errc{} || end != past || first < kFirstSpi || last < first) {
    return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' is not a range of SPIs",
                "allowed: within 0x100-0xffffffff, for example \"0x1000-0xffffffff\"");
  }
  return WrittenSpis{{first, last - first + 1}};
}

Result<WrittenTunnel> WrittenTunnel::parse(std::string_view text) {
  for (const auto type : {msg::TunnelType::kIpIp, msg::TunnelType::kGre, msg::TunnelType::kL2tp}) {
    if (text == msg::to_string(type)) return WrittenTunnel{type};
  }
  return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' is not a tunnel type",
              "allowed: ip-ip, gre, l2tp");
}

}  // namespace rsip::gateway
