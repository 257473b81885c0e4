#include "agent/discovery/lease_reader.h"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

constexpr std::int64_t kNow = 1767225600;

/// A machine's files in a folder that vanishes with the test.
class LeaseReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "leases.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  LeaseHints read() { return read_leases({"eth0", 3, 224, kNow, root_}); }

  std::string first_gateway() {
    const auto hints = read();
    return hints.gateways.empty() ? "none" : hints.gateways.front().address.to_string();
  }

  static std::string dhclient_lease(const char* hex, const char* expire) {
    return std::string("lease {\n interface \"eth0\";\n option unknown-224 ") + hex +
           ";\n expire 4 " + expire + ";\n}\n";
  }

  std::filesystem::path root_;
};

TEST_F(LeaseReaderTest, FindsNothingWhereThereAreNoFiles) {
  EXPECT_EQ(read(), LeaseHints());
  EXPECT_EQ(read_leases({"", 3, 224, kNow, root_}), LeaseHints());
}

// H-026: the files of each DHCP client.
TEST_F(LeaseReaderTest, ReadsTheFilesOfEachClient) {
  const std::string dhclient = dhclient_lease("a:1:0:1", "2026/01/02 00:00:00");
  const std::string key_value = "OPTION_224=0a010001\n";
  const std::vector<std::pair<std::string, std::string>> files = {
      {"run/systemd/netif/leases/3", key_value},
      {"run/NetworkManager/devices/3", "[dhcp4]\nprivate_224=0a:01:00:01\n"},
      {"var/lib/NetworkManager/internal-1b2c-eth0.lease", key_value},
      {"var/lib/NetworkManager/dhclient-1b2c-eth0.lease", dhclient},
      {"var/lib/dhcp/dhclient.leases", dhclient},
      {"var/lib/dhcp/dhclient.eth0.leases", dhclient},
      {"var/lib/dhclient/dhclient--eth0.lease", dhclient}};
  for (const auto& [path, text] : files) {
    EXPECT_EQ(first_gateway(), "none");
    write(path, text);
    EXPECT_EQ(first_gateway(), "10.1.0.1") << path;
    std::filesystem::remove(root_ / path);
  }
}

TEST_F(LeaseReaderTest, LeavesFilesOfOtherInterfacesAlone) {
  write("run/systemd/netif/leases/4", "OPTION_224=0a010001\n");
  write("var/lib/NetworkManager/internal-1b2c-eth1.lease", "OPTION_224=0a010001\n");
  EXPECT_EQ(first_gateway(), "none");
}

TEST_F(LeaseReaderTest, TakesTheLeaseThatEndsLast) {
  write("var/lib/dhcp/dhclient.eth0.leases", dhclient_lease("a:1:0:1", "2026/02/02 00:00:00"));
  write("var/lib/dhcp/dhclient.leases", dhclient_lease("a:1:0:2", "2026/01/02 00:00:00"));
  EXPECT_EQ(first_gateway(), "10.1.0.1");
}

TEST_F(LeaseReaderTest, FillsGapsOfOneFileFromAnother) {
  write("run/systemd/netif/leases/3", "ROUTER=10.0.2.2\n");
  write("run/NetworkManager/devices/3", "[dhcp4]\nprivate_224=0a:01:00:01\nrouters=10.9.9.9\n");
  EXPECT_EQ(first_gateway(), "10.1.0.1");
  EXPECT_EQ(read().router->to_string(), "10.0.2.2");
}

TEST_F(LeaseReaderTest, ReadsTheEndOfAFileThatHasGrownLong) {
  std::string text;
  while (text.size() < 1024 * 1024) text += dhclient_lease("a:1:0:9", "2026/01/02 00:00:00");
  write("var/lib/dhcp/dhclient.leases", text + dhclient_lease("a:1:0:1", "2026/01/02 00:00:00"));
  EXPECT_EQ(first_gateway(), "10.1.0.1");
}

TEST_F(LeaseReaderTest, ReadsOverAFolderWhereAFileShouldBe) {
  std::filesystem::create_directories(root_ / "run/systemd/netif/leases/3");
  EXPECT_EQ(read(), LeaseHints());
}

}  // namespace
}  // namespace rsip::agent
