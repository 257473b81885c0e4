#!/usr/bin/python3
"""Turns the vectors that were typed by hand into the inputs that each fuzzer starts from.

    make_corpus.py VECTORS TARGET FOLDER
"""

from __future__ import annotations

import pathlib
import re
import struct
import sys

TOKEN = re.compile(r'"([^"]*)"|([0-9a-fA-F]{2,})|(#.*)')
LINE = re.compile(r'(?:"[^"]*"|[0-9a-fA-F]+|\s)+(?:#.*)?')
CUT_PLAN = bytes([0x83, 1, 3, 40])  # framer: three sizes of pieces, messages taken after each
SLP_PARSERS = "aput"  # slp: the first byte chooses one for the text behind it
LEASES = {
    "dhclient": b"""lease {
  interface "eth0";
  fixed-address 10.0.2.15;
  option routers 10.0.2.2;
  option unknown-224 a:1:0:1;
  option slp-directory-agent true 10.0.0.1,10.0.0.2;
  option slp-service-scope false "A,B";
  renew 4 2036/01/01 00:00:00;
  expire 5 2036/01/02 00:00:00;
}
""",
    "networkd": b"ADDRESS=10.0.2.15\nROUTER=10.0.2.2\nLIFETIME=86400\nOPTION_224=0a010001\n",
    "option": b"10.1.0.1:4455, 10.1.0.2",
}


def tokens(vector: pathlib.Path) -> list[tuple[str, str, str]]:
    """(text, hex, comment) of the lines that are the message; others speak of other readers."""
    return [token for line in vector.read_text().splitlines() if LINE.fullmatch(line)
            for token in TOKEN.findall(line)]


def bytes_of(vector: pathlib.Path) -> bytes:
    return b"".join(text.encode() if text else bytes.fromhex(digits)
                    for text, digits, _ in tokens(vector))


def messages(folder: pathlib.Path) -> dict[str, bytes]:
    return {path.stem: bytes_of(path) for path in sorted(folder.glob("*.vector"))}


def streams(vectors: dict[str, bytes]) -> dict[str, bytes]:
    """Each message behind the one before it in the alphabet, as TCP may deliver them."""
    names = list(vectors)
    return {name: CUT_PLAN + vectors[before] + vectors[name]
            for before, name in zip([names[-1], *names], names)} if names else {}


def conversations(vectors: dict[str, bytes]) -> dict[str, bytes]:
    """Messages as they are, and all of them in one input."""
    return {**vectors, "everything": b"".join(vectors.values())}


def slp_texts(folder: pathlib.Path) -> dict[str, bytes]:
    """Every text in the messages, for each parser of texts."""
    texts = {text for path in folder.glob("*.vector") for text, _, _ in tokens(path) if text}
    return {f"text {parser}{number}": (parser + text).encode()
            for number, text in enumerate(sorted(texts)) for parser in SLP_PARSERS}


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(protocol: int, payload: bytes, flags: int = 0) -> bytes:
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 7, flags, 64, protocol, 0,
                       bytes([198, 51, 100, 7]), bytes([203, 0, 113, 10]))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def transport(protocol: int, segment: bytes, field: int) -> bytes:
    """An IPv4 packet whose TCP or UDP checksum, at `field`, is right."""
    pseudo = struct.pack("!4s4sBBH", bytes([198, 51, 100, 7]), bytes([203, 0, 113, 10]), 0,
                         protocol, len(segment))
    value = struct.pack("!H", checksum(pseudo + segment))
    return ipv4(protocol, segment[:field] + value + segment[field + 2:])


def tcp(sequence: int, flags: int = 0x10) -> bytes:
    head = struct.pack("!HHIIBBHHH", 443, 40000, sequence, 7, 5 << 4, flags, 500, 0, 0)
    return transport(6, head + b"abcd" * 25, 16)


def icmp(kind: int, rest: bytes) -> bytes:
    message = struct.pack("!BBH", kind, 0, 0) + rest
    return ipv4(1, message[:2] + struct.pack("!H", checksum(message)) + message[4:])


def packets() -> dict[str, bytes]:
    """Whole packets behind the virtio_net_hdr that a TUN device puts before the first."""
    plain = bytes(10)
    cut = struct.pack("=BBHHHH", 1, 1, 40, 30, 20, 16)  # TCP segments of 30 bytes, sum to complete
    udp = transport(17, struct.pack("!HHHH", 53, 40000, 12, 0) + b"abcd", 6)
    return {
        "tcp": plain + tcp(1000) + tcp(1100) + tcp(1200, 0x18), "tcp cut": cut + tcp(1000),
        "udp": plain + udp, "ping": plain + icmp(8, bytes([0, 9, 0, 1]) + b"data"),
        "unreachable": plain + icmp(3, bytes(4) + udp), "esp": plain + ipv4(50, bytes(24)),
        "first fragment": plain + ipv4(17, udp[20:], 0x2000), "later fragment":
            plain + ipv4(17, udp[20:], 3),
    }


def vici(tree: dict) -> bytes:
    """A VICI message's body."""
    def name(text: str) -> bytes:
        return bytes([len(text)]) + text.encode()

    def value(text: str) -> bytes:
        return struct.pack("!H", len(text)) + text.encode()

    body = b""
    for key, what in tree.items():
        if isinstance(what, dict):
            body += b"\1" + name(key) + vici(what) + b"\2"
        elif isinstance(what, list):
            items = b"".join(b"\5" + value(item) for item in what)
            body += b"\4" + name(key) + items + b"\6"
        else:
            body += b"\3" + name(key) + value(what)
    return body


def vici_packets() -> dict[str, bytes]:
    child = {"uniqueid": "3", "protocol": "ESP", "encap": "yes", "spi-in": "00001000",
             "spi-out": "c1234567", "local-ts": ["10.9.1.1/32"], "remote-ts": []}
    sa = {"office": {"uniqueid": "7", "local-host": "203.0.113.1", "local-port": "40000",
                     "child-sas": {"net-3": child, "web-4": {**child, "uniqueid": "4"}}}}
    return {
        "version": b"\0\7version", "register": b"\3\7list-sa", "confirmed": b"\5",
        "unknown": b"\2", "answer": b"\1" + vici({"success": "no", "errmsg": "none"}),
        "terminate": b"\0\x09terminate" + vici({"ike-id": "7", "force": "yes"}),
        "listed": b"\7\7list-sa" + vici(sa),
        "updown": b"\7\x0cchild-updown" + vici({"up": "yes", **sa}),
    }


def seeds(root: pathlib.Path, target: str) -> dict[str, bytes]:
    if target == "framer":
        return streams(messages(root))
    if target == "session":
        return conversations(messages(root))
    if target == "packet":
        return packets()
    if target == "vici":
        return vici_packets()
    if target == "dhcp":
        return LEASES
    if target == "slp":
        return {**messages(root / "slp"), **slp_texts(root / "slp")}
    return messages(root if target == "decode" else root / target)


def write(root: pathlib.Path, target: str, folder: pathlib.Path) -> int:
    """Fills the folder with the target's seeds; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.iterdir():
        stale.unlink()
    found = seeds(root, target)
    for name, content in found.items():
        (folder / name).write_bytes(content)
    return len(found)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(write(pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])), "seeds")
