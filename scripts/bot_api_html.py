"""Telegram's HTML, read as strictly as the Bot API reads it: see its section "HTML style"."""

from __future__ import annotations

import re
from html import unescape

TAGS = {
    *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler"),
    *("a", "tg-emoji", "code", "pre", "blockquote"),
}
_TOKEN = re.compile(r"<(/?)([a-z][a-z-]*)((?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\s*>")
_REFERENCE = re.compile(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class CannotParse(Exception):
    """The text is not HTML as Telegram takes it."""


def visible(text: str) -> str:
    """The text without its markup. Raises CannotParse."""
    shown, opened, at = [], [], 0
    while at < len(text):
        if text[at] != "<":
            end = text.find("<", at)
            end = len(text) if end < 0 else end
            stretch = text[at:end]
            if "&" in _REFERENCE.sub("", stretch):
                # Telegram itself lets a lone & pass; ours never writes one.
                raise CannotParse("unescaped ampersand")
            shown.append(unescape(stretch))
            at = end
            continue
        tag = _TOKEN.match(text, at)
        if tag is None or tag[2] not in TAGS:
            raise CannotParse(f"Unsupported start tag at byte offset {at}")
        if not tag[1]:
            opened.append(tag[2])
        elif not opened or opened.pop() != tag[2]:
            raise CannotParse(f"Unmatched end tag at byte offset {at}")
        at = tag.end()
    if opened:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{opened[-1]}"')
    return "".join(shown)


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
