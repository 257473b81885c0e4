#include <chrono>
#include <set>

#include <boost/asio/ip/udp.hpp>
#include <gtest/gtest.h>

#include "tests/unit/agent/ipsec/coordinator_fixture.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;
using Use = SpiReport::Use;
using fakes::FakeVici;

class CoordinatorCharonTest : public CoordinatorFixture {};

// H-212: charon takes its SPIs from the lease: spi_min and spi_max, reload-settings.
TEST_F(CoordinatorCharonTest, CharonIsToldFreeLeasedSpis) {
  start_in_step();
  EXPECT_NE(read_by_charon_.find("  spi_min = 0x00001000\n  spi_max = 0x00001003\n"),
            std::string::npos);
  EXPECT_EQ(use_of(0x1003), Use::kOffered);
  EXPECT_NE(read_by_charon_.find("  port = 40000\n  port_nat_t = 40001\n"), std::string::npos);
  EXPECT_EQ(coordinator_->report().charon_version, "5.9.8");
}

// H-032, H-212: after each that is taken it is told another one.
TEST_F(CoordinatorCharonTest, MovesOnWithEachSpiThatIsTaken) {
  start_in_step(8);
  std::set<std::uint32_t> taken;
  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(taken.insert(told()).second);
    kernel_.add(sa(told()));
    kernel_tells();
  }
  EXPECT_EQ(taken.size(), 8U);
}

TEST_F(CoordinatorCharonTest, VicisNewsAreEnoughToMoveOn) {
  start_in_step();
  const std::uint32_t first = told();
  kernel_.add(sa(first));
  vici_.raise("child-updown");
  run_until([&] { return told() != first; });
}

TEST_F(CoordinatorCharonTest, AReservationIsNoticedByAHeldIkeMessageAtOnce) {
  start_in_step();
  const std::uint32_t first = told();
  kernel_.add(sa(first, true));
  coordinator_->ike_held(7, kLocal, kPeer);
  EXPECT_EQ(released_, (std::vector<Released>{{7, true}}));
  run_until([&] { return told() != first; });
}

TEST_F(CoordinatorCharonTest, AReservationIsNoticedWithoutAnyWordToo) {
  start_in_step();
  const std::uint32_t first = told();
  kernel_.add(sa(first, true));
  run_until([&] { return told() != first; });
}

TEST_F(CoordinatorCharonTest, NothingIsReloadedWhileNothingChanges) {
  start_in_step();
  const int reloads = vici_.count("reload-settings");
  for (int i = 0; i < 5; ++i) kernel_tells();
  EXPECT_EQ(vici_.count("reload-settings"), reloads);
}

// H-238: more are asked for before none is left.
TEST_F(CoordinatorCharonTest, AsksForMoreBeforeNoneIsLeft) {
  start_in_step(4);
  kernel_.add(sa(told()));
  kernel_tells();
  EXPECT_TRUE(wanted_.empty()) << "the next and two spare ones are left";
  kernel_.add(sa(told()));
  kernel_tells();
  EXPECT_EQ(wanted_, (std::vector<Wanted>{{1, {}, {}}}));
  kernel_tells();
  EXPECT_EQ(wanted_.size(), 1U) << "once";
}

TEST_F(CoordinatorCharonTest, WithNoneLeftTheRangeIsOneInUse) {
  start_in_step(1);
  kernel_.add(sa(0x1000));
  kernel_tells();
  EXPECT_EQ(told(), 0x1000U) << "charon gets none, and takes none that is not leased";
  EXPECT_EQ(state(), CharonState::kNoSpi);
  coordinator_->use({lease(1, 0x1000, 1), lease(2, 0x7777, 1)});
  run_until([this] { return told() == 0x7777U; });
  EXPECT_EQ(state(), CharonState::kInStep);
}

