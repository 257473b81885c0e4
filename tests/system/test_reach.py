"""Laptops reach the internet through leased ports, and only so."""

import json
import re
import time

from rsiplab.lab import DNS, GATEWAY, PUBLIC, WEB, gateway_config
from rsiplab.namespace import run, wait_for


def curl(laptop, *arguments, expect=0):
    return laptop.run("curl", "-sS", "-m", "5", *arguments, f"http://{WEB}/peer", expect=expect)


def peer(answer):
    address, port = answer.split()
    return address, int(port)


def test_nothing_reaches_the_internet_without_a_lease(world):
    assert world.laptops[0].exit_code("curl", "-sm", "1", f"http://{WEB}/") != 0


# H-001, H-012, H-015, H-052, G-01, G-02, G-16: RSAP-IP end to end
def test_two_laptops_share_one_public_address_at_once(world):
    one, two = world.laptops
    assert one.up()["leases"][0]["address"] == PUBLIC
    assert two.up()["leases"][0]["address"] == PUBLIC
    assert not one.leased_ports() & two.leased_ports()
    loads = [laptop.start("load", "sh", "-c",
                          f"for i in $(seq 20); do curl -sS -m 5 http://{WEB}/?{laptop.number}; done")
             for laptop in world.laptops]
    for laptop, load in zip(world.laptops, loads):
        assert load.wait(20) == 0
        assert load.text().count("Hello from the internet") == 20
        seen = [entry for entry in world.web_log() if entry[2] == f"/?{laptop.number}"]
        assert len(seen) == 20
        assert {address for address, _, _ in seen} == {PUBLIC}
        assert {port for _, port, _ in seen} <= laptop.leased_ports()


# H-028: dig and curl as they are
def test_dig_resolves_over_udp_and_tcp(world):
    laptop = world.laptops[0]
    laptop.up()
    for flag in ("+notcp", "+tcp"):
        assert laptop.run("dig", "+short", flag, "www.example.net").strip() == WEB
    assert "Hello" in laptop.run("curl", "-sS", "-m", "5", "http://www.example.net/")


# H-037, G-14: two hosts at once
def test_ping_works_from_both_at_once(world):
    for laptop in world.laptops:
        laptop.up()
    pings = [laptop.start("ping", "ping", "-c", "10", "-i", "0.1", "-W", "2", WEB)
             for laptop in world.laptops]
    for ping in pings:
        assert ping.wait() == 0
        assert " 0% packet loss" in ping.text()
        assert "DUP" not in ping.text()


