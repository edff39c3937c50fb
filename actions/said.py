"""What the assistant has said in this conversation, and where it comes from."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker

SOURCES = Path("data/sources.yml")


def answers_said(tracker: Tracker) -> list[dict[str, Any]]:
    """The answers to questions so far: topic, metadata, and the next steps offered with each."""
    answers = []
    for event in tracker.events:
        if event["event"] != "bot":
            continue
        outer = event.get("metadata") or {}
        metadata = outer.get("metadata") or {}
        answered = str(outer.get("utter_action") or "").partition("utter_faq/")[2]
        topic = answered or metadata.get("topic")
        if topic:
            buttons = (event.get("data") or {}).get("buttons") or []
            steps = [button for button in buttons if button["payload"] != "tell me more"]
            answers.append({"topic": topic, "metadata": metadata, "next_steps": steps})
    return answers


def source_lines(names: list[str]) -> str:
    """Title, publisher, year and address of each source, one a line."""
    lines = []
    for name in names:
        source = _sources()[name]
        year = f", {source['year']}" if "year" in source else ""
        lines.append(f"- [{source['title']}]({source['address']}), {source['publisher']}{year}")
    return "\n".join(lines)


@functools.cache
def _sources() -> dict[str, dict[str, Any]]:
    sources: dict[str, dict[str, Any]] = yaml.safe_load(SOURCES.read_text("utf-8"))["sources"]
    return sources
