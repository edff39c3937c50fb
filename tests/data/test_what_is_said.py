"""What the assistant says: short, plain, and safe for whom it is said to."""

from __future__ import annotations

import re

import pytest

from scripts.answers import all_answers

WORDS, WORDS_OF_MORE = 60, 75

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
    r"minocycline|needles?|squeez\w*|prick|freez\w*|honey|laser|peels|oils?(?! gland))\b",
    re.IGNORECASE,
)
SAYS_NO = re.compile(
    r"\b(no|not|never|none|nothing|nobody|leave|only if a doctor|unless a doctor|"
    r"scald\w*|burnt|rinse|less)\b",
    re.IGNORECASE,
)
COMPARED = ["Where", "What it looks like", "When it appears", "When it goes", "What to do"]

ANSWERS = all_answers()
every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=str)


def _for_a_child(answer):
    return answer.response.startswith("utter_faq/") and (
        {"baby", "child"} & set(answer.conditions.get("patient", []))
        or "neonatal" in answer.conditions.get("milia_type", [])
        or (answer.response == "utter_faq/baby_care" and not answer.conditions)
    )


def _only_for(answer):
    return set(answer.conditions.get("patient", []))


@every_answer
def test_no_answer_reassures_names_a_diagnosis_or_gives_a_dose(answer):
    for said in (answer.text, answer.more):
        assert not REASSURANCE.search(said)
        assert not DOSE.search(said)


@every_answer
def test_no_medical_answer_exclaims(answer):
    if answer.sources:
        assert "!" not in answer.text + answer.more


@pytest.mark.parametrize("answer", [a for a in ANSWERS if _for_a_child(a)], ids=str)
def test_what_is_not_for_a_baby_is_named_to_a_parent_only_to_say_no(answer):
    """A "child" may be a newborn son, so that it holds for children too."""
    treatments = {"treatment_options", "about_treatment", "treatment_pain", "treatment_risks"}
    treatments |= {"treatment_recovery"}
    topic = answer.response.removeprefix("utter_faq/")
    if "baby" not in _only_for(answer) and "child" in _only_for(answer) and topic in treatments:
        return  # for an older child a doctor may consider some: see the next test
    for sentence in re.split(r"(?<=[.?:])\s", f"{answer.prose} {answer.more}"):
        if NOT_FOR_BABIES.search(sentence):
            assert SAYS_NO.search(sentence), sentence


@pytest.mark.parametrize(
    "answer",
    [
        answer
        for answer in ANSWERS
        if answer.response.removeprefix("utter_faq/")
        in {
            *("treatment_options", "about_treatment", "treatment_risks", "near_eyes"),
            *("steaming", "exfoliants", "retinoids", "home_care", "skincare_products"),
        }
        and _only_for(answer) != {"adult"}
        and "milia" in answer.conditions.get("condition", ["milia"])
    ],
    ids=str,
)
def test_whoever_may_ask_for_a_baby_hears_that_it_is_not_for_babies(answer):
    assert re.search(r"\bbab(y|y's|ies)\b", answer.prose, re.IGNORECASE)


@every_answer
def test_a_bubble_is_short(answer):
    """A table is a comparison and no bubble of words; what is longer goes into `more`."""
    for paragraph in answer.prose.split("\n\n"):
        assert len(paragraph.split()) <= WORDS
    assert len(answer.more.split()) <= WORDS_OF_MORE


DANGER = [a for a in ANSWERS if a.response in ("utter_urgent", "utter_distress")]
SEE_SOON = "changing_or_bleeding_lesion"
EMERGENCIES = [a for a in DANGER if SEE_SOON not in a.conditions.get("red_flag", [])]


@pytest.mark.parametrize("answer", EMERGENCIES, ids=str)
def test_nothing_is_offered_to_somebody_in_danger_but_help(answer):
    assert not answer.buttons
    assert "_call}" in answer.text
    assert "book" not in answer.text.lower()


@pytest.mark.parametrize(
    "answer", [a for a in EMERGENCIES if a.response == "utter_urgent"], ids=str
)
def test_what_to_do_comes_first_when_it_is_urgent(answer):
    assert answer.text.index("**") < 60


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.table], ids=str)
def test_a_table_is_whole(answer):
    header, rule, *rows = answer.table
    assert set("".join(rule)) <= set("- ")
    assert {len(row) for row in answer.table} == {len(header)}
    if header[0] == "":
        assert [row[0] for row in rows] == COMPARED
    assert answer.text.index("\n\n|"), "a table stands after an empty line"
