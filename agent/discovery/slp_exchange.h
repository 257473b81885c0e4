#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "agent/discovery/slp_channel.h"
#include "common/slp/codec.h"

namespace rsip::agent {

/// How a user agent sends and for how long it waits.
struct SlpPace {
  /// Wait behind the first sending, the second ...; the last one repeats (RFC 2608 section 6.3).
  std::vector<std::chrono::milliseconds> waits = {
      std::chrono::milliseconds(250), std::chrono::milliseconds(500),
      std::chrono::milliseconds(750), std::chrono::milliseconds(1000)};
  /// How long to look for directory agents before service agents are asked directly.
  std::chrono::milliseconds directory_limit = std::chrono::milliseconds(800);
  /// How long all of it may take.
  std::chrono::milliseconds total_limit = std::chrono::seconds(4);
};

/// Where SLP is spoken.
struct SlpNetwork {
  Ipv4Address local;                ///< Address of the interface to ask on.
  std::uint32_t mark = 0;           ///< SO_MARK, to stay out of the tunnel; 0: none.
  std::uint16_t port = slp::kPort;  ///< Of the others.
  Ipv4Address group = slp::kMulticastGroup;
};

/// An answer and who gave it.
struct SlpAnswer {
  Ipv4Address responder;
  slp::Message message;
};

struct SlpQuestion {
  Ipv4Address target;
  slp::Body body;
};

/// Requests and their replies. Replies are matched by transaction, type and, to unicast requests,
/// source; everything else is dropped. A reply with the overflow flag is asked for again over TCP,
/// and taken as it is if that fails.
class SlpExchange {
 public:
  /// first_xid   transactions are numbered from here; take a random one
  SlpExchange(std::shared_ptr<SlpChannel> channel, SlpNetwork network, SlpPace pace,
              std::uint16_t first_xid);

  /// Multicast with convergence: asks again and again, naming who has answered already, until
  /// nobody new answers twice in a row, or it is that late. Takes at most 64 answers, one from each
  /// responder. Replies that are asked for again may take an eighth of the total limit on top.
  ///
  /// request   a ServiceRequest; its previous responders are filled in
  boost::asio::awaitable<std::vector<SlpAnswer>> converge(slp::ServiceRequest request,
                                                          slp::Function reply, SlpTime until);

  /// Asks each target its question by unicast, all at once; one answer, or none, for each question.
  boost::asio::awaitable<std::vector<std::optional<slp::Message>>> ask_each(
      std::vector<SlpQuestion> questions, slp::Function reply, SlpTime until);

 private:
  struct Pending;

  boost::asio::awaitable<bool> listen(std::vector<SlpAnswer>& answers, std::uint16_t xid,
                                      slp::Function reply, SlpTime until);
  boost::asio::awaitable<void> complete(slp::Body request, SlpAnswer& answer, SlpTime until);
  [[nodiscard]] std::chrono::milliseconds wait(std::size_t round) const;
  /// Encoded; empty if it does not fit into a datagram.
  [[nodiscard]] std::vector<std::uint8_t> to_datagram(const slp::Body& body, std::uint16_t xid,
                                                      bool multicast) const;
  [[nodiscard]] boost::asio::ip::udp::endpoint at(Ipv4Address address) const;

  std::shared_ptr<SlpChannel> channel_;
  SlpNetwork network_;
  SlpPace pace_;
  std::uint16_t next_xid_;
};

}  // namespace rsip::agent
