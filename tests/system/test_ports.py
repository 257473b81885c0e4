"""What happens when the leased ports run out."""

from rsiplab.lab import WEB, gateway_config
from rsiplab.namespace import wait_for

# Opens N connections at once and keeps them until its standard input ends; prints how many it got.
HOLD = """
import socket, sys
held = []
for _ in range(int(sys.argv[2])):
    s = socket.socket(); s.settimeout(float(sys.argv[3]))
    try:
        s.connect((sys.argv[1], 80))
        held.append(s)
    except OSError as error:
        print('failed:', error, flush=True)
print('held', len(held), flush=True)
for s in held:
    s.sendall(b'GET /peer HTTP/1.0\\r\\n\\r\\n')
    print('peer', s.recv(4096).split()[-1].decode(), flush=True)
"""


def hold(laptop, count, patience=5):
    service = laptop.start("hold", "/usr/bin/python3", "-c", HOLD, WEB, str(count), str(patience))
    service.wait(60)
    return service.text()


# H-013: twenty connections, blocks of four
def test_more_connections_than_ports_lease_another_block(world):
    laptop = world.laptops[0]
    laptop.up(ports=4)
    text = hold(laptop, 20)
    assert "held 20" in text
    ports = [int(line.split()[1]) for line in text.splitlines() if line.startswith("peer")]
    assert len(ports) == len(set(ports)) == 20
    status = laptop.status()
    assert len(status["leases"]) >= 5
    assert set(ports) <= laptop.leased_ports()


def test_the_first_packet_of_the_flow_that_waited_is_not_lost(world):
    """A lost SYN would be sent again a second later."""
    laptop = world.laptops[0]
    laptop.up(ports=1)
    text = hold(laptop, 3, patience=0.8)
    assert "held 3" in text


def test_udp_waits_for_ports_as_well(world):
    laptop = world.laptops[0]
    laptop.up(ports=1)
    answers = [laptop.run("dig", "+short", "+timeout=2", "+tries=1", "www.example.net").strip()
               for _ in range(3)]
    assert answers == [WEB] * 3


def test_growth_stops_at_max_ports_and_what_is_open_goes_on(world):
    laptop = world.laptops[0]
    laptop.up(ports=4, max_ports=8)
    text = hold(laptop, 10, patience=0.5)
    assert "held 8" in text
    assert text.count("peer") == 8
    status = laptop.status()
    assert sum(r["last"] - r["first"] + 1 for lease in status["leases"]
               for r in lease["ports"]) == 8
    assert laptop.drops().get("no_free_port", 0) > 0


def test_a_gateway_without_ports_left_refuses_growth_and_the_open_flows_go_on(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config({"ports": "2000-2003"}))
    laptop = lab.laptops[0]
    laptop.up(ports=4)
    text = hold(laptop, 6, patience=0.5)
    assert "held 4" in text
    problem = laptop.status()["problem"]
    assert problem["code"] == "no_resources"
    assert laptop.drops().get("no_free_port", 0) > 0


# G-13: the hold
def test_a_second_laptop_gets_what_the_first_one_gave_back_only_after_the_hold(lab):
    lab.start_servers()
    lab.start_gateway(gateway_config({"ports": "2000-2003"}, lease={"hold": "3s"}))
    one, two = lab.laptops
    one.up(ports=4)
    assert one.down() == 0
    two.configure(ports=4)
    two.start_agent()
    refused = two.wait_status(lambda s: s["problem"])
    assert refused["problem"]["code"] == "no_resources"
    two.wait_assigned(15)


def test_ports_of_connections_that_ended_are_used_again(world):
    laptop = world.laptops[0]
    laptop.up(ports=8, max_ports=8)
    for _ in range(4):
        assert "held 6" in hold(laptop, 6)
    wait_for("ports to be free", lambda: laptop.status()["ports"]["free"] > 0)
