#pragma once

#include <QIcon>

#include "gui/window/page_id.h"

class QPalette;

namespace rsip::gui {

/// A line drawing of what a page is about, in the colours of the palette.
QIcon pageIcon(Page page, const QPalette& palette);

}  // namespace rsip::gui
