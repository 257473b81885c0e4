"""A gateway that lies: the agent believes nothing dangerous, says what it refused, and recovers."""

import json
import os
import socket
import time
from dataclasses import dataclass, field

import pytest
from rsiplab import Lab
from rsiplab.lab import PUBLIC, WEB, gateway_config
from rsiplab.namespace import wait_for

ASSIGN = "ASSIGN_REQUEST_RSAP-IP"
REGISTER = "REGISTER_REQUEST"
TICKS = os.sysconf("SC_CLK_TCK")
MOST_CPU_SECONDS = 1.0   # for a whole lie; what spins uses all of a processor
MOST_GROWTH_KIB = 16384  # of the agent's memory


class Script:
    """The gateway's script socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect(str(path))
        self.answers = self.socket.makefile()

    def say(self, **line):
        self.socket.sendall(json.dumps(line).encode() + b"\n")
        answer = json.loads(self.answers.readline())
        assert answer == {"ok": True}, answer

    def lie(self, message, do, **match):
        self.say(match={"message": message, **match}, do=do)

    def clear(self):
        self.say(clear=True)


class Watch:
    """What the agent uses of the machine, from now on."""

    def __init__(self, laptop):
        self.laptop = laptop
        pids = laptop.lab.gateway.run("ip", "netns", "pids", laptop.name).split()
        self.pid = next(pid for pid in pids if self._name(pid) == "rsipd")
        self.cpu, self.memory = self._cpu(), self._memory()

    @staticmethod
    def _name(pid):
        return open(f"/proc/{pid}/comm").read().strip()

    def _cpu(self):
        fields = open(f"/proc/{self.pid}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _memory(self):
        status = open(f"/proc/{self.pid}/status").read()
        return int(status.split("VmRSS:")[1].split()[0])

    def check(self, cpu=MOST_CPU_SECONDS):
        """Answers at once, has not spun, has not grown."""
        began = time.monotonic()
        assert self.laptop.status() is not None
        assert time.monotonic() - began < 1
        assert self._cpu() - self.cpu < cpu
        assert self._memory() - self.memory < MOST_GROWTH_KIB


class Sayings:
    """The log of a laptop's agents, from now on."""

    def __init__(self, laptop):
        self.log = laptop.folder / f"{laptop.name}.rsipd.log"
        self.before = self.log.stat().st_size if self.log.exists() else 0

    def count(self, words):
        return self.log.read_bytes()[self.before:].count(words.encode())


@pytest.fixture(scope="module")
def stage():
    """One laboratory for all lies: a gateway that takes a script."""
    with Lab(os.environ["RSIP_BIN"], laptops=len(UNREADABLE)) as lab:
        path = lab.folder / "script.sock"
        lab.start_gateway(gateway_config(script={"socket": str(path)},
                                         hosts={"max_requests_per_second": 0},
                                         lease={"hold": "1s"}))
        yield lab, Script(path)


@pytest.fixture
def laptop(stage):
    """A laptop whose agent is not running, before and after. Truth is told at the end."""
    lab, script = stage
    host = lab.laptops[0]
    clean = host.network_state()
    yield host
    script.clear()
    assert host.agent.stop() == 0
    assert host.network_state() == clean
    script.say(host=host.address, do={"deregister": True})  # if a lie kept the agent from it


@pytest.fixture
def script(stage):
    return stage[1]


def reaches_the_internet(laptop):
    return laptop.exit_code("ping", "-c1", "-W2", WEB) == 0


@dataclass
class Lie:
    do: dict
    says: str  # part of what the status has to say
    message: str = ASSIGN
    agent: dict = field(default_factory=dict)
    code: str | None = "protocol_error"


def assigning(says, **changes):
    return Lie({"set": changes}, says)


