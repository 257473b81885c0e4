"""An X server of its own, and what is seen and clicked on it."""

import os
import pathlib
import subprocess

from .process import Process, wait_for

SIZE = (1280, 900)


class Screen:
    """Xvfb with a window manager; flags: more of the server's own."""

    def __init__(self, folder, env, flags=()):
        self.folder = folder
        self.env = env
        self.children = []
        reading, writing = os.pipe()
        self.server = Process("xvfb", folder, ["Xvfb", "-displayfd", str(writing), "-screen", "0",
                                               f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp", *flags],
                              env, pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as answer:
            env["DISPLAY"] = ":" + answer.readline().strip()
        env["QT_QPA_PLATFORM"] = "xcb"
        assert any(self._manage_windows() for _ in range(3))

    def _manage_windows(self):
        """Openbox gives up if a server of the same number has just ended."""
        manager = self.start("openbox")
        wait_for(lambda: not manager.is_running() or b"window id" in self.run(
            "xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), 5)
        return manager.is_running()

    def start(self, name, *arguments):
        child = Process(name, self.folder, [name, *arguments], self.env)
        self.children.append(child)
        return child

    def start_trayer(self):
        return self.start("trayer", "--edge", "top", "--align", "right", "--widthtype", "request",
                          "--height", "32", "--tint", "0xd0d0d0")

    def run(self, *arguments):
        return subprocess.run(arguments, env=self.env, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout

    def picture(self, name):
        """Keeps what is on the screen now, for people."""
        pictures = pathlib.Path(os.environ.get("RSIP_PICTURES", self.folder))
        pictures.mkdir(parents=True, exist_ok=True)
        self.run("import", "-window", "root", str(pictures / f"{name}.png"))

    def pixels_of(self, color, box=(0, 0, *SIZE)):
        """Places of this colour, (red, green, blue), in (left, top, width, height)."""
        left, top, width, height = box
        raw = self.run("import", "-window", "root", "-depth", "8", "-crop",
                       f"{width}x{height}+{left}+{top}", "rgb:-")
        wanted = bytes(color)
        return [(left + at % width, top + at // width) for at in range(len(raw) // 3)
                if raw[3 * at:3 * at + 3] == wanted]

    def tray_pixels_of(self, color):
        return self.pixels_of(color, (SIZE[0] - 200, 0, 200, 40))

    def click(self, x, y, button=1):
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def windows(self, name="RSIP"):
        """Ids of visible windows of that title."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", name).decode().split()

    def end(self):
        for child in reversed(self.children):
            child.end()
        self.server.end()
