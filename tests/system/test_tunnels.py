"""IP-in-IP, GRE and L2TP: each carries everything, tshark reads it, and it copes with narrow paths."""

import re
import time

import pytest
from rsiplab.lab import DNS, GATEWAY, PUBLIC, WEB, gateway_config
from rsiplab.namespace import run, wait_for

OVERHEAD = {"ip-ip": 20, "gre": 24, "l2tp": 38}
TUNNELS = pytest.mark.parametrize("tunnel", OVERHEAD)

# What tells the tunnel's packets from others, for tcpdump and for tshark.
FILTERS = {"ip-ip": ("ip proto 4", "ip.proto == 4"), "gre": ("ip proto 47", "gre"),
           "l2tp": ("udp port 1701", "l2tp")}

# Without path MTU discovery (option 10, value 0): otherwise its first answer that is larger than
# the tunnel gets lost, by design, and tells it how narrow the tunnel is.
ECHO = """
import socket, sys
s = socket.socket(type=socket.SOCK_DGRAM); s.bind((sys.argv[1], 7))
s.setsockopt(socket.IPPROTO_IP, 10, 0)
print('ready', flush=True)
while True:
    data, peer = s.recvfrom(65535)
    s.sendto(data, peer)
"""

ASK = """
import os, socket, sys
s = socket.socket(type=socket.SOCK_DGRAM); s.settimeout(3); s.connect((sys.argv[1], 7))
for size in map(int, sys.argv[2:]):
    sent = os.urandom(size)
    s.send(sent)
    try:
        assert s.recv(65535) == sent, size
    except TimeoutError:
        sys.exit(f'{size} bytes got lost')
print('same')
"""


def start(lab, *offered, **gateway):
    """Servers, and a gateway that offers these tunnels."""
    lab.start_servers()
    return lab.start_gateway(gateway_config(gateway={"tunnels": offered, **gateway}))


def curl(laptop, *arguments, path="peer", expect=0):
    return laptop.run("curl", "-sS", "--fail", "-m", "15", *arguments, f"http://{WEB}/{path}",
                      expect=expect)


def download(laptop):
    size = curl(laptop, "-o", "/dev/null", "-w", "%{size_download}", path="large")
    assert int(size) == 20_000_000


def upload(lab, laptop):
    sent = lab.folder / "web" / "large"
    name = f"put/{time.monotonic_ns()}"
    curl(laptop, "-T", str(sent), path=name)
    assert (lab.folder / "web" / name).stat().st_size == 20_000_000


def learned_mtu(host, target):
    """What a host has been told about the way to an address by ICMP; 0 if nothing."""
    told = re.search(r"mtu (\d+)", host.ip("route", "get", target))
    return int(told[1]) if told else 0


def device_mtu(laptop):
    return laptop.ip_json("link", "show", "rsip0")[0]["mtu"]


def narrow_the_lan(lab, mtu):
    for device in ("port1", "port2", "lan0"):
        lab.gateway.ip("link", "set", device, "mtu", mtu)
    for laptop in lab.laptops:
        laptop.ip("link", "set", "eth0", "mtu", mtu)


def read(pcap, display, *fields):
    """Lines of tshark's, one per packet, fields separated by semicolons."""
    wanted = [part for field in fields for part in ("-e", field)]
    lines = run(["tshark", "-n", "-r", str(pcap), "-Y", display, "-T", "fields", "-E",
                 "separator=;", *wanted]).splitlines()
    return [line for line in lines if "Running as user" not in line]


# H-010, G-02, G-50: a tunnel of each kind
@TUNNELS
def test_curl_dig_and_ping_work_through(lab, tunnel):
    start(lab, tunnel)
    laptop = lab.laptops[0]
    status = laptop.up(tunnel=tunnel)
    assert status["gateways"][0]["tunnel"] == tunnel
    address, port = curl(laptop).split()
    assert address == PUBLIC and int(port) in laptop.leased_ports()
    assert laptop.run("dig", "+short", "www.example.net").strip() == WEB
    assert laptop.exit_code("ping", "-c2", "-i0.1", "-W2", WEB) == 0
    download(laptop)
    upload(lab, laptop)


