"""How a log line looks: for people (text), or as one JSON object a line (json), by LOG_FORMAT."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

import structlog

from clinic.errors import ClinicError
from clinic.request_id import NAME, current_request

FORMATS = TEXT, JSON = ("text", "json")


def log_format(given: str | None = None) -> str:
    """LOG_FORMAT, as given or as the environment has it; raises ClinicError where it is none."""
    given = os.environ.get("LOG_FORMAT", TEXT) if given is None else given
    if given.lower() in FORMATS:
        return given.lower()
    raise ClinicError(f'LOG_FORMAT "{given}": take one of {", ".join(FORMATS)}')


def rendering(process: str, format_: str) -> list[Any]:
    """The structlog processors that make a line of a process's own events."""
    last: Any = structlog.dev.ConsoleRenderer(colors=False)
    if format_ == JSON:
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    return [
        structlog.contextvars.merge_contextvars,
        _without_nothing,
        structlog.processors.add_log_level,
        *([_Named(process)] if format_ == JSON else []),
        structlog.processors.TimeStamper(
            fmt="iso", utc=True, key="time" if format_ == JSON else "timestamp"
        ),
        last,
    ]


def other_lines_in_json(process: str, made_already: type[str]) -> None:
    """Lets the handlers of the standard library's logging write JSON, but for lines that are."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    for handler in {handler for logger in loggers for handler in logger.handlers}:
        handler.setFormatter(JsonLine(process, made_already))


class JsonLine(logging.Formatter):
    """One JSON object a record; a line of structlog's has been made one already."""

    def __init__(self, process: str, made_already: type[str]) -> None:
        super().__init__()
        self._process = process
        self._made_already = made_already

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, self._made_already) and not record.args:
            return str(record.msg)
        line = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if request := current_request():
            line[NAME] = request
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


class _Named:
    """A structlog processor: says which process it is."""

    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, logger: Any, method: str, line: dict[str, Any]) -> dict[str, Any]:
        return {**line, "process": self._process}


def _without_nothing(logger: Any, method: str, line: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: a line about no request, or no error, does not name one."""
    nothing = ((NAME, None), ("exc_info", False))
    return {key: value for key, value in line.items() if (key, value) not in nothing}
