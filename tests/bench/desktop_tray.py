"""The tray's half of desktop.py: rsip-tray on a screen, a session bus and an agent of its own.

What is seen is read from the memory of the screen, which Xvfb shares (-fbdir): the programs measured
do not notice, and a picture is dated to about a millisecond.
"""

from __future__ import annotations

import contextlib
import mmap
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from footprint import MIB, Row, measure_idle, memory_row, proportional_set, resident_set

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "gui"))
from desktop import Bus, FakeAgent, Process, Screen, TrayHost, wait_for  # noqa: E402
from desktop.screen import SIZE  # noqa: E402

WINDOW_TARGET = 300  # milliseconds
REPAINT_TARGET = 1000
MEMORY_TARGET = 60 * MIB
ROUNDS = 3
EVENTS = 10
PAGES = 9
BETWEEN_CLICKS = 0.6  # Qt takes less for a double click, which leaves the window open

TRAY = (SIZE[0] - 200, 0, 200, 40)
WINDOW = (0, 60, SIZE[0], SIZE[1] - 60)
GREEN, RED = (0x1b, 0x85, 0x53), (0xc0, 0x1c, 0x28)  # state_icon.cpp: assigned, error
DISC = 120  # pixels of an icon at least: the cross of an error leaves some out


class Glass:
    """The screen's memory, in the format of xwd."""

    def __init__(self, path: pathlib.Path):
        with open(path, "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self.memory[:100])
        self.stride = header[12]
        self.begin = header[0] + 12 * header[19]  # behind the colour map

    def count(self, color: tuple[int, int, int], box: tuple[int, int, int, int]) -> int:
        """Pixels of this colour in (left, top, width, height)."""
        left, top, width, height = box
        wanted = bytes(reversed(color))
        found = 0
        for row in range(top, top + height):
            at = self.begin + row * self.stride + 4 * left
            found += self.memory[at:at + 4 * width].count(wanted)
        return found

    def wait(self, color: tuple[int, int, int], box: tuple[int, int, int, int]) -> float:
        """When an icon of this colour is there."""
        end = time.monotonic() + 10
        while self.count(color, box) < DISC:
            if time.monotonic() > end:
                raise RuntimeError(f"nothing of colour {color} came to the screen in 10 s")
            time.sleep(0.001)
        return time.monotonic()


class Desk:
    """A desktop and its agent, on which rsip-tray is started again and again."""

    def __init__(self, folder: pathlib.Path, program: pathlib.Path, ends: contextlib.ExitStack):
        self.folder = folder
        self.program = program
        (folder / "run").mkdir(mode=0o700)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                    "XDG_RUNTIME_DIR": str(folder / "run"), "NO_AT_BRIDGE": "1"}
        self.bus = Bus(folder, self.env)
        ends.callback(self.bus.end)
        self.screen = Screen(folder, self.env, ["-fbdir", str(folder)])
        ends.callback(self.screen.end)
        self.glass = Glass(folder / "Xvfb_screen0")
        self.agent = FakeAgent(folder / "agent.sock")
        ends.callback(self.agent.die)

    @contextlib.contextmanager
    def tray(self, *flags: str):
        child = Process("tray", self.folder, [str(self.program), "--socket", self.agent.path, *flags],
                        self.env)
        try:
            yield child
        finally:
            child.end()
            wait_for(lambda: not self.glass.count(GREEN, TRAY) + self.glass.count(RED, TRAY))

    def press(self, *keys: str) -> None:
        self.screen.run("xdotool", "key", *keys)

    def window_is_there(self) -> bool:
        return bool(self.screen.windows("^RSIP$"))


def times_row(what: str, seconds: list[float], target: int | None = None) -> Row:
    """The median; the worst stands beside it."""
    middle, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    return Row(f"{what} (worst {worst:.0f})", f"{middle:.0f} ms", f"< {target} ms" if target else "",
               target is None or middle < target)


def measure_start(desk: Desk) -> list[Row]:
    """From the start of the process to the icon, and to the window's first page, both with the
    agent's state in them."""
    icon, window = [], []
    for _ in range(ROUNDS):
        begin = time.monotonic()
        with desk.tray("--minimized"):
            icon.append(desk.glass.wait(GREEN, TRAY) - begin)
        begin = time.monotonic()
        with desk.tray("--window"):
            window.append(desk.glass.wait(GREEN, WINDOW) - begin)
            desk.glass.wait(GREEN, TRAY)
    return [times_row("start to icon in the tray of X11", icon),
            times_row("start to window with its page", window, WINDOW_TARGET)]