# H-040: the device's MTU
@TUNNELS
def test_the_device_has_room_for_the_tunnels_header(lab, tunnel):
    start(lab, tunnel)
    laptop = lab.laptops[0]
    status = laptop.up(tunnel=tunnel)
    assert device_mtu(laptop) == status["gateways"][0]["mtu"] == 1500 - OVERHEAD[tunnel]
    assert lab.gateway.ip_json("link", "show", "rsip0")[0]["mtu"] == 1500 - OVERHEAD[tunnel]


# H-008: a second reader of the tunnel's packets
@TUNNELS
def test_tshark_reads_what_is_on_the_private_network(lab, tunnel):
    start(lab, tunnel)
    laptop = lab.laptops[0]
    for host, device in ((laptop, "eth0"), (lab.gateway, "port1")):
        host.run("ethtool", "-K", device, "tx", "off", "tso", "off", "gso", "off")
    capture = lab.capture(lab.gateway, "lan0", "tunnel", "ip host " + laptop.address)
    laptop.up(tunnel=tunnel)
    curl(laptop)
    laptop.run("dig", "+short", "www.example.net")
    laptop.run("ping", "-c1", WEB)
    time.sleep(0.2)
    capture.stop()
    _, shown = FILTERS[tunnel]
    lines = read(capture.pcap, shown, "ip.src", "ip.dst", "tcp", "udp", "icmp")
    addresses = [tuple(part.split(",") for part in line.split(";")[:2]) for line in lines]
    inner = [(source, target) for source, target in addresses if len(source) == 2]
    assert len(inner) > 10
    assert {(*source, *target) for source, target in inner} == {
        (laptop.address, PUBLIC, GATEWAY, WEB), (laptop.address, PUBLIC, GATEWAY, DNS),
        (GATEWAY, WEB, laptop.address, PUBLIC), (GATEWAY, DNS, laptop.address, PUBLIC)}
    assert read(capture.pcap, f"({shown}) and _ws.malformed", "frame.number") == []
    assert read(capture.pcap, f"({shown}) and http.request.uri", "frame.number")
    assert read(capture.pcap, f"({shown}) and dns.a", "frame.number")
    assert read(capture.pcap, f"({shown}) and icmp.type == 0", "frame.number")
    # Nothing goes past the tunnel.
    assert read(capture.pcap, f"ip.src == {laptop.address} and ip.dst != {GATEWAY}",
                "frame.number") == []


def test_tshark_reads_the_fields_of_l2tp(lab):
    start(lab, "l2tp")
    laptop = lab.laptops[0]
    capture = lab.capture(lab.gateway, "lan0", "l2tp", "udp port 1701")
    status = laptop.up(tunnel="l2tp")["gateways"][0]
    curl(laptop)
    time.sleep(0.2)
    capture.stop()
    lines = read(capture.pcap, f"ip.dst == {GATEWAY}", "l2tp.type", "l2tp.version", "l2tp.tunnel",
                 "l2tp.session", "ppp.protocol")
    data = [line.split(";") for line in lines]
    kinds, versions, tunnels, sessions, protocols = map(set, zip(*data))
    assert kinds <= {"0", "False"} and versions == {"2"}
    assert tunnels == {str(status["client_id"] & 0xFFFF)}
    assert sessions == {str(status["leases"][0]["bind"])}
    assert {int(protocol, 0) for protocol in protocols} == {0x0021, 0xC021}


# H-121: the only one in the list
@pytest.mark.parametrize("offered", OVERHEAD)
def test_auto_takes_what_the_gateway_offers(lab, offered):
    start(lab, offered)
    laptop = lab.laptops[0]
    assert laptop.up(tunnel="auto")["gateways"][0]["tunnel"] == offered
    assert curl(laptop).split()[0] == PUBLIC


