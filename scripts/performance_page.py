"""Writes what scripts/bench_side_by_side.py measured: docs/performance.md, its figures, charts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt

from scripts.stock_rasa import EPOCHS_OF_INIT

DOCS = Path("docs")
OWN, STOCK, GREY = "#0b6e6e", "#b5651d", "#666666"
NAMES = {
    "own": "this assistant, through the gateway's socket",
    "own_rest": "this assistant, straight to Rasa",
    "stock": "stock Rasa, its REST channel",
}
BESIDE = {"own": -12, "own_rest": 12, "stock": 0}  # how far from its line's end a name stands
P95_ASKED, SIZE_ASKED = 250, 1700  # milliseconds at 20 visitors; megabytes


def write_page(report: dict[str, Any]) -> None:
    """Writes the page, the figures and the charts, and prints the page."""
    (DOCS / "performance.json").write_text(json.dumps(report, indent=1) + "\n")
    _draw_latency(report)
    _draw_parts(report)
    page = "\n\n".join(
        [_head(report), _asked(report), _loads(report), _training(report), _inside(report)]
    )
    (DOCS / "performance.md").write_text(page + "\n")
    print(page)


def at(report: dict[str, Any], name: str, visitors: int) -> dict[str, float]:
    """The load of so many visitors on a side."""
    return next(load for load in report["loads"][name] if load["visitors"] == visitors)


def _head(report: dict[str, Any]) -> str:
    return f"""# Performance, beside stock Rasa

Measured on {report["date"]} in one run of `make bench` ({report["cores"]} cores, shared with the
load itself and with whatever else the machine did). Both sides were trained on the same data,
and answered the same visitors, who hold whole conversations of `tests/conversations/` and think
{report["thinking"]:.0f} s (on average) between an answer and the next message. Stock Rasa is what
`rasa init` sets up: DIET, ResponseSelector, TED, UnexpecTED, Memoization and rules, with our
examples, answers, rules and actions, served by `rasa run` over REST (`scripts/stock_rasa.py` says
what is left out). Ours is measured both through the gateway, as visitors have it, and straight at
Rasa, which compares like with like.

![The 95th percentile of a turn by visitors at once](performance-latency.png)"""


def _asked(report: dict[str, Any]) -> str:
    stock, busy = report["training"]["stock"], report["busy"]
    own_20, rest_20, stock_20 = (at(report, name, 20) for name in ("own", "own_rest", "stock"))
    whole, of_rasa = _memory(report, "own"), report["memory_mb"]["own"]["rasa"]
    ours = whole - report["memory_mb"]["own"]["gateway"] - report["memory_mb"]["own"]["worker"]
    theirs = _memory(report, "stock")
    full = full_training(report)
    rows = [
        (
            f"training, with {stock['epochs']} of {EPOCHS_OF_INIT} epochs there",
            f"{report['training']['own']:.0f} s",
            f"{stock['seconds']:.0f} s",
            _ratio(stock["seconds"], report["training"]["own"]),
            "≥ 5×",
            stock["seconds"] >= 5 * report["training"]["own"],
        ),
        (
            "training, all epochs reckoned from those",
            f"{report['training']['own']:.0f} s",
            f"{full:.0f} s",
            _ratio(full, report["training"]["own"]),
            "≥ 5×",
            full >= 5 * report["training"]["own"],
        ),
        (
            "seconds to the first answer, started alone (all our processes)",
            f"{report['ready']['own']:.1f} s",
            f"{report['ready']['stock']:.1f} s",
            _ratio(report["ready"]["stock"], report["ready"]["own"]),
            "≥ 2×",
            report["ready"]["stock"] >= 2 * report["ready"]["own"],
        ),
        (
            f"memory of Rasa and actions after the load (Rasa alone {of_rasa:.0f} MB; "
            f"with gateway and worker {whole:.0f} MB)",
            f"{ours:.0f} MB",
            f"{theirs:.0f} MB",
            _ratio(theirs, ours),
            "≥ 2×",
            theirs >= 2 * ours,
        ),
        (
            "turns a second at most, straight at Rasa",
            f"{busy['own_rest']['turns_a_second']:.1f}",
            f"{busy['stock']['turns_a_second']:.1f}",
            _ratio(busy["own_rest"]["turns_a_second"], busy["stock"]["turns_a_second"]),
            "≥ 5×",
            busy["own_rest"]["turns_a_second"] >= 5 * busy["stock"]["turns_a_second"],
        ),
        (
            "p95 of a turn at 20 visitors, straight at Rasa",
            f"{rest_20['p95']:.0f} ms",
            f"{stock_20['p95']:.0f} ms",
            _ratio(stock_20["p95"], rest_20["p95"]),
            "≥ 5×",
            stock_20["p95"] >= 5 * rest_20["p95"],
        ),
        (
            "p95 of a turn at 20 visitors, through the gateway",
            f"{own_20['p95']:.0f} ms",
            "",
            "",
            f"< {P95_ASKED} ms",
            own_20["p95"] < P95_ASKED,
        ),
        (
            "installed: what serves and trains",
            f"{report['installed_mb']} MB",
            "",
            "",
            f"≤ {SIZE_ASKED} MB",
            report["installed_mb"] <= SIZE_ASKED,
        ),
    ]
    lines = ["| | ours | stock Rasa | | asked | holds |", "|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row[:-1])} | {'yes' if row[-1] else '**no**'} |" for row in rows]
    return "\n".join(["## What is asked of it", "", *lines])


def _loads(report: dict[str, Any]) -> str:
    lines = [
        "| visitors at once | | turns | failed or silent | p50 | p95 | p99 | turns a second |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for counts in zip(*report["loads"].values(), strict=True):
        for name, load in zip(report["loads"], counts, strict=True):
            lines.append(_row(str(load["visitors"]), name, load))
    for name, load in report["busy"].items():
        lines.append(_row("8, who do not think", name, load))
    return "\n".join(["## Turns", "", *lines])


def _row(visitors: str, name: str, load: dict[str, float]) -> str:
    figures = (f"{load[p]:.0f} ms" for p in ("p50", "p95", "p99"))
    counts = f"{load['turns']} | {load['failed']}"
    return (
        f"| {visitors} | {NAMES[name]} | {counts} | {' | '.join(figures)} | "
        f"{load['turns_a_second']:.1f} |"
    )


def _training(report: dict[str, Any]) -> str:
    stock = report["training"]["stock"]
    parts = "\n".join(f"- {name}: {taken:.1f} s" for name, taken in stock["of_an_epoch"].items())
    earlier = " (in an earlier run, as its model was kept)" if stock["kept"] else ""
    own, minutes = report["training"]["own"], full_training(report) / 60
    return f"""## Training

