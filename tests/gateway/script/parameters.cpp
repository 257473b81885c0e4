#include "tests/gateway/script/parameters.h"

#include <algorithm>

#include "common/base/bytes.h"

namespace rsip::gateway::script {
namespace {

constexpr std::size_t kParameterHeader = 3;
constexpr std::size_t kLengthAt = 2;  ///< Of the overall length, from the start of the message.

struct Parameter {
  std::uint8_t type = 0;
  Bytes value;
};

std::vector<Parameter> split(std::span<const std::uint8_t> message) {
  std::vector<Parameter> all;
  std::size_t at = std::min(msg::kHeaderBytes, message.size());
  while (message.size() - at >= kParameterHeader) {
    const std::size_t length = static_cast<std::size_t>(message[at + 1] << 8 | message[at + 2]);
    const std::size_t from = at + kParameterHeader;
    if (message.size() - from < length) break;
    const auto value = message.subspan(from, length);
    all.push_back({message[at], Bytes(value.begin(), value.end())});
    at = from + length;
  }
  return all;
}

std::size_t size_of(const std::vector<Parameter>& parameters) {
  std::size_t size = msg::kHeaderBytes;
  for (const Parameter& one : parameters) size += kParameterHeader + one.value.size();
  return size;
}

void apply(std::vector<Parameter>& parameters, const Patch& patch) {
  std::uint32_t seen = 0;
  const auto found = std::ranges::find_if(parameters, [&](const Parameter& one) {
    return one.type == patch.type && ++seen == patch.nth;
  });
  if (found == parameters.end()) {
    if (patch.add && patch.value) parameters.push_back({patch.type, *patch.value});
  } else if (patch.value) {
    found->value = *patch.value;
  } else {
    parameters.erase(found);
  }
}

void put_u16(Bytes& bytes, std::size_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

Bytes patched(std::span<const std::uint8_t> message, std::span<const Patch> patches) {
  std::vector<Parameter> parameters = split(message);
  for (const Patch& patch : patches) {
    std::vector<Parameter> changed = parameters;
    apply(changed, patch);
    if (size_of(changed) <= msg::kMaxMessageBytes) parameters = std::move(changed);
  }
  Bytes bytes(message.begin(), message.begin() + kLengthAt);
  put_u16(bytes, size_of(parameters));
  for (const Parameter& one : parameters) {
    bytes.push_back(one.type);
    put_u16(bytes, one.value.size());
    bytes.insert(bytes.end(), one.value.begin(), one.value.end());
  }
  return bytes;
}

}  // namespace rsip::gateway::script
