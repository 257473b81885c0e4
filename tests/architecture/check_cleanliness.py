#!/usr/bin/python3
"""Fails on left-over marks, test code in production files, files that outgrew their purpose, and two
classes of one name in one namespace: the linker takes them for one."""

import collections
import pathlib
import re
import subprocess
import sys

MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK|TBD|NUMBERS)\b")
TEST_CODE = re.compile(r"\b(mock|gtest|for_test(ing)?|FRIEND_TEST)\b", re.IGNORECASE)
MOST_LINES = 400  # a longer file does a second thing: split it
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.MULTILINE)
CLASS = re.compile(r"^(?:class|struct) (\w+)(?: final)?(?: :[^;{]*)? \{", re.MULTILINE)


def twins(headers: dict[str, str]):
    """Classes of one program that two headers define."""
    homes = collections.defaultdict(list)
    for name, text in headers.items():
        space = NAMESPACE.search(text)
        for defined in CLASS.findall(text):
            homes[(space[1] if space else "", defined)].append(name)
    for (space, defined), names in homes.items():
        if len(names) > 1:
            yield f"{space}::{defined} is defined twice: {', '.join(names)}"


def problems(name: str, text: str):
    production = name.startswith(("agent/", "common/", "gui/"))
    for number, line in enumerate(text.splitlines(), 1):
        if MARKS.search(line):
            yield f"{name}:{number}: left-over mark: {line.strip()}"
        if production and TEST_CODE.search(line):
            yield f"{name}:{number}: test code in a production file: {line.strip()}"
    if name.endswith((".cpp", ".h")) and text.count("\n") > MOST_LINES:
        yield f"{name}: {text.count(chr(10))} lines, more than {MOST_LINES}"


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", ":!*.png"], cwd=root, check=True,
                           text=True, capture_output=True).stdout.split()
    own = pathlib.Path(__file__).resolve().relative_to(root.resolve())
    found = [problem for name in files if name not in ("LICENSE", str(own)) and (root / name).exists()
             for problem in problems(name, (root / name).read_text(errors="replace"))]
    found += twins({name: (root / name).read_text() for name in files
                    if name.endswith(".h") and name.startswith(("agent/", "common/", "gui/"))})
    print("\n".join(found))
    print(f"{len(files)} files, {len(found)} problems")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
