"""The page's plots, as PNG."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from insights.figures import Hours

MOST_BARS = 20
OPEN, CLOSED, UP, DOWN = "#2b7a78", "#c98a2b", "#2b7a78", "#b3413a"


def topics(counted: Counter[str]) -> bytes:
    """What was asked, the most frequent first."""
    names, numbers = zip(*reversed(counted.most_common(MOST_BARS)), strict=True)
    figure = Figure(figsize=(8, 0.8 + 0.28 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    axes.bar_label(axes.barh(names, numbers, color=OPEN), padding=3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("messages")
    return _png(figure)


def hours(counted: Hours, what: str) -> bytes:
    """How many there were in each hour, while the clinic was open and after hours."""
    figure = Figure(figsize=(8, 2.8), layout="constrained")
    axes = figure.add_subplot()
    day = range(24)
    opened = [counted.open[hour] for hour in day]
    axes.bar(day, opened, color=OPEN, label="while open")
    closed = [counted.closed[hour] for hour in day]
    axes.bar(day, closed, bottom=opened, color=CLOSED, label="after hours")
    axes.set_xticks(range(0, 24, 2), [f"{hour}:00" for hour in range(0, 24, 2)])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(what)
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return _png(figure)


def thumbs(counted: Mapping[str, Counter[str]]) -> bytes:
    """How answers were liked: thumbs up to the right, thumbs down to the left; where most went
    down, first."""
    worst = sorted(counted, key=lambda topic: (-counted[topic]["down"], topic))[:MOST_BARS]
    names = list(reversed(worst))
    figure = Figure(figsize=(8, 1.2 + 0.28 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    axes.barh(names, [counted[name]["up"] for name in names], color=UP, label="up")
    axes.barh(names, [-counted[name]["down"] for name in names], color=DOWN, label="down")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda number, place: f"{abs(number):.0f}")
    axes.set_xlabel("thumbs")
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return _png(figure)


def _png(figure: Figure) -> bytes:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=120)
    return drawn.getvalue()
