#include "gui/window/page_icons.h"

#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>

namespace rsip::gui {
namespace {

/// Drawings are in a square of that side.
constexpr int kSide = 20;

void overview(QPainterPath& path) {
  path.arcMoveTo(QRectF(2.5, 4, 15, 15), 0);
  path.arcTo(QRectF(2.5, 4, 15, 15), 0, 180);
  path.moveTo(10, 11.5);
  path.lineTo(13.5, 7.5);
  path.moveTo(2.5, 15);
  path.lineTo(17.5, 15);
}

void leases(QPainterPath& path) {
  path.addEllipse(QRectF(3, 3, 14, 14));
  path.moveTo(10, 6);
  path.lineTo(10, 10.5);
  path.lineTo(13, 12);
}

void ports(QPainterPath& path) {
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 2; ++column) {
      path.addRoundedRect(QRectF(3 + column * 8, 3 + row * 8, 6, 6), 1, 1);
    }
  }
}

void flows(QPainterPath& path) {
  path.moveTo(3, 7);
  path.lineTo(16, 7);
  path.moveTo(12.5, 3.5);
  path.lineTo(16.5, 7);
  path.lineTo(12.5, 10);
  path.moveTo(17, 13.5);
  path.lineTo(4, 13.5);
  path.moveTo(7.5, 10.5);
  path.lineTo(3.5, 13.5);
  path.lineTo(7.5, 17);
}

void gateways(QPainterPath& path) {
  path.addRoundedRect(QRectF(3, 10, 14, 6.5), 1.5, 1.5);
  path.moveTo(6, 13.2);
  path.lineTo(6.5, 13.2);
  path.moveTo(13.5, 10);
  path.lineTo(13.5, 6);
  path.arcMoveTo(QRectF(10, 2.5, 7, 7), 30);
  path.arcTo(QRectF(10, 2.5, 7, 7), 30, 120);
}

void ipsec(QPainterPath& path) {
  path.addRoundedRect(QRectF(4, 9, 12, 8), 1.5, 1.5);
  path.moveTo(6.5, 9);
  path.lineTo(6.5, 7);
  path.arcTo(QRectF(6.5, 3, 7, 7.5), 180, -180);
  path.lineTo(13.5, 9);
}

void doctor(QPainterPath& path) {
  path.addEllipse(QRectF(3, 3, 14, 14));
  path.moveTo(10, 6.5);
  path.lineTo(10, 13.5);
  path.moveTo(6.5, 10);
  path.lineTo(13.5, 10);
}

void log(QPainterPath& path) {
  for (const double y : {5.0, 10.0, 15.0}) {
    path.moveTo(3, y);
    path.lineTo(3.6, y);
    path.moveTo(7, y);
    path.lineTo(17, y);
  }
}

void settings(QPainterPath& path) {
  for (int line = 0; line < 3; ++line) {
    const double y = 5 + line * 5.0;
    const double knob = line == 1 ? 12.5 : 7;
    path.moveTo(3, y);
    path.lineTo(knob - 2, y);
    path.addEllipse(QPointF(knob, y), 2, 2);
    path.moveTo(knob + 2, y);
    path.lineTo(17, y);
  }
}

QPainterPath drawingOf(Page page) {
  QPainterPath path;
  constexpr void (*kDrawings[])(QPainterPath&) = {overview, leases, ports, flows,   gateways,
                                                  ipsec,    doctor, log,   settings};
  kDrawings[int(page)](path);
  return path;
}

QPixmap drawn(Page page, const QColor& color, int pixels) {
  QPixmap pixmap(pixels, pixels);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(double(pixels) / kSide, double(pixels) / kSide);
  painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawPath(drawingOf(page));
  return pixmap;
}

}  // namespace

QIcon pageIcon(Page page, const QPalette& palette) {
  QIcon icon;
  for (const int pixels : {20, 24, 32, 40, 48}) {
    icon.addPixmap(drawn(page, palette.color(QPalette::WindowText), pixels));
    icon.addPixmap(drawn(page, palette.color(QPalette::HighlightedText), pixels), QIcon::Selected);
  }
  return icon;
}

}  // namespace rsip::gui
