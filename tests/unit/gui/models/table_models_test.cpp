#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <gmock/gmock.h>

#include "gui/models/doctor_model.h"
#include "gui/models/flow_table_model.h"
#include "gui/models/gateway_table_model.h"
#include "gui/models/lease_table_model.h"
#include "gui/models/log_model.h"
#include "gui/models/sa_table_model.h"

using namespace rsip;
using namespace rsip::gui;

namespace {

QString shown(const QAbstractItemModel& model, int row, int column) {
  return model.index(row, column).data().toString();
}

ipc::Status twoLeases() {
  ipc::Status status;
  status.gateways.push_back({.name = "hotel"});
  status.gateways[0].leases = {{.bind = 1,
                                .address = "192.0.2.7",
                                .ports = {{.first = 5000, .last = 5031}},
                                .ports_in_use = 9,
                                .expires_in_seconds = 600,
                                .granted_seconds = 1200},
                               {.bind = 2, .address = "192.0.2.7", .expires_in_seconds = 60}};
  return status;
}

ipc::FlowStatus flow(std::uint16_t port, std::uint64_t sent = 0) {
  return {.gateway = "hotel",
          .protocol = "tcp",
          .public_address = "192.0.2.7",
          .public_port = port,
          .local_port = port,
          .remote_address = "198.51.100.7",
          .remote_port = 22,
          .state = "established",
          .sent_bytes = sent,
          .program = "ssh"};
}

struct LeaseTable : testing::Test {
  std::uint32_t passed = 0;
  LeaseTableModel model{[this](const std::string&, std::uint32_t seconds) {
    return seconds > passed ? seconds - passed : 0;
  }};
  QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

}  // namespace

TEST_F(LeaseTable, ShowsEachBind) {
  model.setStatus(twoLeases());
  ASSERT_EQ(model.rowCount(), 2);
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kHolding), "5000-5031");
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kInUse), "9 of 32");
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kState), "In use");
  EXPECT_EQ(shown(model, 1, LeaseTableModel::kKind), "Whole address");
}

TEST_F(LeaseTable, CountsDownWithoutANewSnapshot) {
  model.setStatus(twoLeases());
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kEnds), "10 min");
  QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
  passed = 300;
  model.tick();
  EXPECT_EQ(changed.count(), 1);
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kEnds), "5 min");
  EXPECT_DOUBLE_EQ(model.index(0, LeaseTableModel::kEnds).data(kLeftRole).toDouble(), 0.25);
  EXPECT_EQ(shown(model, 1, LeaseTableModel::kEnds), "0 s") << "never below nothing";
}

TEST_F(LeaseTable, KeepsASelectionThroughANewSnapshot) {
  model.setStatus(twoLeases());
  const QPersistentModelIndex second = model.index(1, 0);
  QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
  ipc::Status status = twoLeases();
  status.gateways[0].leases.erase(status.gateways[0].leases.begin());
  status.gateways[0].leases[0].held = true;
  model.setStatus(status);
  EXPECT_EQ(reset.count(), 0);
  ASSERT_TRUE(second.isValid());
  EXPECT_EQ(second.row(), 0);
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kState), "Held");
}

TEST_F(LeaseTable, IsQuietIfNothingChanged) {
  model.setStatus(twoLeases());
  QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
  model.setStatus(twoLeases());
  EXPECT_EQ(changed.count(), 0);
}

TEST_F(LeaseTable, MarksALeaseThatWasNotRenewed) {
  ipc::Status status = twoLeases();
  status.gateways[0].leases[0].history = {{.what = "failed", .detail = "no answer"}};
  model.setStatus(status);
  EXPECT_TRUE(model.index(0, LeaseTableModel::kState).data(kFaultRole).toBool());
  EXPECT_EQ(shown(model, 0, LeaseTableModel::kLast), "Not renewed: no answer");
}

TEST(FlowTable, TakesThousandsOfFlowsInNoTimeAndSorted) {
  FlowTableModel model;
  QSortFilterProxyModel proxy;
  proxy.setSourceModel(&model);
  proxy.setSortRole(kSortRole);
  proxy.sort(FlowTableModel::kUp, Qt::DescendingOrder);
  std::vector<ipc::FlowStatus> flows;
  for (int i = 0; i < 4096; ++i) flows.push_back(flow(std::uint16_t(1024 + i), std::uint64_t(i)));
  model.setRows(flows);
  QElapsedTimer clock;
  clock.start();
  for (int i = 0; i < 4096; i += 3) flows[std::size_t(i)].sent_bytes += 100'000;
  flows.erase(flows.begin(), flows.begin() + 100);
  model.setRows(flows);
  EXPECT_EQ(proxy.rowCount(), 3996);
  EXPECT_LT(clock.elapsed(), 1000) << "a poll a second has to leave time for the user";
  EXPECT_GE(proxy.index(0, 0).data().toString(), "ssh");
}

