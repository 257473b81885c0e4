#!/usr/bin/python3
"""IPsec end to end from behind one shared address (RFC 3104): two laptops, and a server that has never
heard of RSIP.

strongSwan on all three, unchanged; the kernel's own ESP; tcpdump looks on. Because ESP, AH and the
namespaces of it all are the kernel's business, everything runs in a guest kernel, User-Mode Linux, which
is an ordinary process and gone afterwards. Exit code 0 if every step went as expected.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback

SELF = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(SELF.parents[2] / "tests" / "system" / "uml"))
from ipseclab.boot import IPSEC_MODULES, boot, said  # noqa: E402
from ipseclab.checks import (TUNNELS, next_spi, spi_in_use, transport_carries,  # noqa: E402
                             transport_port)
from ipseclab.config import LEASED, PEER  # noqa: E402
from ipseclab.lab import Host, Lab  # noqa: E402
from ipseclab.packets import ESP, Packet, Pings, read_pcap  # noqa: E402
from ipseclab.space import wait_for  # noqa: E402
from telling import COLOUR, Story, red  # noqa: E402

PATIENCE_S = 120
KINDS = {"cbc": "ESP tunnel, AES-CBC with HMAC", "gcm": "ESP tunnel, AES-GCM",
         "transport": "ESP transport, TCP"}


class Demo(Story):
    """The steps in their order."""

    def __init__(self, lab: Lab, folder: pathlib.Path):
        super().__init__()
        self.lab = lab
        self.pcap = folder / "public.pcap"
        self.names = {host: f"laptop{host.number}" for host in lab.hosts}
        self.spis: dict[tuple[Host, str], list[int]] = {}
        self.cookies: dict[Host, set[int]] = {}
        self.tcp_seen: set[str] = set()

    def run(self) -> None:
        self.lease()
        self.advice()
        self.associate()
        self.tunnels()
        self.transport()
        self.rekey()
        self.wire()
        self.goodbye()
        self.closing_table("protocol", "packets in", "bytes in", "the server sees")

    def lease(self) -> None:
        self.step("rsipd on each laptop leases an address, some ports, and SPIs for what comes in")
        self.lab.start_gateway()
        self.lab.start_peer()
        self.tcpdump = self.lab.gateway.start(
            self.lab.folder / "tcpdump.log", "tcpdump", "-n", "-U", "--immediate-mode", "-Z", "root",
            "-i", "pub", "-w", self.pcap)
        wait_for("tcpdump", lambda: "listening on" in self.tcpdump.text())
        for host in self.lab.hosts:
            host.start_agent()
            ports = host.ipsec_ports()
            self.expect(f"{self.names[host]} ({host.address}) holds {LEASED} ports "
                        f"{ports[0]}-{ports[-1]}", bool(host.spis()), f"{len(host.spis())} SPIs")
        first, second = self.lab.hosts
        self.expect("one address, no port and no SPI in both leases",
                    not first.spis() & second.spis()
                    and not set(first.ipsec_ports()) & set(second.ipsec_ports()))

    def advice(self) -> None:
        self.step("rsipctl ipsec plan, on laptop1: what strongSwan needs, with an example to copy")
        self.show(self.lab.hosts[0].ctl("ipsec", "plan"))

    def associate(self) -> None:
        self.step(f"strongSwan on each laptop sets up three associations with the server, {PEER}")
        for host in self.lab.hosts:
            host.start_charon(delete_rekeyed_delay=1)
        for child, kind in KINDS.items():
            for host in self.lab.hosts:
                host.charon.initiate(child)
                spi = spi_in_use(host, child)
                self.spis[host, child] = [spi]
                self.expect(f"{self.names[host]}: {kind}", spi in host.spis(),
                            f"to be reached by SPI {spi:#010x}, a leased one")
        for host in self.lab.hosts:
            self.cookies[host] = {int(ike["initiator-spi"], 16) for ike in host.charon.ike_sas()}
        sas = self.lab.peer_charon.ike_sas()
        for ike in sorted(sas, key=lambda ike: ike["remote-id"]):
            self.show(f"the server's IKE: {ike['remote-id']} at {ike['remote-host']}"
                      f":{ike['remote-port']}, {len(ike['child-sas'])} associations, "
                      + ("NAT!" if "nat-remote" in ike else "no NAT between us"))
        self.expect("the server has two clients at one address and sees no NAT",
                    len(sas) == 2 and all(ike["remote-host"] == LEASED and "nat-remote" not in ike
                                          for ike in sas))

    def tunnels(self) -> None:
        self.step("ping through all four tunnels at the same time, in both directions")
        flows = [(host, child, Pings(*ends, every=0.05)) for host in self.lab.hosts
                 for child, far in TUNNELS.items() if child in KINDS
                 for ends in ((host, host.inner, far), (self.lab.peer, far, host.inner))]
        time.sleep(1)
        for host in self.lab.hosts:
            mine = [(child, pings, pings.stop()) for owner, child, pings in flows if owner is host]
            sent = sum(len(pings.sent) for _, pings, _ in mine)
            lost = sum(len(missing) for _, _, missing in mine)
            self.expect(f"{self.names[host]}: {sent - lost} of {sent} answered", lost == 0)

    def transport(self) -> None:
        self.step("TCP in transport mode: the laptops themselves talk to the server, with its own port each")
        try:
            self.tcp_seen = {f"{address}:{port}"
                             for address, port in transport_carries(self.lab, self.lab.hosts)}
            problem = ""
        except (AssertionError, OSError) as failure:
            problem = str(failure)
        for host in self.lab.hosts:
            self.expect(f"{self.names[host]}: bytes sent and echoed, the server's accept() said "
                        f"{LEASED}:{transport_port(host)}", not problem, problem)

    def rekey(self) -> None:
        self.step("Both laptops rekey, twice, while a ping goes through every 20 ms")
        flows = [Pings(host, host.inner, TUNNELS["cbc"]) for host in self.lab.hosts]
        for _ in range(2):
            for host in self.lab.hosts:
                before = spi_in_use(host)
                host.charon.vici.must("rekey", child="cbc")
                after = next_spi(host, before)
                self.spis[host, "cbc"].append(after)
                self.expect(f"{self.names[host]}: {before:#010x} -> {after:#010x}",
                            after in host.spis())
                time.sleep(0.3)
        for host, pings in zip(self.lab.hosts, flows):
            lost = pings.stop()
            self.expect(f"{self.names[host]}: {len(pings.sent) - len(lost)} of {len(pings.sent)} pings "
                        "answered", not lost)

    def wire(self) -> None:
        self.step("The public network, as tcpdump saw it: one address, told apart by SPI")
        self.tcpdump.stop(signal.SIGINT)
        self.print_wire()
        packets = read_pcap(self.pcap)
        inward = [packet for packet in packets if packet.destination == LEASED]
        known = {spi: (host, child) for (host, child), spis in self.spis.items() for spi in spis}
        for spi, (host, child) in known.items():
            self.count(host, child, spi, [packet for packet in inward if packet.spi == spi],
                       self.tcp_seen & {f"{LEASED}:{transport_port(host)}"}
                       if child == "transport" else self.ike_seen(host, packets))
        strange = {packet.spi for packet in inward if packet.protocol == ESP} - set(known)
        self.expect("every ESP packet to the shared address had the SPI of one laptop", not strange)
        clear = [packet for packet in packets if LEASED in (packet.source, packet.destination)
                 and packet.protocol != ESP and packet.ike is None]
        self.expect("beside IKE and ESP there was nothing", not clear)

    def ike_seen(self, host: Host, packets: list[Packet]) -> set[str]:
        """Where this laptop's IKE came from, by its cookies."""
        return {f"{packet.source}:{packet.ports[0]}" for packet in packets
                if packet.destination == PEER and packet.cookie in self.cookies[host]}

    def print_wire(self) -> None:
        """The first packet of each SPI to the shared address, in tcpdump's words."""
        seen: set[str] = set()
        lines = self.lab.gateway.run("tcpdump", "-n", "-r", self.pcap, check=False).splitlines()
        for line in lines:
            spi = line.partition("spi=")[2].partition(",")[0]
            if spi and f"> {LEASED}:" in line and spi not in seen:
                seen.add(spi)
                self.show(line)

    def count(self, host: Host, child: str, spi: int, packets: list[Packet], seen: set[str]) -> None:
        row = f"{self.names[host]}  {spi:#010x}"
        self.note(row, "protocol", KINDS[child])
        self.note(row, "packets in", str(len(packets)))
        self.note(row, "bytes in", str(sum(len(packet.data) for packet in packets)))
        self.note(row, "the server sees", " ".join(sorted(seen)))

    def goodbye(self) -> None:
        self.step("SIGTERM for rsipd: the server is told that the associations end with the lease")
        for host in self.lab.hosts:
            code = host.agent.stop()
            self.expect(f"{self.names[host]}: rsipd ended with {code}", code == 0)
        wait_for("the server", lambda: not self.lab.peer_charon.ike_sas(), 5)
        self.expect("the server has no association left", True)


def in_guest(out: pathlib.Path) -> int:
    lab = Lab(pathlib.Path(os.environ["BIN"]), out)
    began = time.monotonic()
    demo = Demo(lab, out)
    try:
        demo.run()
    except Exception as failure:
        traceback.print_exc(file=(out / "trace").open("w"))
        print(f"\n{red('failed:')} {failure}\n{lab.logs(15)}")
        return 1
    finally:
        lab.reset()
    return demo.verdict(time.monotonic() - began, "The guest kernel is gone.")


def follow(log: pathlib.Path, ended: threading.Event) -> None:
    """Prints what the guest writes, as it comes."""
    at = 0
    while True:
        last = ended.is_set()
        text = log.read_bytes()[at:] if log.exists() else b""
        at += len(text)
        print(text.decode(errors="replace"), end="", flush=True)
        if last:
            return
        ended.wait(0.1)


def run_guest(binaries: pathlib.Path, folder: pathlib.Path) -> int:
    ended = threading.Event()
    printer = threading.Thread(target=follow, args=(folder / "log", ended))
    printer.start()
    print("A guest kernel boots (User-Mode Linux, an ordinary process) ...", flush=True)
    try:
        boot(folder, SELF, PATIENCE_S, BIN=str(binaries), MODULES=IPSEC_MODULES,
             **({"DEMO_COLOUR": "yes"} if COLOUR else {}))
    finally:
        ended.set()
        printer.join()
    if not (folder / "code").exists():
        print(f"\n{red('failed:')} the guest ended early\n{said(folder)}", file=sys.stderr)
        return 1
    return int((folder / "code").read_text())


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with rsipd, rsipctl and rsip-gateway")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rsip-demo-"))
    try:
        return run_guest(pathlib.Path(arguments.bin).resolve(), folder)
    except KeyboardInterrupt:
        print("\ninterrupted; everything is cleaned up")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if "OUT" in os.environ and os.getppid() == 1:  # the guest's init has called
        given = pathlib.Path(os.environ["OUT"])
        (given / "code").write_text(str(in_guest(given)))
    else:
        sys.exit(main())
