"""The sentence encoder: what it returns, that it is the model it says, and odd texts."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from nlu.encoder import DEFAULT, MAX_CHARACTERS, TUNED, SentenceEncoder
from nlu.examples import read_examples

ENCODER = SentenceEncoder()
REFERENCE = Path(__file__).with_name("minilm_reference.npz")


def length(vector):
    return float(np.linalg.norm(vector))


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE) as arrays:
        return [str(text) for text in arrays["sentences"]], arrays["embeddings"]


@pytest.mark.parametrize("path", [DEFAULT, TUNED], ids=["general", "tuned"])
def test_every_reference_sentence_is_within_cosine_099_of_the_float_model(path):
    with np.load(REFERENCE.with_name(f"{path.parent.name}_reference.npz")) as arrays:
        sentences, exact = [str(text) for text in arrays["sentences"]], arrays["embeddings"]
    cosines = (SentenceEncoder(path).encode(sentences) * exact).sum(axis=1)
    assert cosines.min() >= 0.99, sentences[int(cosines.argmin())]


def test_no_message_that_the_encoder_was_tuned_on_is_an_example():
    rows = Path("data/tuning/messages.tsv").read_text(encoding="utf-8").splitlines()[1:]
    examples = {(text.lower(), intent) for text, intent in read_examples(Path("data/nlu"))}
    assert rows
    assert not [row for row in rows if tuple(row.lower().split("\t")) in examples]


def test_the_reference_sentences_are_those_kept_with_the_model(reference):
    kept = DEFAULT.with_name("reference.txt").read_text(encoding="utf-8").splitlines()
    assert reference[0] == kept


def test_the_model_was_not_calibrated_on_the_reference_sentences(reference):
    calibration = DEFAULT.with_name("calibration.txt").read_text(encoding="utf-8").splitlines()
    assert not set(calibration) & set(reference[0])


@pytest.mark.parametrize("path", [DEFAULT, TUNED], ids=["general", "tuned"])
@pytest.mark.parametrize("name", ["model.int8.onnx", "tokenizer.json"])
def test_the_readme_names_the_hash_of_each_shipped_file(path, name):
    digest = hashlib.sha256(path.with_name(name).read_bytes()).hexdigest()
    assert digest in path.with_name("README.md").read_text(encoding="utf-8")


def test_vectors_are_float32_of_768_numbers_and_length_one():
    vectors = ENCODER.encode(["what are milia", "hi"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (2, 768)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_no_texts_give_no_rows():
    assert ENCODER.encode([]).shape == (0, 768)


def test_texts_keep_their_order_whatever_their_length():
    texts = ["a long question about the cost of removal " * 5, "hi", "what are milia"] * 20
    together = ENCODER.encode(texts)
    alone = np.concatenate([ENCODER.encode([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-4)


def test_a_text_alone_and_in_a_batch_has_the_same_vector(reference):
    sentences, _ = reference
    together = ENCODER.encode(sentences)
    alone = np.concatenate([ENCODER.encode([text]) for text in sentences])
    assert (together * alone).sum(axis=1).min() > 0.99999


def test_a_paraphrase_is_nearer_than_another_subject():
    asked, alike, other = ENCODER.encode(
        ["how much does it cost", "what is the price", "my baby has a fever"]
    )
    assert asked @ alike > asked @ other + 0.3


@pytest.mark.parametrize("text", ["", " ", "\n\t  ", "\x00", "\u200b", "\ud83d"])
def test_a_text_without_content_gives_zeros(text):
    assert not ENCODER.encode([text]).any()


@pytest.mark.parametrize("text", ["👶🏽", "❤️❤️", "😀 \ud83d", "caf\udce9 prices", "\u202eabc"])
def test_an_odd_text_gives_a_vector_of_length_one(text):
    assert length(ENCODER.encode([text])[0]) == pytest.approx(1, abs=1e-5)


def test_bytes_that_are_not_utf8_are_encoded_after_decoding():
    text = b"h\xe9llo \xff milia".decode("utf-8", "surrogateescape")
    assert length(ENCODER.encode([text])[0]) == pytest.approx(1, abs=1e-5)


def test_a_mark_of_the_model_written_by_a_visitor_is_text():
    assert len(ENCODER.encode_tokens("[SEP]").pieces) == 3


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_any_text_gives_finite_numbers_of_length_one_or_zero(text):
    vector = ENCODER.encode([text])[0]
    assert np.isfinite(vector).all()
    assert length(vector) == pytest.approx(1, abs=1e-4) or not vector.any()


@settings(max_examples=75, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_any_texts_pieces_lie_within_it_and_in_order(text):
    encoded = ENCODER.encode_tokens(text)
    assert len(encoded.offsets) == len(encoded.pieces)
    assert np.isfinite(encoded.pieces).all()
    starts = [start for start, _ in encoded.offsets]
    assert starts == sorted(starts)
    assert all(0 <= start < end <= len(text) for start, end in encoded.offsets)


def test_a_long_text_is_encoded_as_its_first_thousand_characters():
    text = "do they hurt? " * 1000
    cut = ENCODER.encode([text[:MAX_CHARACTERS]])
    assert (ENCODER.encode([text]) == cut).all()


def test_a_long_text_is_logged_once_without_its_words():
    with capture_logs() as logs:
        ENCODER.encode(["secret " * 2000])
    assert logs == [
        {"event": "encoder.text_cut", "log_level": "warning", "characters": 14000, "kept": 1000}
    ]


def test_a_text_of_a_thousand_characters_is_not_logged():
    with capture_logs() as logs:
        ENCODER.encode(["x" * MAX_CHARACTERS])
    assert logs == []


def test_a_thousand_characters_of_many_pieces_are_encoded():
    encoded = ENCODER.encode_tokens("我" * 1000)
    assert len(encoded.pieces) == 254
    assert length(encoded.sentence) == pytest.approx(1, abs=1e-5)


def test_word_pieces_know_the_characters_they_stand_for():
    text = "Is CRYOTHERAPY sore?"
    encoded = ENCODER.encode_tokens(text)
    assert encoded.pieces.shape == (len(encoded.offsets), 384)
    words = [text[start:end] for start, end in encoded.offsets]
    assert (words[0], words[-2:], "".join(words[1:-2])) == ("Is", ["sore", "?"], "CRYOTHERAPY")


def test_word_pieces_keep_their_places_after_emoji_and_broken_characters():
    text = "👶🏽 \udce9 né milia"
    encoded = ENCODER.encode_tokens(text)
    assert text[encoded.offsets[-1][0] :].endswith(text[slice(*encoded.offsets[-1])])
    assert encoded.offsets[-1][1] == len(text)


def test_the_token_encoding_has_the_same_sentence_vector():
    text = "can they come back"
    assert ENCODER.encode_tokens(text).sentence == pytest.approx(ENCODER.encode([text])[0])


def test_an_empty_text_has_no_word_pieces():
    encoded = ENCODER.encode_tokens("  ")
    assert encoded.pieces.shape == (0, 384)
    assert encoded.offsets == []
    assert not encoded.sentence.any()


def test_encoders_of_the_same_file_share_one_model():
    assert SentenceEncoder(str(DEFAULT))._session is ENCODER._session


def test_a_missing_model_is_named_with_the_way_to_build_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.onnx is missing: `make encoder`"):
        SentenceEncoder(tmp_path / "gone.onnx")


def test_a_missing_tokenizer_is_named(tmp_path):
    shutil.copyfile(DEFAULT, tmp_path / "model.onnx")
    with pytest.raises(FileNotFoundError, match=r"tokenizer\.json is missing"):
        SentenceEncoder(tmp_path / "model.onnx")


def test_the_encoder_imports_neither_rasa_nor_torch():
    code = "import sys, nlu.encoder; print({'rasa', 'torch', 'tensorflow'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
