"""Starting, starting twice, and a desktop without any tray."""

import subprocess
import os

from desktop import TrayHost, wait_for


def program(env, *flags):
    return subprocess.run([os.path.join(os.environ["RSIP_BIN"], "rsip-tray"), *flags], env=env,
                          check=False, capture_output=True, text=True, timeout=10)


def test_help_and_version_need_no_display(env):
    assert program(env, "--version").stdout.startswith("rsip-tray ")
    assert "--minimized" in program(env, "--help").stdout


def test_without_a_display_it_says_so(env):
    done = program(env)
    assert done.returncode == 1
    assert "there is no display" in done.stderr


def test_an_unknown_flag_is_an_error(env):
    done = program(env, "--wat")
    assert done.returncode == 1 and "wat" in done.stderr


# T7
def test_without_any_tray_the_window_opens_and_stays(screen, bus, tray):
    child = tray()
    assert not screen.windows()  # a panel may still be starting
    assert wait_for(screen.windows, 20)
    screen.picture("no-tray-window")
    screen.run("xdotool", "search", "--onlyvisible", "--name", "RSIP", "windowclose")
    assert child.is_running()


def test_closing_the_only_window_makes_it_small_and_says_so_once(screen, bus, tray):
    child = tray("--window")
    window = wait_for(screen.windows)[0]
    screen.run("xdotool", "windowactivate", "--sync", window, "key", "alt+F4")
    assert wait_for(lambda: screen.windows("keeps running|RSIP") != [window])
    screen.picture("no-tray-closed")
    assert child.is_running()


# T8
def test_a_second_start_raises_the_window_of_the_first(screen, host, tray):
    first = tray()
    assert host.item()
    assert not screen.windows()
    second = tray()
    assert second.wait() == 0
    assert wait_for(screen.windows)
    assert first.is_running() and len(host.items) == 1


def test_a_second_start_at_login_raises_nothing(screen, host, tray):
    tray()
    assert host.item()
    assert tray("--minimized").wait() == 0
    assert not screen.windows()


def test_without_a_bus_a_second_start_raises_the_window_as_well(screen, tray, env):
    env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    first = tray("--minimized")
    assert wait_for(lambda: os.path.exists(os.path.join(env["XDG_RUNTIME_DIR"], "org.rsip.Tray")))
    assert tray().wait() == 0
    assert wait_for(screen.windows)
    assert first.is_running()


def test_without_an_agent_the_window_says_how_to_start_it(screen, host, tray, agent):
    agent.die()
    tray("--window")
    assert wait_for(screen.windows)
    assert "systemctl start rsipd" in host.tooltip()
    screen.picture("no-agent-window")


def test_quit_leaves_the_agent_alone(screen, host, tray, agent):
    child = tray()
    host.item()
    host.choose("Quit (the agent keeps running)")
    assert child.wait() == 0
    assert agent.methods() == []


def test_it_speaks_german(screen, host, tray):
    tray(RSIP_LOCALE="de")
    assert host.menu()[0][1] == "149.112.240.156, 32 Ports, 21 min"
    assert host.menu()[-1][1].startswith("Beenden")


def test_the_pseudo_locale_reaches_every_entry_of_the_menu(screen, host, tray):
    tray(RSIP_LOCALE="xx")
    plain = [entry[1] for entry in host.menu() if "!!!" not in entry[1]]
    assert plain == [], plain
