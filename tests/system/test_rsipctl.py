"""rsipctl as scripts and shells use it: JSON against its schemas, signals, pipes, completion, manuals."""

import json
import os
import pathlib
import re
import signal
import subprocess

import jsonschema
import pytest
from rsiplab.namespace import wait_for

BIN = pathlib.Path(os.environ.get("RSIP_BIN", "build/dev/bin")).resolve()
RSIPCTL = str(BIN / "rsipctl")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHELL_TESTS = [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])]


def run(*words, **keys):
    return subprocess.run([RSIPCTL, *map(str, words)], capture_output=True, text=True, timeout=30,
                          **keys)


@pytest.fixture(scope="session")
def contract(tmp_path_factory):
    """Folder with what packaging/contract writes."""
    folder = tmp_path_factory.mktemp("contract")
    subprocess.run([str(BIN / "write_contract"), str(folder)], check=True)
    return folder


def validate(contract, text):
    """The object, after it was held against the schema that it names."""
    document = json.loads(text)
    name = document["schema"].replace("/", "-") + ".json"
    schema = json.loads((contract / "schema" / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


# --- with an agent ----------------------------------------------------------------------------

def test_what_each_verb_prints_as_json_is_of_its_schema(world, contract):
    laptop = world.laptops[0]
    laptop.up()
    bind = str(laptop.status()["leases"][0]["bind"])
    asked = [("status",), ("lease", "list"), ("lease", "show", bind), ("lease", "renew"),
             ("renew", bind), ("listen", "add", "8080"), ("listen", "list"),
             ("listen", "remove", "8080"), ("spi", "list"), ("ipsec", "status"), ("ipsec", "plan"),
             ("gateway", "list"), ("profile", "list"), ("query",), ("dns", "status"),
             ("portal", "status"), ("mtu",), ("ping",), ("stats",), ("version",), ("up",),
             ("config", "check", str(laptop.config)), ("wait", "assigned", "--timeout", "9"),
             ("gateway", "discover"), ("gateway", "probe", "10.1.0.1"), ("flow", "list"),
             ("port", "list"), ("usage",), ("usage", "--by", "lease"),
             ("route", "explain", "198.51.100.80:80"), ("route", "explain", "10.1.0.9"),
             ("lease", "request"),
             ("lease", "hold", bind), ("log",), ("log", "level", "debug", "--for", "9s"),
             ("config", "show"), ("config", "path"), ("restart",), ("down",)]
    for words in asked:
        document = validate(contract, laptop.ctl(*words, "--json"))
        assert "data" in document, words
    assert validate(contract, laptop.ctl("doctor", "--json", expect=None))["data"]["checks"]


def test_profile_use_makes_a_profile_the_one_in_use(world, contract):
    laptop = world.laptops[0]
    laptop.configure()
    with laptop.config.open("a") as config:
        config.write('[[profile]]\nname = "work"\ngateways = ["lab"]\n')
    laptop.start_agent()
    laptop.wait_assigned()
    assert "data" in validate(contract, laptop.ctl("profile", "use", "work", "--json"))
    profiles = validate(contract, laptop.ctl("profile", "list", "--json"))["data"]
    assert profiles["used"] == "work", profiles
    assert laptop.wait_assigned()["leases"]
    assert "no profile named wrok" in laptop.ctl("profile", "use", "wrok", expect=13)


def test_flows_and_ports_are_those_of_the_running_programs(world):
    laptop = world.laptops[0]
    laptop.up()
    laptop.run("curl", "-s", "--max-time", "9", "http://198.51.100.80/peer")
    flows = laptop.ctl("flow", "list").splitlines()
    assert re.search(r"tcp +203\.0\.113\.10:\d+ +198\.51\.100\.80:80 ", "\n".join(flows)), flows
    ports = json.loads(laptop.ctl("port", "list", "--json"))["data"]["ports"]
    assert {port["port"] for port in ports} == laptop.leased_ports()
    assert any(port["use"] != "free" for port in ports)


def test_what_it_finds_wrong_is_json_too(world, contract):
    laptop = world.laptops[0]
    document = validate(contract, laptop.run(RSIPCTL, "--socket", "/nowhere", "status", "--json",
                                             expect=3).splitlines()[0])
    assert document["error"]["exit"] == 3


def test_the_mtu_is_what_the_sum_says(world):
    laptop = world.laptops[0]
    laptop.up()
    report = json.loads(laptop.ctl("mtu", "--json"))["data"]
    assert report["mtu"] == report["path_mtu"] - report["overhead"] == 1480
    assert report["outer_device"] and report["outer_mtu"] == 1500


def test_ping_measures_the_gateway_and_goes_through_the_tunnel(world):
    laptop = world.laptops[0]
    laptop.up()
    assert re.search(r"answers in \d+\.\d+ \d+\.\d+ \d+\.\d+ ms", laptop.ctl("ping"))
    assert "3 received" in laptop.ctl("ping", "198.51.100.80")


def test_metrics_are_read_by_line(world):
    laptop = world.laptops[0]
    laptop.up()
    text = laptop.ctl("metrics")
    assert 'rsip_gateway_assigned{gateway="lab"} 1' in text


def test_config_check_names_line_and_key(world, tmp_path):
    laptop = world.laptops[0]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[[gateway]]\naddress = 5\n")
    complaint = laptop.ctl("config", "check", str(wrong), expect=12)
    assert "wrong.toml:2" in complaint, complaint


# --- the program by itself ----------------------------------------------------------------------

def test_a_reader_that_goes_away_ends_it_without_a_word():
    ended = subprocess.run(["bash", "-c", f"set -o pipefail; {RSIPCTL} __man | head -1"],
                           capture_output=True, text=True, timeout=30)
    assert ended.stderr == "" and ended.stdout.startswith(".TH")


def test_a_verb_that_is_not_there_exits_with_2_and_names_the_nearest():
    ended = run("statu")
    assert ended.returncode == 2
    assert "did you mean" in ended.stderr.lower() and "status" in ended.stderr
    assert run("lease", "relaese").stderr.count("\n") == 1


def test_sigint_ends_it_with_130_as_shells_see_it(tmp_path):
    """A socket that accepts and says nothing keeps rsipctl waiting."""
    import socket
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "mute.sock"))
    listener.listen()
    waiting = subprocess.Popen([RSIPCTL, "--socket", str(tmp_path / "mute.sock"), "monitor"])
    connection, _ = listener.accept()
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(timeout=10) == -signal.SIGINT  # a shell says 130
    connection.close()
    listener.close()


