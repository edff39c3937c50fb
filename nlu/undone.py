"""A turn that fails half-way is undone: the conversation stands where it stood before."""

from __future__ import annotations


class TurnUndone(BaseException):
    """The turn cannot be finished; nothing of it is stored, and the visitor can say it again.

    No ``Exception``, like asyncio's CancelledError: Rasa logs whatever an action or a tracker
    store raises and goes on with half a turn, or with a conversation that it takes for a new one.
    Who hands Rasa a turn catches it (channels/private_rest.py).
    """
