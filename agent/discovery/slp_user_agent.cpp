#include "agent/discovery/slp_user_agent.h"

#include <algorithm>
#include <random>

#include <boost/asio/this_coro.hpp>

#include "agent/discovery/name_lookup.h"
#include "agent/discovery/offer.h"
#include "common/slp/attributes.h"
#include "common/slp/service_url.h"
#include "common/slp/text.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxGateways = 32;
/// One service agent has one gateway, or few: one that makes up many must not crowd out others.
constexpr std::size_t kMaxOfServiceAgent = 4;
constexpr std::size_t kMaxDirectoryAgents = 4;
constexpr const char* kDefaultScope = "DEFAULT";  // RFC 2608 section 6.4.1
constexpr const char* kTags = "tunnel-type,transport,ipsec-support,ike-support,load";

/// An advertised URL, and whom to ask for its attributes.
struct Advertisement {
  slp::ServiceUrl url;
  std::string text;
  Ipv4Address responder;
};

/// One search: what it knows and the times by which its steps have to end.
class Search {
 public:
  Search(SlpSettings settings, std::shared_ptr<SlpChannel> channel)
      : settings_(std::move(settings)),
        random_(settings_.seed ? *settings_.seed : std::random_device()()),
        exchange_(std::move(channel), settings_.network, settings_.pace,
                  static_cast<std::uint16_t>(random_())) {
    std::vector<std::string> scopes;
    for (const std::string& scope : settings_.scopes) scopes.push_back(slp::escape(scope));
    scopes_ = scopes.empty() ? kDefaultScope : slp::join_list(scopes);
  }

  asio::awaitable<std::vector<FoundGateway>> run() {
    if (settings_.directory_agents.empty()) co_await find_directory_agents();
    if (!settings_.directory_agents.empty()) co_await ask_directory_agents();
    if (found_.empty()) co_await ask_service_agents();
    co_await ask_attributes();
    co_await take_addresses();
    rank(gateways_, settings_.wishes, static_cast<std::uint32_t>(random_()));
    co_return std::move(gateways_);
  }

 private:
  /// The time at which a part of the total limit, in eighths, is over.
  [[nodiscard]] SlpTime after_eighths(int eighths) const {
    return start_ + settings_.pace.total_limit * eighths / 8;
  }

  [[nodiscard]] slp::ServiceRequest request() const {
    return {"", std::string(slp::kRsipService), scopes_, predicate_for(settings_.wishes), ""};
  }

  asio::awaitable<void> find_directory_agents() {
    slp::ServiceRequest request;
    request.service_type = slp::kDirectoryAgentService;
    request.scopes = scopes_;
    const auto until = std::min(after_eighths(2), start_ + settings_.pace.directory_limit);
    const auto answers =
        co_await exchange_.converge(std::move(request), slp::Function::kDirectoryAdvert, until);
    for (const SlpAnswer& answer : answers) take_directory_agent(answer);
  }

  // The agent's own URL is not looked at: who has answered can be reached where it answers from.
  void take_directory_agent(const SlpAnswer& answer) {
    const auto& advert = std::get<slp::DirectoryAdvert>(answer.message.body);
    const bool fits = advert.error == slp::ErrorCode::kNone && advert.boot_timestamp_s != 0 &&
                      slp::scopes_meet(advert.scopes, scopes_);
    if (!fits || settings_.directory_agents.size() >= kMaxDirectoryAgents) return;
    settings_.directory_agents.push_back(answer.responder);
  }

