"""The topology: laptops on a private LAN, an RSIP gateway, an internet with real servers.

    laptop1 10.1.0.2 --+
                       +-- 10.1.0.1 gateway 100.64.0.2 --- 100.64.0.1 internet
    laptop2 10.1.0.3 --+                                     198.51.100.80  web (nginx), iperf3
                                                             198.51.100.53  DNS (dnsmasq)

The public address 203.0.113.10 is routed to the gateway and shared by the laptops. The internet has
no route to 10.1.0.0/24: whatever arrives there came through a lease.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import tempfile

from .namespace import (CommandFailed, Namespace, Service, remove_namespaces, sweep, wait_for)

PREFIX = "rsip"
GATEWAY = "10.1.0.1"
PUBLIC = "203.0.113.10"
WEB = "198.51.100.80"
DNS = "198.51.100.53"
UPSTREAM = "100.64.0.1"
CONTROL_PORT = 4555


def toml(sections: dict[str, dict | list[dict]]) -> str:
    """TOML text; a key "[[name]]" makes a list's element, or with a list of them several; any other
    key makes a table."""
    lines = []
    for name, content in sections.items():
        for keys in content if isinstance(content, list) else [content]:
            lines.append(name if name.startswith("[[") else f"[{name}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def gateway_config(pool: dict | None = None, **sections: dict) -> str:
    """The gateway's configuration: ports of the one public address, unless asked for otherwise."""
    return toml({
        "gateway": {"listen": GATEWAY, "log_level": "debug", **sections.pop("gateway", {})},
        **sections,
        "[[pool]]": {"method": "rsap-ip", "addresses": [PUBLIC], **(pool or {})},
    })


class LabError(Exception):
    """The laboratory itself is not as it has to be."""


class Laptop(Namespace):
    """A host with rsipd and rsipctl, whose nearest gateway is at address `router`."""

    def __init__(self, lab: "Lab", number: int, address: str | None = None, router: str = GATEWAY):
        super().__init__(f"{lab.prefix}laptop{number}", lab.folder, nameserver=DNS)
        self.lab = lab
        self.number = number
        self.address = address or f"10.1.0.{number + 1}"
        self.router = router
        self.socket = lab.folder / f"agent{number}.sock"
        self.config = lab.folder / f"agent{number}.toml"
        self.state = lab.folder / f"state{number}"
        self.agent: Service | None = None

    def configure(self, *more: dict, discovery: dict | None = None, **gateway) -> None:
        """Writes the agent's configuration; keyword arguments go into [[gateway]], each further
        dictionary into one more of these."""
        keys = {"name": "lab", "address": self.router, **gateway}
        self.config.write_text(toml({
            "agent": {"socket": str(self.socket), "log_level": "debug",
                      "state_dir": str(self.state)},
            "discovery": discovery or {},
            "[[gateway]]": [keys, *more],
        }))

    def start_agent(self, *flags: str, within: tuple = ()) -> Service:
        """Starts rsipd, by the program `within` if there is one."""
        self.agent = self.start("rsipd", *within, self.lab.bin / "rsipd", "--config", self.config,
                                *flags)
        return self.agent

    def up(self, *more: dict, seconds: float = 10, **keys) -> dict:
        """Configuration written as by configure(), agent started, first lease held. The status."""
        self.configure(*more, **keys)
        self.start_agent()
        return self.wait_assigned(seconds)

    def down(self) -> int:
        """The agent's exit code after SIGTERM."""
        return self.agent.stop()

    def wait_assigned(self, seconds: float = 10) -> dict:
        try:
            return self.wait_status(lambda s: s["state"] == "assigned", seconds)
        except CommandFailed as failure:
            raise CommandFailed(f"{failure}\n{self.agent.text()}") from None

    def wait_status(self, condition, seconds: float = 10) -> dict:
        def look():
            status = self.status()
            return status if status and condition(status) else None
        return wait_for(f"the status of {self.name}", look, seconds)

    def status(self) -> dict | None:
        """What `rsipctl status --json` says; nothing while the agent is not running. The members
        of the first gateway stand beside the others, because most tests have only one."""
        try:
            status = json.loads(self.ctl("status", "--json"))["data"]
        except CommandFailed:
            return None
        return {**status["gateways"][0], **status}

    def ctl(self, *arguments: str, expect: int | None = 0) -> str:
        return self.run(self.lab.bin / "rsipctl", "--socket", self.socket, *arguments,
                        expect=expect)

    def leased_ports(self) -> set[int]:
        ranges = [r for lease in self.status()["leases"] for r in lease["ports"]]
        return {port for r in ranges for port in range(r["first"], r["last"] + 1)}

    def drops(self) -> dict[str, int]:
        return {d["reason"]: d["packets"] for d in self.status()["traffic"]["drops"]}


