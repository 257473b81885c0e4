#include "tests/gateway/script/script.h"

#include <algorithm>

#include "common/rsip/codec.h"

namespace rsip::gateway::script {
namespace {

std::shared_ptr<const Bytes> cut(Bytes bytes, const Act& act) {
  if (act.truncate) bytes.resize(std::min(bytes.size(), *act.truncate));
  return std::make_shared<const Bytes>(std::move(bytes));
}

msg::Message message_of(const Unasked& one, const Subject& about) {
  msg::Trailer trailer;
  trailer.counter = 0;  // RFC 3103 section 10.1
  if (one.type == msg::MessageType::kFreeResponse) {
    return msg::FreeResponse{about.client, about.bind, trailer};
  }
  if (one.type == msg::MessageType::kDeRegisterResponse) {
    return msg::DeRegisterResponse{about.client, trailer};
  }
  return msg::ErrorResponse{one.error, about.client, {}, trailer};
}

}  // namespace

Result<void> Script::add(const Match& match, const Act& act, TimePoint now) {
  if (rules_.size() >= kMaxRules) {
    return fail(ErrorKind::kUsage, "there are as many rules as there may be",
                "forget them with {\"clear\": true}");
  }
  rules_.push_back({match, act, now});
  return {};
}

std::optional<Act> Script::on_request(std::optional<msg::MessageType> message, Ipv4Address host,
                                      TimePoint now) {
  for (Rule& rule : rules_) {
    if (!fits(rule, message, host, now)) continue;
    ++rule.done;
    return rule.act;
  }
  return std::nullopt;
}

bool Script::fits(Rule& rule, std::optional<msg::MessageType> message, Ipv4Address host,
                  TimePoint now) {
  const Match& match = rule.match;
  if (match.message && match.message != message) return false;
  if (match.host && match.host != host) return false;
  if (now - rule.made < match.after) return false;
  ++rule.seen;
  if (match.nth && *match.nth != rule.seen) return false;
  return !match.times || rule.done < *match.times;
}

bool leaves_answers_alone(const Act& act) {
  return act.set.empty() && act.duplicate == 1 && !act.raw && !act.truncate &&
         act.delay == milliseconds(0) && act.trickle == milliseconds(0);
}

std::vector<Outgoing> answers(const Act& act, std::span<const msg::Message> replies) {
  std::vector<Outgoing> once;
  if (act.raw) {
    once.push_back({cut(*act.raw, act), act.delay, act.trickle});
  } else {
    for (const msg::Message& reply : replies) {
      const auto bytes = msg::encode(reply);
      if (bytes) once.push_back({cut(patched(*bytes, act.set), act), act.delay, act.trickle});
    }
  }
  std::vector<Outgoing> all;
  for (std::uint32_t i = 0; i < act.duplicate; ++i) {
    all.insert(all.end(), once.begin(), once.end());
  }
  return all;
}

std::vector<Outgoing> unasked(const Act& act, const Subject& about) {
  std::vector<Outgoing> once;
  for (const Unasked& one : act.async) {
    const auto bytes = msg::encode(message_of(one, about));
    if (bytes) once.push_back({cut(patched(*bytes, act.set), act), act.delay, act.trickle});
  }
  std::vector<Outgoing> all;
  for (std::uint32_t i = 0; i < act.repeat; ++i) all.insert(all.end(), once.begin(), once.end());
  return all;
}

}  // namespace rsip::gateway::script
