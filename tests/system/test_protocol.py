"""The control channel in all its forms: UDP, TLS, sealed messages; and what rsipctl asks for."""

import json
import time

import pytest
from rsiplab.lab import GATEWAY, PUBLIC, WEB, gateway_config
from rsiplab.namespace import run, wait_for

SECRET = "00112233445566778899aabbccddeeff" * 2
TLS_PORT = 4556


def reaches_the_internet(laptop):
    return laptop.exit_code("curl", "-sSm", "3", f"http://{WEB}/") == 0


def secret_file(lab, name, text=SECRET):
    path = lab.folder / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


def certificate(lab, name):
    """A certificate for the gateway's address, signed by itself; the files of it and of its key."""
    made, key = lab.folder / f"{name}.pem", lab.folder / f"{name}.key"
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", str(key), "-out", str(made), "-days", "1", "-subj", "/CN=gateway",
         "-addext", f"subjectAltName=IP:{GATEWAY}"])
    key.chmod(0o600)
    return str(made), str(key)


# --- UDP --------------------------------------------------------------------------------------


# H-018, H-055, H-060: registered, leased, extended, freed
def test_everything_works_over_udp(lab):
    lab.start_servers()
    gateway = lab.start_gateway(gateway_config(
        lease={"minimum": "1s", "default": "10s", "maximum": "10s"}))
    laptop = lab.laptops[0]
    assert laptop.up(transport="udp", lease="10s")["transport"] == "udp"
    assert reaches_the_internet(laptop)
    wait_for("the lease to be renewed", lambda: "lease.extended" in laptop.agent.text(), 8)
    assert reaches_the_internet(laptop)
    assert laptop.down() == 0
    assert "reason=freed" in gateway.text()
    assert "4555" not in lab.gateway.run("ss", "-Htn"), "no TCP connection was ever made"


# H-182, G-17: USE_TCP
def test_a_gateway_without_udp_is_talked_to_over_tcp(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config(gateway={"udp": False}))
    laptop = lab.laptops[0]
    assert laptop.up(transport="udp")["transport"] == "tcp"
    assert reaches_the_internet(laptop)


# H-056: every other datagram is lost in each direction
def test_a_lossy_network_is_no_hindrance_over_udp(lab):
    lab.start_servers()
    lab.start_gateway()
    lab.gateway.run("nft", """table inet lossy {
        chain in { type filter hook input priority 0; udp dport 4555 numgen inc mod 2 0 counter drop; }
        chain out { type filter hook output priority 0; udp sport 4555 numgen inc mod 2 0 counter drop; }
    }""")
    laptop = lab.laptops[0]
    laptop.up(transport="udp", seconds=30)
    assert reaches_the_internet(laptop)
    assert "message.sent_again" in laptop.agent.text()
    assert "packets 0 " not in lab.gateway.run("nft", "list", "table", "inet", "lossy")


# H-095, H-161: captured on the private network
def test_every_datagram_has_a_counter_and_repeats_are_the_same_bytes(world):
    world.gateway.run("nft", """table inet lossy {
        chain out { type filter hook output priority 0; udp sport 4555 numgen inc mod 3 0 drop; }
    }""")
    capture = world.capture(world.gateway, "lan0", "udp", "udp dst port 4555")
    laptop = world.laptops[0]
    laptop.up(transport="udp", seconds=20)
    capture.stop()
    rows = run(["tshark", "-n", "-r", str(capture.pcap), "-T", "fields", "-e", "udp.payload"])
    sent = [bytes.fromhex(row) for row in rows.split() if len(row) % 2 == 0 and row.startswith("01")]
    counters = [int.from_bytes(m[m.index(b"\x0b\x00\x04") + 3:][:4], "big") for m in sent]
    assert len(set(counters)) >= 3 and len(counters) > len(set(counters))
    assert counters == sorted(counters) and counters[0] == 1
    assert len(set(sent)) == len(set(counters)), "one counter, one message"


# --- TLS --------------------------------------------------------------------------------------


