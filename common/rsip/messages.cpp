#include "common/rsip/messages.h"

namespace rsip::msg {
namespace {

/// In the order of the alternatives of Message.
constexpr std::array<MessageType, std::variant_size_v<Message>> kTypes = {
    MessageType::kErrorResponse,        MessageType::kRegisterRequest,
    MessageType::kRegisterResponse,     MessageType::kDeRegisterRequest,
    MessageType::kDeRegisterResponse,   MessageType::kAssignRequestRsaIp,
    MessageType::kAssignResponseRsaIp,  MessageType::kAssignRequestRsapIp,
    MessageType::kAssignResponseRsapIp, MessageType::kExtendRequest,
    MessageType::kExtendResponse,       MessageType::kFreeRequest,
    MessageType::kFreeResponse,         MessageType::kQueryRequest,
    MessageType::kQueryResponse,        MessageType::kListenRequest,
    MessageType::kListenResponse,       MessageType::kAssignRequestRsipsec,
    MessageType::kAssignResponseRsipsec};

template <std::size_t Index = 0>
std::optional<Message> blank_from(std::uint8_t wire_type) {
  if constexpr (Index < kTypes.size()) {
    if (static_cast<std::uint8_t>(kTypes[Index]) != wire_type) {
      return blank_from<Index + 1>(wire_type);
    }
    return Message(std::in_place_index<Index>);
  } else {
    return std::nullopt;
  }
}

}  // namespace

MessageType type_of(const Message& message) {
  return kTypes[message.index()];
}

std::optional<Message> blank_message(std::uint8_t wire_type) {
  return blank_from(wire_type);
}

}  // namespace rsip::msg
