#include "agent/ipsec/ike_fragment.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

class IkeFragmentTest : public testing::Test {
 protected:
  IkeFragmentTest() {
    folder_ = testing::TempDir() + "fragment-XXXXXX";
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/rsip.conf";
  }
  ~IkeFragmentTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  std::string folder_;
  std::string path_;
};

TEST_F(IkeFragmentTest, SaysOneSpiAndTwoPorts) {
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0x1000, 8}, 40000}));
  EXPECT_EQ(content(),
            "# Written by rsipd: the next SPIs are those that the RSIP gateway leased.\n"
            "charon {\n  spi_min = 0x00001000\n  spi_max = 0x00001007\n  port = 40000\n"
            "  port_nat_t = 40001\n}\n");
}

TEST_F(IkeFragmentTest, LeavesOutWhatCharonMayChoose) {
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0xf0000001, 1}, std::nullopt}));
  EXPECT_EQ(content().find("port"), std::string::npos);
  EXPECT_NE(content().find("  spi_min = 0xf0000001\n"), std::string::npos);
}

TEST_F(IkeFragmentTest, IsReadableForAllWhateverTheUmaskAndLeavesNothingBeside) {
  const mode_t before = umask(0077);
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0x1000, 8}, 40000}));
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0x1001, 1}, 40000}));
  umask(before);
  struct stat info{};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0644U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(IkeFragmentTest, DoesNotFollowALinkThatSomebodyPlanted) {
  std::ofstream(folder_ + "/victim") << "kept";
  std::filesystem::create_symlink(folder_ + "/victim", path_ + ".new");
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0x1000, 8}, 40000}));
  std::string kept;
  std::ifstream(folder_ + "/victim") >> kept;
  EXPECT_EQ(kept, "kept");
}

TEST_F(IkeFragmentTest, AMissingFolderIsSaidWithWhatToDo) {
  const auto written =
      write_ike_fragment(folder_ + "/none/rsip.conf", {SpiRange{0x1000, 8}, 40000});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(written.error().message.find("/none/rsip.conf"), std::string::npos);
  EXPECT_FALSE(written.error().hint.empty());
}

TEST_F(IkeFragmentTest, ThePortOfAnEarlierLifeIsFound) {
  EXPECT_EQ(fragment_ike_port(path_), std::nullopt);
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0x1000, 8}, 40000}));
  EXPECT_EQ(fragment_ike_port(path_), 40000);
}

TEST_F(IkeFragmentTest, LeavesNoSettingButRemembersThePort) {
  ASSERT_TRUE(write_ike_fragment(path_, {SpiRange{0x1000, 8}, 40000}));
  ASSERT_TRUE(leave_ike_fragment(path_, 40000));
  EXPECT_EQ(content(), "# rsipd is not running. Its IKE port was 40000\n");
  EXPECT_EQ(fragment_ike_port(path_), 40000);
  ASSERT_TRUE(leave_ike_fragment(path_, std::nullopt));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_TRUE(leave_ike_fragment(path_, std::nullopt)) << "and again";
}

TEST_F(IkeFragmentTest, AStrangePortIsNone) {
  for (const char* const text :
       {"  port = 0\n", "  port = 70000\n", "  port = x\n", "  port = \n", "  port = 12 13\n",
        "  port_nat_t = 4501\n", "# port = 3\n", "# rsipd is not running. Its IKE port was x\n"}) {
    std::ofstream(path_, std::ios::trunc) << text;
    EXPECT_EQ(fragment_ike_port(path_), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rsip::agent
