// strongSwan itself, if it is installed: two charons in network namespaces of their own, with ESP
// in user space (kernel-libipsec), which any kernel with TUN devices carries.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sys/wait.h>

#include "agent/ipsec/charon_sas.h"
#include "agent/ipsec/vici_client.h"
#include "tests/fakes/private_network.h"
#include "tests/unit/agent/ipsec/coordinator_fixture.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;
using List = vici::Section::List;

constexpr const char* kCharon = "/usr/sbin/charon-systemd";
constexpr const char* kBackEnd = "/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so";

/// A program that ends with its owner.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments, const std::string& configuration = {}) {
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    pid_ = fork();
    if (pid_ != 0) return;
    setenv("STRONGSWAN_CONF", configuration.c_str(), 1);
    if (std::freopen("/dev/null", "w", stdout) && std::freopen("/dev/null", "w", stderr)) {
      execvp(words[0], words.data());
    }
    _exit(127);
  }
  ~Process() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] std::string pid() const { return std::to_string(pid_); }

 private:
  pid_t pid_ = 0;
};

vici::Section credentials() {
  vici::Section shared;
  shared.set("id", std::string("psk"));
  shared.set("type", std::string("IKE"));
  shared.set("data", std::string("a secret of this test"));
  shared.set("owners", List{});
  return shared;
}

vici::Section party(const std::string& id) {
  vici::Section section;
  section.set("auth", std::string("psk"));
  section.set("id", id);
  return section;
}

/// Message of load-conn: a tunnel between 10.9.1.1 and 10.99.0.1.
vici::Section connection(bool of_peer) {
  vici::Section child;
  child.set("mode", std::string("tunnel"));
  child.set("local_ts", List{of_peer ? "10.99.0.1/32" : "10.9.1.1/32"});
  child.set("remote_ts", List{of_peer ? "10.9.1.1/32" : "10.99.0.1/32"});
  child.set("esp_proposals", List{"aes128-sha256"});
  child.set("rekey_time", std::string("0"));
  vici::Section children;
  children.set("net", child);
  vici::Section sa;
  sa.set("version", std::string("2"));
  sa.set("mobike", std::string("no"));
  sa.set("local_addrs", List{of_peer ? "203.0.113.10" : "203.0.113.1"});
  sa.set("remote_addrs", List{of_peer ? "%any" : "203.0.113.10"});
  sa.set("proposals", List{"aes128-sha256-modp2048"});
  sa.set("local", party(of_peer ? "peer" : "host"));
  sa.set("remote", party(of_peer ? "host" : "peer"));
  sa.set("children", children);
  vici::Section message;
  message.set("rsip", sa);
  return message;
}

class RealCharonTest : public CoordinatorFixture {
 protected:
  void SetUp() override {
    if (access(kCharon, X_OK) != 0 || access(kBackEnd, R_OK) != 0) {
      GTEST_SKIP() << "needs charon-systemd and libcharon-extra-plugins";
    }
    if (access("/dev/net/tun", R_OK | W_OK) != 0) GTEST_SKIP() << "needs /dev/net/tun";
    network_.emplace();
    network_->enter();
    if (network_->skipped()) GTEST_SKIP() << "needs root";
    settings_.vici_socket = folder_ + "/host.vici";
    settings_.spare = 1;
    far_.emplace(std::vector<std::string>{"unshare", "-n", "sleep", "600"});
    make_network();
  }
  void TearDown() override {
    host_.reset();
    peer_.reset();
    host_charon_.reset();
    peer_charon_.reset();
    far_.reset();
    if (network_) network_->leave();
  }

