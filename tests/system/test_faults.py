"""Wrong input and hostile peers: one clear line, a documented exit code, no half-configured machine."""

import json
import re

import pytest
from rsiplab.lab import GATEWAY, WEB, gateway_config
from rsiplab.namespace import wait_for

GARBAGE = """
import socket, sys, time
server = socket.socket(); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('10.1.0.1', 4555)); server.listen()
script = bytes.fromhex(sys.argv[1])
held = []
for _ in range(20):
    client, _ = server.accept()
    client.settimeout(0.5)
    try:
        client.recv(100)
        client.sendall(script)
        held.append(client)  # it stays open: what the agent makes of it is due to the bytes alone
    except OSError:
        pass
"""


def run_agent(lab, expect, *flags, config=None, **gateway):
    """rsipd in the foreground with --fail-fast: what it said on its one line of complaint."""
    laptop = lab.laptops[0]
    before = laptop.network_state()
    if config is None:
        laptop.configure(**gateway)
    else:
        laptop.config.write_text(config)
    output = laptop.run(lab.bin / "rsipd", "--config", laptop.config, "--fail-fast", *flags,
                        expect=expect, timeout=20)
    assert laptop.network_state() == before
    complaint = [line for line in output.splitlines() if line.startswith("rsipd: ")]
    assert len(complaint) == 1, output
    return complaint[0]


def test_a_gateway_that_is_not_there(lab):
    complaint = run_agent(lab, 7, address="10.1.0.77")
    assert "10.1.0.77:4555" in complaint


def test_a_port_on_which_nobody_listens(lab):
    complaint = run_agent(lab, 7, port=4556)
    assert "10.1.0.1:4556" in complaint and "refused" in complaint


def test_a_machine_without_a_route_to_the_gateway(lab):
    lab.laptops[0].ip("route", "del", "default")
    assert "192.0.2.1" in run_agent(lab, 7, address="192.0.2.1")


# H-117, H-198: error 304
def test_a_host_that_the_gateway_denies(lab):
    lab.start_gateway(gateway_config(hosts={"deny": ["10.1.0.2/32"]}))
    complaint = run_agent(lab, 8)
    assert "REGISTRATION_DENIED" in complaint and "operator" in complaint


# H-202: error 308
def test_no_address_left(lab):
    lab.start_gateway(gateway_config({"method": "rsa-ip"}))
    lab.laptops[1].up(method="rsa-ip")
    complaint = run_agent(lab, 9, method="rsa-ip")
    assert "no public address left" in complaint


def test_no_ports_left(lab):
    lab.start_gateway(gateway_config({"ports": "2000-2031"}))
    lab.laptops[1].up()
    assert "public" in run_agent(lab, 9)


# H-121: RSA-IP is not offered
def test_a_method_that_the_gateway_does_not_offer(lab):
    lab.start_gateway()
    complaint = run_agent(lab, 6, method="rsa-ip")
    assert "method" in complaint


CONFIGS = {
    "unknown key": ('[[gateway]]\naddress = "10.1.0.1"\nadress = "x"\n', [":3:", "adress", "allowed"]),
    "wrong type": ('[[gateway]]\naddress = "10.1.0.1"\nport = "4555"\n', [":3:", "port", "whole number"]),
    "out of range": ('[[gateway]]\naddress = "10.1.0.1"\nport = 70000\n', [":3:", "port", "65535"]),
    "bad address": ('[[gateway]]\naddress = "10.1.0"\n', [":2:", "10.1.0"]),
    "bad choice": ('[[gateway]]\naddress = "10.1.0.1"\nmethod = "nat"\n', [":3:", "rsap-ip"]),
    "bad time": ('[[gateway]]\naddress = "10.1.0.1"\nlease = "soon"\n', [":3:", "30m"]),
    "host bits": ('[[gateway]]\naddress = "10.1.0.1"\nroutes = ["10.1.0.5/8"]\n', [":3:", "10.0.0.0/8"]),
    "no gateway": ('[agent]\n', ["[[gateway]]"]),
    "unknown section": ('[agnet]\n', [":1:", "agnet"]),
    "not TOML": ('[[gateway]]\naddress = 10.1.0.1\n', [":2:"]),
}


