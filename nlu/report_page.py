"""Writes the report: docs/nlu.md and its two pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlu.report_measures import MEASURES, Outcome, is_outside

TITLES = {"own": "this engine", "sparse": "words and letters only", "default": "Rasa's default"}

PAGE = """# How well visitors are understood

Written by `make nlu` ({date}): {folds}-fold cross-validation over the {examples} examples of
`data/nlu` in {intents} intents, the same folds for every engine, each message predicted by a
model that was trained without it. In brackets the 95 % interval (bootstrap over the messages).

{table}

Milliseconds and seconds are on one thread of the machine that wrote this page; training is on
{share} of the examples. {remark}{entities}

## How this is measured

- An intent is right when its full name is: `faq/causes`, not `faq`.
- **Sure enough** means that the confidence reaches the threshold, which each fold learns from
  its own training examples. It was {threshold} on average.
- **Out of scope** are the examples of `out_of_scope/…`. One counts as recognised when any
  `out_of_scope/…` is predicted, or when the guess is not sure enough and the assistant asks back.
- **In scope** are all others. One counts as right only if the right intent is predicted *and*
  sure enough, with the same threshold that recognises what is out of scope. "Sure or not" leaves
  the threshold aside; "and answered" counts only those that were not rejected.
- The calibration error is the mean distance between confidence and share of right predictions,
  over 15 bins of confidence.
- No example is another one with a word exchanged by a script, but the everyday forms stand there
  in several wordings, of which a fold may know one when it is tried on the next. What this
  engine makes of messages from other writers is a little worse: see the last section.

In continuous integration (`python -m nlu.report --check`): {floors}.

## Which intents are mistaken for which

![Confusion matrix](nlu-confusion.png)

| intent | taken for | how often |
|---|---|---|
{confusions}

Hardest intents (share right): {hardest}.

## How sure it is when it is right, and when not

![Confidence](nlu-confidence.png)

## What was tried

{tried}
"""

TRIED = """Each by cross-validation on `data/nlu`, and on made-up small data sets drawn from it (20
to 45 intents of 2 to 20 examples, half of the messages out of scope, with and without typos).
Real messages are 203 of other writers, which are not in the data.

- **Kept.** The embedding weighs twice as much as words and letters, and the regression is less
  restrained (C 30 instead of 10): +0.023 ± 0.002 best MCC on 72 small sets, +1 point of accuracy
  here. The entities of the lexicon as features: +1.2 points here; 9 real messages gained, 3 lost.
  The threshold at which a message is as likely out of scope as in it: on 60 small sets it is
  0.022 below the best MCC on average, on 3 % of them more than 0.05; with real messages for a
  test, on 24 sets, 0.019 and never more than 0.044. Thresholds picked for the best
  cross-validated MCC are off by 0.021 to 0.029, on 5 to 13 % of the sets by more than 0.05.
- **Not kept, no better.** Probability times cosine instead of their mean (+0.002 on the small
  sets, nothing here); the mean of the two or three nearest examples, or an intent's mean vector,
  instead of the nearest (-0.006 to 0); a learnt mix of probability and cosines (-0.005 to
  -0.014); the votes of neighbours beside the regression (+0.4 points here); kernels on the
  embedding (+1, most of it out of scope); letters up to 5, words up to 3 or 1 (-0.3 to 0); the
  descriptions of the intents as examples (+0.3), the sentences of the answers (-1).
- **Kept, once there were enough messages.** Tuning the encoder: on 4,100 of the first 5,200
  examples it gained 3 to 4 points on the rest, but -4 to +1 on real messages, for it learnt how
  those were written. On 9,100 others (`data/tuning`), with 10,100 examples for the classifier:
  88.4 to 92.1 % of the intents on a fold, 91 to 94 % recall out of scope, and of 203 real
  messages 90 % instead of 88 %.
- **Kept.** The means of the encoder's last two layers instead of the last alone: +0.2 points with
  the tuned one, +2 with the general one; four layers were no better and slower.
- **Kept.** With the tuned encoder the nearest example's cosine weighs four times as much as the
  regression's probability: +0.8 points in scope, +0.9 points out of it. With the general encoder
  on small sets that is worse (-0.05 best MCC), so one to one stays the default there.
- **Kept.** AdaGrad on batches of 256 instead of L-BFGS to the optimum: as right (94.5 and 94.2 %
  of the intents in scope on a fold, 0.641 and 0.642 best MCC on small sets), a tenth of the time.
- **Not kept.** A spelling corrector (SymSpell with an English dictionary and the examples' own
  words) before the encoder: it repairs "appointmnt" and breaks names, brands and other languages;
  0 to -0.1 points in scope, -1 out of it. The tuning messages as examples of the classifier, too:
  +0.4 points for twice the training.
