#include "tests/gateway/app/accounting.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr std::chrono::system_clock::time_point kTime{std::chrono::milliseconds(1'700'000'000'042)};

Bind some_bind() {
  Bind bind;
  bind.id = {3};
  bind.address = {0xC6336401};
  bind.ports = {{1000, 4}};
  bind.remote = {Ipv4Address{0xCB007107}, 443};
  bind.tunnel = msg::TunnelType::kGre;
  bind.granted_at = kStart;
  bind.usage = std::make_shared<Usage>();
  bind.usage->from_host_packets = 5;
  bind.usage->to_host_bytes = 1500;
  return bind;
}

class Accounts : public ::testing::Test {
 protected:
  Accounts() {
    std::string folder = std::filesystem::temp_directory_path() / "rsip-accounts-XXXXXX";
    folder_ = mkdtemp(folder.data());
    path_ = folder_ + "/accounting.jsonl";
  }
  ~Accounts() override { std::filesystem::remove_all(folder_); }

  Accounting accounting() {
    return {path_, [] { return kTime; },
            [this](const Error& error) { troubles_.push_back(error); }};
  }
  static std::size_t lines(const std::string& path) {
    std::ifstream file(path);
    return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
  }
  Action granted() { return LeaseGranted{{0x0A010002}, {7}, some_bind(), {}, {{}, "default"}}; }

  std::string folder_;
  std::string path_;
  std::vector<Error> troubles_;
};

TEST_F(Accounts, SayWhoHadWhatForHowLongAndHowMuchWentThrough) {
  const Account account{5, "staff \"a\""};
  const Bind bind = some_bind();
  const AccountRecord record{
      "stop", {0x0A010002}, {7}, account, bind, kStart + std::chrono::milliseconds(61500), "freed"};
  EXPECT_EQ(to_json(record, kTime),
            R"({"time":"2023-11-14T22:13:20.042Z","event":"stop","host":"10.1.0.2","key":5,)"
            R"("class":"staff \"a\"","client":7,"bind":3,"method":"rsap-ip",)"
            R"("address":"198.51.100.1","ports":"1000-1003","spis":"","remote":"203.0.113.7:443",)"
            R"("tunnel":"gre","seconds":61,"from_host_packets":5,"from_host_bytes":0,)"
            R"("to_host_packets":0,"to_host_bytes":1500,"reason":"freed"})");
}

TEST_F(Accounts, AreWrittenForStartInterimAndStopAtTheEndOfTheFile) {
  std::ofstream(path_) << "old\n";
  Accounting accounts = accounting();
  accounts.write(granted(), kStart);
  Registration registration;
  registration.binds.emplace(BindId{3}, some_bind());
  accounts.write_interim({0x0A010002}, registration, kStart);
  accounts.write(LeaseEnded{{0x0A010002}, {7}, some_bind(), "expired", {}, kStart}, kStart);
  accounts.write(HostGone{{0x0A010002}, {7}, "expired"}, kStart);
  EXPECT_EQ(lines(path_), 4U);
  EXPECT_TRUE(troubles_.empty());
}

TEST_F(Accounts, GoIntoANewFileOnceTheOldOneIsMovedAway) {
  Accounting accounts = accounting();
  accounts.write(granted(), kStart);
  std::filesystem::rename(path_, path_ + ".1");
  accounts.write(granted(), kStart);
  EXPECT_EQ(lines(path_ + ".1"), 2U);
  accounts.reopen();
  accounts.write(granted(), kStart);
  EXPECT_EQ(lines(path_), 1U);
}

TEST_F(Accounts, ThatCannotBeWrittenAreComplainedOfOnceAndGoOnWhenTheyCan) {
  path_ = folder_ + "/missing/accounting.jsonl";
  Accounting accounts = accounting();
  accounts.write(granted(), kStart);
  accounts.write(granted(), kStart);
  ASSERT_EQ(troubles_.size(), 1U);
  EXPECT_NE(troubles_[0].message.find("missing/accounting.jsonl"), std::string::npos);
  std::filesystem::create_directory(folder_ + "/missing");
  accounts.write(granted(), kStart);
  EXPECT_EQ(lines(path_), 1U);
}

}  // namespace
}  // namespace rsip::gateway
