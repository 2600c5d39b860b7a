"""The name under which a process holds leases, and whether the holder of another such name is still alive."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path


def own_name() -> str:
    """A name that no other process has, on this machine or another."""
    return f"{_place()}|{os.getpid()}|{secrets.token_hex(4)}"


def _place() -> str:
    """Where process numbers mean the same: the host, and the namespace of a container on it."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}{namespace}"


def is_dead(name: str, own: str) -> bool:
    """Whether the process called `name` is known to be gone. One on another machine never is: its lease must run out.

    A process with our own number and another name was here before us (containers start counting at 1 again).
    """
    host, _, rest = name.partition("|")
    number = rest.partition("|")[0]
    if name == own or host != _place() or not number.isdigit():
        return False
    pid = int(number)
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
