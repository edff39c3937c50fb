"""What the entity finder finds, over tests/nlu/entities.yml and at the edges."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.ages import DAYS_IN_MONTH
from nlu.finder import SLIP, SURE, EntityFinder
from nlu.lexicon import NOT_MEANT, Lexicon

LEXICON = Lexicon.load("data/lexicon/milia.yml")
FINDER = EntityFinder(LEXICON)
MESSAGES = yaml.safe_load(Path(__file__).with_name("entities.yml").read_text(encoding="utf-8"))
MONTHS = {"d": 1 / DAYS_IN_MONTH, "w": 7 / DAYS_IN_MONTH, "m": 1, "y": 12}


def values(text):
    """The found entities of a text, as pairs."""
    return {(found.entity, found.value) for found in FINDER.find(text)}


def patient_in(text):
    return next((found.value for found in FINDER.find(text) if found.entity == "patient"), None)


# --- the whole collection ------------------------------------------------------


def expected(message):
    pairs = set()
    for entity, wanted in message["expect"].items():
        for value in wanted if isinstance(wanted, list) else [wanted]:
            pairs.add((entity, _months(value) if entity == "age" else value))
    return pairs


def found_like(message, wanted):
    """What was found; an age within two days of the wanted one counts as that one."""
    for entity, value in values(message["text"]):
        near = [w for e, w in wanted if e == entity == "age" and abs(w - value) < 2 / DAYS_IN_MONTH]
        yield entity, near[0] if near else value


def _months(short):
    return float(short[:-1]) * MONTHS[short[-1]]


def test_f1_over_the_collection_is_at_least_95_percent():
    hits, misses, false = Counter(), Counter(), Counter()
    wrong = []
    for message in MESSAGES:
        wanted = expected(message)
        found = set(found_like(message, wanted))
        hits.update(entity for entity, _ in wanted & found)
        misses.update(entity for entity, _ in wanted - found)
        false.update(entity for entity, _ in found - wanted)
        if wanted != found:
            wrong.append(f"{message['text']!r}: missed {wanted - found}, false {found - wanted}")
    table = [f"{'entity':12} {'n':>4} {'precision':>9} {'recall':>7} {'F1':>6}"]
    for entity in [*sorted(hits | misses | false), "all"]:
        chosen = (lambda c: c.total()) if entity == "all" else (lambda c, e=entity: c[e])
        hit, miss, extra = chosen(hits), chosen(misses), chosen(false)
        precision, recall = hit / max(hit + extra, 1), hit / max(hit + miss, 1)
        f1 = 2 * hit / max(2 * hit + miss + extra, 1)
        table.append(f"{entity:12} {hit + miss:4} {precision:9.3f} {recall:7.3f} {f1:6.3f}")
    report = "\n".join([*table, "", *wrong])
    assert len(MESSAGES) >= 150
    assert f1 >= 0.95, report


def test_every_phrase_of_the_lexicon_is_found_with_its_value():
    written = defaultdict(set)
    for words, meaning in LEXICON.phrases.items():
        if meaning.entity not in ("patient", NOT_MEANT):
            written[meaning.entity, meaning.value].add(" ".join(words))
    for pair, phrases in written.items():
        for phrase in phrases:
            assert pair in values(f"hello, {phrase}?"), phrase


# --- phrases -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["milk spots", "MILK SPOTS", "milk  spots", "milk-spots", "milkspots", "Milk\nSpots"]
)
def test_writing_makes_no_difference(text):
    assert values(text) == {("condition", "milia")}


@pytest.mark.parametrize("text", ["Epstein's pearls", "epstein’s pearls", "epsteins pearl"])
def test_possession_makes_no_difference(text):
    assert ("condition", "epstein_pearls") in values(text)


def test_longest_phrase_wins():
    assert values("colloid milium") == {("condition", "colloid_milium")}
    assert values("water wart") == {("condition", "molluscum")}


def test_a_value_is_given_once_where_it_first_stands():
    (found,) = FINDER.find("milia milia milk spots")
    assert (found.start, found.end) == (0, 5)


def test_what_milia_are_compared_with_comes_last():
    conditions = [f.value for f in FINDER.find("is it a stye or milia") if f.entity == "condition"]
    assert conditions == ["milia", "stye"]


def test_phrases_do_not_reach_over_punctuation():
    assert ("condition", "whitehead") not in values("it is white. head hurts")


def test_a_slip_is_found_with_less_confidence():
    assert [found.confidence for found in FINDER.find("milia")] == [SURE]
    assert [found.confidence for found in FINDER.find("millia")] == [SLIP]


@pytest.mark.parametrize(
    "text",
    ["costs an arm and a leg", "laser hair removal", "on the other hand", "baby shampoo"],
)
def test_phrases_that_mean_something_else_are_swallowed(text):
    assert values(text) == set()


# --- patient -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "patient"),
    [
        ("can i use it on my baby", "baby"),
        ("i have milia and my baby too", "baby"),
        ("im 34 and my little one is spotty", "baby"),
        ("my 3 week old son", "baby"),
        ("my baby is 9 years old", "child"),
        ("my 4yo and my baby", "baby"),
        ("roof of babys mouth", "baby"),
        ("is it ok for my babys acne, i use it on my face", "baby"),
        ("what is baby acne", "baby"),
        ("do i have baby acne on my face", "adult"),
        ("can i use baby oil on my nose", "adult"),
        ("my son", "child"),
        ("my daughter is 30", "adult"),
        ("for my daughter. she is 30", "adult"),
        ("my baby has it, my wife, she is 30, does not", "baby"),
        ("im 17", "child"),
        ("my husband", "adult"),
        ("my mum says it is milia", None),
        ("on my own face", "adult"),
        ("my left upper eyelid", "adult"),
        ("i have milia", "adult"),
        ("why am i getting milia", "adult"),
        ("can i get milia removed", None),
        ("how can i get rid of milia", None),
        ("i have a question about milia", None),
        ("he has it, i noticed when my face touched his", None),
        ("what are milia", None),
        ("i am 20 weeks pregnant", "adult"),
        ("when i was a child", None),
        ("he looks like a teenager", None),
        ("my face cream", None),
    ],
)
def test_patient(text, patient):
    assert patient_in(text) == patient


def test_age_is_the_patients():
    assert ("age", 0.6899) in values("im 34 and my baby is 3 weeks old")
    assert not any(entity == "age" for entity, _ in values("im 34 and my baby has milia"))


# --- properties ----------------------------------------------------------------

CHATTER = st.lists(
    st.sampled_from(["well", "please", "ok so", "erm", "lol", "tbh", "!!", "😀", "...", "\n"]),
    max_size=5,
).map(" ".join)
PHRASES = sorted(
    (" ".join(words), meaning.entity, meaning.value)
    for words, meaning in LEXICON.phrases.items()
    if meaning.entity not in ("patient", NOT_MEANT)
)


@given(st.sampled_from(PHRASES), CHATTER, CHATTER, st.sampled_from([str.upper, str.title, str]))
def test_case_and_chatter_hide_nothing(phrase, before, after, case):
    text, entity, value = phrase
    assert (entity, value) in values(f"{before} {case(text)} {after}")


@given(
    st.lists(
        st.sampled_from(
            [p[0] for p in PHRASES] + ["ß", "İ", "’s", "-", "my", "3wk old", "\ud800", "🙂"]
        )
    ).map(" ".join)
)
def test_offsets_point_at_the_text_found(text):
    for found in FINDER.find(text):
        assert 0 <= found.start < found.end <= len(text)
        part = text[found.start : found.end]
        assert part == part.strip()
        if found.entity not in ("patient", "age"):
            assert (found.entity, found.value) in values(part)


@given(st.text(max_size=200))
def test_any_text_is_safe_and_gives_one_patient_at_most(text):
    found = Counter(entity.entity for entity in FINDER.find(text))
    assert found["patient"] <= 1
    assert found["age"] <= found["patient"]


@pytest.mark.parametrize(
    "text",
    [
        "milia " * 1667,
        "a" * 10_000,
        "3 weeks " * 1250,
        "1 and a half " * 770,
        "😀" * 10_000,
        "i have a " * 1100,
        "baby " * 2000 + "at 3 weeks",
        " " * 10_000,
        "\ud800" * 100,
        "my own " * 1400,
    ],
)
def test_ten_thousand_characters_are_read_in_time(text):
    started = time.process_time()
    FINDER.find(text)
    assert time.process_time() - started < 1  # of this process alone


def test_memory_keeps_no_visitors_words():
    FINDER.find("milia")
    before = len(FINDER._nlp.vocab.strings)
    FINDER.find("supercalifragilistic words nobody wrote before qqwweerr")
    assert len(FINDER._nlp.vocab.strings) == before


def test_values_are_plain_names():
    for entity, entries in LEXICON.source["lexicon"].items():
        for value in entries:
            assert re.fullmatch(r"[a-z][a-z_]+", value), f"{entity}.{value}"


def test_every_entity_and_patient_is_in_the_domain():
    domain = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))
    entities = {next(iter(one)) if isinstance(one, dict) else one for one in domain["entities"]}
    assert {*LEXICON.source["lexicon"], "age"} <= entities
    assert set(LEXICON.source["lexicon"]["patient"]) == set(domain["slots"]["patient"]["values"])
