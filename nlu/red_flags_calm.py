"""Whether a message's own words take the alarm out of it: no Rasa in here.

For messages in which no sign of danger was found, but which the classifier takes for urgent:
"not bleeding, just a bit pink", "the infection has cleared up", "mum had it years ago". A word
that denies does not calm where what it denies is well-being: "not waking", "won't stop".
"""

from __future__ import annotations

import re

_WELL_BEING = (
    r"fad\w*|stop\w*|right|breath\w*|see|seeing|feed\w*|eat\w*|drink\w*|wak\w*|respond\w*|settl\w*|"
    r"mov\w*|open\w*|swallow\w*|good|awake|keep\w*|rous\w*|pee|peeing|wee|weeing"
)
_CALMING = re.compile(
    rf"""
    \b(?: no | not | none | never | without | neither | nobody
        | (?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would)n['’]?t )\b
        (?! \W+ (?:\w+\W+){{0,3}} (?:{_WELL_BEING})\b | \W+ (?:\w+\W+)? (?:him|her)\ ?self )
    | \b(?: has | have | is | are | was | it | 's | now )\W+ (?:all\W+)?
        (?: stopped | gone | cleared | healed | healing | settled | faded | fine | better
          | normal )\b
        (?! \W+ (?: breath\w* | feed\w* | mov\w* | respond\w* | floppy | limp | blue | gr[ae]y
          | stiff ) )
    | \b(?: stopped | cleared | healed | faded | settled | went | gone )\W+
        (?: up | down | away | after | by | on | and | again )\b
    | \b(?: fades | healing | normal | feeding\W+(?:well|fine|ok) | pride )\b
    | \b(?<!since\ )(?: last\ (?:week|month|year|summer|winter|spring|autumn) | ago )\b
    | \bin\ (?:19|20)\d\d\b | \bwhen\ (?:he|she|i|they)\ (?:was|were)\b
    | \b(?: what\ if | in\ case | if\ (?:she|he|it|i|they) | how\ would\ i )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def calms(text: str) -> bool:
    """Whether danger is denied, over, past or supposed somewhere in a text."""
    return bool(_CALMING.search(text))
