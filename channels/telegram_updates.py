"""What an update of Telegram's says, for the assistant: who, what, and whether it is meant for it.

In a group only what is addressed to the bot is heard, and each member has a conversation of their
own: what one says of their child must not shape another's answers. Pictures, files and recordings
are never fetched: Telegram sends no more than their names, and those are not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from channels.telegram_commands import COMMANDS, message_of
from channels.telegram_words import notice

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_SENDER = re.compile(r"tg:(-?\d+)(?:-(\d+))?")
# What is answered by the bot itself, the first that there is in a message.
_KINDS = {
    "photo": "picture",
    "video": "picture",
    "video_note": "picture",
    "animation": "picture",
    "paid_media": "picture",
    "story": "picture",
    "document": "file",
    "voice": "voice",
    "audio": "voice",
    "sticker": "sticker",
    "dice": "sticker",
    "venue": "location",
    "location": "location",
    "poll": "other",
    "game": "other",
    "invoice": "other",
    "checklist": "other",
}


@dataclass(frozen=True)
class Said:
    """Something for the assistant, as `Turns.hear` takes it.

    With ``only_after`` it is an answer to a question of that kind, and nothing else.
    """

    sender: str
    id: str
    text: str
    title: str | None = None
    only_after: str = ""


def said_in(update: Update, me: User, longest: int) -> list[Said]:
    """What the assistant is told in an update; nothing where it is not meant for it."""
    if update.my_chat_member:
        return _joined(update.my_chat_member, update.update_id)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return []
    if message.chat.type not in (ChatType.PRIVATE, *_GROUPS):
        return []
    in_group = message.chat.type in _GROUPS
    if in_group and not _addressed(message, me):
        return []
    sender = f"tg:{message.chat.id}" + (f"-{message.from_user.id}" if in_group else "")
    id = f"{update.update_id}.{message.message_id}"
    said = []
    if not update.edited_message:  # a live location is edited every minute, and still not needed
        said += _what_is_no_text(message, sender, id)
    if words := (message.text or message.caption or "").strip():
        said.append(_text(_without_name(words, me), sender, f"{id}.text", longest, in_group))
    return said


def in_group(sender: str) -> bool:
    """Whether a conversation is held where others read."""
    return chat_of(sender) < 0


def chat_of(sender: str) -> int:
    """The chat in which a conversation is held."""
    match = _SENDER.fullmatch(sender)
    if match is None:
        raise ValueError(f"{sender} is no conversation on Telegram")
    return int(match[1])


def message_answered(reply_to: str) -> int | None:
    """The number, in its chat, of the message that an answer is to; None for a press."""
    parts = reply_to.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None


def _what_is_no_text(message: Message, sender: str, id: str) -> list[Said]:
    if message.contact:
        own = message.contact.user_id == (message.from_user and message.from_user.id)
        if not own:
            return [Said(sender, id, notice("others_contact"), "(a contact)")]
        number = "+" + message.contact.phone_number.lstrip("+")
        return [Said(sender, id, number, "(my telephone number)", only_after="contact")]
    for attribute, name in _KINDS.items():
        if getattr(message, attribute, None):
            if message.media_group_id:  # the pictures of an album come one by one
                id = f"album {message.media_group_id}"
            shown = "picture" if name == "file" and _is_picture(message) else name
            return [Said(sender, id, notice(shown), f"({shown})")]
    return []


def _text(words: str, sender: str, id: str, longest: int, in_group: bool) -> Said:
    command = _COMMAND.fullmatch(words)
    if command and in_group and command[1].lower() in COMMANDS:
        name = command[1].lower()
        if name in {"start", "help"}:
            return Said(sender, id, notice("in_group"), f"/{name}")
        if not COMMANDS[name].in_groups:
            return Said(sender, id, notice(f"private {name}"), f"/{name}")
    if command and (message := message_of(command[1], command[3] or "")):
        words, title = message, f"/{command[1].lower()}"
    else:
        title = None
    if not words.strip("/ \t\r\n"):
        return Said(sender, id, notice("nothing"), words)
    if len(words) > longest:
        return Said(sender, id, notice("too_long"), "(a long message)")
    return Said(sender, id, words, title)


def _addressed(message: Message, me: User) -> bool:
    """Whether a message in a group speaks to the bot: by command, by name, or in reply to it."""
    words = message.text or message.caption or ""
    if command := _COMMAND.fullmatch(words):
        name, bot = command[1].lower(), (command[2] or "").lower()
        return bot == (me.username or "").lower() if bot else name in COMMANDS
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == me.id:
        return True
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    return any(
        (entity.type == MessageEntity.MENTION and text.lower() == me.name.lower())
        or (entity.user is not None and entity.user.id == me.id)
        for entity, text in entities.items()
    )


def _without_name(words: str, me: User) -> str:
    """The words without "@the_bot", unless that belongs to a command."""
    if words.startswith("/"):
        return words
    return re.sub(rf"\s*{re.escape(me.name)}\b[,:]?", "", words, flags=re.IGNORECASE).strip()


def _is_picture(message: Message) -> bool:
    kind = message.document.mime_type if message.document else None
    return bool(kind and kind.startswith(("image/", "video/")))


def _joined(change: ChatMemberUpdated, update_id: int) -> list[Said]:
    """The bot was taken into a group: it says what it does there. Blocked, it says nothing."""
    there = ("member", "administrator", "creator")
    joins = change.new_chat_member.status in there and change.old_chat_member.status not in there
    if change.chat.type not in _GROUPS or not joins:
        return []
    sender = f"tg:{change.chat.id}-{change.from_user.id}"
    return [Said(sender, f"{update_id}", notice("in_group"), "(joined the group)")]
