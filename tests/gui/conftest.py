"""Each test has a desktop of its own: home, session bus, screen and agent."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from desktop import Bus, FakeAgent, Notifications, Process, Screen, TrayHost  # noqa: E402

KEPT = ("PATH", "LANG", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS")


@pytest.fixture
def env(tmp_path):
    home = tmp_path / "home"
    runtime = tmp_path / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LC_ALL": "C.UTF-8",
            "NO_AT_BRIDGE": "1"}


@pytest.fixture
def bus(tmp_path, env):
    made = Bus(tmp_path, env)
    yield made
    made.end()


@pytest.fixture
def screen(tmp_path, env):
    made = Screen(tmp_path, env)
    yield made
    made.end()


@pytest.fixture
def agent(tmp_path):
    made = FakeAgent(tmp_path / "agent.sock")
    yield made
    made.die()


@pytest.fixture
def notifications(bus):
    made = Notifications(bus)
    yield made
    made.end()


@pytest.fixture
def host(bus):
    made = TrayHost(bus)
    yield made
    made.end()


@pytest.fixture
def tray(tmp_path, env, agent):
    """Starts the program; all that a test started are ended."""
    started = []

    def start(*flags, **more):
        program = os.path.join(os.environ["RSIP_BIN"], "rsip-tray")
        child = Process("tray", tmp_path, [program, "--socket", agent.path, *flags], {**env, **more})
        started.append(child)
        return child
    yield start
    for child in started:
        child.end()
    for child in started:
        print(child.text())
