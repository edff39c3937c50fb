"""What is wrong with clinic.yml, in words for the person who wrote it: key, value, fix."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from clinic.values import did_you_mean

# What to do about the faults that pydantic finds by itself, by its names for them. The words in
# braces are its own too.
FIXES = {
    "int_parsing": "write a whole number, for example 30",
    "int_from_float": "write a whole number, for example 30",
    "int_type": "write a whole number, for example 30",
    "int_parsing_size": "write a smaller number",
    "bool_parsing": "write yes or no",
    "bool_type": "write yes or no",
    "greater_than_equal": "take {ge} or more",
    "less_than_equal": "take {le} or less",
    "string_too_long": "write it in at most {max_length} characters",
    "string_type": "write words after the colon, on the same line",
    "list_type": "write a list, for example [one, two]",
    "too_short": "write at least one",
    "too_long": "write at most {max_length}",
    "dict_type": "write settings under it, each on a line of its own, indented by two spaces",
    "model_type": "write settings under it, each on a line of its own, indented by two spaces",
    "string_pattern_mismatch": "write a short name of small letters, digits and hyphens",
    "literal_error": "take {expected}",
}
MISSING = "this setting is missing: add it, as the clinic.yml that came with the assistant has it"


def faults_in_words(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """A line for each fault that pydantic found in a file that ``model`` describes."""
    for fault in error.errors():
        yield _in_words(fault, model)


def _in_words(fault: Mapping[str, Any], model: type[BaseModel]) -> str:
    keys = [part for part in fault["loc"] if part != "[key]"]
    key = ".".join(_place(part) for part in keys)
    given, details = fault["input"], fault.get("ctx", {})
    if fault["type"] == "missing":
        return f"{key}: {MISSING}"
    if fault["type"] == "extra_forbidden":
        hint = did_you_mean(str(keys[-1]), _settings(model, keys[:-1])) or ": remove it"
        return f"{key}: there is no such setting{hint}"
    if fault["loc"][-1] == "[key]" and fault["type"] == "literal_error":
        known = [word.strip("'") for word in details["expected"].replace(" or ", ", ").split(", ")]
        hint = did_you_mean(str(given), known) or f": take {details['expected']}"
        return f"{key}: there is no such setting{hint}"
    if fault["type"] == "value_error":
        fix = str(details["error"])
    else:
        fix = FIXES.get(fault["type"], fault["msg"]).format_map(details)
    return f'{key} "{given}": {fix}' if isinstance(given, str | int | float) else f"{key}: {fix}"


def _place(part: object) -> str:
    """A key, or the place in a list counted from one, as people count."""
    return str(part + 1) if isinstance(part, int) else str(part)


def _settings(model: type[BaseModel], keys: list[Any]) -> list[str]:
    """The names of the settings that there are under ``keys``."""
    found: Any = model
    for key in keys:
        if isinstance(found, type) and issubclass(found, BaseModel):
            found = found.model_fields[key].annotation if key in found.model_fields else None
        else:
            # Into a mapping by its names or a list by its places: what it holds comes last.
            found = (typing.get_args(found) or [None])[-1]
    is_model = isinstance(found, type) and issubclass(found, BaseModel)
    return list(found.model_fields) if is_model else []