def measure_clicks(desk: Desk) -> list[Row]:
    """From a click on the icon to the page, by a program that started before; the clock starts before
    xdotool does."""
    first, again = [], []
    for _ in range(ROUNDS):
        with desk.tray("--minimized"):
            desk.glass.wait(GREEN, TRAY)
            time.sleep(0.5)  # what else it does at its start
            for times in (first, again):
                begin = time.monotonic()
                click(desk)
                times.append(desk.glass.wait(GREEN, WINDOW) - begin)
                time.sleep(BETWEEN_CLICKS)
                click(desk)
                wait_for(lambda: not desk.window_is_there())
                time.sleep(BETWEEN_CLICKS)
    return [times_row("click to window, the first time", first, WINDOW_TARGET),
            times_row("click to window, later", again, WINDOW_TARGET)]


def click(desk: Desk) -> None:
    left, top, width, height = TRAY
    found = [(x, y) for x in range(left, left + width, 4) for y in range(top, top + height, 4)
             if desk.glass.count(GREEN, (x, y, 1, 1))]
    if not found:
        raise RuntimeError("the icon has gone from the tray")
    desk.screen.click(*found[len(found) // 2])


def memory_rows(what: str, pid: int) -> list[Row]:
    return [memory_row(f"memory {what}", proportional_set(pid), MEMORY_TARGET),
            Row("  with all of what it shares", f"{resident_set(pid) / MIB:.1f} MiB")]


def look_at_all_pages(desk: Desk) -> None:
    click(desk)
    desk.glass.wait(GREEN, WINDOW)
    for page in [*range(2, PAGES + 1), 1]:
        desk.press(f"ctrl+{page}")
        time.sleep(0.7)
    desk.press("alt+F4")
    if not wait_for(lambda: not desk.window_is_there()):
        raise RuntimeError("the window does not close")


def measure_repaint(desk: Desk) -> Row:
    """From an event of the agent to the icon in its new colour."""
    times = []
    for number in range(EVENTS):
        mood, color = (("assigned", GREEN), ("error", RED))[(number + 1) % 2]
        begin = time.monotonic()
        desk.agent.become(mood)
        times.append(desk.glass.wait(color, TRAY) - begin)
        time.sleep(0.6)
    return times_row("event of the agent to the icon's new picture", times, REPAINT_TARGET)


def measure_life(desk: Desk, seconds: int) -> list[Row]:
    with desk.tray("--minimized") as child:
        desk.glass.wait(GREEN, TRAY)
        time.sleep(2)
        rows = memory_rows("after the start, no window", child.pid)
        rows += measure_idle(child.pid, seconds, f"idle {seconds} s, tray of X11")
        rows.append(measure_repaint(desk))
        desk.agent.become("assigned")
        desk.glass.wait(GREEN, TRAY)
        look_at_all_pages(desk)
        time.sleep(2)
        rows += memory_rows("after all pages, window closed", child.pid)
        rows += measure_idle(child.pid, seconds // 2, f"idle {seconds // 2} s, window closed again")
    return rows


def measure_notifier(desk: Desk, seconds: int) -> list[Row]:
    """The same by StatusNotifierItem, where the call that brings the icon is what can be dated."""
    host = TrayHost(desk.bus)
    try:
        begin = time.monotonic()
        with desk.tray("--minimized") as child:
            if not wait_for(lambda: host.items, every=0.001):
                raise RuntimeError("no icon came to the StatusNotifierWatcher in 10 s")
            shown = time.monotonic() - begin
            host.item()
            time.sleep(2)
            return [times_row("start to icon of StatusNotifierItem", [shown]),
                    *memory_rows("with that icon", child.pid),
                    *measure_idle(child.pid, seconds // 2,
                                  f"idle {seconds // 2} s, StatusNotifierItem")]
    finally:
        host.end()


def measure_tray(binaries: str, seconds: int) -> list[Row]:
    """The tray's half of the table."""
    program = pathlib.Path(binaries).resolve() / "rsip-tray"
    with tempfile.TemporaryDirectory(prefix="rsip-desk-") as folder, contextlib.ExitStack() as ends:
        desk = Desk(pathlib.Path(folder), program, ends)
        rows = measure_notifier(desk, seconds)
        desk.screen.start_trayer()
        subprocess.run([str(program), "--version"], check=True, stdout=subprocess.DEVNULL)  # from disk
        return rows + measure_start(desk) + measure_clicks(desk) + measure_life(desk, seconds)
