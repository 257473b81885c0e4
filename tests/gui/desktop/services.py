"""A session bus with the services of a desktop that a tray program talks to."""

import asyncio
import os
import pathlib
import threading

from dbus_next import PropertyAccess, Variant
from dbus_next.aio import MessageBus
from dbus_next.service import ServiceInterface, dbus_property, method, signal

from .process import Process, wait_for

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
CONFIG = """<busconfig>
  <include>/usr/share/dbus-1/session.conf</include>
  <policy context="default">%s</policy>
</busconfig>"""


class Bus:
    """A bus of its own, and a loop on which services live; one for everybody is not only for the
    programs of this user."""

    def __init__(self, folder, env, for_everybody=False):
        config = pathlib.Path(folder) / "bus.conf"
        config.write_text(CONFIG % ("<allow user='*'/>" if for_everybody else ""))
        reading, writing = os.pipe()
        self.daemon = Process("bus", folder, ["dbus-daemon", f"--config-file={config}", "--nofork",
                                              "--nopidfile", f"--print-address={writing}"], env, pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.address = answer.readline().strip()
        env["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do(self, work, seconds=10):
        """What the coroutine returns."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    async def connect(self):
        return await MessageBus(bus_address=self.address).connect()

    def call(self, service, path, interface, name, *arguments):
        async def work():
            bus = await self.connect()
            try:
                proxy = bus.get_proxy_object(service, path, await bus.introspect(service, path))
                return await getattr(proxy.get_interface(interface), f"call_{name}")(*arguments)
            finally:
                bus.disconnect()
        return self.do(work())

    def end(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.daemon.end()


class _Watcher(ServiceInterface):
    def __init__(self, has_host):
        super().__init__(WATCHER)
        self.items = []
        self.has_host = has_host

    @method()
    def RegisterStatusNotifierItem(self, service: "s"):
        self.items.append(service)
        self.StatusNotifierItemRegistered(service)

    @method()
    def RegisterStatusNotifierHost(self, service: "s"):
        self.has_host = True
        self.StatusNotifierHostRegistered()

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> "as":
        return self.items

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> "b":
        return self.has_host

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> "i":
        return 0

    @signal()
    def StatusNotifierItemRegistered(self, service) -> "s":
        return service

    @signal()
    def StatusNotifierHostRegistered(self):
        return


class TrayHost:
    """A StatusNotifierWatcher that reads what is shown to it."""

    def __init__(self, bus, has_host=True):
        self.bus = bus
        self.watcher = _Watcher(has_host)
        self.connection = bus.do(self._serve())

    async def _serve(self):
        connection = await self.bus.connect()
        connection.export("/StatusNotifierWatcher", self.watcher)
        await connection.request_name(WATCHER)
        return connection

    def bring_host(self):
        """Until now there was a watcher, but nobody who shows icons."""
        async def work():
            self.watcher.RegisterStatusNotifierHost("org.example.Host")
        self.bus.do(work())

    @property
    def items(self):
        return list(self.watcher.items)

    def item(self):
        """Properties of the last one, or nothing yet."""
        if not wait_for(lambda: self.items):
            return None
        found = self.bus.call(self.items[-1], "/StatusNotifierItem", "org.freedesktop.DBus.Properties",
                              "get_all", ITEM)
        return {name: value.value for name, value in found.items()}

    def tooltip(self):
        return self.item()["ToolTip"][2]

    def activate(self):
        self.bus.call(self.items[-1], "/StatusNotifierItem", ITEM, "activate", 10, 10)

    def menu(self):
        """Visible entries: [(id, label, enabled)]."""
        path = self.item()["Menu"]
        layout = self.bus.call(self.items[-1], path, "com.canonical.dbusmenu", "get_layout", 0, -1, [])
        entries = []
        for child in layout[1][2]:
            number, properties, _ = child.value
            values = {name: value.value for name, value in properties.items()}
            if values.get("type") != "separator" and values.get("visible", True):
                entries.append((number, values.get("label", ""), values.get("enabled", True)))
        return entries

    def choose(self, label):
        number = next(entry[0] for entry in self.menu() if entry[1].replace("_", "") == label)
        self.bus.call(self.items[-1], self.item()["Menu"], "com.canonical.dbusmenu", "event", number,
                      "clicked", Variant("i", 0), 0)

    def end(self):
        self.connection.disconnect()


class _Notifications(ServiceInterface):
    def __init__(self, capabilities):
        super().__init__("org.freedesktop.Notifications")
        self.capabilities = capabilities
        self.shown = []
        self.closed = []
        self.last = 0

    @method()
    def GetCapabilities(self) -> "as":
        return self.capabilities

    @method()
    def Notify(self, app: "s", replaces: "u", icon: "s", title: "s", body: "s", actions: "as",
               hints: "a{sv}", timeout: "i") -> "u":
        if not replaces:
            self.last += 1
        number = replaces or self.last
        self.shown.append({"id": number, "replaces": replaces, "title": title, "body": body,
                           "actions": dict(zip(actions[::2], actions[1::2])),
                           "urgency": hints["urgency"].value})
        return number

    @method()
    def CloseNotification(self, number: "u"):
        self.closed.append(number)
        self.NotificationClosed(number, 3)

    @signal()
    def NotificationClosed(self, number, why) -> "uu":
        return [number, why]

    @signal()
    def ActionInvoked(self, number, key) -> "us":
        return [number, key]


class Notifications:
    """A notification service that keeps what it was asked to show."""

    def __init__(self, bus, capabilities=("actions", "body")):
        self.bus = bus
        self.service = _Notifications(list(capabilities))
        self.connection = bus.do(self._serve())

    async def _serve(self):
        connection = await self.bus.connect()
        connection.export("/org/freedesktop/Notifications", self.service)
        await connection.request_name("org.freedesktop.Notifications")
        return connection

    @property
    def shown(self):
        return list(self.service.shown)

    @property
    def closed(self):
        return list(self.service.closed)

    def titled(self, title):
        """The last one of that title, once it is there."""
        return wait_for(lambda: next((one for one in reversed(self.shown) if one["title"] == title), None))

    def press(self, notice, label):
        key = next(key for key, text in notice["actions"].items() if text == label and key != "default")

        async def work():
            self.service.ActionInvoked(notice["id"], key)
        self.bus.do(work())

    def end(self):
        self.connection.disconnect()