`rasa train` from nothing, each side once: ours {own:.0f} s, stock Rasa {stock["seconds"]:.0f} s
with {stock["epochs"]} epochs{earlier}. `rasa init` has {EPOCHS_OF_INIT}; an epoch took

{parts}

so that they would take about {minutes:.0f} minutes. That is reckoned, not measured
(`python -m scripts.bench_side_by_side --epochs {EPOCHS_OF_INIT}` measures it). Epochs change what
stock Rasa understands, not what a turn costs it. How well each understands: [nlu.md](nlu.md)."""


def _inside(report: dict[str, Any]) -> str:
    short, long = report["growth_ms"].values()
    of_long = list(report["growth_ms"])[1]
    return f"""## Where the time of a turn goes

In one process, without servers, on average over a quarter of the conversations:

![The milliseconds of a turn by part](performance-parts.png)

A turn of a conversation of five turns takes a median of {short:.0f} ms in this process, one of the
last hundred of a conversation of {of_long} turns {long:.0f} ms ({long / short:.1f} times as long):
`nlu/conversation_store.py` reads the last stretches of a conversation only.

What was won where, by settings and by Rasa's own points of extension:

- the packed domain is JSON, which Rasa's YAML library reads four times as quickly
  (`nlu/domain.py`);
- the actions are sent no domain, forms neither, for which Rasa takes it to be needed (`domain.yml`:
  `send_domain`): half a megabyte in each call, a fifth of a turn;
- an action's answer is checked once, over a connection that is kept (`nlu/action_line.py`,
  `nlu/turns.py`);
- a conversation is copied, not replayed, for each action (`nlu/conversation.py`); it is stored in
  one statement, over connections to SQLite that stay open and do not wait for the disk
  (`nlu/conversation_store.py`);
- rules are looked up by intent and last action (`nlu/rules.py`); the memory for stories is gone,
  since the rules say what the stories say;
- the model's components run in an order worked out once, without Dask (`nlu/graph_runner.py`);
- OpenBLAS has one thread (`scripts/environment.py`);
- what the model fills is left out of Python's search for unused memory
  (`channels/private_rest.py`)."""


def full_training(report: dict[str, Any]) -> float:
    """The seconds that stock Rasa would train with all its epochs."""
    stock = report["training"]["stock"]
    left = EPOCHS_OF_INIT - stock["epochs"]
    return float(stock["seconds"] + left * sum(stock["of_an_epoch"].values()))


def _memory(report: dict[str, Any], side: str) -> float:
    return float(sum(report["memory_mb"][side].values()))


def _ratio(theirs: float, ours: float) -> str:
    return f"{theirs / ours:.1f}×"


def _draw_latency(report: dict[str, Any]) -> None:
    figure, axes = plt.subplots(figsize=(7, 4), dpi=120)
    colours = {"own": OWN, "own_rest": GREY, "stock": STOCK}
    for name, loads in report["loads"].items():
        counts, values = zip(*((load["visitors"], load["p95"]) for load in loads), strict=True)
        axes.plot(range(len(counts)), values, marker="o", color=colours[name])
        axes.annotate(
            NAMES[name].replace(", ", ",\n"),
            (len(counts) - 1, values[-1]),
            xytext=(8, BESIDE[name]),
            textcoords="offset points",
            color=colours[name],
            va="center",
            fontsize=9,
        )
    axes.set_xticks(range(len(counts)), [str(count) for count in counts])
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g} ms")
    axes.set_xlabel("visitors at once")
    axes.set_title("95 of 100 turns take at most …", loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(-0.2, len(counts) + 0.9)
    figure.tight_layout()
    figure.savefig(DOCS / "performance-latency.png")
    plt.close(figure)


def _draw_parts(report: dict[str, Any]) -> None:
    parts = list(report["parts_ms"].items())[::-1]
    figure, axes = plt.subplots(figsize=(7, 3.2), dpi=120)
    axes.barh([name for name, _ in parts], [taken for _, taken in parts], color=OWN)
    for place, (_, taken) in enumerate(parts):
        axes.text(taken, place, f" {taken:.1f} ms", va="center", fontsize=9)
    whole = sum(report["parts_ms"].values())
    axes.set_title(f"A turn's {whole:.0f} ms, by part", loc="left", fontsize=11)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.set_xticks([])
    figure.tight_layout()
    figure.savefig(DOCS / "performance-parts.png")
    plt.close(figure)
