"""Flow policies, limits and accounts: what a gateway allows, and what becomes of the rest."""

import json
import re
import signal
import time

import pytest
from rsiplab.lab import DNS, PUBLIC, WEB, gateway_config
from rsiplab.namespace import wait_for

CROWD = "198.51.102"  # addresses of many servers; all are one
NEIGHBOUR = "198.51.100.7"

# Opens a connection to each "address:port" about every 10 ms, asks for /peer, keeps them all open,
# and prints how many answered, who we were to each of them, and how long it took.
BROWSE = """
import selectors, socket, sys, time
began = time.monotonic()
targets = [(a, int(p)) for a, p in (t.split(':') for t in sys.argv[1:])]
ready = selectors.DefaultSelector()
answers, failed, held = [], [], []
def turn(patience):
    for key, _ in ready.select(patience):
        s = key.fileobj
        try:
            if key.events & selectors.EVENT_WRITE:
                s.sendall(b'GET /peer HTTP/1.0\\r\\n\\r\\n')
                ready.modify(s, selectors.EVENT_READ)
                continue
            answers.append(s.recv(4096).split(b'\\r\\n\\r\\n')[1].decode().strip())
        except OSError as error:
            failed.append(error)
        ready.unregister(s)
for target in targets:
    s = socket.socket(); s.setblocking(False); s.connect_ex(target)
    held.append(s)
    ready.register(s, selectors.EVENT_WRITE)
    turn(0.01)
while ready.get_map() and time.monotonic() < began + 20: turn(0.1)
for error in failed[:5]: print('failed:', error)
print('answered', len(answers), 'of', len(targets), 'in', round(time.monotonic() - began, 2))
for answer in answers: print('peer', answer)
"""

# Connects, and prints how long it took to fail, or that it did not.
CONNECT = """
import socket, sys, time
began = time.monotonic(); s = socket.socket(); s.settimeout(5)
try:
    s.connect((sys.argv[1], int(sys.argv[2]))); print('connected')
except OSError as error:
    print(type(error).__name__, error.errno, 'after', round(time.monotonic() - began, 2))
"""

# A server that sends a line with a number every 50 ms, and a client that prints them.
DRIP = """
import socket, threading, time
def serve(c):
    for n in range(10000):
        c.sendall(b'%d\\n' % n); time.sleep(0.05)
listening = socket.create_server(('0.0.0.0', 7000))
while True: threading.Thread(target=serve, args=[listening.accept()[0]], daemon=True).start()
"""
READ = """
import socket, sys
for line in socket.create_connection((sys.argv[1], 7000)).makefile(): print(line, end='')
"""


def python(laptop, program, *arguments):
    return laptop.run("/usr/bin/python3", "-uc", program, *arguments)


def refused_at_once(laptop, address=WEB, port="80"):
    """Whether connect() says "no route to host" (EHOSTUNREACH is 113) within a second."""
    outcome = re.match(r"OSError 113 after ([\d.]+)", python(laptop, CONNECT, address, port))
    return bool(outcome) and float(outcome[1]) < 1


def start_crowd(lab):
    """Every address of CROWD is a web server as well."""
    lab.internet.ip("route", "add", "local", f"{CROWD}.0/24", "dev", "lo")
    config = lab.folder / "nginx.conf"
    config.write_text(config.read_text().replace(
        f"listen {WEB}:80;", f"listen {WEB}:80; listen 0.0.0.0:8000 backlog=1024;"))
    lab.internet.run("nginx", "-c", config, "-s", "reload")
    wait_for("the crowd", lambda: "0.0.0.0:8000" in lab.internet.run("ss", "-Hltn"))


def start_drip(lab):
    lab.internet.start("drip", "/usr/bin/python3", "-uc", DRIP)
    wait_for("the server", lambda: ":7000" in lab.internet.run("ss", "-Hltn"))


def start_reading(laptop, number=""):
    reader = laptop.start(f"read{number}", "/usr/bin/python3", "-uc", READ, WEB)
    wait_for("the first lines", lambda: len(reader.text().split()) > 3)
    return reader


def goes_on(reader, seconds=15):
    """The connection brings more lines, none missing."""
    before = len(reader.text().split())
    wait_for("more lines", lambda: len(reader.text().split()) > before + 10, seconds)
    lines = reader.text().split()[:-1]  # the last one may be half there
    return [int(line) for line in lines] == list(range(len(lines)))