TEST(FlowTable, FindsTextAnywhereInARow) {
  FlowTableModel model;
  model.setRows({flow(5004)});
  EXPECT_TRUE(model.index(0, 0).data(kFilterRole).toString().contains("192.0.2.7:5004"));
  EXPECT_TRUE(model.index(0, 0).data(kFilterRole).toString().contains("ssh"));
  EXPECT_EQ(flowText(flow(5004)), "ssh to 198.51.100.7:22");
}

TEST(GatewayTable, MarksATroubledGateway) {
  GatewayTableModel model;
  ipc::GatewayStatus gateway{.name = "hotel", .state = "connecting"};
  gateway.problem = ipc::ProblemStatus{.message = "cannot reach gateway"};
  model.setRows({gateway});
  EXPECT_TRUE(model.index(0, GatewayTableModel::kState).data(kFaultRole).toBool());
  EXPECT_EQ(model.index(0, 0).data(Qt::ToolTipRole).toString(), "cannot reach gateway");
  EXPECT_EQ(shown(model, 0, GatewayTableModel::kAddress), "not found yet");
}

TEST(SaTable, HoldsLeasedSpisAgainstAssociations) {
  SaTableModel model;
  ipc::IpsecStatus status;
  status.spis = {{.spi = "0x00001000", .bind = 4, .use = "in_use"},
                 {.spi = "0x00001001", .bind = 4, .use = "free"}};
  status.associations = {{.protocol = "esp", .spi = "0x00001000", .inbound = true, .bind = 4},
                         {.protocol = "esp",
                          .spi = "0xc0000001",
                          .inbound = true,
                          .fault = "its SPI is not leased",
                          .remedy = "swanctl --rekey"},
                         {.protocol = "esp", .spi = "0x00009999"}};
  model.setStatus(status);
  ASSERT_EQ(model.rowCount(), 4);
  EXPECT_EQ(model.faults(), 1);
  EXPECT_EQ(shown(model, 0, SaTableModel::kLeased), "Leased, in use");
  EXPECT_EQ(shown(model, 1, SaTableModel::kLeased), "Not leased");
  EXPECT_TRUE(model.index(1, 0).data(kFaultRole).toBool());
  EXPECT_EQ(model.index(1, 0).data(Qt::ToolTipRole).toString(), "swanctl --rekey");
  EXPECT_EQ(shown(model, 2, SaTableModel::kLeased), "The peer's");
  EXPECT_EQ(shown(model, 3, SaTableModel::kWay), "no association");
}

TEST(DoctorTable, SortsTheWorstFirst) {
  DoctorModel model;
  QSortFilterProxyModel proxy;
  proxy.setSourceModel(&model);
  proxy.setSortRole(kSortRole);
  proxy.sort(DoctorModel::kVerdict);
  model.setReport({"fail",
                   {{.id = "socket", .verdict = "ok", .what = "the agent answers"},
                    {.id = "mtu", .verdict = "fail", .what = "packets fit"},
                    {.id = "rp_filter", .verdict = "warn"}}});
  EXPECT_EQ(proxy.index(0, DoctorModel::kWhat).data().toString(), "packets fit");
  EXPECT_EQ(proxy.index(2, DoctorModel::kWhat).data().toString(), "the agent answers");
  EXPECT_EQ(model.summary(), "Failed: 1, warnings: 1, fine: 1, not looked at: 0");
}

TEST(LogTable, DropsOldLinesWhenThereAreTooMany) {
  LogModel model;
  for (std::size_t i = 0; i <= kLogLines; ++i) {
    model.add({.time = "2026-11-24T13:00:00Z", .level = "warn", .text = std::to_string(i)});
  }
  EXPECT_LE(model.rowCount(), int(kLogLines));
  EXPECT_EQ(shown(model, model.rowCount() - 1, LogModel::kText), QString::number(kLogLines));
  EXPECT_EQ(model.index(0, 0).data(kLevelRole).toInt(), 3);
}
