#!/usr/bin/python3
"""Reads every text of gui/ into the files that are translated; what is translated stays.

usage: update.py LUPDATE"""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NAMESPACE = "rsip::gui::"


def plain_contexts() -> set[str]:
    """Contexts of free functions: named by a macro, without a namespace."""
    macro = re.compile(r"Q_DECLARE_TR_FUNCTIONS\((\w+)\)")
    return {name for file in HERE.parent.rglob("*.cpp") for name in macro.findall(file.read_text())}


def update(lupdate: str, language: str, *flags: str) -> None:
    """lupdate 6.4 cannot read `namespace a::b`, so it names contexts of classes without it."""
    file = HERE / f"rsip-tray_{language}.ts"
    if file.exists():
        file.write_text(file.read_text().replace(f"<name>{NAMESPACE}", "<name>"))
    subprocess.run([lupdate, "-silent", "-locations", "none", "-no-obsolete", *flags, str(HERE.parent),
                    "-source-language", "en", "-target-language", language, "-ts", str(file)],
                   check=True, stderr=subprocess.DEVNULL)
    plain = plain_contexts()
    file.write_text(re.sub(r"<name>(\w+)</name>",
                           lambda found: found[0] if found[1] in plain
                           else f"<name>{NAMESPACE}{found[1]}</name>", file.read_text()))


def main() -> None:
    update(sys.argv[1], "de")
    update(sys.argv[1], "en", "-pluralonly")


if __name__ == "__main__":
    main()
