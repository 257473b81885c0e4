"""Icons by StatusNotifierItem, as KDE and GNOME's extension show them."""

import time

import pytest
from desktop import Process, TrayHost, wait_for

FEW = 10


# T5
def test_the_host_reads_name_words_menu_and_picture(screen, host, tray):
    tray()
    item = host.item()
    assert item["Id"] and item["Title"] == "RSIP"
    assert host.tooltip().splitlines() == ["149.112.240.156, 32 ports, 21 min",
                                           host.tooltip().splitlines()[1], "Gateway hotel (10.20.0.1)"]
    assert host.tooltip().splitlines()[1].startswith("Lease ends in 21 min (")
    sizes = [picture[0] for picture in item["IconPixmap"]]
    assert {22, 32, 48} <= set(sizes)
    for width, height, data in item["IconPixmap"]:
        assert len(data) == 4 * width * height
        center = 4 * (width * (height // 2) + width // 2)
        assert tuple(data[center:center + 4]) == (255, 0x1b, 0x85, 0x53)
        assert data[0] == 0  # its corner is clear


def test_the_menu_is_short_and_says_what_is(screen, host, tray):
    tray()
    labels = [entry[1].replace("_", "") for entry in host.menu()]
    assert len(labels) <= FEW
    assert labels[0] == "149.112.240.156, 32 ports, 21 min"
    assert labels[2:] == ["Turn off", "Renew all leases", "Copy public address", "Gateway",
                          "Show window", "Quit (the agent keeps running)"]


def test_the_menu_follows_the_state_without_being_made_anew(screen, host, tray, agent):
    tray()
    ids = {entry[1]: entry[0] for entry in host.menu()}
    agent.become("sign_in")
    assert wait_for(lambda: "Open sign-in page" in [entry[1] for entry in host.menu()])
    after = {entry[1]: entry[0] for entry in host.menu()}
    assert host.menu()[0][1] == "This network needs sign-in"
    assert after["Show window"] == ids["Show window"]


def test_entries_ask_the_agent(screen, host, tray, agent):
    tray()
    host.item()
    host.choose("Renew all leases")
    assert wait_for(lambda: "lease.renew" in agent.methods())
    host.choose("Turn off")
    assert wait_for(lambda: "down" in agent.methods())
    agent.become("off")
    assert wait_for(lambda: "Turn on" in [entry[1] for entry in host.menu()])
    host.choose("Turn on")
    assert wait_for(lambda: "up" in agent.methods())


def test_who_may_not_change_anything_finds_the_entries_off(screen, host, tray, agent):
    agent.may_change = False
    tray()
    enabled = {entry[1]: entry[2] for entry in host.menu()}
    assert not enabled["Turn off"] and not enabled["Renew all leases"]
    assert enabled["Show window"] and enabled["Copy public address"]


def test_a_click_shows_the_window_and_another_hides_it(screen, host, tray):
    tray()
    host.item()
    host.activate()
    assert wait_for(screen.windows)
    host.activate()
    assert wait_for(lambda: not screen.windows())


# T6
@pytest.mark.parametrize("host_first", [False, True], ids=["watcher_then_host", "both"])
def test_a_watcher_that_comes_late_gets_the_icon(screen, bus, tray, host_first):
    tray("--minimized")
    time.sleep(1.5)
    late = TrayHost(bus, has_host=host_first)
    try:
        if not host_first:
            time.sleep(0.5)
            assert not late.items  # nobody would show it yet
            late.bring_host()
        assert wait_for(lambda: late.items, 5)
        assert late.item()["Title"] == "RSIP"
    finally:
        late.end()


# T4, by this protocol
def test_the_icon_returns_with_a_watcher_that_went(screen, bus, tray):
    first = TrayHost(bus)
    tray("--minimized")
    assert first.item()
    first.end()
    time.sleep(0.5)
    second = TrayHost(bus)
    try:
        assert wait_for(lambda: second.items, 5)
        assert second.item()["Title"] == "RSIP"
    finally:
        second.end()


# T11
def test_an_agent_that_dies_and_returns_is_seen(screen, host, tray, agent):
    tray()
    assert host.tooltip().startswith("149.112.240.156")
    agent.die()
    assert wait_for(lambda: host.tooltip().startswith("RSIP agent is not running"), 2)
    assert "systemctl start rsipd" in host.tooltip()
    agent.come()
    assert wait_for(lambda: host.tooltip().startswith("149.112.240.156"), 7)


# T14
def test_it_works_on_wayland(tmp_path, env, host, tray):
    weston = Process("weston", tmp_path, ["weston", "--backend=headless-backend.so", "--socket=rsip-0",
                                          "--idle-time=0"], env)
    try:
        assert wait_for(lambda: (tmp_path / "run" / "rsip-0").exists())
        tray(WAYLAND_DISPLAY="rsip-0", QT_QPA_PLATFORM="wayland")
        assert host.item()["Title"] == "RSIP"
        assert host.menu()[0][1] == "149.112.240.156, 32 ports, 21 min"
        host.activate()
        host.choose("Show window")
        assert host.item()["Title"] == "RSIP"  # still there
    finally:
        weston.end()
