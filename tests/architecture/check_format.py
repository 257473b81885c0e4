#!/usr/bin/python3
"""Fails if a source file is not as clang-format writes it (./dev format mends it)."""

import subprocess
import sys


def main() -> int:
    root = sys.argv[1]
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.h", "*.cpp"],
                           cwd=root, check=True, text=True, capture_output=True).stdout.split()
    done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *files], cwd=root,
                          check=False, text=True, stderr=subprocess.PIPE)
    lines = [line for line in done.stderr.splitlines() if "error:" in line]
    print("\n".join(sorted({line.split(":")[0] for line in lines})))
    print(f"{len(files)} files; ./dev format mends those named")
    return 1 if done.returncode or not files else 0


if __name__ == "__main__":
    sys.exit(main())
