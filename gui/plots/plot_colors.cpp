#include "gui/plots/plot_colors.h"

#include <algorithm>
#include <cmath>

namespace rsip::gui {
namespace {

QColor mix(const QColor& one, const QColor& other, double share) {
  const auto part = [share](float a, float b) { return float(a * (1 - share) + b * share); };
  return QColor::fromRgbF(part(one.redF(), other.redF()), part(one.greenF(), other.greenF()),
                          part(one.blueF(), other.blueF()));
}

double luminance(const QColor& color) {
  const auto linear = [](double part) {
    return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
         0.0722 * linear(color.blueF());
}

}  // namespace

bool isDark(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() <
         palette.color(QPalette::WindowText).lightness();
}

PlotColors plotColors(const QPalette& palette) {
  const QColor text = palette.color(QPalette::WindowText);
  const QColor base = palette.color(QPalette::Base);
  PlotColors colors{.text = text, .faint = mix(text, base, 0.35), .grid = mix(text, base, 0.82)};
  if (isDark(palette)) {
    colors.blue = QColor(0x6c, 0xae, 0xf2);
    colors.green = QColor(0x5c, 0xc8, 0x92);
    colors.amber = QColor(0xe6, 0xb4, 0x50);
    colors.red = QColor(0xff, 0x8a, 0x80);
    colors.grey = QColor(0x8d, 0x96, 0xa3);
  } else {
    colors.blue = QColor(0x1f, 0x65, 0xb5);
    colors.green = QColor(0x1a, 0x7f, 0x4f);
    colors.amber = QColor(0x9a, 0x62, 0x00);
    colors.red = QColor(0xb3, 0x26, 0x1e);
    colors.grey = QColor(0x6b, 0x72, 0x80);
  }
  return colors;
}

double contrast(const QColor& one, const QColor& other) {
  const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
  return (light + 0.05) / (dark + 0.05);
}

UseLook lookOf(PortUse use, const PlotColors& colors) {
  switch (use) {
    case PortUse::kInUse:
      return {colors.blue, Qt::NoBrush};
    case PortUse::kListening:
      return {colors.green, Qt::HorPattern};
    case PortUse::kResting:
      return {colors.amber, Qt::BDiagPattern};
    case PortUse::kRetiring:
      return {colors.grey, Qt::CrossPattern};
    case PortUse::kFree:
      break;
  }
  return {Qt::transparent, Qt::NoBrush};
}

}  // namespace rsip::gui
