"""The page: one HTML file with the plots in it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from clinic.profile import Clinic
from clinic.words import day_in_words, in_zone
from insights import plots
from insights.figures import Figures
from insights.likeness import Group
from insights.redacting import Redact

MOST_GROUPS, MOST_TEXTS, MOST_WORDS = 20, 8, 30


def page(
    figures: Figures,
    groups: Sequence[Group],
    ratings: Iterable[dict[str, Any]],
    clinic: Clinic,
    now: datetime,
    redact: Redact,
) -> str:
    """The page as HTML, which needs nothing else."""
    disliked = [
        (one["topic"] or "other", redact(one["word"]))
        for one in ratings
        if one["thumb"] == "down" and one["word"]
    ]
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    return templates.get_template("page.html").render(
        clinic=clinic.name,
        written=_day(now, clinic),
        since=_day(figures.since, clinic) if figures.since else "",
        figures=figures,
        plots=_plots(figures),
        groups=groups,
        most=MOST_GROUPS,
        most_texts=MOST_TEXTS,
        words=disliked[:MOST_WORDS],
    )


def _plots(figures: Figures) -> dict[str, str]:
    drawn: dict[str, bytes] = {}
    if figures.topics:
        drawn["topics"] = plots.topics(figures.topics)
    if figures.messages.total:
        drawn["messages"] = plots.hours(figures.messages, "messages")
    if figures.bookings.total:
        drawn["bookings"] = plots.hours(figures.bookings, "bookings")
    if figures.thumbs:
        drawn["thumbs"] = plots.thumbs(figures.thumbs)
    return {name: _embedded(png) for name, png in drawn.items()}


def _embedded(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _day(at: datetime, clinic: Clinic) -> str:
    local = in_zone(at, clinic)
    return f"{day_in_words(local.date())} {local.year}"
