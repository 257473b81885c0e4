#!/usr/bin/env python3
"""Has tshark, which shares no code with us, read every tunnel packet (see ../README.md)."""

import pathlib
import struct
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
sys.dont_write_bytecode = True

import tshark_reads_vectors as reader  # noqa: E402

HOST, GATEWAY = bytes([10, 1, 0, 2]), bytes([10, 1, 0, 1])
GRE, UDP = 47, 17
HOST_PORT, L2TP_PORT = 40001, 1701


class TunnelVector(reader.Vector):
    """A vector with a line that says in which outer packet it travels."""

    REQUIRED = None
    IGNORED = ("decode-only", "carrier")

    def __init__(self, path):
        super().__init__(path)
        carriers = [line.split()[1] for line in path.read_text().splitlines()
                    if line.startswith("carrier ")]
        if carriers not in (["gre"], ["l2tp"]):
            sys.exit(f"{path.name}: needs one line 'carrier gre' or 'carrier l2tp'")
        self.carrier = carriers[0]

    def packet(self, _):
        """Ethernet, IPv4 and for L2TP UDP around the bytes, from host to gateway."""
        protocol, payload = GRE, self.bytes
        if self.carrier == "l2tp":
            size = 8 + len(self.bytes)
            payload = struct.pack("!HHHH", HOST_PORT, L2TP_PORT, size, 0) + self.bytes
            protocol = UDP
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0,
                         HOST, GATEWAY)
        return bytes(12) + b"\x08\x00" + ip + payload


if __name__ == "__main__":
    sys.exit(reader.main([TunnelVector(path) for path in sorted(FOLDER.glob("*.vector"))]))
