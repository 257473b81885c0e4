#!/usr/bin/python3
"""The whole product in one sitting: two laptops reach the internet through one public address.

Real programs, none of them changed or configured for RSIP: curl, dig, ping and iperf3 on the laptops;
nginx, dnsmasq and iperf3 in the internet. Everything lives in network namespaces and is gone
afterwards, also on Ctrl-C. Exit code 0 if every step went as expected.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import signal
import sys
import textwrap
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "system"))
from rsiplab import CommandFailed, Lab, LabError, Laptop  # noqa: E402
from rsiplab.lab import DNS, GATEWAY, PUBLIC, WEB  # noqa: E402
from rsiplab.namespace import run  # noqa: E402
from telling import Story, red  # noqa: E402


class Demo(Story):
    """The steps in their order."""

    def __init__(self, lab: Lab):
        super().__init__()
        self.lab = lab

    def run(self) -> None:
        self.without_rsip()
        self.lease()
        self.browse()
        self.resolve()
        self.ping()
        self.throughput()
        self.neighbours()
        self.status()
        self.give_back()
        self.wire()
        self.closing_table("leased", "curl", "dig", "ping", "iperf3")

    def without_rsip(self) -> None:
        self.step("Without RSIP the laptops cannot reach the internet: nobody has a route back")
        laptop = self.lab.laptops[0]
        code = laptop.exit_code("curl", "-sm", "1", f"http://{WEB}/")
        self.expect(f"curl http://{WEB}/ fails on laptop1", code != 0)
        self.before = {each: each.network_state() for each in self.lab.laptops}

    def lease(self) -> None:
        self.step("rsip-gateway starts; rsipd on each laptop registers and leases ports")
        self.control = self.lab.capture(self.lab.gateway, "lan0", "control", "tcp port 4555")
        self.lab.start_gateway()
        for laptop in self.lab.laptops:
            began = time.monotonic()
            status = laptop.up()
            took = (time.monotonic() - began) * 1000
            lease = status["leases"][0]
            ports = ", ".join(f"{r['first']}-{r['last']}" for r in lease["ports"])
            self.expect(f"laptop{laptop.number} ({laptop.address}) holds {lease['address']} "
                        f"ports {ports}", lease["address"] == PUBLIC, f"after {took:.0f} ms")
            self.note(f"laptop{laptop.number}", "leased", f"{lease['address']} {ports}")
        first, second = (laptop.leased_ports() for laptop in self.lab.laptops)
        self.expect("one public address, no port in both leases", not first & second)

    def browse(self) -> None:
        self.step(f"curl http://www.example.net/ on both, ten times each (nginx on {WEB})")
        for laptop in self.lab.laptops:
            answers = [laptop.run("curl", "-sS", "-m", "5",
                                  f"http://www.example.net/?laptop{laptop.number}", expect=None)
                       for _ in range(10)]
            self.expect(f"laptop{laptop.number}: the page, ten times",
                        all("Hello from the internet" in answer for answer in answers))
        for laptop in self.lab.laptops:
            log = [entry for entry in self.lab.web_log() if f"laptop{laptop.number}" in entry[2]]
            ports = laptop.leased_ports()
            inside = all(peer == PUBLIC and port in ports for peer, port, _ in log)
            self.expect(f"nginx's log: laptop{laptop.number} came from {PUBLIC}, inside its lease",
                        len(log) == 10 and inside,
                        "ports " + " ".join(str(port) for _, port, _ in log))
            self.note(f"laptop{laptop.number}", "curl", f"{len(log)} of 10 from its ports")

    def resolve(self) -> None:
        self.step(f"dig www.example.net on both (dnsmasq on {DNS}, UDP and TCP)")
        for laptop in self.lab.laptops:
            for flag in ("+notcp", "+tcp"):
                answer = laptop.run("dig", "+short", "+timeout=3", flag, "www.example.net").strip()
                self.expect(f"laptop{laptop.number}: dig {flag}", answer == WEB, answer)
            self.note(f"laptop{laptop.number}", "dig", "UDP and TCP")

    def ping(self) -> None:
        self.step("ping on both, at the same time")
        pings = [laptop.start("ping", "ping", "-c", "5", "-i", "0.2", "-W", "2", WEB)
                 for laptop in self.lab.laptops]
        for laptop, ping in zip(self.lab.laptops, pings):
            ping.wait()
            lost = re.search(r"(\d+)% packet loss", ping.text())
            times = re.search(r"= [\d.]+/([\d.]+)/", ping.text())
            rtt = f"{times[1]} ms on average" if times else "no reply"
            self.expect(f"laptop{laptop.number}: 5 of 5 replies", bool(lost) and lost[1] == "0", rtt)
            self.note(f"laptop{laptop.number}", "ping", rtt)

    def throughput(self) -> None:
        self.step("iperf3 on both, one after the other, in both directions")
        for laptop in self.lab.laptops:
            rates = []
            for direction in ([], ["-R"]):
                report = json.loads(laptop.run("iperf3", "-c", WEB, "-t", "2", "-J", *direction,
                                               expect=None))
                end = report.get("end", {}).get("sum_received", {})
                rates.append(end.get("bits_per_second", 0) / 1e6)
                self.expect(f"laptop{laptop.number}: {'receives' if direction else 'sends'}",
                            rates[-1] > 10, f"{rates[-1]:.0f} Mbit/s")
            self.note(f"laptop{laptop.number}", "iperf3", f"{rates[0]:.0f} / {rates[1]:.0f} Mbit/s")

    def neighbours(self) -> None:
        self.step("The private network stays direct: laptop1 pings laptop2 and the gateway")
        one, two = self.lab.laptops[:2]
        before = one.status()["traffic"]["sent_packets"]
        for address in (two.address, GATEWAY):
            self.expect(f"ping {address}", one.exit_code("ping", "-c1", "-W2", address) == 0)
        sent = one.status()["traffic"]["sent_packets"] - before
        self.expect("none of it went through the tunnel", sent == 0)

    def status(self) -> None:
        self.step("rsipctl status, on laptop1")
        self.show(self.lab.laptops[0].ctl("status"))

    def wire(self) -> None:
        self.step("The control conversation of laptop1, as tshark's own RSIP dissector reads it")
        time.sleep(0.2)
        address = self.lab.laptops[0].address
        text = run(["tshark", "-n", "-r", str(self.control.pcap), "-V", "-O", "rsip",
                    "-Y", f"rsip && ip.addr == {address}"])
        seen = []
        for frame in re.split(r"^Frame ", text, flags=re.M)[1:]:
            source, destination = re.search(r"Src: ([\d.]+), Dst: ([\d.]+)", frame).groups()
            kind = re.search(r"Message type: (\S+)", frame)[1]
            self.show(f"{source:>9} -> {destination:<9} {kind}")
            self.show("\n".join(wrapped(parameters(frame), indent=24)))
            seen.append(kind)
        self.show("(this tshark prints the port behind the last one as the end of a range)")
        expected = ["REGISTER_REQUEST", "REGISTER_RESPONSE", "ASSIGN_REQUEST_RSAP-IP",
                    "ASSIGN_RESPONSE_RSAP-IP", "QUERY_REQUEST", "QUERY_RESPONSE", "FREE_REQUEST",
                    "FREE_RESPONSE", "DE-REGISTER_REQUEST", "DE-REGISTER_RESPONSE"]
        self.expect("register, assign, query, free, de-register; nothing malformed",
                    seen == expected and "alformed" not in text)

    def give_back(self) -> None:
        self.step("SIGTERM: the leases go back and each laptop is as it was found")
        for laptop in self.lab.laptops:
            code = laptop.down()
            same = laptop.network_state() == self.before[laptop]
            self.expect(f"laptop{laptop.number}: rsipd ended with {code}, nothing left behind",
                        code == 0 and same)


def parameters(frame: str) -> list[str]:
    """What tshark's summary of one message says of each parameter."""
    lines = re.findall(r"^ {4}(\S.*)$", frame.split("Realm Specific IP Protocol")[1], re.M)
    header = ("Protocol version", "Message type", "Message length")
    return [line for line in lines if not line.startswith(header)]


def wrapped(words: list[str], indent: int) -> list[str]:
    """The words on lines of at most 100 characters, separated by commas."""
    return textwrap.wrap(", ".join(words), 100, initial_indent=" " * indent,
                         subsequent_indent=" " * indent)


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with rsipd, rsipctl and rsip-gateway")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    began = time.monotonic()
    try:
        with Lab(arguments.bin) as lab:
            lab.start_servers()
            demo = Demo(lab)
            demo.run()
    except KeyboardInterrupt:
        print("\ninterrupted; everything is cleaned up")
        return 130
    except (CommandFailed, LabError) as failure:
        print(f"\n{red('failed:')} {failure}", file=sys.stderr)
        return 1
    return demo.verdict(time.monotonic() - began, "Network namespaces removed.")


if __name__ == "__main__":
    sys.exit(main())
