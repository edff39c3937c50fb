"""The intent classifier as a component of Rasa, and the two questions a message may hold."""

from __future__ import annotations

import json

import numpy as np
import pytest
from rasa.core.actions.action import ActionRetrieveResponse
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import undo_fallback_prediction
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classifier import (
    MiliaIntentClassifier,
    intent_ranking,
    response_selection,
    sentence_features,
)
from nlu.encoder import SentenceEncoder
from nlu.intent_model import Prediction
from nlu.two_questions import asks, divisions, two_questions

EXAMPLES = {
    "faq/hours": ["when are you open", "opening hours", "are you open on sunday"],
    "faq/prices": ["how much is it", "what does removal cost", "price for ten spots"],
    "faq/causes": ["why do i have milia", "what causes milk spots", "what causes them"],
    "faq/contagious": ["are they contagious", "can i catch milia", "do milk spots spread"],
    "book_appointment": ["i want to book", "book an appointment", "can i have an appointment"],
    "greet": ["hello", "hi there", "good morning"],
    "urgent": ["my baby has a fever", "she cannot breathe", "it will not stop bleeding"],
    "out_of_scope/unrelated": ["who won the match", "tell me a joke", "what is the weather"],
    "out_of_scope/other_condition": ["i have eczema", "my back hurts", "do you treat warts"],
}
RESPONSES = {"utter_faq/hours": [{"text": "From nine to five."}]}


@pytest.fixture
def graph(tmp_path):
    """What Rasa gives its components: a storage, a resource, a context."""
    storage = LocalModelStorage.create(tmp_path)
    return storage, Resource("classifier"), ExecutionContext(GraphSchema({}))


def example(text, intent):
    data = {"text": text, "intent": intent.partition("/")[0]}
    if "/" in intent:
        data["intent_response_key"] = intent
    return Message(data)


def with_features(messages):
    """The messages with the features that the pipeline's featurizer adds."""
    encoder = SentenceEncoder()
    for message in messages:
        vector = encoder.encode([message.get("text")])
        message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, "text", "featurizer"))
    return messages


