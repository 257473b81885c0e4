"""What goes wrong with agent, gateway, lease or IKE daemon while associations are up."""

import json
import signal
import socket
import time

from ipseclab.checks import (TUNNELS, all_spis_are_leased, associate, incoming_spis, next_spi,
                             spi_in_use, spis_are_leased)
from ipseclab.config import LEASED
from ipseclab.lab import RUN
from ipseclab.packets import Capture, Pings, ping
from ipseclab.space import wait_for

IN_GUEST = True
FAR = TUNNELS["cbc"]
SHORT = {"minimum": "10s", "default": "10s", "maximum": "10s"}  # leases are renewed after five seconds


class Script:
    """The gateway's script socket (tests/gateway/README.md)."""

    PATH = RUN / "script.sock"

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(str(self.PATH))

    def say(self, **line):
        self.socket.sendall(json.dumps(line).encode() + b"\n")
        answer = json.loads(self.socket.recv(4096))
        assert answer == {"ok": True}, answer


def start_with_script(lab, **lease):
    lab.start_gateway(script={"socket": str(Script.PATH)}, lease=lease)
    lab.start_peer()
    for host in lab.hosts:
        host.start_agent()
        host.start_charon(delete_rekeyed_delay=1)
    associate(lab, "cbc")
    return Script()


def peer_forgot(lab, host):
    """The peer was told that the associations of this host are over."""
    wait_for(f"the peer to forget {host.name}", lambda: not [
        ike for ike in lab.peer_charon.ike_sas() if ike.get("remote-id") == f"h{host.number}@lab"])


def terminated(host, seconds=20):
    wait_for(f"{host.name} to end its associations", lambda: not host.charon.child_sas(), seconds)


def works_again(lab, host):
    """With the associations that are there, or with new ones."""
    def settled():
        return set(host.charon.spis_in()) <= host.spis()
    wait_for(f"{host.name} to hold no association without a lease", settled)
    if not host.charon.child_sas("cbc"):
        host.charon.initiate("cbc")
    ping(host, host.inner, FAR, 20)
    spis_are_leased(host)


# H-212: the agent says goodbye for the associations, because their SPIs go with the lease
def test_an_agent_that_ends_tells_the_peer(lab):
    lab.start()
    associate(lab, "cbc")
    first, second = lab.hosts
    assert first.agent.stop() == 0
    terminated(first)
    peer_forgot(lab, first)
    ping(second, second.inner, FAR)
    assert "spi_min" not in first.fragment.read_text()
    first.resume_agent()
    first.charon.stop()
    first.start_charon()
    works_again(lab, first)


# H-216: what the kernel has in use after a crash is leased again, or ended
def test_an_agent_that_was_killed_comes_back_to_its_associations(lab):
    lab.start()
    associate(lab, "cbc")
    first, second = lab.hosts
    first.agent.stop(signal.SIGKILL)
    first.resume_agent()
    works_again(lab, first)
    ping(second, second.inner, FAR)


# H-216: SPIs in use are asked for again after the gateway has forgotten everything
def test_a_gateway_that_restarts_gets_the_associations_back(lab):
    lab.start()
    associate(lab, "cbc")
    lab.gateway_process.stop(signal.SIGKILL)
    lab.resume_gateway()
    for host in lab.hosts:
        wait_for(f"a lease of {host.name}", host._has_lease, 40)
        works_again(lab, host)
    first, second = lab.hosts
    assert not first.spis() & second.spis()


# H-234: IPSEC_UNALLOWED at renewal: the peer is told while the lease still lasts
def test_a_renewal_that_is_refused_ends_the_associations_in_time(lab):
    script = start_with_script(lab, **SHORT)
    first = lab.hosts[0]
    script.say(match={"message": "EXTEND_REQUEST", "host": first.address}, do={"error": 401})
    script.say(match={"message": "ASSIGN_REQUEST_RSIPSEC", "host": first.address},
               do={"error": 401})
    terminated(first)
    peer_forgot(lab, first)
    assert "401" in first.ctl("ipsec", "status") or "IPSEC_UNALLOWED" in first.ctl("status")


