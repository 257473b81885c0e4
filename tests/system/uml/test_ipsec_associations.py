"""Two hosts behind one address set up security associations with a peer that knows nothing of RSIP:
strongSwan on either side, ESP and AH of the kernel, and our agents and gateway in between."""

import time

from ipseclab.checks import (KINDS, TUNNELS, associate, cookies, in_clear, in_hex, incoming_spis,
                             spis_are_leased, transport_carries, tunnel_carries_both_ways)
from ipseclab.charon import SECRET
from ipseclab.config import LEASED, PEER, peer
from ipseclab.lab import RUN
from ipseclab.packets import AH, ESP, IPIP, UDP, Capture, Packet, ah, esp, ike_datagram, ping, send_raw
from ipseclab.space import wait_for

IN_GUEST = True


def carries_everything(lab):
    for host in lab.hosts:
        for child in TUNNELS:
            tunnel_carries_both_ways(lab, host, child)
    transport_carries(lab, lab.hosts)


# H-032, H-210, H-212, H-217, H-220, H-233: ESP and AH, tunnel and transport, told apart by SPI alone
def test_both_hosts_have_every_kind_of_association_at_once(lab):
    lab.start()
    first, second = lab.hosts
    with (Capture(lab.peer, "eth0") as wire, Capture(first, "rsip0") as one,
          Capture(second, "rsip0") as two):
        associate(lab, *KINDS)
        carries_everything(lab)
    for host in lab.hosts:
        spis_are_leased(host)
        assert len(host.charon.child_sas()) == len(KINDS)
        for ike in host.charon.ike_sas():
            assert int(ike["local-port"]) in host.ipsec_ports() and ike["local-port"] != "500", ike
            assert "nat-local" not in ike and "nat-remote" not in ike, ike
    assert not first.spis() & second.spis()
    assert not incoming_spis(one.packets) & incoming_spis(two.packets)
    assert incoming_spis(wire.packets) == incoming_spis(one.packets) | incoming_spis(two.packets)
    assert {protocol for protocol, _ in incoming_spis(wire.packets)} == {ESP, AH}
    assert not in_clear(wire.packets), [packet.data.hex() for packet in in_clear(wire.packets)]


# H-215, H-217: IKEv1 announces the SPI in Quick Mode; there main mode with a secret
def test_ikev1_main_mode_from_leased_ports(lab):
    lab.start()
    for host in lab.hosts:
        host.load(version=1)
    associate(lab, *KINDS)
    carries_everything(lab)
    for host in lab.hosts:
        spis_are_leased(host)
        assert {ike["version"] for ike in host.charon.ike_sas()} == {"1"}


# H-031, H-211, H-214, G-44: the gateway learns cookies from what the hosts send
def test_both_hosts_talk_ike_from_port_500(lab):
    lab.start(ike_port="500")
    first, second = lab.hosts
    with Capture(first, "rsip0") as one, Capture(second, "rsip0") as two:
        associate(lab, *KINDS)
        carries_everything(lab)
    for host in lab.hosts:
        spis_are_leased(host)
        assert {ike["local-port"] for ike in host.charon.ike_sas()} == {"500"}
    for host, capture in ((first, one), (second, two)):
        own = {int(ike["initiator-spi"], 16) for ike in host.charon.ike_sas()}
        assert cookies(capture.packets) == own, host.name


def the_same_packet(packet: Packet) -> tuple:
    """By protocol, SPI and sequence number."""
    at = packet.header + (8 if packet.protocol == AH else 4)
    return packet.destination, packet.protocol, packet.spi, packet.data[at:at + 4]


# H-032, G-42: end to end means that the bytes are the same; AH would notice any other
def test_esp_and_ah_arrive_byte_for_byte(lab):
    lab.start()
    host = lab.hosts[0]
    with Capture(host, "rsip0") as near, Capture(lab.peer, "eth0") as far:
        for child in TUNNELS:
            host.charon.initiate(child)
            tunnel_carries_both_ways(lab, host, child)
    sent, received = ({the_same_packet(packet): packet.frozen() for packet in capture.packets
                       if packet.protocol in (ESP, AH)} for capture in (near, far))
    assert len(sent) >= 4 * len(TUNNELS)
    assert sent == received