def training_data(features=False):
    messages = [example(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return TrainingData(with_features(messages) if features else messages, responses=RESPONSES)


def trained(graph, features=False, **config):
    component = MiliaIntentClassifier.create(config, *graph)
    component.train(training_data(features))
    return component


def parsed(component, text, features=False):
    message = Message({"text": text})
    (message,) = component.process(with_features([message]) if features else [message])
    return message.as_dict(only_output_properties=True)


# --- intent and ranking --------------------------------------------------------


@pytest.mark.parametrize("features", [True, False], ids=["with features", "without"])
def test_it_learns_intents_and_retrieval_intents(graph, features):
    component = trained(graph, features)
    assert parsed(component, "hello there", features)["intent"]["name"] == "greet"
    found = parsed(component, "are you open on monday", features)
    assert found["intent"]["name"] == "faq"
    assert found["response_selector"]["faq"]["response"]["intent_response_key"] == "faq/hours"


def test_the_intent_is_the_first_of_the_ranking(graph):
    found = parsed(trained(graph), "good morning")
    assert found["intent"] == found["intent_ranking"][0]


def test_the_kinds_of_a_retrieval_intent_are_one_in_the_ranking(graph):
    ranking = parsed(trained(graph), "when are you open")["intent_ranking"]
    names = [intent["name"] for intent in ranking if intent["name"] != "nlu_fallback"]
    assert sorted(names) == ["book_appointment", "faq", "greet", "out_of_scope", "urgent"]


def test_a_retrieval_intent_is_as_sure_as_its_surest_kind():
    prediction = Prediction([("faq/a", 0.5), ("greet", 0.4), ("faq/b", 0.3)], threshold=0.2)
    assert intent_ranking(prediction) == [
        {"name": "faq", "confidence": 0.5},
        {"name": "greet", "confidence": 0.4},
    ]


def test_the_ranking_is_as_long_as_configured(graph):
    found = parsed(trained(graph, ranking_length=2, threshold=0.0), "hello")
    assert len(found["intent_ranking"]) == 2
    assert len(found["response_selector"]["faq"]["ranking"]) == 2


def test_what_is_unsure_is_a_fallback_with_the_guesses_behind_it(graph):
    found = parsed(trained(graph, threshold=1.1), "when are you open")
    assert found["intent"] == {"name": "nlu_fallback", "confidence": 1.1}
    assert [intent["name"] for intent in found["intent_ranking"][:2]] == ["nlu_fallback", "faq"]
    assert found["response_selector"]["faq"]["response"]["intent_response_key"] == "faq/hours"


def test_rasa_can_undo_the_fallback(graph):
    found = parsed(trained(graph, threshold=1.1), "when are you open")
    assert undo_fallback_prediction(found)["intent"]["name"] == "faq"


def test_a_configured_threshold_replaces_the_learnt_one(graph):
    assert parsed(trained(graph, threshold=0.0), "zzz")["intent"]["name"] != "nlu_fallback"


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\ud800", "a" * 10_000, "?"])
@pytest.mark.parametrize("features", [True, False], ids=["with features", "without"])
def test_odd_messages_are_processed_safely(graph, text, features):
    found = parsed(trained(graph, features), text, features)
    assert found["intent"]["name"]
    json.dumps(found)


def test_a_message_without_content_is_a_fallback(graph):
    found = parsed(trained(graph), "  ")
    assert [intent["name"] for intent in found["intent_ranking"]] == ["nlu_fallback"]


def test_a_message_without_a_text_is_a_fallback(graph):
    (message,) = trained(graph).process([Message({"intent": "greet"})])
    assert message.get("intent")["name"] == "nlu_fallback"


def test_a_message_without_features_is_processed_by_a_model_with_them(graph):
    assert parsed(trained(graph, features=True), "hello")["intent_ranking"]


def test_several_messages_are_processed_at_once(graph):
    component = trained(graph, features=True)
    messages = [Message({"text": "hello"}), Message({"text": ""}), Message({"text": "book"})]
    component.process(with_features(messages))
    assert all(message.get("intent_ranking") for message in messages)


def test_an_untrained_classifier_understands_nothing(graph):
    found = parsed(MiliaIntentClassifier.create({}, *graph), "hello")
    assert found["intent"]["name"] == "nlu_fallback"
    assert found["response_selector"] == {"all_retrieval_intents": []}


def test_training_data_of_one_intent_trains_nothing(graph):
    component = MiliaIntentClassifier.create({}, *graph)
    component.train(TrainingData([example("hello", "greet")]))
    assert parsed(component, "hello")["intent"]["name"] == "nlu_fallback"


def test_examples_without_text_are_left_out(graph):
    component = MiliaIntentClassifier.create({}, *graph)
    data = training_data()
    component.train(TrainingData([*data.training_examples, Message({"intent": "greet"})]))
    assert parsed(component, "hello there")["intent_ranking"]


# --- the response selection ----------------------------------------------------


def test_every_retrieval_intent_has_its_best_answer(graph):
    selection = parsed(trained(graph), "when are you open")["response_selector"]
    assert selection["all_retrieval_intents"] == ["faq", "out_of_scope"]
    assert set(selection) == {"all_retrieval_intents", "faq", "out_of_scope"}
    best = selection["faq"]["response"]
    assert best == {
        "responses": [{"text": "From nine to five."}],
        "confidence": selection["faq"]["ranking"][0]["confidence"],
        "intent_response_key": "faq/hours",
        "utter_action": "utter_faq/hours",
    }
    assert {kind["intent_response_key"] for kind in selection["faq"]["ranking"]} == {
        "faq/hours", "faq/prices", "faq/causes", "faq/contagious",
    }  # fmt: skip


def test_a_kind_without_a_response_stands_for_itself():
    selection = response_selection(Prediction([("faq/a", 0.9)], 0.1), ["faq/a"], {}, 10)
    assert selection["faq"]["response"]["responses"] == [{"text": "faq/a"}]


def test_rasas_own_action_finds_the_answer(graph):
    found = parsed(trained(graph), "when are you open")
    tracker = DialogueStateTracker.from_events(
        "visitor", [UserUttered("when are you open", found["intent"], [], found)]
    )
    action = ActionRetrieveResponse("utter_faq")
    assert action.get_full_retrieval_name(tracker) == "utter_faq/hours"


# --- features and storage ------------------------------------------------------


def test_features_have_length_one_or_none_at_all():
    long, none = Message({"text": "a"}), Message({"text": "b"})
    long.add_features(Features(np.array([[3.0, 4.0]]), FEATURE_TYPE_SENTENCE, "text", "x"))
    assert sentence_features([long, none]).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)],
        [0, 0],
    ]
    assert sentence_features([none]) is None


def test_a_loaded_classifier_says_the_same(graph):
    component = trained(graph, features=True)
    loaded = MiliaIntentClassifier.load({}, *graph)
    for text in ("when are you open", "hello", "zzz", "what causes them and how much is it"):
        assert parsed(loaded, text, True) == parsed(component, text, True)


def test_the_model_is_stored_without_pickle(graph):
    trained(graph)
    with graph[0].read_from(graph[1]) as folder:
        names = sorted(path.name for path in folder.iterdir())
    assert names == ["intent_model.json", "intent_model.npz", "lexicon.json", "responses.json"]