# H-104: three types at once
def test_each_laptop_has_the_tunnel_it_asks_for(lab):
    start(lab, "ip-ip", "gre", "l2tp")
    one, two = lab.laptops
    assert one.up(tunnel="gre")["gateways"][0]["tunnel"] == "gre"
    assert two.up(tunnel="l2tp")["gateways"][0]["tunnel"] == "l2tp"
    for laptop in lab.laptops:
        assert curl(laptop).split()[0] == PUBLIC
        download(laptop)


def test_a_tunnel_that_the_gateway_does_not_offer_is_refused_with_a_hint(lab):
    lab.start_gateway(gateway_config(gateway={"tunnels": ["ip-ip"]}))
    laptop = lab.laptops[0]
    laptop.configure(tunnel="gre")
    laptop.start_agent()
    problem = laptop.wait_status(lambda s: s["problem"])["problem"]
    assert "tunnel" in problem["message"] and problem["hint"]


@TUNNELS
def test_datagrams_larger_than_the_tunnel_arrive_whole_both_ways(lab, tunnel):
    start(lab, tunnel)
    laptop = lab.laptops[0]
    echo = lab.internet.start("echo", "/usr/bin/python3", "-c", ECHO, WEB)
    wait_for("the echo", lambda: "ready" in echo.text())
    laptop.up(tunnel=tunnel)
    fits = 1500 - OVERHEAD[tunnel] - 28
    sizes = (fits, fits + 1, 1472, 1473, 4000, 20000)
    assert "same" in laptop.run("/usr/bin/python3", "-c", ASK, WEB, *map(str, sizes))


# H-040: less than Ethernet
@TUNNELS
def test_a_narrow_private_network_narrows_the_tunnel(lab, tunnel):
    narrow_the_lan(lab, 1300)
    start(lab, tunnel)
    laptop = lab.laptops[0]
    capture = lab.capture(lab.gateway, "lan0", "fragments", "ip[6:2] & 0x3fff != 0")
    laptop.up(tunnel=tunnel)
    assert device_mtu(laptop) == 1300 - OVERHEAD[tunnel]
    download(laptop)
    upload(lab, laptop)
    capture.stop()
    assert read(capture.pcap, "ip", "frame.number") == []


# H-039, H-040: "fragmentation needed" from outside reaches the socket
@TUNNELS
def test_a_narrow_place_behind_the_gateway_is_found_by_path_mtu_discovery(lab, tunnel):
    start(lab, tunnel)
    lab.gateway.ip("link", "set", "wan0", "mtu", 1300)
    laptop = lab.laptops[0]
    laptop.up(tunnel=tunnel)
    upload(lab, laptop)
    assert learned_mtu(laptop, WEB) == 1300
    download(laptop)


@TUNNELS
def test_the_internet_learns_how_narrow_the_tunnel_is(lab, tunnel):
    start(lab, tunnel, mtu=1200)
    laptop = lab.laptops[0]
    laptop.up(tunnel=tunnel)
    download(laptop)
    assert learned_mtu(lab.internet, PUBLIC) == 1200
    upload(lab, laptop)


# H-040: the network changes under a running tunnel
@TUNNELS
def test_an_interface_that_becomes_narrower_narrows_the_tunnel_at_once(lab, tunnel):
    start(lab, tunnel)
    laptop = lab.laptops[0]
    laptop.up(tunnel=tunnel)
    laptop.ip("link", "set", "eth0", "mtu", 1400)
    wait_for("the device to follow", lambda: device_mtu(laptop) == 1400 - OVERHEAD[tunnel])
    assert laptop.status()["gateways"][0]["mtu"] == 1400 - OVERHEAD[tunnel]
    upload(lab, laptop)