TEST_F(CoordinatorCharonTest, ARefusalIsReportedAndAskedAgainLater) {
  settings_.ike_on_500 = true;
  start_in_step(1);
  ASSERT_EQ(wanted_, (std::vector<Wanted>{{2, {}, {}}}));
  coordinator_->refused(std::nullopt, {ErrorKind::kNoResources, "no SPI is left", ""});
  EXPECT_EQ(problem(), "no SPI is left");
  kernel_tells();
  EXPECT_EQ(wanted_.size(), 1U);
  clock_.advance(11s);
  kernel_tells();
  EXPECT_EQ(wanted_.size(), 2U);
}

TEST_F(CoordinatorCharonTest, ACharonThatComesLaterOrAgainIsTold) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  settle();
  EXPECT_EQ(state(), CharonState::kAbsent);
  EXPECT_EQ(problem(), "") << "no charon is no problem";
  EXPECT_FALSE(fragment().empty()) << "it reads that when it starts";
  for (int i = 0; i < 2; ++i) {
    read_by_charon_.clear();
    vici_.start();
    run_until([this] { return state() == CharonState::kInStep; });
    EXPECT_NE(told(), 0U);
    vici_.stop();
    run_until([this] { return state() == CharonState::kAbsent; });
  }
}

TEST_F(CoordinatorCharonTest, ACharonThatTalksNonsenseIsReported) {
  vici_.manners = FakeVici::Manners::kGarbage;
  vici_.start();
  start();
  run_until([this] { return state() == CharonState::kTroubled; });
  EXPECT_NE(problem().find("VICI"), std::string::npos);
}

TEST_F(CoordinatorCharonTest, ASettingThatCannotBeReloadedIsReported) {
  vici_.reload_error = "syntax error";
  vici_.start();
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  run_until([this] { return problem().find("syntax error") != std::string::npos; });
  EXPECT_EQ(state(), CharonState::kNoSpi);
}

TEST_F(CoordinatorCharonTest, AReloadThatFailsIsTriedAgainWithPauses) {
  vici_.reload_error = "syntax error";
  vici_.start();
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  run_until([this] { return problem().find("syntax error") != std::string::npos; });
  const int reloads = vici_.count("reload-settings");
  settle(200ms);
  EXPECT_EQ(vici_.count("reload-settings"), reloads);
  vici_.reload_error.clear();
  clock_.advance(11s);
  kernel_tells();
  run_until([this] { return state() == CharonState::kInStep; });
}

TEST_F(CoordinatorCharonTest, AFragmentThatCannotBeWrittenIsReported) {
  settings_.fragment = folder_ + "/none/rsip.conf";
  vici_.start();
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  run_until([this] { return state() == CharonState::kNoSpi; });
  EXPECT_NE(problem().find("cannot write"), std::string::npos) << problem();
}

// H-210, H-220: IKE leaves from a leased port, which charon reads at its start alone.
TEST_F(CoordinatorCharonTest, ALeasedIkePortThatNobodyListensToIsReported) {
  start_in_step();
  EXPECT_NE(problem().find("no IKE daemon listens on the leased port 40000"), std::string::npos);
  using boost::asio::ip::udp;
  udp::socket charon(io_, udp::endpoint(udp::v4(), 40000));
  kernel_tells();
  EXPECT_EQ(problem(), "");
}

// H-210: a lease that is lost and had again comes last; IKE stays on the port that goes with it.
TEST_F(CoordinatorCharonTest, TheIkePortIsThatOfTheLeaseWithPortsWhereverItComes) {
  start();
  coordinator_->use({lease(2, 0x2000, 1), lease(1, 0x1000, 4)});
  EXPECT_NE(fragment().find("  port = 40000\n"), std::string::npos) << fragment();
}

// H-211: on port 500 charon keeps its own ports.
TEST_F(CoordinatorCharonTest, OnPort500NoPortIsWritten) {
  settings_.ike_on_500 = true;
  start_in_step();
  EXPECT_EQ(read_by_charon_.find("port"), std::string::npos);
  EXPECT_EQ(problem(), "");
}

