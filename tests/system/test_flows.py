"""What goes through the tunnels, for people: flows, ports, and which way a packet takes."""

import inspect
import json
import re
import socket
import time

import pytest
from rsiplab.lab import DNS, GATEWAY, PUBLIC, WEB
from rsiplab.namespace import run, wait_for

NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
EXCLUDED = "192.0.2.0/24"


def ask(laptop, method, **parameters):
    """The result of one call on the agent's socket; a failure is an AssertionError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(laptop.socket))
        lines = connection.makefile("rw")
        assert json.loads(lines.readline())["method"] == "hello"
        lines.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method,
                                "params": parameters}) + "\n")
        lines.flush()
        answer = json.loads(lines.readline())
    assert "error" not in answer, answer
    return answer["result"]


def ask_as_nobody(laptop, method):
    program = (f"import json, socket, sys, types\n{inspect.getsource(ask)}\n"
               "laptop = types.SimpleNamespace(socket=sys.argv[1])\n"
               "print(json.dumps(ask(laptop, sys.argv[2])))")
    return json.loads(run([*AS_NOBODY, "/usr/bin/python3", "-c", program, str(laptop.socket), method]))


def download(laptop, *before, name="download"):
    """A transfer that takes long."""
    return laptop.start(name, *before, "curl", "-sS", "-o", "/dev/null", "--limit-rate", "50k",
                        f"http://{WEB}/large")


def flows_where(laptop, condition):
    return [flow for flow in ask(laptop, "flow.list")["flows"] if condition(flow)]


def wait_for_flow(laptop, condition):
    return wait_for("the flow", lambda: flows_where(laptop, condition))[0]


def route_get(laptop, destination):
    """What `ip route get` says: type if it is not unicast, device, router, source."""
    text = laptop.run("ip", "route", "get", destination)
    found = {key: (m[1] if (m := re.search(rf"\b{word} (\S+)", text)) else "")
             for key, word in (("device", "dev"), ("router", "via"), ("source", "src"))}
    return {**found, "type": m[1] if (m := re.match(r"(local|broadcast|multicast) ", text)) else ""}


# --- flows --------------------------------------------------------------------------------------


def test_a_download_is_listed_with_user_and_program(world):
    laptop = world.laptops[0]
    laptop.up()
    download(laptop)
    flow = wait_for_flow(laptop, lambda f: f["received_bytes"] > 10_000)
    assert flow["gateway"] == "lab"
    assert flow["bind"] == laptop.status()["leases"][0]["bind"]
    assert (flow["protocol"], flow["state"], flow["begun_by"]) == ("tcp", "established", "host")
    assert flow["public_address"] == PUBLIC
    assert flow["public_port"] in laptop.leased_ports()
    assert (flow["remote_address"], flow["remote_port"]) == (WEB, 80)
    assert (flow["user"], flow["program"]) == ("root", "curl")
    assert f"{PUBLIC}:{flow['local_port']}" in laptop.run("ss", "-Htnp", f"dst {WEB}")
    assert f"pid={flow['process']}," in laptop.run("ss", "-Htnp", f"dst {WEB}")
    assert 0 < flow["sent_bytes"] < flow["received_bytes"]


def test_bytes_of_flows_are_those_of_the_tunnel(world):
    laptop = world.laptops[0]
    laptop.up()
    told = {}
    for direction in (["-o", "/dev/null", f"http://{WEB}/large"],
                      ["-T", world.folder / "web" / "large", f"http://{WEB}/put/x"]):
        laptop.run("curl", "-sS", "-m", "20", *direction)
        for _ in range(10):  # a flow ends some seconds after its last packet, which comes after curl
            told |= {flow["local_port"]: flow for flow in ask(laptop, "flow.list")["flows"]}
            time.sleep(0.1)
    traffic = laptop.status()["traffic"]
    assert len(told) == 2
    for direction in ("sent_bytes", "received_bytes"):
        assert sum(flow[direction] for flow in told.values()) == traffic[direction]


def test_datagrams_and_pings_are_flows_as_well(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
    laptop.run("dig", "+short", "+notcp", "www.example.net")
    laptop.start("ping", "ping", WEB)
    ping = wait_for_flow(laptop, lambda f: f["protocol"] == "icmp" and f["received_bytes"] > 0)
    assert (ping["state"], ping["remote_port"]) == ("active", 0)
    assert (ping["user"], ping["program"]) == ("root", "ping")
    question = flows_where(laptop, lambda f: f["protocol"] == "udp")
    assert [(f["remote_address"], f["remote_port"]) for f in question] == [(DNS, 53)]
    assert question[0]["program"] == "", "dig has ended"


def test_a_call_from_outside_is_begun_by_the_remote(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.start("server", "/usr/bin/python3", "-m", "http.server", "8080", "--bind", "0.0.0.0")
    wait_for("the server", lambda: ":8080" in laptop.run("ss", "-Hltn"))
    laptop.ctl("listen", "add", "8080")
    caller = world.internet.start("caller", "/usr/bin/python3", "-c",
                                  "import socket, time; s = socket.create_connection("
                                  f"('{PUBLIC}', 8080)); time.sleep(30)")
    flow = wait_for_flow(laptop, lambda f: f["state"] == "established")
    assert caller.running()
    assert flow["begun_by"] == "remote"
    assert (flow["public_port"], flow["local_port"]) == (8080, 8080)
    assert flow["program"].startswith("python3")
    ports = {row["port"]: row for row in ask(laptop, "port.list")["ports"]}
    assert ports[8080]["use"] == "listening"
    assert ports[8080]["flows"] == 1


def test_nobody_sees_only_their_own(world):
    laptop = world.laptops[0]
    laptop.up()
    download(laptop)
    download(laptop, *AS_NOBODY, name="of_nobody")
    wait_for("both flows", lambda: len(flows_where(laptop, lambda f: f["program"] == "curl")) == 2)
    everything = ask(laptop, "flow.list")
    assert {flow["user"] for flow in everything["flows"]} == {"root", "nobody"}
    assert everything["hidden"] == 0
    own = ask_as_nobody(laptop, "flow.list")
    assert [(flow["user"], flow["program"]) for flow in own["flows"]] == [("nobody", "curl")]
    assert own["hidden"] == 1


# --- ports --------------------------------------------------------------------------------------


# H-036: the tuple rests
def test_ports_are_counted_and_rest_after_a_connection(world):
    laptop = world.laptops[0]
    laptop.up()
    free = ask(laptop, "port.list")
    assert free["address"] == PUBLIC
    assert {row["port"] for row in free["ports"]} == laptop.leased_ports()
    assert {row["use"] for row in free["ports"]} == {"free"}
    assert free["high_water"] == 0

    load = download(laptop)
    port = wait_for_flow(laptop, lambda f: f["state"] == "established")["public_port"]
    used = ask(laptop, "port.list")
    assert [row for row in used["ports"] if row["use"] != "free"] == [
        {"port": port, "bind": laptop.status()["leases"][0]["bind"], "use": "in_use", "flows": 1}]
    laptop.wait_status(lambda s: s["leases"][0]["ports_in_use"] == 1)

    load.stop()
    wait_for("the port to rest", lambda: [
        (row["port"], row["flows"]) for row in ask(laptop, "port.list")["ports"]
        if row["use"] == "resting"] == [(port, 0)], 20)
    assert ask(laptop, "port.list")["high_water"] == 1
    laptop.wait_status(lambda s: s["leases"][0]["ports_in_use"] == 0)


# --- ways ---------------------------------------------------------------------------------------


@pytest.fixture
def excluding(world):
    laptop = world.laptops[0]
    laptop.up(exclude=[EXCLUDED])
    return laptop


@pytest.mark.parametrize("destination, way, rule, reason", [
    (WEB, "tunnel", "4554: not from all fwmark 0x11cb lookup 4555", "0.0.0.0/0 is among the routes"),
    ("10.1.0.3", "direct", "4553: from all lookup main suppress_prefixlength 0",
     "connected to 10.1.0.0/24 by eth0"),
    (GATEWAY, "direct", "4553: from all lookup main suppress_prefixlength 0", "connected to"),
    ("192.0.2.7", "direct", "32766: from all lookup main", f"{EXCLUDED} is excluded"),
    ("127.0.0.1", "local", "0: from all lookup local", "loopback"),
    ("10.1.0.2", "local", "0: from all lookup local", "an address of this host"),
    (PUBLIC, "local", "0: from all lookup local", "leased through gateway lab"),
    ("10.1.0.255", "direct", None, "broadcast"),
    ("224.0.0.251", "direct", "32766: from all lookup main", "multicast"),
    ("169.254.1.1", "direct", "32766: from all lookup main", "link-local"),
])
def test_a_way_is_explained_as_the_kernel_goes(excluding, destination, way, rule, reason):
    verdict = ask(excluding, "route.explain", destination=destination)
    assert verdict["way"] == way
    assert reason in verdict["reason"]
    if rule:
        assert verdict["rule"] == rule
        assert " ".join(excluding.run("ip", "rule").split()).count(rule) == 1
    kernel = route_get(excluding, destination)
    assert {key: verdict[key] for key in ("device", "router", "source")} == {
        key: kernel[key] for key in ("device", "router", "source")}
    assert (kernel["type"] == "local") == (way == "local")


def test_a_way_through_the_tunnel_names_lease_and_outer_way(excluding):
    verdict = ask(excluding, "route.explain", destination=WEB, port=443)
    lease = excluding.status()["leases"][0]
    assert verdict["gateway"] == "lab"
    assert verdict["bind"] == lease["bind"]
    assert verdict["ports"] == lease["ports"]
    assert verdict["table"] == "4555"
    assert (verdict["outer_device"], verdict["outer_source"]) == ("eth0", excluding.address)


def test_without_a_tunnel_or_a_route_that_is_said(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.ctl("down")
    laptop.wait_status(lambda s: s["state"] == "disabled")
    verdict = wait_for("the tunnel's end", lambda: (
        v if (v := ask(laptop, "route.explain", destination=WEB))["way"] == "direct" else None))
    assert verdict["reason"] == "There is no tunnel at present: gateway lab is disabled."
    laptop.ip("route", "del", "default")
    verdict = ask(laptop, "route.explain", destination=WEB)
    assert verdict["way"] == "none"
    assert "Network is unreachable" in verdict["reason"]
