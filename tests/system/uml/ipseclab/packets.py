"""What passes on a device, and packets made by hand."""

from __future__ import annotations

import dataclasses
import pathlib
import select
import socket
import struct
import threading
import time

from .space import Space

ESP, AH, UDP, IPIP = 50, 51, 17, 4
ETH_P_IP = 0x0800
OUTGOING = 4  # PACKET_OUTGOING
EXCHANGES = {2: "main", 5: "informational1", 32: "quick", 34: "sa_init", 35: "auth",
             36: "create_child", 37: "informational"}


@dataclasses.dataclass(frozen=True)
class Packet:
    """An IPv4 packet as it was seen on a device."""

    time: float
    outgoing: bool  # the device sends it
    data: bytes

    @property
    def header(self) -> int:
        return (self.data[0] & 15) * 4

    @property
    def protocol(self) -> int:
        return self.data[9]

    @property
    def source(self) -> str:
        return socket.inet_ntoa(self.data[12:16])

    @property
    def destination(self) -> str:
        return socket.inet_ntoa(self.data[16:20])

    @property
    def ports(self) -> tuple[int, int]:
        return struct.unpack_from("!HH", self.data, self.header)

    @property
    def spi(self) -> int | None:
        """Of ESP or AH."""
        if self.protocol not in (ESP, AH):
            return None
        return struct.unpack_from("!I", self.data, self.header + (4 if self.protocol == AH else 0))[0]

    @property
    def ike(self) -> bytes | None:
        """The IKE message of a UDP packet from or to port 500, or with a non-ESP marker."""
        if self.protocol != UDP:
            return None
        body = self.data[self.header + 8:]
        if 500 not in self.ports:
            if body[:4] != bytes(4):
                return None
            body = body[4:]
        return body if len(body) >= 28 else None

    @property
    def cookie(self) -> int | None:
        """The initiator's."""
        return struct.unpack_from("!Q", self.ike)[0] if self.ike else None

    @property
    def exchange(self) -> str | None:
        return EXCHANGES.get(self.ike[18]) if self.ike else None

    def frozen(self) -> bytes:
        """The packet without what routers may change: TTL and header checksum, and DSCP."""
        data = bytearray(self.data)
        data[1] = data[8] = data[10] = data[11] = 0
        return bytes(data)


class Capture:
    """Collects the IPv4 packets of a device from now on, until it is stopped."""

    def __init__(self, space: Space, device: str):
        self.packets: list[Packet] = []
        self._socket = space.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self._socket.bind((device, 3))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        self._ended = False
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self) -> None:
        while not self._ended:
            if not select.select([self._socket], [], [], 0.1)[0]:
                continue
            try:
                data, address = self._socket.recvfrom(65535)
            except OSError:  # the device went away
                continue
            if address[1] == ETH_P_IP:
                self.packets.append(Packet(time.monotonic(), address[2] == OUTGOING, data))

    def stop(self) -> list[Packet]:
        """What came, the last moment included."""
        time.sleep(0.2)
        self._ended = True
        self._thread.join()
        self._socket.close()
        return self.packets

    def __enter__(self) -> "Capture":
        return self

    def __exit__(self, *_) -> None:
        if not self._ended:
            self.stop()


def read_pcap(path: pathlib.Path) -> list[Packet]:
    """The IPv4 packets of a tcpdump on an Ethernet device."""
    data = path.read_bytes()
    packets = []
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length = struct.unpack_from("=III", data, at)
        frame = data[at + 16:at + 16 + length]
        if frame[12:14] == b"\x08\x00":
            total = struct.unpack_from("!H", frame, 16)[0]  # without the frame's padding
            packets.append(Packet(seconds + fraction / 1e6, False, frame[14:14 + total]))
        at += 16 + length
    return packets


class Pings:
    """Echo requests at even intervals, in the background, until they are stopped."""

    def __init__(self, space: Space, source: str, destination: str, every: float = 0.02,
                 patience: float = 2):
        self._to = destination
        self._every = every
        self._patience = patience
        self._id = id(self) >> 4 & 0xffff
        self._socket = space.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self._socket.bind((source, 0))
        self.sent: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self._ended = False
        self._threads = [threading.Thread(target=work, daemon=True)
                         for work in (self._ask, self._listen)]
        for thread in self._threads:
            thread.start()

    def _ask(self) -> None:
        number = 0
        while not self._ended:
            request = struct.pack("!BBHHH", 8, 0, 0, self._id, number) + bytes(48)
            request = request[:2] + struct.pack("!H", checksum(request)) + request[4:]
            self.sent[number] = time.monotonic()
            try:
                self._socket.sendto(request, (self._to, 0))
            except OSError:  # counts as lost
                pass
            number = number + 1 & 0xffff
            time.sleep(self._every)

    def _listen(self) -> None:
        while not self._ended or time.monotonic() < self._until:
            if not select.select([self._socket], [], [], 0.1)[0]:
                continue
            data = self._socket.recv(2048)
            at = (data[0] & 15) * 4
            kind, _, _, own, number = struct.unpack_from("!BBHHH", data, at)
            if kind == 0 and own == self._id and number in self.sent:
                self.answered.setdefault(number, time.monotonic())
            if self._ended and len(self.answered) == len(self.sent):
                return

    def stop(self) -> list[float]:
        """When those were sent that nobody answered."""
        self._until = time.monotonic() + self._patience
        self._ended = True
        for thread in self._threads:
            thread.join()
        self._socket.close()
        return [when for number, when in self.sent.items() if number not in self.answered]


def ping(space: Space, source: str, destination: str, seconds: float = 8) -> float:
    """Seconds until the first answer, asking every 50 ms; AssertionError if there is none."""
    pings = Pings(space, source, destination, 0.05, 0)
    end = time.monotonic() + seconds
    while not pings.answered and time.monotonic() < end:
        time.sleep(0.01)
    pings.stop()
    assert pings.answered, f"{space.name}: no answer from {destination} to {source}"
    number, when = next(iter(pings.answered.items()))
    return when - pings.sent[number]


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def send_raw(space: Space, source: str, destination: str, protocol: int, body: bytes) -> None:
    """One IPv4 packet with any source; the kernel fills in length, number and checksum."""
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, protocol, 0,
                         socket.inet_aton(source), socket.inet_aton(destination))
    with space.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(header + body, (destination, 0))


def esp(spi: int) -> bytes:
    return struct.pack("!II", spi, 1) + bytes(64)


def ah(spi: int) -> bytes:
    return struct.pack("!BBHIII", IPIP, 4, 0, spi, 1, 0) + bytes(48)


def ike_datagram(source_port: int, port: int, cookie: int, exchange: int = 34) -> bytes:
    """UDP with an IKE header and nothing after it."""
    message = struct.pack("!QQBBBBII", cookie, 0, 0, 0x20, exchange, 0x20, 0, 28)
    return struct.pack("!HHHH", source_port, port, 8 + len(message), 0) + message
