"""The real servers with a newest model that is broken: the one before answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.models import newest_first
from scripts.servers import Servers
from scripts.visitor import Visitor


async def test_visitors_are_answered_by_the_last_good_model(tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    good = newest_first()[0]
    shutil.copy(good, models / good.name)
    (models / "newer.tar.gz").write_bytes(good.read_bytes()[:100_000])
    os.utime(models / good.name, (1, 1))
    with Servers(tmp_path, models=models) as servers:
        async with Visitor(servers.url) as visitor:
            assert "milia" in (await visitor.say("what are milia")).text.lower()
    log = (tmp_path / "rasa.log").read_text()
    assert "newer.tar.gz cannot be read" in log and "`make train`" in log


def test_without_any_model_it_ends_and_says_what_to_do(tmp_path):
    command = [sys.executable, "-m", "scripts.serve_rasa", "--model", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path.cwd(), check=False)
    assert done.returncode == 1
    assert "has no model that could be served: `make train`" in done.stderr
