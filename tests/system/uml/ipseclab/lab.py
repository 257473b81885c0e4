"""Two RSIP hosts behind one public address, and a peer that has never heard of RSIP.

    h1 10.1.0.2 --+
                  +-- 10.1.0.1 gw 203.0.113.2 --- 203.0.113.10 peer   10.99.0.1 to .9 behind it
    h2 10.1.0.3 --+

h1 and h2 lease 203.0.113.1 with rsipd and have 10.9.1.1 and 10.9.2.1 for the insides of tunnels.
"""

from __future__ import annotations

import contextlib
import json
import pathlib

from . import config
from .charon import Charon
from .config import GATEWAY, GATEWAY_OUTSIDE, LEASED, PEER, inner
from .space import LabError, Program, Space, wait_for

RUN = pathlib.Path("/run/lab")


def charon_in(space: Space, folder: pathlib.Path, fragment: pathlib.Path | None = None) -> Charon:
    def launch(*command) -> Program:
        return space.start(folder / f"{space.name}.charon.out", *command)
    return Charon(space.name, launch, folder, RUN, fragment)


class Host(Space):
    """An RSIP host: rsipd, and a charon beside it."""

    def __init__(self, lab: "Lab", number: int):
        super().__init__(f"h{number}")
        self.lab = lab
        self.number = number
        self.address = f"10.1.0.{number + 1}"
        self.inner = inner(number)
        self.agent_socket = RUN / f"{self.name}.agent"
        self.agent: Program | None = None
        (RUN / f"{self.name}.d").mkdir(exist_ok=True)
        self.fragment = RUN / f"{self.name}.d" / "rsip.conf"
        self.charon = charon_in(self, lab.folder, self.fragment)

    def start_agent(self, fragment: bool = True, gateway: dict | None = None,
                    connection: dict | None = None, **ipsec) -> None:
        """rsipd, until it holds an address, and SPIs if it wants some.

        gateway      further keys of [[gateway]]
        connection   of a [[gateway.ipsec.connection]]
        ipsec        keys of [gateway.ipsec]
        """
        path = RUN / f"{self.name}.toml"
        path.write_text(config.agent_toml(
            self.agent_socket, self.charon.socket, self.fragment if fragment else None, gateway,
            ipsec, connection))
        self.resume_agent()

    def resume_agent(self) -> None:
        """As start_agent(), with the configuration that it had."""
        self.agent = self.start(self.lab.folder / f"{self.name}.rsipd.log", self.lab.bin / "rsipd",
                                "--config", RUN / f"{self.name}.toml",
                                LD_PRELOAD=str(self.lab.bin / "libarp_silence_off.so"))
        wait_for(f"a lease of {self.name}", self._has_lease, 30)

    def _has_lease(self) -> bool:
        if not self.agent.running():
            raise LabError(f"rsipd of {self.name} ended:\n{self.agent.text()}")
        try:
            return bool(self.spis()) and bool(self.ipsec_ports())
        except LabError:
            return False

    def start_charon(self, **settings) -> Charon:
        """charon with the host's connection, once the fragment says which port is its own."""
        self.charon.start(**settings)
        self.load()
        return self.charon

    def load(self, version: int = 2, clock: dict | None = None) -> None:
        ports = self.ipsec_ports()
        half = len(ports) // 2  # the upper half: aligned, and not IKE's
        self.charon.load("rsip", config.host_connection(
            self.number, ports[half:], version, clock))

    def ctl(self, *words: str, check: bool = True) -> str:
        return self.run(self.lab.bin / "rsipctl", "--socket", self.agent_socket, *words,
                        check=check)

    def told(self, *words: str) -> dict:
        """The data of a --json answer."""
        return json.loads(self.ctl(*words, "--json"))["data"]

    def spis(self) -> set[int]:
        """Those that are leased."""
        return {int(entry["spi"], 16) for entry in self.told("spi", "list")["spis"]}

    def ipsec_ports(self) -> range:
        """Those leased together with the SPIs."""
        for lease in self.told("status")["gateways"][0]["leases"]:
            if lease.get("spis") and lease["ports"]:
                return range(lease["ports"][0]["first"], lease["ports"][0]["last"] + 1)
        raise LabError(f"{self.name} has no ports with SPIs")

    def drops(self) -> dict[str, int]:
        """Packets that the agent dropped, by reason."""
        gateway = self.told("status")["gateways"][0]
        return {drop["reason"]: drop["packets"] for drop in gateway["traffic"]["drops"]}

    def stop(self) -> None:
        self.charon.stop()
        if self.agent:
            self.agent.stop()
            self.agent = None
        with contextlib.suppress(FileNotFoundError):
            self.fragment.unlink()


