"""Associations are replaced while packets pass: none is lost, and every new SPI is a leased one.

strongSwan rekeys when one side says so or when its time has come; the old association stays until the
new one carries (RFC 7296 section 2.8)."""

import time

from ipseclab.checks import (TUNNELS, all_spis_are_leased, associate, incoming_spis, next_spi,
                             spi_in_use, spis_are_leased)
from ipseclab.packets import Capture, Pings, ping
from ipseclab.space import wait_for

IN_GUEST = True
FAR = TUNNELS["cbc"]
CLOCK = {"rekey_time": "2s", "rand_time": "0s", "life_time": "60s"}


class Traffic:
    """A ping each 20 ms through the tunnel of every host, and what came in on its tunnel device."""

    def __init__(self, lab):
        self.lab = lab
        self.captures = [Capture(host, "rsip0") for host in lab.hosts]
        self.pings = [Pings(host, host.inner, FAR) for host in lab.hosts]
        self.leased = [host.spis() for host in lab.hosts]

    def look(self):
        """Remembers what is leased at the moment; after each change."""
        for leased, host in zip(self.leased, self.lab.hosts):
            leased |= host.spis()

    def end(self):
        """Nothing was lost, and no SPI but leased ones came in."""
        self.look()
        for pings, capture, host, leased in zip(self.pings, self.captures, self.lab.hosts,
                                                self.leased):
            lost = pings.stop()
            came = {spi for _, spi in incoming_spis(capture.stop())}
            assert len(pings.sent) > 50
            assert not lost, f"{host.name}: {len(lost)} of {len(pings.sent)} pings lost"
            assert came and came <= leased, f"{host.name}: {came} of {leased}"
            assert len(came) > 1, f"{host.name}: it was not rekeyed"


# H-238, H-216: two spare SPIs are enough for any number of rekeys
def test_rekeys_by_the_hosts_lose_no_packet(lab):
    lab.start()
    associate(lab, "cbc")
    traffic = Traffic(lab)
    for _ in range(5):
        for host in lab.hosts:
            before = spi_in_use(host)
            host.charon.vici.must("rekey", child="cbc")
            next_spi(host, before)
            spis_are_leased(host)
        traffic.look()
        time.sleep(0.3)
    traffic.end()


# H-238, H-216: the peer begins, by its own clock, with both hosts at once
def test_rekeys_by_the_peer_of_both_hosts_lose_no_packet(lab):
    lab.start(peer_clock=CLOCK)
    associate(lab, "cbc")
    traffic = Traffic(lab)
    before = [spi_in_use(host) for host in lab.hosts]
    for _ in range(3):
        for at, host in enumerate(lab.hosts):
            before[at] = next_spi(host, before[at])
        traffic.look()
        all_spis_are_leased(lab)
    traffic.end()


# H-238: both ends begin in the same moment: three associations at once
def test_rekeys_by_both_ends_at_once_end_with_one_association(lab):
    lab.start(peer_clock=CLOCK)
    host = lab.hosts[0]
    host.load(clock=CLOCK)
    host.charon.initiate("cbc")
    pings = Pings(host, host.inner, FAR)
    for _ in range(6):
        time.sleep(1)
        spis_are_leased(host)
    lost = pings.stop()
    assert not lost, f"{len(lost)} of {len(pings.sent)} pings lost"


# H-237: the host replaces the IKE association itself, before the peer does
def test_the_ike_association_is_rekeyed_from_port_500(lab):
    lab.start(ike_port="500")
    associate(lab, "cbc")
    pings = [Pings(host, host.inner, FAR) for host in lab.hosts]
    for host in lab.hosts:
        before = host.charon.ike_sas()[0]["responder-spi"]
        host.charon.vici.must("rekey", ike="rsip")
        wait_for("another IKE association", lambda host=host, before=before: [
            ike for ike in host.charon.ike_sas()
            if ike["responder-spi"] != before and ike["state"] == "ESTABLISHED"])
        host.charon.initiate("gcm")
        ping(host, host.inner, TUNNELS["gcm"])
        spis_are_leased(host)
    for each in pings:
        assert not each.stop()


# H-237, G-44: the peer replaces it, with a cookie of its own: the host's next message teaches it to
# the gateway
def test_the_peer_may_rekey_ike_to_port_500(lab):
    lab.start(ike_port="500")
    associate(lab, "cbc")
    old = {ike["initiator-spi"] for ike in lab.peer_charon.ike_sas()}
    lab.peer_charon.vici.must("rekey", ike="any")
    wait_for("new IKE associations", lambda: len(
        [ike for ike in lab.peer_charon.ike_sas()
         if ike["initiator-spi"] not in old and ike["state"] == "ESTABLISHED"]) == 2)
    wait_for("the end of the old ones", lambda: len(lab.peer_charon.ike_sas()) == 2)
    for host in lab.hosts:
        host.charon.initiate("gcm")
        ping(host, host.inner, TUNNELS["gcm"])
        spis_are_leased(host)


# H-235: IPSEC_SPI_UNAVAILABLE: with fewer SPIs than wished for, down to what there is
def test_three_spis_in_the_world_are_enough_to_rekey_one_association(lab):
    lab.start_gateway({"spis": "0x1000-0x1002"})
    lab.start_peer()
    first, second = lab.hosts
    first.start_agent()
    first.start_charon(delete_rekeyed_delay=1).initiate("cbc")
    pings = Pings(first, first.inner, FAR)
    for _ in range(3):
        before = spi_in_use(first)
        first.charon.vici.must("rekey", child="cbc")
        next_spi(first, before)
        spis_are_leased(first)
        time.sleep(1.5)  # the old one is deleted a second later
    assert not pings.stop()
    assert first.spis() <= {0x1000, 0x1001, 0x1002}
    first.stop()
    second.start_agent()
    second.start_charon().initiate("cbc")
    ping(second, second.inner, FAR)
