#include "tests/gateway/slp/slp_agent.h"

#include <array>
#include <exception>
#include <map>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/slp/text.h"
#include "tests/gateway/slp/registrar.h"
#include "tests/gateway/slp/stream_server.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxDirectoryAgents = 4;
constexpr std::chrono::milliseconds kPauseAfterError(20);
/// When to look for directory agents after the start.
constexpr std::array<std::chrono::milliseconds, 3> kLookOut = {
    std::chrono::milliseconds(0), std::chrono::milliseconds(1000), std::chrono::milliseconds(3000)};

asio::ip::address_v4 to_asio(Ipv4Address address) {
  return asio::ip::address_v4(address.value);
}

tl::unexpected<Error> cannot_listen(const SlpAgentSettings& settings, const error_code& error) {
  const std::string port = std::to_string(settings.port);
  const std::string message =
      "cannot speak SLP on " + settings.address.to_string() + ":" + port + ": ";
  if (error == asio::error::address_in_use) {
    return fail(
        ErrorKind::kInUse, message + "the port is in use",
        "stop the other SLP daemon (ss -lunp sport = " + port + "), or switch SLP off here");
  }
  if (error == asio::error::access_denied || error == asio::error::no_permission) {
    return fail(ErrorKind::kPermission, message + "not permitted", "run it as root");
  }
  return fail(ErrorKind::kConfigInvalid, message + error.message(),
              "it must be an address of this machine, on an interface with multicast");
}

}  // namespace

