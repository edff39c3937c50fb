"""The intent model: what it learns, how sure it is, and that it can be kept."""

from __future__ import annotations

import json
from collections import namedtuple
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from nlu.intent_model import (
    WORDS,
    Features,
    IntentModel,
    Prediction,
    Settings,
    Tfidf,
    Trials,
    calibrated,
    concepts_found_by,
    learn_calibration,
    learn_threshold,
    softmax,
    softmax_regression,
    splits,
)

Entity = namedtuple("Entity", ["entity", "value"])

EXAMPLES = {
    "hours": ["when are you open", "opening hours", "are you open on sunday", "what time do you open"],
    "prices": ["how much is it", "what does removal cost", "price for ten spots", "is it expensive"],
    "location": ["where are you", "how do i get there", "is there parking", "what is your address"],
    "causes": ["why do i have milia", "what causes milk spots", "where do they come from", "why me"],
    "pain": ["does it hurt", "is removal painful", "do you numb the skin", "will it be sore"],
    "greet": ["hello", "hi there", "good morning", "hiya"],
}  # fmt: skip
PAIRS = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
TEXTS, LABELS = [text for text, _ in PAIRS], [intent for _, intent in PAIRS]


def embed(texts):
    """A stand-in for the sentence encoder: random directions of words, added up."""
    rows = []
    for text in texts:
        vectors = [np.random.default_rng(hash_of(word)).normal(size=32) for word in text.split()]
        total = np.sum(vectors, axis=0) if vectors else np.zeros(32)
        rows.append(total / max(np.linalg.norm(total), 1e-9))
    return np.array(rows, dtype=np.float32)


def hash_of(word):
    return int.from_bytes(word.encode()[:7].ljust(7), "big")


@pytest.fixture(scope="module")
def dense():
    return IntentModel().fit(TEXTS, LABELS, embed(TEXTS))


@pytest.fixture(scope="module")
def sparse():
    return IntentModel().fit(TEXTS, LABELS)


# --- learning and predicting ---------------------------------------------------


def test_it_recognises_what_it_learnt(dense, sparse):
    assert [p.intent for p in dense.predict(TEXTS, embed(TEXTS))] == LABELS
    assert [p.intent for p in sparse.predict(TEXTS)] == LABELS


def test_it_recognises_what_is_said_a_little_differently(sparse):
    predictions = sparse.predict(["whats your adress", "how much does removal cost", "helo"])
    assert [p.intent for p in predictions] == ["location", "prices", "greet"]


def test_the_ranking_holds_each_intent_once_from_sure_to_unsure(dense):
    (prediction,) = dense.predict(["what time"], embed(["what time"]))
    names, confidences = zip(*prediction.ranking, strict=True)
    assert sorted(names) == sorted(EXAMPLES)
    assert list(confidences) == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


def test_the_ranking_is_as_long_as_wanted(sparse):
    assert len(sparse.predict(["hello"], top=2)[0].ranking) == 2


def test_several_messages_are_predicted_as_one_by_one(dense):
    together = dense.predict(TEXTS, embed(TEXTS))
    alone = [dense.predict([text], embed([text]))[0] for text in TEXTS]
    for one, other in zip(together, alone, strict=True):
        assert one.intent == other.intent
        assert one.confidence == pytest.approx(other.confidence, abs=1e-4)


def test_no_messages_give_no_predictions(sparse):
    assert sparse.predict([]) == []


def test_what_resembles_no_example_is_less_sure(dense):
    known, unknown = dense.predict(
        ["when are you open", "quantum flux capacitor"],
        embed(["when are you open", "quantum flux capacitor"]),
    )
    assert known.confidence > unknown.confidence


@pytest.mark.parametrize("empty", ["", " ", "\n\t"])
def test_a_message_without_content_is_not_understood(dense, empty):
    (prediction,) = dense.predict([empty], np.zeros((1, 32), dtype=np.float32))
    assert prediction.intent is None
    assert prediction.confidence == 0
    assert not prediction.understood


@pytest.mark.parametrize("odd", ["🙂🙂🙂", "\ud800", "\0", "a" * 10_000, "我眼睛下面", "?!"])
def test_odd_messages_are_predicted_safely(sparse, odd):
    (prediction,) = sparse.predict([odd])
    assert np.isfinite(prediction.confidence)


@given(st.text())
@settings(deadline=None, max_examples=50)
def test_any_text_gives_confidences_between_zero_and_one(text):
    model = any_model()
    for prediction in model.predict([text]):
        assert all(0 <= confidence <= 1 for _, confidence in prediction.ranking)


