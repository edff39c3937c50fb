"""Names and contacts as visitors type them."""

from __future__ import annotations

import pytest

from clinic.person import Contact, ContactNotUnderstood, read_contact, read_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("my name is asha patel", "Asha Patel"),
        ("it's jo", "Jo"),
        ("Mo", "Mo"),
        ("Seán O'Brien", "Seán O'Brien"),
        ("李小龙", "李小龙"),
        ("name: Ana-María López", "Ana-María López"),
        ("i'm Dr. T. Nowak", "Dr. T. Nowak"),
        ("under Smith", "Smith"),
        ("Thi Nguyen, thanks", "Thi Nguyen"),
        ("call me Al please", "Al"),
        ("hi, it's Grace Hopper", "Grace Hopper"),
    ],
)
def test_a_name_is_read_out_of_what_stands_around_it(said, name):
    assert read_name(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "does it hurt?",
        "what are milia",
        "07700 900123",
        "a@b.example",
        "no",
        "x" * 81,
        "https://elsewhere.example",
        "one two three four five six seven",
        "<b>Bob</b>",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(said):
    assert read_name(said) is None


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("07700 900123", "+447700900123"),
        ("its 07700900123 ok?", "+447700900123"),
        ("+44 7700 900 123", "+447700900123"),
        ("020 7946 0112 or after six", "+442079460112"),
        ("my french number is +33 1 99 00 12 34", "+33199001234"),
    ],
)
def test_a_phone_number_is_read_and_made_international(said, value):
    assert read_contact(said, "GB") == Contact("phone", value)


def test_a_phone_number_without_a_code_is_of_the_clinics_country():
    assert read_contact("(202) 555-0123", "US") == Contact("phone", "+12025550123")


@pytest.mark.parametrize(
    "said", ["asha@example.org", "you can write to asha@example.org.", "Asha <asha@example.org>"]
)
def test_an_e_mail_address_is_read_out_of_a_sentence(said):
    assert read_contact(said, "GB") == Contact("email", "asha@example.org")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("asha@", "e-mail address does not look complete"),
        ("asha@example", "e-mail address does not look complete"),
        ("07700 9001", "whole phone number"),
        ("tuesday", "e-mail address or a phone number"),
        ("", "e-mail address or a phone number"),
    ],
)
def test_what_cannot_reach_anybody_is_refused_with_the_reason(said, words):
    with pytest.raises(ContactNotUnderstood) as refused:
        read_contact(said, "GB")
    assert words in refused.value.words
