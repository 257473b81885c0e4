#pragma once

#include <ctime>
#include <string>

#include "common/ipc/documents.h"

namespace rsip::cli {

/// What `rsipctl status` prints for a person, several lines, each ending in a newline.
///
/// now   wall-clock time of the status, for the local time at which a lease ends
std::string status_text(const ipc::Status& status, std::time_t now);

/// One line saying how a server is reached.
std::string listen_text(const ipc::ListenStatus& listen);
/// Those that the gateways have leased something for.
ipc::Listens listens_of(const ipc::Status& status);
/// Same for all of them; a sentence if there is none.
std::string listens_text(const ipc::Status& status);
/// One line for each thing that the gateway was asked about.
std::string locality_text(const ipc::QueryAnswer& answer);

/// "1.2 MB", decimal units as network people use them.
std::string human_bytes(std::uint64_t bytes);
/// "45 s", "21 min", "3 h 5 min".
std::string human_seconds(std::uint32_t seconds);

}  // namespace rsip::cli
