"""What the bot itself says on Telegram: to what is no text, and in groups."""

from __future__ import annotations

from channels.assistant import Button, Reply
from channels.words import nothing_said, too_long
from clinic.help_lines import calls
from clinic.profile import Clinic

SHARE_NUMBER = "Share my phone number"
THANKS = "Thank you."
CALENDAR = "For your calendar."
ALREADY_PRESSED = "You have already answered that."
NO_LONGER_IN_USE = "That button is no longer in use. Please write to me instead."

_BOOK = Button("Book a consultation", "book a consultation")
_SIGNS = Button("When to see a doctor", "what signs mean i should see a doctor")

# A message of the bot's own that stands for what a visitor sent; nobody can type one, since
# the slash at the beginning of what is typed does not reach it.
_NOTICE = "/notice "


def notice(name: str) -> str:
    """The message that stands for something to which `notices` has the answer."""
    return f"{_NOTICE}{name}"


def noticed(message: str) -> str | None:
    """The name in such a message; None where it is another."""
    return message.removeprefix(_NOTICE) if message.startswith(_NOTICE) else None


def notices(clinic: Clinic, bot: str) -> dict[str, Reply]:
    """The bot's own answers by name; ``bot`` is its name on Telegram."""
    lines = calls(clinic)
    urgent = (
        f"If it is urgent, do not wait for an answer here: call {lines['emergency_call']} in an "
        f"emergency, or {lines['advice_call']} for medical advice."
    )
    return {
        "picture": Reply(
            "I am an automated assistant and cannot look at pictures, so I have not opened yours "
            "and keep no copy. Nobody can say from a photo what a spot is; a doctor who sees it "
            f"can. Tell me in words what you would like to know.\n\n{urgent}",
            [_BOOK, _SIGNS],
        ),
        "file": Reply(
            "I cannot open files, and keep no copy of yours. Please tell me in words what you "
            f"would like to know.\n\n{urgent}"
        ),
        "voice": Reply(
            "I cannot listen to recordings, and keep no copy of yours. Please write what you would "
            f"like to know.\n\n{urgent}"
        ),
        "sticker": Reply("I can only read words. What would you like to know?"),
        "location": Reply(
            "Thank you, but I do not need to know where you are, and do not keep it. We are at "
            f"{clinic.address}.",
            topic="location",
        ),
        "contact": Reply(
            "I did not need a telephone number just now, and have not kept it. To be called back, "
            "write: please call me."
        ),
        "others_contact": Reply(
            "That is somebody else's contact, and I have not kept it. Please share your own "
            "number, or write the number or e-mail address that you want us to use."
        ),
        "other": Reply("I can only read words. Please write what you would like to know."),
        "nothing": Reply(nothing_said()),
        "too_long": Reply(too_long(clinic.chat.longest_message)),
        "in_group": Reply(
            f"Hello. I am the automated assistant of {clinic.name}, not a doctor. Mention me as "
            f"@{bot} to ask about milia (milk spots), the opening hours or the prices. Everybody "
            "here can read what you ask, so for anything about yourself or your child, and to "
            "book, please write to me alone.",
            [_in_private(bot)],
        ),
        "private": Reply(
            "That is better said where nobody else reads it. Please write to me alone.",
            [_in_private(bot)],
        ),
    }


def _in_private(bot: str, command: str = "") -> Button:
    return Button(
        "Write to me alone", f"https://t.me/{bot}?start={command}".removesuffix("?start=")
    )


def in_private(bot: str, command: str) -> Reply:
    """For a command that is personal, in a group: a link that goes on with it in private."""
    words = "That is better done where nobody else reads it. Please go on with me alone."
    return Reply(words, [_in_private(bot, command)])
