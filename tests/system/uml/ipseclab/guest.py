"""Runs in the guest: the test functions of a file, one after the other.

OUT/tests.json says which: {"file": path, "tests": [names]}. Appends a line of JSON to OUT/results
for each: its name, seconds, and what went wrong ("" if nothing did).
"""

import importlib.util
import json
import os
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from ipseclab.lab import Lab  # noqa: E402


def module(path: str):
    spec = importlib.util.spec_from_file_location("tests_of_the_guest", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def outcome(test, lab: Lab) -> str:
    try:
        test(lab)
    except Exception:
        return f"{traceback.format_exc()}\n{lab.logs()}"
    return ""


def main() -> None:
    out = pathlib.Path(os.environ["OUT"])
    wanted = json.loads((out / "tests.json").read_text())
    tests = module(wanted["file"])
    lab = Lab(pathlib.Path(os.environ["BIN"]), out)
    for name in wanted["tests"]:
        began = time.monotonic()
        print(f"{began:8.2f} {name}", flush=True)
        problem = outcome(getattr(tests, name), lab)
        lab.reset()
        with (out / "results").open("a") as results:
            results.write(json.dumps({"test": name, "problem": problem,
                                      "seconds": time.monotonic() - began}) + "\n")
        for log in [*out.glob("*.log"), *out.glob("*.out")]:
            log.rename(log.with_suffix(f"{log.suffix}.{name}"))


if __name__ == "__main__":
    main()
