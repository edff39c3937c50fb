"""What several rooms' tests share: the running assistant."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from clinic.sealed import HOW_TO_GET_IT as HOW_TO_GET_AGE
from scripts.own_nginx import HOW_TO_GET_IT as HOW_TO_GET_NGINX
from scripts.own_nginx import program as nginx_program
from scripts.own_redis import HOW_TO_GET_IT as HOW_TO_GET_REDIS
from scripts.own_redis import OwnRedis
from scripts.own_redis import program as redis_program
from scripts.postgres import HOW_TO_GET_IT as HOW_TO_GET_POSTGRESQL
from scripts.postgres import Postgres
from scripts.postgres import programs as postgres_programs
from scripts.servers import Servers

LEFT_OUT = pytest.StashKey[dict[str, int]]()
# By their marker: whether the program is installed, and how to get it.
SERVERS = {
    "postgresql": (postgres_programs, HOW_TO_GET_POSTGRESQL),
    "redis": (redis_program, HOW_TO_GET_REDIS),
    "nginx": (nginx_program, HOW_TO_GET_NGINX),
    "age": (lambda: shutil.which("age"), HOW_TO_GET_AGE),
}

METRICS_TOKEN = "the-token-of-these-tests"  # noqa: S105


def pytest_collection_modifyitems(config, items):
    """Without PostgreSQL, Redis, nginx or age their tests are left out, and that is said; with
    REQUIRE_POSTGRESQL and so on, as in continuous integration, it is an error."""
    config.stash[LEFT_OUT] = {}
    for marker, (installed, how_to_get_it) in SERVERS.items():
        theirs = [item for item in items if item.get_closest_marker(marker)]
        if not theirs or installed() is not None:
            continue
        if os.environ.get(f"REQUIRE_{marker.upper()}"):
            raise pytest.UsageError(how_to_get_it)
        items[:] = [item for item in items if item not in theirs]
        config.hook.pytest_deselected(items=theirs)
        config.stash[LEFT_OUT][marker] = len(theirs)


def pytest_terminal_summary(terminalreporter, config):
    for marker, number in config.stash.get(LEFT_OUT, {}).items():
        how_to_get_it = SERVERS[marker][1]
        terminalreporter.write_line(f"{number} {marker} tests were left out. {how_to_get_it}")


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server."""
    with Postgres() as running:
        yield running


@pytest.fixture
def redis():
    """A real Redis server, which the test may stop and start."""
    with OwnRedis() as running:
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
    settings = {"METRICS_TOKEN": METRICS_TOKEN}
    with Servers(folder, clinic_file=folder / "open.yml", **settings) as running:
        yield running


@pytest.fixture(scope="session")
def closed_servers(tmp_path_factory):
    """The same for a clinic that is closed now, until the day after tomorrow at ten, and in which
    nobody sees babies: for them there are no free times."""
    folder = tmp_path_factory.mktemp("closed")
    content = yaml.load(Path("clinic.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    today = datetime.now(ZoneInfo(content["time_zone"])).date()
    closed = {"days": f"{today} to {today + timedelta(days=1)}", "reason": "a holiday"}
    content["closed_on"] = [closed]
    content["country"], content["subdivision"] = "GB", "ENG"
    content["hours"] = dict.fromkeys(content["hours"], "10:00-16:00")
    for practitioner in content["practitioners"].values():
        practitioner["patients"] = ["adult", "child"]
    (folder / "clinic.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with Servers(folder, clinic_file=folder / "clinic.yml") as running:
        yield running
