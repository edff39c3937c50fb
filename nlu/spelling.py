"""Slips of the pen in the lexicon's important words: "millia", "epstien", "cryotheropy"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from spacy.matcher.levenshtein import levenshtein

from nlu.lexicon import with_plural

LONGEST = 30
"""Words of more letters than this are never taken for a slip."""

_DRAWN_OUT = re.compile(r"(.)\1{2,}")


SHORTEST = 4
"""Letters of the shortest words in which slips are met."""


def slips_allowed(typed: str, meant: str) -> int:
    """How many slips may lie between them: 1 in words of 5 letters or more, 2 from 8; in 4 letters,
    only two neighbours that are swapped.

    Two slips need 8 letters in both; for one, what was typed may have lost a letter.
    """
    if min(len(typed), len(meant)) >= 8:
        return 2
    if len(typed) == len(meant) == SHORTEST:
        return int(sorted(typed) == sorted(meant))
    return 1 if len(meant) > SHORTEST else 0


def slips_between(typed: str, meant: str) -> int:
    """How many letters were left out, added, mistaken or swapped with their neighbour."""
    before: list[int] = []
    above = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, start=1):
        row = [i]
        for j, other in enumerate(meant, start=1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, above = above, row
    return above[-1]


class Speller:
    """Reads a typed word as the word of the vocabulary that was meant, if any.

    ``read("millia")`` gives ``("milia", True)``: the word, and whether it was a slip.
    Slips are met in the words ``slips_of`` (and their plurals) only, as far as
    ``slips_allowed`` says; the first letter must be right, and ``not_slips`` are
    words of their own.
    """

    def __init__(
        self, vocabulary: Iterable[str], slips_of: Iterable[str], not_slips: Iterable[str]
    ) -> None:
        self._vocabulary = frozenset(vocabulary)
        self._not_slips = frozenset(not_slips)
        self._targets: dict[str, list[str]] = defaultdict(list)
        forms = {form for word in slips_of for form in with_plural(word)}
        for form in sorted(forms & self._vocabulary):
            self._targets[form[0]].append(form)
        self._cached: Callable[[str], tuple[str, bool] | None] = lru_cache(8192)(self._read)

    def read(self, typed: str) -> tuple[str, bool] | None:
        """The word that was meant and whether it was a slip; None if it is none of ours."""
        return self._cached(typed) if len(typed) <= LONGEST else None

    def _read(self, typed: str) -> tuple[str, bool] | None:
        if typed in self._vocabulary:
            return typed, False
        plain = _DRAWN_OUT.sub(r"\1", typed)
        if plain in self._vocabulary:
            return plain, plain != typed
        if len(plain) < SHORTEST or plain in self._not_slips or not plain.isalpha():
            return None
        near = [
            (slips, meant)
            for meant in self._targets.get(plain[0], ())
            if (allowed := slips_allowed(plain, meant))
            and levenshtein(plain, meant, 2 * allowed) <= 2 * allowed  # fast, counts a swap as 2
            and (slips := slips_between(plain, meant)) <= allowed
        ]
        return (min(near)[1], True) if near else None
