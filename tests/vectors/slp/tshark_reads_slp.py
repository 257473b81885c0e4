#!/usr/bin/env python3
"""Has tshark, which shares no code with us, read every SLP vector, and compares (see README.md)."""

import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
PORT = 427
COMPLAINTS = ["_ws.malformed", "_ws.expert"]  # absent as long as tshark is content


def read_vector(path):
    """The bytes of a file, and what tshark has to read in them."""
    data, expected = b"", {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split("#", 1)[0].strip()
        if words.startswith("tshark "):
            _, field, value = words.split(" ", 2)
            expected[field] = value
        elif words and not words.startswith("decode-only"):
            for piece in re.findall(r'"[^"]*"|\S+', words):
                if piece.startswith('"'):
                    data += piece[1:-1].encode()
                elif re.fullmatch("([0-9a-f]{2})+", piece):
                    data += bytes.fromhex(piece)
                else:
                    sys.exit(f"{path.name}:{number}: neither hex, text nor a directive: {piece}")
    if "srvloc.function" not in expected:
        sys.exit(f"{path.name}: no line says which srvloc.function tshark has to read")
    return data, expected


def packet(data):
    """Ethernet, IPv4 and UDP around the message."""
    udp = struct.pack("!HHHH", 40000, PORT, 8 + len(data), 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(data), 0, 0, 64, 17, 0,
                     bytes([10, 1, 0, 2]), bytes([10, 1, 0, 1]))
    return bytes(12) + b"\x08\x00" + ip + udp + data


def read_with_tshark(tshark, packets, fields):
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder) / "slp.pcap"
        records = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
        records += [struct.pack("<IIII", i, 0, len(p), len(p)) + p for i, p in enumerate(packets)]
        capture.write_bytes(b"".join(records))
        command = [tshark, "-n", "-r", str(capture), "-T", "fields", "-E", "separator=|"]
        for field in fields:
            command += ["-e", field]
        run = subprocess.run(command, capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if run.returncode != 0 or len(lines) != len(packets):
        sys.exit(f"tshark failed: {run.stderr}")
    return [dict(zip(fields, line.split("|"))) for line in lines]


def main():
    tshark = shutil.which("tshark")
    if tshark is None:
        print("tshark is not installed; ./dev test brings it")
        return 1
    paths = sorted(FOLDER.glob("*.vector"))
    vectors = [read_vector(path) for path in paths]
    fields = sorted({field for _, expected in vectors for field in expected}) + COMPLAINTS
    failed = checked = 0
    reads = read_with_tshark(tshark, [packet(data) for data, _ in vectors], fields)
    for path, (_, expected), read in zip(paths, vectors, reads):
        for field, wanted in [*expected.items(), *((field, "") for field in COMPLAINTS)]:
            checked += 1
            if read[field] != wanted:
                failed += 1
                print(f"{path.stem}: {field} is {read[field] or 'absent'}, not {wanted or 'absent'}")
    print(f"{len(paths)} vectors, {checked} fields, {failed} differences")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
