"""`rsipctl bugreport`: what somebody who is to help gets, and what nobody gets."""

import pathlib
import re

from rsiplab.lab import PUBLIC, WEB
from rsiplab.namespace import run


def unpacked(file: pathlib.Path) -> dict[str, str]:
    """Text of each file in a report, by its name."""
    folder = file.parent / "unpacked"
    folder.mkdir()
    run(["tar", "--zstd", "-xf", str(file), "-C", str(folder)])
    root = folder / file.name.split(".")[0]
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*")
            if path.is_file()}


def test_a_report_has_what_helps_and_hides_public_addresses(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.run("curl", "-sSm", "5", f"http://{WEB}/")
    file = world.folder / "report.tar.zst"
    said = laptop.ctl("bugreport", "-o", str(file))
    files = unpacked(file)
    for name in files:
        assert name in said
    everything = "\n".join(files.values())
    assert PUBLIC not in everything
    assert not re.search(r"link/ether [0-9a-f]{2}:", everything)
    # One stand-in for one address, in all files; the private side stays.
    stand_in = re.search(r"inet (address-\d+)/32 scope global rsip0", files["network/addresses.txt"])[1]
    assert f'"address":"{stand_in}"' in files["agent/status.json"]
    assert f"src {stand_in}" in files["network/routes.txt"]
    assert laptop.address in files["network/addresses.txt"]
    assert "lookup 4555" in files["network/rules.txt"]
    assert "rsipctl 0." in files["versions.txt"] and "Linux" in files["versions.txt"]
    assert "The tunnel's device is up" in files["doctor.txt"]


def test_nothing_is_replaced_if_that_is_asked_for(world):
    laptop = world.laptops[0]
    laptop.up()
    file = world.folder / "report.tar.zst"
    assert "as they are" in laptop.ctl("bugreport", "--no-redact", "-o", str(file))
    assert PUBLIC in unpacked(file)["agent/status.json"]


def test_a_report_is_made_without_an_agent_as_well(lab):
    file = lab.folder / "report.tar.zst"
    lab.laptops[0].ctl("bugreport", "-o", str(file))
    files = unpacked(file)
    assert "no agent answers" in files["agent/status.json"]
    assert "default via" in files["network/routes.txt"]


def test_nobody_to_ask_and_no_file_named_means_no_report(lab):
    assert "--yes" in lab.laptops[0].ctl("bugreport", expect=2)
