"""A stock Rasa project with this project's data: what the assistant is measured against.

The pipeline and the policies are those that ``rasa init`` writes; the examples, answers, rules,
stories and domain are this project's. Left out is what stock Rasa does not know: our components
and our policy, with them the lexicon's entities and the red flags, and the clinic's numbers in
the answers. It is served as its users serve it: ``rasa run`` with the REST channel, and the
same actions on Rasa's own action server.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import httpx
import yaml
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter

from nlu.report_engines import default_pipeline
from scripts.environment import environment
from scripts.servers import PROJECT, free_ports

EPOCHS_OF_INIT = 100
LEARN = ("DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy")


def config(epochs: int) -> dict[str, Any]:
    """What ``rasa init`` recommends, with other epochs: it takes ``EPOCHS_OF_INIT``."""
    return default_pipeline(epochs) | {
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {
                "name": "TEDPolicy",
                "max_history": 5,
                "epochs": epochs,
                "constrain_similarities": True,
            },
        ],
    }


class StockProject:
    """The stock project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def trained(self) -> bool:
        """Whether there is a model already."""
        return any(self.folder.glob("models/*.tar.gz"))

    def write(self, epochs: int) -> None:
        """Writes its files out of this project's data."""
        importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "data").mkdir(parents=True)
        domain = importer.get_domain()
        as_dict = {key: value for key, value in domain.as_dict().items() if key != "config"}
        as_dict["intents"] = [
            next(iter(i)) if isinstance(i, dict) else i for i in as_dict["intents"]
        ]
        (self.folder / "domain.yml").write_text(_yaml({"version": "3.1", **as_dict}))
        examples = importer.get_nlu_data().filter_training_examples(
            lambda one: bool(one.get("text"))
        )
        examples.responses = {}
        (self.folder / "data/nlu.yml").write_text(RasaYAMLWriter().dumps(examples))
        for name in ("rules", "stories"):
            shutil.copytree(PROJECT / "data" / name, self.folder / "data" / name)
        (self.folder / "config.yml").write_text(_yaml(config(epochs)))
        (self.folder / "credentials.yml").write_text("rest:\n")

    def train(self) -> tuple[float, dict[str, float]]:
        """The seconds of ``rasa train``, and those of an epoch of each part that has epochs."""
        log = self.folder / "train.log"
        began = time.perf_counter()
        with log.open("wb") as output:
            command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation"]
            subprocess.run(
                command,
                cwd=self.folder,
                env=environment(),
                stdout=output,
                stderr=output,
                check=True,
            )
        return time.perf_counter() - began, _epochs(log.read_text(errors="replace"))


class StockServers:
    """The stock project at work: Rasa and its action server. Use as a context manager."""

    def __init__(self, project: StockProject, folder: Path, clinic_file: Path) -> None:
        self.project, self.folder = project, folder
        rasa, actions = free_ports(2)
        self.url = f"http://127.0.0.1:{rasa}"
        self._actions = f"http://127.0.0.1:{actions}"
        endpoints = folder / "endpoints.yml"
        endpoints.write_text(
            f"action_endpoint:\n  url: {self._actions}/webhook\n"
            "tracker_store:\n  type: SQL\n  dialect: sqlite\n"
            f"  db: {folder / 'conversations.db'}\n"
        )
        served = f"rasa run --port {rasa} --interface 127.0.0.1 --endpoints {endpoints}".split()
        self._commands = [
            (["rasa_sdk", "--actions", "actions", "--port", f"{actions}"], PROJECT),
            (served, project.folder),
        ]
        self._settings = {
            "DATABASE_URL": f"sqlite:///{folder / 'clinic.db'}",
            "CLINIC_FILE": str(clinic_file),
            "SANIC_HOST": "127.0.0.1",
        }
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def processes(self) -> dict[str, int]:
        """The processes' ids by their names."""
        return dict(zip(("actions", "rasa"), (p.pid for p in self._running), strict=True))

    def __enter__(self) -> StockServers:
        with (self.folder / "stock.log").open("ab") as log:
            for command, place in self._commands:
                self._running.append(self._start(command, place, log))
        until = time.monotonic() + 180
        while time.monotonic() < until:
            with suppress(httpx.HTTPError):
                said = {"sender": "ready", "message": "hello"}
                address = f"{self.url}/webhooks/rest/webhook"
                if httpx.post(address, json=said, timeout=30, trust_env=False).is_success:
                    return self
            time.sleep(0.2)
        self.close()
        raise RuntimeError("the stock project did not start: " + str(self.folder / "stock.log"))

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the processes."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait()

    def _start(self, command: list[str], place: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=place,
            env={**environment(), **self._settings, "PYTHONPATH": str(PROJECT)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _epochs(log: str) -> dict[str, float]:
    """Seconds an epoch, out of the bars that Rasa draws: "Epochs: 100%|…| 3/3 [01:30<00:00, …"."""
    found: dict[str, float] = {}
    part = ""
    for line in re.split(r"[\r\n]", log):
        if started := re.search(r"Starting to train component '(\w+)'", line):
            part = started[1]
        if part in LEARN and (bar := re.search(r"(\d+)/\1 \[(?:(\d+):)?(\d+):(\d+)<", line)):
            epochs, hours, minutes, seconds = (int(number or 0) for number in bar.groups())
            found[part] = (hours * 3600 + minutes * 60 + seconds) / epochs
    return found


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
