"""rsip-tray with a real agent that leases from a real gateway, both in network namespaces."""

import collections
import json
import os
import pathlib
import re
import signal
import sys
import tempfile
import time
import types

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
from desktop import Bus, Process, TrayHost, clipboard, wait_for  # noqa: E402
from rsiplab import Lab  # noqa: E402
from rsiplab.lab import GATEWAY, PUBLIC, gateway_config  # noqa: E402

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

# state_icon.cpp, on light ground
ASSIGNED, DEGRADED, GREY = (0x1b, 0x85, 0x53), (0x98, 0x5b, 0x00), (0x5e, 0x5c, 0x64)
LONG = {"lease": {"minimum": "1s", "default": "30m", "maximum": "30m", "hold": "1s"}}
SHORT = {"lease": {"minimum": "1s", "default": "6s", "maximum": "6s", "hold": "1s"}}
SOME = 200  # pixels of the disc in the panel
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


@pytest.fixture
def lab():
    with Lab(os.environ["RSIP_BIN"], laptops=1) as made:
        made.folder.chmod(0o755)  # the agent's socket is for every local user
        yield made


@pytest.fixture
def laptop(lab):
    """With an agent that has leased for half an hour: no renewal comes by itself."""
    lab.start_gateway(gateway_config(**LONG))
    lab.laptops[0].up(ports=32)
    return lab.laptops[0]


@pytest.fixture
def agent(lab):
    """What the fixture tray connects to: whether an agent runs there is up to the test."""
    return types.SimpleNamespace(path=str(lab.laptops[0].socket))


def color(host):
    """The one that most of the icon's pixels have."""
    width, height, data = max(host.item()["IconPixmap"], key=lambda picture: picture[0])
    pixels = [tuple(data[at + 1:at + 4]) for at in range(0, 4 * width * height, 4) if data[at] == 255]
    return collections.Counter(pixels).most_common(1)[0][0]


def becomes(host, wanted, seconds):
    """How long that took; fails if it did not come to pass."""
    start = time.monotonic()
    assert wait_for(lambda: color(host) == wanted, seconds), (color(host), host.tooltip())
    return time.monotonic() - start


def entries(host):
    return {label.replace("_", ""): enabled for _, label, enabled in host.menu()}


def history(laptop):
    return [entry["what"] for entry in laptop.status()["leases"][0]["history"]]


def extensions(lab):
    return lab.gateway_process.text().count("lease.extended")


def key(screen, window, keys):
    screen.run("xdotool", "windowactivate", "--sync", window, "key", "--clearmodifiers", keys)


def test_a_panel_shows_the_lease_in_the_colour_of_assigned(screen, bus, tray, laptop):
    screen.start_trayer()
    tray()
    assert wait_for(lambda: len(screen.tray_pixels_of(ASSIGNED)) > SOME)
    screen.picture("real-assigned")


def test_the_icon_follows_the_first_lease(screen, host, tray, lab):
    tray()
    assert host.tooltip().startswith("RSIP agent is not running")
    lab.start_gateway(gateway_config(**LONG))
    lab.laptops[0].up(ports=32)
    becomes(host, ASSIGNED, 10)
    assert re.match(rf"{PUBLIC}, 32 ports, (29|30) min\n", host.tooltip())
    assert f"Gateway lab ({GATEWAY})" in host.tooltip()


def test_the_public_address_goes_into_the_clipboard(screen, host, tray, laptop, env):
    tray()
    assert host.menu()[0][1].startswith(f"{PUBLIC}, 32 ports, ")
    assert clipboard(env["DISPLAY"]) == ""
    host.choose("Copy public address")
    assert wait_for(lambda: clipboard(env["DISPLAY"]) == laptop.status()["leases"][0]["address"])


# T11, with what a gateway's end looks like
def test_a_gateway_that_dies_is_seen_and_its_return_too(screen, host, tray, laptop, lab):
    tray("--window")
    becomes(host, ASSIGNED, 5)
    lab.gateway_process.kill()
    lab.gateway_process.wait()
    becomes(host, DEGRADED, 15)
    assert laptop.status()["problem"]["code"] == "gateway_unreachable"
    assert not host.tooltip().startswith(PUBLIC)  # the icon's words tell the problem
    time.sleep(0.5)
    screen.picture("real-degraded")
    lab.start_gateway(gateway_config(**LONG))
    becomes(host, ASSIGNED, 20)
    assert laptop.status()["state"] == "assigned" and not laptop.status()["problem"]
    assert host.tooltip().startswith(PUBLIC)


# T11
def test_an_agent_that_was_killed_is_seen_within_two_seconds_and_its_return_too(screen, host, tray, laptop):
    tray()
    becomes(host, ASSIGNED, 5)
    laptop.agent.kill(signal.SIGKILL)
    laptop.agent.wait()
    assert becomes(host, GREY, 3) < 2
    assert host.tooltip().startswith("RSIP agent is not running")
    assert not entries(host)["Renew all leases"]
    laptop.start_agent()
    becomes(host, ASSIGNED, 10)
    assert host.tooltip().startswith(PUBLIC)


def test_the_menu_renews_the_lease_at_the_gateway(screen, host, tray, laptop, lab):
    tray()
    becomes(host, ASSIGNED, 5)
    time.sleep(1.2)  # so that a new life is longer than the rest of the old one
    assert history(laptop) == ["granted"] and extensions(lab) == 0
    host.choose("Renew all leases")
    assert wait_for(lambda: history(laptop) == ["granted", "extended"])
    assert extensions(lab) == 1


def copied(screen, window, env):
    """What the page's button "Copy as JSON" gives: it is the first one after the list of pages."""
    key(screen, window, "Tab")
    key(screen, window, "space")
    return json.loads(wait_for(lambda: clipboard(env["DISPLAY"])))


@pytest.mark.parametrize("page", ["overview", "leases"])
def test_the_window_shows_the_lease(screen, host, tray, laptop, env, page):
    tray("--window")
    window = wait_for(screen.windows)[0]
    key(screen, window, "ctrl+2" if page == "leases" else "ctrl+1")
    time.sleep(1.5)  # it is drawn, and has measured once
    screen.picture(f"real-{page}")
    shown = copied(screen, window, env)
    gateway = shown["data"]["gateways"][0] if page == "overview" else shown["data"]
    assert [lease["address"] for lease in gateway["leases"]] == [PUBLIC]
    assert gateway["leases"][0]["ports"] == laptop.status()["leases"][0]["ports"]


def test_the_window_renews_the_lease_by_keyboard(screen, host, tray, laptop, lab):
    tray("--window")
    window = wait_for(screen.windows)[0]
    key(screen, window, "ctrl+2")
    time.sleep(1.2)
    assert extensions(lab) == 0
    key(screen, window, "alt+r")
    assert wait_for(lambda: history(laptop) == ["granted", "extended"])
    assert extensions(lab) == 1
    time.sleep(1)
    screen.picture("real-renewed")


def test_short_leases_renew_by_themselves_and_the_icon_stays_calm(screen, host, tray, lab):
    lab.start_gateway(gateway_config(**SHORT))
    laptop = lab.laptops[0]
    laptop.up()
    tray()
    becomes(host, ASSIGNED, 5)
    seen = []
    assert wait_for(lambda: seen.append(color(host)) or extensions(lab) >= 2, 12, every=0.2)
    assert set(seen) == {ASSIGNED}
    assert host.tooltip().startswith(PUBLIC)


def test_the_menu_turns_it_off_and_on_again(screen, host, tray, laptop, lab):
    tray()
    becomes(host, ASSIGNED, 5)
    host.choose("Turn off")
    becomes(host, GREY, 5)
    assert host.tooltip().splitlines()[0] == "Off"
    assert laptop.status()["state"] == "disabled" and laptop.status()["leases"] == []
    assert "reason=freed" in lab.gateway_process.text()
    assert not entries(host)["Copy public address"]
    host.choose("Turn on")
    becomes(host, ASSIGNED, 10)
    assert laptop.status()["leases"][0]["address"] == PUBLIC


# T15
def test_somebody_without_the_right_sees_everything_and_changes_nothing(screen, env, laptop):
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, 65534, 65534)
        theirs = {**env, "HOME": home, "XDG_RUNTIME_DIR": home}
        bus = Bus(home, theirs, for_everybody=True)
        host = TrayHost(bus)
        child = Process("tray", home, [*NOBODY, os.path.join(os.environ["RSIP_BIN"], "rsip-tray"),
                                       "--socket", str(laptop.socket), "--window"], theirs)
        try:
            becomes(host, ASSIGNED, 5)
            may = entries(host)
            assert not may["Turn off"] and not may["Renew all leases"]
            assert may["Copy public address"] and may["Show window"]
            wait_for(screen.windows)
            time.sleep(1)
            screen.picture("real-nobody")
        finally:
            child.end()
            print(child.text())
            host.end()
            bus.end()
