"""Names and contacts as visitors type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.person import Contact, ContactNotUnderstood, read_contact, read_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("my name is asha patel", "Asha Patel"),
        ("it's jo", "Jo"),
        ("its Jo", "Jo"),
        ("it’s jo", "Jo"),
        ("im Jo", "Jo"),
        ("this is Jo, thank you", "Jo"),
        ("you can call me Sue", "Sue"),
        ("my daughter's name is Lily Ann", "Lily Ann"),
        ("she's called Lily", "Lily"),
        ("Mo", "Mo"),
        ("Seán O'Brien", "Seán O'Brien"),
        ("李小龙", "李小龙"),
        ("अमिताभ बच्चन", "अमिताभ बच्चन"),
        ("محمد علي", "محمد علي"),
        ("name: Ana-María López", "Ana-María López"),
        ("i'm Dr. T. Nowak", "Dr. T. Nowak"),
        ("under Smith", "Smith"),
        ("Patel, Asha", "Patel, Asha"),
        ("Thi Nguyen, thanks", "Thi Nguyen"),
        ("call me Al please", "Al"),
        ("hi, it's Grace Hopper", "Grace Hopper"),
        ("“Asha” 🙂", "Asha"),
        ("  Asha \n Patel ", "Asha Patel"),
    ],
)
def test_a_name_is_read_out_of_what_stands_around_it(said, name):
    assert read_name(said) == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("asha o'neil-smith", "Asha O'Neil-Smith"),
        ("ma'amun hakim", "Ma'amun Hakim"),
        ("vincent van gogh", "Vincent van Gogh"),
        ("j.r.r. tolkien", "J.R.R. Tolkien"),
        ("élodie d’arc", "Élodie D’Arc"),
        ("bell hooks-Smith", "bell hooks-Smith"),
        ("ASHA PATEL", "ASHA PATEL"),
        ("McDonald", "McDonald"),
    ],
)
def test_small_letters_become_capitals_and_a_persons_own_stay(said, name):
    assert read_name(said) == name


@pytest.mark.parametrize("name", ["Can Yılmaz", "Will Smith", "May Lee", "An Nguyen", "Do Van Thi"])
def test_names_that_are_also_words_are_names(name):
    assert read_name(name) == name


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "?",
        "-",
        "does it hurt?",
        "does it hurt",
        "what are milia",
        "how long does it take",
        "can i ask something",
        "will it hurt",
        "i don't know",
        "i have a question",
        "prefer not to say",
        "my name is",
        "07700 900123",
        "asha2",
        "a@b.example",
        "no",
        "Hello",
        "never mind, stop",
        "x" * 81,
        "https://elsewhere.example",
        "www.elsewhere.example/x",
        "one two three four five six seven",
        "<b>Bob</b>",
        "Robert'); DROP TABLE appointments;--",
        "🙂",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(said):
    assert read_name(said) is None


def test_characters_that_turn_the_writing_round_are_dropped():
    assert read_name("Mary\u202e Ann\u200b") == "Mary Ann"


@given(st.text(max_size=120))
def test_whatever_is_typed_a_name_is_short_and_has_no_numbers_or_marks(said):
    name = read_name(said)
    if name is not None:
        assert 1 <= len(name) <= 80
        assert 1 <= len(name.split(" ")) <= 6
        assert not set("@<>/?&\n\t0123456789") & set(name)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("07700 900123", "+447700900123"),
        ("its 07700 900123", "+447700900123"),
        ("its 07700900123 ok?", "+447700900123"),
        ("07700-900-123", "+447700900123"),
        ("07700.900.123", "+447700900123"),
        ("0 7 7 0 0 9 0 0 1 2 3", "+447700900123"),
        ("０７７００ ９００１２３", "+447700900123"),
        ("+44 7700 900 123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("(020) 7946 0112 or after six", "+442079460112"),
        ("call me after 5 on 07700 900123", "+447700900123"),
        ("my number is 07700900123 and I am 34", "+447700900123"),
        ("07700 900123, no sorry, 07700 900456", "+447700900456"),
        ("jo@localhost, or 07700 900123", "+447700900123"),
        ("my french number is +33 1 99 00 12 34", "+33199001234"),
        ("+447700900123", "+447700900123"),
    ],
)
def test_a_phone_number_is_read_and_made_international(said, value):
    assert read_contact(said, "GB") == Contact("phone", value)


@pytest.mark.parametrize(
    "number",
    # Ofcom's numbers for fiction: London, no area, mobile, freephone, premium
    ["020 7946 0999", "01632 960123", "07700 900999", "08081 570123", "09098 790123"],
)
def test_numbers_that_are_kept_for_fiction_pass(number):
    assert read_contact(number, "GB").kind == "phone"


def test_a_phone_number_without_a_code_is_of_the_clinics_country():
    assert read_contact("(202) 555-0123", "US") == Contact("phone", "+12025550123")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("asha@example.org", "asha@example.org"),
        ("you can write to Asha.P@Example.ORG.", "Asha.P@example.org"),
        ("Asha <asha@example.org>", "asha@example.org"),
        ("mailto:asha@example.org", "asha@example.org"),
        ("asha @ example.org", "asha@example.org"),
        ("a@example.org, no, b@example.org", "b@example.org"),
        ("asha@example.org or 07700 900123", "asha@example.org"),
        ("josé@exämple.org", "josé@exämple.org"),
    ],
)
def test_an_e_mail_address_is_read_out_of_a_sentence(said, value):
    assert read_contact(said, "GB") == Contact("email", value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("asha@", "e-mail address does not look complete. There must be something after the @"),
        ("asha@example", "e-mail address does not look complete"),
        ("asha@example..org", "cannot have two periods in a row"),
        ("07700 9", '"07700 9" is not a whole phone number: it is too short'),
        ("its 07700 9001 ok", '"07700 9001" is not a whole phone number: it is too short'),
        ("0770090012", '"0770090012" is not a whole phone number: it is too short'),
        ("077009001234", '"077009001234" is not a whole phone number: it is too long'),
        ("12345678901234567890", "it is too long"),
        ("+999 12345678", "I do not know its country code"),
        ("+33 0 12 34 56 78 90", "is not a whole phone number"),
        ("tuesday", "e-mail address or a phone number"),
        ("i am 34", "e-mail address or a phone number"),
        ("", "e-mail address or a phone number"),
    ],
)
def test_what_cannot_reach_anybody_is_refused_with_the_reason(said, words):
    with pytest.raises(ContactNotUnderstood) as refused:
        read_contact(said, "GB")
    assert words in refused.value.words


@given(st.text(max_size=120))
def test_whatever_is_typed_it_is_a_contact_or_words(said):
    try:
        assert read_contact(said, "GB").value
    except ContactNotUnderstood as refused:
        assert refused.words.endswith(".")


def test_a_contact_that_was_read_is_read_again_as_itself():
    for said in ("07700 900123", "Asha@Example.org"):
        contact = read_contact(said, "GB")
        assert read_contact(contact.value, "GB") == contact
