"""Several gateways at once, one below another, and gateways that have to be found."""

import signal
import time

import pytest
from rsiplab.lab import DNS, GATEWAY, PUBLIC, WEB, gateway_config, toml
from rsiplab.namespace import run, wait_for

SECOND = "10.1.0.200"
SECOND_PUBLIC = "203.0.113.20"
SHORT_LEASES = {"minimum": "1s", "default": "10s", "maximum": "10s", "hold": "1s"}


def peer(laptop):
    return laptop.run("curl", "-sS", "-m", "5", f"http://{WEB}/peer").split()[0]


# --- two gateways at once -----------------------------------------------------------------------


@pytest.fixture
def pair(lab):
    """Two gateways with addresses, pools and devices of their own."""
    lab.start_servers()
    lab.gateway.ip("addr", "add", f"{SECOND}/24", "dev", "lan0")
    lab.add_public_address(SECOND_PUBLIC)
    lab.first = lab.start_gateway()
    lab.second = lab.start_gateway(
        gateway_config({"addresses": [SECOND_PUBLIC]},
                       gateway={"listen": SECOND, "device": "rsip1"}),
        listen=SECOND, name="second")
    return lab


def up_with_both(laptop, **first):
    """The web is reached through the first gateway, DNS through the second."""
    second = {"name": "second", "address": SECOND, "routes": [f"{DNS}/32"]}
    laptop.configure(second, routes=[f"{WEB}/32"], **first)
    laptop.start_agent()
    return laptop.wait_status(lambda s: all(g["state"] == "assigned" for g in s["gateways"]))


def dns_peers(lab):
    """Who asked the DNS server."""
    log = next(s for s in lab.internet.services if s.command[4] == "dnsmasq").text()
    return {line.split()[-1] for line in log.splitlines() if "query[A] www.example.net" in line}


# H-006, H-010, H-065: two gateways, two tunnels, traffic in both
def test_two_gateways_serve_one_laptop_at_once(pair):
    laptop = pair.laptops[0]
    before = laptop.network_state()
    one, two = up_with_both(laptop)["gateways"]
    assert [g["name"] for g in (one, two)] == ["lab", "second"]
    assert one["leases"][0]["address"] == PUBLIC
    assert two["leases"][0]["address"] == SECOND_PUBLIC
    assert {one["device"], two["device"]} == {"rsip0", "rsip1"}
    assert peer(laptop) == PUBLIC
    assert laptop.run("dig", "+short", "www.example.net").strip() == WEB
    assert dns_peers(pair) == {SECOND_PUBLIC}
    assert laptop.exit_code("ping", "-c1", "-W2", WEB) == 0
    assert laptop.exit_code("ping", "-c1", "-W2", DNS) == 0
    text = laptop.ctl("status")
    assert PUBLIC in text and SECOND_PUBLIC in text
    assert laptop.down() == 0
    assert laptop.network_state() == before


def test_each_gateway_may_have_a_tunnel_of_its_own_kind(lab):
    lab.start_servers()
    lab.gateway.ip("addr", "add", f"{SECOND}/24", "dev", "lan0")
    lab.add_public_address(SECOND_PUBLIC)
    lab.start_gateway(gateway_config(gateway={"tunnels": ["gre"]}))
    lab.start_gateway(gateway_config({"addresses": [SECOND_PUBLIC]},
                                     gateway={"listen": SECOND, "device": "rsip1",
                                              "tunnels": ["l2tp"]}), listen=SECOND, name="second")
    laptop = lab.laptops[0]
    one, two = up_with_both(laptop)["gateways"]
    assert (one["tunnel"], two["tunnel"]) == ("gre", "l2tp")
    assert peer(laptop) == PUBLIC
    assert laptop.run("dig", "+short", "www.example.net").strip() == WEB
    assert dns_peers(lab) == {SECOND_PUBLIC}


