#include <algorithm>
#include <istream>
#include <ostream>

#include "agent/cli/lease_text.h"
#include "agent/cli/status_text.h"
#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"

// lease list, show, request, renew, release, hold; renew for short.
namespace rsip::cli {
namespace {

using Binds = std::vector<std::uint32_t>;

bool contains(const Binds& binds, std::uint32_t bind) {
  return std::ranges::find(binds, bind) != binds.end();
}

/// Calls visit(gateway, lease) for these leases of a gateway, or of all.
template <class Visit>
void for_each_lease(const ipc::Status& status, const std::string& gateway, const Binds& binds,
                    const Visit& visit) {
  for (const ipc::GatewayStatus* const one : named(status, gateway)) {
    for (const ipc::LeaseStatus& lease : one->leases) {
      if (binds.empty() || contains(binds, lease.bind)) visit(*one, lease);
    }
  }
}

Result<ipc::Status> status_with(const Context& context, const std::string& gateway) {
  auto status = ask(context, ipc::StatusRequest{});
  if (status && named(*status, gateway).empty()) {
    return fail(ErrorKind::kNotFound, "there is no gateway named " + gateway,
                "see: rsipctl gateway list");
  }
  return status;
}

Outcome list(const Context& context, const Arguments& arguments) {
  const std::string gateway = arguments.text("--gateway");
  const auto status = status_with(context, gateway);
  if (!status) return tl::unexpected(status.error());
  ipc::Leases leases;
  std::vector<ipc::GatewayStatus> gateways;
  for (const ipc::GatewayStatus* const one : named(*status, gateway)) gateways.push_back(*one);
  for_each_lease(*status, gateway, {}, [&](const auto&, const ipc::LeaseStatus& lease) {
    leases.leases.push_back(lease);
  });
  return print(context, leases, leases_table(gateways, std::time(nullptr)));
}

Outcome show(const Context& context, const Arguments& arguments) {
  const std::string gateway = arguments.text("--gateway");
  const auto status = status_with(context, gateway);
  if (!status) return tl::unexpected(status.error());
  ipc::Leases leases;
  std::string text;
  for_each_lease(*status, gateway, arguments.numbers("ID"), [&](const auto& of, const auto& lease) {
    leases.leases.push_back(lease);
    text += (text.empty() ? "" : "\n") + lease_details(of.name, lease, std::time(nullptr));
  });
  if (!text.empty()) return print(context, leases, text);
  return fail(ErrorKind::kNotFound, "there is no bind " + arguments.text("ID"),
              "see: rsipctl lease list");
}

/// What was leased when the waiting began, and what became of it.
class Before {
 public:
  Before(std::string gateway, Binds binds)
      : gateway_(std::move(gateway)), binds_(std::move(binds)) {}

  Result<bool> is_renewed(const ipc::Status& status) {
    if (remember(status)) return leases_.empty();
    bool all = true;
    Result<void> failed;
    for_each_lease(leases_, gateway_, status, [&](const auto& old, const auto* now) {
      if (now == nullptr) {
        failed = fail(ErrorKind::kNotFound, "bind " + std::to_string(old.bind) + " has ended",
                      "see: rsipctl lease list");
      } else if (!renewed(old, *now)) {
        all = false;
        if (refused(old, *now)) {
          failed = fail(ErrorKind::kOther,
                        "bind " + std::to_string(old.bind) +
                            " was not renewed: " + now->history.back().detail,
                        "the agent tries again by itself until it ends: rsipctl lease show " +
                            std::to_string(old.bind));
        }
      }
    });
    if (!failed) return tl::unexpected(failed.error());
    return all;
  }

  Result<bool> is_gone(const ipc::Status& status) {
    remember(status);
    bool gone = true;
    for_each_lease(leases_, gateway_, status,
                   [&](const auto&, const auto* now) { gone = gone && now == nullptr; });
    return gone;
  }

  Result<bool> is_joined(const ipc::Status& status) {
    if (remember(status)) return false;
    bool more = false;
    cli::for_each_lease(status, gateway_, {}, [&](const auto&, const ipc::LeaseStatus& lease) {
      more =
          more || std::ranges::find(leases_, lease.bind, &ipc::LeaseStatus::bind) == leases_.end();
    });
    return more;
  }

  /// "bind 2  203.0.113.10  ended in 3 min, now in 30 min"
  [[nodiscard]] std::string renewed_text(const ipc::Status& status) const {
    std::string text;
    for_each_lease(leases_, gateway_, status, [&](const auto& old, const auto* now) {
      if (now == nullptr) return;
      text += "bind " + std::to_string(old.bind) + "  " + old.address + "  ended in " +
              human_seconds(old.expires_in_seconds) + ", now in " +
              human_seconds(now->expires_in_seconds) + '\n';
    });
    return text.empty() ? "Nothing is leased.\n" : text;
  }

