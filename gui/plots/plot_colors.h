#pragma once

#include <QBrush>
#include <QColor>
#include <QPalette>

#include "gui/models/port_map.h"

namespace rsip::gui {

/// The few colours of all plots and of faults in text, for a light or a dark palette.
struct PlotColors {
  QColor text = {};   ///< Labels.
  QColor faint = {};  ///< Labels of less weight; still readable.
  QColor grid = {};   ///< Lines and empty cells' borders.
  QColor blue = {}, green = {}, amber = {}, red = {}, grey = {};
};
PlotColors plotColors(const QPalette& palette);
bool isDark(const QPalette& palette);

/// How well one is seen on the other, 1 to 21 (WCAG 2.1).
double contrast(const QColor& one, const QColor& other);

/// Colour and hatch of a port's use: the hatch tells them apart without colour.
struct UseLook {
  QColor fill;
  Qt::BrushStyle hatch = Qt::NoBrush;
};
UseLook lookOf(PortUse use, const PlotColors& colors);

}  // namespace rsip::gui
