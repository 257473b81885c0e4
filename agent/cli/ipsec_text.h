#pragma once

#include <string>

#include "common/ipc/ipsec_status.h"

namespace rsip::cli {

/// What `rsipctl ipsec status` prints.
///
/// colour   mark in red what does not work
std::string ipsec_text(const ipc::IpsecStatus& status, bool colour);
/// What `rsipctl spi list` prints.
std::string spis_text(const ipc::IpsecStatus& status);
/// What `rsipctl ipsec plan` prints: what an administrator sets once.
std::string ipsec_plan_text(const ipc::IpsecStatus& status);

}  // namespace rsip::cli
