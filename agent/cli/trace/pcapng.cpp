#include "agent/cli/trace/pcapng.h"

#include <array>
#include <bit>
#include <ostream>

namespace rsip::cli::trace {
namespace {

// Block types and options, sections 4.1 to 4.3 of the draft.
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kSectionApplication = 4;
constexpr std::uint16_t kInterfaceName = 2;
constexpr std::uint16_t kInterfaceResolution = 9;
constexpr std::uint16_t kInterfaceFilter = 11;
constexpr char kNanoseconds = 9;  // 10^-9 s

constexpr std::size_t padding_of(std::size_t size) {
  return (4 - size % 4) % 4;
}

/// One block: type, length, body, length again.
class Block {
 public:
  explicit Block(std::uint32_t type) { put(type).put(std::uint32_t{0}); }

  template <class Number>
  Block& put(Number number) {
    const auto bytes = std::bit_cast<std::array<char, sizeof number>>(number);
    bytes_.append(bytes.data(), bytes.size());
    return *this;
  }
  Block& put_padded(const char* data, std::size_t size) {
    bytes_.append(data, size).append(padding_of(size), '\0');
    return *this;
  }
  Block& put_option(std::uint16_t code, const std::string& value) {
    if (value.empty()) return *this;
    const std::string cut = value.substr(0, UINT16_MAX);
    put(code).put(static_cast<std::uint16_t>(cut.size()));
    return put_padded(cut.data(), cut.size());
  }
  Block& end_options() { return put(std::uint32_t{0}); }

  void write_to(std::ostream& out) {
    const auto length = static_cast<std::uint32_t>(bytes_.size() + sizeof(std::uint32_t));
    const auto bytes = std::bit_cast<std::array<char, 4>>(length);
    bytes_.replace(4, bytes.size(), bytes.data(), bytes.size());
    put(length);
    out.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
  }

 private:
  std::string bytes_;
};

}  // namespace

PcapngWriter::PcapngWriter(std::ostream& out, const std::string& application,
                           const std::string& comment)
    : out_(out) {
  Block block(kSectionHeader);
  block.put(kByteOrderMagic).put(std::uint16_t{1}).put(std::uint16_t{0});
  block.put(std::int64_t{-1});  // the section's length is not known
  block.put_option(kComment, comment).put_option(kSectionApplication, application);
  block.end_options().write_to(out_);
}

// The filter's text begins with a byte that says what it is: 0, as libpcap understands it.
void PcapngWriter::add_interface(const std::string& name, std::uint16_t link_type,
                                 std::uint32_t snap, const std::string& filter) {
  Block block(kInterfaceDescription);
  block.put(link_type).put(std::uint16_t{0}).put(snap);
  block.put_option(kInterfaceName, name);
  block.put_option(kInterfaceResolution, std::string(1, kNanoseconds));
  if (!filter.empty()) block.put_option(kInterfaceFilter, std::string(1, '\0') + filter);
  block.end_options().write_to(out_);
}

void PcapngWriter::add_packet(const CapturedPacket& packet) {
  Block block(kEnhancedPacket);
  block.put(packet.interface);
  block.put(static_cast<std::uint32_t>(packet.time_ns >> 32));
  block.put(static_cast<std::uint32_t>(packet.time_ns));
  block.put(static_cast<std::uint32_t>(packet.bytes.size())).put(packet.length);
  block.put_padded(reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size());
  block.write_to(out_);
}

}  // namespace rsip::cli::trace
