#!/usr/bin/python3
"""Turns the vectors that were typed by hand into the inputs that each fuzzer starts from.

    make_corpus.py VECTORS TARGET FOLDER
"""

from __future__ import annotations

import pathlib
import re
import sys

HEX = re.compile(r"[0-9a-fA-F ]+")
CUT_PLAN = bytes([0x83, 1, 3, 40])  # framer: three sizes of pieces, messages taken after each


def bytes_of(vector: pathlib.Path) -> bytes:
    """The message of a vector file: its lines of hex; other lines speak of other readers."""
    lines = (line.split("#", 1)[0].strip() for line in vector.read_text().splitlines())
    return bytes.fromhex("".join(line for line in lines if line and HEX.fullmatch(line)))


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


def seeds(root: pathlib.Path, target: str) -> dict[str, bytes]:
    if target == "framer":
        return streams(messages(root))
    if target == "session":
        return conversations(messages(root))
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
