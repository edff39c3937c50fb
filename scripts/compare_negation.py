# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = [
#     "negspacy==1.0.4", "medspacy==1.3.1", "pyyaml",
#     "spacy<3.8", "thinc<8.3", "numpy<2", "setuptools<81",
# ]
# ///
"""Our context rules beside negspacy's NegEx and medspaCy's ConText, on the published set.

``uv run scripts/compare_negation.py`` gets both libraries for itself; the project does without.
All three are asked the same: of the signs that the lexicon finds in a message, wherever they
stand, does any remain that is there? Of the dangers one should, of the harmless messages none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import medspacy.context  # type: ignore[import-not-found]  # noqa: F401 (registers its part)
import negspacy.negation  # type: ignore[import-not-found]  # noqa: F401
import spacy
from spacy.tokens import Doc, Span

sys.path.insert(0, str(Path(__file__).parents[1]))

from nlu.red_flags_finder import RedFlag, RedFlagFinder
from nlu.red_flags_lexicon import RedFlagLexicon
from scripts.danger_messages import messages

Judge = Callable[[str, Sequence[RedFlag]], bool]


def main() -> None:
    """Prints how many messages alarm under each judge."""
    finder = RedFlagFinder(RedFlagLexicon.load("data/lexicon/red_flags.yml"))
    judges: dict[str, Judge] = {
        "no context at all": lambda text, flags: bool(flags),
        "negspacy 1.0.4 (NegEx)": library("negex", is_negated),
        "medspaCy 1.3.1 (ConText)": library("medspacy_context", is_changed),
        "ours": lambda text, flags: any(flag.there for flag in flags),
    }
    published = messages("caught"), messages("harmless")
    sets = [[text for _, text in told] for told in published]
    print(f"{'':26}{'dangers caught':>18}{'false alarms':>18}")
    for name, judge in judges.items():
        counts = []
        for texts in sets:
            alarms = sum(judge(text, finder.find(text)) for text in texts)
            counts.append(f"{alarms} of {len(texts)}")
        print(f"{name:26}{counts[0]:>18}{counts[1]:>18}")


def library(component: str, absent: Callable[[Span], bool]) -> Judge:
    """A judge by a library's component, over the signs' places in the text."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    pipe = nlp.add_pipe(component)

    def judge(text: str, flags: Sequence[RedFlag]) -> bool:
        doc: Doc = nlp.get_pipe("sentencizer")(nlp.make_doc(text))
        spans = [doc.char_span(f.start, f.end, f.kind, alignment_mode="expand") for f in flags]
        doc.ents = spacy.util.filter_spans([span for span in spans if span])
        doc = pipe(doc)
        return any(not absent(span) for span in doc.ents)

    return judge


def is_negated(span: Span) -> bool:
    """Whether negspacy takes it for denied."""
    return bool(span._.negex)


def is_changed(span: Span) -> bool:
    """Whether ConText takes it for denied, past, supposed or somebody else's."""
    changes = (span._.is_negated, span._.is_historical, span._.is_hypothetical, span._.is_family)
    return any(changes)


if __name__ == "__main__":
    main()