@cache
def any_model():
    return IntentModel().fit(TEXTS, LABELS)


def test_the_order_of_the_examples_makes_no_difference():
    backwards = IntentModel().fit(TEXTS[::-1], LABELS[::-1])
    forwards = IntentModel().fit(TEXTS, LABELS)
    for one, other in zip(forwards.predict(TEXTS), backwards.predict(TEXTS), strict=True):
        assert one.intent == other.intent


def test_the_same_examples_give_the_same_model(sparse):
    again = IntentModel().fit(TEXTS, LABELS)
    assert again.threshold == sparse.threshold
    assert again.predict(TEXTS) == sparse.predict(TEXTS)


def test_a_text_with_two_intents_is_learnt_without_complaint():
    model = IntentModel().fit([*TEXTS, "hello"], [*LABELS, "hours"])
    assert model.predict(["hello"])[0].intent in {"greet", "hours"}


def test_an_intent_with_one_example_is_learnt_too():
    model = IntentModel().fit([*TEXTS, "bye bye"], [*LABELS, "goodbye"])
    assert model.predict(["bye bye"])[0].intent == "goodbye"


def test_two_intents_of_one_example_are_enough():
    model = IntentModel().fit(["hello", "bye"], ["greet", "goodbye"])
    assert model.predict(["hello"])[0].intent == "greet"


@pytest.mark.parametrize(
    ("texts", "labels", "words"),
    [
        (["a", "b"], ["x"], "2 texts but 1 labels"),
        (["a", "b"], ["x", "x"], "at least two intents"),
        ([], [], "at least two intents"),
    ],
)
def test_examples_that_cannot_be_learnt_are_named(texts, labels, words):
    with pytest.raises(ValueError, match=words):
        IntentModel().fit(texts, labels)


def test_a_model_with_embeddings_asks_for_them(dense):
    with pytest.raises(ValueError, match="give them to predict"):
        dense.predict(["hello"])


def test_it_knows_the_length_of_its_embeddings(dense, sparse):
    assert (dense.embedding_size, sparse.embedding_size) == (32, 0)


# --- understanding: the threshold ----------------------------------------------


@pytest.mark.parametrize(("confidence", "understood"), [(0.4, False), (0.5, True), (0.9, True)])
def test_a_message_is_understood_from_the_threshold_on(confidence, understood):
    assert Prediction([("hours", confidence)], threshold=0.5).understood is understood


def test_the_threshold_parts_what_is_in_scope_from_what_is_out():
    random = np.random.default_rng(0)
    confidence = np.concatenate([random.normal(0.7, 0.1, 200), random.normal(0.3, 0.1, 200)])
    outside = np.repeat([False, True], 200)
    trials = Trials(confidence, ~outside, outside)
    calibration = learn_calibration(trials)
    assert learn_threshold(trials, calibration) == pytest.approx(
        float(calibrated(np.array(0.5), calibration)), abs=0.1
    )


def test_the_threshold_does_not_depend_on_how_many_played_out_of_scope():
    random = np.random.default_rng(0)
    confidence = np.concatenate([random.normal(0.7, 0.1, 400), random.normal(0.3, 0.1, 40)])
    outside = np.repeat([False, True], [400, 40])
    few = Trials(confidence, ~outside, outside)
    copies = np.concatenate([np.arange(400), np.tile(np.arange(400, 440), 10)])
    many = Trials(confidence[copies], ~outside[copies], outside[copies])
    identity = (1.0, 0.0)
    assert learn_threshold(few, identity) == pytest.approx(
        learn_threshold(many, identity), abs=0.01
    )


def test_with_examples_of_what_is_out_of_scope_the_threshold_is_even_odds():
    texts = [*TEXTS, "who won the match", "weather tomorrow", "tell me a joke"]
    model = IntentModel().fit(texts, [*LABELS, *["out_of_scope/unrelated"] * 3])
    assert model.threshold == 0.5


def test_without_trials_nothing_is_calibrated():
    nothing = np.array([], dtype=bool)
    trials = Trials(np.array([]), nothing, nothing)
    assert learn_calibration(trials) == (1.0, 0.0)
    assert learn_threshold(trials, (1.0, 0.0)) == 0.5


def test_calibration_makes_of_a_confidence_how_often_it_is_right():
    random = np.random.default_rng(0)
    confidence = random.uniform(0, 1, 4000)
    right = random.uniform(0, 1, 4000) < 1 / (1 + np.exp(-(8 * confidence - 5)))
    trials = Trials(confidence, right, np.zeros(4000, dtype=bool))
    slope, offset = learn_calibration(trials)
    assert (slope, offset) == (pytest.approx(8, rel=0.15), pytest.approx(-5, rel=0.15))


