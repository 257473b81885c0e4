#include <chrono>

#include <gtest/gtest.h>

#include "tests/unit/agent/ipsec/coordinator_fixture.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;
using Use = SpiReport::Use;

class CoordinatorLeasesTest : public CoordinatorFixture {
 protected:
  /// charon's only association, with that SPI.
  void add_office(std::uint32_t spi) {
    kernel_.add(sa(spi));
    vici_.add_sa("office", spi, "203.0.113.1", "9");
    vici_.on_terminate = [this, spi](const fakes::FakeVici::Section&) {
      kernel_.remove(spi);
      vici_.sas.clear();
      vici_.raise("ike-updown");
      vici_.raise("child-updown");
    };
    vici_.raise("child-updown");
    run_until([&] { return use_of(spi) == Use::kInUse; });
    settle();
  }
};

TEST_F(CoordinatorLeasesTest, NothingUnleasedLetsAHeldMessageGoAtOnce) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  coordinator_->ike_held(5, kLocal, kPeer);
  EXPECT_EQ(released_, (std::vector<Released>{{5, true}}));
  EXPECT_TRUE(wanted_.empty());
}

// H-212, H-032: what an IKE daemon chose itself is leased before the peer learns it.
TEST_F(CoordinatorLeasesTest, AHeldMessageWaitsUntilItsSpiIsLeased) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add(sa(0xdeadbeef, true));
  coordinator_->ike_held(5, kLocal, kPeer);
  coordinator_->ike_held(6, kLocal, kPeer);
  EXPECT_EQ(wanted_, (std::vector<Wanted>{{1, 0xdeadbeef, kPeer}}));
  EXPECT_TRUE(released_.empty());
  coordinator_->use({lease(1, 0x1000, 4), lease(2, 0xdeadbeef, 1)});
  EXPECT_EQ(released_, (std::vector<Released>{{5, true}, {6, true}}));
  EXPECT_EQ(use_of(0xdeadbeef), Use::kInUse);
}

// H-236: in use elsewhere; the message that would announce it is dropped.
TEST_F(CoordinatorLeasesTest, AHeldMessageIsDroppedWhenItsSpiCannotBeLeased) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add(sa(0xdeadbeef, true));
  coordinator_->ike_held(5, kLocal, kPeer);
  coordinator_->refused(0xdeadbeef, {ErrorKind::kInUse, "the SPI is in use", ""});
  EXPECT_EQ(released_, (std::vector<Released>{{5, false}}));
  EXPECT_EQ(problem(), "the SPI is in use");
  EXPECT_TRUE(coordinator_->report().sas.at(0).fault);
}

TEST_F(CoordinatorLeasesTest, ARefusedAssociationInPlaceDoesNotHoldUpItsReplacement) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add(sa(0xdeadbeef));
  coordinator_->ike_held(5, kLocal, kPeer);
  coordinator_->refused(0xdeadbeef, {ErrorKind::kInUse, "the SPI is in use", ""});
  kernel_.add(sa(0x1001, true));
  coordinator_->ike_held(6, kLocal, kPeer);
  EXPECT_EQ(released_, (std::vector<Released>{{5, false}, {6, true}}));
}

TEST_F(CoordinatorLeasesTest, AHoldThatNobodyAnswersIsForgottenAndTheNextAsksAgain) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add(sa(0xdeadbeef, true));
  coordinator_->ike_held(5, kLocal, kPeer);
  clock_.advance(5s);
  coordinator_->ike_held(6, kLocal, kPeer);
  EXPECT_EQ(wanted_.size(), 2U);
  coordinator_->use({lease(1, 0x1000, 4), lease(2, 0xdeadbeef, 1)});
  EXPECT_EQ(released_, (std::vector<Released>{{6, true}}));
}

