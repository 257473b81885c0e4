"""Libreswan's pluto, from unpacked packages: its package and strongSwan's exclude each other."""

from __future__ import annotations

import pathlib
import re

from .charon import SECRET
from .config import LEASED, PEER
from .lab import RUN, Host
from .space import Program, run, wait_for

LIBRARIES = "usr/lib/x86_64-linux-gnu"


class Libreswan:
    """One daemon on a host, with one connection, `rsip`: an ESP tunnel from port 500."""

    def __init__(self, host: Host, root: pathlib.Path, far: str):
        """root   where the packages were unpacked; far: the peer's end of the tunnel"""
        self.host = host
        self.root = root
        self.folder = RUN / f"{host.name}.pluto"
        self.folder.mkdir(exist_ok=True)
        self.socket = self.folder / "pluto.ctl"
        self.program: Program | None = None
        self._configure(far)

    def _configure(self, far: str) -> None:
        name = f"h{self.host.number}@lab"
        (self.folder / "conf").write_text(f"""config setup
	uniqueids=no
conn rsip
	left={LEASED}
	leftid={name}
	leftsubnet={self.host.inner}/32
	right={PEER}
	rightid=peer@lab
	rightsubnet={far}/32
	authby=secret
	ikev2=insist
	mobike=no
	encapsulation=no
	ike=aes128-sha2_256;modp2048
	esp=aes128-sha2_256
	leftupdown=/bin/true
	pfs=no
	auto=add
""")
        secrets = self.folder / "secrets"
        secrets.write_text(f'{name} peer@lab : PSK "{SECRET["data"]}"\n')
        secrets.chmod(0o600)

    def start(self) -> None:
        """Only in a guest: what the daemon looks for in /usr/libexec is laid over it."""
        run("mount", "--bind", self.root / "usr/libexec", "/usr/libexec")
        keys = f"sql:{self.folder}"
        run("env", self._libraries(), self.root / "usr/bin/certutil", "-N", "-d", keys,
            "--empty-password")
        self.program = self.host.start(
            self.host.lab.folder / f"{self.host.name}.pluto.log", "env", self._libraries(),
            "/usr/libexec/ipsec/pluto", "--nofork", "--stderrlog", "--config",
            self.folder / "conf", "--secretsfile", self.folder / "secrets", "--rundir",
            self.folder, "--nssdir", self.folder)
        wait_for("pluto", self.socket.exists)
        wait_for("pluto's connection", lambda: "added" in self.program.text())

    def _libraries(self) -> str:
        return f"LD_LIBRARY_PATH={self.root / LIBRARIES}"

    def whack(self, *words: str) -> str:
        return self.host.run("env", self._libraries(), "/usr/libexec/ipsec/whack", "--ctlsocket",
                             self.socket, *words, timeout=40)

    def initiate(self) -> None:
        self.whack("--initiate", "--name", "rsip")

    def rekey(self) -> None:
        self.whack("--rekey-ipsec", "--name", "rsip")

    def spis_in(self) -> set[int]:
        """As the kernel has them."""
        states = self.host.run("ip", "xfrm", "state")
        return {int(spi, 16) for spi in
                re.findall(rf"dst {re.escape(LEASED)}\n\s+proto esp spi (0x\w+)", states)}

    def stop(self) -> None:
        if self.program:
            self.whack("--shutdown")
            self.program.stop()
            run("umount", "/usr/libexec")
