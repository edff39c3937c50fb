"""What several rooms' tests share: the running assistant."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from scripts.postgres import HOW_TO_GET_IT, Postgres, programs
from scripts.servers import Servers

LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config, items):
    """Without PostgreSQL its tests are left out, and that is said; with REQUIRE_POSTGRESQL, as
    in continuous integration, it is an error."""
    theirs = [item for item in items if item.get_closest_marker("postgresql")]
    if not theirs or programs() is not None:
        return
    if os.environ.get("REQUIRE_POSTGRESQL"):
        raise pytest.UsageError(HOW_TO_GET_IT)
    items[:] = [item for item in items if item not in theirs]
    config.hook.pytest_deselected(items=theirs)
    config.stash[LEFT_OUT] = len(theirs)


def pytest_terminal_summary(terminalreporter, config):
    if number := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{number} tests on PostgreSQL were left out. {HOW_TO_GET_IT}")


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server."""
    with Postgres() as running:
        yield running


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Gateway, Rasa and action server, really running, with databases of their own.

    Their clinic is open all day today: what is said must not depend on when the tests run.
    """
    folder = tmp_path_factory.mktemp("servers")
    content = yaml.load(Path("clinic.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    today = datetime.now(ZoneInfo(content["time_zone"]))
    content["hours"][f"{today:%A}".lower()] = "00:00-23:59"
    (folder / "open.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with Servers(folder, clinic_file=folder / "open.yml") as running:
        yield running


@pytest.fixture(scope="session")
def closed_servers(tmp_path_factory):
    """The same for a clinic that is closed now, until the day after tomorrow at ten."""
    folder = tmp_path_factory.mktemp("closed")
    content = yaml.load(Path("clinic.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    today = datetime.now(ZoneInfo(content["time_zone"])).date()
    closed = {"days": f"{today} to {today + timedelta(days=1)}", "reason": "a holiday"}
    content["closed_on"] = [closed]
    content["country"], content["subdivision"] = "GB", "ENG"
    content["hours"] = dict.fromkeys(content["hours"], "10:00-16:00")
    (folder / "clinic.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with Servers(folder, clinic_file=folder / "clinic.yml") as running:
        yield running