// A responder's association is in place before its message leaves.
TEST_F(CoordinatorLeasesTest, WhatCouldNotBeAskedForIsAskedForAgain) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add(sa(0xdeadbeef));
  coordinator_->ike_held(5, kLocal, kPeer);
  coordinator_->refused(0xdeadbeef, {ErrorKind::kUnreachable, "lost connection", ""});
  EXPECT_EQ(released_, (std::vector<Released>{{5, false}}));
  kernel_tells();
  EXPECT_EQ(wanted_.size(), 1U) << "not at once";
  clock_.advance(11s);
  kernel_tells();
  EXPECT_EQ(wanted_.size(), 2U);
  coordinator_->use({lease(1, 0x1000, 4), lease(2, 0xdeadbeef, 1)});
  EXPECT_FALSE(coordinator_->report().sas.at(0).fault);
}

TEST_F(CoordinatorLeasesTest, OnlyWhatThisMessageMayAnnounceHoldsIt) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add({50, Ipv4Address{0x08080808}, kLocal, 0xdead0001, true, false, 0});  // another peer
  kernel_.add({50, kLocal, kPeer, 0xdead0002, false, true, 0});                    // outbound
  kernel_.add({50, kPeer, kLocal, 0xdead0003, false, true, 40001});                // ESP in UDP
  kernel_.add({50, kPeer, Ipv4Address{0x0A000001}, 0xdead0004, true, false, 0});   // not leased
  coordinator_->ike_held(5, kLocal, kPeer);
  coordinator_->ike_held(6, Ipv4Address{0x0A000001}, kPeer);
  EXPECT_EQ(released_, (std::vector<Released>{{5, true}, {6, true}}));
  EXPECT_TRUE(wanted_.empty());
}

TEST_F(CoordinatorLeasesTest, AReservationWithoutItsPeersAddressHolds) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add({51, {}, kLocal, 0xdead0001, true, false, 0});
  coordinator_->ike_held(5, kLocal, kPeer);
  EXPECT_EQ(wanted_, (std::vector<Wanted>{{1, 0xdead0001, kPeer}}));
}

TEST_F(CoordinatorLeasesTest, AnSpiThatWasAskedForExactlyGoesBackWhenItsAssociationEnds) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  kernel_.add(sa(0xdeadbeef, true));
  coordinator_->ike_held(5, kLocal, kPeer);
  coordinator_->use({lease(1, 0x1000, 4), lease(2, 0xdeadbeef, 1)});
  clock_.advance(1min);
  kernel_tells();
  EXPECT_TRUE(unwanted_.empty());
  kernel_.remove(0xdeadbeef);
  kernel_tells();
  EXPECT_TRUE(unwanted_.empty()) << "late packets may still come";
  clock_.advance(11s);
  kernel_tells();
  EXPECT_EQ(unwanted_, (std::vector<std::vector<BindId>>{{BindId{2}}}));
  kernel_tells();
  EXPECT_EQ(unwanted_.size(), 1U);
}

TEST_F(CoordinatorLeasesTest, LeasesBeyondTheFirstGoBackWhenIdle) {
  start_in_step(4);
  coordinator_->use({lease(1, 0x1000, 4), lease(2, 0x2000, 4)});
  settle();
  clock_.advance(settings_.idle);
  kernel_tells();
  run_until([this] { return !unwanted_.empty(); });
  EXPECT_EQ(unwanted_.front(), std::vector{BindId{2}});
  EXPECT_LT(told(), 0x2000U) << "charon has moved on before";
}

// H-032: what has no leased SPI any more cannot receive; charon ends it.
TEST_F(CoordinatorLeasesTest, AssociationsThatLoseTheirLeaseAreTerminated) {
  start_in_step(4);
  add_office(0x1002);
  coordinator_->use({lease(2, 0x5000, 4)});
  run_until([this] { return !vici_.terminated.empty(); });
  EXPECT_EQ(vici_.terminated.front().text("ike-id"), "9");
  EXPECT_EQ(vici_.terminated.front().text("force"), "");
  run_until([this] { return coordinator_->report().sas.empty(); });
  EXPECT_EQ(vici_.terminated.size(), 1U);
}

TEST_F(CoordinatorLeasesTest, APeerThatDoesNotAnswerIsLeftAfterTwoSeconds) {
  start_in_step(4);
  add_office(0x1002);
  vici_.on_terminate = nullptr;
  coordinator_->use({lease(2, 0x5000, 4)});
  run_until([this] { return vici_.terminated.size() == 1; });
  kernel_tells();
  EXPECT_EQ(vici_.terminated.size(), 1U);
  clock_.advance(2s);
  run_until([this] { return vici_.terminated.size() == 2; });
  EXPECT_EQ(vici_.terminated.back().text("force"), "yes");
}

