"""Ages as people write them, and the numbers that are no ages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.ages import DAYS_IN_MONTH, Age, find_ages, is_newborn, patient_of

DAY = 1 / DAYS_IN_MONTH
WEEK = 7 * DAY
YEAR = 12


def the_age(text):
    (age,) = find_ages(text)
    return age


@pytest.mark.parametrize(
    ("text", "months", "part"),
    [
        # with "old"
        ("my 3 week old has spots", 3 * WEEK, "3 week old"),
        ("3wk old", 3 * WEEK, "3wk old"),
        ("My 3-week-old", 3 * WEEK, "3-week-old"),
        ("10 days old", 10 * DAY, "10 days old"),
        ("hot spots on face 3 weeks old", 3 * WEEK, "3 weeks old"),
        ("5 m/o", 5, "5 m/o"),
        ("3 w/o", 3 * WEEK, "3 w/o"),
        ("4yo", 4 * YEAR, "4yo"),
        ("11 yr old", 11 * YEAR, "11 yr old"),
        ("a 40-year-old woman", 40 * YEAR, "40-year-old"),
        ("twenty one year old", 21 * YEAR, "twenty one year old"),
        ("2.5 yr old", 30, "2.5 yr old"),
        ("a year and a half old", 18, "a year and a half old"),
        ("two and a half weeks old", 2.5 * WEEK, "two and a half weeks old"),
        ("half a year old", 6, "half a year old"),
        ("6 weeks and 3 days old", 6 * WEEK + 3 * DAY, "6 weeks and 3 days old"),
        ("2 years 3 months old", 27, "2 years 3 months old"),
        ("3-4 weeks old", 3 * WEEK, "3-4 weeks old"),
        ("two to three weeks old", 2 * WEEK, "two to three weeks old"),
        ("can a 10 month old have", 10, "10 month old"),
        # someone is so old
        ("my son is 4", 4 * YEAR, "4"),
        ("she is 9", 9 * YEAR, "9"),
        ("shes 9 and has milia", 9 * YEAR, "9"),
        ("my daughter Emma is 9", 9 * YEAR, "9"),
        ("my son is four", 4 * YEAR, "four"),
        ("he just turned 2", 2 * YEAR, "2"),
        ("my baby is 2 months, burning hot", 2, "2 months"),
        ("my baby boy is 6 weeks", 6 * WEEK, "6 weeks"),
        ("my baby is 1 and a half", 18, "1 and a half"),
        ("she's only a week", WEEK, "a week"),
        ("im 34", 34 * YEAR, "34"),
        ("I'm 34f", 34 * YEAR, "34f"),
        ("im 29m here", 29 * YEAR, "29m"),
        ("i am 34 years", 34 * YEAR, "34 years"),
        ("my mum is 70", 70 * YEAR, "70"),
        ("my husband is 39", 39 * YEAR, "39"),
        # next to a word for someone
        ("lo (7 weeks)", 7 * WEEK, "7 weeks"),
        ("newborn, 5 days", 5 * DAY, "5 days"),
        ("baby 3 weeks", 3 * WEEK, "3 weeks"),
        ("baby of 1 month", 1, "1 month"),
        ("6mth boy", 6, "6mth"),
        ("dd (9)", 9 * YEAR, "9"),
        ("my ds, 4, has", 4 * YEAR, "4"),
        ("my 5mo has", 5, "5mo"),
        ("milk spots at 8 wks", 8 * WEEK, "8 wks"),
        # aged
        ("aged 11", 11 * YEAR, "11"),
        ("age: 3", 3 * YEAR, "3"),
        ("aged 3 weeks", 3 * WEEK, "3 weeks"),
        # the whole answer
        ("2 months", 2, "2 months"),
        ("2mo", 2, "2mo"),
        ("6mth", 6, "6mth"),
        ("3 wks", 3 * WEEK, "3 wks"),
        ("about nine weeks.", 9 * WEEK, "nine weeks"),
        ("18 months", 18, "18 months"),
        ("1 and a half", 18, "1 and a half"),
        # births
        ("newborn", 0, "newborn"),
        ("he was born today", 0, "born today"),
        ("born yesterday", DAY, "born yesterday"),
        ("born 3 days ago", 3 * DAY, "3 days"),
    ],
)
def test_ages(text, months, part):
    age = the_age(text)
    assert age.months == pytest.approx(months)
    assert text[age.start : age.end] == part


@pytest.mark.parametrize(
    "text",
    [
        # how long
        "had it for 3 weeks",
        "my baby had it for 3 weeks",
        "for 2 months now",
        "takes 2 weeks",
        "lasts 3 months",
        "since 2 years",
        "3 weeks ago",
        "in 6 weeks",
        "is it ok to wait 6 months",
        "doubled in size in 6 weeks",
        "my spot is pink 10 days later",
        "a 3 month wait",
        "baby hasnt had a wet nappy in 10 hours",
        "im 2 weeks post op",
        # prices, doses, times, temperatures, telephones, counts
        "£50",
        "price for 10 spots pls",
        "100 mg",
        "take 2 a day",
        "10% glycolic",
        "spf 50",
        "10am",
        "9:30",
        "i can come at 4",
        "im 10 minutes away",
        "38.4",
        "she is 38.5",
        "he is 39 now",
        "my son is 40 and floppy",
        "07700 900123",
        "+65 8123 4567",
        "my son has 4 spots",
        "he is 4 kg",
        "she is 9 out of 10",
        "24/7",
        # not born yet, or early
        "im 34 weeks pregnant",
        "she is 20 weeks pregnant",
        "born at 36 weeks",
        "he is 2 weeks early",
        # limits and the past
        "until he is 3 months old",
        "when he was 3 weeks old",
        "under 2 years old",
        "since i was 12",
        "over 18s",
        "children under 8",
        "up to 3 months old",
        # things
        "this spot is 3 weeks old",
        "2 week old scar",
        "new tattoo 6 weeks old",
        # sayings, and an unknown unit
        "i wasnt born yesterday",
        "my baby is 3",
        "she is a bit unwell",
        "",
    ],
)
def test_no_ages(text):
    assert find_ages(text) == []


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("my daughter is 30", "daughter"),
        ("my 30 year old daughter", "daughter"),
        ("im 34", "im"),
        ("dd (9)", "dd"),
        ("3 weeks old", None),
    ],
)
def test_whose_age_it_is(text, subject):
    span = the_age(text).subject
    assert (text[slice(*span)] if span else None) == subject


def test_nearly_is_a_day_less():
    assert patient_of(the_age("shes nearly 2").months) == "baby"
    assert patient_of(the_age("im almost 18").months) == "child"


def test_several_ages_come_in_order():
    assert [age.months for age in find_ages("im 34 and my son is 4")] == [34 * YEAR, 4 * YEAR]


def test_newborn_with_an_age_counts_by_the_age():
    assert the_age("my newborn is 3 weeks old").months == pytest.approx(3 * WEEK)


@pytest.mark.parametrize(
    ("months", "patient"),
    [(0, "baby"), (23.99, "baby"), (24, "child"), (215.9, "child"), (216, "adult"), (900, "adult")],
)
def test_bands(months, patient):
    assert patient_of(months) == patient


def test_newborns_are_under_28_days():
    assert is_newborn(the_age("27 days old").months)
    assert not is_newborn(the_age("28 days old").months)
    assert not is_newborn(the_age("4 weeks old").months)


@given(
    st.integers(1, 99),
    st.sampled_from([("day", DAY), ("week", WEEK), ("month", 1), ("year", YEAR)]),
    st.sampled_from(
        ["{n} {u} old", "{n}{u} old", "{n}-{u}-old", "my baby is {n} {u}s", "{n} {u}s"]
    ),
    st.sampled_from([str.upper, str.title, str]),
)
def test_every_age_in_every_form(number, unit, form, case):
    name, months = unit
    age = the_age(case(form.format(n=number, u=name)))
    assert age.months == pytest.approx(number * months)


@given(st.text(alphabet="0123456789 .,-/½abdehiklmnorswy'’£:", max_size=80))
def test_any_text_is_safe(text):
    for age in find_ages(text):
        assert isinstance(age, Age)
        assert 0 <= age.start < age.end <= len(text)
        assert 0 <= age.months <= 1440
