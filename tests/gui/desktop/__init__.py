"""A desktop for tests: a screen, a session bus, hosts of tray icons, and an agent that obeys."""

from .agent import FakeAgent, MOODS
from .clipboard import clipboard
from .process import Process, wait_for
from .screen import Screen
from .services import Bus, Notifications, TrayHost

__all__ = ["Bus", "FakeAgent", "MOODS", "Notifications", "Process", "Screen", "TrayHost", "clipboard",
           "wait_for"]
