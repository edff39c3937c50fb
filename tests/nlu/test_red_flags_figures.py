"""Figures of speech and ages long past: the same words are a sign in another frame."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("figure", "danger"),
    [
        ("i nearly choked when i saw the bill", "he choked on a grape and is going blue"),
        ("i cant breathe with excitement", "i cant breathe since you put the cream on"),
        ("i feel faint at the sight of needles", "i feel faint and my face is swelling"),
        ("had a seizure at 2, he's 12 now, just spots today", "had a seizure at 2 this afternoon"),
        ("my phone is having a seizure", "the extraction site has been bleeding since noon"),
        ("i choked at how high the price is", "she choked at nursery and cant breathe now"),
    ],
)
def test_a_figure_of_speech_is_no_sign_and_the_sign_itself_still_is(alarms, figure, danger):
    assert not alarms(figure)
    assert alarms(danger)


def test_a_figure_beside_a_sign_hides_nothing(alarms):
    assert alarms("i choked at the price, and now my face is swelling and i cant breathe")
