#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "agent/discovery/found_gateway.h"
#include "agent/discovery/lease_file.h"
#include "agent/discovery/slp_user_agent.h"

namespace rsip::agent {

struct DiscoverySettings {
  std::string interface;             ///< The interface whose network is looked at; empty: no DHCP.
  unsigned interface_index = 0;      ///< systemd-networkd and NetworkManager name files by it.
  std::uint16_t port = 4555;         ///< Where the source names none.
  unsigned dhcp_option = 0;          ///< Number of the option that names gateways; 0: do not look.
  std::filesystem::path root = "/";  ///< Where the lease files are under.
  bool use_slp = true;
  /// network.local: the interface's own address. Scopes and directory agents of the DHCP lease are
  /// taken where these are not set.
  SlpSettings slp;
  bool use_router = false;            ///< Whether to take the default router as a last guess.
  std::optional<Ipv4Address> router;  ///< As the caller's routes say; none: as the lease says.
  /// Ask every source, for a list to choose from; otherwise the first source that knows one ends
  /// the search.
  bool ask_all = false;
};

/// The gateways that DHCP named, in its order (RFC 3102 section 3.5).
std::vector<FoundGateway> gateways_of_lease(const std::vector<NamedGateway>& named,
                                            std::uint16_t default_port);

/// The guess that the default router is the gateway.
FoundGateway gateway_of_router(Ipv4Address router, std::uint16_t port);

/// Appends what is not there yet by address and port: the earlier source is the better one.
void add_found(std::vector<FoundGateway>& all, std::vector<FoundGateway> more);

/// Looks for gateways: DHCP before SLP before the default router. A gateway that the user has
/// named, on the command line or in a profile, goes before all of these and never comes here:
/// whatever the network says, it is not replaced.
class Discovery {
 public:
  /// What was found, best first, and what went wrong on the way ("" if nothing did).
  using Done = std::function<void(std::vector<FoundGateway> found, std::string trouble)>;

  explicit Discovery(boost::asio::io_context& io);
  /// A search that is under way ends without a word.
  ~Discovery();
  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;

  /// Searches once, giving up an earlier search. done is called once, from the event loop, within
  /// slp.pace.total_limit.
  void search(DiscoverySettings settings, Done done);
  /// Gives up; done is not called any more.
  void cancel();

 private:
  struct Run;

  boost::asio::io_context& io_;
  std::shared_ptr<Run> run_;
};

}  // namespace rsip::agent
