#include "tests/gateway/config/access.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "common/config/table_reader.h"

namespace rsip::gateway {
namespace {

constexpr const char* kSecret = "correct horse battery";

class GatewayAccess : public testing::Test {
 protected:
  GatewayAccess() {
    std::string folder = (std::filesystem::temp_directory_path() / "rsip-access-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) ADD_FAILURE() << "no folder";
    folder_ = folder;
  }
  ~GatewayAccess() override { std::filesystem::remove_all(folder_); }

  /// Writes a file that only its owner may read.
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  std::string key(const std::string& id, const std::string& secret = kSecret) {
    return "[[key]]\nid = " + id + "\nsecret_file = \"" + file("secret" + id, secret) + "\"\n";
  }

  static Result<AccessSettings> parse(const std::string& text) {
    return parse_toml(text, "gw.toml").and_then([](const toml::table& root) {
      return parse_access(root, "gw.toml");
    });
  }
  static std::string complaint(const std::string& text) {
    const auto access = parse(text);
    return access ? "accepted" : to_line(access.error());
  }

  std::filesystem::path folder_;
};

#define EXPECT_COMPLAINT(text, part) \
  EXPECT_NE(complaint(text).find(part), std::string::npos) << complaint(text)

TEST_F(GatewayAccess, IsOpenWithoutAnyOfTheSections) {
  const auto access = parse("");
  ASSERT_TRUE(access);
  EXPECT_TRUE(access->keys.empty());
  EXPECT_FALSE(access->authentication_required);
  EXPECT_FALSE(access->tls);
}

TEST_F(GatewayAccess, TakesKeys) {
  const auto access = parse(key("1", std::string(kSecret) + "\n") + key("4294967295") +
                            "hosts = [\"10.1.0.0/16\", \"10.2.0.9\"]\n[auth]\nrequired = true\n");
  ASSERT_TRUE(access) << to_line(access.error());
  ASSERT_EQ(access->keys.size(), 2U);
  EXPECT_EQ(access->keys[0].key, (auth::Key{1, *auth::Secret::parse(kSecret)}));
  EXPECT_EQ(access->keys[0].hosts, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
  EXPECT_EQ(access->keys[1].key.id, 4294967295U);
  EXPECT_EQ(access->keys[1].hosts.size(), 2U);
  EXPECT_TRUE(access->authentication_required);
}

// H-021: authentication without a key refuses to start
TEST_F(GatewayAccess, DoesNotRequireAuthenticationWithoutAKey) {
  EXPECT_COMPLAINT("[auth]\nrequired = true\n", "gw.toml:2:12: authentication is required");
}

TEST_F(GatewayAccess, NamesTheSecretFileThatIsNoGoodButNotTheSecret) {
  EXPECT_COMPLAINT("[[key]]\nid = 1\nsecret_file = \"/nonexistent\"\n", "/nonexistent");
  EXPECT_COMPLAINT(key("1", "hunter2"), "the secret is too short");
  EXPECT_COMPLAINT(key("1", "hunter2"), "secret1");
  EXPECT_EQ(complaint(key("1", "hunter2")).find("hunter2"), std::string::npos);
}

TEST_F(GatewayAccess, RefusesASecretThatEverybodyMayRead) {
  const std::string text = key("1");
  std::filesystem::permissions(folder_ / "secret1", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_COMPLAINT(text, "open to every user");
  EXPECT_COMPLAINT(text, "chmod");
}

TEST_F(GatewayAccess, RefusesKeysThatAreIncompleteOrThereTwice) {
  EXPECT_COMPLAINT("[[key]]\nid = 1\n", "[[key]] has no secret_file");
  EXPECT_COMPLAINT("[[key]]\nsecret_file = \"" + file("s", kSecret) + "\"\n", "has no id");
  EXPECT_COMPLAINT(key("1") + key("1"), "id = 1 is there twice");
  EXPECT_COMPLAINT(key("-1"), "out of range");
  EXPECT_COMPLAINT("[key]\nid = 1\n", "Write [[key]]");
  EXPECT_COMPLAINT(key("1") + "secret = \"x\"\n", "unknown key 'secret'");
  EXPECT_COMPLAINT("[auth]\nrequired = \"yes\"\n", "Expected true or false");
  EXPECT_COMPLAINT("auth = 1\n", "[auth] is no section");
}

TEST_F(GatewayAccess, TakesTlsByCertificateAndByKeys) {
  const std::string psks = file("psks", "# hosts\nlaptop:" + std::string(kSecret) +
                                            "\n\nphone:00112233445566778899aabbccddeeff\r\n");
  const auto access = parse(
      "[tls]\nport = 4556\ncertificate = \"c.pem\"\nprivate_key = \"k.pem\"\n"
      "psk_file = \"" +
      psks + "\"\n");
  ASSERT_TRUE(access) << to_line(access.error());
  ASSERT_TRUE(access->tls);
  EXPECT_EQ(access->tls->port, 4556);
  EXPECT_EQ(access->tls->certificate, "c.pem");
  ASSERT_EQ(access->tls->psks.size(), 2U);
  EXPECT_EQ(access->tls->psks[0].identity, "laptop");
  EXPECT_EQ(access->tls->psks[0].secret, *auth::Secret::parse(kSecret));
  EXPECT_EQ(access->tls->psks[1].secret.bytes().size(), 16U);
}

TEST_F(GatewayAccess, HasNoTlsWithoutAPort) {
  const auto access = parse("[tls]\nport = 0\n");
  ASSERT_TRUE(access);
  EXPECT_FALSE(access->tls);
}

TEST_F(GatewayAccess, RefusesTlsThatCannotWork) {
  EXPECT_COMPLAINT("[tls]\nport = 4556\n", "neither a certificate nor pre-shared keys");
  EXPECT_COMPLAINT("[tls]\nport = 4556\ncertificate = \"c.pem\"\n", "belong together");
  const auto with = [this](const std::string& psks) {
    return "[tls]\nport = 4556\npsk_file = \"" + file("psks", psks) + "\"\n";
  };
  EXPECT_COMPLAINT(with("laptop\n"), "psks:1: there is no identity");
  EXPECT_COMPLAINT(with("#\na:short\n"), "psks:2: the secret is too short");
  const std::string line = "a:" + std::string(kSecret) + "\n";
  EXPECT_COMPLAINT(with(line + line), "psks:2: that identity was there before");
}

}  // namespace
}  // namespace rsip::gateway