def test_calibration_keeps_the_order_of_confidences():
    raw = np.linspace(0, 1, 50)
    assert np.all(np.diff(calibrated(raw, (5.0, -2.0))) > 0)


# --- cross-validation ----------------------------------------------------------

NUMBERS = np.repeat(np.arange(10), 6)


def test_a_held_out_example_is_never_trained_on():
    for train, test, _ in splits(NUMBERS, seed=0, leave_out=True):
        assert not set(train) & set(test)


def test_an_intent_that_plays_out_of_scope_is_not_trained_on():
    for train, test, out in splits(NUMBERS, seed=0, leave_out=True):
        assert not set(NUMBERS[train]) & set(NUMBERS[test[out[test]]])
        assert set(NUMBERS[test[~out[test]]]) <= set(NUMBERS[train])


def test_every_intent_plays_out_of_scope():
    played = {
        int(number)
        for _, test, out in splits(NUMBERS, seed=0, leave_out=True)
        for number in NUMBERS[test[out[test]]]
    }
    assert played == set(range(10))


def test_with_examples_of_what_is_out_of_scope_no_intent_plays_it():
    assert not any(out.any() for _, _, out in splits(NUMBERS, seed=0, leave_out=False))


# --- the regression and the features -------------------------------------------


def test_the_regression_agrees_with_scikit_learn():
    random = np.random.default_rng(0)
    features = random.normal(size=(120, 20)).astype(np.float32)
    classes = np.arange(120) % 4
    features[np.arange(120), classes] += 2
    with_bias = np.hstack([features, np.ones((120, 1), dtype=np.float32)])
    ours = Features(sp.csr_matrix(features[:, :8]), features[:, 8:], weight=1.0, whole=1.0)
    weights = softmax_regression(ours, classes, strength=1.0)
    theirs = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-6).fit(with_bias, classes)
    probabilities = softmax(ours.times(weights))
    assert np.abs(probabilities - theirs.predict_proba(with_bias)).max() < 0.02


def test_entities_are_terms_of_their_kind_and_of_their_value():
    found = [Entity("condition", "stye"), Entity("age", 0.7)]
    assert concepts_found_by(lambda text: found)("x") == ["condition", "age", "condition=stye"]


def test_a_concept_is_learnt_whatever_its_words(tmp_path):
    def concepts(text):
        return ["money"] if {"dear", "much", "cost"} & set(text.split()) else []

    with_concepts = IntentModel(concepts=concepts).fit(TEXTS, LABELS)
    assert with_concepts.predict(["dear"])[0].intent == "prices"
    with_concepts.save(tmp_path)
    loaded = IntentModel.load(tmp_path, concepts)
    assert loaded.predict(["dear"]) == with_concepts.predict(["dear"])


def test_softmax_is_a_distribution_even_for_large_numbers():
    assert softmax(np.array([[1000.0, 1000.0]])).tolist() == [[0.5, 0.5]]


def test_unknown_words_shorten_a_vector():
    words = Tfidf(WORDS)
    words.fit([words.terms(text) for text in ("open on sunday", "closed on monday")])

    def length(text):
        return float(np.linalg.norm(words.row(words.terms(text))[1]))

    assert length("open on sunday") == pytest.approx(1)
    assert 0 < length("open on christmas day") < 1
    assert length("zzz") == 0


def test_accents_and_capitals_make_no_difference():
    words = Tfidf(WORDS)
    words.fit([words.terms("café open")])
    assert words.row(words.terms("CAFE OPEN")) == words.row(words.terms("café open"))


# --- keeping it ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["dense", "sparse"])
def test_a_loaded_model_predicts_the_same(kind, request, tmp_path):
    model = request.getfixturevalue(kind)
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    embeddings = embed(TEXTS) if kind == "dense" else None
    assert loaded.predict(TEXTS, embeddings) == model.predict(TEXTS, embeddings)
    assert loaded.settings == model.settings


def test_a_saved_model_holds_no_pickle(dense, tmp_path):
    dense.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "intent_model.json",
        "intent_model.npz",
    ]
    json.loads((tmp_path / "intent_model.json").read_text(encoding="utf-8"))
    with np.load(tmp_path / "intent_model.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_settings_change_the_model():
    looser = IntentModel(replace(Settings(), strength=1.0)).fit(TEXTS, LABELS)
    tighter = IntentModel(replace(Settings(), strength=100.0)).fit(TEXTS, LABELS)
    raw = [model.raw_scores(["opening hours"]).max() for model in (looser, tighter)]
    assert raw[0] < raw[1]