TEST_F(CoordinatorLeasesTest, WhatCannotBeTerminatedIsMarked) {
  start_in_step(4);
  kernel_.add(sa(0x1002));
  kernel_tells();
  coordinator_->use({lease(2, 0x5000, 4)});
  settle();
  const SaReport report = coordinator_->report().sas.at(0);
  EXPECT_TRUE(report.fault);
  EXPECT_NE(report.remedy.value().find("took the SPI back"), std::string::npos);
}

TEST_F(CoordinatorLeasesTest, StopEndsWhatHasLeasedSpisAndEmptiesTheFragment) {
  start_in_step(4);
  add_office(0x1002);
  bool stopped = false;
  const auto before = std::chrono::steady_clock::now();
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  EXPECT_LT(std::chrono::steady_clock::now() - before, 1s);
  EXPECT_EQ(vici_.terminated.size(), 1U);
  EXPECT_TRUE(fragment_is_at_rest());
  EXPECT_EQ(told(), 0U) << "charon has read that there are no settings any more";
  EXPECT_FALSE(kernel_.running());
}

// Charon has one range for all addresses.
TEST_F(CoordinatorLeasesTest, WhatIsAtAnotherAddressIsNeverTerminated) {
  start_in_step(4);
  kernel_.add({50, kPeer, Ipv4Address{0x0A000001}, 0x1002, false, true, 0});
  vici_.add_sa("elsewhere", 0x1002, "10.0.0.1", "4");
  vici_.raise("child-updown");
  run_until([this] { return use_of(0x1002) == Use::kInUse; });
  coordinator_->use({lease(2, 0x5000, 4)});
  settle();
  coordinator_->use({lease(1, 0x1000, 4)});
  settle();
  bool stopped = false;
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  EXPECT_TRUE(vici_.terminated.empty());
}

TEST_F(CoordinatorLeasesTest, StopTakesTwoSecondsAtMost) {
  start_in_step(4);
  add_office(0x1002);
  vici_.manners = fakes::FakeVici::Manners::kSilent;
  bool stopped = false;
  const auto before = std::chrono::steady_clock::now();
  coordinator_->stop([&] {
    stopped = true;
    coordinator_.reset();
  });
  run_until([&] { return stopped; });
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2500ms);
  EXPECT_TRUE(fragment_is_at_rest());
}

TEST_F(CoordinatorLeasesTest, StopLeavesPeersThatDoNotAnswer) {
  start_in_step(4);
  add_office(0x1002);
  vici_.on_terminate = [this](const fakes::FakeVici::Section& message) {
    if (message.text("force") == "yes") vici_.sas.clear();
  };
  bool stopped = false;
  const auto before = std::chrono::steady_clock::now();
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  EXPECT_LT(std::chrono::steady_clock::now() - before, 1900ms);
  EXPECT_EQ(vici_.terminated.size(), 2U);
}

TEST_F(CoordinatorLeasesTest, StopWithoutCharonIsImmediate) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  bool stopped = false;
  coordinator_->stop([&] { stopped = true; });
  settle();
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(fragment_is_at_rest());
}

// Of an agent that was killed, by one that has leased nothing.
TEST_F(CoordinatorLeasesTest, StopPutsTheFragmentOfAnEarlierLifeToRest) {
  ASSERT_TRUE(write_ike_fragment(settings_.fragment, {SpiRange{0x1000, 4}, 40000}));
  start();
  coordinator_->stop([] {});
  EXPECT_TRUE(fragment_is_at_rest());
}

TEST_F(CoordinatorLeasesTest, StopReportsNothingFurther) {
  start_in_step(4);
  bool stopped = false;
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  wanted_.clear();
  clock_.advance(1h);
  settle(600ms);
  EXPECT_TRUE(wanted_.empty());
  EXPECT_TRUE(unwanted_.empty());
}

}  // namespace
}  // namespace rsip::agent
