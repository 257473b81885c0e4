#include <algorithm>

#include "agent/cli/shell/completion.h"
#include "agent/cli/status_text.h"

namespace rsip::cli {

std::string kind_of(Values values) {
  switch (values) {
    case Values::kGateways:
      return "gateways";
    case Values::kProfiles:
      return "profiles";
    case Values::kBinds:
      return "binds";
    case Values::kServers:
      return "servers";
    default:
      return "";
  }
}

std::vector<std::string> values_of(const std::string& kind, const ipc::Status& status) {
  std::vector<std::string> values;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    if (kind == "gateways") values.push_back(gateway.name);
    for (const ipc::LeaseStatus& lease : gateway.leases) {
      if (kind == "binds") values.push_back(std::to_string(lease.bind));
    }
  }
  for (const ipc::ProfileStatus& profile : status.profiles) {
    if (kind == "profiles") values.push_back(profile.name);
  }
  for (const ipc::ListenStatus& server : listens_of(status).servers) {
    if (kind == "servers") values.push_back(std::to_string(server.server_port));
  }
  return values;
}

std::vector<std::string> all_paths(const Commands& commands) {
  std::vector<std::string> paths;
  for (const Command& command : commands) {
    for (std::size_t end = 0; end != std::string::npos;) {
      end = command.path.find(' ', end + 1);
      const std::string path = command.path.substr(0, end);
      if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
    }
  }
  return paths;
}

void for_each_valued_option(
    const Commands& commands,
    const std::function<void(const std::string& path, const Option& option)>& visit) {
  const auto add = [&](const std::string& path, const std::vector<Option>& options) {
    for (const Option& option : options) {
      if (!option.is_placed() && !option.is_switch()) visit(path, option);
    }
  };
  for (const Command& command : commands) add(command.path, command.options);
  add("*", global_options());
}

}  // namespace rsip::cli
