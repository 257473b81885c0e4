"""Programs that a test runs, and waiting for what they do."""

import pathlib
import signal
import subprocess
import time


def wait_for(what, seconds=10, every=0.05):
    """The first true answer of `what`, asked again and again; its last one when time is up."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(every)


class Process:
    """A program whose output goes to a file."""

    def __init__(self, name, folder, arguments, env, **more):
        self.log = pathlib.Path(folder) / f"{name}-{time.monotonic_ns()}.log"
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen(arguments, env=env, stdout=out, stderr=subprocess.STDOUT, **more)

    @property
    def pid(self):
        return self.child.pid

    def text(self):
        return self.log.read_text(errors="replace")

    def is_running(self):
        return self.child.poll() is None

    def wait(self, seconds=10):
        return self.child.wait(seconds)

    def kill(self, number=signal.SIGKILL):
        if self.is_running():
            self.child.send_signal(number)

    def end(self):
        if not self.is_running():
            return
        self.kill(signal.SIGTERM)
        try:
            self.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()
            self.wait()
