"""Nothing that a visitor said or left is in a log line, at whatever level.

A log line says what the program's source says there, and not what it was filled with: of
``debug(f"Slots: {slots}")`` it says ``Slots: {slots}``, of an exception its type and where it was
raised. So it does not have to be known which line of which library names a person. It works where
the libraries themselves are extended: the record factory of the standard library's logging, and
the processors of structlog.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from clinic.errors import ClinicError
from clinic.log_lines import JSON, log_format, other_lines_in_json, rendering

# The values of these keys of structured lines are our own words; others are shown as numbers only.
OUR_WORDS = frozenset({"event", "cause", "problem", "kind", "action_name", "channel", "outcome"})
# What these say is about the program.
ABOUT_THE_PROGRAM = (ImportError, NameError, SyntaxError)
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical"})
HARMLESS = (bool, int, float, type(None))
# A larger number may be somebody's telephone number.
LARGEST_NUMBER = 999_999

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Cleared(str):
    """A structured line that was cleared of values, and rendered."""


class Printed(structlog.PrintLogger):
    """Prints log lines. Where no more can be written, on a full disk, a line is lost, and not
    the turn that it is about."""

    def msg(self, message: str) -> None:
        with contextlib.suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def keep_logs_private(process: str, format_: str | None = None) -> None:
    """From now on, in this process, which is called that. Called twice, it is done once. The
    lines' form is LOG_FORMAT's where none is given."""
    if logging.getLogRecordFactory() is _record:
        return
    logging.setLogRecordFactory(_record)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # what cannot be formatted would be printed with its values
    sys.excepthook = _last_words
    # In place: loggers that are in use already share the list.
    processors = structlog.get_config()["processors"]
    if log_format(format_) == JSON:
        processors[:] = rendering(process, JSON)
        other_lines_in_json(process, Cleared)
    processors.insert(0, _cleared)
    processors.append(_mark)
    structlog.configure(processors=processors)


def log_from(level: str, process: str, format_: str | None = None) -> None:
    """Sets up the logs of a process of ours, private, from LOG_LEVEL on; of the libraries'
    lines, those that warn, or at DEBUG all."""
    number = logging.getLevelName(log_level(level))
    libraries = number if number == logging.DEBUG else max(number, logging.WARNING)
    logging.basicConfig(level=libraries, format="%(levelname)-8s %(name)s  %(message)s")
    structlog.configure(
        processors=rendering(process, log_format(format_)),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *names: Printed(),
    )
    keep_logs_private(process, format_)


def own_log(process: str) -> Any:
    """A log for what we say ourselves, from LOG_LEVEL on, in a process whose libraries set up all
    other logs, and are told to be quiet."""
    level = log_level(os.environ.get("LOG_LEVEL", "INFO"))
    return structlog.wrap_logger(
        Printed(),
        processors=[_cleared, *rendering(process, log_format())],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )


def log_level(given: str) -> str:
    """LOG_LEVEL; raises ClinicError where it is none."""
    if given.upper() in LEVELS:
        return given.upper()
    raise ClinicError(f'LOG_LEVEL "{given}": take one of {", ".join(LEVELS)}')


def _record(
    name: str,
    level: int,
    file: str,
    line: int,
    message: Any,
    arguments: Any,
    exc_info: ExcInfo | None,
    *others: Any,
    **more: Any,
) -> logging.LogRecord:
    """A log record in the words of the source."""
    if isinstance(message, BaseException):
        message, arguments = _named(message), None
    elif not isinstance(message, Cleared):
        written = _as_written(file).get(line)
        message = written or f"(said in {_place(file)}:{line})"
        values = arguments if isinstance(arguments, tuple) else (arguments,)
        arguments = values if written and values and all(map(_harmless, values)) else None
    made = logging.LogRecord(name, level, file, line, message, arguments, exc_info, *others, **more)
    if exc_info and exc_info[1]:
        made.exc_text = _without_values(exc_info[1])  # formatters take it for their own
    return made


@functools.cache
def _as_written(file: str) -> dict[int, str]:
    """What the log lines of a source file say, by the lines of their calls."""
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return {}
    found: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _logs(node.func):
            said = [*node.args, *(word.value for word in node.keywords if word.arg == "msg")]
            if said and (words := _text(said[0])):
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found.setdefault(line, words)
    return found


def _logs(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in METHODS


def _text(node: ast.expr) -> str:
    """A text as it is written, with ``{names}`` for what it is filled with."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _text(node.func.value) if node.func.attr == "format" else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _text(part) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        )
    return ""


def _cleared(logger: Any, method: str, line: structlog.types.EventDict) -> dict[str, Any]:
    """A structlog processor, the first: leaves out the values."""
    error = line.pop("exc_info", method == "exception")
    cleared = {
        key: value if key in OUR_WORDS or _harmless(value) else "…" for key, value in line.items()
    }
    cleared["exc_info"] = False  # a later processor would add it by itself
    if found := _error(error):
        cleared["exception"] = _without_values(found)
    return cleared


def _mark(logger: Any, method: str, rendered: Any) -> Any:
    """A structlog processor, the last: what it renders has been cleared."""
    return Cleared(rendered) if isinstance(rendered, str) else rendered


def _error(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _harmless(value: Any) -> bool:
    small = not isinstance(value, int | float) or abs(value) <= LARGEST_NUMBER
    return isinstance(value, HARMLESS) and small


def _without_values(error: BaseException) -> str:
    """A traceback: which errors, one after the other, and where; not what they say."""
    chain = list(_chain(error))
    return "\n".join(
        "".join(traceback.format_tb(one.__traceback__)) + _named(one) for one in reversed(chain)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _named(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    # The system's own errors name files and ports; those that libraries derive from them, anything.
    system = isinstance(error, OSError) and type(error).__module__ == "builtins"
    return f"{kind}: {error}" if system or isinstance(error, ABOUT_THE_PROGRAM) else kind


def _last_words(
    kind: type[BaseException], error: BaseException, place: TracebackType | None
) -> None:
    """What is printed of an error that ends the process."""
    if not issubclass(kind, KeyboardInterrupt):
        print(_without_values(error), file=sys.stderr)


def _place(file: str) -> str:
    return file.rpartition("site-packages/")[2]