def test_loading_what_was_never_trained_gives_an_untrained_classifier(graph):
    loaded = MiliaIntentClassifier.load({}, *graph)
    assert parsed(loaded, "hello")["intent"]["name"] == "nlu_fallback"


def test_a_word_of_the_lexicon_is_understood_like_its_other_words(graph):
    texts = ["what is cryotherapy", "tell me about cryotherapy", "how does cryotherapy work"]
    examples = [example(text, "faq/about_treatment") for text in texts]
    data = TrainingData([*training_data().training_examples, *examples])
    found = {}
    for lexicon in (None, "data/lexicon/milia.yml"):
        component = MiliaIntentClassifier.create({"lexicon": lexicon, "threshold": 0.0}, *graph)
        component.train(data)
        found[lexicon] = parsed(component, "freezing")["response_selector"]["faq"]["response"]
    assert found["data/lexicon/milia.yml"]["intent_response_key"] == "faq/about_treatment"
    assert found[None]["intent_response_key"] != "faq/about_treatment"


def test_the_lexicon_travels_with_the_model(graph, tmp_path, monkeypatch):
    component = trained(graph)
    monkeypatch.chdir(tmp_path)
    loaded = MiliaIntentClassifier.load({}, *graph)
    assert parsed(loaded, "does cryo hurt") == parsed(component, "does cryo hurt")


def test_it_trains_anew_when_the_lexicon_changes(tmp_path):
    lexicon = tmp_path / "lexicon.yml"
    lexicon.write_text("lexicon: {condition: {milia: [milia]}}", encoding="utf-8")
    before = MiliaIntentClassifier.fingerprint_addon({"lexicon": str(lexicon)})
    lexicon.write_text("lexicon: {condition: {milia: [milk spot]}}", encoding="utf-8")
    assert MiliaIntentClassifier.fingerprint_addon({"lexicon": str(lexicon)}) != before
    assert MiliaIntentClassifier.fingerprint_addon({"lexicon": None}) is None


# --- two questions in one message ----------------------------------------------


def test_two_questions_are_both_given_in_order(graph):
    config = {"two_questions_confidence": 0.0, "threshold": 0.0}
    component = trained(graph, features=True, **config)
    found = parsed(component, "what causes them and how much is it?", features=True)
    assert [(q["name"], q["text"]) for q in found["intents"]] == [
        ("faq/causes", "what causes them"),
        ("faq/prices", "how much is it?"),
    ]
    assert found["intent"]["name"] == "faq"
    assert found["response_selector"]["faq"]["response"]["intent_response_key"] == "faq/causes"
    assert all(0 <= q["confidence"] <= 1 for q in found["intents"])


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("what causes them", {}),
        ("what causes them and how much is it?", {"two_questions": False}),
        ("what causes them and how much is it?", {"two_questions_confidence": 1.0}),
        ("what causes them and how much is it?", {"not_questions": ["faq/prices"]}),
        ("my baby has a fever and how much is it?", {}),
    ],
)
def test_other_messages_have_no_second_intent(graph, text, config):
    config = {"two_questions_confidence": 0.0, "threshold": 0.0, **config}
    assert "intents" not in parsed(trained(graph, features=True, **config), text, features=True)


TWO = {
    "what causes them and how much is removal?": ("what causes them", "how much is removal?"),
    "how long do they last and are they contagious": ("how long do they last", "are they contagious"),
    "what are milia? can you remove them": ("what are milia?", "can you remove them"),
    "what are milia?can you remove them": ("what are milia?", "can you remove them"),
    "are milia contagious, also can i pop them": ("are milia contagious", "can i pop them"),
    "does it hurt n how much is it": ("does it hurt", "how much is it"),
    "does it hurt & what does it cost": ("does it hurt", "what does it cost"),
    "where are you\nwhat time do you open": ("where are you", "what time do you open"),
    "how do i book, is there parking": ("how do i book", "is there parking"),
    "i'd like to book an appointment and do you take insurance": (
        "i'd like to book an appointment", "do you take insurance"),
    "do milk spots itch; are they contagious": ("do milk spots itch", "are they contagious"),
    "hi what are milia plus how do you treat them": (
        "hi what are milia", "how do you treat them"),
    "ok thanks. whats the price and can i come on sunday": (
        "ok thanks. whats the price", "can i come on sunday"),
    "why do i get milia and also how can i stop them": (
        "why do i get milia", "how can i stop them"),
    "can they be removed, and will it leave a scar": (
        "can they be removed", "will it leave a scar"),
    "cancel my appointment and tell me your opening hours": (
        "cancel my appointment", "tell me your opening hours"),
    "my son has milk spots. will they go away? do i need cream": (
        "my son has milk spots. will they go away?", "do i need cream"),
    "what is laser + is it better than freezing": ("what is laser", "is it better than freezing"),
    "are they itchy and can my son catch them": ("are they itchy", "can my son catch them"),
}  # fmt: skip
ONE = [
    "what causes them",
    "my baby has white and red spots",
    "do they hurt and bleed",
    "hi, how much is it",
    "can i wash and use makeup after",
    "i have milia and acne what can i use",
    "is it ok to use retinol and salicylic acid",
    "she has white bumps on her nose and they have been there for weeks",
    "i tried to pop it and it bled",
    "the spot is white and is very small",
    "it is red and does not hurt",
    "they come and will not go away",
    "want to come and have these removed",
    "nose and cheeks",
    "what's the difference between milia and whiteheads",
    "how do milia and baby acne differ",
    "hello, my name is jo, i am 34",
    "my baby is 3 weeks old, are these milk spots",
    "monday, tuesday or friday and any time",
    "got these white things, cant pop them, nothing comes out",
    "yes and thanks",
    "can you do eyelids and lips",
    "milia. milk spots. oil seeds.",
    "",
    "?",
    "and",
]


