"""What visitors say of the waiting list."""

from __future__ import annotations

import pytest

from actions.waiting import joins, leaves, speaks_of_list


@pytest.mark.parametrize(
    "said",
    [
        "put me on the waiting list",
        "waitlist me pls",
        "Add me to the cancellation list",
        "can I go on your list",
        "let me know if something comes up",
        "could you email me when a slot frees up",
        "can i be told if someone drops out",
    ],
)
def test_who_wants_to_be_on_the_list_joins(said):
    assert joins(said) and not leaves(said)


@pytest.mark.parametrize(
    "said",
    [
        "take me off the waiting list",
        "remove me from the cancellation list",
        "i don't want to be on the waitlist any more",
        "cancel my place on the waiting list",
    ],
)
def test_who_wants_to_be_off_it_leaves(said):
    assert leaves(said) and not joins(said)


@pytest.mark.parametrize(
    "said",
    ["how long is the waiting list", "am i on the waiting list", "do you have a waiting list?"],
)
def test_who_asks_about_it_does_neither(said):
    assert speaks_of_list(said) and not joins(said) and not leaves(said)


@pytest.mark.parametrize(
    "said",
    ["let me know if it is cancer", "i have been waiting for weeks", "tell me what comes up",
     "can i wait in the waiting room", "list the treatments"],
)  # fmt: skip
def test_what_only_sounds_like_it_is_something_else(said):
    assert not speaks_of_list(said) and not joins(said)
