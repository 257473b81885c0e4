#pragma once

#include <string>

#include "common/ipc/events.h"

namespace rsip::cli {

/// A line of `rsipctl monitor` for a person, with its newline.
std::string event_text(const ipc::Event& event);
/// A line of `rsipctl log`, with its newline.
std::string log_text(const ipc::LogLine& line);
/// Whether the line is of that level or graver.
bool is_at_least(const ipc::LogLine& line, const std::string& level);

}  // namespace rsip::cli
