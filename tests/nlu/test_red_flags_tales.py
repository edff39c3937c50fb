"""Tales, lessons and questions in general; and the danger beside them that they must not hide."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "a character in the novel i'm writing has a seizure in a clinic",
        "for my essay: which organisms cause cellulitis after small operations",
        "i'm doing a school project, why are fevers so serious in babies under 3 months",
        "in the programme last night a baby had meningitis and the rash didn't fade under a glass",
        "read in the paper about a girl whose face swelled up after a peel",
        "the baby in the book i'm reading goes limp and blue",
        "the poster in your hall shows a newborn with blisters",
        "did that influencer really stop breathing after the cream",
        "our neighbour's dog ate her retinol cream, the vet sorted it",
        "how much bleeding is too much after an extraction? mine is next week",
    ],
)
def test_who_writes_has_none_of_what_books_and_strangers_have(alarms, text):
    assert not alarms(text)


@pytest.mark.parametrize(
    "text",
    [
        "was reading a novel, looked up and the baby is blue and floppy",
        "we had a documentary on and baby started choking and cant breathe",
        "the leaflet says to look at the rash. hers doesn't fade under a glass",
        "tried that influencer peel and the skin is burnt and blistering",
        "saw a tiktok about tca, used it, face is burnt and blistered",
        "peeled the paper off and had chemical burns all over the face",
        "my dog is fine but my toddler ate the retinol cream",
        "how much bleeding is normal, mine won't stop bleeding",
        "trying to book, gp said baby has blisters and a fever",
        "we are in casualty, baby is floppy and blue",
        "some guy threw acid in my face and it is burning",
        "my grandson, two months, is boiling hot",
    ],
)
def test_a_book_or_a_show_hides_no_danger(alarms, text):
    assert alarms(text)


def test_a_question_about_what_began_an_hour_ago_is_not_asked_in_general(alarms):
    assert alarms("is it usual to have trouble swallowing? it started an hour ago")
    assert not alarms("is it usual to have trouble swallowing with this anaesthetic?")


def test_a_question_whose_next_sentence_says_that_it_is_there_is_not_asked_in_general(alarms):
    assert alarms("how do i look after blisters on a one week old? they popped up today")
    assert not alarms("how do i look after blisters on a one week old? i am due in june")


def test_a_question_about_days_after_a_treatment_is_about_ones_own(alarms):
    assert alarms("is throbbing, pus and fever normal four days after extraction?")
    assert not alarms("is throbbing, pus and fever normal after extraction?")


def test_what_was_years_ago_is_past_across_a_comma(alarms):
    assert not alarms("my lips swelled up after lidocaine, about eight years ago")
    assert alarms("my lips swelled up after lidocaine, about eight minutes ago")


def test_what_is_now_is_not_past_with_what_was(alarms):
    assert alarms("it was itchy last month and the mole is bleeding now")