# H-066, G-19: the tunnel ends elsewhere
@TUNNELS
def test_the_tunnel_may_end_at_another_address_than_the_control_connection(lab, tunnel):
    lab.gateway.ip("addr", "add", "10.1.0.99/24", "dev", "lan0")
    start(lab, tunnel, endpoint="10.1.0.99")
    laptop = lab.laptops[0]
    capture = lab.capture(lab.gateway, "lan0", "endpoint", FILTERS[tunnel][0])
    status = laptop.up(tunnel=tunnel)["gateways"][0]
    assert (status["address"], status["endpoint"]) == (GATEWAY, "10.1.0.99")
    assert curl(laptop).split()[0] == PUBLIC
    time.sleep(0.2)
    capture.stop()
    outer = {frozenset(address.split(",")[0] for address in line.split(";"))
             for line in read(capture.pcap, "ip", "ip.src", "ip.dst")}
    assert outer == {frozenset((laptop.address, "10.1.0.99"))}
    assert laptop.exit_code("ping", "-c1", "-W2", "10.1.0.99") == 0, "the end itself is direct"


# H-134: none is named
def test_without_an_endpoint_the_gateway_is_the_end_of_the_tunnel(lab):
    start(lab, "ip-ip")
    assert lab.laptops[0].up()["gateways"][0]["endpoint"] == GATEWAY


NAT = """
table ip nat {
  chain out { type nat hook postrouting priority srcnat; oifname "eth0" masquerade fully-random; }
}
"""


def behind_a_translator(lab):
    """A laptop whose packets to the gateway are translated on the way."""
    router = lab.add_router("nat", "10.1.0.50")
    laptop = lab.add_laptop_behind(router)
    rules = lab.folder / "nat.nft"
    rules.write_text(NAT)
    router.run("nft", "-f", rules)
    return router, laptop


def l2tp_ports(pcap):
    return {line for line in read(pcap, f"udp.dstport == 1701 and ip.dst == {GATEWAY}",
                                  "udp.srcport")}


def test_l2tp_works_behind_a_translator_and_its_new_port_is_learned(lab):
    start(lab, "ip-ip", "l2tp")
    router, laptop = behind_a_translator(lab)
    capture = lab.capture(lab.gateway, "lan0", "nat", "udp port 1701")
    laptop.up(tunnel="l2tp", address=GATEWAY)
    assert curl(laptop).split()[0] == PUBLIC
    download(laptop)
    assert laptop.exit_code("ping", "-c1", "-W2", WEB) == 0
    router.sysctl(net__netfilter__nf_conntrack_udp_timeout=1,
                  net__netfilter__nf_conntrack_udp_timeout_stream=1)
    laptop.run("ping", "-c1", "-W2", WEB)  # the shorter time holds from here
    time.sleep(2.5)
    assert laptop.exit_code("ping", "-c1", "-W2", WEB) == 0
    download(laptop)
    time.sleep(0.2)
    capture.stop()
    ports = {port.split(",")[0] for port in l2tp_ports(capture.pcap)}
    assert len(ports) >= 2, "the translator was to change the port"


def test_the_keep_alive_of_l2tp_opens_the_way_for_the_internet(lab):
    start(lab, "l2tp")
    router, laptop = behind_a_translator(lab)
    laptop.up(tunnel="l2tp", address=GATEWAY, listen=[8080])
    laptop.start("web", "/usr/bin/python3", "-m", "http.server", "8080")
    wait_for("the server", lambda: ":8080" in laptop.run("ss", "-Hltn"))
    router.sysctl(net__netfilter__nf_conntrack_udp_timeout=1,
                  net__netfilter__nf_conntrack_udp_timeout_stream=1)
    reach = lambda: lab.internet.exit_code("curl", "-sm", "1", f"http://{PUBLIC}:8080/") == 0
    laptop.run("ping", "-c1", "-W2", WEB)
    time.sleep(2.5)
    assert not reach(), "the translator was to forget"
    wait_for("the keep-alive", reach, 25)
