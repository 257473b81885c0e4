"""Runs in the guest: each kind of tunnel between one end of ours and one of the guest's kernel.

Host, gateway and a server of the public network are network namespaces. Appends a line of JSON
for each case to $OUT/results: its name, and what went wrong ("" if nothing did).
"""

import ctypes
import fcntl
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import traceback

HOST, GATEWAY = "10.1.0.2", "10.1.0.1"
LEASED, SERVER = "198.51.100.1", "203.0.113.10"
PORTS = (40000, 32)
IDS = (0x1234, 1)  # L2TP tunnel and session, as tunnel_end has them
HOST_UDP_PORT, L2TP_PORT, ECHO_PORT = 50000, 1701, 7
MTU = {"ip-ip": 1480, "gre": 1476, "l2tp": 1462}
OUT = pathlib.Path(os.environ["OUT"])
TUNNEL_END = os.environ["TUNNEL_END"]


def run(command, check=True):
    done = subprocess.run(command, shell=True, text=True, capture_output=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def python_in(space, function, *arguments):
    """This file again, in a network namespace."""
    return subprocess.Popen(["ip", "netns", "exec", space, sys.executable, __file__, function,
                             *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            text=True)


def wait_for_line(process, line):
    got = process.stdout.readline().strip()
    if got != line:
        raise RuntimeError(f"said {got!r} instead of {line!r}")


# --- What runs in a namespace ---

def echo_server():
    """Sends back what comes, over TCP and UDP."""
    listener = socket.create_server((SERVER, ECHO_PORT))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((SERVER, ECHO_PORT))
    if os.fork() == 0:
        while True:
            data, sender = datagrams.recvfrom(65535)
            datagrams.sendto(data, sender)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        while data := connection.recv(65536):
            connection.sendall(data)
        connection.close()


def tcp_echo(local_port):
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.settimeout(20)
        client.bind((LEASED, local_port))
        client.connect((SERVER, ECHO_PORT))
        sent = os.urandom(200_000)
        got = bytearray()
        for at in range(0, len(sent), 20_000):
            client.sendall(sent[at:at + 20_000])
            while len(got) < at + 20_000:
                got += client.recv(65536)
        assert bytes(got) == sent, "TCP: other bytes came back"


def udp_echo(local_port, size):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.setsockopt(socket.IPPROTO_IP, 10, 0)  # IP_MTU_DISCOVER: large ones in fragments
        client.bind((LEASED, local_port))
        sent = os.urandom(size)
        client.sendto(sent, (SERVER, ECHO_PORT))
        assert client.recv(65535) == sent, f"UDP: other {size} bytes came back"


def client(first_port):
    first = int(first_port)
    tcp_echo(first)
    for size in (1, 1400, 4000):
        udp_echo(first + 1 if first else 0, size)
    print("ready", flush=True)


def kernel_l2tp(own, own_port, mtu):
    """A PPP device over the kernel's own L2TP. As a gateway it first waits to see the host."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((own, int(own_port)))
    udp.settimeout(20)
    print("open", flush=True)
    far = udp.recvfrom(2048)[1] if own == GATEWAY else (GATEWAY, L2TP_PORT)
    udp.connect(far)

    def connected(session):
        """A socket of AF_PPPOX for session 0, the tunnel, or a session (linux/if_pppol2tp.h)."""
        made = socket.socket(24, socket.SOCK_DGRAM, 1)
        address = struct.pack("=HIii", 24, 1, 0, udp.fileno()) + struct.pack(
            "=H2s4s8x", socket.AF_INET, struct.pack("!H", far[1]), socket.inet_aton(far[0])
        ) + struct.pack("=HHHH", IDS[0], session, IDS[0], session)
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.connect(made.fileno(), address, len(address)) != 0:
            raise OSError(ctypes.get_errno(), f"L2TP session {session}")
        return made

    tunnel, session = connected(0), connected(IDS[1])
    channel, unit = os.open("/dev/ppp", os.O_RDWR), os.open("/dev/ppp", os.O_RDWR)
    number = fcntl.ioctl(session, 0x80047437, struct.pack("i", 0))  # PPPIOCGCHAN
    fcntl.ioctl(channel, 0x40047438, number)  # PPPIOCATTCHAN
    index = fcntl.ioctl(unit, 0xC004743E, struct.pack("i", -1))  # PPPIOCNEWUNIT
    fcntl.ioctl(channel, 0x4004743A, index)  # PPPIOCCONNECT
    run(f"ip link set ppp{struct.unpack('i', index)[0]} name t0 mtu {mtu} up")
    print("ready", flush=True)
    sys.stdin.read()
    del tunnel


# --- The cases ---

def lay_out():
    run("ip netns add host; ip netns add gateway; ip netns add server")
    run("ip link add eth0 netns host type veth peer name priv netns gateway")
    run("ip link add eth0 netns server type veth peer name pub netns gateway")
    for space, device, address in (("host", "eth0", HOST), ("gateway", "priv", GATEWAY),
                                   ("gateway", "pub", "203.0.113.2"), ("server", "eth0", SERVER)):
        run(f"ip -n {space} addr add {address}/24 dev {device}; ip -n {space} link set {device} up")
        run(f"ip -n {space} link set lo up")
    run("ip -n server route add 198.51.100.0/24 via 203.0.113.2")
    run("ip netns exec gateway sysctl -qw net.ipv4.ip_forward=1")
    # A kernel with the modules of these tunnels calls a packet for a raw socket undeliverable, and
    # its ipip device believes that. No such error is sent more often than every ten minutes, which
    # is never.
    for space in ("host", "gateway"):
        run(f"ip netns exec {space} sysctl -qw net.ipv4.icmp_ratelimit=600000")
    for space in ("host", "gateway", "server"):
        run(f"ip netns exec {space} sh -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; "
            "do echo 0 >$f; done'")
    for space, to in (("host", GATEWAY), ("gateway", SERVER)):  # a slow guest has slow links
        run(f"ip netns exec {space} ping -n -c 1 -w 20 {to}")


def our_end(space, role, kind):
    own = [GATEWAY, HOST] if role == "gateway" else [GATEWAY]
    process = subprocess.Popen(
        ["ip", "netns", "exec", space, TUNNEL_END, role, kind, *own, LEASED, *map(str, PORTS)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    wait_for_line(process, "ready")
    run(f"ip -n {space} link set rsip0 mtu {MTU[kind]} up")
    return process


def kernel_end(space, kind, more):
    own, far = (HOST, GATEWAY) if space == "host" else (GATEWAY, HOST)
    if kind == "l2tp":
        port = HOST_UDP_PORT if space == "host" else L2TP_PORT
        process = python_in(space, "kernel_l2tp", own, port, MTU[kind])
        wait_for_line(process, "open")
        if space == "host":
            wait_for_line(process, "ready")
        return process
    device = {"ip-ip": "ipip", "gre": "gre"}[kind]
    run(f"ip -n {space} link add t0 type {device} local {own} remote {far} ttl 64 {more}")
    run(f"ip -n {space} link set t0 mtu {MTU[kind] - (12 if more else 0)} up")
    return None


def connect_host(device):
    run(f"ip -n host addr add {LEASED}/32 dev {device}")
    run(f"ip -n host route add 203.0.113.0/24 dev {device} src {LEASED}")


def connect_gateway(device):
    run(f"ip -n gateway route add {LEASED}/32 dev {device}")


def exchange(first_port):
    process = python_in("host", "client", first_port)
    wait_for_line(process, "ready")
    process.wait(5)
    replies = run(f"ip netns exec host ping -n -c 2 -i 0.2 -W 5 -I {LEASED} {SERVER}", check=False)
    if " 2 received" not in replies:
        raise RuntimeError(f"ping: {replies}")


def with_our_gateway(kind, more):
    processes = [our_end("gateway", "gateway", kind)]
    connect_gateway("rsip0")
    processes.append(kernel_end("host", kind, more))
    connect_host("t0")
    exchange(PORTS[0])
    return processes


def with_our_agent(kind, more):
    processes = [kernel_end("gateway", kind, more)]
    processes.append(our_end("host", "agent", kind))
    connect_host("rsip0")
    if kind == "l2tp":
        wait_for_line(processes[0], "ready")
    connect_gateway("t0")
    exchange(0)
    return processes


def clean_up():
    for space in ("host", "gateway", "server"):
        for process in run(f"ip netns pids {space}").split():
            os.kill(int(process), 9)
        run(f"ip netns del {space}")


def main():
    for name, case, kind, more in (
            ("gateway-ip-ip", with_our_gateway, "ip-ip", ""),
            ("gateway-gre", with_our_gateway, "gre", ""),
            ("gateway-gre-everything", with_our_gateway, "gre", "okey 7 ocsum oseq"),
            ("gateway-l2tp", with_our_gateway, "l2tp", ""),
            ("agent-ip-ip", with_our_agent, "ip-ip", ""),
            ("agent-gre", with_our_agent, "gre", ""),
            ("agent-gre-everything", with_our_agent, "gre", "okey 7 ocsum oseq"),
            ("agent-l2tp", with_our_agent, "l2tp", "")):
        problem = ""
        try:
            lay_out()
            wait_for_line(python_in("server", "echo_server"), "ready")
            case(kind, more)
        except Exception:
            problem = traceback.format_exc()
            problem += run("ip -n host -s addr; ip -n gateway -s addr", check=False)
        with (OUT / "results").open("a") as results:
            results.write(json.dumps({"case": name, "problem": problem}) + "\n")
        clean_up()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        globals()[sys.argv[1]](*sys.argv[2:])
    else:
        main()
