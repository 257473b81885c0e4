#include "agent/discovery/slp_exchange.h"

#include <algorithm>

namespace rsip::agent {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxAnswers = 64;
constexpr int kQuietRounds = 2;

SlpTime now() {
  return std::chrono::steady_clock::now();
}

Ipv4Address address_of(const asio::ip::udp::endpoint& endpoint) {
  return Ipv4Address{endpoint.address().to_v4().to_uint()};
}

/// The reply in a datagram, if it is one of that type.
std::optional<slp::Message> read_reply(const SlpDatagram& datagram, slp::Function reply) {
  auto message = slp::decode(datagram.bytes);
  if (!message || slp::function_of(*message) != reply) return std::nullopt;
  return std::move(*message);
}

std::string list_of(const std::vector<SlpAnswer>& answers) {
  std::string list;
  for (const SlpAnswer& answer : answers) {
    list += (list.empty() ? "" : ",") + answer.responder.to_string();
  }
  return list;
}

bool has_answered(const std::vector<SlpAnswer>& answers, Ipv4Address responder) {
  return std::any_of(answers.begin(), answers.end(),
                     [responder](const SlpAnswer& a) { return a.responder == responder; });
}

}  // namespace

/// A unicast question that is on its way.
struct SlpExchange::Pending {
  SlpQuestion question;
  std::uint16_t xid = 0;
  std::optional<slp::Message> answer;
};

SlpExchange::SlpExchange(std::shared_ptr<SlpChannel> channel, SlpNetwork network, SlpPace pace,
                         std::uint16_t first_xid)
    : channel_(std::move(channel)),
      network_(network),
      pace_(std::move(pace)),
      next_xid_(first_xid) {}

asio::awaitable<std::vector<SlpAnswer>> SlpExchange::converge(slp::ServiceRequest request,
                                                              slp::Function reply, SlpTime until) {
  std::vector<SlpAnswer> answers;
  const std::uint16_t xid = next_xid_++;
  int quiet = 0;
  for (std::size_t round = 0; now() < until && quiet < kQuietRounds; ++round) {
    request.previous_responders = list_of(answers);
    const auto bytes = to_datagram(request, xid, true);
    if (bytes.empty() || answers.size() >= kMaxAnswers) break;  // no room for one more responder
    channel_->send(bytes, at(network_.group));
    const bool news = co_await listen(answers, xid, reply, std::min(until, now() + wait(round)));
    // As long as nobody has answered at all, requests may have been lost: go on.
    quiet = news || answers.empty() ? 0 : quiet + 1;
  }
  request.previous_responders.clear();
  const SlpTime end = std::max(until, now()) + pace_.total_limit / 8;
  for (SlpAnswer& answer : answers) co_await complete(request, answer, end);
  co_return answers;
}

asio::awaitable<bool> SlpExchange::listen(std::vector<SlpAnswer>& answers, std::uint16_t xid,
                                          slp::Function reply, SlpTime until) {
  bool news = false;
  while (auto datagram = co_await channel_->receive(until)) {
    auto message = read_reply(*datagram, reply);
    const Ipv4Address responder = address_of(datagram->source);
    if (!message || message->header.xid != xid || has_answered(answers, responder)) continue;
    if (answers.size() >= kMaxAnswers) continue;
    answers.push_back({responder, std::move(*message)});
    news = true;
  }
  co_return news;
}

asio::awaitable<std::vector<std::optional<slp::Message>>> SlpExchange::ask_each(
    std::vector<SlpQuestion> questions, slp::Function reply, SlpTime until) {
  std::vector<Pending> pending;
  for (SlpQuestion& question : questions) pending.push_back({std::move(question), next_xid_++, {}});
  const auto open = [&pending] {
    return std::any_of(pending.begin(), pending.end(), [](const auto& p) { return !p.answer; });
  };
  for (std::size_t round = 0; open() && now() < until; ++round) {
    for (const Pending& one : pending) {
      if (one.answer) continue;
      const auto bytes = to_datagram(one.question.body, one.xid, false);
      if (!bytes.empty()) channel_->send(bytes, at(one.question.target));
    }
    const SlpTime end = std::min(until, now() + wait(round));
    while (open()) {
      const auto datagram = co_await channel_->receive(end);
      if (!datagram) break;
      auto message = read_reply(*datagram, reply);
      for (Pending& one : pending) {
        if (!message || one.answer || message->header.xid != one.xid) continue;
        if (datagram->source == at(one.question.target)) one.answer = std::move(message);
      }
    }
  }
  std::vector<std::optional<slp::Message>> answers;
  for (Pending& one : pending) {
    if (one.answer) {
      SlpAnswer answer{one.question.target, std::move(*one.answer)};
      co_await complete(one.question.body, answer, until);
      one.answer = std::move(answer.message);
    }
    answers.push_back(std::move(one.answer));
  }
  co_return answers;
}

asio::awaitable<void> SlpExchange::complete(slp::Body request, SlpAnswer& answer, SlpTime until) {
  if (!answer.message.header.overflow || now() >= until) co_return;
  const slp::Message message{{.xid = next_xid_++}, std::move(request)};
  auto bytes = slp::encode(message);
  if (!bytes) co_return;
  // One responder may use half of the time that is left: others wait behind it.
  const SlpTime end = now() + (until - now()) / 2;
  const asio::ip::tcp::endpoint target(asio::ip::address_v4(answer.responder.value), network_.port);
  const auto whole =
      co_await ask_over_tcp(std::move(*bytes), target, network_.local, network_.mark, end);
  if (!whole) co_return;
  auto decoded = slp::decode(*whole);
  const bool fits = decoded && decoded->header.xid == message.header.xid &&
                    slp::function_of(*decoded) == slp::function_of(answer.message);
  if (fits) answer.message = std::move(*decoded);
}

std::chrono::milliseconds SlpExchange::wait(std::size_t round) const {
  if (pace_.waits.empty()) return pace_.total_limit;
  return pace_.waits[std::min(round, pace_.waits.size() - 1)];
}

std::vector<std::uint8_t> SlpExchange::to_datagram(const slp::Body& body, std::uint16_t xid,
                                                   bool multicast) const {
  auto bytes = slp::encode({{.multicast = multicast, .xid = xid}, body});
  if (!bytes || bytes->size() > slp::kMaxDatagramBytes) return {};
  return std::move(*bytes);
}

asio::ip::udp::endpoint SlpExchange::at(Ipv4Address address) const {
  return {asio::ip::address_v4(address.value), network_.port};
}

}  // namespace rsip::agent
