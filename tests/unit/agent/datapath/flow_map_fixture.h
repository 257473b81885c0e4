#pragma once

#include <map>

#include <gtest/gtest.h>

#include "agent/datapath/flow_map.h"
#include "agent/datapath/use_report.h"
#include "common/packet/transport_header.h"
#include "tests/unit/agent/datapath/flow_fixture.h"

namespace rsip::agent {

using packet::kTcpAck;
using packet::kTcpFin;
using packet::kTcpRst;
using packet::kTcpSyn;

inline const fakes::Endpoint kServer = fakes::at("198.51.100.7", 443);
inline const fakes::Endpoint kOtherServer = fakes::at("198.51.100.8", 443);
inline const Ipv4Address kLocal = fakes::ip("203.0.113.10");

/// A lease of some ports of kLocal.
inline Binding binding(std::uint32_t bind, std::vector<PortRange> ports,
                       const RemoteScope& remote = {}) {
  return {BindId{bind}, kLocal, false, std::move(ports), remote};
}

/// A LISTEN for one port of kLocal.
inline Binding listening(std::uint32_t bind, std::uint16_t port, std::uint16_t server_port = 0,
                         const RemoteScope& remote = {}) {
  Binding binding{BindId{bind}, kLocal, false, {{port, 1}}, remote};
  binding.listening = true;
  binding.server_port = server_port;
  return binding;
}

inline RemoteScope only(const fakes::Endpoint& remote) {
  return {remote.address, remote.port};
}
inline RemoteScope only(Ipv4Address remote) {
  return {remote, std::nullopt};
}

inline FlowTable table_of(std::vector<Binding> bindings,
                          RemoteDetail detail = RemoteDetail::kNone) {
  FlowTable table{1, {}, std::move(bindings), true};
  table.detail = detail;
  return table;
}

class FlowMapTest : public ::testing::Test {
 protected:
  using Endpoint = fakes::Endpoint;

  FlowMap::Port send(std::uint16_t port, const Endpoint& to = kServer,
                     std::uint8_t protocol = fakes::kUdpProtocol, std::uint8_t flags = 0) {
    return map_.outbound({protocol, kLocal, port, to.address, to.port}, flags, now_);
  }
  FlowMap::Port receive(std::uint16_t port, const Endpoint& from = kServer,
                        std::uint8_t protocol = fakes::kUdpProtocol, std::uint8_t flags = 0) {
    return map_.inbound({protocol, kLocal, port, from.address, from.port}, flags, now_);
  }
  FlowMap::Port call(std::uint16_t port, const Endpoint& from = kServer) {
    return receive(port, from, fakes::kTcpProtocol, kTcpSyn);
  }
  FlowMap::Port connect(std::uint16_t port, const Endpoint& to = kServer) {
    const auto leased = send(port, to, fakes::kTcpProtocol, kTcpSyn);
    if (leased) receive(*leased, to, fakes::kTcpProtocol, kTcpSyn | kTcpAck);
    return leased;
  }
  void close(std::uint16_t port, std::uint16_t leased, const Endpoint& to = kServer) {
    send(port, to, fakes::kTcpProtocol, kTcpFin | kTcpAck);
    receive(leased, to, fakes::kTcpProtocol, kTcpFin | kTcpAck);
  }
  void pass(Duration time) {
    now_ += time;
    for (std::size_t i = 0; i < 100; ++i) map_.expire(now_);
  }
  static DropReason why(const FlowMap::Port& port) {
    return port ? DropReason::kCount : port.error();
  }
  BindingUse use_of(std::uint32_t bind) {
    UseReport report;
    report.write(map_.bindings());
    for (const BindingUse& use : report.read(now_)) {
      if (use.bind == BindId{bind}) return use;
    }
    ADD_FAILURE() << "no binding " << bind;
    return {};
  }

  FlowMap map_;
  TimePoint now_{std::chrono::hours(1)};
};

}  // namespace rsip::agent
