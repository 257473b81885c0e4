"""`rsipctl trace`: what Wireshark gets to see."""

import re
import signal
import subprocess

import pytest
from rsiplab.lab import WEB
from rsiplab.namespace import run, wait_for


def start_trace(laptop, file, *flags):
    trace = laptop.start("trace", laptop.lab.bin / "rsipctl", "--socket", laptop.socket, "trace",
                         "-o", file, *flags)
    wait_for(f"the trace\n{trace.text()}", lambda: "inside the tunnel" in trace.text()
             or not trace.running())
    return trace


def packets(file, display_filter):
    """(interface, source) of each packet that tshark's filter lets through."""
    lines = subprocess.run(["tshark", "-n", "-r", str(file), "-Y", display_filter, "-T", "fields",
                            "-e", "frame.interface_name", "-e", "ip.src"], text=True, check=True,
                           capture_output=True).stdout.splitlines()
    return [line.split("\t") for line in lines]


def test_control_messages_and_both_sides_of_the_tunnel_are_in_one_file(world):
    laptop = world.laptops[0]
    laptop.up()
    file = world.folder / "trace.pcapng"
    trace = start_trace(laptop, file)
    laptop.ctl("renew")
    laptop.run("curl", "-sSm", "5", f"http://{WEB}/")
    wait_for("the packets", lambda: len(packets(file, "http")) >= 4)
    trace.kill(signal.SIGINT)
    assert trace.wait() == 0
    assert re.search(r"eth0: [1-9]\d* packets\n  rsip0: [1-9]\d* packets\n", trace.text())

    control = packets(file, "rsip")
    assert ["eth0", laptop.address] in control and ["eth0", "10.1.0.1"] in control
    # The same request inside the tunnel, and wrapped on the way.
    assert [interface for interface, _ in packets(file, "http.request")] == ["rsip0", "eth0"]
    assert packets(file, "ip.proto == 4 && http.request")[0][0] == "eth0"
    about = run(["capinfos", str(file)])
    assert "Capture application: rsipctl" in about
    assert "gateway lab: 10.1.0.1:4555" in about
    assert "Time precision = nanoseconds" in about


def test_only_what_belongs_to_the_gateway_is_taken_from_the_network(world):
    laptop, other = world.laptops
    laptop.up()
    file = world.folder / "trace.pcapng"
    trace = start_trace(laptop, file)
    laptop.run("ping", "-c", "2", "-i", "0.2", other.address)
    laptop.ctl("renew")
    wait_for("the renewal", lambda: packets(file, "rsip"))
    trace.kill(signal.SIGTERM)
    assert trace.wait() == 0
    assert packets(file, "icmp") == []


def test_a_trace_ends_after_its_packets_or_its_time(world):
    laptop = world.laptops[0]
    laptop.up()
    file = world.folder / "trace.pcapng"
    trace = start_trace(laptop, file, "--packets", "3", "--seconds", "30")
    laptop.run("curl", "-sSm", "5", f"http://{WEB}/")
    assert trace.wait(5) == 0
    assert len(packets(file, "frame")) == 3
    assert "0 packets in" in laptop.ctl("trace", "-o", str(file), "--force", "--seconds", "1")


def test_a_file_is_not_overwritten_unless_asked_for(world):
    laptop = world.laptops[0]
    laptop.up()
    file = world.folder / "precious"
    file.write_text("precious")
    said = laptop.ctl("trace", "-o", str(file), "--seconds", "1", expect=2)
    assert "exists" in said and "--force" in said
    assert file.read_text() == "precious"


@pytest.mark.parametrize("flags", [["--seconds", "1"], ["--packets", "1"]])
def test_who_may_not_look_is_told_so_and_leaves_no_file(world, flags):
    laptop = world.laptops[0]
    laptop.up()
    world.folder.chmod(0o777)
    file = world.folder / "trace.pcapng"
    said = laptop.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                      world.bin / "rsipctl", "--socket", laptop.socket, "trace", "-o", file, *flags,
                      expect=4)
    assert "root" in said
    assert not file.exists()


def test_without_an_agent_there_is_nothing_to_trace(lab):
    lab.laptops[0].ctl("trace", "-o", str(lab.folder / "trace.pcapng"), expect=3)
