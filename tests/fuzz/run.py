#!/usr/bin/python3
"""Runs the fuzzers, some at a time, and says in one line each what came of it.

What they learn stays in BUILD/corpus/TARGET, so that the next run starts from there; an input that
is a finding stays in BUILD/findings. Exit code 1 on a finding.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

import make_corpus

# The longest input worth trying, in bytes: several messages, not the 64 KiB a length can say.
LONGEST = {"decode": 2048, "framer": 4096, "packet": 4096, "slp": 1400, "dhcp": 4096, "session": 8192}
STANDARD_LONGEST = 4096
LIMITS = ["-timeout=10", "-rss_limit_mb=1024", "-malloc_limit_mb=64"]
GRACE = 60  # seconds that a fuzzer may take to start and to end

RUNS = r"number_of_executed_units: *(\d+)"
SPEED = r"average_exec_per_sec: *(\d+)"
COVERAGE = r"cov: (\d+)"
CORPUS = r"corp: (\d+)"
MEMORY = r"peak_rss_mb: *(\d+)"
INPUT = r"Test unit written to (.*)"
COMPLAINT = r"does not hold: .*|runtime error: .*|SUMMARY: .*|ERROR: libFuzzer: .*"


class Run:
    """One fuzzer's run: where its files are, and what it said."""

    def __init__(self, build: pathlib.Path, vectors: pathlib.Path, target: str, seed: int):
        self.target = target
        self.program = build / "bin" / f"{target}_fuzz"
        self.corpus = build / "corpus" / target
        self.seeds = build / "seeds" / target
        self.findings = build / "findings"
        self.log = build / f"{target}_fuzz.log"
        for folder in (self.corpus, self.findings):
            folder.mkdir(parents=True, exist_ok=True)
        make_corpus.write(vectors, target, self.seeds)
        self.seed = seed
        self.text = ""
        self.failed = False

    def command(self, seconds: int) -> list[str]:
        longest = LONGEST.get(self.target, STANDARD_LONGEST)
        return [str(self.program), f"-max_total_time={seconds}", f"-max_len={longest}", *LIMITS,
                f"-seed={self.seed}",
                "-print_final_stats=1", f"-artifact_prefix={self.findings}/{self.target}-",
                str(self.corpus), str(self.seeds)]

    def start(self, seconds: int) -> "Run":
        with self.log.open("wb") as output:
            try:
                done = subprocess.run(self.command(seconds), stdout=output, check=False,
                                      stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                      timeout=seconds + GRACE)
                self.failed = done.returncode != 0
            except subprocess.TimeoutExpired:
                self.failed = True
        self.text = self.log.read_text(errors="replace")
        return self

    def last(self, pattern: str) -> str:
        found = re.findall(pattern, self.text)
        return found[-1] if found else "?"

    def line(self) -> str:
        result = f"FINDING {self.finding()}" if self.failed else "ok"
        return (f"{self.target:10} {self.last(RUNS):>10} runs {self.last(SPEED):>7}/s  "
                f"coverage {self.last(COVERAGE):>5}  corpus {self.last(CORPUS):>5}  "
                f"memory {self.last(MEMORY):>4} MB  {result}")

    def finding(self) -> str:
        """The first line that says what is wrong, and the file that shows it."""
        complaint = re.search(COMPLAINT, self.text)
        what = complaint[0] if complaint else f"see {self.log}"
        return f"{what}; input {self.last(INPUT)}"


def targets_in(build: pathlib.Path) -> list[str]:
    return sorted(path.name.removesuffix("_fuzz") for path in (build / "bin").glob("*_fuzz"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder of the preset")
    parser.add_argument("--at-once", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--seed", type=int, default=0, help="of the random inputs; 0: a fresh one")
    parser.add_argument("seconds", type=int, help="of each")
    parser.add_argument("target", nargs="*", help="all, if none is named")
    options = parser.parse_args()
    known = targets_in(options.build)
    unknown = [name for name in options.target if name not in known]
    if unknown or not known:
        print(f"fuzz: there is no target {', '.join(unknown)}; there are: {', '.join(known)}",
              file=sys.stderr)
        return 2
    vectors = pathlib.Path(__file__).resolve().parents[1] / "vectors"
    runs = [Run(options.build, vectors, name, options.seed) for name in options.target or known]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        for done in concurrent.futures.as_completed(
                [pool.submit(run.start, options.seconds) for run in runs]):
            print(done.result().line(), flush=True)
    return 1 if any(run.failed for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
