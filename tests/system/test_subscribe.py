"""Front ends that live on events: a snapshot, then what changes, for everybody who may look."""

import json
import os
import signal
import socket
import subprocess
import time

import pytest
from rsiplab.lab import PUBLIC, WEB, gateway_config
from rsiplab.namespace import wait_for

SHORT_LEASES = {"lease": {"minimum": "1s", "default": "10s", "maximum": "10s", "hold": "1s"}}
NOBODY = 65534


class Subscriber:
    """A client of the agent's socket that keeps a snapshot up to date by the documented rules."""

    def __init__(self, path, **wishes):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r")
        self.hello = json.loads(self.lines.readline())
        request = {"jsonrpc": "2.0", "id": 1, "method": "subscribe", "params": wishes}
        self.socket.sendall((json.dumps(request) + "\n").encode())
        answer = json.loads(self.lines.readline())["result"]
        self.seq, self.status = answer["seq"], answer["status"]
        self.may_change, self.why_not = answer["may_change"], answer["why_not"]
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.socket.close()

    def read(self, seconds):
        """The next event, applied; nothing if none comes in that time."""
        self.socket.settimeout(seconds)
        try:
            line = self.lines.readline()
        except TimeoutError:
            # A file object gives up for good after a time-out.
            self.lines = self.socket.makefile("r")
            return None
        if not line:
            return None
        message = json.loads(line)
        assert message["method"] == "event"
        event = message["params"]
        assert event["seq"] > self.seq, "events come in order"
        self.seq = event["seq"]
        self.apply(event["type"], event["data"])
        self.events.append(event)
        return event

    def apply(self, kind, data):
        status = self.status
        if kind == "gateway":
            status["state"] = data["state"]
            names = [gateway["name"] for gateway in status["gateways"]]
            status["gateways"][names.index(data["gateway"]["name"])] = data["gateway"]
        elif kind == "agent":
            status.update({key: data[key] for key in ("state", "network", "profile")})
        elif kind == "traffic":
            for gateway in status["gateways"]:
                if gateway["name"] == data["gateway"]:
                    gateway.update(traffic=data["traffic"], ports=data["ports"])

    def wait(self, what, condition, seconds=10):
        """The first event, from now on, for which the condition holds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            event = self.read(left)
            if event and condition(event):
                return event
        kinds = [(e["type"], e["data"].get("kind")) for e in self.events]
        raise AssertionError(f"no {what} within {seconds} s; there were {kinds}")

    def happening(self, kind, seconds=10):
        return self.wait(kind, lambda e: e["type"] == "happening" and e["data"]["kind"] == kind,
                         seconds)["data"]


def still(status):
    """Without what goes on by itself: countdowns and counters."""
    status = json.loads(json.dumps(status))
    for gateway in status["gateways"]:
        gateway["traffic"] = None
        gateway["ports"].update(used=0, free=0)
        for lease in gateway["leases"]:
            lease.update(expires_in_seconds=0, renews_in_seconds=0, ports_in_use=0)
    return status


def status_of(laptop):
    return json.loads(laptop.ctl("status", "--json"))["data"]


@pytest.fixture
def laptop(lab):
    laptop = lab.laptops[0]
    laptop.configure(lease="10s")
    laptop.start_agent()
    wait_for("the agent", laptop.status)
    return laptop


def test_a_mirror_of_events_is_what_status_says(lab, laptop):
    with Subscriber(laptop.socket) as mirror:
        assert mirror.may_change and mirror.hello["params"]["contract"] == 4
        gateway = lab.start_gateway(gateway_config(**SHORT_LEASES))
        granted = mirror.happening("lease_granted", 20)
        assert granted["address"] == PUBLIC and granted["gateway"] == "lab"
        assert still(mirror.status) == still(status_of(laptop))
        mirror.happening("lease_extended")
        gateway.kill(signal.SIGKILL)
        gateway.wait()
        unreachable = mirror.happening("gateway_unreachable", 15)
        assert unreachable["problem"]["code"] == "gateway_unreachable"
        mirror.happening("renewal_failed", 15)
        lost = mirror.happening("lease_lost", 15)
        assert "not extended in time" in lost["words"]
        while mirror.read(0.5):
            pass
        assert mirror.status["gateways"][0]["leases"] == []
        assert still(mirror.status) == still(status_of(laptop))


def test_the_end_of_the_agent_is_the_last_event(lab, laptop):
    lab.start_gateway()
    laptop.wait_assigned(20)
    with Subscriber(laptop.socket) as mirror:
        assert laptop.down() == 0
        mirror.wait("end", lambda e: e["type"] == "stopping")
        assert mirror.read(2) is None
        kinds = [e["data"]["kind"] for e in mirror.events if e["type"] == "happening"]
        assert kinds == ["lease_ended"]


def test_counters_come_only_to_who_asked(lab, laptop):
    lab.start_servers()
    lab.start_gateway()
    laptop.wait_assigned(20)
    with Subscriber(laptop.socket, traffic_seconds=1) as mirror, Subscriber(laptop.socket) as other:
        laptop.run("ping", "-c", "3", "-i", "0.2", WEB)
        told = mirror.wait("traffic", lambda e: e["type"] == "traffic")["data"]
        assert told["traffic"]["sent_packets"] > 0
        while event := other.read(1.5):
            assert event["type"] != "traffic"


def test_the_network_is_lost_and_back(lab, laptop):
    lab.start_gateway()
    laptop.wait_assigned(20)
    with Subscriber(laptop.socket) as mirror:
        laptop.ip("link", "set", "eth0", "down")
        mirror.happening("network_lost")
        assert mirror.status["network"]["state"] == "none"
        assert status_of(laptop)["network"]["state"] == "none"
        laptop.ip("link", "set", "eth0", "up")
        laptop.ip("route", "add", "default", "via", "10.1.0.1")
        mirror.happening("network_back")


def ask(laptop, method, **parameters):
    """What the agent answers, as any client would ask."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(laptop.socket))
        lines = connection.makefile("r")
        lines.readline()
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        connection.sendall((json.dumps(request) + "\n").encode())
        answer = json.loads(lines.readline())
    assert "result" in answer, answer
    return answer["result"]


