#include "gui/models/port_map.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>

namespace rsip::gui {
namespace {

class Words {
  Q_DECLARE_TR_FUNCTIONS(PortMap)
};

PortUse useOf(const std::string& use) {
  if (use == "in_use") return PortUse::kInUse;
  if (use == "listening") return PortUse::kListening;
  if (use == "resting") return PortUse::kResting;
  if (use == "retiring") return PortUse::kRetiring;
  return PortUse::kFree;
}

/// The smallest power of two of ports in a cell that keeps the map readable.
std::size_t portsPerCell(std::size_t ports) {
  std::size_t per = 1;
  while ((ports + per - 1) / per > PortMap::kMaxCells) per *= 2;
  return per;
}

void add(PortMap::Cell& cell, const ipc::PortStatus& port, PortUse use) {
  if (cell.ports == 0) {
    cell.first = port.port;
    cell.bind = port.bind;
  }
  cell.last = port.port;
  ++cell.ports;
  cell.taken += use == PortUse::kFree ? 0 : 1;
  cell.flows += port.flows;
  cell.use = std::max(cell.use, use);
}

}  // namespace

QString portUseText(PortUse use) {
  switch (use) {
    case PortUse::kFree:
      return Words::tr("Free");
    case PortUse::kInUse:
      return Words::tr("In use");
    case PortUse::kResting:
      return Words::tr("Resting after use");
    case PortUse::kListening:
      return Words::tr("Listening");
    case PortUse::kRetiring:
      return Words::tr("Going back");
  }
  return {};
}

PortMap::PortMap(const ipc::Ports& ports)
    : total_(std::uint32_t(ports.ports.size())), highWater_(ports.high_water) {
  const std::size_t per = portsPerCell(ports.ports.size());
  cells_.reserve((ports.ports.size() + per - 1) / per);
  for (std::size_t i = 0; i < ports.ports.size(); ++i) {
    const PortUse use = useOf(ports.ports[i].use);
    if (i % per == 0) cells_.emplace_back();
    add(cells_.back(), ports.ports[i], use);
    ++counts_[std::size_t(use)];
  }
}

QString PortMap::words() const {
  const QLocale locale;
  return Words::tr("%1 of %2 in use").arg(locale.toString(taken()), locale.toString(total_));
}

QString PortMap::words(const Cell& cell) {
  if (cell.ports > 1) {
    return Words::tr("Ports %1 to %2: %3 of %4 taken, %n flow(s)", nullptr, int(cell.flows))
        .arg(cell.first)
        .arg(cell.last)
        .arg(cell.taken)
        .arg(cell.ports);
  }
  if (cell.use != PortUse::kInUse) {
    return Words::tr("Port %1: %2 (lease %3)")
        .arg(cell.first)
        .arg(portUseText(cell.use))
        .arg(cell.bind);
  }
  return Words::tr("Port %1: in use by %n flow(s) (lease %2)", nullptr, int(cell.flows))
      .arg(cell.first)
      .arg(cell.bind);
}

}  // namespace rsip::gui
