#!/usr/bin/python3
"""What the agent and the tray cost a desktop while they run: memory of the agent after its start, with
many leases and after thousands of calls of clients; the tray's start, window and memory
(desktop_tray.py); and what both do while nobody does anything.

Laptop, gateway and server are network namespaces on this machine. Timers of the agent cannot be sped
up from outside, so nothing here stands for hours: idle is idle for --seconds with a lease held, and
that memory does not grow is shown by doing often what makes work: clients that call, and clients that
subscribe and go.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import socket
import sys

from desktop_tray import measure_tray
from footprint import KIB, MIB, Row, measure_idle, memory_row, print_table, proportional_set

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from rsiplab import CommandFailed, Lab, LabError  # noqa: E402
from rsiplab.lab import WEB  # noqa: E402
from rsiplab.namespace import wait_for  # noqa: E402

MEMORY_TARGET = 15 * MIB
GROWTH_TARGET = 256 * KIB  # a burst of calls against the burst before it
PORTS = 600

# A datagram from each of as many sockets, which are kept open: each needs a leased port of its own.
SOCKETS = """
import socket, sys, time
sockets = []
for n in range(int(sys.argv[2])):
    s = socket.socket(type=socket.SOCK_DGRAM); s.connect((sys.argv[1], 9))
    sockets.append(s)
for _ in range(12):
    for s in sockets:
        try: s.send(b'x')
        except OSError: pass
    time.sleep(0.5)
print('quiet', flush=True)
time.sleep(600)
"""


def call(path: pathlib.Path, method: str, parameters: dict) -> dict:
    """One request on a connection of its own, as rsipctl does it."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        lines = connection.makefile("rw")
        lines.readline()  # hello
        lines.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method,
                                "params": parameters}) + "\n")
        lines.flush()
        return json.loads(lines.readline())


def burst(path: pathlib.Path, calls: int) -> None:
    for _ in range(calls):
        for method, parameters in (("status", {}), ("usage", {}), ("subscribe", {"log": True})):
            call(path, method, parameters)


def rsipd(laptop) -> int:
    """The process itself, behind `ip netns exec`, which becomes it."""
    pid = laptop.agent.process.pid
    if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() != "rsipd":
        raise CommandFailed(f"process {pid} is not rsipd")
    return pid


def take_many_leases(laptop) -> int:
    """Opens PORTS sockets that stay; how many leases they took."""
    sockets = laptop.start("sockets", "/usr/bin/python3", "-c", SOCKETS, WEB, str(PORTS))
    status = laptop.wait_status(lambda s: s["ports"]["used"] >= PORTS, 30)
    wait_for("the sockets to be quiet", lambda: "quiet" in sockets.text(), 30)
    return len(status["leases"])


def measure_agent(binaries: str, seconds: int, calls: int) -> list[Row]:
    """The agent's half of the table."""
    with Lab(binaries, laptops=1) as lab:
        laptop = lab.laptops[0]
        lab.start_servers()
        lab.start_gateway()
        laptop.up()
        pid = rsipd(laptop)
        rows = [memory_row("memory with one lease", proportional_set(pid), MEMORY_TARGET)]
        rows += measure_idle(pid, seconds, f"idle {seconds} s, one lease")
        laptop.run("curl", "-sS", "-m", "20", "--fail", "-o", "/dev/null", f"http://{WEB}/large")
        rows.append(memory_row("memory after 20 MB through it", proportional_set(pid),
                               MEMORY_TARGET))
        leases = take_many_leases(laptop)
        rows.append(memory_row(f"memory with {leases} leases, {PORTS} flows",
                               proportional_set(pid), MEMORY_TARGET))
        rows += measure_idle(pid, seconds // 2, f"idle {seconds // 2} s, {leases} leases")
        burst(laptop.socket, calls)
        settled = proportional_set(pid)
        rows.append(memory_row(f"memory after {3 * calls} clients came and went", settled,
                               MEMORY_TARGET))
        burst(laptop.socket, calls)
        rows.append(memory_row(f"growth by {3 * calls} more of them",
                               max(0, proportional_set(pid) - settled), GROWTH_TARGET))
        return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--seconds", type=int, default=60, help="how long idle is watched")
    parser.add_argument("--only", choices=("agent", "tray"), help="one half of the table")
    parser.add_argument("--calls", type=int, default=1000, help="of each kind in a burst")
    options = parser.parse_args()
    try:
        rows = []
        if options.only != "tray":
            rows += measure_agent(options.bin, options.seconds, options.calls)
        if options.only != "agent":
            rows += measure_tray(options.bin, options.seconds)
    except (CommandFailed, LabError, OSError, RuntimeError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print_table(rows)
    return 0  # what was missed is marked: a busy machine is no failure


if __name__ == "__main__":
    sys.exit(main())
