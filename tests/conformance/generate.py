#!/usr/bin/python3
"""Writes tests/conformance.md: which requirement of the RFCs is tested by what, and which is not built.

    generate.py             writes the page
    generate.py --check     fails if the page is not what would be written, or a row has neither
                            a test nor a reason, or both, or a comment names no row there is
    generate.py --missing   lists the rows that have neither

Requirements are in requirements.tsv. A test names the rows that it proves in a comment
directly above it:

    // H-057, H-161: the same bytes after 12.5 ms       # H-171: the gateway forgot the agent
    TEST(UdpLink, SendsTheSameBytesAgain) {             def test_a_gateway_that_restarts(world):
"""

from __future__ import annotations

import csv
import dataclasses
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
TESTS = FOLDER.parent
PAGE = TESTS / "conformance.md"
SECTIONS = {"H": "Host", "G": "Reference gateway", "A": "Ambiguities of the RFCs, as settled here"}
INTRODUCTION = """\
# Conformance

Written by `./dev conformance` from `conformance/requirements.tsv` and from the comments above the tests; do not edit it.
Each row is a requirement of RFC 3102, 3103, 3104 or 3105 in the words of that file, with its section and level.
"tested" names the tests that prove the row, as CTest and pytest call them; "not built" says why there is none.
`./dev test` fails if a row has neither, if it has both, or if this page is not what the tests say.
"""

ROW_ID = r"[HGA]-\d{2,3}"
NAMED = re.compile(rf"^({ROW_ID}(?:,\s+{ROW_ID})*):\s", re.MULTILINE)
CPP_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
PYTHON_TEST = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


@dataclasses.dataclass
class Row:
    id: str
    reason: str
    tests: list[str] = dataclasses.field(default_factory=list)

    def line(self) -> str:
        if self.tests:
            return f"| {self.id} | tested | {', '.join(self.tests)} |"
        return f"| {self.id} | not built | {self.reason.replace('|', '/')} |"

    def fault(self) -> str | None:
        if self.tests and self.reason:
            return f"{self.id} is tested by {self.tests[0]} and has a reason not to be: {self.reason}"
        if not self.tests and not self.reason:
            return f"{self.id} has neither a test nor a reason"
        return None


def requirements() -> dict[str, Row]:
    with (FOLDER / "requirements.tsv").open(newline="") as file:
        return {entry["id"]: Row(entry["id"], entry["not built"])
                for entry in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def comment_above(lines: list[str], number: int, mark: str) -> str:
    """The comments above line `number`, without their marks; in Python decorators may stand between."""
    found = []
    for line in reversed(lines[:number]):
        if line.startswith(mark):
            found.append(line.removeprefix(mark).strip())
        elif mark == "//" or not line.strip():
            break
    return "\n".join(reversed(found)) + "\n"


def tests_in(path: pathlib.Path) -> list[tuple[int, str]]:
    """Line number, from 0, and name of each test of a file."""
    text = path.read_text()
    if path.suffix == ".py":
        found = [(m.start(), f"{path.name}::{m[1]}") for m in PYTHON_TEST.finditer(text)]
    else:
        found = [(m.start(), f"{m[1]}.{m[2]}") for m in CPP_TEST.finditer(text)]
    return [(text.count("\n", 0, start), name) for start, name in found]


def rows_named(comment: str) -> list[str]:
    return [row for match in NAMED.finditer(comment) for row in re.split(r",\s+", match[1])]


def read_file(path: pathlib.Path, rows: dict[str, Row]) -> list[str]:
    """Enters the tests of a file in their rows; what is wrong with its comments."""
    mark = "#" if path.suffix == ".py" else "//"
    lines = path.read_text().splitlines()
    faults = []
    seen = 0
    for number, test in tests_in(path):
        named = rows_named(comment_above(lines, number, mark))
        seen += len(named)
        for row in named:
            if row not in rows:
                faults.append(f"{path.name}:{number + 1}: there is no row {row}")
            elif test not in rows[row].tests:
                rows[row].tests.append(test)
    comments = [line.removeprefix(mark).strip() if line.startswith(mark) else "" for line in lines]
    written = len(rows_named("\n".join(comments) + "\n"))
    if written != seen:
        faults.append(f"{path.name}: {written - seen} rows are named in comments above no test")
    return faults


def sources() -> list[pathlib.Path]:
    return sorted(path for pattern in ("*_test.cpp", "test_*.py") for path in TESTS.rglob(pattern))


def summary(rows: dict[str, Row]) -> list[str]:
    lines = ["| part | rows | tested | not built |", "|---|---|---|---|"]
    for letter, title in SECTIONS.items():
        own = [row for row in rows.values() if row.id[0] == letter]
        tested = sum(bool(row.tests) for row in own)
        lines.append(f"| {title} | {len(own)} | {tested} | {len(own) - tested} |")
    return lines


def page(rows: dict[str, Row]) -> str:
    lines = [INTRODUCTION, *summary(rows)]
    for letter, title in SECTIONS.items():
        lines += ["", f"## {title}", "", "| row | state | by what, or why not |", "|---|---|---|"]
        lines += [row.line() for row in rows.values() if row.id[0] == letter]
    return "\n".join(lines) + "\n"


def main() -> int:
    rows = requirements()
    faults = [fault for path in sources() for fault in read_file(path, rows)]
    missing = [row.id for row in rows.values() if not row.tests and not row.reason]
    if "--missing" in sys.argv:
        print("\n".join(missing))
        return 0
    if "--check" not in sys.argv:
        PAGE.write_text(page(rows))
    elif not PAGE.exists() or PAGE.read_text() != page(rows):
        faults.append("tests/conformance.md is not what the tests say: ./dev conformance writes it anew")
    faults += [fault for row in rows.values() if (fault := row.fault())]
    print("\n".join(faults))
    print(f"{len(rows)} rows, {sum(bool(row.tests) for row in rows.values())} tested, "
          f"{len(faults)} problems")
    return 1 if faults or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
