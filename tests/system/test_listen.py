"""Servers on a laptop that the internet reaches: LISTEN (RFC 3103 section 9.16)."""

import json
import signal

import pytest
from rsiplab.lab import PUBLIC, gateway_config
from rsiplab.namespace import wait_for


def serve(laptop, port=8080):
    """A web server on all of the laptop's addresses; its log has a line for each request."""
    server = laptop.start(f"server{port}", "/usr/bin/python3", "-um", "http.server", str(port))
    wait_for("the server", lambda: f":{port}" in laptop.run("ss", "-Hltn"))
    return server


def reached(lab, port=8080):
    return lab.internet.exit_code("curl", "-sS", "-m", "2", "-o", "/dev/null",
                                  f"http://{PUBLIC}:{port}/") == 0


# H-042, H-154, H-155, G-35, G-36: the whole way, from asking to the first request
def test_a_server_is_reached_from_the_internet_after_listen_add(world):
    laptop = world.laptops[0]
    laptop.up()
    serve(laptop)
    answer = laptop.ctl("listen", "add", "8080")
    assert answer == f"{PUBLIC}:8080 reaches the server on port 8080\n"
    assert reached(world)
    assert reached(world), "and a second time"
    assert laptop.exit_code("curl", "-sSm", "3", "http://198.51.100.80/") == 0


# G-15, G-40, H-205: the port is another's
def test_a_second_laptop_cannot_have_the_same_public_port(world):
    one, two = world.laptops
    one.up()
    two.up()
    one.ctl("listen", "add", "8080")
    complaint = two.ctl("listen", "add", "8080", expect=10)
    assert len(complaint.splitlines()) == 1, complaint
    assert "8080" in complaint and "--public-port any" in complaint
    assert two.ctl("listen", "list") == "No server is reachable from the public side.\n"
    serve(two)
    granted = json.loads(two.ctl("listen", "add", "8080", "--public-port", "any", "--json"))["data"]
    assert granted["server_port"] == 8080 and granted["public_port"] != 8080
    assert reached(world, granted["public_port"])


def test_a_public_port_of_its_own_choice_leads_to_the_servers_port(world):
    laptop = world.laptops[0]
    laptop.up()
    serve(laptop, 8000)
    assert "203.0.113.10:8443 reaches the server on port 8000" in laptop.ctl(
        "listen", "add", "8000", "--public-port", "8443")
    assert reached(world, 8443)
    assert not reached(world, 8000)


def test_what_is_removed_is_not_reached_any_more(world):
    laptop = world.laptops[0]
    laptop.up()
    server = serve(laptop)
    laptop.ctl("listen", "add", "8080")
    assert f"{PUBLIC}:8080" in laptop.ctl("listen", "list")
    assert reached(world)
    seen = server.text().count("GET /")
    laptop.ctl("listen", "remove", "8080")
    wait_for("the end of the lease", lambda: "No server" in laptop.ctl("listen", "list"))
    assert not reached(world)
    assert server.text().count("GET /") == seen
    assert "no server on port 8080" in laptop.ctl("listen", "remove", "8080", expect=13)


# A laptop must not become a server by accident, not even on a port that it has leased.
def test_without_listen_a_leased_port_leads_nowhere(world):
    laptop = world.laptops[0]
    laptop.up()
    leased = max(laptop.leased_ports())
    serve(laptop, leased)
    heard = world.capture(
        laptop, "rsip0", "inbound", f"tcp[tcpflags] & tcp-syn != 0 and dst port {leased}")
    assert not reached(world, leased)
    assert laptop.drops().get("unsolicited", 0) > 0
    heard.stop()
    assert laptop.run("tcpdump", "-nr", heard.pcap).count(f".{leased}: ") == 0


