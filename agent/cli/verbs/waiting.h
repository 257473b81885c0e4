#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/cli/command/command.h"
#include "agent/cli/subscription.h"

/// What --wait does: subscribe, ask, and look at what changes until it is so.
namespace rsip::cli {

/// How long to wait; absent: not at all.
std::optional<std::chrono::milliseconds> wait_time(const Arguments& arguments);

/// Waits as wait_until(), and says what was waited for if the time is over.
///
/// what   is still wrong then: "no address is leased"
Result<void> await(Subscription& subscription, std::chrono::milliseconds limit,
                   const std::string& what, const Awaited& awaited);

/// The gateways of that name; all, if it is empty.
std::vector<const ipc::GatewayStatus*> named(const ipc::Status& status, const std::string& name);

/// All of these gateways are in that state.
bool all_are(const ipc::Status& status, const std::string& gateway, const std::string& state);

/// Why no waiting leads to a lease: refused, or somebody has to sign in.
Result<void> look_for_obstacle(const ipc::Status& status, const std::string& gateway);

Error to_error(const ipc::ProblemStatus& problem);

/// The first line of `rsipctl status`, in colour.
std::string headline(const Context& context, const ipc::Status& status);

/// Asks for a change; with --wait comes back only once `awaited` says so.
///
/// text   of the snapshot then, for a person
template <class Request, class Text>
Outcome change(const Context& context, const Arguments& arguments, const Request& request,
               const std::string& what, const Awaited& awaited, const Text& text) {
  const auto limit = wait_time(arguments);
  if (!limit) return print_answer(context, request, [](const auto&) { return std::string(); });
  auto subscription = Subscription::begin(context.socket, context.patience, {});
  if (!subscription) return tl::unexpected(subscription.error());
  const auto done = ask(context, request);
  if (!done) return tl::unexpected(done.error());
  const auto waited = await(*subscription, *limit, what, awaited);
  if (!waited) return tl::unexpected(waited.error());
  return print(context, *done, text(subscription->status()));
}

}  // namespace rsip::cli
