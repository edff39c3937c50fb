"""Rasa's own tools find nothing to complain of in the training data and the test stories."""

from __future__ import annotations

import json
import subprocess
import sys

from scripts import validate
from scripts.environment import environment
from scripts.servers import PROJECT


def test_rasa_validates_the_training_data_without_a_warning():
    assert validate.warnings() == ""


def test_rasas_test_stories_go_as_written(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "rasa", "test", "core", "--stories", "tests/stories"]
        + ["--out", str(tmp_path), "--no-plot"],
        cwd=PROJECT,
        env=environment(),
        check=True,
        capture_output=True,
    )
    report = json.loads((tmp_path / "story_report.json").read_text())
    failed = (tmp_path / "failed_test_stories.yml").read_text()
    assert report["conversation_accuracy"]["total"] == 6
    assert report["conversation_accuracy"]["accuracy"] == 1.0, failed
