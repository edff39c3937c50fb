"""The page of figures beside stock Rasa: what holds is said, and what does not is said too."""

from __future__ import annotations

import pytest

from scripts import performance_page
from scripts.performance_page import full_training, write_page


def load(visitors, p95):
    milliseconds = {"p50": p95 / 2, "p95": p95, "p99": p95 * 2}
    return {"visitors": visitors, "turns": 9, "failed": 0, **milliseconds, "turns_a_second": 1.0}


REPORT = {
    "date": "2026-11-26",
    "cores": 2,
    "thinking": 2.0,
    "training": {
        "own": 30.0,
        "stock": {
            "seconds": 400.0,
            "epochs": 2,
            "kept": True,
            "of_an_epoch": {"DIETClassifier": 50.0},
        },
    },
    "ready": {"own": 8.0, "stock": 20.0},
    "loads": {
        "own": [load(1, 50), load(20, 200)],
        "own_rest": [load(1, 40), load(20, 150)],
        "stock": [load(1, 100), load(20, 600)],
    },
    "busy": {name: load(8, 500) for name in ("own", "own_rest", "stock")},
    "memory_mb": {
        "own": {"gateway": 100.0, "rasa": 500.0, "actions": 100.0, "worker": 80.0},
        "stock": {"rasa": 1000.0, "actions": 100.0},
    },
    "growth_ms": {"5": 20.0, "500": 25.0},
    "parts_ms": {"encoder": 3.0, "policies": 5.0},
    "installed_mb": 1500,
}


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr(performance_page, "DOCS", tmp_path)
    write_page(REPORT)
    return (tmp_path / "performance.md").read_text()


def row(page, begins):
    return next(line for line in page.splitlines() if line.startswith(f"| {begins}"))


def test_what_holds_is_said_to_hold(page):
    assert row(page, "p95 of a turn at 20 visitors, through").endswith("| < 250 ms | yes |")
    assert "2.5×" in row(page, "seconds to the first answer") and row(
        page, "seconds to the first answer"
    ).endswith("yes |")


def test_what_does_not_hold_is_said_not_to(page):
    straight = row(page, "p95 of a turn at 20 visitors, straight")
    assert "4.0×" in straight and straight.endswith("| **no** |")
    assert row(page, "memory").endswith("| **no** |")


def test_the_whole_training_is_reckoned_from_the_epochs_that_were_measured():
    assert full_training(REPORT) == 400 + 98 * 50


def test_every_load_has_a_row_and_the_charts_are_drawn(page, tmp_path):
    assert page.count("| 20 | ") == 3
    for name in ("latency", "parts"):
        assert (tmp_path / f"performance-{name}.png").stat().st_size > 5000