def test_gateways_are_found_though_one_is_named(laptop):
    began = time.monotonic()
    found = ask(laptop, "gateway.discover")["gateways"]
    assert time.monotonic() - began < 15
    assert {"address": "10.1.0.1", "port": 4555, "found_by": "router"}.items() <= found[-1].items()


def test_leases_come_and_go_as_asked_for(lab, laptop):
    lab.start_gateway()
    laptop.wait_assigned(20)
    with Subscriber(laptop.socket) as mirror:
        ask(laptop, "lease.request")
        granted = mirror.happening("lease_granted")
        ask(laptop, "lease.hold", bind=granted["bind"])
        mirror.wait("hold", lambda e: e["type"] == "gateway"
                    and e["data"]["gateway"]["leases"][-1]["held"])
        ask(laptop, "lease.release", binds=[granted["bind"]])
        assert mirror.happening("lease_ended")["bind"] == granted["bind"]
        wait_for("the gateway", lambda: "reason=freed" in lab.gateway_process.text())
        time.sleep(1)
        assert len(laptop.status()["leases"]) == 1, "nothing is leased instead"
        assert still(mirror.status) == still(status_of(laptop))


def test_the_log_and_the_configuration_are_shown(laptop):
    assert ask(laptop, "config.show") == {"file": str(laptop.config),
                                          "text": laptop.config.read_text()}
    assert any("agent.started" in line["text"] for line in ask(laptop, "log.read")["lines"])
    with Subscriber(laptop.socket, log=True) as mirror:
        ask(laptop, "log.level", level="warn", for_seconds=1)
        assert ask(laptop, "log.read")["level"] == "warn"
        mirror.wait("log", lambda e: e["type"] == "log" and "level=debug" in e["data"]["text"], 5)
    assert ask(laptop, "log.read")["level"] == "debug", "as configured again"


def as_nobody(laptop, *arguments):
    return subprocess.run(
        laptop.command(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                        *arguments]), text=True, capture_output=True, timeout=30)


# Read for every local user, change for those whom the table names.
def test_others_may_look_but_not_touch(lab, laptop):
    lab.start_gateway()
    laptop.wait_assigned(20)
    lab.folder.chmod(0o755)
    refused = as_nobody(laptop, str(lab.bin / "rsipctl"), "--socket", str(laptop.socket), "renew")
    if refused.returncode == 126 or "Permission denied" in refused.stderr:
        pytest.skip("the programs lie where nobody else may run them")
    assert refused.returncode == 4, refused.stderr
    assert "group rsip" in refused.stderr
    assert laptop.status()["state"] == "assigned"
    before = os.geteuid()
    os.seteuid(NOBODY)
    try:
        mirror = Subscriber(laptop.socket, log=True)
    finally:
        os.seteuid(before)
    with mirror:
        assert not mirror.may_change
        assert "group rsip" in mirror.why_not
        ask(laptop, "lease.renew")
        mirror.happening("lease_extended")
        assert not [e for e in mirror.events if e["type"] == "log"]
