"""What the assistant writes, as Telegram shows it: HTML in messages of at most 4,096 characters.

The assistant's Markdown is that of the widget: paragraphs, lists, tables with pipes, **bold**,
[links](https://…). Telegram has no tables: each row becomes a heading with a line a column. It
makes no link of a short number such as 999, which therefore stands in bold.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST = 4096  # as Telegram counts: UTF-16 code units, without the HTML

_INLINE = re.compile(r"\*\*([^*\n]+)\*\*|\[([^\[\]\n]+)\]\(([^()\s]+)\)")
_BULLET = re.compile(r"^\s*[-*•]\s+")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
# Where a message is best cut, the best first: after a paragraph, a line, a sentence, a word.
_CUTS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))


@dataclass(frozen=True)
class Run:
    """A stretch of text that looks the same throughout."""

    text: str
    bold: bool = False
    link: str = ""

    @property
    def html(self) -> str:
        """The text as Telegram's HTML, nothing in it read as markup."""
        shown = html.escape(self.text, quote=False)
        if self.link:
            shown = f'<a href="{html.escape(self.link)}">{shown}</a>'
        return f"<b>{shown}</b>" if self.bold else shown


def as_html(text: str, longest: int = LONGEST) -> list[str]:
    """The messages that say ``text``: one, or several where it is too long."""
    runs = list(_runs("\n".join(_lines(text.strip()))))
    messages = []
    while runs:
        end = _cut("".join(run.text for run in runs), longest)
        first, runs = _split(runs, end)
        messages.append("".join(run.html for run in first))
    return messages


def _lines(text: str) -> Iterator[str]:
    """The text line by line: lists with bullets, tables written out."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        if "|" in lines[at] and _TABLE_RULE.match("".join(lines[at + 1 : at + 2])):
            end = at + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            yield from _table(lines[at], lines[at + 2 : end])
            at = end
        else:
            yield _BULLET.sub("• ", lines[at])
            at += 1


def _table(head: str, rows: list[str]) -> Iterator[str]:
    columns = _cells(head)
    for number, row in enumerate(rows):
        first, *others = _cells(row)
        if number:
            yield ""
        yield first if first.startswith("**") else f"**{first}**"
        for column, cell in zip(columns[1:], others, strict=False):
            yield f"• {column}: {cell}" if column else f"• {cell}"


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")]


def _runs(text: str) -> Iterator[Run]:
    end = 0
    for match in _INLINE.finditer(text):
        yield Run(text[end : match.start()])
        bold, label, address = match.groups()
        if bold:
            yield from (replace(run, bold=True) for run in _runs(bold))
        elif address.lower().startswith(("http://", "https://")):
            yield Run(label, link=address)
        elif address.lower().startswith("tel:"):
            yield Run(label, bold=True)
        else:
            yield Run(label)
        end = match.end()
    yield Run(text[end:])


def _cut(text: str, longest: int) -> int:
    """How many characters go into the next message, white space at the end counted."""
    room = _characters(text, longest)
    if room == len(text):
        return room
    for cut in _CUTS:
        # Only a cut that leaves a message of some length: half a page, not a heading.
        ends = [match.end() for match in cut.finditer(text, 0, room) if match.end() > room // 4]
        if ends:
            return ends[-1]
    return room


def _characters(text: str, units: int) -> int:
    """How many of the first characters fit into so many UTF-16 code units."""
    for at, character in enumerate(text):
        units -= 2 if ord(character) > 0xFFFF else 1
        if units < 0:
            return at
    return len(text)


def _split(runs: list[Run], end: int) -> tuple[list[Run], list[Run]]:
    """The runs of the first ``end`` characters, and the others; white space between them goes."""
    first: list[Run] = []
    rest = list(runs)
    while rest and end > 0:
        run = rest.pop(0)
        first.append(replace(run, text=run.text[:end]))
        if len(run.text) > end:
            rest.insert(0, replace(run, text=run.text[end:]))
        end -= len(run.text)
    return _trimmed(first, at_end=True), _trimmed(rest, at_end=False)


def _trimmed(runs: list[Run], *, at_end: bool) -> list[Run]:
    while runs:
        at = -1 if at_end else 0
        stripped = runs[at].text.rstrip() if at_end else runs[at].text.lstrip()
        if stripped:
            runs[at] = replace(runs[at], text=stripped)
            break
        runs.pop(at)
    return runs
