#!/usr/bin/python3
"""Fails if a folder includes what it may not use. The table is the architecture; each row is the
complete list. "system" stands for headers of the kernel and of POSIX."""

import pathlib
import re
import subprocess
import sys

STANDARD = re.compile(r"[a-z_]+")  # <vector>, <cstdint>: for everybody

# folder: (folders of this project, libraries, why no more)
RULES = {
    "common/base": ([], ["tl"], "the bottom of everything: pure values"),
    "common/config": (["common/base"], ["toml++"], "reads typed values and says what is wrong where"),
    "common/rsip": (["common/base"], [], "the codec is pure: bytes in, message out"),
    "common/auth": (["common/base", "common/rsip"], ["openssl"],
                    "seals are arithmetic: secrets, counters and bytes come from the caller"),
    "common/packet": (["common/base"], [], "packet arithmetic is pure"),
    "common/ipc": (["common/base"],
                   ["boost/json", "boost/describe", "boost/mp11", "boost/preprocessor", "boost/system"],
                   "the contract knows neither sockets nor the agent"),
    "agent/control": (["common/base", "common/rsip"], [],
                      "the brain does no I/O: no socket, timer, thread, clock or log"),
    "agent/platform": (["common/base", "common/packet"], [], "interfaces only, no kernel header"),
    "common/slp": (["common/base"], [], "the codec is pure: bytes in, message out"),
    "agent/discovery": (["common/base", "common/slp"], ["boost/asio", "boost/system", "system"],
                        "finding a gateway knows nothing of the protocol spoken with it"),
    "agent/transport": (["common/auth", "common/base", "common/rsip"],
                        ["boost/asio", "boost/system", "openssl", "system"],
                        "a link moves messages and decides nothing"),
    "agent/datapath": (["common/base", "common/packet", "agent/platform"], ["boost/intrusive", "system"],
                       "the pump waits on descriptors; packets pass through agent/platform alone"),
    "agent/linux": (["common/base", "common/packet", "agent/platform"],
                    ["boost/asio", "boost/system", "system", "netlink", "linux", "net", "nftables"],
                    "the only folder that knows Linux"),
    "agent/ipsec": (["common/base", "agent/platform"], ["boost/asio", "boost/system", "system"],
                    "IPsec's coordination sees the kernel through agent/platform, and IKE by VICI"),
    "agent/ipc": (["common/base", "common/ipc"], ["boost/asio", "boost/system", "system", "systemd"],
                  "the server knows the contract, not the agent; logind says who is in front"),
    "agent/usage": (["common/base"], ["sqlite3.h", "system"],
                    "an account of numbers: it knows neither gateways nor the contract"),
    "agent/app": (["common/base", "common/config", "common/packet", "common/rsip", "common/ipc",
                   "agent/control", "agent/discovery", "agent/transport", "agent/platform",
                   "agent/datapath", "agent/ipsec", "agent/usage"],
                  ["boost/asio", "boost/system", "spdlog"],
                  "the composition root sees interfaces; main.cpp hands it the real machine"),
    "agent/cli": (["common/base", "common/ipc", "agent/cli/command", "agent/cli/verbs"], ["system"],
                  "rsipctl is a client like any other"),
    "agent/cli/command": (["common/base", "common/ipc", "agent/cli"], ["CLI"],
                          "the table's types and the only parser; the context asks the agent"),
    "agent/cli/verbs": (["common/base", "common/ipc", "agent/cli", "agent/cli/bugreport",
                         "agent/cli/command", "agent/cli/doctor", "agent/cli/host",
                         "agent/cli/shell", "agent/cli/trace"],
                        ["system"], "a verb asks, and has a text of agent/cli printed"),
    "agent/cli/shell": (["common/base", "common/ipc", "agent/cli", "agent/cli/command"], [],
                        "completion and manual are pure texts of the table"),
    "agent/cli/host": (["common/base"], ["system"],
                       "programs and files of this machine, for what looks at it"),
    "agent/cli/doctor": (["common/base", "common/ipc", "agent/cli", "agent/cli/host"],
                         ["boost/json", "boost/system", "system"],
                         "checks are pure; fact_reader and probes look, at what `ip` prints as well"),
    "agent/cli/bugreport": (["common/base", "common/ipc", "agent/cli", "agent/cli/doctor",
                             "agent/cli/host"], ["archive.h", "archive_entry.h", "system"],
                            "collects what others print and writes it; knows no kernel interface"),
    "agent/cli/trace": (["common/base", "common/ipc", "agent/cli", "agent/cli/doctor",
                         "agent/cli/host"], ["pcap", "system"],
                        "libpcap captures, the writer of pcapng is pure"),
    "agent": (["common/base", "common/config", "common/ipc", "agent/app", "agent/discovery",
               "agent/datapath", "agent/ipc", "agent/ipsec", "agent/linux", "agent/platform",
               "agent/transport", "agent/control", "agent/usage", "common/rsip"],
              ["boost/asio", "boost/system", "CLI", "spdlog", "system", "systemd"],
              "main.cpp puts the real machine under the agent"),
    "gui/agent": (["common/base", "common/ipc"], ["Q"], "a client of the agent like rsipctl"),
    "gui/settings": ([], ["Q"], "preferences know nothing of the agent"),
    "gui/text": (["common/base", "common/ipc", "gui/models"], ["Q"], "sentences are pure: state in, words out"),
    "gui/style": (["common/ipc", "gui/settings"], ["Q"], "pictures and colours, not what they stand for"),
    "gui/tray": (["common/base", "common/ipc", "gui/agent", "gui/models", "gui/settings", "gui/style",
                  "gui/text"], ["Q", "xcb", "system"], "the tray works without the window"),
    "gui/models": (["common/base", "common/ipc"], ["Q"], "what is shown, without how it looks"),
    "gui/plots": (["gui/models"], ["Q"], "paints models; asks nobody"),
    "gui/window": (["common/base", "common/ipc", "gui/agent", "gui/models", "gui/plots",
                    "gui/settings", "gui/style", "gui/text"], ["Q", "system"],
                   "pages ask the mirror and show models"),
    "gui": (["common/base", "common/ipc", "gui/agent", "gui/models", "gui/settings", "gui/style",
             "gui/tray", "gui/window"], ["Q", "system"], "main.cpp puts the parts together"),
    "tests/gateway": (["common/auth", "common/base", "common/config", "common/ipc", "common/rsip",
                       "common/packet", "common/slp"],
                      ["boost/asio", "boost/json", "boost/system", "CLI", "spdlog", "toml++", "tins", "system",
                       "netlink", "linux", "net", "openssl"],
                      "the gateway is the second reading of the RFC: it shares common/ alone"),
}
SYSTEM = re.compile(r"(sys|netinet|arpa)/.*\.h|(unistd|fcntl|grp|poll|pwd|signal|errno|time|pthread|ifaddrs|netdb)\.h")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def rule_for(path: pathlib.PurePath) -> str | None:
    """The deepest folder of the table that holds the file."""
    for folder in path.parents:
        if str(folder) in RULES:
            return str(folder)
    return None


