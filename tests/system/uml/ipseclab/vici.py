"""A small client of VICI, the control protocol of strongSwan's charon."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import struct

REQUEST, RESPONSE, UNKNOWN, REGISTER, UNREGISTER, CONFIRM, EVENT_UNKNOWN, EVENT = range(8)
SECTION, SECTION_END, PAIR, LIST, ITEM, LIST_END = range(1, 7)


class ViciError(Exception):
    """charon said no, or nothing."""


def encode(message: dict) -> bytes:
    """Nested dictionaries of strings, numbers and lists of strings."""
    out = b""
    for key, value in message.items():
        if isinstance(value, dict):
            out += bytes([SECTION]) + short(key) + encode(value) + bytes([SECTION_END])
        elif isinstance(value, (list, tuple)):
            items = b"".join(bytes([ITEM]) + long(item) for item in value)
            out += bytes([LIST]) + short(key) + items + bytes([LIST_END])
        else:
            out += bytes([PAIR]) + short(key) + long(value)
    return out


def decode(data: bytes) -> dict:
    root: dict = {}
    stack = [root]
    items: list[str] = []
    name = ""
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind in (SECTION, PAIR, LIST):
            name = data[at + 1:at + 1 + data[at]].decode()
            at += 1 + data[at]
        if kind in (PAIR, ITEM):
            (length,) = struct.unpack_from("!H", data, at)
            value = data[at + 2:at + 2 + length].decode(errors="replace")
            at += 2 + length
        if kind == SECTION:
            stack.append(stack[-1].setdefault(name, {}))
        elif kind == SECTION_END:
            stack.pop()
        elif kind == PAIR:
            stack[-1][name] = value
        elif kind == LIST:
            items = stack[-1][name] = []
        elif kind == ITEM:
            items.append(value)
    return root


def short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def long(value) -> bytes:
    data = str(value).encode()
    return struct.pack("!H", len(data)) + data


class Vici:
    """A connection to charon. One command at a time."""

    def __init__(self, path: pathlib.Path, seconds: float = 30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds)
        self.socket.connect(str(path))
        self.events: list[tuple[str, dict]] = []

    def close(self) -> None:
        self.socket.close()

    def command(self, name: str, **message) -> dict:
        """The answer, whatever it says."""
        self._send(bytes([REQUEST]) + short(name) + encode(message))
        return self._answer(name, UNKNOWN)

    def must(self, name: str, **message) -> dict:
        """errors   ViciError unless charon reports success"""
        answer = self.command(name, **message)
        if answer.get("success") != "yes":
            raise ViciError(f"{name}: {answer.get('errmsg', answer)}")
        return answer

    def stream(self, name: str, event: str, **message) -> list[dict]:
        """What a command sends as events before it answers."""
        with self.listening(event) as heard:
            self.command(name, **message)
        return heard

    @contextlib.contextmanager
    def listening(self, event: str):
        """A list which has, at the end, the events that came meanwhile."""
        heard: list[dict] = []
        self._send(bytes([REGISTER]) + short(event))
        self._answer(event, EVENT_UNKNOWN)
        try:
            yield heard
        finally:
            self._send(bytes([UNREGISTER]) + short(event))
            self._answer(event, EVENT_UNKNOWN)
            heard += [content for name, content in self.events if name == event]
            self.events.clear()

    def _send(self, packet: bytes) -> None:
        self.socket.sendall(struct.pack("!I", len(packet)) + packet)

    def _receive(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            got = self.socket.recv(length - len(data))
            if not got:
                raise ViciError("charon hung up")
            data += got
        return data

    def _answer(self, name: str, refusal: int) -> dict:
        while True:
            packet = self._receive(struct.unpack("!I", self._receive(4))[0])
            if packet[0] == EVENT:
                end = 2 + packet[1]
                self.events.append((packet[2:end].decode(), decode(packet[end:])))
            elif packet[0] == refusal:
                raise ViciError(f"charon does not know {name}")
            else:
                return decode(packet[1:])
