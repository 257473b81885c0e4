#pragma once

#include <map>
#include <string>

#include "common/rsip/messages.h"

namespace rsip::msg {

/// What each vector says, by the name of its file.
const std::map<std::string, Message>& expected_messages();

}  // namespace rsip::msg