REFUSED = {
    "a lease of no time": assigning("lease time is 0", lease=0),
    "loopback": assigning("not a host's address", local="127.0.0.1"),
    "no address": assigning("not an IPv4 address", local="0.0.0.0"),
    "multicast": assigning("not a host's address", local="224.0.0.1"),
    "broadcast": assigning("not a host's address", local="255.255.255.255"),
    "link-local": assigning("not a host's address", local="169.254.1.1"),
    "class E": assigning("not a host's address", local="240.0.0.1"),
    "the laptop's own address": assigning("this host's own", local="10.1.0.2"),
    "the LAN's broadcast": assigning("broadcast of its network", local="10.1.0.255"),
    "the gateway's own address": assigning("the gateway's own", local="10.1.0.1"),
    "port 0": assigning("no port is named", ports="0"),
    "ports from 0": assigning("no port is named", ports="0-31"),
    "another host's client": assigning("another client", client=4242),
    "a tunnel to the leased address": assigning("leased address", endpoint=PUBLIC),
    "a tunnel to loopback": assigning("endpoint", endpoint="127.0.0.1"),
    "a tunnel to the laptop": assigning("this host's own", endpoint="10.1.0.2"),
    "a tunnel to everybody": assigning("endpoint", endpoint="255.255.255.255"),
    "a tunnel that was not asked for": Lie({"set": {"tunnel": "gre"}}, "tunnel type",
                                           agent={"tunnel": "ip-ip"}),
    "errors without end": Lie({"error": 101}, "UNKNOWN_ERROR"),
    "errors that nobody knows": Lie({"error": 999}, "999"),
    "a registration of no time": Lie({"set": {"lease": 0}}, "for 0 seconds", REGISTER),
    "garbage": Lie({"raw": "deadbeef" * 8}, "does not speak RSIP", REGISTER),
    "a message of version 0": Lie({"raw": "0003000800000000"}, "does not speak RSIP", REGISTER),
}

UNREADABLE = {
    "ports over the end": Lie({"set": {"parameters": {"2": "20ffff"}}}, "cannot be read"),
    "an unknown tunnel": assigning("cannot be read", tunnel=99),
    "no client": Lie({"set": {"parameters": {"4": None}}}, "cannot be read", REGISTER),
    "an answer cut short": Lie({"truncate": 9}, "does not answer"),
    "the longest message, of zeros": Lie({"raw": "0109ffff" + "00" * 65531}, "cannot be read"),
    "a message of no known type": Lie({"raw": "01630004"}, "cannot be read"),
}


# H-133: freed; H-138: a usable address and ports, or nothing
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_true_is_refused_and_told(laptop, script, name):
    lie = REFUSED[name]
    said = Sayings(laptop)
    clean = laptop.network_state()
    script.lie(lie.message, lie.do)
    laptop.configure(**lie.agent)
    laptop.start_agent()
    wait_for("the agent", lambda: laptop.status())
    watch = Watch(laptop)
    status = laptop.wait_status(lambda s: s["problem"] and lie.says in s["problem"]["message"], 12)
    assert lie.code is None or status["problem"]["code"] == lie.code, status["problem"]
    assert status["leases"] == []
    assert laptop.network_state() == clean
    if "set" in lie.do and lie.message == ASSIGN:
        wait_for("the bind to be freed", lambda: said.count("message.sent type=FREE_REQUEST"))
    watch.check()
    script.clear()
    assert laptop.wait_assigned(30)["problem"] is None
    assert reaches_the_internet(laptop)
    watch.check()


# Its request is repeated after ten seconds, so all of these hosts are lied to at once.
def test_an_answer_that_cannot_be_read_leaves_its_request_unanswered_and_is_told(stage):
    lab, script = stage
    for laptop, lie in zip(lab.laptops, UNREADABLE.values()):
        script.lie(lie.message, lie.do, host=laptop.address)
        laptop.clean = laptop.network_state()
        laptop.configure(**lie.agent)
        laptop.start_agent()
    for laptop, lie in zip(lab.laptops, UNREADABLE.values()):
        wait_for("the agent", laptop.status)
        laptop.watch = Watch(laptop)
        status = laptop.wait_status(lambda s: s["problem"], 20)
        assert lie.says in status["problem"]["message"]
        assert status["leases"] == []
        assert laptop.network_state() == laptop.clean
        laptop.watch.check()
    script.clear()
    for laptop in lab.laptops:
        laptop.wait_assigned(30)
        laptop.watch.check()
    for laptop in lab.laptops:
        assert laptop.down() == 0
        assert laptop.network_state() == laptop.clean


