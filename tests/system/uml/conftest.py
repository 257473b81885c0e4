"""Tests that run inside the guest.

A file with IN_GUEST = True holds tests of which each takes the laboratory, `lab`. They are not
called here: a guest is booted once for the file, runs those that were asked for, and tells what
came of each (ipseclab/guest.py). Such a file must not import pytest: the guest reads it as well.
"""

import json
import os
import pathlib
import shutil
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
from ipseclab.boot import IPSEC_MODULES, boot, said  # noqa: E402

PATIENCE_S = 280
PROGRAMS = {"linux.uml": "user-mode-linux", "charon-systemd": "charon-systemd"}


@pytest.fixture
def lab():
    """In the guest."""


def unpacked(module) -> dict[str, str]:
    """Where the package is unpacked that a file NEEDS and that cannot be installed: its name in
    capitals is environment."""
    name = getattr(module, "NEEDS", None)
    if name is None:
        return {}
    if not os.path.isdir(os.environ.get(name, "")):
        pytest.skip(f"needs the package {name.lower()}, unpacked in ${name}; ./dev test does it")
    return {name: os.environ[name]}


@pytest.fixture(scope="module")
def guest(request, tmp_path_factory):
    """Results of the file's tests, by name."""
    for program, package in PROGRAMS.items():
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            pytest.skip(f"needs the package {package}; ./dev test brings it")
    folder = tmp_path_factory.mktemp("guest")
    file = str(request.path)
    wanted = [item.name for item in request.session.items if str(item.path) == file]
    (folder / "tests.json").write_text(json.dumps({"file": file, "tests": wanted}))
    boot(folder, FOLDER / "ipseclab" / "guest.py", PATIENCE_S, BIN=os.environ["RSIP_BIN"],
         MODULES=IPSEC_MODULES, **unpacked(request.module))
    if not (folder / "results").exists():
        pytest.fail(f"the guest has no results:\n{said(folder)}")
    lines = map(json.loads, (folder / "results").read_text().splitlines())
    return {line["test"]: line for line in lines}


def pytest_collection_modifyitems(items):
    for item in items:
        if getattr(item.module, "IN_GUEST", False):
            item.fixturenames.append("guest")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Looks the outcome up instead of calling the function."""
    if not getattr(pyfuncitem.module, "IN_GUEST", False):
        return None
    result = pyfuncitem._request.getfixturevalue("guest").get(pyfuncitem.name)
    if result is None:
        pytest.fail("the guest did not get that far")
    print(f"{result['seconds']:.1f} s in the guest")
    if result["problem"]:
        pytest.fail(result["problem"], pytrace=False)
    return True
