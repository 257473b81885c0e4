"""`rsipctl doctor`: each trouble is made in a real network, and has to be found there and nowhere else."""

import json

import pytest
from rsiplab.lab import WEB, gateway_config
from rsiplab.namespace import wait_for


def checks(laptop, *flags, code: int = 0) -> dict[str, dict]:
    """What the doctor says, by the checks' ids."""
    document = json.loads(laptop.ctl("doctor", "--json", *flags, expect=code))
    assert document["schema"] == "rsip.doctor/1"
    found = document["data"]["checks"]
    worst = max((c["verdict"] for c in found), key=["skip", "ok", "warn", "fail"].index)
    assert document["data"]["verdict"] == ("ok" if worst == "skip" else worst)
    return {check["id"]: check for check in found}


def troubles(found: dict[str, dict]) -> dict[str, str]:
    return {id: check["verdict"] for id, check in found.items()
            if check["verdict"] in ("warn", "fail")}


@pytest.fixture
def laptop(world):
    """One with a lease, through which something went."""
    laptop = world.laptops[0]
    laptop.up()
    laptop.run("curl", "-sSm", "5", f"http://{WEB}/")
    return laptop


def test_nothing_is_wrong_where_all_is_well(laptop):
    found = checks(laptop)
    assert troubles(found) == {}
    assert sum(check["verdict"] == "ok" for check in found.values()) >= 20
    text = laptop.ctl("doctor")
    assert "0 warnings, 0 failures" in text and "\033" not in text
    assert "1500 - 20 for ip-ip = 1480" in found["tunnel_mtu"]["what"]
    assert all(check["why"] for check in found.values() if check["verdict"] == "skip")


def test_without_an_agent_everything_else_is_said(lab):
    laptop = lab.laptops[0]
    found = checks(laptop, code=6)
    assert found["agent_running"]["verdict"] == "fail" and found["agent_running"]["fix"]
    assert found["tun_device"]["verdict"] == "ok"
    assert found["lease_held"]["verdict"] == "skip" and found["lease_held"]["why"]


def test_who_is_not_root_is_told_as_much(world, laptop):
    world.folder.chmod(0o755)
    text = laptop.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                      world.bin / "rsipctl", "--socket", laptop.socket, "doctor", "--json")
    found = {check["id"]: check for check in json.loads(text)["data"]["checks"]}
    assert found["rules_in_place"]["verdict"] == "ok"
    assert found["data_passes"]["verdict"] == "ok"


def test_a_gateway_that_is_gone_is_told_from_one_that_refuses(lab):
    laptop = lab.laptops[0]
    laptop.configure()
    laptop.start_agent()
    wait_for("the agent", laptop.status)
    found = checks(laptop, "--only", "gateway_answers,gateway_reachable", code=6)
    assert set(found) == {"gateway_answers", "gateway_reachable"}
    assert found["gateway_reachable"]["verdict"] == "ok"
    assert "refuses connections" in found["gateway_answers"]["why"]
    lab.gateway.ip("link", "set", "lan0", "down")
    assert "does not answer" in checks(laptop, "--only", "gateway_answers",
                                       code=6)["gateway_answers"]["why"]


def test_a_host_without_any_way_is_told_so(lab):
    laptop = lab.laptops[0]
    laptop.configure()
    laptop.start_agent()
    wait_for("the agent", laptop.status)
    laptop.ip("link", "set", "eth0", "down")
    found = checks(laptop, "--only", "gateway_reachable", code=6)
    assert "no route to 10.1.0.1" in found["gateway_reachable"]["why"]


def test_strict_reverse_path_filtering_is_found_and_mended(laptop):
    laptop.sysctl(net__ipv4__conf__eth0__rp_filter=1)
    found = checks(laptop)
    assert troubles(found) == {"rp_filter": "warn"}
    assert found["rp_filter"]["fixable"]
    done = laptop.ctl("doctor", "--fix", "rp_filter")
    assert done.startswith("sysctl -w net.ipv4.conf.eth0.rp_filter=2")
    assert troubles(checks(laptop)) == {}
    assert "nothing to do" in laptop.ctl("doctor", "--fix", "rp_filter")