class Lab:
    """The topology. Programs are started by the tests and ended by reset()."""

    def __init__(self, binaries: pathlib.Path, folder: pathlib.Path):
        self.bin = binaries
        self.folder = folder
        RUN.mkdir(exist_ok=True)
        self.gateway_process: Program | None = None
        self.gateway = Space("gw")
        self.peer = Space("peer")
        self.hosts = [Host(self, 1), Host(self, 2)]
        self._connect()
        self.peer_charon = charon_in(self.peer, folder)

    def _connect(self) -> None:
        self.gateway.ip(f"""link set lo up
link add lan0 address 02:00:5e:00:53:01 type bridge
link set lan0 up
addr add {GATEWAY}/24 dev lan0
link add pub type veth peer name eth0 netns peer
link set pub up
addr add {GATEWAY_OUTSIDE}/24 dev pub
""")
        self.peer.ip(f"""link set lo up
link set eth0 up
addr add {PEER}/24 dev eth0
route add {LEASED}/32 via {GATEWAY_OUTSIDE}
route add 10.9.0.0/16 via {GATEWAY_OUTSIDE}
""" + "".join(f"addr add 10.99.0.{i}/32 dev lo\n" for i in range(1, 10)))
        for host in self.hosts:
            self.gateway.ip(f"""link add p{host.number} type veth peer name eth0 netns {host.name}
link set p{host.number} master lan0 up
""")
            host.ip(f"""link set lo up
link set eth0 up
addr add {host.address}/24 dev eth0
route add default via {GATEWAY}
addr add {host.inner}/32 dev lo
""")
        for space in (self.gateway, self.peer, *self.hosts):
            space.sysctl("net/ipv4/ip_forward", int(space is self.gateway))
            space.sysctl("net/ipv4/conf/*/rp_filter", 0)

    def start_gateway(self, pool: dict | None = None, **sections: dict) -> Program:
        """With further keys of [[pool]], and sections."""
        path = RUN / "gateway.toml"
        path.write_text(config.gateway_toml(pool=pool, **sections))
        return self.resume_gateway()

    def resume_gateway(self) -> Program:
        """As start_gateway(), with the configuration that it had."""
        process = self.gateway.start(self.folder / "gateway.log", self.bin / "rsip-gateway",
                                     "--config", RUN / "gateway.toml")
        self.gateway_process = process
        wait_for("the gateway", self._gateway_listens)
        return process

    def _gateway_listens(self) -> bool:
        if not self.gateway_process.running():
            raise LabError(f"the gateway ended:\n{self.gateway_process.text()}")
        return f"{GATEWAY}:4555" in self.gateway.run("ss", "-Hltn")

    def start_peer(self, clock: dict | None = None) -> Charon:
        """clock   when it rekeys, like {"rekey_time": "2s"}"""
        self.peer_charon.start(delete_rekeyed_delay=1)
        self.peer_charon.load("any", config.peer_connection(clock))
        return self.peer_charon

    def start(self, peer_clock: dict | None = None, **agent) -> None:
        """Everything, with further keys of the agents' [gateway.ipsec]."""
        self.start_gateway()
        self.start_peer(peer_clock)
        for host in self.hosts:
            host.start_agent(**agent)
            host.start_charon(delete_rekeyed_delay=1)

    def reset(self) -> None:
        """Ends all programs, and what they left in the kernels."""
        for host in self.hosts:
            host.stop()
        self.peer_charon.stop()
        if self.gateway_process:
            self.gateway_process.stop()
            self.gateway_process = None
        for space in (self.peer, *self.hosts):
            space.run("ip", "xfrm", "state", "flush")
            space.run("ip", "xfrm", "policy", "flush")

    def logs(self, lines: int = 40) -> str:
        """The ends of what everybody wrote."""
        text = ""
        for path in sorted(self.folder.glob("*.log")):
            end = path.read_text(errors="replace").splitlines()[-lines:]
            text += f"--- {path.name}\n" + "\n".join(end) + "\n"
        return text
