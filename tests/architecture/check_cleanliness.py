#!/usr/bin/python3
"""Fails on left-over marks, test code in production files, and files that outgrew their purpose."""

import pathlib
import re
import subprocess
import sys

MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK|TBD|NUMBERS)\b")
TEST_CODE = re.compile(r"\b(mock|gtest|for_test(ing)?|FRIEND_TEST)\b", re.IGNORECASE)
MOST_LINES = 400  # a longer file does a second thing: split it


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
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, check=True,
                           text=True, capture_output=True).stdout.split()
    own = pathlib.Path(__file__).resolve().relative_to(root.resolve())
    found = [problem for name in files if name not in ("LICENSE", str(own)) and (root / name).exists()
             for problem in problems(name, (root / name).read_text(errors="replace"))]
    print("\n".join(found))
    print(f"{len(files)} files, {len(found)} problems")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
