#include "gui/style/state_icon.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace rsip::gui {
namespace {

constexpr int kSizes[] = {16, 22, 24, 32, 44, 48, 64, 128};
const QColor kAttention(0xe0, 0x1b, 0x24);

/// The disc that everything is drawn on or in.
struct Disc {
  QRectF box;
  double line;  ///< Width of its ring; whole pixels, so that small ones are crisp.

  explicit Disc(int size) : line(std::max(2.0, std::round(size / 9.0))) {
    const double margin = size >= 22 ? std::round(size / 22.0) : 0;
    box = QRectF(margin, margin, size - 2 * margin, size - 2 * margin);
  }
  [[nodiscard]] QRectF ring() const {
    return box.adjusted(line / 2, line / 2, -line / 2, -line / 2);
  }
  /// A point of it; (-1, -1) to (1, 1).
  [[nodiscard]] QPointF at(double x, double y) const {
    return box.center() + QPointF(x * box.width() / 2, y * box.height() / 2);
  }
};

QPen penOf(const QColor& color, double width) {
  return {color, width, Qt::SolidLine, Qt::FlatCap};
}

void paintRing(QPainter& painter, const Disc& disc, const QColor& color) {
  painter.setPen(penOf(color, disc.line));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(disc.ring());
}

void paintGap(QPainter& painter, const Disc& disc, const QColor& color) {
  painter.setPen(penOf(color, disc.line));
  painter.drawArc(disc.ring(), (90 + 40) * 16, 280 * 16);
}

void paintDots(QPainter& painter, const Disc& disc, const QColor& color) {
  paintRing(painter, disc, color);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  const double radius = std::max(1.0, disc.line / 2);
  for (const double x : {-0.4, 0.0, 0.4}) painter.drawEllipse(disc.at(x, 0), radius, radius);
}

/// An arrow that goes through a door.
void paintDoor(QPainter& painter, const Disc& disc, const QColor& color) {
  paintRing(painter, disc, color);
  painter.setPen(penOf(color, std::max(1.5, disc.line * 0.8)));
  painter.drawLine(disc.at(0.42, -0.48), disc.at(0.42, 0.48));
  painter.drawLine(disc.at(-0.55, 0), disc.at(0.2, 0));
  const QPointF head[] = {disc.at(-0.12, -0.34), disc.at(0.22, 0), disc.at(-0.12, 0.34)};
  painter.drawPolyline(head, 3);
}

void paintHalf(QPainter& painter, const Disc& disc, const QColor& color) {
  paintRing(painter, disc, color);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawPie(disc.box, 180 * 16, 180 * 16);
}

/// A full disc with `hole` left out of it.
void paintDisc(QPainter& painter, const Disc& disc, const QColor& color,
               const QPainterPath& hole = {}) {
  QPainterPath full;
  full.addEllipse(disc.box);
  painter.setPen(Qt::NoPen);
  painter.fillPath(full.subtracted(hole), color);
}

QPainterPath exclamationOf(const Disc& disc) {
  const double width = std::max(2.0, disc.line);
  QPainterPath path;
  path.addRect(
      QRectF(disc.at(0, -0.62) - QPointF(width / 2, 0), disc.at(0, 0.16) + QPointF(width / 2, 0)));
  path.addRect(QRectF(disc.at(0, 0.36) - QPointF(width / 2, 0), QSizeF(width, width)));
  return path;
}

QPainterPath crossOf(const Disc& disc) {
  QPainterPath lines;
  lines.moveTo(disc.at(-0.42, -0.42));
  lines.lineTo(disc.at(0.42, 0.42));
  lines.moveTo(disc.at(0.42, -0.42));
  lines.lineTo(disc.at(-0.42, 0.42));
  QPainterPathStroker stroker;
  stroker.setWidth(std::max(2.0, disc.line));
  return stroker.createStroke(lines).simplified();
}

void paintShape(QPainter& painter, const Disc& disc, ipc::Mood mood, const QColor& color) {
  switch (mood) {
    case ipc::Mood::kAgentDown:
      return paintGap(painter, disc, color);
    case ipc::Mood::kOff:
      return paintRing(painter, disc, color);
    case ipc::Mood::kNoNetwork:
      paintRing(painter, disc, color);
      return painter.drawLine(disc.at(-0.62, 0.62), disc.at(0.62, -0.62));
    case ipc::Mood::kConnecting:
      return paintDots(painter, disc, color);
    case ipc::Mood::kSignIn:
      return paintDoor(painter, disc, color);
    case ipc::Mood::kRegistered:
      return paintHalf(painter, disc, color);
    case ipc::Mood::kAssigned:
      return paintDisc(painter, disc, color);
    case ipc::Mood::kDegraded:
      return paintDisc(painter, disc, color, exclamationOf(disc));
    case ipc::Mood::kError:
      return paintDisc(painter, disc, color, crossOf(disc));
  }
}

void paintAttention(QPainter& painter, int size) {
  const double radius = size * 0.19;
  const QPointF center(size - radius, radius);
  painter.setPen(Qt::NoPen);
  painter.setCompositionMode(QPainter::CompositionMode_Clear);  // a gap around it
  painter.setBrush(Qt::black);
  painter.drawEllipse(center, radius * 1.45, radius * 1.45);
  painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
  painter.setBrush(kAttention);
  painter.drawEllipse(center, radius, radius);
}

}  // namespace

QColor stateColor(ipc::Mood mood, bool onDark) {
  switch (mood) {
    case ipc::Mood::kAgentDown:
    case ipc::Mood::kOff:
    case ipc::Mood::kNoNetwork:
      return onDark ? QColor(0xc0, 0xbf, 0xbc) : QColor(0x5e, 0x5c, 0x64);
    case ipc::Mood::kConnecting:
    case ipc::Mood::kRegistered:
      return onDark ? QColor(0x78, 0xae, 0xed) : QColor(0x1a, 0x5f, 0xb4);
    case ipc::Mood::kSignIn:
      return onDark ? QColor(0xdc, 0x8a, 0xdd) : QColor(0x81, 0x3d, 0x9c);
    case ipc::Mood::kAssigned:
      return onDark ? QColor(0x57, 0xe3, 0x89) : QColor(0x1b, 0x85, 0x53);
    case ipc::Mood::kDegraded:
      return onDark ? QColor(0xf8, 0xc0, 0x4e) : QColor(0x98, 0x5b, 0x00);
    case ipc::Mood::kError:
      return onDark ? QColor(0xff, 0x7b, 0x63) : QColor(0xc0, 0x1c, 0x28);
  }
  return {};
}

QImage stateImage(ipc::Mood mood, const QColor& color, int size, bool attention) {
  QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  paintShape(painter, Disc(size), mood, color);
  if (attention) paintAttention(painter, size);
  return image;
}

QIcon stateIcon(ipc::Mood mood, bool onDark, bool attention) {
  QIcon icon;
  const QColor color = stateColor(mood, onDark);
  for (const int size : kSizes) {
    icon.addPixmap(QPixmap::fromImage(stateImage(mood, color, size, attention)));
  }
  return icon;
}

}  // namespace rsip::gui
