#!/usr/bin/python3
"""IPsec from behind a shared address: what the agent costs an IKE daemon, and what rekeys lose.

In a guest kernel (tests/system/uml): strongSwan on a laptop sets up an ESP tunnel with a peer directly,
through the agent with SPIs told ahead, and through the agent with IKE held until an SPI is leased. A
guest is slower than a machine: compare the lines, not the numbers with others. Before that,
ipsec_bench, which needs no guest.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

SELF = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(SELF.parents[1] / "system" / "uml"))
from ipseclab.boot import IPSEC_MODULES, boot, said  # noqa: E402
from ipseclab.checks import TUNNELS, next_spi, spi_in_use  # noqa: E402
from ipseclab.config import PEER, connection, host_connection  # noqa: E402
from ipseclab.lab import Host, Lab  # noqa: E402
from ipseclab.packets import IPIP, Capture, Packet, Pings  # noqa: E402

PING_EVERY = 0.01
PATIENCE_S = 600
DAEMON = {"delete_rekeyed_delay": 1}


# --- In the guest ---

def initiations(host: Host, rounds: int) -> list[float]:
    """Milliseconds from `initiate` to the association, each time from nothing."""
    took = []
    for number in range(rounds + 1):
        began = time.monotonic()
        host.charon.initiate("cbc")
        if number > 0:  # the first finds ciphers that have to be loaded
            took.append((time.monotonic() - began) * 1000)
        host.charon.terminate(ike="rsip")
        time.sleep(0.2)
    return took


def message(packet: Packet) -> bytes | None:
    """An IKE message that may announce an SPI, as far as it is the same on the laptop's devices."""
    if packet.exchange not in ("auth", "create_child"):
        return None
    return packet.ike


def held(inside: list[Packet], outside: list[Packet]) -> list[float]:
    """Milliseconds from the tunnel device to the network, of each such message."""
    left = {}
    for packet in outside:
        if packet.protocol == IPIP and packet.outgoing:
            inner = Packet(packet.time, True, packet.data[packet.header:])
            if message(inner):
                left.setdefault(message(inner), packet.time)
    came = {message(packet): packet.time for packet in reversed(inside)
            if packet.outgoing and message(packet)}
    return [(left[text] - when) * 1000 for text, when in came.items() if text in left]


def rekeys(host: Host, rounds: int) -> dict:
    """By the laptop's wish, with an echo request every PING_EVERY seconds."""
    host.charon.initiate("cbc")
    lossless = lost = sent = 0
    for _ in range(rounds):
        before = spi_in_use(host)
        pings = Pings(host, host.inner, TUNNELS["cbc"], PING_EVERY)
        time.sleep(0.1)
        host.charon.vici.must("rekey", child="cbc")
        next_spi(host, before)
        time.sleep(1.2)  # until the old one is gone
        missing = len(pings.stop())
        lossless += missing == 0
        lost += missing
        sent += len(pings.sent)
    return {"rekeys": rounds, "without loss": lossless, "sent": sent, "lost": lost}


def directly(lab: Lab, rounds: int) -> dict:
    """No agent: the laptop's own address, which the peer has a route to."""
    host = lab.hosts[0]
    lab.gateway.sysctl("net/ipv4/ip_forward", 1)
    lab.peer.ip(f"route add {host.address}/32 via 203.0.113.2\n")
    lab.start_peer()
    host.charon.start(**DAEMON)
    children = host_connection(1, range(40000, 40008))["children"]
    host.charon.load("rsip", connection(1, host.address, PEER, {"cbc": children["cbc"]}))
    return {"initiate": initiations(host, rounds), **rekeys(host, rounds)}


def through_the_agent(lab: Lab, rounds: int, fragment: bool) -> dict:
    host = lab.hosts[0]
    lab.start_gateway()
    lab.start_peer()
    host.start_agent(fragment=fragment)
    ports = host.ipsec_ports()
    host.start_charon(**DAEMON, **({} if fragment else {"port": ports[0], "port_nat_t": ports[1]}))
    with Capture(host, "rsip0") as inside, Capture(host, "eth0") as outside:
        result = {"initiate": initiations(host, rounds), **rekeys(host, rounds)}
    return {**result, "held": held(inside.packets, outside.packets)}


def in_guest(out: pathlib.Path) -> None:
    rounds = int(os.environ["ROUNDS"])
    lab = Lab(pathlib.Path(os.environ["BIN"]), out)
    results = {}
    for name, measure in (("directly", lambda: directly(lab, rounds)),
                          ("SPIs told ahead", lambda: through_the_agent(lab, rounds, True)),
                          ("IKE held", lambda: through_the_agent(lab, rounds, False))):
        results[name] = measure()
        lab.reset()
    (out / "results").write_text(json.dumps(results))


# --- Outside ---

def spread(values: list[float]) -> str:
    if not values:
        return f"{'-':>8}{'-':>8}"
    return f"{statistics.median(values):8.1f}{max(values):8.1f}"


def report(results: dict) -> None:
    print("\nan ESP tunnel from nothing, and rekeys of it under "
          f"{1 / PING_EVERY:.0f} echo requests a second; milliseconds, median and most")
    print(f"  {'':18}{'initiate to SA':>16}{'IKE on the way':>16}{'rekeys':>8}{'lossless':>10}"
          f"{'sent':>8}{'lost':>6}")
    for name, result in results.items():
        print(f"  {name:18}{spread(result['initiate'])}{spread(result.get('held', []))}"
              f"{result['rekeys']:8}{result['without loss']:10}{result['sent']:8}{result['lost']:6}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--rounds", type=int, default=10, help="associations, and rekeys, of each")
    options = parser.parse_args()
    binaries = pathlib.Path(options.bin).resolve()
    if subprocess.run([binaries / "ipsec_bench"], check=False).returncode != 0:
        return 1
    with tempfile.TemporaryDirectory(prefix="rsip-bench-") as name:
        folder = pathlib.Path(name)
        boot(folder, SELF, PATIENCE_S, BIN=str(binaries), ROUNDS=str(options.rounds),
             MODULES=IPSEC_MODULES)
        if not (folder / "results").exists():
            print(f"bench: the guest has no results\n{said(folder)}", file=sys.stderr)
            return 1
        report(json.loads((folder / "results").read_text()))
    return 0


if __name__ == "__main__":
    if "OUT" in os.environ and os.getppid() == 1:  # the guest's init has called
        in_guest(pathlib.Path(os.environ["OUT"]))
    else:
        sys.exit(main())
