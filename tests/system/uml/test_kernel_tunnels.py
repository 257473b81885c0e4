"""Our ends of tunnels against those of a Linux kernel, which shares no code with us. Few machines
have the modules, so the kernel is a guest of its own: User-Mode Linux, an ordinary process."""

import json
import os
import pathlib
import shutil

import pytest
from ipseclab.boot import boot, said

FOLDER = pathlib.Path(__file__).resolve().parent
PATIENCE_S = 270
CASES = [f"{end}-{tunnel}" for end in ("gateway", "agent")
         for tunnel in ("ip-ip", "gre", "gre-everything", "l2tp")]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What went wrong in each case."""
    if shutil.which("linux.uml") is None:
        pytest.skip("needs the package user-mode-linux; ./dev test brings it")
    folder = tmp_path_factory.mktemp("uml")
    boot(folder, FOLDER / "guest_tunnels.py", PATIENCE_S, MODULES="ipip,ip_gre,ppp_generic,l2tp_ppp",
         TUNNEL_END=f"{os.environ['RSIP_BIN']}/tunnel_end")
    if not (folder / "results").exists():
        pytest.fail(f"the guest has no results:\n{said(folder)}")
    lines = (folder / "results").read_text().splitlines()
    return {line["case"]: line["problem"] for line in map(json.loads, lines)}


@pytest.mark.parametrize("case", CASES)
# H-008, G-02: the kernel's tunnels understand ours, and ours understand the kernel's
def test_a_tunnel_to_the_kernel_carries_tcp_udp_fragments_and_pings(results, case):
    assert case in results, "the guest did not get that far"
    assert not results[case], results[case]