 private:
  /// returns   whether this was the first look
  bool remember(const ipc::Status& status) {
    if (known_) return false;
    known_ = true;
    cli::for_each_lease(status, gateway_, binds_, [&](const auto&, const ipc::LeaseStatus& lease) {
      if (!lease.retiring) leases_.push_back(lease);
    });
    return true;
  }

  /// Calls visit(old lease, what it is now: null if it has ended).
  template <class Visit>
  static void for_each_lease(const std::vector<ipc::LeaseStatus>& leases,
                             const std::string& gateway, const ipc::Status& status,
                             const Visit& visit) {
    for (const ipc::LeaseStatus& old : leases) {
      const ipc::LeaseStatus* found = nullptr;
      cli::for_each_lease(status, gateway, {old.bind},
                          [&](const auto&, const ipc::LeaseStatus& lease) { found = &lease; });
      visit(old, found);
    }
  }

  static bool changed(const ipc::LeaseStatus& old, const ipc::LeaseStatus& now) {
    return !now.history.empty() &&
           (old.history.empty() || !(old.history.back() == now.history.back()));
  }
  static bool renewed(const ipc::LeaseStatus& old, const ipc::LeaseStatus& now) {
    return now.expires_in_seconds > old.expires_in_seconds ||
           (changed(old, now) && now.history.back().what == "extended");
  }
  static bool refused(const ipc::LeaseStatus& old, const ipc::LeaseStatus& now) {
    return changed(old, now) && now.history.back().what == "failed";
  }