TEST_F(CoordinatorCharonTest, CharonsAssociationsHaveTheNameOfTheirConnection) {
  vici_.add_sa("office", 0x1001, "203.0.113.1", "1");
  kernel_.add(sa(0x1001));
  kernel_.add({50, kLocal, kPeer, 0xc0000001, false, true, 0});
  kernel_.add({50, kPeer, Ipv4Address{0x0A000001}, 0x1002, false, true, 0});
  start_in_step();
  run_until([this] { return coordinator_->report().sas.at(0).connection == "office"; });
  const auto sas = coordinator_->report().sas;
  ASSERT_EQ(sas.size(), 2U) << "that from and to other addresses is not ours";
  EXPECT_TRUE(sas[0].inbound);
  EXPECT_EQ(sas[0].bind, BindId{1});
  EXPECT_FALSE(sas[0].fault);
  EXPECT_FALSE(sas[1].inbound);
  EXPECT_EQ(sas[1].connection, "office");
  EXPECT_FALSE(sas[1].fault);
}

TEST_F(CoordinatorCharonTest, ACharonThatIgnoresItsRangeIsFoundOut) {
  start_in_step();
  kernel_.add(sa(0xc1234567));
  vici_.add_sa("office", 0xc1234567, "203.0.113.1", "1");
  kernel_.report();
  run_until([this] { return problem().find("it was not told") != std::string::npos; });
  const SaReport report = coordinator_->report().sas.at(0);
  EXPECT_EQ(report.fault, "its SPI is not leased: nothing can come in");
  EXPECT_NE(report.remedy.value().find("include " + settings_.fragment), std::string::npos);
}

TEST_F(CoordinatorCharonTest, WhatIsOlderThanTheLeaseIsNotCharonsDisobedience) {
  kernel_.add(sa(0xc1234567));
  vici_.add_sa("office", 0xc1234567, "203.0.113.1", "1");
  start_in_step();
  settle();
  EXPECT_EQ(problem().find("it was not told"), std::string::npos);
  const SaReport report = coordinator_->report().sas.at(0);
  EXPECT_TRUE(report.fault);
  EXPECT_NE(report.remedy.value().find("older"), std::string::npos);
}

TEST_F(CoordinatorCharonTest, EspInUdpNeedsNoLeasedSpi) {
  start_in_step();
  kernel_.add({50, kPeer, kLocal, 0xc1234567, false, true, 40001});
  kernel_tells();
  EXPECT_FALSE(coordinator_->report().sas.at(0).fault);
  EXPECT_EQ(problem().find("it was not told"), std::string::npos);
}

// kernel-libipsec hangs when its range is exhausted.
TEST_F(CoordinatorCharonTest, EspInUserSpaceIsCountedAndNeverLeftWithoutAnSpi) {
  start_in_step(1);
  vici_.add_sa("office", 0x1000, "203.0.113.1", "1", true);
  vici_.raise("child-updown");
  run_until([this] { return use_of(0x1000) == Use::kInUse; });
  run_until([this] { return read_by_charon_.find("spi_min") == std::string::npos; });
}

TEST_F(CoordinatorCharonTest, AKernelWithoutIpsecIsReported) {
  kernel_.failure = Error{ErrorKind::kOther, "the kernel has no IPsec (XFRM)", ""};
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  EXPECT_EQ(problem(), "the kernel has no IPsec (XFRM)");
}

TEST_F(CoordinatorCharonTest, TellsOfAChangeOnlyWhenThereIsOne) {
  start_in_step();
  settle();
  const int before = changes_;
  for (int i = 0; i < 5; ++i) kernel_tells();
  EXPECT_EQ(changes_, before);
  kernel_.add(sa(told()));
  kernel_tells();
  EXPECT_GT(changes_, before);
}

}  // namespace
}  // namespace rsip::agent
