"""The account of usage: right, and whole whatever happens to the agent or to its file."""

import json
import os
import signal
import socket
import sqlite3
import time

from rsiplab.lab import PUBLIC, WEB
from rsiplab.namespace import run, wait_for

A_WRITE = 62  # seconds: the agent writes once a minute


def ask(laptop, **parameters):
    """The answer to a request "usage", an error as it is."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(laptop.socket))
        lines = connection.makefile("rw")
        lines.readline()  # hello
        lines.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "usage",
                                "params": parameters}) + "\n")
        lines.flush()
        answer = json.loads(lines.readline())
    return answer.get("result", answer.get("error"))


def total(laptop, member, **parameters):
    return sum(row[member] for row in ask(laptop, **parameters)["rows"])


def download(laptop):
    laptop.run("curl", "-sS", "-m", "20", "--fail", "-o", "/dev/null", f"http://{WEB}/large")


def fill(file):
    """Bytes written more; 0 once the disk is full."""
    try:
        return file.write(bytes(4096))
    except OSError:
        return 0


def device_counters(laptop):
    """(bytes, packets) that the kernel sent into rsip0, and that it received from it."""
    line = next(line for line in laptop.run("cat", "/proc/net/dev").splitlines() if "rsip0:" in line)
    numbers = [int(number) for number in line.split(":")[1].split()]
    return (numbers[8], numbers[9]), (numbers[0], numbers[1])


def settled_traffic(laptop):
    """The tunnel's counters once nothing moves and the pump has told what did."""
    before = None
    while before != (now := laptop.status()["traffic"]):
        before = now
        time.sleep(1.2)
    return now


def test_numbers_are_those_of_the_tunnel_and_of_its_device(world):
    laptop = world.laptops[0]
    laptop.up()
    download(laptop)
    traffic = settled_traffic(laptop)
    for by in ("day", "gateway", "lease"):
        for member in ("sent_bytes", "received_bytes", "sent_packets", "received_packets"):
            assert total(laptop, member, by=by) == traffic[member]
    # The kernel counts super-packets once, so bytes of headers are missing from its numbers.
    (sent, _), (received, _) = device_counters(laptop)
    assert 0.9 * total(laptop, "received_bytes") < received <= total(laptop, "received_bytes")
    assert 0.9 * total(laptop, "sent_bytes") < sent <= total(laptop, "sent_bytes")
    assert total(laptop, "received_bytes") > 20_000_000


def test_rows_name_what_their_grouping_tells(world):
    laptop = world.laptops[0]
    bind = laptop.up()["leases"][0]["bind"]
    download(laptop)
    settled_traffic(laptop)
    today = time.strftime("%Y-%m-%d")
    [day] = ask(laptop)["rows"]
    assert (day["day"], day["gateway"], day["address"], day["bind"]) == (today, "", "", 0)
    [gateway] = ask(laptop, by="gateway")["rows"]
    assert (gateway["gateway"], gateway["address"]) == ("lab", "")
    lease = next(row for row in ask(laptop, by="lease")["rows"] if row["bind"] == bind)
    assert (lease["gateway"], lease["address"]) == ("lab", PUBLIC)
    assert ask(laptop, **{"from": "2020-01-01", "to": "2020-12-31"})["rows"] == []
    assert ask(laptop, **{"from": today, "to": today, "gateway": "lab"})["rows"] == [
        {**day, "leased_seconds": total(laptop, "leased_seconds")}]


def test_wrong_parameters_are_named(world):
    laptop = world.laptops[0]
    laptop.up()
    for parameters, said in (({"from": "24.11.2026"}, 'from: "24.11.2026" is not a date'),
                             ({"to": "2026-02-30"}, 'to: "2026-02-30" is not a date'),
                             ({"by": "week"}, 'by: "week" is no grouping'),
                             ({"from": "2026-02-02", "to": "2026-02-01"}, "from: 2026-02-02 is later"),
                             ({"gateway": "nowhere", "to": "2020-01-01"}, "no gateway named nowhere")):
        error = ask(laptop, **parameters)
        assert said in error["message"], error
        assert error["data"]["hint"]


def test_an_ordinary_stop_keeps_everything_and_leased_time_goes_on(world):
    laptop = world.laptops[0]
    laptop.up()
    download(laptop)
    traffic = settled_traffic(laptop)
    assert laptop.down() == 0
    laptop.start_agent()
    laptop.wait_assigned()
    assert total(laptop, "received_bytes") >= traffic["received_bytes"]
    seconds = total(laptop, "leased_seconds")
    time.sleep(3)
    assert 2 <= total(laptop, "leased_seconds") - seconds <= 5


def test_kill_9_loses_a_minute_at_most(world):
    laptop = world.laptops[0]
    laptop.up()
    download(laptop)
    traffic = settled_traffic(laptop)
    time.sleep(A_WRITE)
    download(laptop)
    laptop.agent.kill(signal.SIGKILL)
    laptop.agent.wait()
    laptop.start_agent()
    laptop.wait_assigned()
    answer = ask(laptop)
    assert answer["warning"] == ""
    assert answer["rows"][0]["received_bytes"] >= traffic["received_bytes"]
    assert answer["rows"][0]["leased_seconds"] >= A_WRITE - 5


def test_a_damaged_file_is_set_aside(world):
    laptop = world.laptops[0]
    laptop.state.mkdir()
    (laptop.state / "usage.sqlite").write_bytes(os.urandom(10_000))
    laptop.up()
    aside = laptop.state / f"usage.sqlite.damaged-{time.strftime('%Y-%m-%d')}"
    assert aside.exists()
    assert str(aside) in ask(laptop)["warning"]
    assert "usage.trouble" in laptop.agent.text()
    download(laptop)
    wait_for("the traffic", lambda: total(laptop, "received_bytes") > 20_000_000)
    assert laptop.down() == 0
    with sqlite3.connect(laptop.state / "usage.sqlite") as file:
        [(received,)] = file.execute("SELECT sum(received_bytes) FROM usage").fetchall()
    assert received > 20_000_000


def test_the_agent_works_without_a_place_for_its_account(world):
    laptop = world.laptops[0]
    laptop.state.write_text("a file where the directory should be")
    laptop.up()
    download(laptop)
    wait_for("the traffic", lambda: total(laptop, "received_bytes") > 20_000_000)
    assert str(laptop.state) in ask(laptop)["warning"]
    assert laptop.agent.text().count("usage.trouble") == 1
    assert laptop.down() == 0


def test_a_full_disk_is_told_and_the_agent_goes_on(world):
    laptop = world.laptops[0]
    laptop.state.mkdir()
    run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(laptop.state)])
    try:
        with open(laptop.state / "filler", "wb", buffering=0) as filler:
            while written := fill(filler):
                assert written > 0
        laptop.up()
        download(laptop)
        wait_for("the traffic", lambda: total(laptop, "received_bytes") > 20_000_000)
        assert "the account of usage is not written" in ask(laptop)["warning"]
        assert laptop.down() == 0
    finally:
        run(["umount", str(laptop.state)])


def test_two_agents_share_one_file(world):
    one, two = world.laptops
    two.state = one.state
    for laptop in (one, two):
        laptop.up()
        download(laptop)
    settled = [settled_traffic(laptop)["received_bytes"] for laptop in (one, two)]
    for laptop in (one, two):
        assert laptop.down() == 0
    with sqlite3.connect(one.state / "usage.sqlite") as file:
        [(received,)] = file.execute("SELECT sum(received_bytes) FROM usage").fetchall()
    assert received == sum(settled)
