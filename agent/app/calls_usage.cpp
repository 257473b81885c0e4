#include <spdlog/spdlog.h>

#include "agent/app/agent.h"
#include "agent/usage/calendar.h"

// What is leased and moved goes into the account of usage, and people ask for it.
namespace rsip::agent {
namespace {

constexpr int kDaysByDefault = 30;

std::vector<UsageLease> leases_of(const GatewayClient& client) {
  std::vector<UsageLease> leases;
  for (const Lease& lease : client.leases()) {
    leases.push_back({client.config().name, lease.local.to_string(), lease.bind.value});
  }
  return leases;
}

UsageMeter::Moved to_amounts(const TrafficBook::Traffic& traffic) {
  UsageMeter::Moved moved;
  for (const auto& [bind, amount] : traffic) {
    moved[bind.value] = {amount.sent_bytes, amount.received_bytes, amount.sent_packets,
                         amount.received_packets, 0};
  }
  return moved;
}

/// The parameter before what is wrong with it.
Error of_parameter(const char* name, Error error) {
  error.message = std::string(name) + ": " + error.message;
  return error;
}

Result<UsageBy> parse_by(const std::string& text) {
  if (text.empty() || text == "day") return UsageBy::kDay;
  if (text == "gateway") return UsageBy::kGateway;
  if (text == "lease") return UsageBy::kLease;
  return fail(ErrorKind::kUsage, "by: \"" + text + "\" is no grouping",
              "expected day, gateway or lease");
}

Result<UsageQuery> parse_query(const ipc::UsageRequest& request, const std::string& today) {
  UsageQuery query{days_before(today, kDaysByDefault), today, request.gateway, UsageBy::kDay};
  const auto by = parse_by(request.by);
  if (!by) return tl::unexpected(by.error());
  query.by = *by;
  if (!request.to.empty()) {
    const auto day = parse_day(request.to);
    if (!day) return tl::unexpected(of_parameter("to", day.error()));
    query.last = *day;
  }
  query.first = days_before(query.last, kDaysByDefault);
  if (!request.from.empty()) {
    const auto day = parse_day(request.from);
    if (!day) return tl::unexpected(of_parameter("from", day.error()));
    query.first = *day;
  }
  if (query.first <= query.last) return query;
  return fail(ErrorKind::kUsage, "from: " + query.first + " is later than to, " + query.last,
              "the first day comes first");
}

ipc::Usage to_answer(const UsageReport& report) {
  ipc::Usage usage{{}, report.warning};
  for (const auto& [key, amount] : report.rows) {
    usage.rows.push_back({key.day, key.lease.gateway, key.lease.address, key.lease.bind,
                          amount.sent_bytes, amount.received_bytes, amount.sent_packets,
                          amount.received_packets, amount.leased_seconds});
  }
  return usage;
}

}  // namespace

void Agent::open_usage() {
  if (!platform_.usage.open) return;
  usage_.emplace(platform_.usage,
                 [](const std::string& warning) { spdlog::warn("usage.trouble {}", warning); });
}

/// Looks at leases that changed, and at everything when it is time to write.
///
/// returns   when to look again
TimePoint Agent::watch_usage() {
  if (!usage_) return TimePoint::max();
  const TimePoint now = platform_.now();
  const bool due = now >= usage_->next_write();
  for (const auto& client : clients_) {
    const auto leases = leases_of(*client);
    if (!due && !usage_->is_news(client->config().name, leases)) continue;
    usage_->look(client->config().name, leases, to_amounts(client->take_traffic()), now);
  }
  if (due) usage_->write(now);
  return usage_->next_write();
}

void Agent::look_at_usage() {
  for (const auto& client : clients_) {
    usage_->look(client->config().name, leases_of(*client), to_amounts(client->take_traffic()),
                 platform_.now());
  }
}

/// Nothing is leased any more, and the tunnels have told the rest.
void Agent::finish_usage() {
  if (!usage_) return;
  look_at_usage();
  usage_->write(platform_.now());
}

void Agent::handle(const ipc::UsageRequest& request, const Answered& answered) {
  if (!usage_) return answered(fail(ErrorKind::kState, "no account of usage is kept"));
  const auto query = parse_query(request, usage_->today());
  if (!query) return answered(tl::unexpected(query.error()));
  // What moved since the last look as well: the answer is as fresh as the tunnels' own counters.
  look_at_usage();
  const UsageReport report = usage_->report(*query);
  if (report.rows.empty()) {
    // A gateway that is not configured any more may have an account; any other is a slip.
    const auto known = clients_named(request.gateway);
    if (!known) return answered(tl::unexpected(known.error()));
  }
  answered(to_answer(report));
  wake_in_time();  // what was found now may have to be written
}

}  // namespace rsip::agent