def test_everything_works_over_tls(lab):
    lab.start_servers()
    made, key = certificate(lab, "gateway")
    lab.start_gateway(gateway_config(
        tls={"port": TLS_PORT, "certificate": made, "private_key": key}))
    capture = lab.capture(lab.gateway, "lan0", "tls", "tcp")
    laptop = lab.laptops[0]
    status = laptop.up(transport="tls", port=TLS_PORT, ca_file=made)
    assert status["transport"] == "tls" and status["port"] == TLS_PORT
    assert reaches_the_internet(laptop)
    assert laptop.down() == 0
    capture.stop()
    ports = run(["tshark", "-n", "-r", str(capture.pcap), "-T", "fields", "-e", "tcp.dstport"])
    assert str(TLS_PORT) in ports.split() and "4555" not in ports.split()
    assert "Handshake" in run(["tshark", "-n", "-r", str(capture.pcap), "-V", "-d",
                               f"tcp.port=={TLS_PORT},tls"])


def test_a_gateway_with_somebody_elses_certificate_gets_nothing(lab):
    made, key = certificate(lab, "gateway")
    other, _ = certificate(lab, "other")
    gateway = lab.start_gateway(gateway_config(
        tls={"port": TLS_PORT, "certificate": made, "private_key": key}))
    laptop = lab.laptops[0]
    laptop.configure(transport="tls", port=TLS_PORT, ca_file=other)
    laptop.start_agent()
    problem = laptop.wait_status(lambda s: s["problem"])["problem"]
    assert "certificate" in problem["message"], problem
    assert laptop.status()["leases"] == []
    assert "host.registered" not in gateway.text()


@pytest.mark.parametrize("same", [True, False], ids=["the_same_key", "another_key"])
def test_tls_with_a_pre_shared_key_needs(lab, same):
    lab.start_servers()
    psk_file = secret_file(lab, "psk", f"laptop-1:{SECRET}")
    gateway = lab.start_gateway(gateway_config(tls={"port": TLS_PORT, "psk_file": psk_file}))
    laptop = lab.laptops[0]
    own = secret_file(lab, "own", SECRET if same else SECRET.replace("00", "ff"))
    laptop.configure(transport="tls", port=TLS_PORT, psk_file=own, psk_identity="laptop-1")
    laptop.start_agent()
    if same:
        laptop.wait_assigned()
        assert reaches_the_internet(laptop)
        return
    problem = laptop.wait_status(lambda s: s["problem"])["problem"]
    assert "key" in problem["message"] + problem["hint"], problem
    assert "host.registered" not in gateway.text()


# --- sealed messages --------------------------------------------------------------------------


# H-020: with the right secret, over TCP and UDP
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_sealed_messages_are_used_by_both_sides(lab, transport):
    lab.start_servers()
    lab.start_gateway(gateway_config(
        auth={"required": True}, **{"[[key]]": {"id": 7, "secret_file": secret_file(lab, "gw")}}))
    laptop = lab.laptops[0]
    status = laptop.up(transport=transport, key_id=7, secret_file=secret_file(lab, "host"),
                       authentication="required")
    assert status["authenticated"] is True
    assert "authenticated" in laptop.ctl("status")
    assert reaches_the_internet(laptop)


# H-020: another secret on the other side
def test_a_wrong_secret_is_told_and_nothing_is_leased(lab):
    gateway = lab.start_gateway(gateway_config(
        auth={"required": True}, **{"[[key]]": {"id": 1, "secret_file": secret_file(lab, "gw")}}))
    laptop = lab.laptops[0]
    laptop.configure(secret_file=secret_file(lab, "host", SECRET.replace("00", "ff")),
                     authentication="required")
    laptop.start_agent()
    problem = laptop.wait_status(
        lambda s: s["problem"] and "secret" in s["problem"]["message"] + s["problem"]["hint"],
        20)["problem"]
    assert problem["exit"] in (8, 5), problem
    assert laptop.status()["leases"] == []
    assert "host.registered" not in gateway.text()
    assert "message.refused" in gateway.text()


