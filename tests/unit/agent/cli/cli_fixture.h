#pragma once

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "agent/cli/commands.h"
#include "tests/fakes/scripted_agent.h"

namespace rsip::cli {

/// A host with an address leased from one gateway.
inline ipc::Status assigned_status() {
  ipc::GatewayStatus gateway;
  gateway.name = "hotel";
  gateway.state = "assigned";
  gateway.address = gateway.endpoint = "10.1.0.1";
  gateway.found_by = "configuration";
  gateway.port = 4555;
  gateway.transport = "tcp";
  gateway.method = "rsap-ip";
  gateway.tunnel = "ip-ip";
  gateway.device = "rsip0";
  gateway.mtu = 1480;
  gateway.local_policy = "macro";
  gateway.remote_policy = "none";
  ipc::LeaseStatus lease;
  lease.bind = 2;
  lease.address = "203.0.113.10";
  lease.ports = {{5000, 5031}};
  lease.ports_in_use = 9;
  lease.expires_in_seconds = 180;
  lease.renews_in_seconds = 60;
  lease.granted_seconds = 1800;
  gateway.leases = {lease};
  gateway.ports = {32, 9, 23, 1024};
  gateway.traffic = {12, 3456, 10, 7890123, {{"no_lease", 4}}};
  ipc::Status status;
  status.agent = "9.9.9";
  status.state = "assigned";
  status.gateways = {gateway};
  status.profiles = {{"work", {"hotel"}}};
  return status;
}

inline ipc::GatewayChanged changed(ipc::GatewayStatus gateway) {
  return {gateway.state, std::move(gateway)};
}

/// What became of a command line.
struct Said {
  int code = 0;
  std::string out;
  std::string err;
};

/// An agent with a snapshot, and rsipctl run against it.
class RsipctlTest : public testing::Test {
 protected:
  Said rsipctl(std::vector<std::string> words, const std::string& input = "") {
    words.insert(words.begin(), {"--socket", agent.path()});
    return run_words(words, input);
  }
  static Said run_words(const std::vector<std::string>& words, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int code = run(words, in, out, err);
    return {code, out.str(), err.str()};
  }

  ipc::Status status = assigned_status();
  /// What every call but status and subscribe is answered.
  Result<ipc::Answer> answer = ipc::Answer(ipc::Done{});
  ScriptedAgent agent{[this](const ipc::Call& call) -> Result<ipc::Answer> {
    if (std::holds_alternative<ipc::StatusRequest>(call)) return status;
    if (std::holds_alternative<ipc::SubscribeRequest>(call)) {
      return ipc::Snapshot{0, status, true, ""};
    }
    return answer;
  }};
};

}  // namespace rsip::cli
