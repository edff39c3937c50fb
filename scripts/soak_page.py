"""What a soak asks for and whether it got it: docs/soak.json, its chart, its words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot as plt

DOCS = Path("docs")
COLOURS = {"rasa": "#0b6e6e", "gateway": "#b5651d", "actions": "#666666", "worker": "#8a6fb0"}
BESIDE = {"rasa": -6, "gateway": 4, "actions": -14, "worker": -32}  # where a line's name stands
WARM_UP = 6.0  # of the day's 24 hours: caches fill, every answer is said for the first time
MOST_MEMORY = 5.0  # per cent of what a process holds that a day may add to it
MOST_FILES = 10.0  # that a day may add to those a process has open


def growth(hours: list[float], values: list[float]) -> float:
    """How much a day adds, by the line through all after the warm-up: of least squares, after each
    hour's median, so that one spike neither feigns a growth nor hides one."""
    by_hour: dict[int, list[float]] = {}
    for hour, value in zip(hours, values, strict=True):
        if hour >= WARM_UP:
            by_hour.setdefault(int(hour), []).append(value)
    medians = [float(np.median(ones)) for ones in by_hour.values()]
    return float(24 * np.polyfit(list(by_hour), medians, 1)[0])


def growth_by_process(samples: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Of each process: the megabytes it held on average after the warm-up, and what a day adds to
    its memory, in megabytes and per cent, and to its open files."""
    hours = [sample["hour"] for sample in samples]
    grown = {}
    for name in samples[0]["memory_mb"]:
        held = [sample["memory_mb"][name] for sample in samples]
        files = [float(sample["open_files"][name]) for sample in samples]
        warm = [mb for hour, mb in zip(hours, held, strict=True) if hour >= WARM_UP]
        mean, adds = sum(warm) / len(warm), growth(hours, held)
        grown[name] = {
            "held_mb": round(mean, 1),
            "adds_mb": round(adds, 2),
            "adds_percent": round(100 * adds / mean, 2),
            "adds_files": round(growth(hours, files), 1),
        }
    return grown


def missed(report: dict[str, Any]) -> list[str]:
    """What was asked of the soak and is not so, in words."""
    said, found = report["answers"]["said"], []
    for name, grown in report["growth"].items():
        if grown["adds_percent"] > MOST_MEMORY:
            found.append(f"{name} grows by {grown['adds_percent']:.1f} % a day")
        if grown["adds_files"] > MOST_FILES:
            found.append(f"{name} opens {grown['adds_files']:.0f} more files a day")
    answers = report["answers"]
    asked = {
        "turns that failed": report["failed"],
        "answers of silence": answers["silence"],
        "messages without an answer": answers["unanswered"],
        "turns that Rasa took twice": answers["taken_twice"],
        "messages that the chat's log has more or less": abs(answers["in_log"] - said),
        "answers shown more or less": abs(answers["heard"] - answers["replies_in_log"]),
        "letters left": report["outbox_waiting"],
    }
    return found + [f"{number} {what}" for what, number in asked.items() if number]


def say(report: dict[str, Any]) -> str:
    """The figures, and whether all is as asked."""
    lines = [
        f"{report['conversations']} conversations, {report['turns']} turns, a day's in "
        f"{report['minutes']:.0f} minutes: median {report['p50']} ms, p95 {report['p95']} ms"
    ]
    for name, grown in report["growth"].items():
        lines.append(
            f"{name}: {grown['held_mb']:.0f} MB, a day adds {grown['adds_mb']:+.1f} MB "
            f"({grown['adds_percent']:+.1f} %, asked: at most {MOST_MEMORY:.0f} %), "
            f"open files {grown['adds_files']:+.0f}"
        )
    lines.append(
        f"databases: {_sizes(report['samples'][0])} before, {_sizes(report['samples'][-1])} after"
    )
    lines += [f"NOT AS ASKED: {what}" for what in missed(report)] or [
        f"all {report['answers']['said']} messages answered once, no letter left, memory flat"
    ]
    return "\n".join(lines)


def _sizes(sample: dict[str, Any]) -> str:
    return ", ".join(f"{name} {size:.1f} MB" for name, size in sample["database_mb"].items())


def write(report: dict[str, Any]) -> None:
    """Writes the figures and draws the chart."""
    (DOCS / "soak.json").write_text(json.dumps(report, indent=1) + "\n")
    samples = report["samples"]
    hours = [sample["hour"] for sample in samples]
    figure, (memory, wait) = plt.subplots(
        2, 1, figsize=(7, 5), dpi=120, sharex=True, height_ratios=(3, 1)
    )
    for name, colour in COLOURS.items():
        held = [sample["memory_mb"][name] for sample in samples]
        memory.plot(hours, held, color=colour)
        adds = report["growth"][name]["adds_percent"]
        memory.annotate(
            f"{name}\n{adds:+.1f} % a day",
            (hours[-1], held[-1]),
            xytext=(6, BESIDE[name]),
            textcoords="offset points",
            color=colour,
            fontsize=8,
        )
    memory.axvspan(0, WARM_UP, color="#eeeeee")
    memory.text(0.2, 0, "warm-up", fontsize=8, color="#666666", va="bottom")
    memory.set_ylim(bottom=0)
    memory.set_title("Memory of each process, MB", loc="left", fontsize=11)
    timed = [(s["hour"], s["p50"], s["p95"]) for s in samples if s["p95"] is not None]
    for column, style in ((1, "-"), (2, ":")):
        wait.plot([t[0] for t in timed], [t[column] for t in timed], style, color="#0b6e6e")
    wait.set_ylim(bottom=0)
    wait.set_title("A turn's median and p95 (dotted), ms", loc="left", fontsize=11)
    wait.set_xlabel(f"hour of a day of {report['conversations']} conversations")
    wait.set_xticks(range(0, 25, 6))
    for axes in (memory, wait):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(DOCS / "soak.png")
    plt.close(figure)