def library_of(header: str) -> str:
    if SYSTEM.fullmatch(header):
        return "system"
    return header


def allowed(header: str, quoted: bool, folder: str) -> bool:
    folders, libraries, _ = RULES[folder]
    if quoted:
        return any(str(pathlib.PurePath(header).parent) == f or
                   (f == folder and header.startswith(f"{f}/")) for f in [folder, *folders])
    if STANDARD.fullmatch(header):
        return True
    return any(library_of(header) in (library, f"{library}.hpp") or
               header.startswith(f"{library}/") or
               (library == "Q" and re.fullmatch(r"Q[A-Z]\w+", header)) for library in libraries)


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.h", "*.cpp"],
                           cwd=root, check=True, text=True, capture_output=True).stdout.split()
    broken = checked = 0
    for name in files:
        path = pathlib.PurePath(name)
        folder = rule_for(path)
        if path.parts[0] in ("common", "agent") and folder is None:
            print(f"{name}: its folder has no row in {pathlib.Path(__file__).name}")
            broken += 1
        if folder is None:
            continue
        for number, line in enumerate((root / name).read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            checked += 1
            if not allowed(found[2], found[1] == '"', folder):
                print(f"{name}:{number}: {folder} may not include {found[2]}: {RULES[folder][2]}")
                broken += 1
    print(f"{checked} includes in {len(files)} files, {broken} not allowed")
    return 1 if broken or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
