#include <array>

#include "agent/cli/doctor/check.h"

namespace rsip::cli::doctor {
namespace {

Outcome tray_host(const Facts& facts) {
  if (!facts.desktop) return skip("no desktop session");
  if (facts.desktop->tray_host) return ok();
  if (facts.desktop->name.find("GNOME") != std::string::npos) {
    return warn("GNOME has no place for tray icons of its own; the window works without",
                {"apt install gnome-shell-extension-appindicator, then turn it on in Extensions"});
  }
  if (facts.desktop->x11) {
    return skip(
        "the session has no StatusNotifier host; whether a panel takes icons in the old "
        "way cannot be seen from here");
  }
  return warn("the session has no StatusNotifier host; the window works without",
              {"add a tray or \"status\" plug-in to the panel"});
}

constexpr std::array kChecks = {
    Check{"desktop_tray_host", "desktop", "The panel shows tray icons", tray_host},
};

}  // namespace

std::span<const Check> desktop_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
