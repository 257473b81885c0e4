#!/usr/bin/env python3
"""Has tshark, which shares no code with us, read every vector, and compares (see README.md)."""

import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
MALFORMED = "_ws.malformed"
GAPS = {"spi-dont-care", "spi-list", "short-indicator"}
CONTROL_PORT, HOST_PORT = 4555, 40000


class Vector:
    REQUIRED = "rsip.message_type"
    IGNORED = ("decode-only",)

    def __init__(self, path):
        self.name = path.stem
        self.expected = {}
        self.gaps = {}
        digits = ""
        for number, line in enumerate(path.read_text().splitlines(), 1):
            words = line.split("#", 1)[0].split()
            if not words or words[0] in self.IGNORED:
                continue
            if words[0] == "tshark":
                self.expected[words[1]] = words[2]
            elif words[0] == "tshark-known-gap":
                gap, field = words[1].rstrip(":"), words[2]
                if gap not in GAPS:
                    sys.exit(f"{path.name}:{number}: {gap} is none of the known gaps {sorted(GAPS)}")
                self.gaps[field] = words[3] if len(words) > 3 else ""
            elif re.fullmatch("[0-9a-f ]+", " ".join(words)):
                digits += "".join(words)
            else:
                sys.exit(f"{path.name}:{number}: neither hex bytes nor a directive")
        self.bytes = bytes.fromhex(digits)
        if self.REQUIRED and self.REQUIRED not in self.expected:
            sys.exit(f"{path.name}: no line says which {self.REQUIRED} tshark has to read")

    def packet(self, stream):
        """Ethernet, IPv4 and TCP around the message; requests are even, from host to gateway."""
        host, gateway = HOST_PORT + stream, CONTROL_PORT
        source, target = (gateway, host) if self.bytes[1] % 2 else (host, gateway)
        tcp = struct.pack("!HHIIBBHHH", source, target, 1, 1, 5 << 4, 0x18, 65535, 0, 0)
        size = 20 + len(tcp) + len(self.bytes)
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 6, 0,
                         bytes([10, 1, 0, 1]), bytes([10, 1, 0, 2]))
        return bytes(12) + b"\x08\x00" + ip + tcp + self.bytes


def write_pcap(path, packets):
    records = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for second, packet in enumerate(packets):
        records.append(struct.pack("<IIII", second, 0, len(packet), len(packet)) + packet)
    path.write_bytes(b"".join(records))


def read_with_tshark(tshark, vectors, fields):
    """One dict of field to text for each vector."""
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder) / "vectors.pcap"
        write_pcap(capture, [v.packet(i) for i, v in enumerate(vectors)])
        command = [tshark, "-n", "-r", str(capture), "-T", "fields", "-E", "separator=|",
                   "-E", "occurrence=a", "-E", "aggregator=,"]
        for field in fields:
            command += ["-e", field]
        run = subprocess.run(command, capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if run.returncode != 0 or len(lines) != len(vectors):
        sys.exit(f"tshark failed: {run.stderr}")
    return [dict(zip(fields, line.split("|"))) for line in lines]


def complaints(vector, read):
    for field, wanted in sorted(vector.expected.items()):
        if read[field] != wanted and field not in vector.gaps:
            yield f"{field} is {read[field] or 'absent'}, not {wanted}"
    # A gap that has gone is a line to remove.
    for field, misread in sorted(vector.gaps.items()):
        if field == MALFORMED and not read[MALFORMED]:
            yield "tshark no longer finds it malformed"
        elif field != MALFORMED and read[field] != misread:
            yield f"{field} is {read[field] or 'absent'}, the known gap had {misread or 'absent'}"
    if read[MALFORMED] and MALFORMED not in vector.gaps:
        yield f"malformed: {read[MALFORMED]}"


def main(vectors):
    tshark = shutil.which("tshark")
    if tshark is None:
        print("tshark is not installed; ./dev test brings it")
        return 1
    fields = sorted({field for v in vectors for field in [*v.expected, *v.gaps]} | {MALFORMED})
    failed = checked = 0
    for vector, read in zip(vectors, read_with_tshark(tshark, vectors, fields)):
        checked += len(vector.expected)
        for complaint in complaints(vector, read):
            failed += 1
            print(f"{vector.name}: {complaint}")
    print(f"{len(vectors)} vectors, {checked} fields, {failed} differences")
    return 1 if failed or not vectors else 0


if __name__ == "__main__":
    sys.exit(main([Vector(path) for path in sorted(FOLDER.glob("*.vector"))]))
