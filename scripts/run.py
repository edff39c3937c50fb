"""Starts everything under honcho, after making sure that it can start."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping

from clinic.errors import ClinicError
from clinic.profile import load_clinic
from scripts.environment import environment


def taken(host: str, port: int) -> bool:
    """Whether some program listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def problems(settings: Mapping[str, str]) -> list[str]:
    """What would keep the assistant from starting, each with its way out."""
    found = []
    host, port = settings.get("HOST", "127.0.0.1"), settings.get("PORT", "8000")
    if not port.isdigit():
        found.append(f'PORT "{port}" is not a number: take one between 1024 and 65535.')
    elif taken(host, int(port)):
        found.append(
            f"Port {port} is taken by another program. Stop that program, "
            f"or choose another port: make run PORT={int(port) + 1}"
        )
    for process, private in (("Rasa", 5005), ("the action server", 5055)):
        if taken("127.0.0.1", private):
            found.append(
                f"Port {private}, where {process} listens, is taken. Is the assistant running "
                f"already? `ss -ltnp 'sport = :{private}'` shows the program: stop it and try "
                "again."
            )
    try:
        load_clinic(settings.get("CLINIC_FILE", "clinic.yml"))
    except ClinicError as error:
        found.append(str(error))
    return found


if __name__ == "__main__":
    settings = environment()
    if found := problems(settings):
        sys.exit("\n".join(found))
    settings.setdefault("PUBLIC_URL", f"http://127.0.0.1:{settings.get('PORT', '8000')}")
    os.execvpe(sys.executable, [sys.executable, "-m", "honcho", "start"], settings)
