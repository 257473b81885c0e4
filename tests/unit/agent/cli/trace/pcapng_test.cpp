#include "agent/cli/trace/pcapng.h"

#include <array>
#include <sstream>

#include <gtest/gtest.h>

namespace rsip::cli::trace {
namespace {

// Typed by hand from sections 4.1 to 4.3 of draft-ietf-opsawg-pcapng, little-endian.
constexpr const char* kSection =
    "0a0d0d0a 38000000 4d3c2b1a 0100 0000"  // type, length 56, magic, version 1.0
    "ffffffff ffffffff"                     // the section's length is not known
    "0100 0500 686f74656c000000"            // comment: hotel
    "0400 0700 7273697063746c00"            // application: rsipctl
    "0000 0000 38000000";                   // end of options, length
constexpr const char* kInterface =
    "01000000 30000000 0100 0000 ffff0000"  // type, length 48, Ethernet, 65535 bytes at most
    "0200 0400 65746830"                    // name: eth0
    "0900 0100 09000000"                    // nanoseconds
    "0b00 0300 00697000"                    // filter: ip, as libpcap understands it
    "0000 0000 30000000";
constexpr const char* kPacket =
    "06000000 28000000 01000000"          // type, length 40, second interface
    "02000000 01000000"                   // time: 2 * 2^32 + 1 ns
    "05000000 dc050000 aabbccddee000000"  // 5 bytes of 1500, filled up
    "28000000";

std::string bytes_of(const std::string& typed) {
  std::string bytes;
  std::string digits;
  for (const char c : typed) {
    if (c != ' ') digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

TEST(Pcapng, IsWrittenAsTheDraftSays) {
  std::ostringstream out;
  PcapngWriter writer(out, "rsipctl", "hotel");
  EXPECT_EQ(out.str(), bytes_of(kSection));
  out.str("");
  writer.add_interface("eth0", kLinkEthernet, 65535, "ip");
  EXPECT_EQ(out.str(), bytes_of(kInterface));
  out.str("");
  const std::array<std::uint8_t, 5> bytes = {0xAA, 0xBB, 0xCC, 0xDD, 0xEE};
  writer.add_packet({1, (std::uint64_t{2} << 32) + 1, 1500, bytes});
  EXPECT_EQ(out.str(), bytes_of(kPacket));
}

TEST(Pcapng, LeavesOutWhatIsEmpty) {
  std::ostringstream out;
  PcapngWriter writer(out, "", "");
  EXPECT_EQ(out.str().size(), 32U);
  writer.add_interface("rsip0", kLinkRaw, 65535, "");
  EXPECT_EQ(out.str().find('\x0b', 32), std::string::npos);
  EXPECT_EQ(out.str().size() % 4, 0U);
}

}  // namespace
}  // namespace rsip::cli::trace
