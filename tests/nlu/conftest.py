"""What the tests of the red flags' rules share."""

from __future__ import annotations

import pytest

from nlu.red_flags_finder import RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.safety import LEXICON


@pytest.fixture(scope="session")
def alarms():
    """Whether the rules find a sign in a text that is there."""
    finder = RedFlagFinder(RedFlagLexicon.load(LEXICON))
    return lambda text: any(flag.there for flag in finder.find(text))
