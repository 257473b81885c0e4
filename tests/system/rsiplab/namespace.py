"""One host of the laboratory: a network namespace, what runs in it, and its clean end."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time


class CommandFailed(Exception):
    """A command ended with another exit code than asked for; its output is in the text."""


class Service:
    """A process that runs in a namespace until it is stopped. Its output goes to a file."""

    def __init__(self, command: list[str], log: pathlib.Path):
        self.command = command
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def running(self) -> bool:
        return self.process.poll() is None

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.running():
            self.process.send_signal(number)

    def wait(self, seconds: float = 10) -> int:
        """Exit code; negative signal number if a signal ended it."""
        return self.process.wait(timeout=seconds)

    def stop(self, seconds: float = 5) -> int:
        """SIGTERM, then SIGKILL if that does not help. Exit code."""
        self.kill(signal.SIGTERM)
        try:
            return self.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.wait(seconds)


class Namespace:
    """A network namespace called `name`, with loopback up and a resolver file of its own."""

    def __init__(self, name: str, folder: pathlib.Path, nameserver: str | None = None):
        self.name = name
        self.folder = folder
        self.services: list[Service] = []
        self._etc = pathlib.Path("/etc/netns") / name
        run(["ip", "netns", "add", name])
        if nameserver:
            self._etc.mkdir(parents=True, exist_ok=True)
            (self._etc / "resolv.conf").write_text(f"nameserver {nameserver}\n")
        self.ip("link", "set", "lo", "up")
        # IPv6 addresses settle seconds after a link comes up: noise in a comparison.
        self.run("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0",
                 "net.ipv6.conf.default.accept_dad=0")

    def command(self, arguments: list[str]) -> list[str]:
        return ["ip", "netns", "exec", self.name, *map(str, arguments)]

    def run(self, *arguments: str, expect: int | None = 0, timeout: float = 30) -> str:
        """Runs a program here and returns what it prints (both streams)."""
        return run(self.command(list(arguments)), expect, timeout)

    def exit_code(self, *arguments: str, timeout: float = 30) -> int:
        """Runs a program here for its exit code alone."""
        return subprocess.run(self.command(list(arguments)), timeout=timeout,
                              capture_output=True, check=False).returncode

    def ip(self, *arguments: str) -> str:
        return run(["ip", "-n", self.name, *map(str, arguments)])

    def ip_json(self, *arguments: str):
        return json.loads(self.ip("-j", *arguments) or "[]")

    def sysctl(self, **values: int) -> None:
        self.run("sysctl", "-qw",
                 *[f"{key.replace('__', '.')}={value}" for key, value in values.items()])

    def start(self, log_name: str, *arguments: str) -> Service:
        service = Service(self.command(list(arguments)), self.folder / f"{self.name}.{log_name}.log")
        self.services.append(service)
        return service

    def network_state(self) -> str:
        """Everything an agent might leave behind, as text to compare before and after."""
        parts = [self.ip("-o", "link"), self.ip("-o", "-4", "addr"), self.ip("rule"),
                 self.ip("route", "show", "table", "all"), self.run("nft", "list", "ruleset"),
                 self.run("sysctl", "net.ipv4.ip_forward", "net.ipv4.conf.all.rp_filter",
                          "net.ipv4.conf.all.arp_ignore")]
        # `ip` complains in between when somebody else's namespace goes away meanwhile.
        lines = "\n".join(parts).splitlines()
        return "\n".join(line for line in lines if "Peer netns reference" not in line)

    def stop_services(self) -> None:
        for service in reversed(self.services):
            service.stop()

    def close(self) -> None:
        self.stop_services()
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)
        remove_settings(self.name)


def run(command: list[str], expect: int | None = 0, timeout: float = 30) -> str:
    done = subprocess.run(command, timeout=timeout, text=True, errors="replace", check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if expect is not None and done.returncode != expect:
        raise CommandFailed(f"{' '.join(command)}\nended with {done.returncode}, not {expect}:\n"
                            f"{done.stdout}")
    return done.stdout


def wait_for(what: str, condition, seconds: float = 10, every: float = 0.05):
    """The first true value that condition() gives; a failure naming `what` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise CommandFailed(f"waited {seconds} s in vain for {what}")
        time.sleep(every)


def remove_settings(name: str) -> None:
    """Removes what `ip netns exec` reads for a namespace, and their folder with the last of them."""
    folder = pathlib.Path("/etc/netns")
    shutil.rmtree(folder / name, ignore_errors=True)
    with contextlib.suppress(OSError):  # others have theirs in it, or it is gone
        folder.rmdir()


def remove_namespaces(prefix: str) -> None:
    """Removes the namespaces whose names start so, and ends what runs in them."""
    for line in run(["ip", "netns", "list"]).splitlines():
        name = line.split()[0]
        if not name.startswith(prefix):
            continue
        for process in run(["ip", "netns", "pids", name], expect=None).split():
            os.kill(int(process), signal.SIGKILL)
        subprocess.run(["ip", "netns", "del", name], check=False)
        remove_settings(name)


def sweep(prefix: str) -> None:
    """Removes what laboratories left that were killed before they could clean up: namespaces
    <prefix><pid>-* and folders <prefix>lab-<pid>-* of processes that are gone."""
    names = [line.split()[0] for line in run(["ip", "netns", "list"]).splitlines()]
    folders = list(pathlib.Path(tempfile.gettempdir()).glob(f"{prefix}lab-*"))
    for name in [*names, *(folder.name.replace("lab-", "", 1) for folder in folders)]:
        pid = name.removeprefix(prefix).split("-")[0]
        if name.startswith(prefix) and pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            remove_namespaces(f"{prefix}{pid}-")
    for folder in folders:
        pid = folder.name.removeprefix(f"{prefix}lab-").split("-")[0]
        if pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            shutil.rmtree(folder, ignore_errors=True)
