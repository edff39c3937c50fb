"""What the assistant says: complete, sourced, in date, short, and safe for whom it is said to."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def _named(prefix: str, names: str) -> set[str]:
    return {prefix + name for name in names.split()}


# Answered out of clinic.yml; the others are medical.
ABOUT_THE_CLINIC = _named(
    "utter_faq/", "consultation hours location prices insurance contact privacy"
)
PLAIN = _named(
    "utter_", "greet goodbye thank help bot_challenge nothing_to_stop affirm deny inform rephrase"
)
SAID_BY_ACTIONS = _named(
    "",
    """
    restart stopped complaint distress urgent talk_to_human request_callback
    reschedule_appointment cancel_appointment check_appointment erase_my_data
    consultation_first ask_own_reference reference_not_understood ask_own_proof ask_own_time
    ask_move_confirmed ask_cancel_confirmed own_checked own_is_cancelled own_moved own_cancelled
    own_unchanged own_left enquiry_visitor_name enquiry_contact enquiry_enquiry_time
    enquiry_enquiry_question enquiry_sent enquiry_left ask_erasing_confirmed erased not_erased
    ask_booking_for ask_appointment_time ask_visitor_name ask_contact ask_booking_confirmed
    booking_baby_note booked no_free_times name_not_understood time_not_understood
    """,
)
ALSO_SOURCED = {"urgent", "booking_baby_note", "utter_faq/insurance"}

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
    "erased": {"appointments", "enquiries", "clinic_email"},
    "no_free_times": {"clinic_phone"},
}

WORDS = 60
LONGER: dict[str, int] = {}  # response: words, at most 75, with the reason in a comment

REASSURANCE = re.compile(
    r"nothing to worry|(don't|do not|no need to|needn't) worry|rest assured|(probably|surely) "
    r"(fine|nothing|harmless|milia|just)|perfectly (fine|safe|normal)|you're fine|is fine\b|"
    r"no cause for (concern|alarm)|safe to (ignore|wait)|no need to (see|ring|call)|"
    r"(you|your (baby|child)) (has|have) (milia|baby acne)|(this|that|it) (is|sounds like) milia\b",
    re.IGNORECASE,
)
DOSE = re.compile(r"\d\s?(mg|ml|mcg|%|per cent|times a day)|SPF ?\d", re.IGNORECASE)
NOT_FOR_BABIES = re.compile(
    r"\b(steam\w*|acids?|scrub\w*|exfoliat\w*|retin\w+|salicylic|glycolic|adapalene|tretinoin|"
    r"minocycline|needles?|squeez\w*|prick|freez\w*|honey|laser|peels|oils?)\b",
    re.IGNORECASE,
)
SAYS_NO = re.compile(
    r"\b(no|not|never|nothing|nobody|leave|only if a doctor|unless a doctor|"
    r"scald\w*|burnt|rinse|less)\b",
    re.IGNORECASE,
)
COMPARED = ["Where", "What it looks like", "When it appears", "When it goes", "What to do"]


class Variation(NamedTuple):
    """One way to give a response, and under which values of slots."""

    response: str
    conditions: dict[str, str | None]
    content: dict[str, Any]

    @property
    def text(self) -> str:
        return self.content["text"]

    @property
    def prose(self) -> str:
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("|"))

    @property
    def table(self) -> list[list[str]]:
        rows = [line for line in self.text.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]

    @property
    def sources(self) -> list[str]:
        return self.content.get("metadata", {}).get("sources", [])

    @property
    def buttons(self) -> list[dict[str, str]]:
        return self.content.get("buttons", [])

    def __str__(self) -> str:
        return " ".join([self.response, *(f"{k}={v}" for k, v in self.conditions.items())])


def _variation(response: str, content: dict[str, Any]) -> Variation:
    conditions = content.get("condition", [])
    assert all(condition["type"] == "slot" for condition in conditions), response
    by_slot = {condition["name"]: condition["value"] for condition in conditions}
    assert len(by_slot) == len(conditions), f"{response}: a slot is named twice in one condition"
    return Variation(response, by_slot, content)


def _answers() -> list[Variation]:
    found: dict[str, Path] = {}
    variations = []
    for path in sorted((ROOT / "data/answers").glob("*.yml")):
        file = yaml.safe_load(path.read_text())
        said = {name: [content] for name, content in file.get("said_by_actions", {}).items()}
        for response, contents in (file.get("responses", {}) | said).items():
            assert response not in found, f"{response} stands in {found[response]} and in {path}"
            found[response] = path
            variations += [_variation(response, content) for content in contents]
    return variations


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


ANSWERS = _answers()
RESPONSES = {answer.response for answer in ANSWERS}
SOURCES = yaml.safe_load((ROOT / "data/sources.yml").read_text())["sources"]
LEXICON = yaml.safe_load((ROOT / "data/lexicon/milia.yml").read_text())["lexicon"]
ASKED = _asked()
MEDICAL = {name for name in RESPONSES if name.startswith("utter_faq/")} - ABOUT_THE_CLINIC
SOURCED = [answer for answer in ANSWERS if answer.response in MEDICAL | ALSO_SOURCED]
TODAY = datetime.now(UTC).date()

every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=str)
every_sourced_answer = pytest.mark.parametrize("answer", SOURCED, ids=str)


def test_everything_asked_has_an_answer_and_nothing_else_has():
    wanted = _retrieved()
    assert wanted, "docs/intents.md lists no questions"
    assert sorted(RESPONSES) == sorted(wanted | PLAIN | SAID_BY_ACTIONS)


@every_sourced_answer
def test_a_medical_answer_names_sources_that_exist(answer):
    assert answer.sources, "metadata: sources is missing"
    assert set(answer.sources) <= SOURCES.keys()


@every_sourced_answer
def test_a_medical_answer_was_reviewed_and_its_next_review_is_not_overdue(answer):
    metadata = answer.content["metadata"]
    # Quoted: Rasa writes metadata into events as JSON, which knows no dates.
    reviewed = date.fromisoformat(metadata["reviewed"])
    next_review = date.fromisoformat(metadata["next_review"])
    assert reviewed <= TODAY <= next_review


def test_every_source_is_used():
    assert SOURCES.keys() == {source for answer in ANSWERS for source in answer.sources}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_says_what_it_is_and_where(source):
    fields = SOURCES[source]
    assert fields.keys() <= {"title", "publisher", "year", "address"}
    assert fields["title"] and fields["publisher"]
    assert re.fullmatch(r"https?://[^/\s…]+/\S+", fields["address"])
    assert 1950 < fields.get("year", TODAY.year) <= TODAY.year


@every_answer
def test_no_answer_reassures_names_a_diagnosis_or_gives_a_dose(answer):
    assert not REASSURANCE.search(answer.text)
    assert not DOSE.search(answer.text)


@every_sourced_answer
def test_no_medical_answer_exclaims(answer):
    assert "!" not in answer.text


@pytest.mark.parametrize(
    "answer",
    [
        answer
        for answer in ANSWERS
        if answer.conditions.get("patient") in {"baby", "child"}
        or answer.conditions.get("milia_type") == "neonatal"
        or (answer.response == "utter_faq/baby_care" and not answer.conditions)
    ],
    ids=str,
)
def test_what_is_not_for_a_baby_is_named_to_a_parent_only_to_say_no(answer):
    """A "child" may be a newborn son, so that it holds for children too."""
    treated = {"utter_faq/treatment_options", "utter_faq/treatment_pain"}
    if answer.conditions.get("patient") == "child" and answer.response in treated:
        return  # for an older child a doctor may consider some: see the next test
    for sentence in re.split(r"(?<=[.?:])\s", answer.prose):
        if NOT_FOR_BABIES.search(sentence):
            assert SAYS_NO.search(sentence), sentence


@pytest.mark.parametrize(
    "answer",
    [
        answer
        for answer in ANSWERS
        if answer.response
        in {
            "utter_faq/treatment_options",
            "utter_faq/about_treatment",
            "utter_faq/treatment_risks",
            "utter_faq/steaming",
            "utter_faq/exfoliants",
            "utter_faq/retinoids",
            "utter_faq/home_care",
        }
        and answer.conditions.get("patient") != "adult"
    ],
    ids=str,
)
def test_whoever_may_ask_for_a_baby_hears_that_it_is_not_for_babies(answer):
    assert re.search(r"\bbab(y|ies)\b", answer.prose, re.IGNORECASE)


@every_answer
def test_a_bubble_is_short(answer):
    for paragraph in answer.prose.split("\n\n"):
        assert len(paragraph.split()) <= LONGER.get(answer.response, WORDS)


def test_what_is_longer_is_not_much_longer():
    assert LONGER.keys() <= RESPONSES
    assert all(words <= 75 for words in LONGER.values())


@pytest.mark.parametrize("response", sorted(RESPONSES))
def test_one_variation_at_most_can_hold_and_there_is_a_default(response):
    """Rasa picks at random among the variations that hold."""
    variations = [answer.conditions for answer in ANSWERS if answer.response == response]
    assert variations.count({}) == 1
    for one, other in combinations([v for v in variations if v], 2):
        apart = [slot for slot in one.keys() & other.keys() if one[slot] != other[slot]]
        assert apart, f"{one} and {other} can both hold"


@every_answer
def test_a_condition_names_a_value_that_the_assistant_understands(answer):
    for slot, value in answer.conditions.items():
        assert value is None or value in LEXICON[slot]


@every_answer
def test_only_variables_that_are_filled_in_are_used(answer):
    filled = BOOKING_FACTS.get(answer.response, set())
    if answer.response in ABOUT_THE_CLINIC | BY_PEOPLE:
        filled = CLINIC_FACTS
    assert set(re.findall(r"\{(.*?)\}", answer.text)) <= filled


@every_answer
def test_buttons_are_few_and_lead_on(answer):
    assert len(answer.buttons) <= 3
    assert all(button.keys() == {"title", "payload"} for button in answer.buttons)
    payloads = [button["payload"] for button in answer.buttons]
    assert len(set(payloads)) == len(payloads)
    varies = sum(other.response == answer.response for other in ANSWERS) > 1
    for payload in payloads:
        same = f"utter_{ASKED.get(payload.lower())}" == answer.response
        assert varies or not same, f"{payload!r} asks what was just answered"


@pytest.mark.parametrize("response", ["urgent", "distress"])
def test_nothing_is_offered_to_somebody_in_danger_but_help(response):
    (answer,) = [answer for answer in ANSWERS if answer.response == response]
    assert not answer.buttons
    assert "{emergency_number}" in answer.text.split("\n\n")[0]
    assert "book" not in answer.text.lower()


def test_an_emergency_number_comes_first_when_it_is_urgent():
    (answer,) = [answer for answer in ANSWERS if answer.response == "urgent"]
    assert answer.text.index("{emergency_number}") < answer.text.index("{advice_number}")
    assert answer.text.index("{emergency_number}") < 60


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.table], ids=str)
def test_a_table_is_whole(answer):
    header, rule, *rows = answer.table
    assert set("".join(rule)) <= set("- ")
    assert {len(row) for row in answer.table} == {len(header)}
    if header[0] == "":
        assert [row[0] for row in rows] == COMPARED
    assert answer.text.index("\n\n|"), "a table stands after an empty line"
