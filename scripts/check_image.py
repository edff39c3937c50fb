"""Runs the image's files as compose.yml would run them, without a container engine.

Each of our services of compose.yml: its command, as the image's user, with no capabilities, on a
file system that can be written in /tmp and its volumes only. Then its health check is asked, a
visitor asks something through the gateway, and a backup is taken. scripts/check_image.sh, which
``make image-check`` calls, builds the image and gives this a network of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from sqlalchemy.engine import make_url

from scripts.own_redis import OwnRedis
from scripts.postgres import Postgres
from scripts.visitor import Visitor

SERVING = ("rasa", "actions", "gateway", "worker")
VOLUMES = {"var": "/app/var", "backups": "/backups"}
PATIENCE = 240  # seconds until all are well


class Image:
    """The image's files at ``root``, and what it says of itself: user, environment, command."""

    def __init__(self, root: Path, config: dict[str, Any], folder: Path, sockets: Path) -> None:
        self._root, self._config, self._folder, self._sockets = root, config, folder, sockets
        user, group = (int(number) for number in config["User"].split(":"))
        for name in VOLUMES:
            (folder / name).mkdir()
            os.chown(folder / name, user, group)
        self._user = [f"--reuid={user}", f"--regid={group}", "--clear-groups"]

    def command(self, command: list[str], settings: dict[str, str]) -> list[str]:
        """What runs a command of the image's, as a container would."""
        environment = dict(line.split("=", 1) for line in self._config["Env"]) | settings
        values = [part for item in environment.items() for part in ("--setenv", *item)]
        volumes = [
            part
            for name, inside in VOLUMES.items()
            for part in ("--bind", str(self._folder / name), inside)
        ]
        return [
            *("bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc"),
            *("--ro-bind", str(self._root), "/", "--dev", "/dev", "--proc", "/proc"),
            *("--perms", "1777", "--tmpfs", "/tmp", *volumes, "--chdir", "/app"),  # noqa: S108
            *("--ro-bind", str(self._sockets), str(self._sockets)),
            *("--clearenv", *values),
            *("setpriv", *self._user, "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"),
            *command,
        ]


def main(root: Path, config_file: Path) -> None:
    """Says what works; stops with the last words of what does not."""
    config = json.loads(config_file.read_text(encoding="utf-8"))["Docker"]["config"]
    services = yaml.safe_load(Path("deploy/compose/compose.yml").read_text(encoding="utf-8"))
    services = services["services"]
    with ExitStack() as open_until_the_end:
        folder = Path(open_until_the_end.enter_context(TemporaryDirectory()))
        database = open_until_the_end.enter_context(Postgres()).new_database()
        settings = {
            "ASSISTANT_SECRET": "a secret of this check alone, and long",
            "DATABASE_URL": database,
            "TRACKER_URL": database,
            "REDIS_URL": open_until_the_end.enter_context(OwnRedis()).url,
            "RASA_URL": "http://127.0.0.1:5005",
            "ACTIONS_URL": "http://127.0.0.1:5055",
        }
        sockets = Path(make_url(database).query["host"])
        sockets.chmod(0o711)  # the image's user comes in by it
        image = Image(root, config, folder, sockets)
        _cannot_write_elsewhere(image)
        running = {}
        for name in SERVING:
            command = image.command(services[name].get("command", config["Cmd"]), settings)
            log = open_until_the_end.enter_context((folder / f"{name}.log").open("wb"))
            running[name] = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
            open_until_the_end.callback(running[name].kill)
        try:
            for name in SERVING:
                _wait_until_well(image, services[name], config, running[name])
                print(f"{name} is well.")
            print("A visitor is told:", asyncio.run(_told()))
            backup = services["backup"]["command"]
            one = [*backup[:-1], backup[-1].split("while ")[1].split(";")[0]]
            subprocess.run(image.command(one, settings), check=True)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            words = ((folder / f"{name}.log").read_text(errors="replace") for name in SERVING)
            sys.exit("\n".join([*(text[-2000:] for text in words), f"image-check: {error}"]))


def _cannot_write_elsewhere(image: Image) -> None:
    tries = (
        "for file in /x /app/x; do touch $file && exit 1; done; touch /tmp/x /app/var/x /backups/x"
    )
    subprocess.run(image.command(["sh", "-c", tries], {}), check=True, stderr=subprocess.DEVNULL)
    print("Only /tmp and the volumes can be written.")


def _wait_until_well(
    image: Image, service: dict[str, Any], config: dict[str, Any], process: subprocess.Popen[bytes]
) -> None:
    check = service.get("healthcheck", config["Healthcheck"])
    check = check.get("test") or check.get("Test")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode}")
        if not check:  # it has none: that it goes on is all there is to see
            return
        asked = subprocess.run(image.command(check[1:], {}), check=False, capture_output=True)
        if asked.returncode == 0:
            return
        time.sleep(2)
    raise RuntimeError(f"its health check fails: {asked.stderr.decode()[-500:]}")


async def _told() -> str:
    async with Visitor("http://127.0.0.1:8000") as visitor:
        answer = await visitor.say("what are milia?")
    if "keratin" not in answer.text:
        raise RuntimeError(f"that is no answer: {answer.text}")
    return answer.texts[-1].split("\n")[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
