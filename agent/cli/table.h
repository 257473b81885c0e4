#pragma once

#include <string>
#include <vector>

namespace rsip::cli {

/// Rows of cells in columns as wide as their widest cell, two spaces apart.
///
/// returns   lines, without blanks at their ends
std::string table_text(const std::vector<std::vector<std::string>>& rows);

}  // namespace rsip::cli
