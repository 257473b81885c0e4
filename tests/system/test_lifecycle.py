"""Leases and processes come and go; the laptop's network is always left as it was found."""

import signal
import time

import pytest
from rsiplab.lab import PUBLIC, WEB, gateway_config
from rsiplab.namespace import wait_for

SHORT_LEASES = {"lease": {"minimum": "1s", "default": "10s", "maximum": "10s", "hold": "1s"}}


def reaches_the_internet(laptop):
    return laptop.exit_code("curl", "-sSm", "3", f"http://{WEB}/") == 0


def test_sigterm_gives_everything_back_and_leaves_nothing_behind(world):
    laptop = world.laptops[0]
    before = laptop.network_state()
    laptop.up()
    assert reaches_the_internet(laptop)
    during = laptop.network_state()
    assert "rsip0" in during and PUBLIC in during
    assert laptop.down() == 0
    assert laptop.network_state() == before
    assert not laptop.socket.exists()
    assert "reason=freed" in world.gateway_process.text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["ctrl_c", "hang_up"])
def test_the_end_of_a_terminal_does_the_same(world, number):
    laptop = world.laptops[0]
    before = laptop.network_state()
    laptop.up()
    laptop.agent.kill(number)
    assert laptop.agent.wait() == 0
    assert laptop.network_state() == before


# H-116, H-169: the old registration is ended first
def test_after_kill_9_a_new_agent_works_and_cleans_up(world):
    laptop = world.laptops[0]
    before = laptop.network_state()
    first = laptop.up()
    laptop.agent.kill(signal.SIGKILL)
    laptop.agent.wait()
    left = laptop.network_state()
    assert "rsip0" not in left.replace("table arp rsip", "")
    laptop.start_agent()
    again = laptop.wait_assigned()
    assert again["leases"][0]["address"] == first["leases"][0]["address"]
    assert reaches_the_internet(laptop)
    assert laptop.down() == 0
    assert laptop.network_state() == before


def test_the_private_network_works_after_kill_9(world):
    one, two = world.laptops
    one.up()
    one.agent.kill(signal.SIGKILL)
    one.agent.wait()
    assert one.exit_code("ping", "-c1", "-W2", two.address) == 0


# H-016, H-144: assigned and extended
def test_a_lease_is_renewed_under_traffic_without_a_gap(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config(**SHORT_LEASES))
    laptop = lab.laptops[0]
    status = laptop.up(lease="10s")
    bind = status["leases"][0]["bind"]
    ping = laptop.start("ping", "ping", "-c", "100", "-i", "0.25", "-W", "1", WEB)
    assert ping.wait(40) == 0
    assert " 0% packet loss" in ping.text()
    assert laptop.status()["leases"][0]["bind"] == bind
    assert laptop.agent.text().count("lease.extended") >= 3
    assert laptop.agent.text().count("lease.granted") == 1


# H-064, H-142: on both sides
def test_a_lease_that_cannot_be_renewed_ends_on_time(lab):
    lab.start_servers()
    gateway = lab.start_gateway(gateway_config(**SHORT_LEASES))
    laptop = lab.laptops[0]
    before = laptop.network_state()
    laptop.up(lease="10s")
    leased = time.monotonic()
    gateway.kill(signal.SIGKILL)
    gateway.wait()
    time.sleep(8)
    assert laptop.status()["state"] == "assigned", "the lease is held to its end"
    wait_for("the lease's end", lambda: not laptop.status()["leases"])
    assert 9 < time.monotonic() - leased < 11
    assert laptop.network_state() == before
    assert laptop.status()["problem"]["code"] == "gateway_unreachable"


# H-128, H-171, G-38: REGISTER_FIRST, then the old lease is suggested
def test_a_gateway_that_restarts_gives_the_same_lease_again(world):
    laptop = world.laptops[0]
    first = laptop.up()
    world.gateway_process.kill(signal.SIGKILL)
    world.gateway_process.wait()
    time.sleep(0.5)
    world.start_gateway()
    wait_for("the agent to notice", lambda: laptop.agent.text().count("lease.granted") == 2, 15)
    again = laptop.wait_assigned()
    assert again["leases"][0]["address"] == first["leases"][0]["address"]
    assert again["leases"][0]["ports"] == first["leases"][0]["ports"]
    assert reaches_the_internet(laptop)


# H-016, H-124, H-125, G-26: DE-REGISTER_RESPONSE
def test_a_gateway_that_stops_in_good_order_tells_its_hosts(world):
    laptop = world.laptops[0]
    before = laptop.network_state()
    gateway_before = world.gateway_process
    laptop.up()
    assert gateway_before.stop() == 0
    wait_for("the leases' end", lambda: not laptop.status()["leases"])
    assert laptop.network_state() == before


