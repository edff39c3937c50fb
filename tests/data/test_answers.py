"""The answers: complete, sourced, in date, and never in doubt about which one is said.

How they read is in test_what_is_said.py and test_reading.py. docs/adding-an-answer.md leads an
author through what is checked here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from clinic.help_lines import calls
from clinic.profile import load_clinic
from scripts.answers import all_answers

ROOT = Path(__file__).parents[2]
CALLS = calls(load_clinic(ROOT / "clinic.yml"))


def _named(prefix: str, names: str) -> set[str]:
    return {prefix + name for name in names.split()}


# Answered out of clinic.yml; the others are medical.
ABOUT_THE_CLINIC = _named(
    "utter_faq/", "consultation hours location prices insurance contact privacy"
)
PLAIN = _named(
    "utter_",
    "greet goodbye thank help bot_challenge nothing_to_stop affirm deny inform "
    "introduction already_booking urgent distress low_spirits form_waits form_left one_thing_first",
)
SAID_BY_ACTIONS = _named(
    "",
    """
    restart stopped complaint talk_to_human request_callback
    not_understood one_at_a_time consultation_first ask_own_reference reference_not_understood ask_own_proof ask_own_time
    ask_move_confirmed ask_cancel_confirmed own_checked own_is_cancelled own_moved own_cancelled
    own_unchanged own_left enquiry_visitor_name enquiry_contact enquiry_enquiry_time
    enquiry_enquiry_question enquiry_sent enquiry_left ask_erasing_confirmed erased not_erased
    ask_booking_for ask_appointment_time ask_visitor_name ask_contact ask_booking_confirmed
    two_guesses say_it_differently offer_a_person why_without_context more_without_context
    other_one_without_context no_more sources sources_in_general
    booking_baby_note booked no_free_times name_not_understood time_not_understood
    ask_waiting_contact waiting_needs_email ask_waiting_confirmed
    ask_waiting_confirmed_in_this_chat waiting on_waiting_list
    waiting_list_left not_on_waiting_list
    """,
)
ALSO_SOURCED = {"utter_urgent", "booking_baby_note", "utter_faq/insurance"}

# The variables that the action behind a response fills in. A medical answer has none.
CLINIC_FACTS = _named(
    "",
    """
    clinic_name clinic_phone clinic_email clinic_website clinic_address directions week_hours
    open_now prices payment insurance consultation_price consultation_minutes practitioners
    emergency_number advice_number crisis_number crisis_name
    """,
)
BY_PEOPLE = _named(
    "",
    """
    urgent distress talk_to_human request_callback complaint erase_my_data
    check_appointment reschedule_appointment cancel_appointment
    """,
)
BOOKING_FACTS = {
    "ask_appointment_time": {"service", "minutes", "price"},
    "ask_booking_confirmed": {"service", "when", "patient_in_words", "visitor_name", "contact"},
    "booked": {"when", "practitioner", "reference", "clinic_address", "clinic_phone", "letter"},
    "reference_not_understood": {"clinic_phone"},
    "ask_own_proof": {"reference"},
    "ask_own_time": {"when"},
    "ask_move_confirmed": {"when", "new"},
    "ask_cancel_confirmed": {"when"},
    **dict.fromkeys(
        ["own_checked", "own_is_cancelled", "own_moved", "own_cancelled", "own_unchanged"],
        {"when", "practitioner", "reference", "clinic_address", "clinic_phone"},
    ),
    "enquiry_visitor_name": {"promise"},
    "enquiry_sent": {"promise", "reference", "contact", "advice_number", "emergency_number"},
    "erased": {"appointments", "enquiries", "waiting", "clinic_email"},
    "no_free_times": {"clinic_phone"},
    "waiting_needs_email": {"clinic_phone"},
    **dict.fromkeys(
        ["ask_waiting_confirmed", "ask_waiting_confirmed_in_this_chat"],
        {"service", "suits", "patient_in_words", "visitor_name", "contact"},
    ),
    "waiting": {"reference", "hours"},
    "on_waiting_list": {"suits", "reference"},
    "not_on_waiting_list": {"clinic_phone"},
    "sources": {"sources", "reviewed"},
}


def _retrieved() -> set[str]:
    """The responses that docs/intents.md calls for."""
    table = (ROOT / "docs/intents.md").read_text()
    return {
        f"utter_{name}" for name in re.findall(r"^\| ((?:faq|out_of_scope)/\w+) \|", table, re.M)
    }


def _asked() -> dict[str, str]:
    """What people say, and the intent of it."""
    asked = {}
    for path in (ROOT / "data/nlu").glob("*.yml"):
        for block in yaml.safe_load(path.read_text())["nlu"]:
            for line in block.get("examples", "").splitlines():
                asked[line.strip().removeprefix("- ").lower()] = block.get("intent", "")
    return asked


ANSWERS = all_answers()
RESPONSES = {answer.response for answer in ANSWERS}
SOURCES = yaml.safe_load((ROOT / "data/sources.yml").read_text())["sources"]
LEXICON = yaml.safe_load((ROOT / "data/lexicon/milia.yml").read_text())["lexicon"]
RED_FLAGS = yaml.safe_load((ROOT / "data/lexicon/red_flags.yml").read_text())
DANGERS = RED_FLAGS["urgent"] | RED_FLAGS["distress"]
ASKED = _asked()
MEDICAL = {name for name in RESPONSES if name.startswith("utter_faq/")} - ABOUT_THE_CLINIC
SOURCED = [answer for answer in ANSWERS if answer.response in MEDICAL | ALSO_SOURCED]
TODAY = datetime.now(UTC).date()

# They differ so much that whoever does not say for whom is asked.
ASKS_FOR_WHOM = sorted(
    _named(
        "utter_faq/",
        "how_long home_care exfoliants retinoids treatment_options when_to_see_doctor",
    )
)

every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=str)
every_sourced_answer = pytest.mark.parametrize("answer", SOURCED, ids=str)


def test_everything_asked_has_an_answer_and_nothing_else_has():
    wanted = _retrieved()
    assert wanted, "docs/intents.md lists no questions"
    wanted |= PLAIN | SAID_BY_ACTIONS
    assert not wanted - RESPONSES, "these are asked and have no answer in data/answers/"
    assert not RESPONSES - wanted, (
        "nothing leads to these: for a question, explain its intent in docs/intents.md and give "
        "it examples in data/nlu/"
    )


def test_a_response_stands_in_one_file():
    files: dict[str, set[str]] = {}
    for answer in ANSWERS:
        files.setdefault(answer.response, set()).add(answer.file)
    assert not {name: found for name, found in files.items() if len(found) > 1}


@every_sourced_answer
def test_a_medical_answer_names_sources_that_exist(answer):
    assert answer.sources, "metadata: sources is missing: name keys of data/sources.yml"
    unknown = set(answer.sources) - SOURCES.keys()
    assert not unknown, f"add them to data/sources.yml, or correct the name: {unknown}"


@every_sourced_answer
def test_a_medical_answer_was_reviewed_and_its_next_review_is_not_overdue(answer):
    # Quoted: Rasa writes metadata into events as JSON, which knows no dates.
    reviewed = date.fromisoformat(answer.metadata.get("reviewed", "missing"))
    next_review = date.fromisoformat(answer.metadata.get("next_review", "missing"))
    assert reviewed <= TODAY, "the review lies in the future"
    assert next_review >= TODAY, "overdue: read it against its sources, then set both dates anew"


@every_answer
def test_metadata_holds_what_is_known_about_an_answer(answer):
    known = {"sources", "reviewed", "next_review", "more", "alt", "kind"}
    assert answer.metadata.keys() <= known
    assert not answer.more or answer.response in MEDICAL


def test_every_source_is_used():
    assert SOURCES.keys() == {source for answer in ANSWERS for source in answer.sources}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_says_what_it_is_and_where(source):
    fields = SOURCES[source]
    assert fields.keys() <= {"title", "publisher", "year", "address"}
    assert fields["title"] and fields["publisher"]
    assert re.fullmatch(r"https?://[^/\s…]+/\S+", fields["address"])
    assert 1950 < fields.get("year", TODAY.year) <= TODAY.year


@pytest.mark.parametrize("response", sorted(RESPONSES))
def test_one_variation_at_most_can_hold_and_there_is_a_default(response):
    """Rasa picks at random among the variations that hold."""
    variations = [answer for answer in ANSWERS if answer.response == response]
    assert sum(not answer.conditions for answer in variations) == 1, "one has no condition"
    conditional = [answer for answer in variations if answer.conditions]
    for one, other in combinations(conditional, 2):
        assert not one.holds_with(other), f"{one} and {other} can both hold"


@every_answer
def test_a_condition_names_a_value_that_the_assistant_understands(answer):
    for slot, values in answer.conditions.items():
        # Of the ingredient domain.yml also says that a question names none.
        unset = {None, "not_named"} if slot == "ingredient" else {None}
        known = LEXICON.get(slot, DANGERS)
        unknown = set(values) - unset - known.keys()
        assert not unknown, f"no such {slot} in data/lexicon/: {unknown}"


@every_answer
def test_only_variables_that_are_filled_in_are_used(answer):
    filled = BOOKING_FACTS.get(answer.response, set())
    if answer.response in ABOUT_THE_CLINIC | BY_PEOPLE:
        filled = CLINIC_FACTS
    elif answer.file == "safety.yml":
        filled = set(CALLS)
    assert set(re.findall(r"\{(.*?)\}", answer.text)) <= filled
    assert "{" not in answer.more


@every_answer
def test_buttons_are_few_and_lead_on(answer):
    # "Tell me more" comes as one more button.
    assert len(answer.buttons) + bool(answer.more) <= 3
    assert all(button.keys() == {"title", "payload"} for button in answer.buttons)
    payloads = [button["payload"] for button in answer.buttons]
    assert len(set(payloads)) == len(payloads)
    varies = sum(other.response == answer.response for other in ANSWERS) > 1
    for payload in payloads:
        same = f"utter_{ASKED.get(payload.lower())}" == answer.response
        assert varies or not same, f"{payload!r} asks what was just answered"


@every_answer
def test_a_picture_is_there_and_is_described(answer):
    picture = answer.content.get("image")
    assert bool(picture) == ("alt" in answer.metadata), "a picture has a metadata: alt, and only it"
    if picture:
        assert picture.startswith("/pictures/")
        assert (ROOT / "widget" / picture.removeprefix("/")).is_file()


@pytest.mark.parametrize("response", ASKS_FOR_WHOM)
def test_somebody_unknown_gets_an_answer_and_one_question(response):
    (default,) = [a for a in ANSWERS if a.response == response and not a.conditions]
    assert default.prose.count("?") == 1
    assert default.prose.strip().endswith("?")
    assert len(default.prose.split(". ")) > 1, "the answer comes first"
