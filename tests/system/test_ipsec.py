"""Leases for IPsec, without a kernel that has any: IKE daemons with user-space ESP in UDP, ike-scan, and
what the control conversation looks like. ESP itself is in uml/."""

import json
import pathlib
import re
import sys

import pytest
from rsiplab.lab import GATEWAY, PUBLIC, WEB
from rsiplab.namespace import run, wait_for

sys.path.insert(0, str(pathlib.Path(__file__).parent / "uml"))
from ipseclab.charon import Charon  # noqa: E402
from ipseclab.config import agent_toml, connection, gateway_toml, peer  # noqa: E402

COOKIE, OTHER_COOKIE = "1111222233334444", "5555666677778888"
BEHIND = "10.99.0.1"
USER_SPACE = "kernel-libipsec kernel-netlink"
SPI = re.compile(r"spi_min = (\w+)")


class IpsecLaptop:
    """A laptop of the laboratory that leases SPIs, with a charon that has ESP of its own."""

    def __init__(self, laptop):
        self.laptop = laptop
        self.inner = f"10.9.{laptop.number}.1"
        folder = laptop.folder / f"strongswan{laptop.number}"
        folder.mkdir(exist_ok=True)
        self.fragment = folder / "rsip.conf"
        self.charon = charon_in(laptop, self.fragment)

    def up(self, **ipsec):
        self.laptop.config.write_text(agent_toml(
            self.laptop.socket, self.charon.socket, self.fragment, ipsec=ipsec))
        self.laptop.start_agent()
        return self.laptop.wait_assigned()

    def spis(self):
        listed = json.loads(self.laptop.ctl("spi", "list", "--json"))["data"]["spis"]
        return {int(entry["spi"], 16) for entry in listed}

    def ports(self):
        """Leased with the SPIs."""
        return {port for lease in self.laptop.status()["leases"] if lease.get("spis")
                for block in lease["ports"] for port in range(block["first"], block["last"] + 1)}

    def wait_for_spis(self):
        wait_for("SPIs", self.spis)


def charon_in(namespace, fragment=None):
    def launch(*command):
        return namespace.start("charon.out", *command)
    return Charon(namespace.name, launch, namespace.folder, namespace.folder, fragment, USER_SPACE)


@pytest.fixture
def stage(lab):
    """The gateway that leases SPIs, a peer behind WEB, and both laptops with nothing running."""
    lab.start_gateway(gateway_toml(PUBLIC))
    lab.internet.ip("addr", "add", f"{BEHIND}/32", "dev", "lo")
    lab.peer = charon_in(lab.internet)
    lab.peer.start(install_routes="yes")
    lab.peer.load("any", peer(WEB, {"tunnel": {
        "mode": "tunnel", "local_ts": [f"{BEHIND}/32"], "remote_ts": ["10.9.0.0/16"],
        "esp_proposals": ["aes128-sha256"]}}))
    laptops = [IpsecLaptop(laptop) for laptop in lab.laptops]
    yield lab, laptops
    for charon in (lab.peer, *[each.charon for each in laptops]):
        charon.stop()


# H-210, H-212, H-220: strongSwan is told ports and SPIs, and an SPI ahead of each rekey
def test_charon_of_either_laptop_works_from_leased_ports_with_leased_spis(stage):
    lab, laptops = stage
    for each in laptops:
        each.up()
        each.wait_for_spis()
        each.laptop.ip("addr", "add", f"{each.inner}/32", "dev", "lo")
        wait_for("the fragment", each.fragment.exists)
        each.charon.start(install_routes="yes")
        each.charon.load("rsip", connection(each.laptop.number, PUBLIC, WEB, {
            "cbc": {"mode": "tunnel", "local_ts": [f"{each.inner}/32"],
                    "remote_ts": [f"{BEHIND}/32"], "esp_proposals": ["aes128-sha256"]}}))
        each.charon.initiate("cbc")
    for each in laptops:
        for ike in each.charon.ike_sas():
            assert int(ike["local-port"]) in each.ports()
        taken = each.charon.spis_in()
        assert taken and set(taken) <= each.spis()
        each.laptop.run("ping", "-c", "2", "-i", "0.2", "-W", "5", "-I", each.inner, BEHIND)
        lab.internet.run("ping", "-c", "2", "-i", "0.2", "-W", "5", "-I", BEHIND, each.inner)
        wait_for("the next SPI", lambda each=each, taken=taken: int(
            SPI.search(each.fragment.read_text())[1], 0) not in taken)
        each.charon.vici.must("rekey", child="cbc")
        wait_for("the new association", lambda each=each, taken=taken: any(
            spi not in taken for spi in each.charon.spis_in()))
        assert set(each.charon.spis_in()) <= each.spis()


