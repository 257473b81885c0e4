"""What a running program costs: its memory, its share of a processor, and how often it is woken."""

from __future__ import annotations

import dataclasses
import pathlib
import time

KIB = 1024
MIB = 1024 * KIB
CPU_TARGET = 0.1  # percent of one processor
WAKE_TARGET = 1.0  # a second


@dataclasses.dataclass
class Row:
    """A line of the table; met: whether the target was reached."""
    what: str
    measured: str
    target: str = ""
    met: bool = True


def memory_row(what: str, measured: int, target: int) -> Row:
    if target < MIB:
        return Row(what, f"{measured // KIB} KiB", f"< {target // KIB} KiB", measured < target)
    return Row(what, f"{measured / MIB:.1f} MiB", f"< {target // MIB} MiB", measured < target)


def proportional_set(pid: int) -> int:
    """Bytes of memory a process has of its own, and its share of what it has with others."""
    return _rollup(pid, "Pss")


def resident_set(pid: int) -> int:
    """Bytes of memory a process has, whoever else has them too."""
    return _rollup(pid, "Rss")


def _rollup(pid: int, name: str) -> int:
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * KIB
    raise OSError(f"process {pid} has no {name}")


def work_done(pid: int) -> tuple[int, int]:
    """(nanoseconds on a processor, times it was woken) of all threads so far."""
    nanoseconds = wakes = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        nanoseconds += int((task / "schedstat").read_text().split()[0])
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                wakes += int(line.split()[1])
    return nanoseconds, wakes


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


def print_table(rows: list[Row]) -> None:
    width = max(len(row.what) for row in rows)
    print(f"\n{'what':{width}}  {'measured':>12}  {'target':>12}")
    for row in rows:
        print(f"{row.what:{width}}  {row.measured:>12}  {row.target:>12}"
              f"{'' if row.met else '   MISSED'}")