# H-028: curl and iperf3 as they are
def test_large_transfers_arrive_whole_in_both_directions(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.run("curl", "-sS", "-m", "20", "-o", "/dev/null", "--fail", f"http://{WEB}/large")
    for direction in ([], ["-R"]):
        report = json.loads(laptop.run("iperf3", "-c", WEB, "-t", "1", "-J", *direction))
        assert report["end"]["sum_received"]["bytes"] > 1_000_000
    report = json.loads(laptop.run("iperf3", "-c", WEB, "-t", "1", "-J", "-u", "-b", "5M", "-l",
                                   "1200"))
    assert report["end"]["sum"]["lost_percent"] < 5


# H-039, G-14: port unreachable
def test_an_icmp_error_reaches_the_program_that_caused_it(world):
    laptop = world.laptops[0]
    laptop.up()
    program = (f"import socket; s = socket.socket(type=socket.SOCK_DGRAM); "
               f"s.settimeout(3); s.connect(('{WEB}', 9)); s.send(b'x'); s.recv(1)")
    assert "ConnectionRefusedError" in laptop.run("/usr/bin/python3", "-c", program, expect=1)


def test_a_port_that_is_leased_already_is_not_rewritten(world):
    laptop = world.laptops[0]
    laptop.up()
    for port in sorted(laptop.leased_ports())[3:6]:
        assert peer(curl(laptop, "--local-port", str(port))) == (PUBLIC, port)


# H-012, H-027: an application's own port
def test_a_port_that_is_not_leased_is_mapped_to_one_that_is(world):
    laptop = world.laptops[0]
    laptop.up()
    address, port = peer(curl(laptop, "--local-port", "60001"))
    assert address == PUBLIC
    assert port in laptop.leased_ports()


# H-043: neighbours and the gateway
def test_the_private_network_stays_direct(world):
    one, two = world.laptops
    one.up()
    two.up()
    before = one.status()["traffic"]["sent_packets"]
    assert one.exit_code("ping", "-c1", "-W2", two.address) == 0
    assert one.exit_code("ping", "-c1", "-W2", GATEWAY) == 0
    assert one.status()["traffic"]["sent_packets"] == before


def test_multicast_and_link_local_stay_out_of_the_tunnel(world):
    laptop = world.laptops[0]
    laptop.up()
    for address in ("224.0.0.251", "239.255.255.250", "169.254.1.1", "10.1.0.3", "10.1.0.255"):
        assert "dev rsip0" not in laptop.ip("route", "get", address)
    assert "dev rsip0" in laptop.ip("route", "get", WEB)


# H-034: to receive takes no lease
def test_multicast_of_the_private_network_is_received_beside_the_tunnel(world):
    one, two = world.laptops
    one.up()
    group = "239.255.1.2"
    listener = one.start("group", "/usr/bin/python3", "-uc", JOIN, group, one.address)
    wait_for("the group", lambda: "joined" in listener.text())
    two.run("/usr/bin/python3", "-c", TELL, group, two.address)
    assert listener.wait() == 0
    assert f"hello from {two.address}" in listener.text()


# H-049: one address on both ends has no way out: refused at once, and nothing goes round
def test_a_neighbour_under_the_same_public_address_is_refused_at_once(world):
    one, two = world.laptops
    one.up()
    two.up()
    target = min(two.leased_ports())
    before = one.status()["traffic"]["sent_packets"]
    refused = one.run("curl", "-sS", "-m", "5", f"http://{PUBLIC}:{target}/", expect=7)
    assert "refused" in refused or "Failed to connect" in refused
    assert one.status()["traffic"]["sent_packets"] == before


# H-004, H-005: captured behind the gateway
def test_no_private_address_and_no_unleased_port_gets_to_the_public_side(world):
    capture = world.capture(world.gateway, "wan0", "public", "ip")
    for laptop in world.laptops:
        laptop.up()
        curl(laptop)
        curl(laptop, "--local-port", "60001")
        laptop.run("dig", "+short", "www.example.net")
    leased = set().union(*(laptop.leased_ports() for laptop in world.laptops))
    time.sleep(0.2)
    capture.stop()
    lines = run(["tshark", "-n", "-r", str(capture.pcap), "-T", "fields", "-E", "separator=,",
                 "-e", "ip.src", "-e", "tcp.srcport", "-e", "udp.srcport", "-Y",
                 f"ip.dst == {WEB} or ip.dst == {DNS}"]).splitlines()
    packets = [line.split(",") for line in lines if re.match(r"[\d.]+,", line)]
    assert len(packets) > 10
    assert {source for source, *_ in packets} == {PUBLIC}
    assert {int(tcp or udp) for _, tcp, udp in packets} <= leased


def test_checksums_on_the_public_side_are_right(world):
    world.gateway.run("ethtool", "-K", "wan0", "tx", "off", "tso", "off", "gso", "off")
    world.laptops[0].run("ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off")
    capture = world.capture(world.gateway, "wan0", "sums", "ip")
    laptop = world.laptops[0]
    laptop.up()
    laptop.run("curl", "-sS", "-m", "20", "-o", "/dev/null", f"http://{WEB}/large")
    laptop.run("dig", "+short", "www.example.net")
    laptop.run("ping", "-c1", WEB)
    time.sleep(0.2)
    capture.stop()
    bad = run(["tshark", "-n", "-r", str(capture.pcap), "-o", "tcp.check_checksum:TRUE", "-o",
               "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y",
               f"ip.src == {PUBLIC} and (tcp.checksum.status == 0 or udp.checksum.status == 0 or "
               "ip.checksum.status == 0 or icmp.checksum.status == 0)"])
    assert [line for line in bad.splitlines() if PUBLIC in line] == []


# H-011: asked by arping
def test_the_leased_address_is_not_answered_for_on_the_private_network(world):
    one, two = world.laptops
    one.up()
    quiet = two.run("arping", "-c", "2", "-w", "2", "-I", "eth0", PUBLIC, expect=1)
    assert "Received 0 response" in quiet
    assert "Received 1 response" in two.run("arping", "-c", "1", "-w", "2", "-I", "eth0",
                                            one.address)


def test_a_stranger_gets_no_way_in(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.start("listener", "/usr/bin/python3", "-m", "http.server", "8080")
    wait_for("the listener", lambda: ":8080" in laptop.run("ss", "-Hltn"))
    leased = min(laptop.leased_ports())
    for port in (8080, leased, 65000):
        assert world.internet.exit_code("curl", "-sm", "1", f"http://{PUBLIC}:{port}/") != 0
    assert laptop.drops().get("unsolicited", 0) > 0


# H-003, H-015, H-053, G-16: RSA-IP end to end, beside RSAP-IP
def test_rsa_ip_leases_a_whole_address_and_rewrites_nothing(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config({"method": "rsa-ip"}))
    laptop = lab.laptops[0]
    status = laptop.up(method="rsa-ip")
    assert status["leases"][0]["address"] == PUBLIC
    assert status["leases"][0]["ports"] == []
    for port in ("60001", "1023"):
        assert peer(curl(laptop, "--local-port", port)) == (PUBLIC, int(port))
    assert laptop.run("dig", "+short", "www.example.net").strip() == WEB
    assert laptop.exit_code("ping", "-c1", "-W2", WEB) == 0
    assert laptop.down() == 0


# H-175, G-39: error 313
def test_a_host_that_sends_from_a_port_it_did_not_lease_is_dropped_and_told(world):
    laptop = world.laptops[0]
    laptop.up()
    unleased = max(laptop.leased_ports()) + 500
    laptop.run("/usr/bin/python3", "-c", SPOOF, laptop.address, GATEWAY, PUBLIC, WEB, str(unleased))
    problem = laptop.wait_status(lambda s: s["problem"])["problem"]
    assert "LOCAL_ADDRPORT_UNALLOWED" in problem["message"]
    assert problem["exit"] == 8
    assert not [entry for entry in world.web_log() if entry[1] == unleased]


JOIN = """
import socket, sys
group, own = sys.argv[1:]
s = socket.socket(type=socket.SOCK_DGRAM); s.settimeout(5); s.bind((group, 5007))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
             socket.inet_aton(group) + socket.inet_aton(own))
print('joined')
data, sender = s.recvfrom(100)
print(data.decode(), 'from', sender[0])
"""

TELL = """
import socket, sys
group, own = sys.argv[1:]
s = socket.socket(type=socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
s.sendto(b'hello', (group, 5007))
"""

SPOOF = """
import socket, struct, sys
host, gateway, public, target, port = sys.argv[1:]
def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
payload = b'spoofed!'
udp = struct.pack('!HHHH', int(port), 53, 8 + len(payload), 0) + payload
head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
                   socket.inet_aton(public), socket.inet_aton(target))
head = head[:10] + struct.pack('!H', checksum(head)) + head[12:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 4)
raw.bind((host, 0))
raw.sendto(head + udp, (gateway, 0))
"""


# H-077, H-098: a second reader
def test_the_control_conversation_reads_the_same_to_tshark(world):
    capture = world.capture(world.gateway, "lan0", "control", "tcp port 4555")
    laptop = world.laptops[0]
    laptop.up()
    ports = sorted(laptop.leased_ports())
    laptop.down()
    time.sleep(0.3)
    capture.stop()
    lines = run(["tshark", "-n", "-r", str(capture.pcap), "-Y", "rsip", "-T", "fields", "-E",
                 "separator=;", "-e", "rsip.message_type", "-e", "rsip.parameter.ports.port_number",
                 "-e", "_ws.malformed"])
    types = [int(m[1], 0) for m in re.finditer(r"^(\d+);", lines, re.M)]
    assert types == [2, 3, 8, 9, 14, 15, 12, 13, 4, 5]
    assert str(ports[0]) in lines
    assert "alformed" not in lines


def test_the_servers_do_not_know_the_private_network(lab):
    """The laboratory proves something only if there is no way back to the private network."""
    assert lab.internet.exit_code("ping", "-c1", "-W1", "10.1.0.2") != 0
