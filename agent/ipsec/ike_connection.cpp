#include "agent/ipsec/ike_connection.h"

#include <utility>

namespace rsip::agent {
namespace {

using vici::Section;

Section pre_shared(const std::string& id) {
  Section side;
  side.set("auth", std::string("psk"));
  side.set("id", id);
  return side;
}

/// Behind one address hosts differ in their ports alone (RFC 3104 appendix A): they have to be in
/// the selectors, or the peer takes two hosts for one.
Section::List own_ports(const IkeEnd& end) {
  if (end.ports.empty()) return {"dynamic"};
  Section::List selectors;
  for (const char* const protocol : {"tcp", "udp"}) {
    for (const PortRange& range : end.ports) {
      selectors.push_back("dynamic[" + std::string(protocol) + "/" + range.to_string() + "]");
    }
  }
  return selectors;
}

Section transport_child(const IkeEnd& end) {
  Section child;
  child.set("mode", std::string("transport"));
  child.set("local_ts", own_ports(end));
  child.set("remote_ts", Section::List{"dynamic[tcp]", "dynamic[udp]"});
  return child;
}

Section tunnel_child(const IkeConnection& connection) {
  Section child;
  child.set("mode", std::string("tunnel"));
  child.set("local_ts", Section::List{connection.inner.to_string() + "/32"});
  Section::List networks;
  for (const Ipv4Prefix& network : connection.networks) networks.push_back(network.to_string());
  child.set("remote_ts", std::move(networks));
  return child;
}

Section children_of(const IkeConnection& connection, const IkeEnd& end) {
  Section child = connection.transport ? transport_child(end) : tunnel_child(connection);
  if (connection.start) {
    child.set("close_action", std::string("start"));
    child.set("dpd_action", std::string("restart"));
  }
  Section children;
  children.set(connection.name, std::move(child));
  return children;
}

}  // namespace

std::string charon_name(const IkeConnection& connection) {
  return "rsip-" + connection.name;
}

Section load_shared(const IkeConnection& connection) {
  Section shared;
  shared.set("id", charon_name(connection));
  shared.set("type", std::string("IKE"));
  shared.set("data", connection.secret);
  shared.set("owners", Section::List{connection.local_id, connection.remote_id});
  return shared;
}

// Without mobility IKE stays on the port that was leased for it, and with it what the gateway goes
// by.
Section load_conn(const IkeConnection& connection, const IkeEnd& end) {
  Section conn;
  conn.set("version", std::string("2"));
  conn.set("local_addrs", Section::List{end.local.to_string()});
  conn.set("remote_addrs", Section::List{connection.remote.to_string()});
  conn.set("remote_port", std::to_string(connection.remote_port));
  conn.set("mobike", std::string("no"));
  conn.set("encap", std::string("no"));
  conn.set("dpd_delay", std::string("30s"));
  // Before the peer does: its rekey would change the cookie (RFC 3104 appendix E).
  if (end.on_500) conn.set("rekey_time", std::string("50m"));
  conn.set("local", pre_shared(connection.local_id));
  conn.set("remote", pre_shared(connection.remote_id));
  conn.set("children", children_of(connection, end));
  Section body;
  body.set(charon_name(connection), std::move(conn));
  return body;
}

Section unload_conn(const IkeConnection& connection) {
  Section body;
  body.set("name", charon_name(connection));
  return body;
}

// Not waited for: it is up when its association is.
Section initiate(const IkeConnection& connection) {
  Section body;
  body.set("child", connection.name);
  body.set("ike", charon_name(connection));
  body.set("timeout", std::string("-1"));
  return body;
}

}  // namespace rsip::agent
