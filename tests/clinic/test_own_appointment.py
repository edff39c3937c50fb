"""Finding one's own appointment, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic.appointments import book
from clinic.errors import NotProven, TooManyAttempts
from clinic.own_appointment import MOST_BY_REFERENCE, MOST_BY_SENDER, find_own, read_reference
from clinic.person import Contact


@pytest.fixture
def booked(storage, clinic, request_, now):
    return book(storage, clinic, request_, now)


@pytest.fixture
def by_phone(storage, clinic, request_, now):
    phone = Contact("phone", "+447700900123")
    return book(storage, clinic, replace(request_, contact=phone), now)


@pytest.mark.parametrize(
    "text", ["MS-7K4QP", "its ms-7k4qp", "ms7k4qp please", "cancel MS 7K4QP.", "ms 7k4 qp"]
)
def test_a_reference_is_read_however_it_is_typed(text):
    assert read_reference(text) == "MS-7K4QP"


@pytest.mark.parametrize("text", ["", "ms", "MS-AAAAA", "my reference", "MS-7K4QPX", "forms 12345"])
def test_what_is_no_reference_is_none(text):
    assert read_reference(text) is None


def test_the_e_mail_address_proves_it(storage, booked, now):
    assert find_own(storage, booked.reference, " Asha@Example.org", "web:2", now) == booked


@pytest.mark.parametrize("proof", ["0123", "900123", "07700 900123", "+44 7700 900123"])
def test_the_last_digits_of_the_number_prove_it(storage, by_phone, now, proof):
    assert find_own(storage, by_phone.reference, proof, "web:2", now) == by_phone


@pytest.mark.parametrize("proof", ["123", "", "0124", "asha@example.org", "1" * 40])
def test_other_digits_do_not(storage, by_phone, now, proof):
    with pytest.raises(NotProven):
        find_own(storage, by_phone.reference, proof, "web:2", now)


def test_nothing_shows_whether_a_guess_was_close(storage, booked, now):
    said = set()
    for reference, proof in [(booked.reference, "a@b.example"), ("MS-CCCCC", "asha@example.org")]:
        with pytest.raises(NotProven) as refused:
            find_own(storage, reference, proof, "web:2", now)
        said.add(refused.value.words)
    assert len(said) == 1


def test_a_sender_who_fails_too_often_is_not_heard_even_if_right(storage, booked, now):
    for _ in range(MOST_BY_SENDER):
        with pytest.raises(NotProven):
            find_own(storage, "MS-CCCCC", "x", "web:2", now)
    with pytest.raises(TooManyAttempts):
        find_own(storage, booked.reference, "asha@example.org", "web:2", now)
    assert find_own(storage, booked.reference, "asha@example.org", "web:3", now)
    later = now + timedelta(hours=1, seconds=1)
    assert find_own(storage, booked.reference, "asha@example.org", "web:2", later)


def test_a_reference_that_many_guess_at_is_closed_for_a_while(storage, booked, now):
    for number in range(MOST_BY_REFERENCE):
        with pytest.raises(NotProven):
            find_own(storage, booked.reference, "x", f"web:1{number}", now)
    with pytest.raises(TooManyAttempts):
        find_own(storage, booked.reference, "asha@example.org", "web:2", now)