class Lab:
    """Builds the topology in its constructor; a context manager that removes every trace."""

    made = 0  # laboratories of this process, for names that differ

    def __init__(self, binaries: str | os.PathLike, laptops: int = 2):
        if os.geteuid() != 0:
            raise LabError("the laboratory makes network namespaces: run it as root")
        self.bin = pathlib.Path(binaries).resolve()
        for program in ("rsipd", "rsipctl", "rsip-gateway"):
            if not (self.bin / program).exists():
                raise LabError(f"{self.bin / program} is missing: run ./dev build")
        sweep(f"{PREFIX}-")
        Lab.made += 1
        self.prefix = f"{PREFIX}-{os.getpid()}-{Lab.made}-"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{PREFIX}-lab-{os.getpid()}-"))
        self.namespaces: list[Namespace] = []
        self.gateway_process: Service | None = None
        try:
            self._build(laptops)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        for namespace in reversed(self.namespaces):
            namespace.stop_services()
        for namespace in reversed(self.namespaces):
            namespace.close()
        remove_namespaces(self.prefix)  # one whose making was interrupted
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- topology ---------------------------------------------------------------------------

    def _add(self, namespace: Namespace):
        self.namespaces.append(namespace)
        return namespace

    def _build(self, laptops: int) -> None:
        self.internet = self._add(Namespace(f"{self.prefix}internet", self.folder))
        self.gateway = self._add(Namespace(f"{self.prefix}gateway", self.folder))
        self._connect_gateway()
        self.laptops = [self._add(Laptop(self, n)) for n in range(1, laptops + 1)]
        for laptop in self.laptops:
            self._connect_laptop(laptop)

    def _connect_gateway(self) -> None:
        gateway, internet = self.gateway, self.internet
        gateway.ip("link", "add", "wan0", "type", "veth", "peer", "name", "core0", "netns",
                   internet.name)
        gateway.ip("addr", "add", "100.64.0.2/30", "dev", "wan0")
        gateway.ip("link", "set", "wan0", "up")
        gateway.ip("route", "add", "default", "via", UPSTREAM)
        # An address of its own: a bridge otherwise changes it with its ports, under everybody's ARP.
        gateway.ip("link", "add", "lan0", "address", "02:00:5e:00:53:01", "type", "bridge")
        gateway.ip("addr", "add", f"{GATEWAY}/24", "dev", "lan0")
        gateway.ip("link", "set", "lan0", "up")
        gateway.sysctl(net__ipv4__ip_forward=1)
        internet.ip("addr", "add", f"{UPSTREAM}/30", "dev", "core0")
        internet.ip("link", "set", "core0", "up")
        internet.ip("route", "add", f"{PUBLIC}/32", "via", "100.64.0.2")
        for server in (WEB, DNS):
            internet.ip("addr", "add", f"{server}/32", "dev", "lo")

    def _connect_laptop(self, laptop: Laptop) -> None:
        self._connect_host(laptop, laptop.address, f"port{laptop.number}")

    def _connect_host(self, host: Namespace, address: str, port: str) -> None:
        host.ip("link", "add", "eth0", "type", "veth", "peer", "name", port, "netns",
                self.gateway.name)
        self.gateway.ip("link", "set", port, "master", "lan0", "up")
        host.ip("addr", "add", f"{address}/24", "dev", "eth0")
        host.ip("link", "set", "eth0", "up")
        host.ip("route", "add", "default", "via", GATEWAY)

    def add_router(self, name: str, address: str) -> Namespace:
        """A machine on the private LAN that routes for others."""
        router = self._add(Namespace(f"{self.prefix}{name}", self.folder))
        self._connect_host(router, address, name)
        router.sysctl(net__ipv4__ip_forward=1)
        return router

    def add_laptop_behind(self, router: Namespace, network: str = "10.2.0") -> Laptop:
        """A laptop <network>.2 on a link of its own to device lan0 of a router, <network>.1."""
        laptop = self._add(Laptop(self, 9, f"{network}.2", f"{network}.1"))
        laptop.ip("link", "add", "eth0", "type", "veth", "peer", "name", "lan0", "netns",
                  router.name)
        router.ip("addr", "add", f"{laptop.router}/24", "dev", "lan0")
        router.ip("link", "set", "lan0", "up")
        router.sysctl(net__ipv4__ip_forward=1)
        laptop.ip("addr", "add", f"{laptop.address}/24", "dev", "eth0")
        laptop.ip("link", "set", "eth0", "up")
        laptop.ip("route", "add", "default", "via", laptop.router)
        return laptop

    def add_public_address(self, address: str) -> None:
        """One more address that the internet routes to the gateway machine."""
        self.internet.ip("route", "add", f"{address}/32", "via", "100.64.0.2")

    # --- servers ----------------------------------------------------------------------------

    def start_gateway(self, config: str | None = None, where: Namespace | None = None,
                      listen: str = GATEWAY, name: str = "rsip-gateway") -> Service:
        """Starts rsip-gateway, on the gateway machine unless asked for elsewhere. Several need a
        configuration and a name each."""
        path = self.folder / f"{name}.toml"
        path.write_text(config or gateway_config())
        where = where or self.gateway
        gateway = where.start(name, self.bin / "rsip-gateway", "--config", path)
        wait_for(f"the gateway\n{gateway.text()}", lambda: self._listens(gateway, where, listen))
        self.gateway_process = self.gateway_process if where is not self.gateway else gateway
        return gateway

    def _listens(self, gateway: Service, where: Namespace, listen: str) -> bool:
        if not gateway.running():
            raise LabError(f"the gateway ended:\n{gateway.text()}")
        return f"{listen}:{CONTROL_PORT}" in where.run("ss", "-Hltn")

    def start_servers(self) -> None:
        """nginx, dnsmasq and iperf3 in the internet."""
        self._start_web()
        self.internet.start("dnsmasq", "dnsmasq", "--no-daemon", "--conf-file=/dev/null",
                            "--no-resolv", "--no-hosts", "--port=53", f"--listen-address={DNS}",
                            "--bind-interfaces", "--user=root", "--pid-file=",
                            f"--address=/www.example.net/{WEB}", "--log-queries", "--log-facility=-")
        self.internet.start("iperf3", "iperf3", "-s", "-B", WEB)
        for port in (f"{WEB}:80", f"{DNS}:53", f"{WEB}:5201"):
            wait_for(f"a server on {port}",
                     lambda port=port: port in self.internet.run("ss", "-Hltn"))

    def _start_web(self) -> None:
        root = self.folder / "web"
        (root / "put").mkdir(parents=True)
        self.folder.chmod(0o755)
        (root / "index.html").write_text("Hello from the internet.\n")
        with (root / "large").open("wb") as large:
            large.truncate(20_000_000)
        config = self.folder / "nginx.conf"
        config.write_text(f"""
            daemon off; user root; worker_processes 1; pid {self.folder}/nginx.pid;
            error_log {self.folder}/nginx.error.log;
            events {{ worker_connections 1024; }}
            http {{
              log_format peer '$remote_addr $remote_port $request_uri $status';
              access_log {self.folder}/web.log peer;
              client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2;
              fastcgi_temp_path {self.folder}/t3; uwsgi_temp_path {self.folder}/t4;
              scgi_temp_path {self.folder}/t5;
              server {{ listen {WEB}:80; root {root};
                       location /peer {{ return 200 "$remote_addr $remote_port\\n"; }}
                       location /put/ {{ dav_methods PUT; client_max_body_size 100m; }} }}
            }}""")
        self.internet.start("nginx", "nginx", "-c", config, "-e", self.folder / "nginx.error.log")

    def web_log(self) -> list[tuple[str, int, str]]:
        """(peer address, peer port, path) of each request that nginx answered."""
        lines = (self.folder / "web.log").read_text().splitlines()
        return [(m[1], int(m[2]), m[3])
                for m in (re.match(r"(\S+) (\d+) (\S+)", line) for line in lines) if m]

    def capture(self, where: Namespace, device: str, name: str, filters: str = "") -> Service:
        """tcpdump on a device, into <folder>/<name>.pcap, once it really listens."""
        path = self.folder / f"{name}.pcap"
        service = where.start(f"tcpdump-{name}", "tcpdump", "-n", "-U", "--immediate-mode", "-Z", "root", "-s", "0", "-i", device,
                              "-w", path, *filters.split())
        service.pcap = path
        wait_for("tcpdump", lambda: "listening on" in service.text())
        return service