# H-213, H-215: with a connection of the agent's configuration programs need to know nothing
def test_a_connection_of_the_configuration_carries_what_programs_send(lab):
    lab.start_gateway()
    lab.start_peer()
    host = lab.hosts[0]
    secret = RUN / "office.psk"
    secret.write_text(SECRET["data"] + "\n")
    host.start_agent(connection={
        "name": "office", "remote": PEER, "local_id": "h1@lab", "remote_id": "peer@lab",
        "secret_file": str(secret), "networks": ["10.99.0.1/32"], "inner": host.inner})
    host.charon.start(delete_rekeyed_delay=1)
    wait_for("the connection", lambda: host.charon.child_sas("office"), 30)
    spis_are_leased(host)
    with Capture(lab.peer, "eth0") as wire:
        host.run("ping", "-c", "3", "-i", "0.2", "-W", "2", "10.99.0.1")
    assert len([packet for packet in wire.packets if packet.protocol == ESP]) >= 6
    assert not in_clear(wire.packets), [packet.data.hex() for packet in in_clear(wire.packets)]
    host.charon.stop()
    host.run("ip", "xfrm", "policy", "flush")
    with Capture(lab.peer, "eth0") as wire:
        host.run("ping", "-c", "2", "-i", "0.2", "-W", "1", "10.99.0.1", check=False)
    assert not [packet for packet in wire.packets if "10.99.0.1" == packet.destination]


# H-239: a host that can be called: IKE at a port it listens on, the SPI leased before the answer
def test_a_peer_may_begin_at_a_port_that_listens(lab):
    port = 4600
    lab.start_gateway()
    host = lab.hosts[0]
    host.start_agent(fragment=False, gateway={"listen": [port]})
    host.start_charon(port=port, port_nat_t=port + 1)
    lab.start_peer()
    calling = {"tunnel": {"mode": "tunnel", "local_ts": [f"{TUNNELS['cbc']}/32"],
                          "remote_ts": [f"{host.inner}/32"], "esp_proposals": ["aes128-sha256"]}}
    lab.peer_charon.load("call", {**peer(PEER, calling), "version": 2, "remote_addrs": [LEASED],
                                  "remote_port": port, "remote": {"auth": "psk", "id": "h1@lab"}})
    lab.peer_charon.initiate("tunnel", "call")
    tunnel_carries_both_ways(lab, host, "cbc")
    spis_are_leased(host)


# G-42, G-46, H-231: what nobody leased goes nowhere, and what somebody leased to nobody else
def test_strangers_reach_nobody_by_guessing(lab):
    lab.start(ike_port="500")
    associate(lab, "cbc")
    first, second = lab.hosts
    leased = min(first.spis())
    unleased = next(spi for spi in range(0x7000_0000, 0x7fff_ffff)
                    if spi not in first.spis() | second.spis())
    strange = [(ESP, esp(unleased)), (AH, ah(unleased)), (ESP, esp(0)), (ESP, esp(1)),
               (ESP, esp(255)), (AH, ah(255)), (UDP, ike_datagram(500, 500, 0x1234_5678_9abc_def0)),
               (UDP, ike_datagram(500, 500, 0))]
    time.sleep(0.5)
    with (Capture(lab.gateway, "lan0") as lan, Capture(first, "rsip0") as one,
          Capture(second, "rsip0") as two):
        for source in ("203.0.113.66", PEER):
            for protocol, body in strange:
                send_raw(lab.peer, source, LEASED, protocol, body)
        time.sleep(0.5)
        tunnelled = [packet for packet in lan.packets if packet.protocol == IPIP]
        assert not tunnelled, [packet.data.hex() for packet in tunnelled]
        for protocol, body in ((ESP, esp(leased)), (AH, ah(leased))):
            send_raw(lab.peer, "203.0.113.66", LEASED, protocol, body)
        time.sleep(0.5)
    assert (ESP, leased) in incoming_spis(one.packets), in_hex([leased])
    assert not two.packets, [packet.data.hex() for packet in two.packets]
    for host in lab.hosts:
        ping(host, host.inner, TUNNELS["cbc"])
