#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>

#include "common/ipc/ipsec_status.h"
#include "common/ipc/status.h"

/// What a client may ask of the agent: one struct per method, whose members are the parameters, and
/// one for each kind of answer. An empty gateway stands for the first one, or for all of them where
/// that makes sense.
namespace rsip::ipc {

/// Nothing to say but that it was done.
struct Done {
  bool done = true;
};

struct StatusRequest {
  static constexpr const char* kMethod = "status";
  static constexpr bool kChanges = false;
  using Reply = Status;
};

/// Use the gateway (all of them), if it was put down.
struct UpRequest {
  static constexpr const char* kMethod = "up";
  static constexpr bool kChanges = true;
  using Reply = Done;
  std::string gateway;
};

/// Give back what is leased and stay away until `up`.
struct DownRequest {
  static constexpr const char* kMethod = "down";
  static constexpr bool kChanges = true;
  using Reply = Done;
  std::string gateway;
};

/// Ask for a new life of the leases now.
struct RenewRequest {
  static constexpr const char* kMethod = "lease.renew";
  static constexpr bool kChanges = true;
  using Reply = Done;
  std::string gateway;
  std::vector<std::uint32_t> binds;  ///< Empty: all.
};

/// A server that is reached from the public side.
struct ListenStatus {
  std::string gateway;
  std::string address;            ///< Public; empty while it is being asked for.
  std::uint16_t public_port = 0;  ///< 0 while it is being asked for.
  std::uint16_t server_port = 0;
  std::string from;  ///< The only remote it is for; empty: any.
};

/// Make a server on this host reachable (LISTEN, RFC 3103 section 9.16).
struct ListenAddRequest {
  static constexpr const char* kMethod = "listen.add";
  static constexpr bool kChanges = true;
  using Reply = ListenStatus;
  std::string gateway;
  std::uint16_t server_port = 0;             ///< 1..65535
  std::optional<std::uint16_t> public_port;  ///< Absent: the server's; 0: any that is free.
  std::string from;  ///< "198.51.100.7" or "198.51.100.7:5000": nobody else. Empty: anybody.
};

struct ListenRemoveRequest {
  static constexpr const char* kMethod = "listen.remove";
  static constexpr bool kChanges = true;
  using Reply = Done;
  std::string gateway;
  std::uint16_t server_port = 0;
};

/// Where an address or network is, as the gateway sees it.
struct Locality {
  std::string what;   ///< "10.2.0.0/16"
  std::string where;  ///< "local", "remote", "unknown": treated as remote
};
struct QueryAnswer {
  std::string gateway;
  std::vector<Locality> known;
};

/// Ask the gateway where these are (QUERY, RFC 3103 section 9.14); nothing: all it will tell.
struct QueryRequest {
  static constexpr const char* kMethod = "query";
  static constexpr bool kChanges = false;
  using Reply = QueryAnswer;
  std::string gateway;
  std::vector<std::string> what;  ///< Addresses and networks.
};

/// Leased SPIs and the security associations that use them (RFC 3104).
struct IpsecRequest {
  static constexpr const char* kMethod = "ipsec.status";
  static constexpr bool kChanges = false;
  using Reply = IpsecStatus;
  std::string gateway;  ///< Empty: the one that IPsec goes through.
};

using Call = std::variant<StatusRequest, UpRequest, DownRequest, RenewRequest, ListenAddRequest,
                          ListenRemoveRequest, QueryRequest, IpsecRequest>;
using Answer = std::variant<Status, Done, ListenStatus, QueryAnswer, IpsecStatus>;

BOOST_DESCRIBE_STRUCT(Done, (), (done))
BOOST_DESCRIBE_STRUCT(StatusRequest, (), ())
BOOST_DESCRIBE_STRUCT(UpRequest, (), (gateway))
BOOST_DESCRIBE_STRUCT(DownRequest, (), (gateway))
BOOST_DESCRIBE_STRUCT(RenewRequest, (), (gateway, binds))
BOOST_DESCRIBE_STRUCT(ListenStatus, (), (gateway, address, public_port, server_port, from))
BOOST_DESCRIBE_STRUCT(ListenAddRequest, (), (gateway, server_port, public_port, from))
BOOST_DESCRIBE_STRUCT(ListenRemoveRequest, (), (gateway, server_port))
BOOST_DESCRIBE_STRUCT(Locality, (), (what, where))
BOOST_DESCRIBE_STRUCT(QueryAnswer, (), (gateway, known))
BOOST_DESCRIBE_STRUCT(QueryRequest, (), (gateway, what))
BOOST_DESCRIBE_STRUCT(IpsecRequest, (), (gateway))

}  // namespace rsip::ipc
