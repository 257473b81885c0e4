#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/cli/doctor/facts.h"

/// What the system's files and programs print, as facts.
namespace rsip::cli::doctor {

// Output of `ip -j ...`; nothing if it is none.
std::optional<std::vector<Rule>> parse_rules(std::string_view json);
std::optional<std::vector<Route>> parse_routes(std::string_view json);
/// of `ip -j -d address`, without rp_filter
std::optional<std::vector<Link>> parse_links(std::string_view json);
/// of `ip -j route get`; nothing as well if there is no way
std::optional<WayOut> parse_way_out(std::string_view json);
/// Device of the first route of `ip -j -6 route show default`; empty if there is none.
std::string parse_default_device(std::string_view json);

/// Ports in the text of /proc/net/udp.
std::vector<std::uint16_t> ports_in_proc(const std::string& text);
/// Name servers in the text of resolv.conf.
std::vector<std::string> name_servers(const std::string& text);
/// What a file of networkd's configuration says about rules of others; nothing if nothing.
std::optional<bool> removes_foreign_rules(const std::string& text);

/// A question for the name servers of the root, and whether that is an answer to it.
std::string dns_question(std::uint16_t id);
bool is_dns_answer(std::string_view packet, std::uint16_t id);

}  // namespace rsip::cli::doctor
