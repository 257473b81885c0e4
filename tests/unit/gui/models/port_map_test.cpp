#include "gui/models/port_map.h"

#include <gmock/gmock.h>

using namespace rsip;
using namespace rsip::gui;

namespace {

ipc::Ports leased(std::uint16_t count) {
  ipc::Ports ports;
  for (std::uint16_t i = 0; i < count; ++i) {
    ports.ports.push_back({.port = std::uint16_t(5000 + i), .bind = 3, .use = "free"});
  }
  return ports;
}

}  // namespace

TEST(PortMap, HasACellForEachPortWhenThereAreFew) {
  ipc::Ports ports = leased(32);
  ports.ports[4].use = "in_use";
  ports.ports[4].flows = 2;
  ports.ports[5].use = "resting";
  const PortMap map(ports);
  ASSERT_EQ(map.cells().size(), 32U);
  EXPECT_EQ(map.cells()[4].use, PortUse::kInUse);
  EXPECT_EQ(map.cells()[4].first, 5004);
  EXPECT_EQ(map.count(PortUse::kResting), 1U);
  EXPECT_EQ(map.words(), QStringLiteral("2 of 32 in use"));
}

TEST(PortMap, PutsSeveralPortsInACellWhenThereAreMany) {
  ipc::Ports ports = leased(4096);
  ports.ports[5].use = "listening";
  ports.ports[6].use = "in_use";
  const PortMap map(ports);
  ASSERT_EQ(map.cells().size(), 1024U);
  EXPECT_EQ(map.cells()[1].first, 5004);
  EXPECT_EQ(map.cells()[1].last, 5007);
  EXPECT_EQ(map.cells()[1].taken, 2U);
  EXPECT_EQ(map.cells()[1].use, PortUse::kListening) << "the busiest decides";
}

TEST(PortMap, SaysWhatACellIs) {
  ipc::Ports ports = leased(1);
  EXPECT_EQ(PortMap::words(PortMap(ports).cells()[0]), QStringLiteral("Port 5000: Free (lease 3)"));
  ports.ports[0].use = "in_use";
  ports.ports[0].flows = 2;
  EXPECT_THAT(PortMap::words(PortMap(ports).cells()[0]).toStdString(),
              testing::StartsWith("Port 5000: in use by 2 flow"));
}

TEST(PortMap, IsEmptyWithoutALease) {
  EXPECT_TRUE(PortMap(ipc::Ports{}).cells().empty());
}