# Ports are a set: one that is named twice is one port.
def test_ports_that_are_named_twice_are_leased_once(laptop, script):
    script.lie(ASSIGN, {"set": {"ports": "5000,5001,5000"}})
    laptop.up()
    assert laptop.leased_ports() == {5000, 5001}


def assigned(laptop):
    laptop.up()
    return Watch(laptop)


# H-087: 136 years
def test_a_lease_without_end_is_taken_for_thirty_days(laptop, script):
    script.lie(ASSIGN, {"set": {"lease": 4294967295}})
    status = laptop.up()
    assert status["leases"][0]["granted_seconds"] == 30 * 86400
    Watch(laptop).check()
    assert reaches_the_internet(laptop)


# H-133: the second block overlaps the first
def test_a_block_that_overlaps_the_first_is_refused(laptop, script):
    first = laptop.up(ports=4)["leases"][0]
    watch = Watch(laptop)
    held = first["ports"][0]
    script.lie(ASSIGN, {"set": {"ports": f"{held['last']}-{held['last'] + 3}"}})
    hold_more_ports_than_leased(laptop)
    problem = laptop.wait_status(lambda s: s["problem"])["problem"]
    assert "leased already" in problem["message"]
    assert [lease["bind"] for lease in laptop.status()["leases"]] == [first["bind"]]
    watch.check(cpu=2)
    assert reaches_the_internet(laptop)


def test_a_bind_that_is_in_use_is_not_taken_twice(laptop, script):
    first = laptop.up(ports=4)["leases"][0]
    watch = Watch(laptop)
    script.lie(ASSIGN, {"set": {"bind": first["bind"]}})
    hold_more_ports_than_leased(laptop)
    problem = laptop.wait_status(lambda s: s["problem"])["problem"]
    assert "bind ID is in use" in problem["message"]
    assert len(laptop.status()["leases"]) == 1
    watch.check(cpu=2)
    assert reaches_the_internet(laptop)


def hold_more_ports_than_leased(laptop):
    laptop.run("/usr/bin/python3", "-c", FLOWS, WEB)


FLOWS = """
import socket, sys
held = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(8)]
for s in held: s.sendto(b'x', (sys.argv[1], 9))
"""

FLOODS = {
    "errors": {"async": ["ERROR_RESPONSE:104"]},
    "refused remotes": {"async": ["ERROR_RESPONSE:314"]},
    "freed binds of a session before": {"async": ["FREE_RESPONSE"], "set": {"client": 4242}},
    "freed binds of others": {"async": ["FREE_RESPONSE"], "set": {"bind": 4242}},
    "the end of others": {"async": ["DE-REGISTER_RESPONSE"], "set": {"client": 4242}},
    "errors about binds": {"async": ["ERROR_RESPONSE:306"]},
    "unknown errors": {"async": ["ERROR_RESPONSE:999"]},
}


# H-167, H-170: whatever floods in
@pytest.mark.parametrize("name", FLOODS)
def test_ten_thousand_messages_that_nobody_asked_for_change_nothing(laptop, script, name):
    leases = laptop.up()["leases"]
    watch = Watch(laptop)
    script.say(host=laptop.address, do={**FLOODS[name], "repeat": 10000})
    watch.check(cpu=4)
    laptop.ctl("renew")
    laptop.wait_status(lambda s: s["leases"] and s["leases"][0]["renews_in_seconds"] >= 0)
    after = laptop.status()["leases"]
    assert [lease["bind"] for lease in after] == [lease["bind"] for lease in leases]
    assert reaches_the_internet(laptop)
    watch.check(cpu=4)