# One port towards each remote (RFC 3103 section 7.2).
ONE_AT_A_TIME = [("micro", "macro"), ("micro", "micro")]
POLICIES = [(local, remote) for local in ("macro", "micro") for remote in ("none", "macro", "micro")]


# H-070, H-072, H-074, H-076, H-129, H-130, G-28, G-30, G-50: all six policies
@pytest.mark.parametrize("local,remote", POLICIES)
def test_curl_dig_and_ping_work_under(lab, local, remote):
    lab.start_servers()
    lab.start_gateway(gateway_config(policy={"local": local, "remote": remote}))
    laptop = lab.laptops[0]
    laptop.up(ports=1 if local == "micro" else 8)
    status = laptop.status()
    assert (status["local_policy"], status["remote_policy"]) == (local, remote)
    address, port = laptop.run("curl", "-sSm", "5", f"http://{WEB}/peer").split()
    assert address == PUBLIC and int(port) in laptop.leased_ports()
    assert laptop.run("dig", "+short", "+tries=1", "www.example.net").strip() == WEB
    assert laptop.exit_code("ping", "-c2", "-i0.2", "-W2", WEB) == 0
    if (local, remote) in ONE_AT_A_TIME:
        wait_for("the port of the flow that ended",
                 lambda: laptop.exit_code("curl", "-sSm", "5", f"http://{WEB}/") == 0, 20)
    else:
        assert "Hello" in laptop.run("curl", "-sSm", "5", f"http://{WEB}/"), "and again"
        assert laptop.run("dig", "+short", "+tries=1", "www.example.net").strip() == WEB
    for lease in laptop.status()["leases"]:
        assert bool(lease["remote"]) == (remote != "none")
        assert (":" in lease["remote"]) == (remote == "micro")
        if local == "micro":
            assert [r["first"] for r in lease["ports"]] == [r["last"] for r in lease["ports"]]


# H-073, H-075: there is no other port towards this remote, so nobody waits for one
@pytest.mark.parametrize("remote", ["macro", "micro"])
def test_a_second_connection_at_the_same_time_is_refused_at_once_under_micro_and(lab, remote):
    lab.start_servers()
    start_drip(lab)
    lab.start_gateway(gateway_config(policy={"local": "micro", "remote": remote}))
    laptop = lab.laptops[0]
    laptop.up(ports=1)
    reader = start_reading(laptop)
    assert refused_at_once(laptop, WEB, "7000")
    assert goes_on(reader)
    reader.stop()
    wait_for("the port to be used again",
             lambda: "connected" in python(laptop, CONNECT, WEB, "7000"))


# RFC 3103 section 7.2 allows one port towards a remote under micro/micro, so there the load is on 200
# remotes; without a remote policy all of it goes to one.
LOADS = {"one server": ("none", [f"{WEB}:80"] * 200),
         "200 servers": ("micro", [f"{CROWD}.{n}:8000" for n in range(1, 201)])}


@pytest.mark.parametrize("load", LOADS)
def test_200_new_connections_in_two_seconds_to(lab, load, record_property, capsys):
    remote, targets = LOADS[load]
    lab.start_servers()
    start_crowd(lab)
    lab.start_gateway(gateway_config(policy={"local": "micro", "remote": remote}))
    laptop = lab.laptops[0]
    laptop.up(ports=1, max_ports=1024)
    before = laptop.agent.text().count("message.sent type=")
    text = python(laptop, BROWSE, *targets)
    outcome = re.search(r"answered (\d+) of 200 in ([\d.]+)", text)
    cost = laptop.agent.text().count("message.sent type=") - before
    record_property("seconds", outcome[2])
    record_property("control_messages", cost)
    with capsys.disabled():
        print(f"\n  200 connections to {load}: {outcome[2]} s, {cost} control messages")
    assert outcome[1] == "200", text[:1000]
    peers = re.findall(r"peer (\S+) (\d+)", text)
    assert {address for address, _ in peers} == {PUBLIC}
    assert {int(port) for _, port in peers} <= laptop.leased_ports()
    assert cost <= 220 and float(outcome[2]) < 6


# --- ports as a resource ------------------------------------------------------------------------