def scan(laptop, cookie):
    """What ike-scan hears from the peer, asking from port 500 with this initiator cookie."""
    return laptop.run("ike-scan", "--nodns", "--sport=500", f"--cookie={cookie}", "--retry=1",
                      "--timeout=700", "--trans=7/128,4,1,14", WEB, expect=None)


# H-211, H-214, G-44: the answer finds the laptop by the cookie; nobody else can take that cookie
def test_answers_to_port_500_follow_the_cookie(stage):
    lab, laptops = stage
    for each in laptops:
        each.up(ike_port="500")
        each.wait_for_spis()
    first, second = (each.laptop for each in laptops)
    assert "1 returned handshake" in scan(first, COOKIE)
    assert "1 returned handshake" in scan(second, OTHER_COOKIE)
    assert "0 returned handshake" in scan(second, COOKIE), "it belongs to the first"
    assert "1 returned handshake" in scan(first, COOKIE)


# G-46: IKE from outside with a cookie that no host has used
def test_unknown_cookies_are_dropped_by_the_gateway(stage):
    lab, laptops = stage
    for each in laptops:
        each.up(ike_port="500")
        each.wait_for_spis()
    inside = lab.capture(lab.gateway, "lan0", "inside", "ip proto 4")
    lab.peer.stop()  # it has the port
    lab.internet.run("ike-scan", "--nodns", "--sport=500", f"--cookie={COOKIE}", "--retry=1",
                     "--timeout=500", PUBLIC, expect=None)
    inside.stop()
    assert not run(["tcpdump", "-n", "-r", str(inside.pcap)]).count(f"> {PUBLIC}.500")


# H-218, H-222, H-223, H-224: SPIs, address and ports are asked for in one message, before any IKE
def test_the_request_for_spis_reads_as_the_rfc_has_it(stage):
    lab, laptops = stage
    control = lab.capture(lab.gateway, "lan0", "control", "tcp port 4555")
    laptops[0].up()
    laptops[0].wait_for_spis()
    control.stop()
    text = run(["tshark", "-n", "-r", str(control.pcap), "-V", "-O", "rsip", "-Y", "rsip"])
    kinds = re.findall(r"Message type: (\S+)", text)
    at = kinds.index("ASSIGN_REQUEST_RSIPSEC")
    assert kinds[at + 1] == "ASSIGN_RESPONSE_RSIPEC", "as tshark spells it"
    assert kinds.count("ASSIGN_REQUEST_RSIPSEC") == 1
    assert "alformed" not in text


# H-234: IPSEC_UNALLOWED: said to the user, and everything else works
def test_a_laptop_that_may_have_no_spis_works_without(stage):
    lab, laptops = stage
    lab.gateway_process.stop()
    lab.start_gateway(gateway_toml(PUBLIC, **{"[[class]]": {
        "name": "guests", "hosts": [laptops[0].laptop.address], "ipsec": "denied"}}))
    for each in laptops:
        each.up()
    laptops[1].wait_for_spis()
    status = wait_for("the refusal", lambda: "IPSEC_UNALLOWED" in laptops[0].laptop.ctl("status")
                      and laptops[0].laptop.status())
    assert status["state"] == "assigned"
    assert laptops[0].laptop.leased_ports()
    laptops[0].laptop.run("ping", "-c", "1", "-W", "5", WEB)


# H-218, A-11: a gateway that knows no RSIPSEC is asked once
def test_a_gateway_without_ipsec_is_asked_once(stage):
    lab, laptops = stage
    lab.gateway_process.stop()
    script = lab.folder / "script"
    script.write_text(json.dumps({"match": {"message": "ASSIGN_REQUEST_RSIPSEC"},
                                  "do": {"error": 208}}) + "\n")
    lab.start_gateway(gateway_toml(PUBLIC, script={"file": str(script)}))
    control = lab.capture(lab.gateway, "lan0", "control", f"tcp port 4555 and host {GATEWAY}")
    laptops[0].up()
    laptops[0].laptop.run("ping", "-c", "3", "-i", "0.5", "-W", "5", WEB)
    control.stop()
    text = run(["tshark", "-n", "-r", str(control.pcap), "-V", "-O", "rsip", "-Y", "rsip"])
    assert text.count("Message type: ASSIGN_REQUEST_RSIPSEC") == 1