def test_the_gateway_leaves_its_machine_as_it_found_it(lab):
    before = lab.gateway.network_state()
    gateway = lab.start_gateway()
    lab.laptops[0].up()
    assert lab.gateway.network_state() != before
    lab.laptops[0].down()
    assert gateway.stop() == 0
    assert lab.gateway.network_state() == before


def test_a_second_agent_on_the_same_machine_says_so_and_disturbs_nothing(world):
    laptop = world.laptops[0]
    laptop.up()
    during = laptop.network_state()
    second = laptop.run(world.bin / "rsipd", "--config", laptop.config, expect=10)
    assert "another rsipd" in second
    assert len(second.splitlines()) == 1
    assert laptop.network_state() == during
    assert reaches_the_internet(laptop)


def test_a_second_agent_with_a_socket_and_device_of_its_own_disturbs_nothing(world):
    laptop = world.laptops[0]
    laptop.up()
    during = laptop.network_state()
    other = world.folder / "other.toml"
    other.write_text(laptop.config.read_text().replace("agent1.sock", "other.sock").replace(
        "[[gateway]]", '[[gateway]]\ndevice = "rsip7"'))
    second = laptop.run(world.bin / "rsipd", "--config", other, expect=10)
    assert "another rsipd" in second
    assert laptop.network_state() == during
    assert reaches_the_internet(laptop)
    assert laptop.down() == 0


LOSSES = {
    "the device is deleted": "ip link del rsip0",
    "the device is set down and up": "ip link set rsip0 down && ip link set rsip0 up",
    "the rules are flushed": "ip rule del pref 4553; ip rule del pref 4554",
    "the routes are flushed": "ip route flush table 4555",
    "the address is removed": f"ip addr del {PUBLIC}/32 dev rsip0",
}


# H-009: address and device
@pytest.mark.parametrize("loss", LOSSES)
def test_what_others_take_away_is_put_back(world, loss):
    laptop = world.laptops[0]
    before = laptop.network_state()
    laptop.up()
    laptop.run("sh", "-c", LOSSES[loss])
    wait_for("the internet", lambda: reaches_the_internet(laptop))
    assert laptop.status()["state"] == "assigned"
    assert laptop.down() == 0
    assert laptop.network_state() == before


def test_a_laptop_whose_address_changes_is_soon_back(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.ip("addr", "del", f"{laptop.address}/24", "dev", "eth0")
    laptop.ip("addr", "add", "10.1.0.77/24", "dev", "eth0")
    laptop.ip("route", "replace", "default", "via", "10.1.0.1", "dev", "eth0")
    wait_for("the internet from the new address", lambda: reaches_the_internet(laptop), 15)
    assert laptop.status()["state"] == "assigned"
    assert "10.1.0.77" in world.gateway_process.text()
    assert laptop.down() == 0


# H-173: no signal at all
def test_a_gateway_that_falls_silent_is_noticed_before_the_lease_ends(world):
    laptop = world.laptops[0]
    laptop.up()
    world.gateway.ip("link", "set", "port1", "down")
    wait_for("the agent to notice", lambda: laptop.status()["problem"], 40)
    assert laptop.status()["problem"]["code"] in ("gateway_unreachable", "timed_out")
    assert laptop.status()["state"] == "assigned", "the lease itself is good"
    world.gateway.ip("link", "set", "port1", "up")
    wait_for("the internet", lambda: reaches_the_internet(laptop), 30)


def test_a_laptop_that_boots_without_a_network_waits_for_it(world):
    laptop = world.laptops[0]
    laptop.ip("link", "set", "eth0", "down")
    laptop.configure()
    laptop.start_agent()
    laptop.wait_status(lambda s: s["problem"] and s["problem"]["code"] == "gateway_unreachable")
    laptop.ip("link", "set", "eth0", "up")
    laptop.ip("route", "replace", "default", "via", "10.1.0.1")
    laptop.wait_assigned(15)
    assert reaches_the_internet(laptop)


def test_an_interface_that_goes_away_and_comes_back_does_not_end_the_lease(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.ip("link", "set", "eth0", "down")
    time.sleep(0.5)
    laptop.ip("link", "set", "eth0", "up")
    laptop.ip("route", "replace", "default", "via", "10.1.0.1")
    wait_for("the internet", lambda: reaches_the_internet(laptop), 20)
    assert len(laptop.status()["leases"]) == 1
