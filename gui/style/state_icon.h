#pragma once

#include <QColor>
#include <QIcon>
#include <QImage>

#include "common/ipc/summary.h"

class QPainter;

/// One shape for each mood, so that nobody has to tell colours apart. They stand still.
namespace rsip::gui {

/// onDark   seen on a dark ground
QColor stateColor(ipc::Mood mood, bool onDark);

/// attention   with a dot in the corner: there is something to read
QIcon stateIcon(ipc::Mood mood, bool onDark, bool attention = false);
/// The same at one size, in pixels.
QImage stateImage(ipc::Mood mood, const QColor& color, int size, bool attention = false);

}  // namespace rsip::gui
