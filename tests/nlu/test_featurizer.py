"""The featurizer in Rasa: features of messages and tokens, configuration, persistence."""

from __future__ import annotations

import hashlib
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, RESPONSE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import featurizer as room
from nlu.encoder import TUNED, SentenceEncoder
from nlu.featurizer import MiniLMFeaturizer

QUESTION = "Is cryotherapy sore, and is it safe?"


def made(**config):
    """The featurizer as Rasa's graph makes it."""
    config = {**MiniLMFeaturizer.get_default_config(), **config}
    return MiniLMFeaturizer.create(config, None, None, SimpleNamespace(node_name="minilm_milia"))


@pytest.fixture(scope="module")
def featurizer():
    return made()


def tokenized(text):
    config = WhitespaceTokenizer.get_default_config()
    return WhitespaceTokenizer(config).process([Message(data={TEXT: text})])[0]


def features(message, attribute=TEXT):
    """The dense features of a message: sequence and sentence."""
    sequence, sentence = message.get_dense_features(attribute, [])
    return sequence and sequence.features, sentence and sentence.features


def test_the_sentence_feature_is_the_encoders_vector(featurizer):
    [message] = featurizer.process([tokenized(QUESTION)])
    _, sentence = features(message)
    assert sentence.shape == (1, 768)
    assert sentence[0] == pytest.approx(SentenceEncoder(TUNED).encode([QUESTION])[0])


def test_the_sequence_feature_has_one_row_a_token(featurizer):
    [message] = featurizer.process([tokenized(QUESTION)])
    sequence, _ = features(message)
    assert sequence.shape == (len(message.get(TOKENS_NAMES[TEXT])), 384)


def test_a_token_of_several_word_pieces_gets_their_mean(featurizer):
    [message] = featurizer.process([tokenized(QUESTION)])
    encoded = SentenceEncoder(TUNED).encode_tokens(QUESTION)
    start, end = QUESTION.index("cryotherapy"), QUESTION.index(" sore")
    inside = [start <= first and last <= end for first, last in encoded.offsets]
    assert sum(inside) > 1
    assert features(message)[0][1] == pytest.approx(encoded.pieces[inside].mean(axis=0))


def test_tokens_within_one_word_piece_share_its_vector(featurizer):
    message = Message(data={TEXT: "milk"})
    message.set(TOKENS_NAMES[TEXT], [Token("mi", 0), Token("lk", 2)])
    featurizer.process([message])
    first, second = features(message)[0]
    assert (first == second).all()
    assert first.any()


def test_a_token_beyond_the_encoders_limit_gets_zeros(featurizer):
    [message] = featurizer.process([tokenized("milia " * 400)])
    sequence, sentence = features(message)
    assert sequence.shape == (400, 384)
    assert sequence[0].any()
    assert not sequence[-1].any()
    assert np.isfinite(sentence).all()


@pytest.mark.parametrize("text", ["👶🏽", "caf\udce9", "\x00", "   ", "?!"])
def test_an_odd_message_gets_finite_features(featurizer, text):
    [message] = featurizer.process([tokenized(text)])
    _, sentence = features(message)
    assert np.isfinite(sentence).all()


def test_an_empty_message_gets_a_sentence_feature_of_zeros(featurizer):
    [message] = featurizer.process([tokenized("")])
    _, sentence = features(message)
    assert sentence.shape == (1, 768)
    assert not sentence.any()


@pytest.mark.parametrize("data", [{}, {TEXT: None}, {INTENT: "greet"}])
def test_a_message_without_text_is_left_as_it_is(featurizer, data):
    [message] = featurizer.process([Message(data=data)])
    assert features(message) == (None, None)


def test_a_message_without_tokens_gets_the_sentence_feature_alone(featurizer):
    [message] = featurizer.process([Message(data={TEXT: "what are milia"})])
    sequence, sentence = features(message)
    assert sequence is None
    assert sentence.shape == (1, 768)


def test_a_response_gets_no_features(featurizer):
    [message] = featurizer.process([Message(data={TEXT: "hi", RESPONSE: "Hello."})])
    assert features(message, RESPONSE) == (None, None)


def test_training_examples_get_the_features_that_serving_gives(featurizer):
    texts = ["what are milia", "how much does removal cost, roughly?", "hi"]
    data = TrainingData([tokenized(text) for text in texts])
    trained = featurizer.process_training_data(data).training_examples
    for text, example in zip(texts, trained, strict=True):
        [served] = featurizer.process([tokenized(text)])
        for one, other in zip(features(example), features(served), strict=True):
            assert (one == other).all()


def test_features_carry_the_alias(featurizer):
    [message] = made(alias="meaning").process([tokenized("hi")])
    assert {feature.origin for feature in message.features} == {"meaning"}


def test_features_carry_the_nodes_name_without_an_alias(featurizer):
    [message] = featurizer.process([tokenized("hi")])
    assert {feature.origin for feature in message.features} == {"minilm_milia"}


def test_rasa_knows_it_as_a_featurizer_that_is_not_trained():
    registered = DefaultV1Recipe._from_registry("nlu.featurizer.MiniLMFeaturizer")
    assert registered.types == {DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER}
    assert not registered.is_trainable


def test_the_default_model_is_named_by_its_path_from_the_project():
    assert MiniLMFeaturizer.get_default_config()["model"] == "nlu/minilm_milia/model.int8.onnx"


def test_the_model_is_found_from_any_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert made().process([tokenized("hi")])[0].features


def test_the_model_is_found_where_the_project_has_moved(tmp_path, monkeypatch):
    folder = tmp_path / "nlu" / "minilm_milia"
    folder.mkdir(parents=True)
    for name in ("model.int8.onnx", "tokenizer.json"):
        shutil.copyfile(TUNED.with_name(name), folder / name)
    monkeypatch.setattr(room, "PROJECT", tmp_path)
    assert made()._encoder.path == folder / "model.int8.onnx"


def test_a_model_that_is_not_there_is_named_with_the_way_out():
    with pytest.raises(InvalidConfigException, match=r"model: 'nlu/gone\.onnx' .* `make encoder`"):
        made(model="nlu/gone.onnx")


def test_another_model_means_another_training(tmp_path):
    expected = hashlib.sha256(TUNED.read_bytes()).hexdigest()
    assert MiniLMFeaturizer.fingerprint_addon({}) == expected
    (tmp_path / "other.onnx").write_bytes(b"another")
    assert MiniLMFeaturizer.fingerprint_addon({"model": str(tmp_path / "other.onnx")}) != expected
