#include "agent/linux/policy_rules.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

constexpr std::uint32_t kNoSuppression = 0xFFFFFFFF;
constexpr const char* kLoopback = "lo";

using RuleAttributes = NetlinkAttributes<fib_rule_hdr, FRA_MAX>;

std::string text_of(nlattr* attribute) {
  return attribute == nullptr ? "" : nla_get_string(attribute);
}

/// A pair of numbers of the kernel: fib_rule_uid_range, fib_rule_port_range.
template <class Pair>
std::optional<RuleRange> range_of(nlattr* attribute) {
  if (attribute == nullptr || nla_len(attribute) < static_cast<int>(sizeof(Pair))) return {};
  const auto* const pair = static_cast<const Pair*>(nla_data(attribute));
  return RuleRange{pair->start, pair->end};
}

void read_tables(const fib_rule_hdr& header, const RuleAttributes& attributes,
                 PolicyRoutingRule& rule) {
  rule.table = attributes.u32(FRA_TABLE, header.table);
  rule.goes_to = attributes.u32(FRA_GOTO, 0);
  rule.of_vrf = attributes.u8(FRA_L3MDEV, 0) != 0;
  const std::uint32_t suppressed = attributes.u32(FRA_SUPPRESS_PREFIXLEN, kNoSuppression);
  if (suppressed != kNoSuppression) rule.suppress_prefix_length = suppressed;
}

PolicyRoutingRule read_rule(nlmsghdr* reply) {
  const auto& header = *static_cast<const fib_rule_hdr*>(nlmsg_data(reply));
  const RuleAttributes attributes(reply);
  PolicyRoutingRule rule;
  rule.priority = attributes.u32(FRA_PRIORITY, 0);
  rule.action = header.action;
  rule.inverted = (header.flags & FIB_RULE_INVERT) != 0;
  rule.tos = header.tos;
  if (header.src_len > 0) rule.from = Ipv4Prefix{attributes.address(FRA_SRC), header.src_len};
  if (header.dst_len > 0) rule.to = Ipv4Prefix{attributes.address(FRA_DST), header.dst_len};
  rule.mark = attributes.u32(FRA_FWMARK, 0);
  rule.mark_mask = attributes.u32(FRA_FWMASK, 0);
  rule.in_device = text_of(attributes.get(FRA_IIFNAME));
  rule.out_device = text_of(attributes.get(FRA_OIFNAME));
  rule.users = range_of<fib_rule_uid_range>(attributes.get(FRA_UID_RANGE));
  rule.protocol = attributes.u8(FRA_IP_PROTO, 0);
  rule.source_ports = range_of<fib_rule_port_range>(attributes.get(FRA_SPORT_RANGE));
  rule.destination_ports = range_of<fib_rule_port_range>(attributes.get(FRA_DPORT_RANGE));
  rule.of_tunnel_id = attributes.get(FRA_TUN_ID) != nullptr;
  read_tables(header, attributes, rule);
  return rule;
}

// What is asked for has source address, mark, source port and outgoing device still open, and
// counts as coming from the loopback device, as any packet that this host sends.
bool meets(const PolicyRoutingRule& rule, const RouteQuestion& question) {
  const bool tcp = question.port != 0;
  if (rule.from || rule.tos != 0 || rule.of_tunnel_id || rule.of_vrf) return false;
  if (rule.mark != 0 || !rule.out_device.empty() || rule.source_ports) return false;
  if (!rule.in_device.empty() && rule.in_device != kLoopback) return false;
  if (rule.to && !rule.to->contains(question.destination)) return false;
  if (rule.users && !rule.users->contains(question.user)) return false;
  if (rule.protocol != 0 && !(tcp && rule.protocol == IPPROTO_TCP)) return false;
  return !rule.destination_ports || rule.destination_ports->contains(question.port);
}

bool leads_to(const PolicyRoutingRule& rule, std::uint32_t table, std::uint8_t prefix_length) {
  return rule.action == FR_ACT_TO_TBL && rule.table == table &&
         (!rule.suppress_prefix_length || prefix_length > *rule.suppress_prefix_length);
}

void add_names(const char* file, std::map<std::uint32_t, std::string>& names) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::uint32_t number = 0;
    std::string name;
    if (words >> number >> name) names[number] = name;
  }
}

std::string network_text(const Ipv4Prefix& prefix) {
  return prefix.length == 32 ? prefix.address.to_string() : prefix.to_string();
}

