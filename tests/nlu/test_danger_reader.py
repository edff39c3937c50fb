"""The second opinion on danger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.danger_reader import HARMLESS, DangerReader, Opinion
from nlu.encoder import TUNED, SentenceEncoder
from nlu.red_flags_lexicon import DISTRESS, RedFlagLexicon
from scripts.safety import LEXICON

ENCODER, READER = SentenceEncoder(TUNED), DangerReader()
REFERENCE = np.load(Path(__file__).with_name("danger_reader_reference.npz"))


def test_it_reads_as_it_was_trained():
    likely = [READER.likelihoods(ENCODER.encode_tokens(str(t))) for t in REFERENCE["texts"]]
    assert len(likely) >= 20
    np.testing.assert_allclose(np.stack(likely), REFERENCE["likelihoods"], atol=0.02)


def test_its_kinds_are_those_that_have_cards():
    kinds = set(RedFlagLexicon.load(LEXICON).order)
    assert READER.kinds[0] == HARMLESS
    assert set(READER.kinds[1:]) <= kinds | {DISTRESS}


def test_a_message_without_words_is_no_danger():
    assert READER.read(ENCODER.encode_tokens(" ")) == Opinion(0.0, "")


@pytest.mark.parametrize("text", ["a", "fever", "milia " * 400])
def test_a_message_of_any_length_is_read(text):
    assert 0 <= READER.read(ENCODER.encode_tokens(text)).danger <= 1


def test_a_file_that_is_missing_is_named_with_the_way_out(tmp_path):
    with pytest.raises(FileNotFoundError, match="make danger-reader"):
        DangerReader(tmp_path / "none.onnx")
