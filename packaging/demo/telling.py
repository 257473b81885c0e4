"""How demonstrations tell what they do: steps, claims that hold or not, and a closing table."""

from __future__ import annotations

import os
import sys

COLOUR = sys.stdout.isatty() or "DEMO_COLOUR" in os.environ


class Story:
    """Steps, each printed as it goes, and what they found for the closing table."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.table: dict[str, dict[str, str]] = {}
        self.step_number = 0

    def step(self, title: str) -> None:
        self.step_number += 1
        print(f"\n{bold(f'{self.step_number}. {title}')}", flush=True)

    def expect(self, what: str, as_expected: bool, detail: str = "") -> None:
        mark = green("ok  ") if as_expected else red("FAIL")
        print(f"   {mark} {what}" + (f"  {detail}" if detail else ""), flush=True)
        if not as_expected:
            self.failed.append(what)

    def show(self, text: str) -> None:
        for line in text.rstrip().splitlines():
            print(f"   | {line}", flush=True)

    def note(self, row: str, column: str, text: str) -> None:
        self.table.setdefault(row, {})[column] = text

    def closing_table(self, *columns: str) -> None:
        print()
        rows = [["", *columns]] + [[name, *(cells.get(c, "-") for c in columns)]
                                   for name, cells in self.table.items()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            print("   " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())

    def verdict(self, seconds: float, afterwards: str) -> int:
        """The last line, and the exit code."""
        if self.failed:
            print(f"\n{red(f'{len(self.failed)} of the claims did not hold')} ({seconds:.0f} s)")
            return 1
        print(f"\n{green('Every step as expected')} ({seconds:.0f} s). {afterwards}")
        return 0


def bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if COLOUR else text


def green(text: str) -> str:
    return f"\033[32m{text}\033[0m" if COLOUR else text


def red(text: str) -> str:
    return f"\033[31m{text}\033[0m" if COLOUR else text
