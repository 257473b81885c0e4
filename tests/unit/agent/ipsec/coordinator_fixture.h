#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <source_location>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "agent/ipsec/coordinator.h"
#include "agent/ipsec/ike_fragment.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_kernel_sas.h"
#include "tests/fakes/fake_vici.h"

namespace rsip::agent {

inline constexpr Ipv4Address kLocal{0xCB007101};  // 203.0.113.1
inline constexpr Ipv4Address kPeer{0xCB00710A};

/// A coordinator between a charon and a kernel that the test plays.
class CoordinatorFixture : public testing::Test {
 protected:
  struct Wanted {
    std::uint16_t count;
    std::optional<std::uint32_t> exactly;
    std::optional<Ipv4Address> peer;
    bool operator==(const Wanted&) const = default;
  };
  struct Released {
    std::uint64_t hold;
    bool send;
    bool operator==(const Released&) const = default;
  };

  CoordinatorFixture() {
    settings_.vici_socket = folder_ + "/vici";
    settings_.fragment = folder_ + "/rsip.conf";
    settings_.idle = std::chrono::minutes(10);
    vici_.on_reload = [this] { read_by_charon_ = fragment(); };
  }
  ~CoordinatorFixture() override {
    coordinator_.reset();
    vici_.stop();
    settle();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    coordinator_ = make_coordinator(
        io_, settings_, kernel_, [this] { return clock_.now(); },
        CoordinatorEvents{
            [this](std::uint16_t count, std::optional<std::uint32_t> exactly,
                   std::optional<Ipv4Address> peer) { wanted_.push_back({count, exactly, peer}); },
            [this](const std::vector<BindId>& binds) { unwanted_.push_back(binds); },
            [this](std::uint64_t hold, bool send) { released_.push_back({hold, send}); },
            [this] { ++changes_; }});
    coordinator_->start();
  }
  /// With charon there, and the first lease of the SPIs 0x1000 ... in force.
  void start_in_step(std::uint32_t spis = 4) {
    vici_.start();
    start();
    coordinator_->use({lease(1, 0x1000, spis)});
    run_until([this] { return state() == CharonState::kInStep; });
  }

  static SpiLease lease(std::uint32_t bind, std::uint32_t first, std::uint32_t count) {
    SpiLease made{BindId{bind}, kLocal, {{first, count}}, {}};
    if (bind == 1) made.ports = {{40000, 16}};
    return made;
  }
  static KernelSa sa(std::uint32_t spi, bool larval = false) {
    return {50, kPeer, kLocal, spi, larval, !larval, 0};
  }

  template <class Condition>
  void run_until(Condition condition,
                 std::source_location asked = std::source_location::current()) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    bool met = condition();
    while (!met && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
      met = condition();
    }
    EXPECT_TRUE(met) << "asked in line " << asked.line();
  }
  void settle(std::chrono::milliseconds time = std::chrono::milliseconds(30)) {
    io_.restart();
    io_.run_for(time);
  }
  /// The kernel announces a change.
  void kernel_tells() {
    kernel_.report();
    settle();
  }

  [[nodiscard]] CharonState state() const { return coordinator_->report().charon; }
  [[nodiscard]] std::string fragment() const {
    std::ostringstream text;
    text << std::ifstream(settings_.fragment).rdbuf();
    return text.str();
  }
  /// Nothing but a comment, with the port to ask for again.
  [[nodiscard]] bool fragment_is_at_rest() const {
    return fragment().find('{') == std::string::npos &&
           fragment_ike_port(settings_.fragment) == 40000;
  }
  /// The first SPI that charon may take; 0: it was told none.
  [[nodiscard]] std::uint32_t told() const {
    std::istringstream lines(read_by_charon_);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("  spi_min = ")) return number(line);
    }
    return 0;
  }
  [[nodiscard]] SpiReport::Use use_of(std::uint32_t spi) const {
    for (const SpiReport& one : coordinator_->report().spis) {
      if (one.spi == spi) return one.use;
    }
    ADD_FAILURE() << "not leased";
    return SpiReport::Use::kFree;
  }
  [[nodiscard]] std::string problem() const {
    const auto report = coordinator_->report();
    return report.problem ? to_line(*report.problem) : "";
  }

  static std::uint32_t number(const std::string& line) {
    return static_cast<std::uint32_t>(std::stoul(line.substr(line.find('=') + 2), nullptr, 16));
  }
  static std::string make_folder() {
    std::string folder = testing::TempDir() + "ipsec-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    return folder;
  }

  std::string folder_ = make_folder();
  boost::asio::io_context io_;
  fakes::FakeVici vici_{io_, folder_ + "/vici"};
  fakes::FakeKernelSas kernel_;
  fakes::FakeClock clock_;
  CoordinatorSettings settings_;
  std::string read_by_charon_;
  std::vector<Wanted> wanted_;
  std::vector<std::vector<BindId>> unwanted_;
  std::vector<Released> released_;
  int changes_ = 0;
  std::unique_ptr<Coordinator> coordinator_;
};

}  // namespace rsip::agent
