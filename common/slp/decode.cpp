#include <algorithm>
#include <array>
#include <utility>

#include "common/base/bytes.h"
#include "common/slp/codec.h"
#include "common/slp/layout.h"

namespace rsip::slp {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kHeaderBytes = 14;  // without the language tag
constexpr std::size_t kMinBlockBytes = 10;
constexpr std::uint16_t kAnyAuthority = 0xFFFF;

std::uint32_t u24(ByteReader& in) {
  const std::uint32_t high = in.u8();
  return high << 16 | in.u16();
}

/// Reads fields. After the end of the bytes texts are empty and numbers zero; ok() tells.
class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, bool truncated) : in_(bytes), truncated_(truncated) {}

  [[nodiscard]] bool ok() const { return in_.ok(); }
  void reserved_octet() { in_.u8(); }
  void number(std::uint16_t& value) { value = in_.u16(); }
  void number(std::uint32_t& value) { value = in_.u32(); }
  void error(ErrorCode& code) { code = static_cast<ErrorCode>(in_.u16()); }

  void text(std::string& value) { value = take(in_.u16()); }

  void naming_authority(bool& any, std::string& value) {
    const std::uint16_t length = in_.u16();
    any = length == kAnyAuthority;
    if (!any) value = take(length);
  }

  void authentication_blocks() {
    for (int left = in_.u8(); left > 0 && in_.ok(); --left) skip_block();
  }

  // Nothing is reserved for the count: it may lie, and each entry needs bytes.
  void entries(std::vector<UrlEntry>& all) {
    for (int left = in_.u16(); left > 0 && in_.ok(); --left) {
      UrlEntry entry;
      layout(*this, entry);
      if (in_.ok()) all.push_back(std::move(entry));
    }
  }

  /// An error code alone may be all there is: the rest of a reply may then be left out.
  [[nodiscard]] bool complete_enough(ErrorCode error) const {
    return in_.ok() || truncated_ || error != ErrorCode::kNone;
  }

 private:
  std::string take(std::size_t length) {
    const auto view = in_.bytes(length);
    return {view.begin(), view.end()};
  }

  // Block structure descriptor, length of the whole block, the rest (section 9.2).
  void skip_block() {
    in_.u16();
    const std::size_t length = in_.u16();
    in_.bytes(length < kMinBlockBytes ? in_.remaining() + 1 : length - 4);
  }

  ByteReader in_;
  bool truncated_;
};

template <class T>
ErrorCode error_of(const T& body) {
  if constexpr (requires { body.error; }) return body.error;
  return ErrorCode::kNone;
}

template <class T>
std::optional<Body> read_as(std::span<const std::uint8_t> bytes, bool overflow) {
  constexpr bool kIsReply = requires(T body) { body.error; };
  Reader reader(bytes, overflow && kIsReply);
  T body;
  fields(reader, body, &body);
  const bool no_error_code = kIsReply && bytes.size() < 2;
  if (no_error_code || !reader.complete_enough(error_of(body))) return std::nullopt;
  return body;
}

using ReadBody = std::optional<Body> (*)(std::span<const std::uint8_t>, bool);

template <class... T>
constexpr std::array<ReadBody, sizeof...(T)> readers_of(const std::variant<T...>* /*type*/) {
  return {&read_as<T>...};
}

// The alternatives of Body stand in the order of their function numbers, from 1.
constexpr auto kReaders = readers_of(static_cast<const Body*>(nullptr));

template <std::size_t... I>
constexpr bool in_order(std::index_sequence<I...> /*indices*/) {
  return ((static_cast<std::size_t>(std::variant_alternative_t<I, Body>::kFunction) == I + 1) &&
          ...);
}
static_assert(in_order(std::make_index_sequence<std::variant_size_v<Body>>()));

tl::unexpected<DecodeError> refuse(DecodeError& error, ErrorCode code, std::string why) {
  error.code = code;
  error.message = std::move(why);
  return tl::unexpected(std::move(error));
}

/// False if an extension must be understood, which we do not, or the chain leads nowhere. Each
/// extension lies behind the one before it, so that the walk ends.
bool extensions_harmless(std::span<const std::uint8_t> bytes, std::size_t offset) {
  std::size_t last = 0;
  while (offset != 0) {
    if (offset <= last || offset < kHeaderBytes || offset >= bytes.size()) return false;
    ByteReader in(bytes.subspan(offset));
    const std::uint16_t id = in.u16();
    last = offset;
    offset = u24(in);
    if (!in.ok() || (id >= 0x4000 && id <= 0x7FFF)) return false;
  }
  return true;
}

struct Prefix {
  std::uint8_t version = 0;
  std::uint8_t function = 0;
  std::size_t length = 0;
  std::size_t extension = 0;
  std::size_t body_offset = 0;
};

Prefix read_prefix(std::span<const std::uint8_t> bytes, Header& header) {
  ByteReader in(bytes);
  Prefix prefix;
  prefix.version = in.u8();
  prefix.function = in.u8();
  prefix.length = u24(in);
  const std::uint16_t flags = in.u16();
  header.overflow = (flags & 0x8000) != 0;
  header.fresh = (flags & 0x4000) != 0;
  header.multicast = (flags & 0x2000) != 0;
  prefix.extension = u24(in);
  header.xid = in.u16();
  const auto language = in.bytes(in.u16());
  header.language.assign(language.begin(), language.end());
  prefix.body_offset = in.ok() ? in.offset() : 0;
  return prefix;
}

}  // namespace

Result<Message, DecodeError> decode(std::span<const std::uint8_t> bytes) {
  DecodeError error;
  const Prefix prefix = read_prefix(bytes, error.header);
  const bool known = prefix.function >= 1 && prefix.function <= kReaders.size();
  if (known) error.function = static_cast<Function>(prefix.function);
  if (bytes.empty() || prefix.version != kVersion) {
    return refuse(error, ErrorCode::kVersionNotSupported, "not version 2 of SLP");
  }
  if (prefix.body_offset == 0) {
    return refuse(error, ErrorCode::kParseError, "the header is cut off");
  }
  if (prefix.length < prefix.body_offset ||
      (prefix.length != bytes.size() && !error.header.overflow)) {
    return refuse(error, ErrorCode::kParseError, "the length field is wrong");
  }
  if (!known) {
    return refuse(error, ErrorCode::kMessageNotSupported,
                  "unknown function " + std::to_string(prefix.function));
  }
  std::size_t end = bytes.size();
  if (!error.header.overflow && prefix.extension != 0) {
    if (!extensions_harmless(bytes, prefix.extension)) {
      return refuse(error, ErrorCode::kOptionNotUnderstood, "an extension is not understood");
    }
    end = std::max(prefix.extension, prefix.body_offset);
  }
  auto body = kReaders.at(prefix.function - 1U)(
      bytes.subspan(prefix.body_offset, end - prefix.body_offset), error.header.overflow);
  if (!body) return refuse(error, ErrorCode::kParseError, "the message is cut off");
  return Message{error.header, std::move(*body)};
}

Result<std::optional<std::size_t>> message_length(std::span<const std::uint8_t> bytes) {
  if (!bytes.empty() && bytes[0] != kVersion) {
    return fail(ErrorKind::kProtocol, "not version 2 of SLP");
  }
  if (bytes.size() < 5) return std::nullopt;
  ByteReader in(bytes.subspan(2));
  const std::size_t length = u24(in);
  if (length < kHeaderBytes || length > kMaxMessageBytes) {
    return fail(ErrorKind::kProtocol, "an SLP message of " + std::to_string(length) + " bytes");
  }
  return length;
}

}  // namespace rsip::slp
