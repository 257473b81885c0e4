#include <csignal>

#include <QApplication>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  testing::InitGoogleTest(&argc, argv);
  std::signal(SIGPIPE, SIG_IGN);  // QLocalSocket writes to sockets whose other end is gone
  const QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
