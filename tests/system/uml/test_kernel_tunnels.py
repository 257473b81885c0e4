"""Our ends of tunnels against those of a Linux kernel, which shares no code with us. Few machines
have the modules, so the kernel is a guest of its own: User-Mode Linux, an ordinary process."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
PATIENCE_S = 270
CASES = [f"{end}-{tunnel}" for end in ("gateway", "agent")
         for tunnel in ("ip-ip", "gre", "gre-everything", "l2tp")]


def boot(folder):
    """Runs the guest to its end; its console is worth reading if there are no results."""
    command = ["linux.uml", f"umid={folder.name}", f"uml_dir={folder}", "mem=256M", "quiet",
               "rootfstype=hostfs", "rootflags=/", "rw", f"init={FOLDER / 'guest_init.sh'}",
               "con=null", "con0=null,fd:1", "con1=fd:0,fd:1",
               f"RUN={FOLDER / 'guest_tunnels.py'}", f"OUT={folder}",
               f"TUNNEL_END={os.environ['RSIP_BIN']}/tunnel_end"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/root", "TMPDIR": "/dev/shm"}
    with (folder / "console").open("wb") as console:
        guest = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=console, stderr=console, start_new_session=True)
        try:
            guest.wait(PATIENCE_S)
        finally:
            if guest.poll() is None:
                os.killpg(guest.pid, 9)
                guest.wait()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What went wrong in each case."""
    if shutil.which("linux.uml") is None:
        pytest.skip("needs the package user-mode-linux; ./dev test brings it")
    folder = tmp_path_factory.mktemp("uml")
    boot(folder)
    if not (folder / "results").exists():
        console = (folder / "console").read_text(errors="replace")
        log = (folder / "log").read_text() if (folder / "log").exists() else ""
        pytest.fail(f"the guest has no results:\n{console}\n{log}")
    lines = (folder / "results").read_text().splitlines()
    return {line["case"]: line["problem"] for line in map(json.loads, lines)}


@pytest.mark.parametrize("case", CASES)
# H-008, G-02: the kernel's tunnels understand ours, and ours understand the kernel's
def test_a_tunnel_to_the_kernel_carries_tcp_udp_fragments_and_pings(results, case):
    assert case in results, "the guest did not get that far"
    assert not results[case], results[case]
