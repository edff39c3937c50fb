"""The commands of the bot, and the links that begin with one (https://t.me/<bot>?start=book)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A command: what Telegram's menu says of it, the message that it stands for, and whether it
    may be answered where others read."""

    description: str
    message: str
    in_groups: bool = False


COMMANDS = {
    "start": Command("Say hello", "hello"),
    "help": Command("What I can do", "what can you do", in_groups=True),
    "book": Command("Book a consultation", "book a consultation"),
    "appointments": Command("Look up, move or cancel an appointment", "check my appointment"),
    "hours": Command("Opening hours", "opening hours", in_groups=True),
    "cancel": Command("Stop what we are doing", "stop"),
    "privacy": Command("What happens with what you write", "what happens to my data"),
    "delete": Command("Delete what is kept about you", "delete my data"),
}


def message_of(name: str, rest: str) -> str | None:
    """What a command says, with the words that follow it; None where there is none so called.

    A link brings its command as ``/start book``; what else follows a /start is no command.
    """
    name, rest = name.lower(), rest.strip()
    if name == "start" and rest:
        linked = COMMANDS.get(rest.lower().replace("_", " ").split()[0])
        return (linked or COMMANDS["start"]).message
    command = COMMANDS.get(name)
    return f"{command.message} {rest}".strip() if command else None