# H-212: the lease is gone at once, nothing can be said to the peer any more
def test_a_lease_that_is_revoked_takes_its_associations_along(lab):
    script = start_with_script(lab)
    first, second = lab.hosts
    bind = next(lease["bind"] for lease in first.told("status")["gateways"][0]["leases"]
                if lease.get("spis"))
    script.say(match={"message": "ASSIGN_REQUEST_RSIPSEC", "host": first.address, "times": 1},
               do={"error": 402})
    script.say(host=first.address, do={"free": [bind]})
    terminated(first)
    ping(second, second.inner, FAR)


# H-212: a daemon that restarts finds its next SPI where it looks for it
def test_a_charon_that_restarts_goes_on(lab):
    lab.start()
    associate(lab, "cbc")
    first = lab.hosts[0]
    first.charon.stop()
    first.start_charon()
    first.charon.initiate("cbc")
    ping(first, first.inner, FAR)
    spis_are_leased(first)


# H-212: an agent that comes later tells the daemon that runs already
def test_a_charon_that_is_there_first_is_told_as_well(lab):
    lab.start_gateway()
    lab.start_peer()
    first = lab.hosts[0]
    first.charon.start()
    first.start_agent(ike_port="500")
    first.load()
    first.charon.initiate("cbc")
    ping(first, first.inner, FAR)
    spis_are_leased(first)


def every_packet_gets_through(lab):
    """Rekeys by both ends without a lost ping: each SPI was leased before the peer used it."""
    with Capture(lab.gateway, "pub") as outside, Capture(lab.hosts[0], "rsip0") as one, \
            Capture(lab.hosts[1], "rsip0") as two:
        associate(lab, "cbc", "ah")
        pings = [Pings(host, host.inner, FAR) for host in lab.hosts]
        for _ in range(3):
            for host in lab.hosts:
                before = spi_in_use(host)
                host.charon.vici.must("rekey", child="cbc")
                next_spi(host, before)
                spis_are_leased(host)
        for each in pings:
            lost = each.stop()
            assert not lost, f"{len(lost)} of {len(each.sent)} pings lost"
    came = incoming_spis([packet for packet in outside.packets if not packet.outgoing])
    assert came == incoming_spis(one.packets) | incoming_spis(two.packets)
    in_number = [sum(packet.spi is not None and packet.destination == LEASED for packet in capture)
                 for capture in (outside.packets, one.packets, two.packets)]
    assert in_number[0] == in_number[1] + in_number[2], in_number


# H-236, H-212, H-214: a daemon that nobody configures: its IKE waits until the SPI is leased
def test_a_daemon_that_knows_nothing_of_rsip_is_observed(lab):
    lab.start_gateway()
    lab.start_peer()
    for host in lab.hosts:
        host.start_agent(fragment=False, ike_port="500")
        host.start_charon(delete_rekeyed_delay=1)
    every_packet_gets_through(lab)
    for host in lab.hosts:
        assert all(spi >= 0xc000_0000 for spi in host.charon.spis_in()), "charon's own range"


# H-210, H-220: the same, and the user has told the daemon which port is leased
def test_a_daemon_on_a_leased_port_is_observed(lab):
    lab.start_gateway()
    lab.start_peer()
    for host in lab.hosts:
        host.start_agent(fragment=False)
        ports = host.ipsec_ports()
        host.start_charon(delete_rekeyed_delay=1, port=ports[0], port_nat_t=ports[1])
    every_packet_gets_through(lab)


# H-238: SPIs of associations that ended are free for others
def test_spis_come_back_when_associations_end(lab):
    lab.start()
    first = lab.hosts[0]
    leased = len(first.spis())
    for _ in range(3):
        first.charon.initiate("cbc")
        first.charon.initiate("gcm")
        ping(first, first.inner, FAR)
        first.charon.terminate(ike="rsip")
        time.sleep(0.3)
    all_spis_are_leased(lab)
    assert len(first.spis()) <= leased + 2
