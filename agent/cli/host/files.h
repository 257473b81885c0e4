#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace rsip::cli {

/// What a file says, cut at so many bytes; nothing if it cannot be read.
std::optional<std::string> text_of_file(const std::string& path, std::size_t most = 4 << 20);

/// Folder of the running program, "/usr/bin"; empty if the kernel does not say.
std::string own_folder();

}  // namespace rsip::cli
