"""A host of the laboratory: a network namespace. Forks are slow in a guest, so that most of what
happens in it is done by threads of this process that have moved into the namespace."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """The laboratory is not as it has to be, or what was waited for did not come."""


def run(*command, check: bool = True, timeout: float = 30) -> str:
    """A program's output, both streams."""
    done = subprocess.run([str(word) for word in command], text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=timeout, check=False)
    if check and done.returncode != 0:
        raise LabError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}")
    return done.stdout


def wait_for(what: str, condition, seconds: float = 20, every: float = 0.05):
    """The first true value of condition(); a failure naming `what` after so long."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise LabError(f"waited {seconds} s in vain for {what}")
        time.sleep(every)
    return value


class Space:
    """A network namespace called `name`, and the programs that run in it."""

    def __init__(self, name: str):
        self.name = name
        run("ip", "netns", "add", name)
        self.path = f"/run/netns/{name}"

    @contextlib.contextmanager
    def inside(self):
        """This thread, and what it starts meanwhile, are in the namespace."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        away = os.open(self.path, os.O_RDONLY)
        try:
            move(away)
            yield
        finally:
            move(home)
            os.close(home)
            os.close(away)

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        with self.inside():
            return socket.socket(family, kind, protocol)

    def ip(self, lines: str) -> None:
        """Commands of ip(8), one a line."""
        done = subprocess.run(["ip", "-n", self.name, "-batch", "-"], input=lines, text=True,
                              capture_output=True, check=False)
        if done.returncode != 0:
            raise LabError(f"{self.name}: {done.stdout}{done.stderr}")

    def run(self, *command, check: bool = True, timeout: float = 30) -> str:
        with self.inside():
            return run(*command, check=check, timeout=timeout)

    def start(self, log: pathlib.Path, *command, **environment: str) -> "Program":
        with self.inside():
            return Program(log, [str(word) for word in command], environment)

    def sysctl(self, key: str, value: int) -> None:
        """key   with slashes, below /proc/sys; may be a pattern"""
        with self.inside():
            for file in pathlib.Path("/proc/sys").glob(key):
                file.write_text(f"{value}\n")


def move(namespace: int) -> None:
    if LIBC.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Program:
    """A program that runs until it is stopped. Its output goes to the end of a file."""

    def __init__(self, log: pathlib.Path, command: list[str], environment: dict[str, str]):
        self.log = log
        with log.open("ab") as output:
            self.began = output.tell()
            self.process = subprocess.Popen(command, env={**os.environ, **environment},
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def running(self) -> bool:
        return self.process.poll() is None

    def text(self) -> str:
        """What it has said so far."""
        with self.log.open("rb") as file:
            file.seek(self.began)
            return file.read().decode(errors="replace")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 10) -> int:
        """The exit code; SIGKILL if the signal does not help."""
        if self.running():
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(seconds)
