#pragma once

namespace rsip::gui {

/// The pages of the window, in the order of their list and of Ctrl+1 to Ctrl+9.
enum class Page {
  kOverview,
  kLeases,
  kPorts,
  kFlows,
  kGateways,
  kIpsec,
  kDoctor,
  kLog,
  kSettings,
};
inline constexpr Page kPages[] = {Page::kOverview, Page::kLeases,   Page::kPorts,
                                  Page::kFlows,    Page::kGateways, Page::kIpsec,
                                  Page::kDoctor,   Page::kLog,      Page::kSettings};

}  // namespace rsip::gui
