#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

/// The part of pcapng (draft-ietf-opsawg-pcapng) that a capture needs: one section with a comment,
/// several interfaces, packets with times in nanoseconds. Blocks are in this machine's byte order,
/// which the section header tells.
namespace rsip::cli::trace {

/// Link types of https://www.tcpdump.org/linktypes.html
inline constexpr std::uint16_t kLinkEthernet = 1;
inline constexpr std::uint16_t kLinkRaw = 101;  ///< IP without anything before it

struct CapturedPacket {
  std::uint32_t interface = 0;  ///< In the order of add_interface().
  std::uint64_t time_ns = 0;    ///< Since 1970.
  std::uint32_t length = 0;     ///< On the wire; more than there are bytes if it was cut.
  std::span<const std::uint8_t> bytes;
};

/// Writes blocks as they come.
class PcapngWriter {
 public:
  /// Begins with the section header.
  ///
  /// application   "rsipctl 0.1.0"
  /// comment       shown in the properties of the file
  PcapngWriter(std::ostream& out, const std::string& application, const std::string& comment);

  /// To be called for all of them before the first packet.
  ///
  /// link_type   of its packets
  /// snap        bytes of a packet that are kept at most
  /// filter      that was used, as text; may be empty
  void add_interface(const std::string& name, std::uint16_t link_type, std::uint32_t snap,
                     const std::string& filter);
  void add_packet(const CapturedPacket& packet);

 private:
  std::ostream& out_;
};

}  // namespace rsip::cli::trace
