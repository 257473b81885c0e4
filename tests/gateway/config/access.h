#pragma once

#include <optional>
#include <string>

#include <toml++/toml.h>

#include "common/base/result.h"
#include "tests/gateway/server/server_settings.h"

namespace rsip::gateway {

/// How hosts prove who they are: the sections [[key]], [auth] and [tls].
struct AccessSettings {
  std::vector<HostKey> keys;
  bool authentication_required = false;
  std::optional<TlsServerSettings> tls;
};

/// Reads these sections of a configuration file, and the files with secrets that they name.
///
/// errors   kConfigInvalid "file:line:column: ..." naming the key and what is allowed; no secret is
///          quoted
Result<AccessSettings> parse_access(const toml::table& root, const std::string& file);

}  // namespace rsip::gateway
