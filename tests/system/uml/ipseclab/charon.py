"""strongSwan's charon: as many as there are hosts, each with its own configuration and socket."""

from __future__ import annotations

import contextlib
import pathlib

from .space import LabError, wait_for
from .vici import Vici, ViciError

PROGRAM = "/usr/sbin/charon-systemd"
PLUGINS = "random nonce aes sha1 sha2 md5 hmac kdf gmp pem pkcs1"
SECRET = {"id": "lab", "type": "IKE", "data": "a secret of the laboratory", "owners": []}


class Charon:
    """One daemon. It is not started by the constructor."""

    def __init__(self, name: str, launch, folder: pathlib.Path, run: pathlib.Path,
                 fragment: pathlib.Path | None = None, backend: str = "kernel-netlink"):
        """launch     starts a program in the right namespace: launch(*command) gives something
                   with running(), text() and stop()
        fragment   a file that may come and go, read like those in /etc/strongswan.d
        """
        self.name = name
        self.launch = launch
        self.socket = run / f"{name}.vici"
        self.log = folder / f"{name}.charon.log"
        self.config = run / f"{name}.strongswan.conf"
        self.fragment = fragment
        self.backend = backend
        self.program = None
        self.vici: Vici | None = None

    def start(self, **settings) -> "Charon":
        """settings   of the section charon, like port = 500"""
        self.config.write_text(self._text(settings))
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        self.program = self.launch("env", f"STRONGSWAN_CONF={self.config}", PROGRAM)
        wait_for(f"charon of {self.name}", self._answers)
        self.vici.must("load-shared", **SECRET)
        return self

    def _text(self, settings: dict) -> str:
        own = {"install_routes": "no", "retransmit_timeout": "1.5", "retransmit_tries": "4",
               "load": f"{PLUGINS} {self.backend} socket-default vici", **settings}
        lines = "\n".join(f"  {key} = {value}" for key, value in own.items())
        include = f"include {self.fragment.parent}/*.conf\n" if self.fragment else ""
        return f"""charon {{
{lines}
  plugins {{
    vici {{
      socket = unix://{self.socket}
    }}
  }}
  filelog {{
    lab {{
      path = {self.log}
      append = yes
      time_format = %H:%M:%S
      time_add_ms = yes
      flush_line = yes
      default = 1
      knl = 2
    }}
  }}
}}
charon-systemd {{
  journal {{
    default = -1
  }}
}}
{include}"""

    def _answers(self) -> bool:
        if not self.program.running():
            raise LabError(f"charon ended:\n{self.program.text()}")
        try:
            self.vici = Vici(self.socket)
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """With SIGTERM: it tells its peers."""
        if self.vici:
            self.vici.close()
            self.vici = None
        if self.program:
            self.program.stop()
            self.program = None

    def load(self, name: str, connection: dict) -> None:
        self.vici.must("load-conn", **{name: connection})

    def initiate(self, child: str, connection: str = "rsip", seconds: float = 20) -> None:
        """errors   ViciError with charon's last words"""
        with self.vici.listening("control-log") as said:
            try:
                self.vici.must("initiate", child=child, ike=connection,
                               timeout=int(seconds * 1000), loglevel=1)
            except ViciError as error:
                failure = error
            else:
                return
        raise ViciError(f"{failure}\n" + "\n".join(line.get("msg", "") for line in said)) from None

    def terminate(self, **which) -> dict:
        return self.vici.command("terminate", **{"timeout": 3000, "force": "yes", **which})

    def ike_sas(self) -> list[dict]:
        return [ike for event in self.vici.stream("list-sas", "list-sa")
                for ike in event.values()]

    def child_sas(self, name: str | None = None) -> list[dict]:
        """Those that carry traffic, or the ones of a child by name."""
        return [child for ike in self.ike_sas() for child in ike["child-sas"].values()
                if child["state"] == "INSTALLED" and name in (None, child["name"])]

    def spis_in(self) -> list[int]:
        """Of everything it has, associations that end included."""
        return [int(child["spi-in"], 16) for ike in self.ike_sas()
                for child in ike["child-sas"].values() if child.get("spi-in")]