# H-065: in different states
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_the_end_of_one_gateway_leaves_the_other_undisturbed(pair, number):
    laptop = pair.laptops[0]
    up_with_both(laptop)
    ping = laptop.start("ping", "ping", "-c", "30", "-i", "0.1", "-W", "1", WEB)
    load = laptop.start("load", "curl", "-sS", "-m", "20", "--limit-rate", "5M", "-o", "/dev/null",
                        f"http://{WEB}/large")
    pair.second.kill(number)
    pair.second.wait()
    status = laptop.wait_status(lambda s: s["gateways"][1]["problem"])
    assert ping.wait() == 0 and " 0% packet loss" in ping.text()
    assert load.wait(20) == 0, load.text()
    one, two = laptop.status()["gateways"]
    assert one["state"] == "assigned" and not one["problem"]
    assert two["name"] == "second" and two["problem"]
    assert status["state"] == "assigned"
    assert "dev rsip0" in laptop.ip("route", "get", WEB)
    pair.start_gateway(
        gateway_config({"addresses": [SECOND_PUBLIC]},
                       gateway={"listen": SECOND, "device": "rsip1"}),
        listen=SECOND, name="second")
    laptop.wait_status(lambda s: s["gateways"][1]["state"] == "assigned"
                       and not s["gateways"][1]["problem"], 20)
    wait_for("DNS", lambda: laptop.run("dig", "+short", "+time=1", "+tries=1", "www.example.net",
                                       expect=None).strip() == WEB)


def test_the_longer_prefix_decides_between_two_gateways(pair):
    laptop = pair.laptops[0]
    second = {"name": "second", "address": SECOND, "routes": [f"{WEB}/32"]}
    laptop.configure(second)  # the first one has the default route
    laptop.start_agent()
    laptop.wait_status(lambda s: all(g["state"] == "assigned" for g in s["gateways"]))
    assert peer(laptop) == SECOND_PUBLIC
    laptop.run("dig", "+short", "www.example.net")
    assert dns_peers(pair) == {PUBLIC}


# --- one gateway below another ------------------------------------------------------------------


@pytest.fixture
def cascade(lab, request):
    """A top gateway; a machine in the middle, host of that and gateway itself; a laptop below it.
    The parameter is how long the top gateway's leases last."""
    lab.start_servers()
    seconds = getattr(request, "param", "10s")
    lease = {**SHORT_LEASES, "default": seconds, "maximum": seconds}
    lab.start_gateway(gateway_config(lease=lease))
    middle = lab.middle = lab.laptops[0]
    lab.below = lab.add_laptop_behind(middle)
    middle.up(forward=True, ports=64, lease=seconds)
    lab.child = lab.start_gateway(toml({
        "gateway": {"listen": lab.below.router, "device": "below0", "log_level": "debug"},
        "lease": {"minimum": "1s", "hold": "1s"},
        "parent": {"agent_socket": str(middle.socket), "poll_every": "1s"},
    }), where=middle, listen=lab.below.router, name="child")
    return lab


def left(status):
    return max(lease["expires_in_seconds"] for lease in status["leases"])


# H-029, G-10: laptop, middle, top
def test_a_laptop_below_two_gateways_reaches_the_internet_from_the_top_ones_address(cascade):
    lab, laptop = cascade, cascade.below
    status = laptop.up(ports=16)
    assert status["leases"][0]["address"] == PUBLIC
    assert laptop.leased_ports() <= lab.middle.leased_ports()
    capture = lab.capture(laptop, "eth0", "below", "ip proto 4")
    for _ in range(3):
        answer = laptop.run("curl", "-sS", "-m", "5", f"http://{WEB}/peer").split()
        assert answer[0] == PUBLIC and int(answer[1]) in laptop.leased_ports()
    assert laptop.run("dig", "+short", "www.example.net").strip() == WEB
    assert laptop.exit_code("ping", "-c1", "-W2", WEB) == 0
    laptop.run("curl", "-sS", "-m", "20", "-o", "/dev/null", "--fail", f"http://{WEB}/large")
    time.sleep(0.2)
    capture.stop()
    outer = run(["tshark", "-n", "-r", str(capture.pcap), "-T", "fields", "-e", "ip.dst"])
    targets = {line.split(",")[0] for line in outer.splitlines() if line[:1].isdigit()}
    assert targets == {laptop.router, laptop.address}, "the nearest gateway is the tunnel's end"