@pytest.mark.parametrize("shell,check", SHELL_TESTS)
def test_completion_scripts_are_valid(shell, check, tmp_path):
    script = tmp_path / f"rsipctl.{shell}"
    script.write_text(run("completion", shell).stdout)
    ended = subprocess.run([*check, str(script)], capture_output=True, text=True)
    assert ended.returncode == 0 and ended.stderr == ""


def complete(line, socket="/nowhere"):
    """What bash offers at the end of this command line."""
    words = line.split(" ")
    script = f"""
      source <({RSIPCTL} completion bash)
      complete -p rsipctl >/dev/null || exit 1
      rsipctl() {{ {RSIPCTL} "$@"; }}
      COMP_WORDS=({' '.join(repr(w) for w in words)})
      COMP_CWORD={len(words) - 1}
      RSIP_SOCKET={socket} _rsipctl
      printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 0 and ended.stderr == "", ended.stderr
    return ended.stdout.split()


def test_bash_completes_verbs_options_and_choices():
    assert complete("rsipctl sta") == ["status", "stats"]
    assert complete("rsipctl lease re") == ["request", "renew", "release"]
    assert "--unused" in complete("rsipctl lease release --")
    assert "--unused" not in complete("rsipctl lease list --")
    assert complete("rsipctl log level d") == ["debug"]
    assert complete("rsipctl --color a") == ["auto", "always"]
    assert complete("rsipctl completion f") == ["fish"]
    assert not any(word.startswith("__") for word in complete("rsipctl "))


def test_bash_asks_a_running_agent_and_nothing_else(world):
    laptop = world.laptops[0]
    assert complete("rsipctl lease show ") == []
    laptop.up()
    bind = str(laptop.status()["leases"][0]["bind"])
    assert complete("rsipctl lease show ", laptop.socket) == [bind]
    assert complete(f"rsipctl --socket {laptop.socket} up -g ") == ["lab"]


def test_fish_completes_what_bash_does(tmp_path):
    script = tmp_path / "rsipctl.fish"
    script.write_text(run("completion", "fish").stdout)
    offered = subprocess.run(
        ["fish", "-N", "-c", f"source {script}; complete -C 'rsipctl lease re'"],
        capture_output=True, text=True, env={**os.environ, "HOME": str(tmp_path)}).stdout
    assert [line.split("\t")[0] for line in offered.splitlines()] == ["release", "renew", "request"]


@pytest.mark.parametrize("page", ["rsipctl.1", "rsip-tray.1", "agent.toml.5", "rsipd.8",
                                  "rsip-contract.7"])
def test_manual_pages_are_clean(page, contract, tmp_path):
    file = SOURCE / "packaging" / "man" / page
    if page == "rsipctl.1":
        file = tmp_path / page
        file.write_text(run("__man").stdout)
    if page == "rsip-contract.7":
        file = contract / page
    ended = subprocess.run(["man", "-l", "--warnings", str(file)], capture_output=True, text=True,
                           env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    assert ended.returncode == 0 and ended.stderr == ""
    assert ended.stdout.startswith(page.rsplit(".", 1)[0].upper())


def test_the_configuration_manual_names_every_key_of_the_example():
    page = (SOURCE / "packaging/man/agent.toml.5").read_text()
    example = (SOURCE / "packaging/agent.toml").read_text()
    keys = set(re.findall(r"^(?:# )?([a-z_]+) *= ", example, re.M))
    assert len(keys) > 30
    missing = {key for key in keys if f"\\fB{key}\\fR" not in page}
    assert not missing
    sections = set(re.findall(r"^(?:# )?\[+([a-z.]+)\]+", example, re.M))
    assert not {s for s in sections if f"[{s}]" not in page}


def test_an_installation_has_what_it_needs(tmp_path):
    build = BIN.parent
    done = subprocess.run(["cmake", "--install", str(build), "--prefix", "/usr"], text=True,
                          capture_output=True, env={**os.environ, "DESTDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    for file in ("bin/rsipctl", "sbin/rsipd", "share/bash-completion/completions/rsipctl",
                 "share/zsh/vendor-completions/_rsipctl",
                 "share/fish/vendor_completions.d/rsipctl.fish", "share/man/man1/rsipctl.1",
                 "share/man/man8/rsipd.8", "share/man/man5/agent.toml.5",
                 "share/man/man7/rsip-contract.7", "share/rsip/schema/rsip.status-2.json",
                 "bin/rsip-tray", "share/man/man1/rsip-tray.1",
                 "share/applications/org.rsip.Tray.desktop",
                 "lib/systemd/system/rsipd.service", "lib/sysusers.d/rsip.conf"):
        assert (tmp_path / "usr" / file).stat().st_size > 0, file
    unit = (tmp_path / "usr/lib/systemd/system/rsipd.service").read_text()
    assert "ExecStart=/usr/sbin/rsipd --config" in unit


# --- what changes something, and what tells of it ------------------------------------------------

def test_wait_comes_back_when_it_is_so(world):
    laptop = world.laptops[0]
    laptop.configure()
    laptop.start_agent()
    wait_for("the socket", laptop.socket.exists)
    laptop.ctl("wait", "assigned", "--timeout", "10s")
    assert laptop.ctl("down", "--wait") == "Off\n"
    assert laptop.status()["state"] == "disabled"
    laptop.ctl("wait", "assigned", "--timeout", "1", expect=6)
    assert laptop.ctl("up", "--wait=10s").startswith("Assigned 203.0.113.10, 32 ports")
    laptop.ctl("restart", "--wait")
    assert laptop.status()["state"] == "assigned"


def test_leases_are_asked_for_renewed_held_and_given_back(world):
    laptop = world.laptops[0]
    first = laptop.up()["leases"][0]["bind"]
    laptop.ctl("lease", "request", "--wait")
    binds = {lease["bind"] for lease in laptop.status()["leases"]}
    assert len(binds) == 2 and first in binds
    second = str((binds - {first}).pop())
    assert f"bind {second}  203.0.113.10  ended in" in laptop.ctl("renew", second, "--wait")
    assert "extended" in laptop.ctl("lease", "show", second)
    laptop.ctl("lease", "hold", second, "--wait")
    assert "held" in laptop.ctl("lease", "list")
    laptop.ctl("lease", "release", second, "--wait")
    assert {lease["bind"] for lease in laptop.status()["leases"]} == {first}


def test_monitor_tells_as_json_lines_what_happens_until_the_agent_ends(world, contract):
    laptop = world.laptops[0]
    laptop.up()
    watching = laptop.start("monitor", RSIPCTL, "--socket", laptop.socket, "monitor", "--json")
    wait_for("the snapshot", lambda: '"snapshot"' in watching.text())
    laptop.ctl("lease", "renew", "--wait")
    assert laptop.down() == 0
    wait_for("the end", lambda: watching.process.poll() is not None)
    assert watching.process.returncode == 3
    lines = [line for line in watching.text().splitlines() if line.startswith("{")]
    documents = [validate(contract, line) for line in lines]
    assert documents[0]["type"] == "snapshot" and documents[-2]["type"] == "stopping"
    seqs = [document["seq"] for document in documents[:-1]]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert "lease_extended" in {d["data"].get("kind") for d in documents[:-1]}


def test_log_tells_its_last_lines_and_goes_on(world):
    laptop = world.laptops[0]
    laptop.up()
    assert "lease.granted" in laptop.ctl("log", "--level", "info")
    following = laptop.start("log", RSIPCTL, "--socket", laptop.socket, "log", "-f", "--lines", "1")
    wait_for("a line", lambda: following.text())
    laptop.ctl("renew")
    wait_for("the renewal", lambda: "lease.extended" in following.text())
