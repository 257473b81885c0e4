#include "common/rsip/messages.h"

#include <set>

#include <gtest/gtest.h>

namespace rsip::msg {
namespace {

TEST(Messages, KnowTheirWireType) {
  EXPECT_EQ(type_of(ErrorResponse{}), MessageType::kErrorResponse);
  EXPECT_EQ(type_of(AssignRequestRsapIp{}), MessageType::kAssignRequestRsapIp);
  EXPECT_EQ(type_of(FreeResponse{}), MessageType::kFreeResponse);
  EXPECT_EQ(type_of(ListenResponse{}), MessageType::kListenResponse);
  EXPECT_EQ(type_of(AssignResponseRsipsec{}), MessageType::kAssignResponseRsipsec);
}

TEST(Messages, ExistForEveryAssignedWireTypeAndNoOther) {
  std::set<std::size_t> alternatives;
  for (int type = 0; type <= 255; ++type) {
    const auto message = blank_message(static_cast<std::uint8_t>(type));
    const bool assigned = (type >= 1 && type <= 17) || type == 22 || type == 23;
    ASSERT_EQ(message.has_value(), assigned) << type;
    if (!message) continue;
    EXPECT_EQ(static_cast<int>(type_of(*message)), type);
    alternatives.insert(message->index());
  }
  EXPECT_EQ(alternatives.size(), std::variant_size_v<Message>);
}

// H-092: an unknown error is an error
TEST(ErrorResponse, KeepsANumberThatNoTableKnows) {
  EXPECT_EQ(ErrorResponse{}.code(), ErrorCode::kUnknownError);
  const ErrorResponse later{999, {}, {}, {}};
  EXPECT_EQ(static_cast<int>(later.code()), 999);
}

}  // namespace
}  // namespace rsip::msg