- **What helped most.** More examples: of the first 5,200, with a fifth, two, three and four
  fifths of them, 61, 68, 72 and 75 % of the intents were right; with 10,100 examples, 88 %.
  Everyday forms that stood alone, and were therefore mistaken when left out, then got sisters
  (1,000 examples): +2 points here, nothing on the real messages."""


def write_page(report: dict[str, Any], outcomes: Sequence[Outcome], folder: Path) -> None:
    """Writes docs/nlu.md for a report whose own engine had these outcomes."""
    entities = report.get("entity_f1")
    wrong = Counter((o.truth, o.guess) for o in outcomes if o.truth != o.guess)
    share = Counter(o.truth for o in outcomes if o.truth == o.guess)
    total = Counter(o.truth for o in outcomes)
    hardest = sorted(total, key=lambda name: share[name] / total[name])[:10]
    text = PAGE.format(
        date=report["date"],
        folds=report["folds"],
        share=f"{report['folds'] - 1}/{report['folds']}",
        examples=f"{report['examples']:,}",
        intents=report["intents"],
        table=table(report["engines"]),
        remark=remark(report),
        entities=f"\n\nEntities: F1 {entities:.3f} over `tests/nlu/entities.yml`."
        if entities
        else "",
        threshold=f"{report['threshold']:.2f}",
        floors=", ".join(limits(report)),
        confusions="\n".join(f"| {a} | {b} | {n} |" for (a, b), n in wrong.most_common(15)),
        hardest=", ".join(f"{name} {share[name] / total[name]:.0%}" for name in hardest),
        tried=TRIED,
    )
    (folder / "nlu.md").write_text(text, encoding="utf-8")


def limits(report: dict[str, Any]) -> list[str]:
    """The floors and ceilings in words."""
    signs = [(report["floors"], "≥"), (report["ceilings"], "≤")]
    return [
        f"{MEASURES.get(name, 'F1 of the entities')} {sign} {limit:.1%}"
        for of_kind, sign in signs
        for name, limit in of_kind.items()
    ]


def remark(report: dict[str, Any]) -> str:
    """Says from when the default pipeline's column is, if it was not measured this time."""
    default = report["engines"].get("default")
    if default is None:
        return "Rasa's default pipeline was not measured."
    return (
        f"Rasa's default pipeline, trained for {default['epochs']} epochs, was measured on"
        f" {default['date']} with {default['examples']:,} examples, on {default['folds']} of the"
        " folds."
    )


def table(engines: dict[str, dict[str, Any]]) -> str:
    """The measures of all engines, side by side."""
    lines = ["| | " + " | ".join(TITLES[name] for name in engines) + " |"]
    lines.append("|---" * (len(engines) + 1) + "|")
    for measure, words in MEASURES.items():
        cells = [interval(engine[measure], measure) for engine in engines.values()]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    for measure, words in (
        ("ms_p50", "ms a message, p50"),
        ("ms_p99", "ms a message, p99"),
        ("training_seconds", "training, seconds"),
    ):
        cells = [f"{engine[measure]:.1f}" for engine in engines.values()]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def interval(figures: list[float], measure: str) -> str:
    """A figure with its interval, in percent unless it is an F1 or an error."""
    if measure in ("macro_f1", "calibration_error"):
        return "{:.3f} [{:.3f}, {:.3f}]".format(*figures)
    return "{:.1%} [{:.1%}, {:.1%}]".format(*figures)


def draw(outcomes: Sequence[Outcome], threshold: float, folder: Path) -> None:
    """Draws the confusion matrix and the histogram of confidences."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    names = sorted({outcome.truth for outcome in outcomes})
    places = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for outcome in outcomes:
        if outcome.guess in places:
            matrix[places[outcome.truth], places[outcome.guess]] += 1
    matrix /= np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(14, 13))
    picture = axes.imshow(np.sqrt(matrix), cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("predicted")
    axes.set_ylabel("meant")
    bar = figure.colorbar(picture, fraction=0.03, ticks=np.sqrt([0, 0.05, 0.25, 0.5, 1]))
    bar.ax.set_yticklabels(["0", "5 %", "25 %", "50 %", "100 %"])
    figure.tight_layout()
    figure.savefig(folder / "nlu-confusion.png", dpi=90, metadata={"Software": None})
    plt.close(figure)

    figure, axes = plt.subplots(figsize=(8, 4.5))
    groups = {
        "in scope, right": [o for o in outcomes if not is_outside(o.truth) and o.truth == o.guess],
        "in scope, wrong": [o for o in outcomes if not is_outside(o.truth) and o.truth != o.guess],
        "out of scope, taken for in scope": [
            o for o in outcomes if is_outside(o.truth) and not is_outside(o.guess)
        ],
    }
    axes.hist(
        [[o.confidence for o in group] for group in groups.values()],
        bins=np.linspace(0, 1, 41).tolist(),
        stacked=True,
        label=list(groups),
        color=["#4c78a8", "#f58518", "#b279a2"],
    )
    axes.axvline(threshold, color="black", linestyle="--", label="threshold")
    axes.set_xlabel("confidence")
    axes.set_ylabel("messages")
    axes.legend()
    figure.tight_layout()
    figure.savefig(folder / "nlu-confidence.png", dpi=90, metadata={"Software": None})
    plt.close(figure)