std::string hex(std::uint32_t number) {
  std::ostringstream text;
  text << "0x" << std::hex << number;
  return text.str();
}

std::string range_text(const RuleRange& range, bool always_both) {
  std::string text = std::to_string(range.first);
  if (always_both || range.first != range.last) text += "-" + std::to_string(range.last);
  return text;
}

std::string protocol_text(std::uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_TCP:
      return "tcp";
    case IPPROTO_UDP:
      return "udp";
    case IPPROTO_ICMP:
      return "icmp";
    default:
      return "ipproto-" + std::to_string(protocol);
  }
}

std::string packets_text(const PolicyRoutingRule& rule) {
  std::string text = rule.inverted ? "not " : "";
  text += "from " + (rule.from ? network_text(*rule.from) : "all");
  if (rule.to) text += " to " + network_text(*rule.to);
  if (rule.tos != 0) text += " tos " + hex(rule.tos);
  if (rule.mark != 0 || rule.mark_mask != 0) {
    text += " fwmark " + hex(rule.mark);
    if (rule.mark_mask != 0xFFFFFFFF) text += "/" + hex(rule.mark_mask);
  }
  if (!rule.in_device.empty()) text += " iif " + rule.in_device;
  if (!rule.out_device.empty()) text += " oif " + rule.out_device;
  if (rule.users) text += " uidrange " + range_text(*rule.users, true);
  if (rule.protocol != 0) text += " ipproto " + protocol_text(rule.protocol);
  if (rule.source_ports) text += " sport " + range_text(*rule.source_ports, false);
  if (rule.destination_ports) text += " dport " + range_text(*rule.destination_ports, false);
  return text;
}

std::string action_text(const PolicyRoutingRule& rule,
                        const std::map<std::uint32_t, std::string>& tables) {
  switch (rule.action) {
    case FR_ACT_GOTO:
      return "goto " + std::to_string(rule.goes_to);
    case FR_ACT_NOP:
      return "nop";
    case FR_ACT_BLACKHOLE:
      return "blackhole";
    case FR_ACT_UNREACHABLE:
      return "unreachable";
    case FR_ACT_PROHIBIT:
      return "prohibit";
    default:
      break;
  }
  if (rule.of_vrf) return "lookup [l3mdev-table]";
  const auto name = tables.find(rule.table);
  std::string text = "lookup " + (name != tables.end() ? name->second : std::to_string(rule.table));
  if (rule.suppress_prefix_length) {
    text += " suppress_prefixlength " + std::to_string(*rule.suppress_prefix_length);
  }
  return text;
}

}  // namespace

Result<std::vector<PolicyRoutingRule>> list_rules(NetlinkSocket& netlink) {
  fib_rule_hdr header{};
  header.family = AF_INET;
  std::vector<PolicyRoutingRule> rules;
  const int code = netlink.talk({RTM_GETRULE, NLM_F_DUMP, header},
                                [&](nlmsghdr* reply) { rules.push_back(read_rule(reply)); });
  if (code != 0) return fail_errno(code, "list the routing rules");
  std::ranges::stable_sort(rules, {}, &PolicyRoutingRule::priority);
  return rules;
}

std::map<std::uint32_t, std::string> table_names() {
  std::map<std::uint32_t, std::string> names{
      {RT_TABLE_DEFAULT, "default"}, {RT_TABLE_MAIN, "main"}, {RT_TABLE_LOCAL, "local"}};
  add_names("/usr/share/iproute2/rt_tables", names);
  add_names("/etc/iproute2/rt_tables", names);
  return names;
}

std::string to_string(const PolicyRoutingRule& rule,
                      const std::map<std::uint32_t, std::string>& tables) {
  return std::to_string(rule.priority) + ": " + packets_text(rule) + " " +
         action_text(rule, tables);
}

const PolicyRoutingRule* decisive_rule(const std::vector<PolicyRoutingRule>& rules,
                                       const RouteQuestion& question, std::uint32_t table,
                                       std::uint8_t prefix_length) {
  std::uint32_t from_priority = 0;
  for (const PolicyRoutingRule& rule : rules) {
    if (rule.priority < from_priority || meets(rule, question) == rule.inverted) continue;
    if (leads_to(rule, table, prefix_length)) return &rule;
    if (rule.action == FR_ACT_GOTO) from_priority = rule.goes_to;
  }
  return nullptr;
}

}  // namespace rsip::agent
