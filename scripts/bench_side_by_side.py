"""Measures the assistant beside a stock Rasa project with the same data, in one run.

python -m scripts.bench_side_by_side              writes docs/performance.md, .json and charts
python -m scripts.bench_side_by_side --epochs 100 trains stock Rasa as long as `rasa init` has it
python -m scripts.bench_side_by_side --keep       with the stock model of last time

Both answer the same visitors, who hold whole conversations of tests/conversations/; one side's
turn comes after the other's at each number of visitors, so that what else the machine does
troubles both. Only this machine's own addresses are spoken to, for a bounded time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from scripts.bench_turn import LONG, long_conversation
from scripts.environment import environment
from scripts.in_process import AssistantHere, without_logs
from scripts.load import Line, RestLine, SocketLine, Taken, conversations, visited
from scripts.performance_page import write_page
from scripts.servers import Servers, without_limits
from scripts.stock_rasa import StockProject, StockServers
from scripts.turn_parts import parts_of_a_turn

STOCK, OWN_MODEL = Path(".bench/stock"), Path(".bench/own")
VISITORS = (1, 5, 20, 50)
THINKING = 2.0  # seconds between an answer and the next message, on average
SECONDS = 25.0  # of each load
BUSY, BUSY_SECONDS = 8, 20.0  # visitors who do not think, for the most turns a second
PATIENCE = 120.0  # seconds after which a turn counts as failed

Figures = dict[str, Any]


def main() -> None:
    """Measures, writes the page, and prints it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--epochs", type=int, default=2, help="of stock Rasa's training (2)")
    parser.add_argument("--keep", action="store_true", help="keep the stock model of last time")
    options = parser.parse_args()
    os.environ.update(environment())
    training = trained(options.epochs, options.keep)
    with tempfile.TemporaryDirectory() as folder:
        served = asyncio.run(both_served(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        inside = asyncio.run(in_one_process(Path(folder)))
    report = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "thinking": THINKING,
        "training": training,
        **served,
        **inside,
        "installed_mb": installed(),
    }
    write_page(report)


def trained(epochs: int, keep: bool) -> Figures:
    """Trains both, and says what it took; a kept stock model keeps its figures."""
    notes = STOCK.with_suffix(".json")
    kept = keep and notes.is_file() and StockProject(STOCK).trained
    if not kept:
        project = StockProject(STOCK)
        project.write(epochs)
        seconds, of_an_epoch = project.train()
        found = {"seconds": seconds, "epochs": epochs, "of_an_epoch": of_an_epoch}
        notes.write_text(json.dumps(found))
    shutil.rmtree(OWN_MODEL, ignore_errors=True)
    command = ["scripts.training", "--force", "--skip-validation", "--out", str(OWN_MODEL)]
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
    took = time.perf_counter() - began
    return {"own": took, "stock": {**json.loads(notes.read_text()), "kept": kept}}


async def both_served(folder: Path) -> Figures:
    """Starts both and lets the same visitors talk to one and the other."""
    (folder / "own").mkdir()
    (folder / "stock").mkdir()
    clinic = without_limits(folder / "stock")
    held = conversations()
    ready = await first_answers(folder, clinic)
    with (
        Servers(folder / "own") as own,
        StockServers(StockProject(STOCK), folder / "stock", clinic) as stock,
    ):
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(timeout=PATIENCE, limits=limits, trust_env=False) as client:
            secret = environment()["ASSISTANT_SECRET"]
            run = f"{time.time():.0f}"
            lines: dict[str, Callable[[int], Line]] = {
                "own": lambda n: SocketLine(own.url),
                "own_rest": lambda n: RestLine(
                    own.address("rasa"), f"web:{run}-{n}", client, secret
                ),
                "stock": lambda n: RestLine(stock.url, f"{run}-{n}", client),
            }
            for line in lines.values():  # warms up
                await visited(line, 2, 5, 0, held, seed=99)
            loads: dict[str, list[Figures]] = {name: [] for name in lines}
            for count in VISITORS:
                for name, line in lines.items():
                    taken = await visited(line, count, SECONDS, THINKING, held, seed=count)
                    loads[name].append({"visitors": count, **described(taken)})
                    say(f"{name}, {count} visitors: {loads[name][-1]}")
            busy = {}
            for name, line in lines.items():
                taken = await visited(line, BUSY, BUSY_SECONDS, 0, held, seed=1)
                busy[name] = described(taken)
                say(f"{name}, {BUSY} who do not think: {busy[name]}")
        memory = {"own": proportional(own.processes), "stock": proportional(stock.processes)}
    return {
        "ready": ready,
        "loads": loads,
        "busy": busy,
        "memory_mb": memory,
    }


async def first_answers(folder: Path, clinic: Path) -> dict[str, float]:
    """The seconds from each one's start, alone, to its first answered turn."""
    began = time.perf_counter()
    with Servers(folder / "own") as own:
        async with SocketLine(own.url) as line:
            await line.say("hello")
        own_ready = time.perf_counter() - began
    began = time.perf_counter()
    with StockServers(StockProject(STOCK), folder / "stock", clinic):
        stock_ready = time.perf_counter() - began
    return {"own": own_ready, "stock": stock_ready}


async def in_one_process(folder: Path) -> Figures:
    """Where a turn's time goes, and what a conversation's length costs: no servers."""
    without_logs()
    assistant = AssistantHere(folder)
    short = [t for n in range(20) for t in await long_conversation(assistant, f"web:s{n}", 5)]
    long = (await long_conversation(assistant, "web:long", LONG))[-100:]
    parts = await parts_of_a_turn(assistant)
    growth = {"5": statistics.median(short), f"{LONG}": statistics.median(long)}
    return {"growth_ms": growth, "parts_ms": parts}


def described(taken: Taken) -> Figures:
    """The figures of a load."""
    p50, p95, p99 = (float(np.percentile(taken.milliseconds, p)) for p in (50, 95, 99))
    return {
        "turns": len(taken.milliseconds),
        "failed": taken.failed,
        "p50": round(p50, 1),
        "p95": round(p95, 1),
        "p99": round(p99, 1),
        "turns_a_second": round(taken.turns_a_second, 2),
    }


def proportional(processes: dict[str, int]) -> dict[str, float]:
    """The megabytes of each process, shared ones divided among those who share them (PSS)."""
    found = {}
    for name, pid in processes.items():
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes = next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
        found[name] = int(kilobytes) / 1024
    return found


def installed() -> int:
    """The megabytes of what serves and trains, installed anew (scripts/install.sh)."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["/bin/sh", "scripts/install.sh", f"{folder}/venv"]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(told.stdout.rpartition("what serves and trains: ")[2].split()[0])


def say(words: str) -> None:
    """Says how far it is, on the error stream."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
