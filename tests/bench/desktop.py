#!/usr/bin/python3
"""What the agent costs a desktop while it runs: memory after its start, with many leases and after
thousands of calls of clients, and what it does while nobody does anything.

Laptop, gateway and server are network namespaces on this machine. Timers of the agent cannot be sped
up from outside, so nothing here stands for hours: idle is idle for --seconds with a lease held, and
that memory does not grow is shown by doing often what makes work: clients that call, and clients that
subscribe and go.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from rsiplab import CommandFailed, Lab, LabError  # noqa: E402
from rsiplab.lab import WEB  # noqa: E402
from rsiplab.namespace import wait_for  # noqa: E402

KIB = 1024
MIB = 1024 * KIB
MEMORY_TARGET = 15 * MIB
GROWTH_TARGET = 256 * KIB  # a burst of calls against the burst before it
CPU_TARGET = 0.1  # percent of one processor
WAKE_TARGET = 1.0  # a second
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


@dataclasses.dataclass
class Row:
    """A line of the table; met: whether the target was reached."""
    what: str
    measured: str
    target: str
    met: bool


def memory_row(what: str, measured: int, target: int) -> Row:
    if target < MIB:
        return Row(what, f"{measured // KIB} KiB", f"< {target // KIB} KiB", measured < target)
    return Row(what, f"{measured / MIB:.1f} MiB", f"< {target // MIB} MiB", measured < target)


def proportional_set(pid: int) -> int:
    """Bytes of memory a process has of its own, and its share of what it has with others."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * KIB
    raise CommandFailed(f"process {pid} has no Pss")


def work_done(pid: int) -> tuple[int, int]:
    """(nanoseconds on a processor, times it was woken) of all threads so far."""
    nanoseconds = wakes = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        nanoseconds += int((task / "schedstat").read_text().split()[0])
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                wakes += int(line.split()[1])
    return nanoseconds, wakes


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


def measure_idle(pid: int, seconds: int, what: str) -> list[Row]:
    begin, (busy, wakes) = time.monotonic(), work_done(pid)
    time.sleep(seconds)
    took = time.monotonic() - begin
    busy_then, wakes_then = work_done(pid)
    percent = (busy_then - busy) / 1e9 / took * 100
    rate = (wakes_then - wakes) / took
    return [Row(f"{what}: processor", f"{percent:.4f} %", f"< {CPU_TARGET} %", percent < CPU_TARGET),
            Row(f"{what}: woken a second", f"{rate:.2f}", f"< {WAKE_TARGET:.0f}",
                rate < WAKE_TARGET)]


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


def print_table(rows: list[Row]) -> None:
    width = max(len(row.what) for row in rows)
    print(f"\n{'what':{width}}  {'measured':>12}  {'target':>12}")
    for row in rows:
        print(f"{row.what:{width}}  {row.measured:>12}  {row.target:>12}"
              f"{'' if row.met else '   MISSED'}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--seconds", type=int, default=60, help="how long idle is watched")
    parser.add_argument("--calls", type=int, default=1000, help="of each kind in a burst")
    options = parser.parse_args()
    try:
        rows = measure_agent(options.bin, options.seconds, options.calls)
    except (CommandFailed, LabError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print_table(rows)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
