"""The staff's answer to an enquiry."""

from __future__ import annotations

import pytest

from clinic.answering import answer
from clinic.audit import trail
from clinic.enquiries import EnquiryRequest, ask, close
from clinic.errors import ClinicError
from clinic.outbox import WAITING, messages
from clinic.person import Contact
from clinic.personal_data import erase_in_clinic

EMAIL, PHONE = Contact("email", "asha@example.org"), Contact("phone", "+447911123456")


@pytest.fixture
def asked(storage, clinic, now):
    """Leaves an enquiry and gives its reference."""

    def make(sender, contact):
        request = EnquiryRequest(
            kind="person",
            name="Asha",
            contact=contact,
            best_time="any",
            question="Do you treat twins?",
            said_before="",
            urgent=False,
            sender=sender,
            idempotency_key=f"{sender} 1",
        )
        return ask(storage, clinic, request, now).reference

    return make


def answers(storage):
    return [one for one in messages(storage, WAITING) if " answer " in one.message_key]


@pytest.mark.parametrize("contact", [EMAIL, PHONE])
def test_who_asked_on_telegram_is_answered_in_the_same_chat(storage, clinic, asked, now, contact):
    reference = asked("tg:5", contact)
    assert answer(storage, clinic, reference.lower(), "Yes, we do.", now) == "Telegram"
    (told,) = answers(storage)
    assert (told.kind, told.content["sender"]) == ("telegram", "tg:5")
    assert "Yes, we do." in told.content["text"]
    assert reference in told.content["text"]


def test_who_left_an_address_elsewhere_gets_a_letter(storage, clinic, asked, now):
    assert answer(storage, clinic, asked("web:5", EMAIL), "Yes, we do.", now) == "e-mail"
    (told,) = answers(storage)
    assert (told.kind, told.content["to"]) == ("email", "asha@example.org")


def test_who_left_a_number_elsewhere_is_to_be_called(storage, clinic, asked, now):
    with pytest.raises(ClinicError, match="call"):
        answer(storage, clinic, asked("web:5", PHONE), "Yes, we do.", now)
    assert answers(storage) == []


def test_several_answers_are_several_messages_and_stand_in_the_trail(storage, clinic, asked, now):
    reference = asked("tg:5", PHONE)
    answer(storage, clinic, reference, "Yes.", now)
    answer(storage, clinic, reference, "And no.", now.replace(second=1))
    assert len(answers(storage)) == 2
    assert [one.did for one in trail(storage, reference)].count("answered") == 2


def test_there_must_be_words_and_an_open_enquiry(storage, clinic, asked, now):
    reference = asked("tg:5", PHONE)
    with pytest.raises(ClinicError, match="no words"):
        answer(storage, clinic, reference, " ", now)
    close(storage, reference, now)
    for closed_or_none in (reference, "EN-XXXXX"):
        with pytest.raises(ClinicError, match="no open enquiry"):
            answer(storage, clinic, closed_or_none, "Yes.", now)


def test_an_answer_goes_with_what_is_erased(storage, clinic, asked, now):
    answer(storage, clinic, asked("tg:5", PHONE), "Yes.", now)
    erase_in_clinic(storage, "tg:5", now, "visitor")
    assert answers(storage) == []
