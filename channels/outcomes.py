"""What came of a turn, in one word: told to who counts turns, from what the assistant said."""

from __future__ import annotations

from collections.abc import Sequence

from channels.assistant import Reply

ANSWERED, GUESSED, OUT_OF_SCOPE = "answered", "guessed", "out_of_scope"
URGENT, HANDED_OVER, FAILED, OFF = "urgent", "handed_over", "failed", "off"
# The answers of actions/unsure.py to a message that was not understood.
NOT_UNDERSTOOD = {"two_guesses", "say_it_differently", "offer_a_person", "not_understood"}


def outcome(replies: Sequence[Reply]) -> str:
    """The gravest of what the replies are: an alarm, people, a guess, not our matter, an answer."""
    kinds, said = {reply.kind for reply in replies}, {reply.said for reply in replies}
    if "emergency" in kinds:
        return URGENT
    if "handover" in kinds:
        return HANDED_OVER
    if said & NOT_UNDERSTOOD:
        return GUESSED
    if any(name.startswith("utter_out_of_scope") for name in said):
        return OUT_OF_SCOPE
    return ANSWERED
