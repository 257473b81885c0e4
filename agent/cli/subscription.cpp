#include "agent/cli/subscription.h"

namespace rsip::cli {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Result<Subscription> Subscription::begin(const std::string& socket_path, milliseconds patience,
                                         const ipc::SubscribeRequest& request) {
  LineSocket socket;
  auto snapshot =
      socket.connect(socket_path, patience)
          .and_then([&] { return socket.read_line(patience); })
          .and_then([](const std::string& hello) { return ipc::parse_hello(hello); })
          .and_then([&](const std::string&) {
            return socket.write_line(ipc::encode_request(1, request));
          })
          .and_then([&] { return socket.read_line(patience); })
          .and_then([](const std::string& line) { return ipc::parse_answer<ipc::Snapshot>(line); });
  if (!snapshot) return tl::unexpected(snapshot.error());
  return Subscription(std::move(socket), std::move(*snapshot));
}

Result<ipc::Event> Subscription::next(std::optional<milliseconds> limit) {
  const auto end = steady_clock::now() + limit.value_or(milliseconds(0));
  for (;;) {
    std::optional<milliseconds> left;
    if (limit) left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    auto event = socket_.read_line(left).and_then(
        [](const std::string& line) { return ipc::parse_event(line); });
    if (!event) return tl::unexpected(event.error());
    if (!*event) continue;  // of a newer agent
    ipc::apply((*event)->body, snapshot_.status);
    snapshot_.seq = (*event)->seq;
    return std::move(**event);
  }
}

Result<void> wait_until(Subscription& subscription, std::optional<milliseconds> limit,
                        const Awaited& awaited) {
  const auto end = steady_clock::now() + limit.value_or(milliseconds(0));
  auto enough = awaited(subscription.status(), nullptr);
  while (enough && !*enough) {
    std::optional<milliseconds> left;
    if (limit) left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    const auto event = subscription.next(left);
    if (!event) return tl::unexpected(event.error());
    enough = awaited(subscription.status(), &*event);
  }
  if (!enough) return tl::unexpected(enough.error());
  return {};
}

}  // namespace rsip::cli
