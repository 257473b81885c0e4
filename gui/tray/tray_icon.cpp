#include "gui/tray/tray_icon.h"

#include <algorithm>
#include <utility>

#include <QMenu>

#include "gui/style/state_icon.h"
#include "gui/text/sentences.h"
#include "gui/tray/tray_menu.h"

namespace rsip::gui {
namespace {

constexpr std::uint32_t kSlowSeconds = 30;
constexpr std::uint32_t kSoonStepSeconds = 5;

/// Ports of a pool are nearly all in use.
bool isPoolNearlyFull(const ipc::Status& status) {
  return std::ranges::any_of(status.gateways, [](const ipc::GatewayStatus& gateway) {
    const ipc::PortUsage& ports = gateway.ports;
    return ports.limit != 0 && std::uint64_t{ports.used} * 10 >= std::uint64_t{ports.limit} * 9;
  });
}

}  // namespace

TrayIcon::TrayIcon(AgentMirror& agent, Appearance& appearance, QMenu* menu, QObject* parent)
    : QObject(parent), agent_(agent), appearance_(appearance) {
  icon_.setContextMenu(menu);
  connect(&icon_, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason why) {
    if (why == QSystemTrayIcon::Trigger) emit clicked();
    if (why == QSystemTrayIcon::MiddleClick) emit middleClicked();
  });
  connect(&agent_, &AgentMirror::changed, this, &TrayIcon::update);
  connect(&appearance_, &Appearance::changed, this, &TrayIcon::update);
  next_.setSingleShot(true);
  next_.setTimerType(Qt::VeryCoarseTimer);
  connect(&next_, &QTimer::timeout, this, &TrayIcon::update);
  update();
  icon_.show();  // with its picture: hosts show an empty place for one without
}

void TrayIcon::update() {
  const Situation now = situationOf(agent_);
  updateIcon(now.summary.mood);
  const QString words = tooltipLines(now, QDateTime::currentDateTime()).join(QLatin1Char('\n'));
  if (icon_.toolTip() != words) icon_.setToolTip(words);
  waitForNextChange(now.summary);
}

void TrayIcon::updateIcon(ipc::Mood mood) {
  const bool dark = appearance_.isTrayDark();
  const bool attention = isPoolNearlyFull(agent_.status());
  const QString look = QStringLiteral("%1 %2 %3").arg(int(mood)).arg(dark).arg(attention);
  if (std::exchange(shown_, look) != look) icon_.setIcon(stateIcon(mood, dark, attention));
}

void TrayIcon::waitForNextChange(const ipc::Summary& summary) {
  if (!summary.ends_in_seconds || *summary.ends_in_seconds == 0) return next_.stop();
  const std::uint32_t left = *summary.ends_in_seconds;
  // Not later than the moment from which on the lease counts as about to end.
  const std::uint32_t step = left >= ipc::kSoonSeconds
                                 ? std::min(kSlowSeconds, left - ipc::kSoonSeconds + 1)
                                 : kSoonStepSeconds;
  next_.start(static_cast<int>(step * 1000));
}

}  // namespace rsip::gui