  asio::awaitable<void> ask_directory_agents() {
    std::vector<SlpQuestion> questions;
    for (const Ipv4Address agent : settings_.directory_agents)
      questions.push_back({agent, request()});
    const auto answers =
        co_await exchange_.ask_each(questions, slp::Function::kServiceReply, after_eighths(3));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i]) take_reply({questions[i].target, *answers[i]}, kMaxGateways);
    }
  }

  asio::awaitable<void> ask_service_agents() {
    const auto answers =
        co_await exchange_.converge(request(), slp::Function::kServiceReply, after_eighths(5));
    for (const SlpAnswer& answer : answers) take_reply(answer, kMaxOfServiceAgent);
  }

  void take_reply(const SlpAnswer& answer, std::size_t most) {
    const auto& reply = std::get<slp::ServiceReply>(answer.message.body);
    if (reply.error != slp::ErrorCode::kNone) return;
    for (const slp::UrlEntry& entry : reply.entries) {
      if (most == 0 || found_.size() >= kMaxGateways) return;
      auto url = slp::ServiceUrl::parse(entry.url);
      if (!url || url->type != slp::kRsipService || is_known(*url)) continue;
      found_.push_back({std::move(*url), entry.url, answer.responder});
      --most;
    }
  }

  [[nodiscard]] bool is_known(const slp::ServiceUrl& url) const {
    return std::any_of(found_.begin(), found_.end(),
                       [&url](const Advertisement& other) { return other.url == url; });
  }

  asio::awaitable<void> ask_attributes() {
    std::vector<SlpQuestion> questions;
    for (const Advertisement& one : found_) {
      questions.push_back({one.responder, slp::AttributeRequest{"", one.text, scopes_, kTags, ""}});
    }
    const auto answers = co_await exchange_.ask_each(
        std::move(questions), slp::Function::kAttributeReply, after_eighths(7));
    for (std::size_t i = 0; i < answers.size(); ++i) add_gateway(found_[i], answers[i]);
  }

  // No answer is like no attributes: the template's defaults, and nothing known of the load.
  void add_gateway(const Advertisement& advert, const std::optional<slp::Message>& answer) {
    GatewayOffer offer;
    if (answer) {
      const auto& reply = std::get<slp::AttributeReply>(answer->body);
      if (const auto list = slp::AttributeList::parse(reply.attributes)) offer = read_offer(*list);
    }
    if (!meets(offer, settings_.wishes)) return;
    FoundGateway gateway;
    gateway.port = advert.url.port.value_or(slp::kDefaultRsipPort);
    gateway.source = "slp";
    gateway.load = offer.load;
    gateway.transport = choose_transport(offer, settings_.wishes);
    gateway.tunnels = offer.tunnels;
    gateway.ipsec = offer.ipsec;
    gateway.ike = offer.ike;
    gateway.url = advert.url.print();  // people read it: not what else a stranger wrote there
    gateways_.push_back(std::move(gateway));
    hosts_.push_back(advert.url.host);
  }

  /// Names become addresses; what has none in time, or one that no gateway can have, is dropped.
  asio::awaitable<void> take_addresses() {
    std::vector<FoundGateway> reachable;
    for (std::size_t i = 0; i < gateways_.size(); ++i) {
      const auto address = co_await look_up(hosts_[i], after_eighths(8));
      if (!address || !address->is_usable_source()) continue;
      gateways_[i].address = *address;
      reachable.push_back(std::move(gateways_[i]));
    }
    gateways_ = std::move(reachable);
  }

  SlpSettings settings_;
  std::mt19937 random_;
  SlpExchange exchange_;
  SlpTime start_ = std::chrono::steady_clock::now();
  std::string scopes_;
  std::vector<Advertisement> found_;
  std::vector<FoundGateway> gateways_;
  std::vector<std::string> hosts_;  ///< Of gateways_, in the same order.
};

}  // namespace

asio::awaitable<Result<std::vector<FoundGateway>>> find_by_slp(SlpSettings settings) {
  auto channel = SlpChannel::open(co_await asio::this_coro::executor, settings.network.local,
                                  settings.network.mark);
  if (!channel) co_return tl::unexpected(channel.error());
  Search search(std::move(settings), std::move(*channel));
  co_return co_await search.run();
}

}  // namespace rsip::agent