# G-10: through a renewal above and several below
@pytest.mark.parametrize("cascade", ["20s"], indirect=True)
def test_a_lease_never_ends_later_than_the_one_it_comes_from(cascade):
    laptop = cascade.below
    laptop.up(ports=16, lease="30m")
    grants = set()
    end = time.monotonic() + 12
    while time.monotonic() < end:
        below = laptop.status()
        middle = cascade.middle.status()
        assert below["leases"], "renewed in time, again and again"
        assert left(below) <= left(middle) + 1, "but for the second that whole seconds hide"
        grants |= {lease["granted_seconds"] for lease in below["leases"]}
        time.sleep(0.2)
    assert max(grants) <= 20
    assert cascade.middle.agent.text().count("lease.extended") >= 1
    assert peer(laptop) == PUBLIC


# G-10: nothing to lease on
def test_a_lease_goes_with_the_one_it_comes_from(cascade):
    laptop = cascade.below
    before = laptop.network_state()
    laptop.up(ports=16)
    cascade.middle.ctl("down")
    wait_for("the lease's end", lambda: not laptop.status()["leases"], 5)
    assert "reason=pool_gone" in cascade.child.text()
    assert laptop.network_state() == before
    cascade.middle.ctl("up")
    laptop.wait_assigned(30)
    wait_for("the internet", lambda: peer(laptop) == PUBLIC)


# G-10: the agent in the middle ends
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_lease_does_not_outlive_the_agent_that_it_comes_from_for_long(cascade, number):
    laptop = cascade.below
    before = laptop.network_state()
    laptop.up(ports=16)
    cascade.middle.agent.kill(number)
    cascade.middle.agent.wait()
    wait_for("the lease's end", lambda: not laptop.status()["leases"], 11)
    assert laptop.network_state() == before


# H-004: not even while the host below has not heard of it yet
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_nothing_leaves_the_middle_outside_its_tunnel_when_its_agent_has_ended(cascade, number):
    laptop = cascade.below
    laptop.up(ports=16)
    capture = cascade.capture(cascade.middle, "eth0", "leak", f"src host {PUBLIC}")
    laptop.start("ping", "ping", "-c", "30", "-i", "0.1", "-W", "1", WEB)
    cascade.middle.agent.kill(number)
    cascade.middle.agent.wait()
    time.sleep(3)
    capture.stop()
    leaked = run(["tcpdump", "-nr", str(capture.pcap)])
    assert f"IP {PUBLIC}" not in leaked
    assert "below0" in cascade.middle.ip("rule")
    assert cascade.child.stop() == 0
    assert "below0" not in cascade.middle.ip("rule")


# H-039, H-040: the middle's tunnel is narrower than the one below
def test_path_mtu_discovery_works_through_two_tunnels(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config(gateway={"tunnels": ["l2tp"]}))
    middle = lab.laptops[0]
    laptop = lab.add_laptop_behind(middle)
    middle.up(forward=True, ports=64, tunnel="l2tp")
    lab.start_gateway(toml({
        "gateway": {"listen": laptop.router, "device": "below0"},
        "parent": {"agent_socket": str(middle.socket), "poll_every": "1s"},
    }), where=middle, listen=laptop.router, name="child")
    status = laptop.up(ports=16, tunnel="ip-ip")["gateways"][0]
    assert (status["mtu"], middle.status()["gateways"][0]["mtu"]) == (1480, 1462)
    large = lab.folder / "web" / "large"
    laptop.run("curl", "-sS", "--fail", "-m", "20", "-T", large, f"http://{WEB}/put/two")
    assert (lab.folder / "web" / "put" / "two").stat().st_size == large.stat().st_size
    assert "mtu 1462" in laptop.ip("route", "get", WEB)


def test_the_middle_machine_is_left_as_it_was(lab):
    lab.start_servers()
    lab.start_gateway()
    middle = lab.laptops[0]
    before = middle.network_state()
    middle.up(forward=True)
    assert f"from {PUBLIC} lookup" in middle.ip("rule") and PUBLIC not in middle.ip("-4", "addr")
    assert middle.down() == 0
    assert middle.network_state() == before


# --- gateways that have to be found -------------------------------------------------------------

ONLY_SLP = {"default_router": False}


