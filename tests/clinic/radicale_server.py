"""A real CalDAV server, Radicale, for tests: started here, gone afterwards."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from itertools import count

import caldav

USER, PASSWORD = "amara", "opensesame"


class Radicale:
    """The server, as a context manager. It can be stopped, and started again where it was."""

    def __init__(self, folder):
        self._numbers = count(1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        users = folder / "users"
        users.write_text(f"{USER}:{PASSWORD}\n")
        self._config = folder / "config"
        self._config.write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {users}\nhtpasswd_encryption = plain\n"
            "delay = 0\n"
            f"[storage]\nfilesystem_folder = {folder / 'collections'}\n"
            "[logging]\nlevel = error\n"
        )
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        if self._process:
            self.stop()

    def start(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "radicale", "--config", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError("Radicale did not start")

    def stop(self):
        self._process.terminate()
        self._process.wait(30)
        self._process = None

    def new_calendar(self):
        """An empty calendar, as its owner's own program sees it."""
        client = caldav.DAVClient(
            f"http://127.0.0.1:{self.port}/", username=USER, password=PASSWORD
        )
        name = f"calendar-{next(self._numbers)}"
        return client.principal().make_calendar(name, cal_id=name)
