#include "common/rsip/split.h"

#include <algorithm>

#include "common/base/bytes.h"

namespace rsip::msg {
namespace {

bool fail_at(Split& out, ErrorCode code, std::size_t offset, std::string_view detail) {
  out.error.code = code;
  out.error.offset = offset;
  out.error.detail = detail;
  return false;
}

bool check_header(Bytes message, Split& out) {
  // Before the length: another version may well have another header.
  if (!message.empty() && message[0] != kVersion) {
    return fail_at(out, ErrorCode::kUnsupportedRsipVersion, 0, "version: not 1");
  }
  if (message.size() < kHeaderBytes) {
    return fail_at(out, ErrorCode::kBadMessage, message.size(), "header: cut short");
  }
  const std::size_t overall = ByteReader(message.subspan(2)).u16();
  if (overall < kHeaderBytes) {
    return fail_at(out, ErrorCode::kBadMessage, 2, "overall length: under 4");
  }
  if (overall == message.size()) return true;
  return fail_at(
      out, ErrorCode::kBadMessage, std::min(overall, message.size()),
      overall > message.size() ? "overall length: more than there is" : "bytes after the message");
}

template <class Id>
void keep_first(Bytes value, std::optional<Id>& id) {
  Id read_id{};
  if (!id && !read(value, read_id, Role::kPlain)) id = read_id;
}

/// For the answer, so a malformed one is no fault here.
void note_identifier(const Parameter& p, Split& out) {
  const Bytes value = out.value(p);
  if (p.type == ParameterType::kClientId) keep_first(value, out.error.client);
  if (p.type == ParameterType::kBindId) keep_first(value, out.error.bind);
  if (p.type == ParameterType::kMessageCounter) keep_first(value, out.error.counter);
}

bool is_private(const Parameter& p) {
  return static_cast<std::uint8_t>(p.type) >= kFirstPrivateType;
}

bool is_vendor(const Parameter& p) {
  return p.type == ParameterType::kVendorSpecific;
}

bool keep_extension(const Parameter& p, Split& out) {
  const Bytes value = out.value(p);
  if (is_private(p)) {
    out.trailer.private_use.push_back(
        {static_cast<std::uint8_t>(p.type), {value.begin(), value.end()}});
    return true;
  }
  const auto fault = read(value, out.trailer.vendor.emplace_back(), Role::kPlain);
  return !fault || fail_at(out, fault->code, p.offset + fault->at, fault->detail);
}

/// Moves the extensions to the trailer. They may stand anywhere, since a receiver that does not
/// know them ignores them (RFC 3103 section 8.12).
bool take_extensions(Split& out) {
  auto& all = out.parameters;
  // Counted first: their structs are larger than their least bytes, so no room to spare.
  out.trailer.private_use.reserve(std::count_if(all.begin(), all.end(), is_private));
  out.trailer.vendor.reserve(std::count_if(all.begin(), all.end(), is_vendor));
  const auto is_extension = [](const Parameter& p) { return is_private(p) || is_vendor(p); };
  for (const Parameter& p : all) {
    if (is_extension(p) && !keep_extension(p, out)) return false;
  }
  all.erase(std::remove_if(all.begin(), all.end(), is_extension), all.end());
  return true;
}

}  // namespace

bool split(Bytes message, Split& out) {
  out.message = message;
  if (!check_header(message, out)) return false;
  out.parameters.reserve(message.size() / kValueAt);
  ByteReader reader(message);
  reader.bytes(kHeaderBytes);
  while (reader.remaining() > 0) {
    Parameter p;
    p.offset = static_cast<std::uint16_t>(reader.offset());
    p.type = static_cast<ParameterType>(reader.u8());
    p.length = reader.u16();
    if (!reader.ok()) {
      return fail_at(out, ErrorCode::kBadMessage, p.offset, "parameter: cut short");
    }
    reader.bytes(p.length);
    if (!reader.ok()) {
      return fail_at(out, ErrorCode::kBadMessage, p.offset + kLengthAt,
                     "parameter: longer than the message");
    }
    out.parameters.push_back(p);
    note_identifier(p, out);
  }
  return take_extensions(out);
}

}  // namespace rsip::msg