@pytest.mark.parametrize("case", CONFIGS)
def test_a_wrong_configuration_names_file_line_and_what_is_allowed(lab, case):
    text, words = CONFIGS[case]
    complaint = run_agent(lab, 12, config=text)
    assert "agent1.toml" in complaint
    for word in words:
        assert word.lower() in complaint.lower(), complaint


def test_a_configuration_file_that_is_not_there(lab):
    output = lab.laptops[0].run(lab.bin / "rsipd", "--config", "/nowhere.toml", expect=12)
    assert "/nowhere.toml" in output


def test_an_unknown_flag_is_a_usage_error(lab):
    assert lab.laptops[0].exit_code(lab.bin / "rsipd", "--no-such-flag") == 2
    assert lab.laptops[0].exit_code(lab.bin / "rsipctl", "no-such-verb") == 2
    assert lab.laptops[0].exit_code(lab.bin / "rsip-gateway", "--no-such-flag") == 2


def test_a_user_who_may_not_make_a_tun_device(lab):
    lab.start_gateway()
    laptop = lab.laptops[0]
    lab.folder.chmod(0o777)
    laptop.configure()
    before = laptop.network_state()
    output = laptop.run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                        lab.bin / "rsipd", "--config", laptop.config, expect=4)
    assert len([line for line in output.splitlines() if line.startswith("rsipd: ")]) == 1, output
    assert "root" in output or "CAP_NET_ADMIN" in output
    assert laptop.network_state() == before


# What is sent, and what the agent has to make of it.
BROKEN, DISCARDED, SILENCE = "does not speak RSIP", "message.discarded", "does not answer"
STREAMS = {
    "garbage": ("48545450" * 20, BROKEN),
    "a length of 0": ("01030000", BROKEN),
    "a length of 3": ("01030003ff", BROKEN),
    "half a message": ("0103001c0400", SILENCE),
    "another version": ("02030004", BROKEN),
    "an unknown type": ("01630004", DISCARDED),
    "a length that promises too much": ("0103ffff" + "04000400000007" * 30, SILENCE),
    "a parameter longer than its message": ("0103000c" + "04ffff0000000700", DISCARDED),
    "nothing": ("", SILENCE),
}


# H-110: malformed messages and streams
@pytest.mark.parametrize("case", STREAMS)
def test_a_gateway_that_sends(lab, case):
    laptop = lab.laptops[0]
    before = laptop.network_state()
    stream, outcome = STREAMS[case]
    lab.gateway.start("garbage", "/usr/bin/python3", "-c", GARBAGE, stream)
    laptop.configure()
    laptop.start_agent()
    wait_for(f"'{outcome}'", lambda: outcome in laptop.agent.text(), 12)
    assert laptop.status()["state"] != "assigned"
    assert laptop.network_state() == before
    assert laptop.down() == 0


def test_status_of_no_agent(lab):
    laptop = lab.laptops[0]
    assert "no agent" in laptop.ctl("status", expect=3)
    answer = laptop.ctl("status", "--json", expect=3).splitlines()[0]
    assert json.loads(answer)["error"]["exit"] == 3


def test_status_while_nothing_is_leased_says_why(lab):
    laptop = lab.laptops[0]
    laptop.configure()
    laptop.start_agent()
    laptop.wait_status(lambda s: s["problem"])
    text = laptop.ctl("status")
    assert re.search(r"Problem +cannot reach gateway 10.1.0.1:4555", text)
    laptop.ctl("status", "--check", expect=6)
    laptop.down()


def test_status_check_is_content_when_a_lease_is_held(world):
    world.laptops[0].up()
    assert world.laptops[0].ctl("status", "--check") == ""


def test_garbage_towards_the_gateway_does_not_disturb_other_hosts(world):
    one, two = world.laptops
    one.up()
    for stream, _ in STREAMS.values():
        two.run("/usr/bin/python3", "-c",
                "import socket, sys, time; s = socket.create_connection((sys.argv[1], 4555)); "
                "s.sendall(bytes.fromhex(sys.argv[2])); time.sleep(0.1)", GATEWAY, stream)
    assert one.exit_code("curl", "-sSm", "3", f"http://{WEB}/") == 0
    assert world.gateway_process.running()
