"""An nginx of one's own, with the site of deploy/, for tests and benchmarks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "deploy" / "compose"
HOW_TO_GET_IT = "nginx is not installed: apt-get install nginx"
LISTENS = {"site": "443 ssl", "rasa": "5005", "actions": "5055"}  # as the templates have it
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def program() -> str | None:
    """nginx; None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


def settled(servers: Mapping[str, Sequence[int]], ports: Mapping[str, int]) -> str:
    """The templates of deploy/ for this machine: the ``servers`` on their ports by their names in
    the templates, and listening on ``ports``, without TLS."""
    text = "".join(
        (TEMPLATES / f"{name}.conf.template").read_text(encoding="utf-8")
        for name in ("site", "private")
    ).replace("${SITE}", "127.0.0.1")
    # The site that sends browsers on to https is left out.
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\n\s+ssl_\w+ [^;]+;", "", text)
    for name, port in ports.items():
        text = text.replace(f"listen {LISTENS[name]};", f"listen 127.0.0.1:{port};")
    for name, theirs in servers.items():
        line = re.search(rf"server {name}:\d+([^;]*);", text)
        assert line is not None, f"no server {name} in the templates"
        each = (f"server 127.0.0.1:{port}{line[1]};" for port in theirs)
        text = text.replace(line[0], " ".join(each))
    return text


class OwnNginx:
    """Use as a context manager. ``site`` is its configuration, as from ``settled``."""

    def __init__(self, site: str) -> None:
        found = program()
        if found is None:
            raise RuntimeError(HOW_TO_GET_IT)
        self._program, self._site = found, site

    def __enter__(self) -> OwnNginx:
        self._folder = Path(tempfile.mkdtemp(prefix="milia-nginx-"))
        configuration = self._folder / "nginx.conf"
        self._write(self._site)
        self._folder.chmod(0o755)  # its workers run as another user
        command = [self._program, "-c", str(configuration), "-e", f"{self._folder}/error.log"]
        subprocess.run([*command, "-t", "-q"], check=True)
        self._process = subprocess.Popen(command)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def read(self, site: str) -> None:
        """Has it go on with another configuration."""
        self._write(site)
        self._process.send_signal(signal.SIGHUP)

    def _write(self, site: str) -> None:
        text = MAIN.format(folder=self._folder, site=site)
        (self._folder / "nginx.conf").write_text(text, encoding="utf-8")

    @property
    def process(self) -> int:
        """The id of its main process."""
        return self._process.pid
