#!/usr/bin/python3
"""The control plane with a network under it: how long from the agent's start to the first packet
through the tunnel, on a link without delay and on one of 20 ms, and how many packets a renewal costs.

Laptop, gateway and server are network namespaces on this machine. The slow link is a relay of frames
in user space (tests/bench/delay_relay.cpp): not every kernel has netem. From the start the agent has
to connect (1 round trip), register (1), lease (1) and send (half): what a slow link adds beyond 3.5
round trips is waiting that the agent could save.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from rsiplab import CommandFailed, Lab, LabError  # noqa: E402
from rsiplab.lab import GATEWAY, PUBLIC, WEB, gateway_config  # noqa: E402
from rsiplab.namespace import Namespace, wait_for  # noqa: E402

PLAIN = "198.51.100.81"  # the same machine as WEB, but not routed into the tunnel
ONE_WAY_MS = 10
NEEDED_ROUND_TRIPS = 3.5
LEASE = "30s"

# Prints when the first datagram from the leased address came; all namespaces share one clock.
FIRST = """
import socket, sys, time
s = socket.socket(type=socket.SOCK_DGRAM); s.bind((sys.argv[1], 9001)); s.settimeout(20)
print('ready')
while s.recvfrom(100)[1][0] != sys.argv[2]: pass
print('first', time.monotonic())
"""

# A datagram each millisecond, from whatever source address the routes of the moment give.
PROBE = """
import socket, sys, time
s = socket.socket(type=socket.SOCK_DGRAM)
end = time.monotonic() + 20
while time.monotonic() < end:
    try: s.sendto(b'x', (sys.argv[1], 9001))
    except OSError: pass
    time.sleep(0.001)
"""


def slow_link(lab: Lab, one_way_ms: int) -> None:
    """Puts a relay between the first laptop and the gateway's bridge, in place of their veth."""
    laptop, gateway = lab.laptops[0], lab.gateway
    wire = Namespace(f"{lab.prefix}wire", lab.folder)
    lab.namespaces.append(wire)
    laptop.ip("link", "del", "eth0")
    for near, far, owner in (("wire0", "eth0", laptop), ("wire1", "port1", gateway)):
        wire.ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", owner.name)
        wire.ip("link", "set", near, "up")
        owner.ip("link", "set", far, "up")
        # The relay sees packets as they are: nobody behind it finishes checksums or cuts segments.
        owner.run("ethtool", "-K", far, "tx", "off", "tso", "off", "gso", "off")
    gateway.ip("link", "set", "port1", "master", "lan0")
    gateway.run("ethtool", "-K", "lan0", "tx", "off")
    laptop.ip("addr", "add", f"{laptop.address}/24", "dev", "eth0")
    laptop.ip("route", "add", "default", "via", GATEWAY)
    wire.start("relay", lab.bin / "delay_relay", "wire0", "wire1", str(one_way_ms))
    wait_for("the slow link", lambda: laptop.exit_code("ping", "-c1", "-W1", GATEWAY) == 0)


def round_trip_ms(lab: Lab) -> float:
    text = lab.laptops[0].run("ping", "-i", "0.05", "-c", "20", GATEWAY)
    return statistics.median(float(t) for t in re.findall(r"time=([\d.]+) ms", text))


def first_packet_ms(lab: Lab) -> float:
    """From the agent's start to the arrival of a packet from its leased address."""
    laptop = lab.laptops[0]
    listener = lab.internet.start(f"first{time.monotonic()}", "/usr/bin/python3", "-uc", FIRST, WEB,
                                  PUBLIC)
    wait_for("the listener", lambda: "ready" in listener.text())
    probe = laptop.start("probe", "/usr/bin/python3", "-c", PROBE, WEB)
    time.sleep(0.3)  # until it sends
    begin = time.monotonic()
    laptop.start_agent()
    if listener.wait(25) != 0:
        raise CommandFailed(f"no packet came through the tunnel\n{laptop.agent.text()}")
    probe.kill()
    laptop.down()
    return (float(listener.text().split()[-1]) - begin) * 1000


def measure_start(binaries: str, one_way_ms: int, rounds: int) -> tuple[float, float]:
    """(round trip, time to the first packet) in milliseconds, medians."""
    with Lab(binaries, laptops=1) as lab:
        if one_way_ms:
            slow_link(lab, one_way_ms)
        lab.start_gateway()
        lab.laptops[0].configure(routes=[f"{WEB}/32"])
        trip = round_trip_ms(lab)
        return trip, statistics.median(first_packet_ms(lab) for _ in range(rounds))


def report_start(binaries: str, rounds: int) -> None:
    fast_trip, fast = measure_start(binaries, 0, rounds)
    slow_trip, slow = measure_start(binaries, ONE_WAY_MS, rounds)
    trips = (slow - fast) / (slow_trip - fast_trip)
    print(f"\nfrom the agent's start to the first packet through the tunnel, median of {rounds}")
    print(f"  {'link':16}{'round trip':>12}{'first packet':>14}   ms")
    print(f"  {'without delay':16}{fast_trip:12.2f}{fast:14.1f}")
    print(f"  {'slow':16}{slow_trip:12.2f}{slow:14.1f}")
    print(f"  the slow link adds {trips:.2f} round trips; the protocol needs {NEEDED_ROUND_TRIPS}, "
          f"ratio {trips / NEEDED_ROUND_TRIPS:.2f}")


def lost_of(text: str) -> tuple[int, int]:
    """(sent, lost) of a ping's summary."""
    found = re.search(r"(\d+) packets transmitted, (\d+) received", text)
    return int(found[1]), int(found[1]) - int(found[2])


def report_renewals(binaries: str, seconds: int) -> None:
    with Lab(binaries, laptops=1) as lab:
        laptop, internet = lab.laptops[0], lab.internet
        internet.ip("addr", "add", f"{PLAIN}/32", "dev", "lo")
        internet.ip("route", "add", "10.1.0.0/24", "via", "100.64.0.2")  # the plain path's way back
        lab.start_gateway(gateway_config(lease={"minimum": LEASE, "default": LEASE,
                                                "maximum": LEASE}))
        laptop.up(routes=[f"{WEB}/32"], lease=LEASE)
        pings = {name: laptop.start(f"ping-{name}", "ping", "-q", "-i", "0.001", "-w", str(seconds),
                                    target) for name, target in (("plain", PLAIN), ("tunnel", WEB))}
        for ping in pings.values():
            ping.wait(seconds + 15)
        renewals = laptop.agent.text().count("lease.extended")
        print(f"\necho requests through {renewals} renewals of a lease of {LEASE}, {seconds} s")
        print(f"  {'':10}{'sent':>10}{'per second':>12}{'lost':>8}")
        for name, ping in pings.items():
            sent, lost = lost_of(ping.text())
            print(f"  {name:10}{sent:10}{sent / seconds:12.0f}{lost:8}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--rounds", type=int, default=5, help="starts of the agent on each link")
    parser.add_argument("--seconds", type=int, default=50, help="of echo requests; 15 a renewal")
    options = parser.parse_args()
    try:
        report_start(options.bin, options.rounds)
        report_renewals(options.bin, options.seconds)
    except (CommandFailed, LabError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