@pytest.mark.parametrize("told", ["ERROR_RESPONSE:301", "DE-REGISTER_RESPONSE", "FREE_RESPONSE"])
def test_ends_that_flood_in_are_survived(laptop, script, told):
    watch = assigned(laptop)
    script.say(host=laptop.address, do={"async": [told], "repeat": 10000})
    watch.check(cpu=4)
    laptop.wait_assigned(30)
    wait_for("the internet", lambda: reaches_the_internet(laptop), 30)
    watch.check(cpu=4)


# H-111: asked again less and less often
@pytest.mark.parametrize("error", [101, 309])
def test_errors_without_end_do_not_make_a_storm(laptop, script, error):
    said = Sayings(laptop)
    script.lie(ASSIGN, {"error": error})
    laptop.configure()
    laptop.start_agent()
    wait_for("the first refusals", lambda: said.count("message.sent type=ASSIGN") >= 2)
    watch = Watch(laptop)
    time.sleep(3)  # long enough for a storm
    assert said.count("message.sent") < 40
    watch.check()
    script.clear()
    laptop.wait_assigned(30)


def test_a_lease_that_is_really_freed_is_not_used_and_comes_again(laptop, script):
    status = laptop.up()
    bind = status["leases"][0]["bind"]
    script.lie(ASSIGN, {"drop": "request"})
    script.say(host=laptop.address, do={"free": [bind]})
    laptop.wait_status(lambda s: not s["leases"])
    assert PUBLIC not in laptop.ip("-o", "-4", "addr")
    assert "lookup" not in laptop.ip("rule").replace("lookup local", "").replace(
        "lookup main", "").replace("lookup default", "")
    Watch(laptop).check()
    script.clear()
    laptop.wait_assigned(30)
    assert reaches_the_internet(laptop)


def test_a_registration_that_really_ends_begins_again(laptop, script):
    watch = assigned(laptop)
    for _ in range(3):
        script.say(host=laptop.address, do={"deregister": True})
        wait_for("the internet", lambda: reaches_the_internet(laptop), 30)
        laptop.wait_assigned(30)
    watch.check(cpu=2)


def test_answers_that_trickle_in_are_put_together(laptop, script):
    script.lie(REGISTER, {"trickle_ms": 100})
    laptop.configure()
    laptop.start_agent()
    wait_for("the agent", lambda: laptop.status())
    watch = Watch(laptop)
    laptop.wait_assigned(30)
    watch.check()


# One byte a second: an answer takes half a minute. The agent waits, or begins anew; it does not hang.
def test_answers_of_one_byte_a_second_keep_nobody_from_asking_for_the_status(laptop, script):
    script.lie(REGISTER, {"trickle_ms": 1000})
    clean = laptop.network_state()
    laptop.configure()
    laptop.start_agent()
    wait_for("the agent", lambda: laptop.status())
    watch = Watch(laptop)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        watch.check()
        time.sleep(0.2)
    assert laptop.network_state() == clean
    script.clear()
    laptop.wait_assigned(45)


def test_late_and_repeated_answers_are_taken_once(laptop, script):
    script.lie(ASSIGN, {"delay_ms": 1500, "duplicate": 50})
    status = laptop.up()
    assert len(status["leases"]) == 1
    Watch(laptop).check()
    assert reaches_the_internet(laptop)
    assert len(laptop.status()["leases"]) == 1


def test_an_extension_by_nothing_ends_the_lease_and_another_one_comes(laptop, script):
    watch = assigned(laptop)
    script.lie("EXTEND_REQUEST", {"set": {"lease": 0}}, times=1)
    laptop.ctl("renew")
    laptop.wait_assigned(30)
    wait_for("the internet", lambda: reaches_the_internet(laptop), 30)
    watch.check(cpu=2)
