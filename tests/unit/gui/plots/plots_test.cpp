#include <QKeyEvent>
#include <QSignalSpy>
#include <gmock/gmock.h>

#include "gui/models/words.h"
#include "gui/plots/lease_timeline_plot.h"
#include "gui/plots/plot_colors.h"
#include "gui/plots/pool_map_view.h"
#include "gui/plots/sparkline.h"
#include "gui/plots/usage_chart.h"

using namespace rsip;
using namespace rsip::gui;

namespace {

QPalette light() {
  QPalette palette;
  palette.setColor(QPalette::Window, Qt::white);
  palette.setColor(QPalette::Base, Qt::white);
  palette.setColor(QPalette::WindowText, QColor(0x20, 0x24, 0x2a));
  return palette;
}
QPalette dark() {
  QPalette palette;
  palette.setColor(QPalette::Window, QColor(0x20, 0x23, 0x28));
  palette.setColor(QPalette::Base, QColor(0x26, 0x2a, 0x30));
  palette.setColor(QPalette::WindowText, QColor(0xe6, 0xe8, 0xeb));
  return palette;
}

/// Pixels of nearly that colour: lines are smoothed.
int countNear(const QImage& image, const QColor& color) {
  int found = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QColor pixel = image.pixelColor(x, y);
      found += std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) +
                           std::abs(pixel.blue() - color.blue()) <
                       120
                   ? 1
                   : 0;
    }
  }
  return found;
}

/// As it is painted, on its palette's ground.
QImage painted(QWidget& widget, const QPalette& palette) {
  widget.setPalette(palette);
  widget.setAutoFillBackground(true);
  return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

int count(const QImage& image, const QColor& color) {
  int found = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x)
      found += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
  }
  return found;
}

void press(QWidget& widget, int key) {
  QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier);
  QCoreApplication::sendEvent(&widget, &event);
}

ipc::Ports somePorts() {
  ipc::Ports ports;
  for (std::uint16_t i = 0; i < 32; ++i) {
    ports.ports.push_back({.port = std::uint16_t(5000 + i), .bind = 3, .use = "free"});
  }
  ports.ports[2].use = "in_use";
  ports.ports[2].flows = 1;
  ports.ports[3].use = "resting";
  return ports;
}

struct EachPalette : testing::TestWithParam<bool> {
  QPalette palette = GetParam() ? dark() : light();
  PlotColors colors = plotColors(palette);
};
INSTANTIATE_TEST_SUITE_P(Plots, EachPalette, testing::Bool(),
                         [](const auto& which) { return which.param ? "Dark" : "Light"; });

}  // namespace

TEST_P(EachPalette, ColoursAreSeenOnTheGround) {
  const QColor base = palette.color(QPalette::Base);
  for (const QColor& color : {colors.blue, colors.green, colors.amber, colors.red}) {
    EXPECT_GE(contrast(color, base), 4.5) << color.name().toStdString();
  }
  EXPECT_GE(contrast(colors.faint, base), 4.5);
  EXPECT_GE(contrast(colors.grey, base), 3);
}

TEST_P(EachPalette, PoolMapPaintsEachUseInItsColour) {
  PoolMapView view;
  view.resize(400, 200);
  view.setMap(PortMap(somePorts()));
  const QImage image = painted(view, palette);
  EXPECT_EQ(image.pixelColor(view.cellRect(2).center()).rgb(), colors.blue.rgb());
  EXPECT_EQ(image.pixelColor(view.cellRect(0).center()).rgb(),
            palette.color(QPalette::Window).rgb());
  EXPECT_GT(count(image.copy(view.cellRect(3)), colors.amber), 10);
  EXPECT_LT(count(image.copy(view.cellRect(3)), colors.amber), 24 * 24) << "hatched";
}

