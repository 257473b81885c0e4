#pragma once

#include <string>
#include <vector>

namespace rsip::cli {

/// Those of the known words that are most like what was written, best first, at most three; none if
/// nothing is.
std::vector<std::string> nearest(const std::string& written, const std::vector<std::string>& known);

}  // namespace rsip::cli
