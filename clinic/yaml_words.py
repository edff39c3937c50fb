"""Reads YAML as the words that stand in it, so that a fault can be said as it was written.

YAML would read the phone code 020 as 16, 999 as a number and 2026-12-24 as a date. Here every
value stays the text that somebody typed; what it means is for the models of `clinic.profile`.
"""

from __future__ import annotations

from typing import Any

import yaml


class NotReadable(ValueError):
    """The text is not YAML, or says a thing twice; the message says the line and the fix."""


def read_yaml(text: str) -> Any:
    """Mappings, lists and strings; an empty value is "". Raises NotReadable."""
    try:
        return yaml.load(text, _Words)  # noqa: S506 (a BaseLoader: makes nothing but text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise NotReadable(
            f"{line}this is not YAML ({problem}): check the indentation, and put texts that "
            'hold ": " or "#" in quotes'
        ) from error


class _Words(yaml.BaseLoader):
    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in lines:
                raise NotReadable(
                    f'line {line}: "{name}" stands here a second time, after line {lines[name]}: '
                    "keep one of the two, or rename one"
                )
            lines[name] = line
        return super().construct_mapping(node, deep)