@pytest.mark.parametrize(("text", "parts"), list(TWO.items()))
def test_a_message_is_divided_between_its_questions(text, parts):
    assert parts in list(divisions(text))


@pytest.mark.parametrize("text", ONE)
def test_a_message_with_one_question_is_not_divided(text):
    assert list(divisions(text)) == []


@pytest.mark.parametrize(
    "part",
    ["how much is it", "book me in", "i need a price list", "is milia a cyst", "r they safe"],
)
def test_questions_and_requests_ask(part):
    assert asks(part)


@pytest.mark.parametrize(
    "part", ["how", "white spots", "is very small", "does not hurt", "have them"]
)
def test_other_words_do_not_ask(part):
    assert not asks(part)


def understanding(**intents):
    """Understands a text by the first of these words in it: word="intent confidence"."""

    def understand(texts):
        found = []
        for text in texts:
            known = [said.split() for word, said in intents.items() if word in text]
            ranking = [(intent, float(confidence)) for intent, confidence in known]
            found.append(Prediction(sorted(ranking, key=lambda r: -r[1]), threshold=0.4))
        return found

    return understand


def names(understand, text, counts=lambda intent: True, confidence=0.5):
    (whole,) = understand([text])
    parts = two_questions(text, whole, understand, counts, confidence)
    return [part.prediction.intent for part in parts]


QUESTION = "what causes them and how much is it"


def test_two_confident_and_different_questions_are_found():
    assert names(understanding(causes="a 0.9", much="b 0.8"), QUESTION) == ["a", "b"]


@pytest.mark.parametrize(
    "intents",
    [
        {"causes": "a 0.9", "much": "a 0.9"},
        {"causes": "a 0.9", "much": "b 0.45"},
        {"causes": "a 0.3", "much": "b 0.9"},
        {"causes": "a 0.9"},
        {},
    ],
    ids=["the same", "second unsure", "first not understood", "second unknown", "nothing known"],
)
def test_a_message_stays_whole_unless_both_are_clear(intents):
    assert names(understanding(**intents), QUESTION) == []


def test_an_intent_that_does_not_count_is_no_question():
    understand = understanding(causes="a 0.9", much="greet 0.9")
    assert names(understand, QUESTION, counts=lambda intent: intent != "greet") == []


@pytest.mark.parametrize(("sure", "found"), [("0.9", ["a", "b"]), ("0.7", [])])
def test_a_question_that_the_whole_does_not_suggest_must_be_beyond_doubt(sure, found):
    understand = understanding(causes=f"a {sure}", much=f"b {sure}")
    other = Prediction([("c", 0.9)], threshold=0.4)
    parts = two_questions(QUESTION, other, understand, lambda intent: True, 0.5)
    assert [part.prediction.intent for part in parts] == found


def test_the_surest_division_is_taken():
    text = "what causes them, do they go and how much is it"
    understand = understanding(causes="a 0.9", go="c 0.6", much="b 0.95")
    (whole,) = understand([text])
    parts = two_questions(text, whole, understand, lambda intent: True, 0.5)
    assert [part.text for part in parts] == ["what causes them, do they go", "how much is it"]


def test_the_parts_are_only_looked_at_when_there_are_any():
    def never(texts):
        raise AssertionError(texts)

    assert two_questions("how much is it", Prediction([], 0), never, lambda intent: True, 0.5) == []
