#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "agent/ipc/agent_server.h"
#include "common/ipc/describe.h"
#include "tests/unit/agent/ipc/socket_client.h"

// Who may do what: every method of the contract by everybody, through the socket.
namespace rsip::agent {
namespace {

/// What others than root, the group and the user in front may call. All the rest changes something.
const std::map<std::string, bool> kEverybodyMay = {
    {"status", true},         {"subscribe", true},      {"up", false},
    {"down", false},          {"lease.request", false}, {"lease.renew", false},
    {"lease.release", false}, {"lease.hold", false},    {"listen.add", false},
    {"listen.remove", false}, {"query", true},          {"ipsec.status", true},
    {"flow.list", true},      {"port.list", true},      {"gateway.discover", false},
    {"profile.use", false},   {"route.explain", true},  {"usage", true},
    {"log.read", false},      {"log.level", false},     {"config.show", true},
};

std::vector<ipc::Call> every_method() {
  std::vector<ipc::Call> calls;
  ipc::for_each_alternative<ipc::Call>([&](auto request) { calls.emplace_back(request); });
  return calls;
}

std::string method_of(const ipc::Call& call) {
  return std::visit([](const auto& request) { return std::string(request.kMethod); }, call);
}

TEST(WhoMay, CallEachMethodIsAsTheTableSays) {
  char folder[] = "/tmp/rsip-who-may-test-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::string path = std::string(folder) + "/agent.sock";
  std::size_t looked_at = 0;
  for (const ipc::Who who : ipc::kEverybody) {
    boost::asio::io_context io;
    AgentServer server(
        io, path,
        [](const ipc::Call&, const ipc::Caller&, const Answered& answered) {
          answered(fail(ErrorKind::kState, "reached"));
        },
        [who](const Peer&) { return who; });
    ASSERT_TRUE(server.start());
    std::thread thread([&] { io.run(); });
    for (const ipc::Call& call : every_method()) {
      test::SocketClient client(path);
      client.ask(call);
      const auto answer = client.answer<ipc::Done>();
      ASSERT_FALSE(answer);
      ASSERT_TRUE(kEverybodyMay.contains(method_of(call))) << method_of(call);
      const bool may = who != ipc::Who::kOther || kEverybodyMay.at(method_of(call));
      EXPECT_EQ(answer.error().message == "reached", may)
          << to_string(who) << ' ' << method_of(call) << ": " << answer.error().message;
      EXPECT_EQ(answer.error().kind == ErrorKind::kPermission, !may);
      ++looked_at;
    }
    boost::asio::post(io, [&] { server.stop(); });
    thread.join();
  }
  std::filesystem::remove_all(folder);
  EXPECT_EQ(looked_at, kEverybodyMay.size() * std::size(ipc::kEverybody));
}

struct Person {
  Peer peer;
  bool in_group = false;
  bool in_front = false;
  ipc::Who who = ipc::Who::kOther;
};

TEST(WhoIs, FollowsFromUserGroupAndSession) {
  constexpr uid_t kAgent = 990;
  const Person people[] = {
      {{0, 0}, false, false, ipc::Who::kRoot},
      {{0, 0}, true, true, ipc::Who::kRoot},
      {{kAgent, 990}, false, false, ipc::Who::kRoot},
      {{1000, 1000}, true, false, ipc::Who::kGroup},
      {{1000, 1000}, true, true, ipc::Who::kGroup},
      {{1000, 1000}, false, true, ipc::Who::kActiveSession},
      {{1000, 1000}, false, false, ipc::Who::kOther},
      {{65534, 65534}, false, false, ipc::Who::kOther},
  };
  for (const Person& person : people) {
    PeerFacts facts;
    facts.agent = kAgent;
    facts.is_in_group = [&](const Peer&) { return person.in_group; };
    facts.has_active_session = [&](const Peer&) { return person.in_front; };
    EXPECT_EQ(who_is(person.peer, facts), person.who)
        << person.peer.user << ' ' << person.in_group << ' ' << person.in_front;
  }
}

TEST(WhoIs, ThisMachineKnowsRootAndItselfFromStrangers) {
  EXPECT_EQ(who_is_here({0, 0}), ipc::Who::kRoot);
  EXPECT_EQ(who_is_here({geteuid(), 0}), ipc::Who::kRoot);
  EXPECT_EQ(who_is_here({54321, 54321}), ipc::Who::kOther);
}

}  // namespace
}  // namespace rsip::agent
