#pragma once

#include <string>

#include "common/ipc/requests.h"

namespace rsip::cli {

/// What `rsipctl flow list` prints: a table, and how many flows of other users are left out.
std::string flows_text(const ipc::Flows& flows);

/// What `rsipctl port list` prints: neighbouring ports with one use are one row.
std::string ports_table(const ipc::Ports& ports);

}  // namespace rsip::cli
