"""An agent behind a socket that tells what a test says: the contract of common/ipc, version 4."""

import copy
import json
import os
import socket
import threading

CONTRACT = 4


def lease(seconds=1260, **more):
    return {"bind": 1, "address": "149.112.240.156", "ports": [{"first": 5000, "last": 5031}],
            "spis": [], "remote": "", "listening": False, "server_port": 0, "retiring": False,
            "held": False, "ports_in_use": 9, "expires_in_seconds": seconds,
            "renews_in_seconds": seconds // 2, "granted_seconds": 1800, "history": [], **more}


def gateway(state="assigned", leases=(), problem=None, **more):
    leased = 32 if leases else 0
    return {"name": "hotel", "state": state, "address": "10.20.0.1", "found_by": "configuration",
            "port": 4555, "transport": "tcp", "authenticated": False, "method": "rsap-ip",
            "tunnel": "ip-ip", "endpoint": "10.20.0.1" if leases else "",
            "device": "rsip0" if leases else "", "mtu": 1480, "client_id": 7,
            "local_policy": "macro", "remote_policy": "none", "leases": list(leases),
            "ports": {"leased": leased, "used": 9 if leases else 0, "free": leased - 9 if leases else 0,
                      "limit": 1024},
            "traffic": {"sent_packets": 0, "sent_bytes": 0, "received_packets": 0,
                        "received_bytes": 0, "drops": []},
            "local_networks": [], "ipsec": False, "problem": problem, **more}


def problem(code, message, hint="", exit_code=1):
    return {"code": code, "exit": exit_code, "message": message, "hint": hint}


def status(one, network="online", portal=""):
    return {"agent": "0.1.0", "state": one["state"], "gateways": [one],
            "network": {"state": network, "portal": portal}, "profile": "", "profiles": [],
            "started_at": "2026-11-24T12:00:00Z"}


#: What each mood of summary.h comes from; "agent_down" is no agent at all.
MOODS = {
    "off": status(gateway("disabled")),
    "no_network": status(gateway("connecting"), "none"),
    "connecting": status(gateway("registering")),
    "sign_in": status(gateway("connecting"), "sign_in", "http://portal.example/login"),
    "registered": status(gateway("registered")),
    "assigned": status(gateway(leases=[lease()])),
    "degraded": status(gateway(leases=[lease(95)], problem=problem("unreachable", "the gateway does not answer"))),
    "error": status(gateway("registering", problem=problem(
        "no_resources", "the gateway has no ports left (309)", "wait until others give some back", 9))),
}


class FakeAgent:
    """Serves in threads of its own."""

    def __init__(self, path):
        self.path = str(path)
        self.status = copy.deepcopy(MOODS["assigned"])
        self.may_change = True
        self.calls = []
        self.failure = None  # what calls get instead of an answer: a problem()
        self.seq = 0
        self.lock = threading.Lock()
        self.server = None
        self.peers = []
        self.subscribers = []
        self.come()

    def come(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen()
        threading.Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def die(self):
        """As if it was killed: the socket's file stays."""
        with self.lock:
            server, self.server = self.server, None
            peers, self.peers, self.subscribers = self.peers, [], []
        if server:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
        for peer in peers:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def become(self, mood):
        """Changes to another mood and tells it."""
        self.status = copy.deepcopy(MOODS[mood])
        self.publish("agent", {key: self.status[key] for key in ("state", "network", "profile")})
        self.publish("gateway", {"state": self.status["state"], "gateway": self.status["gateways"][0]})

    def happen(self, kind, words, **more):
        self.publish("happening", {"kind": kind, "gateway": "hotel", "bind": 1, "address": "",
                                   "words": words, "problem": None, **more})

    def publish(self, kind, data):
        with self.lock:
            self.seq += 1
            event = {"seq": self.seq, "time": "2026-11-24T12:00:00Z", "type": kind, "data": data}
            for peer in self.subscribers:
                self._say(peer, {"jsonrpc": "2.0", "method": "event", "params": event})

    def methods(self):
        return [call["method"] for call in self.calls]

    @staticmethod
    def _say(peer, message):
        try:
            peer.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            pass

    def _accept(self, server):
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with self.lock:
                self.peers.append(peer)
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        self._say(peer, {"jsonrpc": "2.0", "method": "hello",
                         "params": {"contract": CONTRACT, "agent": "0.1.0"}})
        with peer.makefile("rb") as lines:
            try:
                for line in lines:
                    self._answer(peer, json.loads(line))
            except OSError:
                pass

    def _answer(self, peer, request):
        reply = {"jsonrpc": "2.0", "id": request["id"]}
        with self.lock:
            if request["method"] == "subscribe":
                reply["result"] = {"seq": self.seq, "status": self.status, "may_change": self.may_change,
                                   "why_not": "" if self.may_change else "become a member of group rsip"}
                self._say(peer, reply)
                self.subscribers.append(peer)
                return
            self.calls.append(request)
        if self.failure:
            reply["error"] = {"code": -32000, "message": self.failure["message"], "data": self.failure}
        else:
            reply["result"] = {"done": True}
        self._say(peer, reply)
