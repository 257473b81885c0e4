"""What is written into configuration files: the only place that knows the keys."""

from __future__ import annotations

import json

LEASED, PEER = "203.0.113.1", "203.0.113.10"
GATEWAY, GATEWAY_OUTSIDE = "10.1.0.1", "203.0.113.2"
PROPOSALS = ["aes128-sha256-modp2048"]


def toml(sections: dict[str, dict]) -> str:
    lines = []
    for name, keys in sections.items():
        lines.append(name if name.startswith("[[") else f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def gateway_toml(leased: str = LEASED, pool: dict | None = None, **sections: dict) -> str:
    """The gateway's: ports and SPIs of the one public address."""
    return toml({
        "gateway": {"listen": GATEWAY, "log_level": "debug", **sections.pop("gateway", {})},
        "lease": {"hold": "1s", **sections.pop("lease", {})},
        **sections,
        "[[pool]]": {"method": "rsap-ip", "addresses": [leased], **(pool or {})},
    })


def agent_toml(socket, vici, fragment, gateway: dict | None = None, ipsec: dict | None = None,
               connection: dict | None = None) -> str:
    """fragment     of strongswan.conf; None: the agent writes none
    ipsec        further keys of [gateway.ipsec]
    connection   keys of a [[gateway.ipsec.connection]]
    """
    return toml({
        "agent": {"socket": str(socket), "log_level": "debug"},
        "ipsec": {"vici_socket": str(vici), "fragment": str(fragment or "")},
        "[[gateway]]": {"name": "lab", "address": GATEWAY, **(gateway or {})},
        "gateway.ipsec": {"enabled": True, **(ipsec or {})},
        **({"[[gateway.ipsec.connection]]": connection} if connection else {}),
    })


def inner(number: int) -> str:
    """The address of host `number` inside its tunnels."""
    return f"10.9.{number}.1"


def connection(number: int, own: str, far: str, children: dict, version: int = 2, **more) -> dict:
    """Of host `number` to the peer, for charon."""
    return {
        "version": version, "local_addrs": [own], "remote_addrs": [far], "remote_port": 500,
        "mobike": "no", "encap": "no", "proposals": PROPOSALS, "rekey_time": 0, "dpd_delay": 0,
        "local": {"auth": "psk", "id": f"h{number}@lab"}, "remote": {"auth": "psk", "id": "peer@lab"},
        "children": {name: {"rekey_time": 0, **child} for name, child in children.items()}, **more}


def peer(own: str, children: dict, **more) -> dict:
    """Of a peer that knows nothing of RSIP and answers anybody with the secret."""
    return {
        "version": 0, "local_addrs": [own], "remote_addrs": ["%any"], "mobike": "no",
        "proposals": PROPOSALS, "rekey_time": 0, "dpd_delay": 0, "unique": "never",
        "local": {"auth": "psk", "id": "peer@lab"}, "remote": {"auth": "psk", "id": "*@lab"},
        "children": {name: {"rekey_time": 0, **child} for name, child in children.items()}, **more}


def host_connection(number: int, ports: range, version: int = 2, clock: dict | None = None) -> dict:
    """With a child of each kind. `ports` are what transport mode may use: a power of two of them,
    aligned, because kernels know selectors by mask.

    clock   when children are rekeyed, like {"rekey_time": "2s"}
    """
    own = [f"{inner(number)}/32"]
    transport = f"{ports[0]}-{ports[-1]}" if version == 2 else ports[0]  # IKEv1 knows no ranges
    children = {
        "cbc": {"mode": "tunnel", "local_ts": own, "remote_ts": ["10.99.0.1/32"],
                "esp_proposals": ["aes128-sha256"]},
        "gcm": {"mode": "tunnel", "local_ts": own, "remote_ts": ["10.99.0.2/32"],
                "esp_proposals": ["aes128gcm16"]},
        "ah": {"mode": "tunnel", "local_ts": own, "remote_ts": ["10.99.0.3/32"],
               "ah_proposals": ["sha256"]},
        "transport": {"mode": "transport", "esp_proposals": ["aes128-sha256"],
                      "local_ts": [f"dynamic[tcp/{transport}]"], "remote_ts": ["dynamic[tcp]"]},
    }
    return connection(number, LEASED, PEER, timed(children, clock), version)


def peer_connection(clock: dict | None = None) -> dict:
    """With a child for each kind. It takes a child by selectors before it looks at proposals: AH
    has its own."""
    hosts = ["10.9.0.0/16"]
    children = {
        "tunnel": {"mode": "tunnel", "local_ts": ["10.99.0.1/32", "10.99.0.2/32"],
                   "remote_ts": hosts, "esp_proposals": ["aes128-sha256", "aes128gcm16"]},
        "ah": {"mode": "tunnel", "local_ts": ["10.99.0.3/32"], "remote_ts": hosts,
               "ah_proposals": ["sha256"]},
        "transport": {"mode": "transport", "local_ts": ["dynamic"], "remote_ts": ["dynamic"],
                      "esp_proposals": ["aes128-sha256"]},
    }
    return peer(PEER, timed(children, clock))


def timed(children: dict, clock: dict | None) -> dict:
    return {name: {**child, **(clock or {})} for name, child in children.items()}
