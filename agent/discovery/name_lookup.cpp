#include "agent/discovery/name_lookup.h"

#include <memory>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

/// Outlives the wait for it: getaddrinfo() cannot be interrupted.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}
  udp::resolver resolver;
  asio::steady_timer done;
  std::optional<Ipv4Address> address;
};

}  // namespace

asio::awaitable<std::optional<Ipv4Address>> look_up(std::string host, SlpTime until) {
  if (const auto address = Ipv4Address::parse(host)) co_return *address;
  const auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
  lookup->done.expires_at(until);
  lookup->resolver.async_resolve(
      udp::v4(), host, "", [lookup](error_code error, const udp::resolver::results_type& all) {
        if (!error && !all.empty()) {
          const auto first = all.begin()->endpoint().address().to_v4();
          lookup->address = Ipv4Address{first.to_uint()};
        }
        lookup->done.expires_at(SlpTime::min());
      });
  co_await lookup->done.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return lookup->address;
}

}  // namespace rsip::agent
