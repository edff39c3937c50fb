"""The intent model: learns from examples, ranks, and knows what it does not know."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.intent_model import IntentModel

EXAMPLES = {
    "prices": ["how much is it", "what does it cost", "price of removal", "is it expensive"]
    + ["cost per spot", "how much do you charge", "what are your prices", "price list please"],
    "hours": [
        "when are you open",
        "opening hours",
        "are you open on sunday",
        "what time do you close",
    ]
    + ["open tomorrow", "when do you open", "saturday opening times", "are you open late"],
    "pain": ["does it hurt", "is it painful", "will i feel it", "do you numb the skin"]
    + ["does freezing hurt", "how painful is it", "is there an anaesthetic", "will it sting"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]


@pytest.fixture(scope="module")
def model():
    return IntentModel().fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how much does removal cost", "prices"),
        ("are you open now", "hours"),
        ("does it sting", "pain"),
    ],
)
def test_words_like_those_of_an_intent_are_of_that_intent(model, text, intent):
    (prediction,) = model.predict([text])
    assert prediction.intent == intent
    assert prediction.understood


def test_words_like_none_are_less_sure_than_words_like_some(model):
    strange, familiar = model.predict(["zebra quantum violin", "how much does it cost"])
    assert strange.confidence < familiar.confidence


def test_a_confidence_is_a_probability_and_the_ranking_falls(model):
    for prediction in model.predict(TEXTS):
        confidences = [confidence for _, confidence in prediction.ranking]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 <= confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_message_without_content_has_no_intent(model, text):
    (prediction,) = model.predict([text])
    assert prediction.intent is None
    assert not prediction.understood


@pytest.mark.parametrize("text", ["😀" * 50, "x" * 10_000, "\ud800", "how much " * 2_000])
def test_any_text_is_ranked_safely(model, text):
    (prediction,) = model.predict([text])
    assert np.isfinite(prediction.confidence)


def test_a_saved_model_predicts_the_same(model, tmp_path):
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    assert loaded.predict(TEXTS) == model.predict(TEXTS)
    assert not list(tmp_path.glob("*.pkl"))


def test_training_again_gives_the_same_model(model):
    assert IntentModel().fit(TEXTS, LABELS).predict(TEXTS) == model.predict(TEXTS)


def test_embeddings_are_used_where_there_are_any():
    random = np.random.default_rng(0)
    embeddings = np.eye(3, dtype=np.float32)[[list(EXAMPLES).index(label) for label in LABELS]]
    embeddings += random.normal(0, 0.05, embeddings.shape).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    model = IntentModel().fit(TEXTS, LABELS, embeddings)
    (prediction,) = model.predict(["wholly other words"], np.eye(3, dtype=np.float32)[[2]])
    assert prediction.intent == "pain"
    with pytest.raises(ValueError, match="embeddings"):
        model.predict(["wholly other words"])


def test_what_cannot_be_learnt_from_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="2 texts but 1 labels"):
        IntentModel().fit(["a", "b"], ["x"])
    with pytest.raises(ValueError, match="at least two intents"):
        IntentModel().fit(["a", "b"], ["x", "x"])
