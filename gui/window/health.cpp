#include "gui/window/health.h"

#include <QCoreApplication>
#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

class Words {
  Q_DECLARE_TR_FUNCTIONS(Overview)
};

/// From that share of the limit on, new connections may soon find no port.
constexpr double kNearlyFull = 0.9;

void addNetwork(const ipc::NetworkStatus& network, std::vector<HealthItem>& items) {
  if (network.state == "sign_in") {
    items.push_back({Notice::Kind::kWarning, Words::tr("This network wants you to sign in first."),
                     Words::tr("Open its sign-in page; the agent goes on by itself after that.")});
  } else if (network.state == "none") {
    items.push_back({Notice::Kind::kWarning, Words::tr("There is no network."),
                     Words::tr("The agent goes on by itself when there is one.")});
  }
}

void addGateway(const ipc::GatewayStatus& gateway, std::vector<HealthItem>& items) {
  if (gateway.problem && gateway.state != "disabled") {
    items.push_back(
        {Notice::Kind::kError,
         Words::tr("%1: %2").arg(text(gateway.name), sentence(gateway.problem->message)),
         sentence(gateway.problem->hint)});
  }
  const ipc::PortUsage& ports = gateway.ports;
  if (ports.limit > 0 && ports.used >= kNearlyFull * ports.limit) {
    items.push_back(
        {Notice::Kind::kWarning,
         Words::tr("%1: %2 of at most %3 ports are in use.")
             .arg(text(gateway.name), QLocale().toString(ports.used),
                  QLocale().toString(ports.limit)),
         Words::tr("Close connections, or raise max_ports in the agent's configuration.")});
  }
}

}  // namespace

std::vector<HealthItem> healthOf(const AgentMirror& mirror) {
  std::vector<HealthItem> items;
  if (!mirror.isConnected()) return items;
  addNetwork(mirror.status().network, items);
  for (const ipc::GatewayStatus& gateway : mirror.status().gateways) addGateway(gateway, items);
  if (items.empty() && mirror.status().gateways.empty()) {
    items.push_back({Notice::Kind::kInfo, Words::tr("No gateway is configured."),
                     Words::tr("The page Gateways looks for one and shows what to configure.")});
  } else if (items.empty()) {
    items.push_back({Notice::Kind::kGood, Words::tr("Nothing is wrong."), {}});
  }
  return items;
}

}  // namespace rsip::gui
