#pragma once

#include <string>
#include <vector>

#include "common/ipc/contract.h"

/// What `rsipctl doctor --json` prints: the window shows the same.
namespace rsip::ipc {

struct DoctorCheck {
  std::string id;
  std::string area;
  std::string verdict;
  std::string what;
  std::string why;
  std::string fix;
  bool fixable = false;
};
RSIP_CONTRACT(DoctorCheck, "One thing that was looked at.", (id, "Stable name, \"rp_filter\"."),
              (area, "\"agent\", \"gateway\", \"network\", \"tunnel\", \"ipsec\", \"desktop\"."),
              (verdict, "\"ok\", \"warn\", \"fail\", \"skip\"."),
              (what, "What ought to be, one sentence."),
              (why, "What is instead, or why it was not looked at; empty if it is ok."),
              (fix, "Command or step that mends it; may be empty."),
              (fixable, "`rsipctl doctor --fix ID` does that step."))

struct DoctorReport {
  std::string verdict;
  std::vector<DoctorCheck> checks;
};
RSIP_CONTRACT(DoctorReport, "What was looked at, and what is wrong.",
              (verdict, "The worst of all: \"ok\", \"warn\", \"fail\"."),
              (checks, "In the order of the way that a packet takes."))

}  // namespace rsip::ipc
