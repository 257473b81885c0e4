"""What is in the clipboard of an X server, by Xlib itself: Debian has no small tool that is always there."""

import ctypes

from .process import wait_for

SELECTION_NOTIFY = 31
PROPERTY = 7  # of XSelectionEvent, counted in longs
ANY_TYPE = 0


def _library():
    x = ctypes.CDLL("libX11.so.6")
    long, pointer = ctypes.c_ulong, ctypes.c_void_p
    x.XOpenDisplay.restype = pointer
    x.XDefaultRootWindow.restype = x.XCreateSimpleWindow.restype = x.XInternAtom.restype = long
    x.XInternAtom.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int]
    x.XDefaultRootWindow.argtypes = x.XCloseDisplay.argtypes = [pointer]
    x.XFlush.argtypes = [pointer]
    x.XCreateSimpleWindow.argtypes = [pointer, long, *[ctypes.c_int] * 2, *[ctypes.c_uint] * 3, long, long]
    x.XConvertSelection.argtypes = [pointer, *[long] * 5]
    x.XCheckTypedEvent.argtypes = [pointer, ctypes.c_int, pointer]
    x.XGetWindowProperty.argtypes = [pointer, long, long, ctypes.c_long, ctypes.c_long, ctypes.c_int, long,
                                     *[pointer] * 5]
    return x


def _property(x, display, window, name):
    kind, count, left = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
    bits, text = ctypes.c_int(), ctypes.c_char_p()
    x.XGetWindowProperty(display, window, name, 0, 4096, False, ANY_TYPE, *map(ctypes.byref, (
        kind, bits, count, left, text)))
    return (text.value or b"").decode()


def clipboard(display_name):
    """Its text; "" if nobody offers any."""
    x = _library()
    display = x.XOpenDisplay(display_name.encode())
    assert display, display_name
    try:
        window = x.XCreateSimpleWindow(display, x.XDefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0)
        selection, target, name = (x.XInternAtom(display, atom, False)
                                   for atom in (b"CLIPBOARD", b"UTF8_STRING", b"RSIP_TEST"))
        x.XConvertSelection(display, selection, target, name, window, 0)
        x.XFlush(display)
        event = (ctypes.c_ulong * 24)()
        if not wait_for(lambda: x.XCheckTypedEvent(display, SELECTION_NOTIFY, event), 3):
            return ""
        return _property(x, display, window, name) if event[PROPERTY] else ""
    finally:
        x.XCloseDisplay(display)
