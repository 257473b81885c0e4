#pragma once

namespace rsip::gui {

/// An XEmbed tray of X11 is there. False on Wayland.
///
/// Qt's own answer cannot be asked for: asking makes it decide, for the life of the process,
/// whether it talks to a StatusNotifierWatcher.
bool hasXEmbedTray();

}  // namespace rsip::gui