  std::string gateway_;
  Binds binds_;
  std::vector<ipc::LeaseStatus> leases_;
  bool known_ = false;
};

Outcome renew(const Context& context, const Arguments& arguments) {
  const ipc::RenewRequest request{arguments.text("--gateway"), arguments.numbers("ID")};
  Before before(request.gateway, request.binds);
  return change(
      context, arguments, request, "not all is renewed",
      [&](const ipc::Status& now, const ipc::Event*) { return before.is_renewed(now); },
      [&](const ipc::Status& now) { return before.renewed_text(now); });
}

/// A refusal comes as something that happened: it leaves no lease that would show it.
Result<void> look_for_refusal(const ipc::Event* event, const std::string& gateway) {
  const auto* const happening =
      event == nullptr ? nullptr : std::get_if<ipc::Happening>(&event->body);
  if (happening == nullptr || (!gateway.empty() && happening->gateway != gateway)) return {};
  if (happening->kind != "refused" && happening->kind != "pool_full") return {};
  if (happening->problem) return tl::unexpected(to_error(*happening->problem));
  return fail(ErrorKind::kDenied, happening->words);
}

Outcome request(const Context& context, const Arguments& arguments) {
  const ipc::LeaseRequest request{arguments.text("--gateway"), arguments.text("--remote")};
  Before before(request.gateway, {});
  return change(
      context, arguments, request, "there is no lease more",
      [&](const ipc::Status& now, const ipc::Event* event) -> Result<bool> {
        const auto refused = look_for_refusal(event, request.gateway);
        if (!refused) return tl::unexpected(refused.error());
        return before.is_joined(now);
      },
      [&](const ipc::Status& now) { return headline(context, now) + '\n'; });
}

/// What breaks if these leases are given back, as far as this user may see it.
std::vector<std::string> flows_of(const Context& context, const ipc::ReleaseRequest& request) {
  const auto flows = ask(context, ipc::FlowsRequest{request.gateway});
  std::vector<std::string> words;
  if (!flows) return words;
  for (const ipc::FlowStatus& flow : flows->flows) {
    if (contains(request.binds, flow.bind) && flow.state != "closed") {
      words.push_back(flow_words(flow));
    }
  }
  return words;
}

/// Asks a person, if there is one and something would break.
bool may_release(const Context& context, const ipc::ReleaseRequest& request) {
  constexpr std::size_t kNamed = 5;
  const auto flows = flows_of(context, request);
  if (flows.empty()) return true;
  context.out << flows.size() << (flows.size() == 1 ? " flow" : " flows") << " will break:\n";
  for (std::size_t i = 0; i < std::min(flows.size(), kNamed); ++i) {
    context.out << "  " << flows[i] << '\n';
  }
  if (flows.size() > kNamed) context.out << "  and " << flows.size() - kNamed << " more\n";
  context.out << "Give back? [y/N] " << std::flush;
  std::string answer;
  return std::getline(context.in, answer) && (answer == "y" || answer == "yes" || answer == "Y");
}

bool is_any_retiring(const ipc::Status& status, const std::string& gateway) {
  bool retiring = false;
  for_each_lease(status, gateway, {}, [&](const auto&, const ipc::LeaseStatus& lease) {
    retiring = retiring || lease.retiring;
  });
  return retiring;
}

Outcome release(const Context& context, const Arguments& arguments) {
  const ipc::ReleaseRequest request{arguments.text("--gateway"), arguments.numbers("ID"),
                                    arguments.has("--unused")};
  if (request.binds.empty() == !request.unused) {
    return fail(ErrorKind::kUsage, "name the leases to give back, or say --unused",
                "see: rsipctl lease list");
  }
  const bool prompt = context.may_prompt && !arguments.has("--yes") && !request.unused;
  if (prompt && !may_release(context, request)) {
    return fail(ErrorKind::kOther, "nothing was given back", "");
  }
  Before before(request.gateway, request.binds);
  return change(
      context, arguments, request, "not all is given back",
      [&](const ipc::Status& now, const ipc::Event* event) -> Result<bool> {
        if (!request.unused) return before.is_gone(now);
        if (event != nullptr) return !is_any_retiring(now, request.gateway);
        // The snapshot is of before the request, and if nothing was unused no event will come.
        return ask(context, ipc::StatusRequest{}).map([&](const ipc::Status& asked) {
          return !is_any_retiring(asked, request.gateway);
        });
      },
      [&](const ipc::Status& now) { return headline(context, now) + '\n'; });
}

Outcome hold(const Context& context, const Arguments& arguments) {
  const ipc::HoldRequest request{arguments.text("--gateway"), arguments.number("ID").value_or(0),
                                 !arguments.has("--off")};
  return change(
      context, arguments, request, request.hold ? "it is not held" : "it is still held",
      [&](const ipc::Status& now, const ipc::Event*) -> Result<bool> {
        bool as_asked = false;
        for_each_lease(now, request.gateway, {request.bind}, [&](const auto&, const auto& lease) {
          as_asked = lease.held == request.hold;
        });
        return as_asked;
      },
      [](const ipc::Status&) { return std::string(); });
}

Option bind_option(const char* words, bool required, bool repeated) {
  return {.name = "ID",
          .argument = "ID",
          .words = words,
          .values = Values::kBinds,
          .check = check_number,
          .required = required,
          .repeated = repeated};
}

Command renew_command(const char* path, const char* more) {
  return {.path = path,
          .words = "Ask for new lives of the leases now",
          .options = {bind_option("Bind IDs; without any: all leases", false, true),
                      gateway_option("Only of this one")},
          .run = renew,
          .schema = "done/1",
          .waits = true,
          .more = more};
}

}  // namespace

Commands lease_verbs() {
  return {
      {.path = "lease list",
       .words = "What is leased, for what and for how long",
       .options = {gateway_option("Only of this one")},
       .run = list,
       .schema = "leases/1"},
      {.path = "lease show",
       .words = "One lease and what happened to it",
       .options = {bind_option("Bind ID", true, false), gateway_option("Of this one")},
       .run = show,
       .schema = "leases/1"},
      {.path = "lease request",
       .words = "Lease one block more than there are",
       .options = {{.name = "--remote",
                    .argument = "ADDRESS[:PORT]",
                    .words = "For this remote alone; any if not given"},
                   gateway_option("From this one; the first if not given")},
       .run = request,
       .schema = "done/1",
       .waits = true},
      renew_command("lease renew",
                    "The agent renews by itself. With --wait it says when each lease ended and "
                    "when it ends now."),
      {.path = "lease release",
       .words = "Give leases back",
       .options = {bind_option("Bind IDs", false, true),
                   {.name = "--unused",
                    .argument = "",
                    .words = "Give back every lease that nothing uses"},
                   {.name = "--yes", .argument = "", .words = "Do not ask, whatever breaks"},
                   gateway_option("Only of this one")},
       .run = release,
       .schema = "done/1",
       .waits = true,
       .more = "On a terminal it asks first if flows go through these leases, and names them."},
      {.path = "lease hold",
       .words = "Keep a lease though nothing uses it",
       .options = {bind_option("Bind ID", true, false),
                   {.name = "--off", .argument = "", .words = "No longer"},
                   gateway_option("Of this one")},
       .run = hold,
       .schema = "done/1",
       .waits = true},
      renew_command("renew", "The same as lease renew."),
  };
}

}  // namespace rsip::cli
