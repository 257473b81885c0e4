#include "agent/cli/doctor/fact_parsers.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <boost/json.hpp>

namespace rsip::cli::doctor {
namespace {

namespace json = boost::json;

/// The objects of an array of them; nothing if that is no JSON array.
std::optional<std::vector<json::object>> objects_in(std::string_view text) {
  boost::system::error_code malformed;
  const json::value value = json::parse(text.empty() ? "[]" : text, malformed);
  if (malformed || !value.is_array()) return std::nullopt;
  std::vector<json::object> objects;
  for (const json::value& entry : value.get_array()) {
    // `ip` prints an empty object for what a filter of its left out.
    if (entry.is_object() && !entry.get_object().empty()) objects.push_back(entry.get_object());
  }
  return objects;
}

std::string text_in(const json::object& object, const char* key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::int64_t number_in(const json::object& object, const char* key, std::int64_t otherwise = 0) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr) return otherwise;
  if (value->is_uint64()) return static_cast<std::int64_t>(value->get_uint64());
  return value->is_int64() ? value->get_int64() : otherwise;
}

/// "default", an address or a network.
std::optional<Ipv4Prefix> destination_in(const json::object& object) {
  const std::string text = text_in(object, "dst");
  if (text == "default") return Ipv4Prefix{};
  const auto prefix = Ipv4Prefix::parse(text);
  return prefix ? std::optional(*prefix) : std::nullopt;
}

Rule rule_of(const json::object& object) {
  Rule rule;
  rule.priority = static_cast<std::uint32_t>(number_in(object, "priority"));
  rule.from = text_in(object, "src");
  if (const std::int64_t length = number_in(object, "srclen", 32); length != 32) {
    rule.from += "/" + std::to_string(length);
  }
  rule.table = text_in(object, "table");
  rule.mark = text_in(object, "fwmark");
  rule.inverted = object.contains("not");
  for (const char* key : {"iif", "oif", "dst", "uid_start", "ipproto", "sport", "dport", "tos"}) {
    if (object.contains(key)) rule.narrow = true;
  }
  if (object.contains("suppress_prefixlen")) {
    rule.suppressed = static_cast<int>(number_in(object, "suppress_prefixlen"));
  }
  return rule;
}

void add_address(const json::object& entry, Link& link) {
  if (text_in(entry, "family") != "inet") return;
  const auto address = Ipv4Address::parse(text_in(entry, "local"));
  if (!address) return;
  link.addresses.push_back(*address);
  const auto length = static_cast<std::uint8_t>(number_in(entry, "prefixlen", 32));
  Ipv4Prefix network{*address, length};
  network.address.value &= network.mask();
  link.networks.push_back(network);
}

Link link_of(const json::object& object) {
  Link link;
  link.name = text_in(object, "ifname");
  link.mtu = static_cast<std::uint32_t>(number_in(object, "mtu"));
  if (const json::value* const info = object.if_contains("linkinfo"); info && info->is_object()) {
    link.kind = text_in(info->get_object(), "info_kind");
  }
  if (const json::value* const flags = object.if_contains("flags"); flags && flags->is_array()) {
    link.up =
        std::ranges::any_of(flags->get_array(), [](const json::value& f) { return f == "UP"; });
  }
  if (const json::value* const list = object.if_contains("addr_info"); list && list->is_array()) {
    for (const json::value& entry : list->get_array()) {
      if (entry.is_object()) add_address(entry.get_object(), link);
    }
  }
  return link;
}

}  // namespace

std::optional<std::vector<Rule>> parse_rules(std::string_view text) {
  const auto objects = objects_in(text);
  if (!objects) return std::nullopt;
  std::vector<Rule> rules;
  for (const json::object& object : *objects) rules.push_back(rule_of(object));
  return rules;
}

std::optional<std::vector<Route>> parse_routes(std::string_view text) {
  const auto objects = objects_in(text);
  if (!objects) return std::nullopt;
  std::vector<Route> routes;
  for (const json::object& object : *objects) {
    const auto to = destination_in(object);
    if (!to) continue;
    const std::string table = text_in(object, "table");
    const std::string type = text_in(object, "type");
    routes.push_back({table.empty() ? "main" : table, *to, text_in(object, "dev"),
                      type.empty() ? "unicast" : type});
  }
  return routes;
}

std::optional<std::vector<Link>> parse_links(std::string_view text) {
  const auto objects = objects_in(text);
  if (!objects) return std::nullopt;
  std::vector<Link> links;
  for (const json::object& object : *objects) links.push_back(link_of(object));
  return links;
}

std::optional<WayOut> parse_way_out(std::string_view text) {
  const auto objects = objects_in(text);
  if (!objects || objects->empty()) return std::nullopt;
  const json::object& way = objects->front();
  return WayOut{text_in(way, "dev"), text_in(way, "prefsrc"), text_in(way, "gateway")};
}

std::string parse_default_device(std::string_view text) {
  const auto objects = objects_in(text);
  return objects && !objects->empty() ? text_in(objects->front(), "dev") : "";
}

// The second column is "0100007F:1194": address and port in hexadecimal.
std::vector<std::uint16_t> ports_in_proc(const std::string& text) {
  std::vector<std::uint16_t> ports;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);  // headings
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string slot;
    std::string local;
    words >> slot >> local;
    const auto colon = local.find(':');
    if (colon == std::string::npos) continue;
    ports.push_back(
        static_cast<std::uint16_t>(std::strtoul(local.c_str() + colon + 1, nullptr, 16)));
  }
  return ports;
}

std::vector<std::string> name_servers(const std::string& text) {
  std::vector<std::string> servers;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key;
    std::string server;
    if (words >> key >> server && key == "nameserver") servers.push_back(server);
  }
  return servers;
}

std::optional<bool> removes_foreign_rules(const std::string& text) {
  std::optional<bool> removes;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::erase_if(line, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
    const std::string key = "ManageForeignRoutingPolicyRules=";
    if (!line.starts_with(key)) continue;
    const std::string value = line.substr(key.size());
    removes = value != "no" && value != "false" && value != "off" && value != "0";
  }
  return removes;
}

// RFC 1035 section 4.1: header with one question; name of the root, type NS, class IN.
std::string dns_question(std::uint16_t id) {
  std::string packet = {static_cast<char>(id >> 8), static_cast<char>(id & 0xFF)};
  packet.append("\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);  // recursion is desired
  packet.append("\x00\x00\x02\x00\x01", 5);
  return packet;
}

bool is_dns_answer(std::string_view packet, std::uint16_t id) {
  constexpr std::size_t kHeaderBytes = 12;
  return packet.size() >= kHeaderBytes && static_cast<std::uint8_t>(packet[0]) == id >> 8 &&
         static_cast<std::uint8_t>(packet[1]) == (id & 0xFF) &&
         (static_cast<std::uint8_t>(packet[2]) & 0x80) != 0;
}

}  // namespace rsip::cli::doctor
