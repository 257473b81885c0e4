#include <algorithm>

#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

struct Options {
  const char* name;
  int type;
  const char* required;
  std::vector<const char*> optional;
};

void PrintTo(const Options& row, std::ostream* out) {
  *out << row.name;
}

const Options kOptions[] = {
    {"Error",
     1,
     "08 0002 0065",
     {"0b 0004 00000001", "04 0004 00000002", "05 0004 00000003", "0c 0004 0001 0002"}},
    {"RegisterResponse",
     3,
     "04 0004 00000001 03 0004 00000002 09 0002 0103",
     {"0b 0004 00000003", "07 0001 01", "06 0001 02", "f1 0001 04"}},
    {"AssignRequestRsaIp",
     6,
     "04 0004 00000001 01 0001 01 01 0001 01 02 0001 01",
     {"0b 0004 00000001", "03 0004 00000002", "06 0001 02", "0c 0004 0001 0002"}},
    {"AssignResponseRsaIp",
     7,
     "04 0004 00000001 05 0004 00000002 01 0001 01 01 0001 01 02 0001 01 03 0004 00000003"
     "06 0001 02",
     {"01 0005 01 0a010001", "0b 0004 00000001", "0c 0004 0001 0002", "f1 0000"}},
    {"AssignRequestRsapIp",
     8,
     "04 0004 00000001 01 0001 01 02 0001 04 01 0001 01 02 0001 01",
     {"0b 0004 00000001", "03 0004 00000002", "06 0001 02"}},
    {"AssignResponseRsapIp",
     9,
     "04 0004 00000001 05 0004 00000002 01 0001 01 02 0003 01 0050 01 0001 01 02 0001 01"
     "03 0004 00000003 06 0001 02",
     {"01 0005 01 0a010001", "0b 0004 00000001"}},
    {"ExtendRequest",
     10,
     "04 0004 00000001 05 0004 00000002",
     {"03 0004 00000003", "0b 0004 00000001", "ff 0001 00"}},
    {"QueryRequest",
     14,
     "04 0004 00000001",
     {"0b 0004 00000001", "0a 0002 0001 01 0005 01 0a010001",
      "0a 0002 0002 01 0005 01 0a000000 01 0005 02 ff000000"}},
    {"QueryResponse",
     15,
     "04 0004 00000001",
     {"0b 0004 00000001", "0a 0002 0001 01 0005 01 0a010001",
      "0a 0002 0002 01 0005 01 0a000000 01 0005 02 ff000000", "0a 0002 0003 01 0005 01 0a010001",
      "0a 0002 0004 01 0005 01 0a000000 01 0005 02 ff000000"}},
    {"ListenRequest",
     16,
     "04 0004 00000001 01 0001 01 02 0001 04 01 0001 01 02 0001 01",
     {"0b 0004 00000001", "03 0004 00000002", "06 0001 02"}},
    {"ListenResponse",
     17,
     "04 0004 00000001 05 0004 00000002 01 0001 01 02 0003 01 0050 01 0001 01 02 0001 01",
     {"06 0001 02", "03 0004 00000003"}},
    {"AssignRequestRsipsec",
     22,
     "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 0002 0001",
     {"0b 0004 00000001", "03 0004 00000002", "06 0001 02"}},
    {"AssignResponseRsipsec",
     23,
     "04 0004 00000001 05 0004 00000002 01 0001 01 02 0000 01 0001 01 02 0000"
     "16 0006 0001 00001000",
     {"03 0004 00000003", "06 0001 02"}},
};

class AnyOrder : public testing::TestWithParam<Options> {};

// H-101: all permutations
// tunnel type and lease time of a response in either order
TEST_P(AnyOrder, OfTheOptionalParametersIsTheSameMessage) {
  std::vector<std::size_t> order(GetParam().optional.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::optional<Message> first;
  do {
    std::string parameters = GetParam().required;
    for (const std::size_t i : order) parameters += GetParam().optional[i];
    const auto message = decode(message_of(GetParam().type, parameters));
    ASSERT_TRUE(message) << parameters << ": " << message.error().detail;
    if (!first) first = *message;
    EXPECT_TRUE(*message == *first) << parameters;
  } while (std::next_permutation(order.begin(), order.end()));
}

INSTANTIATE_TEST_SUITE_P(Decode, AnyOrder, testing::ValuesIn(kOptions),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace rsip::msg
