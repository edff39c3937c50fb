"""A conversation as Rasa goes on with it: its own tracker, which is copied and not replayed."""

from __future__ import annotations

import dataclasses

from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


class Conversation(DialogueStateTracker):
    """Rasa's tracker, with a quicker way to copy itself; Rasa does that for each action.

    A tracker of Rasa's own is copied by going through all of its events again.
    """

    stored = 0
    """How many of its events, from the first on, the tracker store has."""

    _applied: tuple[int, list[Event]] = (0, [])

    def applied_events(self) -> list[Event]:
        """The events that count, without those that were undone. Rasa asks for them many times
        between one event and the next."""
        count, events = self._applied
        if count != len(self.events):
            events = super().applied_events()
            self._applied = len(self.events), events
        return list(events)

    def init_copy(self) -> Conversation:
        """A tracker of the same conversation in which nothing has happened yet."""
        blank = self._twin()
        blank._reset()
        return blank

    def copy(self) -> Conversation:
        """A tracker that stands where this one does, and goes on by itself."""
        twin = self._twin()
        twin.events.extend(self.events)
        twin._paused = self._paused
        twin.followup_action = self.followup_action
        twin.latest_action = self.latest_action
        twin.latest_message = self.latest_message
        twin.latest_bot_utterance = self.latest_bot_utterance
        twin.active_loop = self.active_loop and dataclasses.replace(self.active_loop)
        return twin

    def _twin(self) -> Conversation:
        twin = Conversation(self.sender_id, ())
        twin.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        return twin


def _copied(slot: Slot) -> Slot:
    """As copy.copy does, which takes five times as long to find out how."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin
