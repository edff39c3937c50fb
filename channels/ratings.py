"""``python -m channels.ratings`` prints what visitors thought of the answers, the newest first."""

from __future__ import annotations

import sys
from typing import Any

from channels.message_log import MessageLog, MessageLogError
from channels.settings import read_settings


def in_words(ratings: list[dict[str, Any]]) -> str:
    """One line a rating: when, the thumb, the topic, and the visitor's word."""
    lines = [f"{r['at']}  {r['thumb']:4}  {r['topic']:24}  {r['word']}".rstrip() for r in ratings]
    return "\n".join(lines) or "Nobody has rated an answer yet."


def main() -> None:
    """Prints all ratings; a wrong setting ends it with the setting's name and the fix."""
    try:
        print(in_words(MessageLog(read_settings().messages_url).rated()))
    except (KeyError, ValueError, MessageLogError) as error:
        sys.exit(f"ratings: {error}")


if __name__ == "__main__":
    main()