def test_a_listen_for_one_remote_is_for_that_one_alone(world):
    laptop = world.laptops[0]
    laptop.up()
    serve(laptop)
    assert ", from 198.51.100.80 alone" in laptop.ctl("listen", "add", "8080", "--from",
                                                      "198.51.100.80")
    curl = ("curl", "-sS", "-m", "2", "-o", "/dev/null", f"http://{PUBLIC}:8080/", "--interface")
    assert world.internet.exit_code(*curl, "198.51.100.80") == 0
    assert world.internet.exit_code(*curl, "198.51.100.53") != 0


WRONG = {
    "port 0": (["add", "0"], 2, "65535"),
    "port 70000": (["add", "70000"], 2, "65535"),
    "no number": (["add", "http"], 2, "65535"),
    "no port": (["add"], 2, "port"),
    "public port 0": (["add", "80", "--public-port", "0"], 2, "65535"),
    "public port some": (["add", "80", "--public-port", "some"], 2, "65535"),
    "an unknown gateway": (["add", "80", "-g", "nowhere"], 13, "onfigured: lab"),
    "a remote that is none": (["add", "80", "--from", "example"], 2, "example"),
    "a remote with port 0": (["add", "80", "--from", "198.51.100.7:0"], 2, "after its colon"),
    "no such server": (["remove", "81"], 13, "81"),
}


def test_wrong_wishes_are_refused_in_one_line(world):
    laptop = world.laptops[0]
    laptop.up()
    for case, (arguments, code, word) in WRONG.items():
        complaint = laptop.ctl("listen", *arguments, expect=code)
        assert len(complaint.splitlines()) == 1, (case, complaint)
        assert complaint.startswith("rsipctl: ") and word in complaint, (case, complaint)


def test_a_port_outside_of_the_gateways_pool_is_refused(lab):
    lab.start_gateway(gateway_config({"ports": "2000-2999"}))
    laptop = lab.laptops[0]
    laptop.up()
    complaint = laptop.ctl("listen", "add", "80", expect=8)
    assert "80" in complaint and len(complaint.splitlines()) == 1


def test_another_user_may_look_but_not_change(world):
    laptop = world.laptops[0]
    world.folder.chmod(0o755)
    laptop.up()
    stranger = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                world.bin / "rsipctl", "--socket", laptop.socket]
    assert "Assigned" in laptop.run(*stranger, "status")
    for change in (["listen", "add", "8080"], ["down"], ["renew"]):
        complaint = laptop.run(*stranger, *change, expect=4)
        assert "root" in complaint or "group" in complaint, complaint
    assert "No server" in laptop.run(*stranger, "listen", "list")
    assert laptop.status()["state"] == "assigned"


# H-171, G-38: the server's very port again
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_server_keeps_its_port_over_a_restart_of_the_gateway(world, end):
    laptop = world.laptops[0]
    laptop.up()
    serve(laptop)
    laptop.ctl("listen", "add", "8080")
    world.gateway_process.kill(end)
    world.gateway_process.wait()
    world.start_gateway()
    wait_for("the server to be reached again", lambda: reached(world), 20)
    assert f"{PUBLIC}:8080 reaches" in laptop.ctl("listen", "list")


def test_a_server_of_the_configuration_is_reached_from_the_start(world):
    laptop = world.laptops[0]
    serve(laptop)
    laptop.up(listen=[8080])
    wait_for("the server to be reached", lambda: reached(world))


# H-158: every port of a whole address is ours
def test_listen_with_a_whole_address_costs_the_gateway_nothing(lab):
    gateway = lab.start_gateway(gateway_config({"method": "rsa-ip"}))
    laptop = lab.laptops[0]
    laptop.up(method="rsa-ip")
    serve(laptop)
    assert not reached(lab)
    assert f"{PUBLIC}:8080" in laptop.ctl("listen", "add", "8080")
    assert reached(lab)
    assert "LISTEN" not in gateway.text()
    laptop.ctl("listen", "remove", "8080")
    wait_for("the end", lambda: not reached(lab))