  void make_network() {
    const std::string in_far = "nsenter -t " + far_->pid() + " -n ip ";
    run_until([&] {
      return network_->sh("readlink /proc/self/ns/net /proc/" + far_->pid() +
                          "/ns/net | uniq | wc -l") == "2\n";
    });
    EXPECT_EQ(network_->sh("ip link add e0 type veth peer name e0 netns " + far_->pid() +
                           " && ip addr add 203.0.113.1/24 dev e0 && ip link set e0 up"
                           " && ip addr add 10.9.1.1/32 dev lo && " +
                           in_far + "addr add 203.0.113.10/24 dev e0 && " + in_far +
                           "link set e0 up && " + in_far + "link set lo up && " + in_far +
                           "addr add 10.99.0.1/32 dev lo"),
              "");
  }
  std::string configure(const std::string& name, const std::string& more) {
    const std::string path = folder_ + "/" + name + ".conf";
    std::ofstream(path)
        << "charon {\n delete_rekeyed_delay = 0\n load = random nonce aes sha1 sha2 "
           "hmac kdf gmp kernel-libipsec kernel-netlink socket-default vici\n"
           " plugins { vici { socket = unix://"
        << folder_ << "/" << name << ".vici } }\n}\n"
        << more << "\ncharon-systemd { journal { default = -1 } }\n";
    return path;
  }
  void start_charons() {
    host_charon_.emplace(std::vector<std::string>{kCharon},
                         configure("host", "include " + settings_.fragment));
    peer_charon_.emplace(std::vector<std::string>{"nsenter", "-t", far_->pid(), "-n", kCharon},
                         configure("peer", ""));
    host_ = talk_to("host");
    peer_ = talk_to("peer");
    run_until([this] { return host_->up() && peer_->up(); });
    for (ViciClient* const one : {host_.get(), peer_.get()}) {
      EXPECT_EQ(ask(*one, "load-shared", credentials()), "yes");
      EXPECT_EQ(ask(*one, "load-conn", connection(one == peer_.get())), "yes");
    }
  }
  std::unique_ptr<ViciClient> talk_to(const std::string& name) {
    auto client = std::make_unique<ViciClient>(
        io_, folder_ + "/" + name + ".vici",
        ViciClientEvents{{}, {}, [](const std::string&, const vici::Section&) {}},
        ViciTimes{.absent = 50ms});
    client->start();
    return client;
  }
  /// What it says of its success.
  std::string ask(ViciClient& charon, const std::string& command, const vici::Section& message) {
    std::optional<std::string> success;
    charon.command(command, message,
                   [&](const vici::Section& answer) { success = answer.text("success"); });
    run_until([&] { return success.has_value(); });
    return success.value_or("");
  }
  std::string ask_for_net(const std::string& command) {
    vici::Section message;
    message.set("child", std::string("net"));
    return ask(*host_, command, message);
  }
  std::set<std::uint32_t> spis_of(ViciClient& charon) {
    std::optional<std::set<std::uint32_t>> spis;
    charon.list_sas([&](const std::vector<vici::Section>& list) {
      spis.emplace();
      for (const vici::Section& event : list) {
        for (const CharonSa& sa : read_charon_sas(event)) {
          for (const CharonChild& child : sa.children) spis->insert(child.spi_in);
        }
      }
    });
    run_until([&] { return spis.has_value(); });
    return spis.value_or(std::set<std::uint32_t>{});
  }

  /// The fixture's namespace, as a part instead of a base.
  struct Network : fakes::PrivateNetwork {
    void TestBody() override {}
    void enter() { PrivateNetwork::SetUp(); }
    void leave() { PrivateNetwork::TearDown(); }
    static bool skipped() { return IsSkipped(); }
    static std::string sh(const std::string& command) { return run(command); }
  };

  std::optional<Network> network_;
  std::optional<Process> far_;
  std::optional<Process> host_charon_;
  std::optional<Process> peer_charon_;
  std::unique_ptr<ViciClient> host_;
  std::unique_ptr<ViciClient> peer_;
};

// H-032, H-212, H-238: whatever is negotiated, the SPI that the peer learns is a leased one.
TEST_F(RealCharonTest, TakesLeasedSpisAtTheStartAndAtEachRekeying) {
  start();
  const std::set<std::uint32_t> leased{0x1000, 0x1777, 0xf0001abc};
  SpiLease scattered = lease(1, 0x1000, 1);
  scattered.spis = {{0x1000, 1}, {0x1777, 1}, {0xf0001abc, 1}};
  coordinator_->use({scattered});
  start_charons();
  run_until([this] { return state() == CharonState::kInStep; });
  EXPECT_EQ(problem(), "") << "charon listens on the leased port";
  EXPECT_EQ(ask_for_net("initiate"), "yes");
  std::set<std::uint32_t> before;
  for (int i = 0; i < 4; ++i) {
    std::set<std::uint32_t> now;
    run_until([&] {
      now = spis_of(*host_);
      return now.size() == 1 && now != before;
    });
    before = now;
    EXPECT_TRUE(leased.contains(*before.begin())) << std::hex << *before.begin();
    run_until([&] { return use_of(*before.begin()) == SpiReport::Use::kInUse; });
    settle();  // charon reads which one is next
    EXPECT_EQ(ask_for_net("rekey"), "yes");
  }
  bool stopped = false;
  coordinator_->stop([&] { stopped = true; });
  run_until([&] { return stopped; });
  run_until([this] { return spis_of(*peer_).empty(); });
  EXPECT_TRUE(fragment_is_at_rest());
}

TEST_F(RealCharonTest, EndsWhatHasLostItsLeaseAndTellsThePeer) {
  start();
  coordinator_->use({lease(1, 0x1000, 4)});
  start_charons();
  run_until([this] { return state() == CharonState::kInStep; });
  EXPECT_EQ(ask_for_net("initiate"), "yes");
  run_until([this] { return spis_of(*peer_).size() == 1; });
  settle();
  SpiLease other = lease(2, 0x9000, 4);
  other.ports = {{40000, 16}};
  coordinator_->use({other});
  run_until([this] { return spis_of(*host_).empty() && spis_of(*peer_).empty(); });
  EXPECT_EQ(ask_for_net("initiate"), "yes");
  run_until([this] { return !spis_of(*host_).empty(); });
  EXPECT_EQ(*spis_of(*host_).begin() & 0xfffffffc, 0x9000U);
}

}  // namespace
}  // namespace rsip::agent