def test_a_step_that_takes_a_person_is_not_done(laptop):
    laptop.run("sh", "-c", "ip route add default dev eth0 table 100; "
                           "ip rule add priority 100 lookup 100")
    found = checks(laptop)
    assert found["rules_order"]["verdict"] == "warn"
    assert "rule 100" in found["rules_order"]["why"]
    assert "takes a person" in laptop.ctl("doctor", "--fix", "rules_order", expect=6)


def test_a_vpn_with_two_halves_of_a_default_route_is_found(laptop):
    laptop.run("sh", "-c", "ip tuntap add tun9 mode tun; ip link set tun9 up; "
                           "ip route add 0.0.0.0/1 dev tun9; ip route add 128.0.0.0/1 dev tun9")
    found = checks(laptop, "--only", "other_vpns")
    assert found["other_vpns"]["verdict"] == "warn"
    assert "tun9, past the tunnel" in found["other_vpns"]["why"]


def test_a_network_here_that_has_the_leased_address_is_found(laptop):
    laptop.run("sh", "-c", "ip link add lan9 type veth peer name lan8; ip link set lan9 up; "
                           "ip addr add 203.0.113.77/24 dev lan9")
    found = checks(laptop, "--only", "lan_overlap")["lan_overlap"]
    assert found["verdict"] == "warn" and "203.0.113.0/24 of lan9" in found["why"]


def test_a_firewall_that_drops_the_tunnel_is_suspected(world):
    laptop = world.laptops[0]
    laptop.run("nft", "add table ip fw; add chain ip fw in { type filter hook prerouting priority "
                      "-300; }; add rule ip fw in ip protocol 4 drop")
    laptop.up()
    laptop.run("ping", "-c", "12", "-i", "0.02", "-W", "1", WEB, expect=1)
    found = checks(laptop, code=6)
    assert found["data_passes"]["verdict"] == "fail"
    assert "none received" in found["data_passes"]["why"] and "protocol 4" in found["data_passes"]["fix"]


def test_a_narrow_network_is_warned_of(world):
    laptop = world.laptops[0]
    laptop.ip("link", "set", "eth0", "mtu", "1280")
    laptop.up()
    found = checks(laptop)
    assert troubles(found) == {"tunnel_mtu": "warn"}
    assert "1280 - 20 for ip-ip = 1260" in found["tunnel_mtu"]["why"]


NAT = "add table ip nat; add chain ip nat out { type nat hook postrouting priority 100; }; " \
      "add rule ip nat out oifname eth0 masquerade"


# H-030: the host knows only addresses, its own and the gateway's
@pytest.mark.parametrize("tunnel, verdict", [("ip-ip", "warn"), ("l2tp", "ok")])
def test_an_address_translator_before_the_gateway_is_said(lab, tunnel, verdict):
    lab.gateway.ip("addr", "add", "192.0.2.1/32", "dev", "lan0")
    lab.start_gateway(gateway_config(gateway={"listen": "192.0.2.1", "tunnels": [tunnel]}),
                      listen="192.0.2.1")
    router = lab.add_router("nat", "10.1.0.50")
    router.run("nft", NAT)
    laptop = lab.add_laptop_behind(router)
    laptop.configure(address="192.0.2.1", tunnel=tunnel)
    laptop.start_agent()
    wait_for("the agent", laptop.status)
    found = checks(laptop, "--only", "nat_between")["nat_between"]
    assert found["verdict"] == verdict
    assert ("RSIP through NAT" in found["why"]) == (verdict == "warn")


def test_a_bad_configuration_is_quoted(lab):
    laptop = lab.laptops[0]
    laptop.configure(color="red")
    said = laptop.run(lab.bin / "rsipd", "--check", "--config", laptop.config, expect=12)
    assert "color" in said  # what config_valid repeats for the file that the agent names


def test_checks_are_listed_and_unknown_ones_refused(lab):
    laptop = lab.laptops[0]
    listed = laptop.ctl("doctor", "--list").splitlines()
    assert len(listed) >= 25 and any(line.startswith("rp_filter ") for line in listed)
    assert "nonsense" in laptop.ctl("doctor", "--only", "nonsense", expect=13)
    assert "nonsense" in laptop.ctl("doctor", "--fix", "nonsense", expect=13)
