#!/usr/bin/python3
"""The tunnel against the plain routed path: TCP both ways, 64-byte packets a second, round trip.

Laptop, gateway and server are network namespaces joined by veth, all on this machine, so agent,
gateway, sender and receiver share its processors: a tunnel's ratio is lower here than between real
machines. Plain and tunnel take turns within each round; the numbers are medians, the ratios medians
of the ratios within a round. Two kinds of link: "veth" as the kernel makes it (packets of up to
64 KiB cross it whole) and "nic" (every packet fits the MTU, the receiver merges: like a network card
without segmentation offload).
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from rsiplab import CommandFailed, Lab, LabError  # noqa: E402
from rsiplab.lab import WEB  # noqa: E402
from rsiplab.namespace import wait_for  # noqa: E402

PLAIN = "198.51.100.81"  # the same machine as WEB, but not routed into the tunnel
MEASURES = ("TCP up", "TCP down", "packets up", "packets down", "round trip")
UNITS = {"TCP up": "Gbit/s", "TCP down": "Gbit/s", "packets up": "kpps", "packets down": "kpps",
         "round trip": "us"}


class Bench:
    def __init__(self, lab: Lab, seconds: float):
        self.lab = lab
        self.laptop = lab.laptops[0]
        self.seconds = seconds
        internet = lab.internet
        internet.ip("addr", "add", f"{PLAIN}/32", "dev", "lo")
        internet.ip("route", "add", "10.1.0.0/24", "via", "100.64.0.2")  # the plain path's way back
        for server in (WEB, PLAIN):
            internet.start("iperf3", "iperf3", "-s", "-B", server)
            internet.start("udp_blast", lab.bin / "udp_blast", "serve", server, "9000")
            wait_for("iperf3", lambda s=server: f"{s}:5201" in internet.run("ss", "-Hltn"))
        lab.start_gateway()
        self.laptop.up(routes=[f"{WEB}/32"], ports=255)

    def links(self, kind: str) -> None:
        devices = [(self.laptop, "eth0"), (self.lab.gateway, "port1"), (self.lab.gateway, "wan0"),
                   (self.lab.internet, "core0")]
        whole = "on" if kind == "veth" else "off"
        for where, device in devices:
            where.run("ethtool", "-K", device, "tso", whole, "gso", whole,
                      "tx-udp-segmentation", whole, "gro", "off" if kind == "veth" else "on",
                      expect=None)

    def tcp(self, server: str, *direction: str) -> float:
        report = json.loads(self.laptop.run("iperf3", "-c", server, "-C", "cubic", "-O", "0.3",
                                            "-t", str(self.seconds), "-J", *direction))
        return report["end"]["sum_received"]["bits_per_second"] / 1e9

    def packets(self, server: str, direction: str) -> float:
        return float(self.laptop.run(self.lab.bin / "udp_blast", direction, server, "9000",
                                     str(self.seconds / 2))) / 1000

    def round_trip(self, server: str) -> float:
        text = self.laptop.run("ping", "-i", "0.002", "-c", "300", server)
        times = [float(t) for t in re.findall(r"time=([\d.]+) ms", text)]
        return statistics.median(times) * 1000

    def measure(self, what: str, server: str) -> float:
        if what == "round trip":
            return self.round_trip(server)
        kind, direction = what.split()
        if kind == "packets":
            return self.packets(server, direction)
        return self.tcp(server, *(["-R"] if direction == "down" else []))

    def run(self, kind: str, rounds: int) -> None:
        self.links(kind)
        plain: dict[str, list[float]] = {what: [] for what in MEASURES}
        tunnel: dict[str, list[float]] = {what: [] for what in MEASURES}
        for number in range(rounds):
            for what in MEASURES:
                order = ((plain, PLAIN), (tunnel, WEB))
                for results, server in order if number % 2 == 0 else reversed(order):
                    results[what].append(self.measure(what, server))
        self.report(kind, plain, tunnel)

    @staticmethod
    def report(kind: str, plain: dict, tunnel: dict) -> None:
        print(f"\n{kind} links, median of {len(plain['TCP up'])} rounds")
        print(f"  {'':14}{'plain':>10}{'tunnel':>10}{'ratio':>8}   unit")
        for what in MEASURES:
            ratio = statistics.median(t / p for p, t in zip(plain[what], tunnel[what]))
            print(f"  {what:14}{statistics.median(plain[what]):10.2f}"
                  f"{statistics.median(tunnel[what]):10.2f}{ratio:8.2f}   {UNITS[what]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each TCP transfer")
    parser.add_argument("--links", choices=("veth", "nic", "both"), default="both")
    options = parser.parse_args()
    try:
        with Lab(options.bin, laptops=1) as lab:
            bench = Bench(lab, options.seconds)
            for kind in ("veth", "nic"):
                if options.links in (kind, "both"):
                    bench.run(kind, options.rounds)
    except (CommandFailed, LabError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
