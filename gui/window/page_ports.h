#pragma once

#include <QComboBox>

#include "gui/plots/pool_map_view.h"
#include "gui/window/page.h"

namespace rsip::gui {

/// The leased ports of a gateway and what they do.
class PagePorts : public PageBase {
  Q_OBJECT

 public:
  explicit PagePorts(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 signals:
  /// Somebody wants to see the flows of a port: what to filter by.
  void flowsWanted(const QString& filter);

 protected:
  void refresh() override;
  void poll() override;

 private:
  void show(const ipc::Ports& ports);
  void showPointed(const QString& words);

  ipc::Ports ports_;
  QComboBox* gateway_;
  QLabel* counts_;
  QLabel* more_;
  PoolMapView* map_;
  PoolMapLegend* legend_;
  QLabel* pointed_;
  QLabel* empty_;
  Card* card_;
};

}  // namespace rsip::gui
