"""Errors: fit to be read by the person they are for."""

from __future__ import annotations

import inspect

import pytest

from clinic import errors
from clinic.appointments import book
from clinic.errors import ClinicError, DiaryUnreachable, TimeNotOffered, TimeTaken, VisitorError

ERRORS = [
    one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, Exception)
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_tree(error):
    assert error.__name__ in errors.__doc__
    assert issubclass(error, ClinicError)


@pytest.mark.parametrize("error", [TimeTaken(), TimeNotOffered(), DiaryUnreachable()])
def test_what_visitors_meet_has_words_for_them(error):
    assert isinstance(error, VisitorError)
    assert error.words == str(error)
    assert error.words.endswith(".")


def test_a_time_that_is_gone_is_said_with_the_nearest(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    with pytest.raises(TimeTaken) as gone:
        book(storage, clinic, type(request_)(**vars(request_) | {"idempotency_key": "2"}), now)
    assert gone.value.words == (
        "That time has just gone. The nearest free times are Tuesday 24 November at 9:15, "
        "Tuesday 24 November at 9:30 or Tuesday 24 November at 10:30."
    )


def test_without_a_free_time_the_way_is_to_call():
    assert "call the clinic" in TimeTaken().words
