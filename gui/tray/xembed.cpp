#include "gui/tray/xembed.h"

#include <cstdlib>
#include <xcb/xcb.h>

#include <QGuiApplication>

namespace rsip::gui {
namespace {

xcb_atom_t atomOf(xcb_connection_t* display, const QByteArray& name) {
  const auto asked = xcb_intern_atom(display, 0, static_cast<std::uint16_t>(name.size()), name);
  xcb_intern_atom_reply_t* const reply = xcb_intern_atom_reply(display, asked, nullptr);
  const xcb_atom_t atom = reply != nullptr ? reply->atom : xcb_atom_t{XCB_ATOM_NONE};
  std::free(reply);
  return atom;
}

}  // namespace

bool hasXEmbedTray() {
  const auto* const x11 = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
  if (x11 == nullptr || x11->connection() == nullptr) return false;
  xcb_connection_t* const display = x11->connection();
  const xcb_atom_t atom = atomOf(display, "_NET_SYSTEM_TRAY_S0");
  if (atom == XCB_ATOM_NONE) return false;
  xcb_get_selection_owner_reply_t* const reply =
      xcb_get_selection_owner_reply(display, xcb_get_selection_owner(display, atom), nullptr);
  const bool owned = reply != nullptr && reply->owner != XCB_WINDOW_NONE;
  std::free(reply);
  return owned;
}

}  // namespace rsip::gui
