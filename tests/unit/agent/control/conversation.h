#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "agent/control/session.h"

namespace rsip::agent::test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Ipv4Address kGateway{0x0A010001};  // 10.1.0.1
inline const Ipv4Address kPublic{0xCB00710A};   // 203.0.113.10
inline const Ipv4Address kPeer{0xC6336401};     // 198.51.100.1
inline constexpr ClientId kClient{7};

/// A host's session and the gateway's part of the talk, played by a test on a clock of its own.
class Conversation {
 public:
  explicit Conversation(SessionSettings settings = {kGateway}) : session(settings, 42) {
    take(session.start(now));
  }

  void feed(const SessionEvent& event) { take(session.on(event, now)); }
  void link_up() { feed(LinkUp{}); }
  void link_down() { feed(LinkDown{{ErrorKind::kUnreachable, "lost", ""}}); }

  /// Lets time go by, with every tick that the session asked for on the way.
  void pass(Duration span) {
    const TimePoint until = now + span;
    for (int ticks = 0; session.next_deadline() <= until; ++ticks) {
      ASSERT_LT(ticks, 10000) << "the session asks to be woken without end";
      now = std::max(now, session.next_deadline());
      feed(Tick{});
    }
    now = until;
    feed(Tick{});
  }

  /// Lets time go by until a request leaves, an hour at most.
  void pass_until_request() {
    for (const TimePoint end = now + std::chrono::hours(1); silent() && now < end;) {
      now = std::max(now, std::min(session.next_deadline(), end));
      feed(Tick{});
    }
  }

  /// The gateway answers the last request.
  template <class M>
  void answer(M message) {
    message.trailer.counter = last_counter_;
    feed(Received{msg::Message(std::move(message))});
  }
  /// The gateway says something by itself (counter 0, RFC 3103 section 10.1).
  template <class M>
  void tell(M message) {
    message.trailer.counter = 0;
    feed(Received{msg::Message(std::move(message))});
  }
  void refuse(msg::ErrorCode code) {
    answer(msg::ErrorResponse{static_cast<std::uint16_t>(code), {}, {}, {}});
  }

  /// The oldest request that no test has looked at yet, which has to be an M, or anything if M is
  /// Message.
  template <class M>
  M sent() {
    if (sent_.empty()) {
      ADD_FAILURE() << "nothing was sent";
      return {};
    }
    const msg::Message message = sent_.front();
    sent_.erase(sent_.begin());
    if constexpr (std::is_same_v<M, msg::Message>)
      return message;
    else {
      if (const M* const request = std::get_if<M>(&message)) return *request;
      ADD_FAILURE() << "another message was sent: " << msg::to_string(msg::type_of(message));
      return {};
    }
  }
  [[nodiscard]] bool silent() const { return sent_.empty(); }
  void forget_sent() { sent_.clear(); }

  /// The actions of kind A since the last call for that kind.
  template <class A>
  std::vector<A> happened() {
    std::vector<A> found;
    std::erase_if(events_, [&found](const SessionAction& action) {
      const A* const wanted = std::get_if<A>(&action);
      if (wanted != nullptr) found.push_back(*wanted);
      return wanted != nullptr;
    });
    return found;
  }

  /// The names of everything that was done since the last call, in order: "free", "leases changed".
  std::vector<std::string> journal() { return std::exchange(journal_, {}); }

  // The usual beginnings.
  void register_host(seconds lease = minutes(30)) {
    link_up();
    sent<msg::RegisterRequest>();
    answer(msg::RegisterResponse{kClient, lease_time(lease), policy, {}, tunnels, {}});
    happened<LeasesChanged>();
    journal_.clear();
  }
  void grant(BindId bind, PortRange ports, seconds lease = minutes(30)) {
    answer(granted(bind, ports, lease));
  }
  /// Registered, with bind 1 on ports 5000-5031.
  void lease_block(seconds lease = minutes(30)) {
    register_host();
    sent<msg::AssignRequestRsapIp>();
    grant(BindId{1}, {5000, 32}, lease);
    events_.clear();
    journal_.clear();
  }

  static msg::LeaseTime lease_time(seconds lease) {
    return msg::LeaseTime(static_cast<std::uint32_t>(lease.count()));
  }
  static msg::AssignResponseRsapIp granted(BindId bind, PortRange ports,
                                           seconds lease = minutes(30)) {
    return {kClient,
            bind,
            kPublic,
            msg::Ports::contiguous(ports),
            msg::DontCare{},
            msg::Ports::dont_care(1),
            lease_time(lease),
            msg::TunnelType::kIpIp,
            {},
            {}};
  }

  TimePoint now{std::chrono::hours(1)};
  /// Questions about where things are get an empty answer and are not in the way of a test.
  bool answers_queries = true;
  bool asked_everything = false;
  /// What register_host() has the gateway offer.
  msg::FlowPolicy policy;
  std::vector<msg::TunnelType> tunnels;
  Session session;

 private:
  void take(std::vector<SessionAction> actions) {
    for (SessionAction& action : actions) {
      if (auto* const send = std::get_if<Send>(&action)) {
        last_counter_ = std::visit([](const auto& m) { return m.trailer.counter; }, send->message);
        asked_everything = asked_everything || is_question_for_all(send->message);
        if (answers_queries && std::holds_alternative<msg::QueryRequest>(send->message)) {
          query_to_answer_ = true;
        } else {
          sent_.push_back(send->message);
          journal_.emplace_back(msg::to_string(msg::type_of(send->message)));
        }
      }
      if (std::holds_alternative<LeasesChanged>(action)) journal_.emplace_back("leases changed");
      if (std::holds_alternative<Finished>(action)) journal_.emplace_back("finished");
      if (std::holds_alternative<SendAgain>(action)) journal_.emplace_back("send again");
      events_.push_back(std::move(action));
    }
    if (!std::exchange(query_to_answer_, false)) return;
    answer(msg::QueryResponse{session.client().value_or(kClient), {}, {}, {}, {}, {}});
    std::erase_if(events_, [](const SessionAction& a) { return std::get_if<LocalityKnown>(&a); });
  }

  static bool is_question_for_all(const msg::Message& message) {
    const auto* const query = std::get_if<msg::QueryRequest>(&message);
    return query != nullptr && query->addresses.empty() && query->networks.empty();
  }

  std::optional<std::uint32_t> last_counter_;
  bool query_to_answer_ = false;
  std::vector<msg::Message> sent_;
  std::vector<SessionAction> events_;
  std::vector<std::string> journal_;
};

}  // namespace rsip::agent::test
