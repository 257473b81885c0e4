"""What has to hold of hosts, associations and captures."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from .config import LEASED, PEER
from .lab import Host, Lab
from .packets import AH, ESP, Packet, ping
from .space import Space, wait_for

TUNNELS = {"cbc": "10.99.0.1", "gcm": "10.99.0.2", "ah": "10.99.0.3"}
KINDS = [*TUNNELS, "transport"]
SERVER_PORT = 8080


def associate(lab: Lab, *children: str) -> None:
    """Both hosts set up these, by turns."""
    for child in children:
        for host in lab.hosts:
            host.charon.initiate(child)


def spis_are_leased(host: Host) -> None:
    strange = set(host.charon.spis_in()) - host.spis()
    assert not strange, f"{host.name} told its peer SPIs that are not leased: {in_hex(strange)}"


def all_spis_are_leased(lab: Lab) -> None:
    for host in lab.hosts:
        spis_are_leased(host)


def spi_in_use(host: Host, child: str = "cbc") -> int | None:
    """The newest association's, inbound; nothing while it is being replaced."""
    installed = host.charon.child_sas(child)
    return int(installed[-1]["spi-in"], 16) if installed else None


def next_spi(host: Host, before: int, child: str = "cbc") -> int:
    """Waits until the association has been replaced."""
    return wait_for(f"another SPI of {host.name} than {before:#x}",
                    lambda: spi_in_use(host, child) not in (None, before) and
                    spi_in_use(host, child))


def tunnel_carries_both_ways(lab: Lab, host: Host, child: str) -> None:
    far = TUNNELS[child]
    ping(host, host.inner, far)
    ping(lab.peer, far, host.inner)


def transport_carries(lab: Lab, hosts: list[Host]) -> list[tuple[str, int]]:
    """TCP from a leased port of each host at the same time. The addresses that the peer saw: they
    are just those."""
    with echo_server(lab.peer) as seen:
        clients = []
        for host in hosts:
            client = host.socket(socket.AF_INET, socket.SOCK_STREAM)
            client.settimeout(10)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            port = transport_port(host)
            client.bind((LEASED, port))
            client.connect((PEER, SERVER_PORT))
            clients.append((host, port, client))
        for host, port, client in clients:
            text = f"{host.name} from {port}".encode() * 400
            client.sendall(text)
            assert read(client, len(text)) == text, f"{host.name}: other bytes came back"
        for _, _, client in clients:
            client.close()
    assert sorted(seen) == sorted((LEASED, port) for _, port, _ in clients), seen
    return seen


def transport_port(host: Host) -> int:
    """Where transport mode of this host begins: config.host_connection()."""
    ports = host.ipsec_ports()
    return ports[len(ports) // 2]


@contextlib.contextmanager
def echo_server(space: Space):
    """On SERVER_PORT of the peer. Gives the addresses it was reached from."""
    seen: list[tuple[str, int]] = []
    listener = space.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((PEER, SERVER_PORT))
    listener.listen()

    def answer(connection) -> None:
        with connection, contextlib.suppress(ConnectionError):
            while data := connection.recv(65536):
                connection.sendall(data)

    def accept() -> None:
        while True:
            try:
                connection, address = listener.accept()
            except OSError:  # closed
                return
            seen.append(address)
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def read(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length and (got := connection.recv(65536)):
        data += got
    return data


def incoming_spis(packets: list[Packet]) -> set[tuple[int, int]]:
    """(protocol, SPI) of ESP and AH that came to the leased address."""
    return {(packet.protocol, packet.spi) for packet in packets
            if packet.spi is not None and packet.destination == LEASED}


def in_clear(packets: list[Packet]) -> list[Packet]:
    """Packets of the leased address that are neither IKE nor IPsec."""
    return [packet for packet in packets if LEASED in (packet.source, packet.destination)
            and packet.protocol not in (ESP, AH) and packet.ike is None]


def cookies(packets: list[Packet]) -> set[int]:
    """Of initiators, in IKE that came to the leased address."""
    return {packet.cookie for packet in packets
            if packet.ike and packet.destination == LEASED}


def in_hex(spis) -> str:
    return " ".join(f"{spi:#010x}" for spi in sorted(spis))