# H-020: seals were asked for, and there are none
def test_a_gateway_without_seals_is_refused_if_authentication_is_required(lab):
    lab.start_gateway()
    laptop = lab.laptops[0]
    laptop.configure(secret_file=secret_file(lab, "host"), authentication="required")
    laptop.start_agent()
    problem = laptop.wait_status(lambda s: s["problem"], 20)["problem"]
    assert "authenticat" in problem["message"], problem
    assert problem["exit"] == 8, problem
    time.sleep(0.5)
    assert laptop.status()["leases"] == []


def test_a_host_without_a_key_gets_nothing_from_a_gateway_that_requires_one(lab):
    gateway = lab.start_gateway(gateway_config(
        auth={"required": True}, **{"[[key]]": {"id": 1, "secret_file": secret_file(lab, "gw")}}))
    laptop = lab.laptops[0]
    laptop.configure()
    laptop.start_agent()
    problem = laptop.wait_status(lambda s: s["problem"], 20)["problem"]
    assert "REGISTRATION_DENIED" in problem["message"] and problem["exit"] == 8, problem
    assert "host.registered" not in gateway.text()


# --- rsipctl ----------------------------------------------------------------------------------


# H-003, H-006: two addresses of one gateway
def test_two_whole_addresses_are_leased_and_both_used(lab):
    second = "203.0.113.11"
    lab.internet.ip("route", "add", f"{second}/32", "via", "100.64.0.2")
    lab.start_servers()
    lab.start_gateway(gateway_config({"method": "rsa-ip", "addresses": [PUBLIC, second]}))
    laptop = lab.laptops[0]
    laptop.up(method="rsa-ip", addresses=2)
    laptop.wait_status(lambda s: len(s["leases"]) == 2)
    assert {lease["address"] for lease in laptop.status()["leases"]} == {PUBLIC, second}
    for address in (PUBLIC, second):
        answer = laptop.run("curl", "-sSm", "3", "--interface", address, f"http://{WEB}/peer")
        assert answer.split()[0] == address
    assert laptop.down() == 0


# H-047: given back, and leased again, at once
def test_down_gives_everything_back_and_up_leases_again(world):
    laptop = world.laptops[0]
    before = laptop.network_state()
    laptop.up()
    laptop.ctl("down")
    laptop.wait_status(lambda s: s["state"] == "disabled")
    assert laptop.network_state() == before
    assert "reason=freed" in world.gateway_process.text()
    laptop.ctl("listen", "add", "80", expect=6)
    laptop.ctl("down")
    laptop.ctl("up")
    laptop.wait_assigned()
    assert reaches_the_internet(laptop)
    for verb in ("up", "down", "renew"):
        assert "onfigured: lab" in laptop.ctl(verb, "-g", "nowhere", expect=13)


# H-140, H-141
def test_renew_asks_for_a_new_life_now(world):
    laptop = world.laptops[0]
    bind = laptop.up()["leases"][0]["bind"]
    laptop.ctl("renew")
    wait_for("the extension", lambda: laptop.agent.text().count("lease.extended") == 1)
    laptop.ctl("renew", str(bind))
    wait_for("the extension", lambda: laptop.agent.text().count("lease.extended") == 2)
    assert [lease["bind"] for lease in laptop.status()["leases"]] == [bind]
    assert str(bind + 1000) in laptop.ctl("renew", str(bind + 1000), expect=13)


# H-043, H-044, H-149, G-34: asked at the start, and by hand
def test_the_networks_that_the_gateway_calls_local_go_direct(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config(gateway={"local_networks": ["10.2.0.0/16"]}))
    laptop = lab.laptops[0]
    laptop.up()
    laptop.wait_status(lambda s: s["local_networks"] == ["10.2.0.0/16"])
    wait_for("the route", lambda: "dev eth0" in laptop.ip("route", "get", "10.2.3.4"))
    assert "dev rsip0" in laptop.ip("route", "get", WEB)
    answer = json.loads(laptop.ctl("query", "--json", "10.2.0.0/16", "10.2.3.4", WEB))["data"]
    where = {known["what"]: known["where"] for known in answer["known"]}
    assert where["10.2.0.0/16"] == where["10.2.3.4"] == "local"
    assert where[WEB] in ("remote", "unknown")
    assert "10.2.0.0/16" in laptop.ctl("query")
    laptop.ctl("query", "nonsense", expect=2)
