"""Starts a User-Mode Linux guest, outside of it."""

from __future__ import annotations

import os
import pathlib
import subprocess

IPSEC_MODULES = ("bridge,esp4,ah4,xfrm_user,authenc,echainiv,seqiv,cbc,ctr,gcm,hmac,sha512_generic,"
                 "ghash-generic,drbg,jitterentropy_rng")
INIT = pathlib.Path(__file__).resolve().parent.parent / "guest_init.sh"


def boot(folder: pathlib.Path, script: pathlib.Path, seconds: float, memory: str = "256M",
         **words: str) -> None:
    """Runs `python3 script` in a guest to its end. What the script writes to OUT, its `folder`, stays.

    words   environment of the script; MODULES are loaded, a list with commas
    """
    command = ["linux.uml", f"umid={folder.name}", f"uml_dir={folder}", f"mem={memory}", "quiet",
               "rootfstype=hostfs", "rootflags=/", "rw", f"init={INIT}", "con=null",
               "con0=null,fd:1", "con1=fd:0,fd:1", f"RUN={script}", f"OUT={folder}",
               *[f"{name}={value}" for name, value in words.items()]]
    environment = {"PATH": os.environ["PATH"], "HOME": "/root", "TMPDIR": "/dev/shm"}
    with (folder / "console").open("wb") as log:
        guest = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=log, stderr=log, start_new_session=True)
        try:
            guest.wait(seconds)
        finally:
            if guest.poll() is None:
                os.killpg(guest.pid, 9)
                guest.wait()


def said(folder: pathlib.Path) -> str:
    """The guest's console and its script's output: worth reading if there is no result."""
    return "\n".join((folder / name).read_text(errors="replace")
                     for name in ("console", "log") if (folder / name).exists())
