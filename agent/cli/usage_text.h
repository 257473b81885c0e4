#pragma once

#include <string>

#include "common/ipc/requests.h"

namespace rsip::cli {

/// What `rsipctl usage` prints for a person: a table and its total; a sentence if there is nothing.
/// Columns that no row fills are left out, so it looks right however the rows are grouped. Does not
/// contain the warning.
std::string usage_text(const ipc::Usage& usage);

/// The same rows as RFC 4180 wants comma-separated values: a header, CRLF, exact numbers, every
/// column whatever the grouping.
std::string usage_csv(const ipc::Usage& usage);

/// What is wrong with the account, one line for stderr; empty: nothing.
std::string usage_warning_text(const ipc::Usage& usage);

/// "90 s", "0.5 h", "36.0 h": hours that several leases were held may be more than a day has.
std::string human_hours(std::uint64_t seconds);

}  // namespace rsip::cli
