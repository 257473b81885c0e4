"""Laboratories for the tests: one with everything running, one in which a test starts what it needs."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rsiplab import Lab  # noqa: E402


@pytest.fixture
def lab():
    """Two laptops, a gateway machine and an internet; no program runs yet."""
    with Lab(os.environ["RSIP_BIN"]) as made:
        yield made


@pytest.fixture
def world(lab):
    """The laboratory with the internet's servers and the gateway running."""
    lab.start_servers()
    lab.start_gateway()
    return lab
