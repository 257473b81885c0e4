#include "agent/app/profile_section.h"

#include <algorithm>
#include <cctype>

namespace rsip::agent {
namespace {

std::string gateway_names(const Config& config) {
  std::string names;
  for (const GatewayConfig& gateway : config.gateways) {
    names += (names.empty() ? "" : ", ") + gateway.name;
  }
  return names;
}

void check_name(TableReader& reader, const ProfileConfig& profile, const Config& config) {
  if (profile.name.empty() || profile.name.size() > 64 ||
      std::ranges::any_of(profile.name, [](unsigned char c) { return std::iscntrl(c) != 0; })) {
    reader.complain("name", "name has to have 1 to 64 characters on one line",
                    "for example \"work\"");
  }
  if (std::ranges::find(config.profiles, profile.name, &ProfileConfig::name) !=
      config.profiles.end()) {
    reader.complain("name", "a second [[profile]] named " + profile.name,
                    "give each one a name of its own");
  }
}

void check_gateways(TableReader& reader, const ProfileConfig& profile, const Config& config) {
  if (profile.gateways.empty()) {
    reader.complain("gateways", "a profile without gateways",
                    "name some: " + gateway_names(config) + "; `rsipctl down` uses none");
  }
  for (const std::string& name : profile.gateways) {
    if (std::ranges::find(config.gateways, name, &GatewayConfig::name) != config.gateways.end()) {
      continue;
    }
    reader.complain("gateways", "there is no [[gateway]] named " + name,
                    "configured: " + gateway_names(config));
  }
}

}  // namespace

Result<void> read_profiles(const toml::table& root, const std::string& file, Config& config) {
  const toml::node* const node = root.get("profile");
  if (node == nullptr) return {};
  const toml::array* const profiles = node->as_array();
  if (profiles == nullptr || !profiles->is_array_of_tables()) {
    return complain_at(*node, file, "profile is not a list of sections",
                       "write [[profile]] with double brackets");
  }
  for (const toml::node& element : *profiles) {
    TableReader reader(*element.as_table(), file, "[[profile]]");
    ProfileConfig profile;
    reader.require("name");
    reader.require("gateways");
    reader.text("name", profile.name);
    reader.texts("gateways", profile.gateways);
    check_name(reader, profile, config);
    check_gateways(reader, profile, config);
    if (auto read = reader.finish(); !read) return read;
    config.profiles.push_back(std::move(profile));
  }
  return {};
}

}  // namespace rsip::agent