# H-203: neither ours nor the gateway's ports suffice
@pytest.mark.parametrize("limit", ["the agent's", "the gateway's", "the class's"])
def test_a_connection_too_many_fails_at_once_and_the_others_go_on(lab, limit):
    lab.start_servers()
    start_drip(lab)
    classes = {"[[class]]": {"name": "guests", "hosts": ["10.1.0.2/32"], "max_ports": 2}}
    lab.start_gateway(gateway_config({"ports": "2000-2001"} if limit == "the gateway's" else {},
                                     **classes if limit == "the class's" else {}))
    laptop = lab.laptops[0]
    laptop.up(ports=2, max_ports=2 if limit == "the agent's" else 1024)
    readers = [start_reading(laptop, n) for n in range(2)]
    assert refused_at_once(laptop)
    assert refused_at_once(laptop)
    for reader in readers:
        assert goes_on(reader)


def test_a_class_has_limits_of_its_own_and_others_have_not(lab):
    lab.start_servers()
    gateway = lab.start_gateway(gateway_config(
        **{"[[class]]": {"name": "guests", "hosts": ["10.1.0.2/32"], "max_ports": 8,
                         "max_lease": "60s"}}))
    one, two = lab.laptops
    assert one.up(ports=8)["leases"][0]["granted_seconds"] == 60
    assert two.up(ports=32)["leases"][0]["granted_seconds"] == 1800
    assert "Hello" in two.run("curl", "-sSm", "5", f"http://{WEB}/")
    one.down()
    one.configure(ports=16)
    one.start_agent()
    wait_for("a lease that fits, or a clear refusal",
             lambda: one.status() and (one.status()["leases"] or one.status()["problem"]))
    assert len(one.leased_ports()) <= 8
    assert gateway.running()


# H-208, H-209: blocked in the gateway's policy
@pytest.mark.parametrize("remote", ["macro", "micro"])
def test_a_blocked_remote_is_refused_at_once_and_others_work(lab, remote):
    lab.internet.ip("addr", "add", f"{NEIGHBOUR}/32", "dev", "lo")
    lab.start_servers()
    lab.start_gateway(gateway_config(policy={
        "remote": remote, "blocked": [NEIGHBOUR if remote == "macro" else f"{NEIGHBOUR}/32:80"]}))
    laptop = lab.laptops[0]
    laptop.up()
    assert refused_at_once(laptop, NEIGHBOUR)
    assert "connected" in python(laptop, CONNECT, WEB, "80")
    assert refused_at_once(laptop, NEIGHBOUR), "and it stays so"
    problem = laptop.status()["problem"]
    assert problem is None or NEIGHBOUR in problem["message"], problem


# --- restart ------------------------------------------------------------------------------------


# H-128, H-171: what the gateway forgot is not revoked. (One that ends in good order takes its leases
# back, RFC 3103 section 9.5, and the connections with them.)
@pytest.mark.parametrize("pause", [0, 2], ids=["comes_back_at_once", "comes_back_later"])
def test_an_open_connection_survives_a_crash_of_the_gateway_that(lab, pause):
    lab.start_servers()
    start_drip(lab)
    gateway = lab.start_gateway()
    laptop = lab.laptops[0]
    laptop.up()
    reader = start_reading(laptop)
    gateway.kill(signal.SIGKILL)
    gateway.wait()
    time.sleep(pause)  # so long nobody is there
    lab.start_gateway()
    wait_for("a new lease", lambda: laptop.agent.text().count("lease.granted") == 2, 20)
    assert goes_on(reader)


# --- accounts -----------------------------------------------------------------------------------


def test_the_account_says_who_used_what(lab):
    lab.start_servers()
    book = lab.folder / "accounts"
    lab.start_gateway(gateway_config(gateway={"accounting": str(book)}))
    for laptop in lab.laptops:
        laptop.up()
        laptop.run("curl", "-sSm", "9", "-o", "/dev/null", f"http://{WEB}/large")
        assert laptop.down() == 0
    entries = [json.loads(line) for line in book.read_text().splitlines()]
    for laptop in lab.laptops:
        own = [entry for entry in entries if entry["host"] == laptop.address]
        assert [entry["event"] for entry in own] == ["start", "stop"]
        start, stop = own
        assert start["bind"] == stop["bind"] and start["address"] == PUBLIC
        assert start["reason"] is None and stop["reason"] == "freed"
        assert stop["to_host_bytes"] > 20_000_000 and stop["from_host_bytes"] > 1000
        assert stop["to_host_packets"] > 1000 and stop["class"] == "default"
        assert DNS not in json.dumps(own)
