#include "agent/ipsec/connections.h"
#include "tests/unit/agent/ipsec/coordinator_fixture.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

class CoordinatorConnectionsTest : public CoordinatorFixture {
 protected:
  CoordinatorConnectionsTest() {
    IkeConnection office;
    office.name = "office";
    office.remote = kPeer;
    office.local_id = "laptop@rsip";
    office.remote_id = "office@rsip";
    office.secret = "s3cret";
    office.networks = {{{0x0A630000}, 24}};
    office.inner = {0x0A090101};
    settings_.connections = {office};
    settings_.ike_on_500 = true;  // nobody listens on a leased port here
  }
  void wait_for_the_start() {
    run_until([this] { return vici_.count("initiate") == 1; });
  }
};

TEST_F(CoordinatorConnectionsTest, AreLoadedAndStartedOnceThereAreSpis) {
  vici_.start();
  start();
  settle();
  EXPECT_EQ(vici_.count("load-conn"), 0);
  coordinator_->use({lease(1, 0x1000, 4)});
  wait_for_the_start();
  EXPECT_EQ(vici_.count("load-shared"), 1);
  EXPECT_EQ(vici_.count("load-conn"), 1);
  for (int i = 0; i < 3; ++i) kernel_tells();
  EXPECT_EQ(vici_.count("load-conn"), 1) << "once";
}

TEST_F(CoordinatorConnectionsTest, ACharonThatRestartsIsToldThemAgain) {
  start_in_step();
  wait_for_the_start();
  vici_.stop();
  run_until([this] { return state() == CharonState::kAbsent; });
  vici_.start();
  run_until([this] { return vici_.count("load-conn") == 2; });
}

TEST_F(CoordinatorConnectionsTest, OneThatIsNotUpIsReportedAndTriedAgain) {
  start_in_step();
  wait_for_the_start();
  clock_.advance(Connections::kPatience - 1s);
  kernel_tells();
  EXPECT_EQ(problem().find("is not up"), std::string::npos);
  clock_.advance(1s);
  kernel_tells();
  EXPECT_NE(problem().find("onnection office is not up"), std::string::npos) << problem();
  clock_.advance(Connections::kTryAgain);
  kernel_tells();
  EXPECT_EQ(vici_.count("initiate"), 2);
  vici_.add_sa("rsip-office", 0x1000, "203.0.113.1", "9");
  vici_.raise("child-updown");
  run_until([this] { return problem().empty(); });
}

TEST_F(CoordinatorConnectionsTest, AreForgottenAtTheEnd) {
  start_in_step();
  wait_for_the_start();
  bool stopped = false;
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  EXPECT_EQ(vici_.count("unload-conn"), 1);
}

// The address goes away, whatever hangs on it.
TEST_F(CoordinatorConnectionsTest, AnAssociationWithoutChildrenEndsAtTheStop) {
  start_in_step();
  vici_.add_sa("other", 0, "203.0.113.1", "7");
  vici_.on_terminate = [this](const fakes::FakeVici::Section&) { vici_.sas.clear(); };
  bool stopped = false;
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  ASSERT_EQ(vici_.terminated.size(), 1U);
  EXPECT_EQ(vici_.terminated[0].text("ike-id"), "7");
}

}  // namespace
}  // namespace rsip::agent
