#pragma once

#include "common/base/result.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

/// What an ERROR_RESPONSE means to the person at the laptop: kind, plain words, what to do.
/// source   RFC 3103 appendix A
Error explain(const msg::ErrorResponse& error);

}  // namespace rsip::agent
