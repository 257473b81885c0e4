"""A daemon that cannot be told SPIs at all: its IKE is held until the one it chose is leased."""

import os
import pathlib

from ipseclab.checks import TUNNELS, spis_are_leased
from ipseclab.libreswan import Libreswan
from ipseclab.packets import Pings, ping
from ipseclab.space import wait_for

IN_GUEST = True
NEEDS = "LIBRESWAN"


# H-032, H-211, H-236: beside a strongSwan on the other host, both from port 500
def test_libreswan_is_observed_beside_strongswan(lab):
    far = TUNNELS["cbc"]
    lab.start_gateway()
    lab.start_peer()
    first, second = lab.hosts
    for host in lab.hosts:
        host.start_agent(fragment=False, ike_port="500")
    second.start_charon().initiate("cbc")
    libreswan = Libreswan(first, pathlib.Path(os.environ["LIBRESWAN"]), far)
    try:
        libreswan.start()
        libreswan.initiate()
        ping(first, first.inner, far)
        ping(lab.peer, far, first.inner)
        assert libreswan.spis_in() <= first.spis()
        pings = Pings(first, first.inner, far)
        for _ in range(2):
            before = libreswan.spis_in()
            libreswan.rekey()
            wait_for("another SPI", lambda before=before: libreswan.spis_in() - before)
            assert libreswan.spis_in() <= first.spis()
        lost = pings.stop()
        assert not lost, f"{len(lost)} of {len(pings.sent)} pings lost"
    finally:
        libreswan.stop()
    ping(second, second.inner, far)
    spis_are_leased(second)
