"""The red flags as a component of Rasa: what it does to the classifier's opinion."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from nlu.encoder import TUNED, SentenceEncoder
from nlu.featurizer import ENCODED
from nlu.red_flags import RedFlagDetector
from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.safety import LEXICON


@pytest.fixture(scope="module")
def detector():
    return RedFlagDetector(RedFlagFinder(RedFlagLexicon.load(LEXICON)), {}, None, None)


ENCODER = SentenceEncoder(TUNED)


def judged(detector, text, *ranking):
    guesses = [{"name": name, "confidence": 0.9 - place / 10} for place, name in enumerate(ranking)]
    message = Message({"text": text, "intent": guesses[0], "intent_ranking": guesses})
    message.set(ENCODED, ENCODER.encode_tokens(text))
    detector.process([message])
    return message


def test_a_sign_decides_whatever_the_classifier_says(detector):
    message = judged(detector, "my 5 week old has a temp of 38.6", "faq", "urgent")
    assert message.get("intent") == {"name": "urgent", "confidence": 1.0}
    assert [e["value"] for e in message.get("entities")] == ["fever_in_young_baby"]


def test_of_several_kinds_the_most_pressing_comes_last(detector):
    message = judged(detector, "she has blisters, 1 week old, and is having a seizure", "faq")
    assert [e["value"] for e in message.get("entities")][-1] == "seizure"


@pytest.mark.parametrize(
    "text", ["no fever, 5 weeks old", "what if she gets a fever", "she had a fever last month"]
)
def test_a_sign_that_is_not_there_withdraws_the_classifiers_alarm(detector, text):
    assert judged(detector, text, "urgent", "faq").get("intent")["name"] == "faq"


def test_an_alarm_that_the_second_opinion_does_not_share_is_not_believed(detector):
    message = judged(detector, "3 weeks old with spots on her nose", "urgent", "faq")
    assert message.get("intent")["name"] == "faq"


def test_the_second_opinion_alarms_where_the_rules_see_nothing_and_names_the_kind(detector, alarms):
    text = "she got at my handbag and half my iron pills have gone, she is two"
    assert not alarms(text)
    message = judged(detector, text, "faq")
    assert message.get("intent")["name"] == "urgent"
    assert [e["value"] for e in message.get("entities")] == ["poisoning"]


def test_the_second_opinion_hears_despair_that_no_rule_knows(detector, alarms):
    text = "give my slot to somebody else, i wont be here next week, i have said my goodbyes"
    assert not alarms(text)
    assert judged(detector, text, "cancel_appointment").get("intent")["name"] == "distress"


@pytest.mark.parametrize(
    "text",
    [
        "I watched a film where the baby had a febrile seizure. Do you treat milk spots?",
        "we learnt about febrile seizures on my first aid course and it made me think of you",
    ],
)
def test_a_sign_gives_way_where_the_second_opinion_is_all_but_sure_of_no_danger(detector, text):
    assert judged(detector, text, "faq").get("intent")["name"] == "faq"


def test_a_sign_stands_by_its_sentence_whatever_is_said_around_it(detector):
    story = "hello i would like to book for tuesday for my milia please and ask about parking. " * 6
    message = judged(detector, f"{story} my baby is choking. {story}", "book_appointment")
    assert message.get("intent")["name"] == "urgent"


def test_without_the_encoder_before_it_it_says_what_to_do(detector):
    with pytest.raises(RuntimeError, match="MiniLMFeaturizer before it in config.yml"):
        detector.process([Message({"text": "hello"})])


def test_despair_without_a_word_of_despair_is_low_spirits(detector):
    message = judged(detector, "i feel so ugly", "distress", "complaint")
    assert message.get("intent")["name"] == "nlu_fallback"
    assert [e["value"] for e in message.get("entities")] == ["low_spirits"]


def test_a_fit_that_is_over_still_calls_for_help(detector):
    message = judged(detector, "he had a fit but he is fine now", "faq")
    assert message.get("intent")["name"] == "urgent"


def test_pills_taken_to_die_are_despair(detector):
    message = judged(detector, "i swallowed all my pills because i want to die", "urgent")
    assert message.get("intent")["name"] == "distress"


def test_danger_has_a_message_for_itself(detector):
    message = judged(detector, "he is having a seizure and what are your hours", "faq")
    message.set("intents", [{"name": "faq"}])
    detector.process([message])
    assert message.get("intents") == []
