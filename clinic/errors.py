"""Everything that can go wrong in the clinic.

ClinicError
├── ClinicFileError            clinic.yml is missing or wrong: a line a fault, for who runs it
├── StorageError               the database cannot be opened, for who runs it
├── ConversationsUnreachable   Rasa's record of them does not answer, for who runs it
└── VisitorError               has ``words`` for the visitor
    ├── BookingError           a booking cannot be made; nothing was saved
    │   ├── TimeTaken          somebody else was faster; has the ``nearest`` free times
    │   └── TimeNotOffered     nobody works then, or it is too soon or too far; likewise
    ├── NotToBeChanged         an appointment that is cancelled, too near, or changed elsewhere
    ├── OfferOver              a time of the waiting list that has been passed on
    ├── LinkOver               a letter's link whose time is over
    ├── LinkNotOurs            a link that nobody here has signed
    ├── NotProven              reference and proof do not belong together
    ├── TooManyAttempts        so often that nobody is listened to for a while
    ├── ContactNotUnderstood   no e-mail address or phone number could be read
    └── DiaryUnreachable       the database does not answer
        └── Collision          two transactions stood in each other's way: try again at once
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinic.free_times import FreeTime


class ClinicError(Exception):
    """Any of the clinic's errors; its text is fit to be read."""


class ClinicFileError(ClinicError):
    """clinic.yml is missing or wrong. ``faults`` has a line each: file, key, value, fix."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class StorageError(ClinicError):
    """The database cannot be opened: says which, why, and what to do."""


class ConversationsUnreachable(ClinicError):
    """Rasa's record of the conversations does not answer; says which, why, and what to do."""


class VisitorError(ClinicError):
    """Something that the visitor is told in ``words``."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class BookingError(VisitorError):
    """A booking cannot be made; nothing was saved.

    ``nearest`` are the free times nearest to the one that was asked for, earliest first, and
    ``in_words`` says them in the clinic's zone.
    """

    problem = "That time cannot be booked."

    def __init__(self, nearest: Iterable[FreeTime] = (), in_words: str = "") -> None:
        self.nearest = tuple(nearest)
        if in_words:
            offer = f"The nearest free times are {in_words}."
        else:
            offer = "There is no other free time to offer just now, so please call the clinic."
        super().__init__(f"{self.problem} {offer}")


class TimeTaken(BookingError):
    """The time has just been booked by somebody else."""

    problem = "That time has just gone."


class TimeNotOffered(BookingError):
    """The time is not one that the clinic offers."""

    problem = "That time is not one that can be booked."


class ContactNotUnderstood(VisitorError):
    """No way to reach somebody could be read; the words say what is wrong with what was given."""


class DiaryUnreachable(VisitorError):
    """The database does not answer. What was being saved may or may not have been."""

    def __init__(self) -> None:
        super().__init__(
            "I cannot reach the clinic's diary just now, so this may not have been saved. "
            "Please try again in a minute."
        )


class Collision(DiaryUnreachable):
    """Two transactions stood in each other's way, and this one gave way; nothing was saved."""


class NotToBeChanged(VisitorError):
    """The appointment stays as it is; the words say why."""


class OfferOver(VisitorError):
    """A freed time that was offered is no longer kept for the one it was offered to."""

    def __init__(self) -> None:
        super().__init__("This time is no longer kept for you, and nothing was booked.")


class LinkOver(VisitorError):
    """A letter's link has reached its end."""

    def __init__(self) -> None:
        super().__init__("This link has run out: what it was about is over or has changed.")


class LinkNotOurs(VisitorError):
    """A link is mangled or forged."""

    def __init__(self) -> None:
        super().__init__("This link is not complete. Please open it again from the letter itself.")


class NotProven(VisitorError):
    """Reference and proof do not belong together. Which of them is wrong is not said."""

    def __init__(self) -> None:
        super().__init__(
            "I could not find an appointment with that reference and that contact. Please check "
            "both. The reference stands in your confirmation and looks like MS-7K4QP."
        )


class TooManyAttempts(VisitorError):
    """Too many failed attempts within the hour."""

    def __init__(self) -> None:
        super().__init__(
            "There have been too many attempts. For everybody's safety I cannot look up "
            "appointments for an hour. Please call the clinic."
        )
