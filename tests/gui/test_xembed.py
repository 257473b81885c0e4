"""Icons in a tray of X11, as XFCE, LXDE and other panels have it."""

import time

import pytest
from desktop import MOODS, wait_for

# state_icon.cpp, on light ground
COLORS = {
    "agent_down": (0x5e, 0x5c, 0x64), "off": (0x5e, 0x5c, 0x64), "no_network": (0x5e, 0x5c, 0x64),
    "connecting": (0x1a, 0x5f, 0xb4), "registered": (0x1a, 0x5f, 0xb4), "sign_in": (0x81, 0x3d, 0x9c),
    "assigned": (0x1b, 0x85, 0x53), "degraded": (0x98, 0x5b, 0x00), "error": (0xc0, 0x1c, 0x28),
}
BETWEEN_CLICKS = 0.6  # seconds; less is a double click, which leaves the window open
DISC = 300  # pixels of the full disc at the size that trayer gives, without its soft edge
SOME = 30


def icon_of(screen, mood, at_least=SOME, seconds=10):
    """Pixels of its colour in the tray, once there are so many."""
    wait_for(lambda: len(screen.tray_pixels_of(COLORS[mood])) >= at_least, seconds)
    return screen.tray_pixels_of(COLORS[mood])


def middle(pixels):
    xs, ys = zip(*pixels)
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


# T1
def test_the_icon_is_a_full_disc_of_the_states_colour(screen, bus, tray):
    screen.start_trayer()
    tray()
    assert DISC * 0.7 <= len(icon_of(screen, "assigned", DISC * 0.7)) <= DISC * 1.6


@pytest.mark.parametrize("mood", [*MOODS, "agent_down"])
def test_each_state_has_a_picture_of_its_own(screen, bus, tray, agent, mood):
    screen.start_trayer()
    tray()
    assert icon_of(screen, "assigned")
    agent.die() if mood == "agent_down" else agent.become(mood)
    assert icon_of(screen, mood, seconds=2)
    screen.picture(f"xembed-{mood}")


# T2
def test_a_change_of_state_is_seen_within_a_second(screen, bus, tray, agent):
    screen.start_trayer()
    tray()
    assert icon_of(screen, "assigned", DISC * 0.7)
    for mood in ("error", "assigned", "degraded"):
        agent.become(mood)
        assert icon_of(screen, mood, DISC * 0.5, seconds=1), mood


# T3
def test_a_tray_that_starts_later_shows_the_icon(screen, bus, tray):
    tray("--minimized")
    time.sleep(1)
    screen.start_trayer()
    assert icon_of(screen, "assigned", DISC * 0.7)


# T4
def test_the_icon_returns_with_a_tray_that_was_killed(screen, bus, tray):
    first = screen.start_trayer()
    tray("--minimized")
    assert icon_of(screen, "assigned", DISC * 0.7)
    first.kill()
    first.wait()
    assert wait_for(lambda: not screen.tray_pixels_of(COLORS["assigned"]))
    screen.start_trayer()
    assert icon_of(screen, "assigned", DISC * 0.7)


# T9
def test_left_click_toggles_the_window_and_right_click_opens_the_menu(screen, bus, tray):
    screen.start_trayer()
    tray()
    place = middle(icon_of(screen, "assigned", DISC * 0.7))
    screen.click(*place)
    assert wait_for(screen.windows)
    screen.picture("xembed-window")
    time.sleep(BETWEEN_CLICKS)
    screen.click(*place)
    assert wait_for(lambda: not screen.windows())
    before = len(screen.pixels_of((0, 0, 0)))
    screen.click(*place, button=3)
    assert wait_for(lambda: len(screen.pixels_of((0, 0, 0))) != before)
    time.sleep(0.3)
    screen.picture("xembed-menu")


def test_without_a_bus_there_is_an_icon_all_the_same(screen, tray, env):
    env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    screen.start_trayer()
    tray()
    assert icon_of(screen, "assigned", DISC * 0.7)


def test_a_desktop_without_a_tray_of_x11_takes_over_by_a_new_start(screen, bus, tray):
    from desktop import TrayHost
    panel = screen.start_trayer()
    tray("--minimized")
    assert icon_of(screen, "assigned", DISC * 0.7)
    panel.kill()
    panel.wait()
    host = TrayHost(bus)
    try:
        assert host.item()["Id"]
    finally:
        host.end()