# H-026, H-240, H-242, H-248, G-47: found by multicast, read by tshark
def test_a_gateway_is_found_by_slp(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config(slp={}))
    laptop = lab.laptops[0]
    capture = lab.capture(lab.gateway, "lan0", "slp", "udp port 427")
    status = laptop.up(address="auto", discovery=ONLY_SLP)["gateways"][0]
    assert (status["address"], status["found_by"]) == (GATEWAY, "slp")
    assert peer(laptop) == PUBLIC
    time.sleep(0.2)
    capture.stop()
    read = run(["tshark", "-n", "-r", str(capture.pcap), "-Y", "srvloc", "-T", "fields", "-E",
                "separator=;", "-e", "srvloc.function", "-e", "srvloc.srvreq.srvtypelist", "-e",
                "srvloc.srvreq.predicate", "-e", "srvloc.url.url", "-e", "_ws.malformed"])
    assert "alformed" not in read
    messages = [line.split(";") for line in read.splitlines() if ";" in line]
    requests = [m for m in messages if m[0] == "1" and "service:rsip" in m[1]]
    assert requests and "tunnel-type=IP-IP" in requests[0][2]
    assert any(m[0] == "2" and f"service:rsip://{GATEWAY}" in m[3] for m in messages)


# H-242: tunnel type
def test_slp_finds_only_a_gateway_that_has_the_tunnel_wished_for(lab):
    lab.start_servers()
    lab.gateway.ip("addr", "add", f"{SECOND}/24", "dev", "lan0")
    lab.add_public_address(SECOND_PUBLIC)
    lab.start_gateway(gateway_config(slp={}))
    lab.start_gateway(gateway_config({"addresses": [SECOND_PUBLIC]}, slp={}, gateway={
        "listen": SECOND, "device": "rsip1", "tunnels": ["gre"]}), listen=SECOND, name="second")
    laptop = lab.laptops[0]
    status = laptop.up(address="auto", tunnel="gre", discovery=ONLY_SLP)["gateways"][0]
    assert status["address"] == SECOND
    assert peer(laptop) == SECOND_PUBLIC


def test_a_gateway_that_comes_later_is_found_later(lab):
    laptop = lab.laptops[0]
    laptop.configure(address="auto", discovery=ONLY_SLP)
    laptop.start_agent()
    status = laptop.wait_status(lambda s: s["gateways"][0]["problem"])["gateways"][0]
    assert status["state"] == "discovering"
    assert "no RSIP gateway was found" in status["problem"]["message"]
    lab.start_gateway(gateway_config(slp={}))
    laptop.wait_assigned(20)


# H-026: the option's value as systemd-networkd keeps it
def test_a_gateway_is_named_by_dhcp(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config(slp={}))
    laptop = lab.laptops[0]
    index = laptop.ip_json("link", "show", "eth0")[0]["ifindex"]
    lease = lab.folder / "lease"
    lease.write_text(f"ADDRESS={laptop.address}\nROUTER=10.1.0.254\nOPTION_224=0a010001\n")
    private_run = ("unshare", "-m", "sh", "-c",
                   "mount -t tmpfs none /run && mkdir -p /run/systemd/netif/leases && "
                   f"cp {lease} /run/systemd/netif/leases/{index} && exec \"$@\"", "run")
    laptop.configure(address="auto", discovery={"dhcp_option": 224})
    laptop.start_agent(within=private_run)
    status = laptop.wait_assigned()["gateways"][0]
    assert (status["address"], status["found_by"]) == (GATEWAY, "dhcp")
    assert peer(laptop) == PUBLIC


def test_the_default_router_is_the_last_guess(lab):
    lab.start_servers()
    lab.start_gateway()
    laptop = lab.laptops[0]
    status = laptop.up(address="auto", seconds=15)["gateways"][0]
    assert (status["address"], status["found_by"]) == (GATEWAY, "router")
    assert peer(laptop) == PUBLIC


# H-252: a named gateway is never replaced by what the network says
def test_a_named_gateway_is_used_whatever_slp_says(pair):
    pair.second.stop()
    pair.start_gateway(gateway_config({"addresses": [SECOND_PUBLIC]}, slp={}, gateway={
        "listen": SECOND, "device": "rsip1"}), listen=SECOND, name="second")
    laptop = pair.laptops[0]
    assert laptop.up()["gateways"][0]["found_by"] == "configuration"
    assert peer(laptop) == PUBLIC