TEST_P(EachPalette, TimelinePaintsThePastFullAndTheFutureFaint) {
  ipc::Status status;
  status.gateways.push_back({.name = "hotel"});
  const std::int64_t now = timeOf("2026-11-24T13:30:00Z").toMSecsSinceEpoch();
  status.gateways[0].leases.push_back(
      {.bind = 3,
       .expires_in_seconds = 3000,
       .granted_seconds = 3600,
       .history = {{.time = "2026-11-24T13:10:00Z", .what = "granted", .granted_seconds = 3600}}});
  LeaseTimeline line;
  line.update(status, [](const std::string&, std::uint32_t s) { return s; }, now);
  LeaseTimelinePlot plot;
  plot.resize(800, 100);
  plot.setTimeline(line, now);
  const QImage image = painted(plot, palette);
  const int y = int(plot.barRect(0).center().y());
  EXPECT_EQ(image.pixelColor(int(plot.xOf(now - 300'000)), y).rgb(), colors.green.rgb());
  const QColor ahead = image.pixelColor(int(plot.xOf(now + 1200'000)), y);
  EXPECT_NE(ahead.rgb(), colors.green.rgb());
  EXPECT_NE(ahead.rgb(), palette.color(QPalette::Window).rgb());
  EXPECT_EQ(image.pixelColor(int(plot.xOf(now)), int(plot.barRect(0).bottom()) + 4).rgb(),
            colors.blue.rgb());
  EXPECT_THAT(plot.accessibleDescription().toStdString(),
              testing::HasSubstr("hotel, lease 3: ends in 50 min"));
}

TEST_P(EachPalette, SparklinePaintsTrafficButNotGaps) {
  ThroughputHistory history;
  for (int second = 0; second <= 20; ++second) history.add(second * 1000, second * 90'000, 0);
  history.add(40'000, 0, 0);
  for (int second = 41; second <= 60; ++second)
    history.add(second * 1000, 0, (second - 41) * 90'000);
  Sparkline line;
  line.resize(600, 120);
  line.setHistory(history);
  const QImage image = painted(line, palette);
  EXPECT_GT(countNear(image, colors.amber), 20) << "up";
  EXPECT_GT(countNear(image, colors.blue), 20) << "down";
  const QImage gap = image.copy(250, 30, 80, 15);
  EXPECT_EQ(count(gap, palette.color(QPalette::Window)), gap.width() * gap.height());
}

TEST_P(EachPalette, UsageChartPaintsReceivedUnderSent) {
  UsageChart chart;
  chart.resize(600, 200);
  chart.setBars(UsageBars::byDay({{.day = "2026-11-24", .sent_bytes = 500, .received_bytes = 500}},
                                 QDate(2026, 11, 24)));
  const QImage image = painted(chart, palette);
  const QRectF bar = chart.barRect(29);
  EXPECT_EQ(image.pixelColor(int(bar.center().x()), int(bar.top()) + 5).rgb(), colors.amber.rgb());
  EXPECT_EQ(image.pixelColor(int(bar.center().x()), int(bar.bottom()) - 5).rgb(),
            colors.blue.rgb());
}

TEST(PoolMapView, TellsCellsToTheKeyboardAndToScreenReaders) {
  PoolMapView view;
  view.resize(400, 200);
  view.setMap(PortMap(somePorts()));
  EXPECT_EQ(view.accessibleDescription(), "2 of 32 in use");
  QSignalSpy pointed(&view, &PoolMapView::pointedAt);
  QSignalSpy activated(&view, &PoolMapView::activated);
  press(view, Qt::Key_Right);
  press(view, Qt::Key_Right);
  press(view, Qt::Key_Right);
  EXPECT_THAT(view.accessibleDescription().toStdString(), testing::StartsWith("Port 5002: in use"));
  EXPECT_EQ(pointed.count(), 3);
  press(view, Qt::Key_Return);
  ASSERT_EQ(activated.count(), 1);
  press(view, Qt::Key_End);
  press(view, Qt::Key_Right);
  EXPECT_THAT(view.accessibleDescription().toStdString(), testing::StartsWith("Port 5031"));
}

TEST(PoolMapView, FindsACellByItsPlace) {
  PoolMapView view;
  view.resize(400, 200);
  view.setMap(PortMap(somePorts()));
  EXPECT_EQ(view.cellAt(view.cellRect(17).center()), 17);
  EXPECT_EQ(view.cellAt(QPoint(399, 199)), -1);
}

TEST(UsageChart, SaysTheTotalUntilABarIsPointedAt) {
  UsageChart chart;
  chart.setBars(UsageBars::byDay({{.day = "2026-11-24", .sent_bytes = 1000}}, QDate(2026, 11, 24)));
  EXPECT_THAT(chart.accessibleDescription().toStdString(), testing::StartsWith("1.0 kB sent"));
  press(chart, Qt::Key_Left);
  EXPECT_THAT(chart.accessibleDescription().toStdString(), testing::HasSubstr(": 1.0 kB sent"));
}
