#include <type_traits>

#include "common/base/bytes.h"
#include "common/slp/codec.h"
#include "common/slp/layout.h"

namespace rsip::slp {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint16_t kOverflow = 0x8000;
constexpr std::uint16_t kFresh = 0x4000;
constexpr std::uint16_t kMulticast = 0x2000;
constexpr std::uint16_t kAnyAuthority = 0xFFFF;
constexpr std::size_t kLengthOffset = 3;  // the low 16 of the 24 bits

std::uint16_t flags_of(const Header& header) {
  return static_cast<std::uint16_t>((header.overflow ? kOverflow : 0) |
                                    (header.fresh ? kFresh : 0) |
                                    (header.multicast ? kMulticast : 0));
}

class Writer {
 public:
  void reserved_octet() { out_.u8(0); }
  void number(std::uint16_t value) { out_.u16(value); }
  void number(std::uint32_t value) { out_.u32(value); }
  void error(ErrorCode code) { out_.u16(static_cast<std::uint16_t>(code)); }
  void authentication_blocks() { out_.u8(0); }

  void text(const std::string& value) {
    ok_ = ok_ && value.size() < kAnyAuthority;
    out_.u16(static_cast<std::uint16_t>(value.size()));
    out_.bytes({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
  }

  void naming_authority(bool any, const std::string& value) {
    if (any) return out_.u16(kAnyAuthority);
    text(value);
  }

  void entries(const std::vector<UrlEntry>& all) {
    ok_ = ok_ && all.size() <= 0xFFFF;
    out_.u16(static_cast<std::uint16_t>(all.size()));
    for (const UrlEntry& entry : all) layout(*this, entry);
  }

  void header(Function function, const Header& header) {
    out_.u8(kVersion);
    out_.u8(static_cast<std::uint8_t>(function));
    out_.u8(0);
    out_.u16(0);  // length, known at the end
    out_.u16(flags_of(header));
    out_.u8(0);
    out_.u16(0);  // no extension
    out_.u16(header.xid);
    text(header.language);
  }

  Result<std::vector<std::uint8_t>> finish() {
    if (!ok_ || out_.size() > kMaxMessageBytes) {
      return fail(ErrorKind::kOther, "an SLP message is too long to be sent",
                  "use fewer or shorter scopes and attributes");
    }
    out_.patch_u16(kLengthOffset, static_cast<std::uint16_t>(out_.size()));
    return out_.take();
  }

 private:
  ByteWriter out_;
  bool ok_ = true;
};

}  // namespace

Function function_of(const Message& message) {
  return std::visit([](const auto& body) { return body.kFunction; }, message.body);
}

Result<std::vector<std::uint8_t>> encode(const Message& message) {
  Writer writer;
  writer.header(function_of(message), message.header);
  std::visit([&writer](const auto& body) { fields(writer, body, &body); }, message.body);
  return writer.finish();
}

}  // namespace rsip::slp