class SlpAgent::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, SlpAgentSettings settings)
      : settings_(std::move(settings)),
        advertisement_(std::make_shared<Advertisement>(settings_)),
        unicast_(io),
        group_(io),
        look_out_(io) {}

  Result<void> start() {
    const error_code error = open_all();
    if (error) {
      close();
      return cannot_listen(settings_, error);
    }
    listen(unicast_, Heard::kDatagram);
    listen(group_, Heard::kMulticast);
    if (!settings_.directory_agent) look_for_directory_agents(0);
    if (settings_.directory_agent) register_with(*settings_.directory_agent);
    return {};
  }

  void stop() {
    close();
    for (const auto& [address, known] : directory_agents_) known.registrar->stop();
    directory_agents_.clear();
  }

  void set_load(int load) {
    const auto before = advertisement_->load();
    advertisement_->set_load(load);
    if (advertisement_->load() == before) return;
    for (const auto& [address, known] : directory_agents_) known.registrar->changed();
  }

 private:
  struct DirectoryAgent {
    std::shared_ptr<Registrar> registrar;
    std::uint32_t boot_timestamp_s = 0;  ///< 0: not heard yet.
  };

  error_code open_all() {
    error_code error = open_unicast();
    if (!error) error = open_group();
    if (error) return error;
    stream_ = std::make_shared<SlpStreamServer>(
        unicast_.get_executor(), [weak = weak_from_this()](std::span<const std::uint8_t> request) {
          const auto self = weak.lock();
          return self ? self->advertisement_->answer(request, Heard::kStream) : std::nullopt;
        });
    return stream_->start({to_asio(settings_.address), settings_.port});
  }

  // All replies leave from here, so that hosts see the address that they then put into the list of
  // previous responders.
  error_code open_unicast() {
    const auto address = to_asio(settings_.address);
    error_code error;
    unicast_.open(udp::v4(), error);
    if (!error) unicast_.bind({address, settings_.port}, error);
    if (!error) unicast_.set_option(asio::ip::multicast::outbound_interface(address), error);
    if (!error) unicast_.non_blocking(true, error);
    return error;
  }

  // Bound to the group, it hears nothing else; IP_MULTICAST_ALL off, nothing from interfaces on
  // which somebody else has joined.
  error_code open_group() {
    const auto group = to_asio(settings_.group);
    const int off = 0;
    error_code error;
    group_.open(udp::v4(), error);
    if (!error) group_.set_option(udp::socket::reuse_address(true), error);
    if (!error) group_.bind({group, settings_.port}, error);
    if (!error) {
      group_.set_option(asio::ip::multicast::join_group(group, to_asio(settings_.address)), error);
    }
    if (!error) setsockopt(group_.native_handle(), IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
    return error;
  }

  void listen(udp::socket& socket, Heard heard) {
    asio::co_spawn(socket.get_executor(), serve(shared_from_this(), socket, heard),
                   [self = shared_from_this()](const std::exception_ptr& /*ends with it*/) {});
  }

  // A datagram socket's errors are those of single datagrams (ICMP): go on until it is closed.
  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, udp::socket& socket, Heard heard) {
    std::vector<std::uint8_t> buffer(slp::kMaxMessageBytes);
    while (socket.is_open()) {
      udp::endpoint source;
      const auto [error, count] =
          co_await socket.async_receive_from(asio::buffer(buffer), source, kAwait);
      if (!error) self->take(std::span(buffer).first(count), source, heard);
      if (error && socket.is_open()) co_await self->pause();
    }
  }

  asio::awaitable<void> pause() {
    asio::steady_timer timer(unicast_.get_executor(), kPauseAfterError);
    co_await timer.async_wait(kAwait);
  }

  void take(std::span<const std::uint8_t> bytes, const udp::endpoint& source, Heard heard) {
    if (const auto reply = advertisement_->answer(bytes, heard)) {
      error_code ignored;
      unicast_.send_to(asio::buffer(*reply), source, 0, ignored);
      return;
    }
    const auto message = slp::decode(bytes);
    if (!message || source.port() != settings_.port) return;
    const auto* advert = std::get_if<slp::DirectoryAdvert>(&message->body);
    if (advert != nullptr) take_advert(*advert, Ipv4Address{source.address().to_v4().to_uint()});
  }

  // RFC 2608 section 12.1, passive and active discovery. One that is configured stays the only one.
  void take_advert(const slp::DirectoryAdvert& advert, Ipv4Address source) {
    const bool fits = advert.error == slp::ErrorCode::kNone &&
                      slp::scopes_meet(advert.scopes, advertisement_->scopes());
    if (!fits) return;
    const bool stranger = settings_.directory_agent && *settings_.directory_agent != source;
    const bool known = directory_agents_.contains(source);
    if (advert.boot_timestamp_s == 0) return forget(source);
    if (stranger || (!known && !register_with(source))) return;
    DirectoryAgent& agent = directory_agents_.at(source);
    const bool restarted =
        known && agent.boot_timestamp_s != 0 && agent.boot_timestamp_s != advert.boot_timestamp_s;
    agent.boot_timestamp_s = advert.boot_timestamp_s;
    if (restarted) agent.registrar->register_anew();
  }

  bool register_with(Ipv4Address address) {
    if (directory_agents_.size() >= kMaxDirectoryAgents) return false;
    auto registrar =
        std::make_shared<Registrar>(unicast_.get_executor(), settings_, address, advertisement_);
    if (!registrar->start()) return false;
    directory_agents_.emplace(address, DirectoryAgent{std::move(registrar), 0});
    return true;
  }

  void forget(Ipv4Address address) {
    const auto found = directory_agents_.find(address);
    if (found == directory_agents_.end() || settings_.directory_agent) return;
    found->second.registrar->stop();
    directory_agents_.erase(found);
  }

  void look_for_directory_agents(std::size_t round) {
    if (round >= kLookOut.size()) return;
    look_out_.expires_after(kLookOut.at(round));
    look_out_.async_wait([self = shared_from_this(), round](error_code cancelled) {
      if (cancelled || !self->unicast_.is_open()) return;
      self->ask_for_directory_agents();
      self->look_for_directory_agents(round + 1);
    });
  }

  void ask_for_directory_agents() {
    slp::ServiceRequest request;
    request.service_type = slp::kDirectoryAgentService;
    request.scopes = advertisement_->scopes();
    for (const auto& [address, known] : directory_agents_) {
      const bool first = request.previous_responders.empty();
      request.previous_responders += (first ? "" : ",") + address.to_string();
    }
    slp::Message message{{}, std::move(request)};
    message.header.multicast = true;
    message.header.xid = xid_;
    error_code ignored;
    if (const auto bytes = slp::encode(message)) {
      unicast_.send_to(asio::buffer(*bytes), {to_asio(settings_.group), settings_.port}, 0,
                       ignored);
    }
  }

  void close() {
    error_code ignored;
    unicast_.close(ignored);
    group_.close(ignored);
    look_out_.cancel();
    if (stream_) stream_->stop();
  }

  SlpAgentSettings settings_;
  std::shared_ptr<Advertisement> advertisement_;
  udp::socket unicast_;
  udp::socket group_;
  asio::steady_timer look_out_;
  std::shared_ptr<SlpStreamServer> stream_;
  std::map<Ipv4Address, DirectoryAgent> directory_agents_;
  std::uint16_t xid_ = static_cast<std::uint16_t>(std::random_device()());
};

SlpAgent::SlpAgent(asio::io_context& io, SlpAgentSettings settings)
    : impl_(std::make_shared<Impl>(io, std::move(settings))) {}

SlpAgent::~SlpAgent() {
  stop();
}

Result<void> SlpAgent::start() {
  return impl_->start();
}

void SlpAgent::stop() {
  impl_->stop();
}

void SlpAgent::set_load(int load) {
  impl_->set_load(load);
}

}  // namespace rsip::gateway
