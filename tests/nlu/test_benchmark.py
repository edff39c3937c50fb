"""The benchmark for any data set, and the measures and pages of the report."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import f1_score, matthews_corrcoef

from nlu import report
from nlu.benchmark import DataError, main, measure, read_csv, training_rows
from nlu.examples import read_examples
from nlu.intent_model import Prediction
from nlu.report_engines import OwnEngine, cross_validate, rasa_examples, read_parse
from nlu.report_measures import (
    MEASURES,
    OUT_OF_SCOPE,
    Outcome,
    best_threshold,
    calibration_error,
    is_outside,
    mcc_at,
    mcc_curve,
)
from nlu.report_measures import measure as measure_outcomes
from nlu.report_page import draw, write_page

TRAIN = "sentence,label\n" + "".join(
    f"{text},{label}\n"
    for label, texts in {
        "hours": ["when are you open", "opening hours", "are you open on sunday"],
        "prices": ["how much is it", "what does it cost", "price for ten"],
        "greet": ["hello", "hi there", "good morning"],
    }.items()
    for text in texts
)
TEST = f"sentence,label\nare you open,hours\nhow much,prices\nzxqv,{OUT_OF_SCOPE}\n"


@pytest.fixture
def csv(tmp_path):
    """Writes a file for the benchmark."""

    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# --- the command ---------------------------------------------------------------


@pytest.mark.parametrize("encoder", [[], ["--no-encoder"]], ids=["encoder", "no encoder"])
def test_it_prints_one_json_object(csv, capsys, encoder):
    train, test = csv(TRAIN, "train.csv"), csv(TEST, "test.csv")
    assert main(["--train", str(train), "--test", str(test), *encoder]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {
        "train", "test", "accuracy", "in_scope_accuracy", "in_scope_accuracy_without_threshold",
        "out_of_scope_recall", "mcc", "best_mcc", "threshold", "best_threshold", "ms_p50", "ms_p99",
        "training_seconds", "encoder",
    }  # fmt: skip
    assert found["in_scope_accuracy_without_threshold"] == 1
    assert found["best_mcc"] >= found["mcc"]
    assert found["encoder"] is (not encoder)


def test_it_starts_without_rasa():
    code = (
        "import sys, nlu.benchmark; print(any(m.partition('.')[0] == 'rasa' for m in sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_a_test_file_with_nothing_out_of_scope_has_no_recall(csv, capsys):
    train, test = csv(TRAIN, "train.csv"), csv("sentence,label\nopen,hours\n", "test.csv")
    main(["--train", str(train), "--test", str(test), "--no-encoder"])
    assert json.loads(capsys.readouterr().out)["out_of_scope_recall"] is None


def test_an_empty_sentence_to_test_counts_as_not_understood(csv, capsys):
    train = csv(TRAIN, "train.csv")
    test = csv(f"sentence,label\n,{OUT_OF_SCOPE}\n,hours\nopen,hours\n", "test.csv")
    assert main(["--train", str(train), "--test", str(test), "--no-encoder"]) == 0
    assert json.loads(capsys.readouterr().out)["out_of_scope_recall"] == 1


def test_an_error_ends_the_command_in_words(csv, capsys, tmp_path):
    assert main(["--train", str(tmp_path / "none.csv"), "--test", str(csv(TEST))]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "none.csv: cannot be read" in shown.err
    assert "Traceback" not in shown.err


# --- the files -----------------------------------------------------------------

ROWS = [("are you open", "hours"), ("hi, you", "greet")]


@pytest.mark.parametrize(
    "content",
    [
        'sentence,label\nare you open,hours\n"hi, you",greet\n',
        '\ufeffsentence,label\nare you open,hours\n"hi, you",greet\n',
        'label,sentence\nhours,are you open\ngreet,"hi, you"\n',
        'id, Sentence ,LABEL\n1,are you open,hours\n2,"hi, you",greet\n',
        'sentence,label\r\nare you open,hours\r\n"hi, you",greet\r\n',
        'sentence,label\n\nare you open , hours\n"hi, you",greet',
        'sentence,label\n"are you\0 open",hours\n"hi, you",greet',
    ],
    ids=["plain", "BOM", "order", "more columns", "CRLF", "blanks", "null bytes"],
)
def test_a_csv_is_read_however_it_was_saved(csv, content):
    assert read_csv(csv(content)) == ROWS


def test_a_sentence_may_hold_line_ends(csv):
    assert read_csv(csv('sentence,label\n"one\ntwo",greet\n')) == [("one\ntwo", "greet")]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_bytes_that_are_not_utf8_are_read_with_a_warning(csv, capsys, start):
    content = start + "sentence,label\ncafé,hours\n".encode() + "voilà,greet\n".encode("cp1252")
    assert read_csv(csv(content)) == [("café", "hours"), ("voilà", "greet")]
    assert "data.csv: line 3 is not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text,label\na,b\n", "column 'sentence' is missing (found: 'text', 'label')"),
        ("sentences,label\na,b\n", "rename 'sentences' to 'sentence'"),
        ("sentence;label\na;b\n", "separate the columns by commas"),
        ("", "found: none"),
        ("sentence,label\n", "has no rows"),
        ("sentence,label\na,b\nc,\n", "line 3: column 'label' is empty"),
        ("sentence,label\na\n", "line 2: column 'label' is empty"),
        (f"sentence,label\n{'a' * 200_000},b\n", "save it as comma-separated CSV"),
    ],
)
def test_a_csv_that_cannot_be_read_says_what_to_do(csv, content, words):
    with pytest.raises(DataError) as error:
        read_csv(csv(content))
    assert words in str(error.value)
    assert "data.csv" in str(error.value)


def test_what_cannot_be_learnt_is_left_out_and_said(csv, capsys):
    path = csv("")
    rows = [("a", "x"), ("", "x"), ("b", "y"), ("c", OUT_OF_SCOPE)]
    assert training_rows(rows, path) == [("a", "x"), ("b", "y")]
    shown = capsys.readouterr().err
    assert "1 empty" in shown
    assert OUT_OF_SCOPE in shown


def test_training_needs_two_intents(csv):
    with pytest.raises(DataError, match="at least two intents"):
        training_rows([("a", "x"), ("b", "x")], csv(""))


# --- the measures --------------------------------------------------------------


def test_the_mcc_is_scikit_learns_at_every_threshold():
    random = np.random.default_rng(0)
    names = ["a", "b", "c"]
    truth = [*random.choice([*names, OUT_OF_SCOPE], 200)]
    predicted = [t if t in names and random.random() < 0.7 else random.choice(names) for t in truth]
    confidence = random.uniform(0, 1, 200).round(2)
    curve = mcc_curve(truth, predicted, confidence)
    for threshold in (*np.linspace(0, 1, 23), 0.5, 0.25, 1.01):
        final = [
            p if c >= threshold else OUT_OF_SCOPE
            for p, c in zip(predicted, confidence, strict=True)
        ]
        assert mcc_at(threshold, curve) == pytest.approx(matthews_corrcoef(truth, final), abs=1e-9)


def test_the_best_threshold_has_the_best_mcc():
    truth, predicted = ["a", "b", "b", OUT_OF_SCOPE], ["a", "b", "a", "b"]
    curve = mcc_curve(truth, predicted, [0.9, 0.8, 0.6, 0.2])
    assert best_threshold(curve) == pytest.approx(0.4)
    assert mcc_at(best_threshold(curve), curve) == curve[1].max()


def test_with_nothing_out_of_scope_the_best_threshold_rejects_nothing():
    curve = mcc_curve(["a", "b"], ["a", "b"], [0.9, 0.8])
    assert best_threshold(curve) < 0.8


def test_weights_count_as_copies():
    truth, predicted, confidence = ["a", "b", OUT_OF_SCOPE], ["a", "a", "b"], [0.9, 0.5, 0.2]
    copied = mcc_curve([*truth, "a"], [*predicted, "a"], [*confidence, 0.9])
    weighted = mcc_curve(truth, predicted, confidence, np.array([2.0, 1.0, 1.0]))
    for threshold in (0.0, 0.3, 0.6, 1.0):
        assert mcc_at(threshold, weighted) == pytest.approx(mcc_at(threshold, copied))


@pytest.mark.parametrize(
    ("label", "outside"),
    [(OUT_OF_SCOPE, True), ("out_of_scope/abuse", True), ("out_of_scope", True), ("faq/a", False)],
)
def test_labels_tell_what_is_out_of_scope(label, outside):
    assert is_outside(label) is outside


def test_the_benchmark_counts_rejections_as_out_of_scope():
    predictions = [
        Prediction([("a", 0.9)], 0.5),
        Prediction([("a", 0.2)], 0.5),
        Prediction([("b", 0.4)], 0.5),
        Prediction([], 0.5),
    ]
    found = measure(["a", "a", OUT_OF_SCOPE, OUT_OF_SCOPE], predictions, threshold=0.5)
    assert found["accuracy"] == 0.75
    assert found["in_scope_accuracy"] == 0.5
    assert found["in_scope_accuracy_without_threshold"] == 1
    assert found["out_of_scope_recall"] == 1


OUTCOMES = [
    *[Outcome("faq/a", "faq/a", 0.9, True)] * 6,
    *[Outcome("faq/a", "faq/b", 0.6, True)] * 2,
    *[Outcome("faq/b", "faq/b", 0.3, False)] * 1,
    *[Outcome("faq/b", "out_of_scope/x", 0.8, True)] * 1,
    *[Outcome("out_of_scope/x", "out_of_scope/y", 0.8, True)] * 3,
    *[Outcome("out_of_scope/y", "faq/a", 0.2, False)] * 1,
    *[Outcome("out_of_scope/y", "faq/a", 0.7, True)] * 1,
]


def test_the_measures_mean_what_the_report_says():
    found = {name: figure[0] for name, figure in measure_outcomes(OUTCOMES, draws=20).items()}
    assert set(found) == set(MEASURES)
    assert found["intent_accuracy"] == pytest.approx(7 / 15, abs=1e-4)
    assert found["in_scope_accuracy"] == 0.6
    assert found["in_scope_guess"] == 0.7
    assert found["right_when_answered"] == 0.75
    assert found["false_rejection"] == 0.2
    assert found["out_of_scope_recall"] == 0.8
    pairs = zip(*[(o.truth, o.guess) for o in OUTCOMES], strict=True)
    assert found["macro_f1"] == pytest.approx(f1_score(*pairs, average="macro"), abs=1e-4)


def test_every_measure_lies_in_its_interval():
    for value, low, high in measure_outcomes(OUTCOMES, draws=200).values():
        assert low <= value <= high


def test_the_calibration_error_is_zero_for_an_honest_confidence():
    confidence = np.full(10, 0.8)
    assert calibration_error(confidence, np.arange(10) < 8) == pytest.approx(0)
    assert calibration_error(confidence, np.arange(10) < 3) == pytest.approx(0.5)


# --- the report ----------------------------------------------------------------


def test_examples_are_read_without_their_annotations(tmp_path):
    (tmp_path / "a.yml").write_text(
        'nlu:\n- intent: faq/a\n  examples: |\n    - does [cryo](treatment) hurt\n    - "hi"\n'
        '    - [acid]{"entity": "ingredient"} ok\n    - does [cryo](treatment) hurt\n'
        "- synonym: x\n  examples: |\n    - y\n",
        encoding="utf-8",
    )
    assert [text for text, _ in read_examples(tmp_path)] == ["does cryo hurt", '"hi"', "acid ok"]


def test_a_folder_without_examples_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no training examples"):
        read_examples(tmp_path)


def test_examples_are_written_for_rasa_as_they_are_read(tmp_path):
    examples = [("does it hurt: yes?", "faq/pain"), ("hello # you", "greet")]
    (tmp_path / "nlu.yml").write_text(rasa_examples(examples), encoding="utf-8")
    assert read_examples(tmp_path) == examples


def test_every_example_is_predicted_once_by_a_model_without_it():
    examples = [(f"{word} {number}", word) for word in ("open", "cost") for number in range(10)]
    trial = cross_validate(OwnEngine(encoder=False), examples, 5, progress=lambda what: None)
    assert sorted(o.truth for o in trial.outcomes) == sorted(intent for _, intent in examples)
    assert len(trial.milliseconds) == 20
    assert all(outcome.truth == outcome.guess for outcome in trial.outcomes)


@pytest.mark.parametrize(
    ("ranking", "understood"),
    [
        ([("nlu_fallback", 0.3), ("faq", 0.5)], ("faq/a", 0.4, False)),
        ([("faq", 0.5), ("greet", 0.1)], ("faq/a", 0.4, True)),
        ([("greet", 0.7)], ("greet", 0.7, True)),
    ],
)
def test_the_full_intent_is_found_in_what_rasa_says(ranking, understood):
    intents = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    answers = [
        {"intent_response_key": "out_of_scope/x", "confidence": 0.9},
        {"intent_response_key": "faq/a", "confidence": 0.8},
    ]
    selection = {"all_retrieval_intents": ["faq", "out_of_scope"], "default": {"ranking": answers}}
    parsed = {"intent": intents[0], "intent_ranking": intents, "response_selector": selection}
    assert read_parse(parsed) == understood


def engine(accuracy):
    timing = {"ms_p50": 1.0, "ms_p99": 2.0, "training_seconds": 3.0}
    return {name: [accuracy, accuracy - 0.01, accuracy + 0.01] for name in MEASURES} | timing


def whole_report(accuracy=0.9):
    default = engine(0.5) | {"date": "2026-01-01", "examples": 10, "epochs": 100, "folds": 5}
    return {
        "date": "2026-02-02", "examples": 15, "intents": 4, "folds": 5, "threshold": 0.5,
        "entity_f1": 0.99, "floors": report.FLOORS, "ceilings": report.CEILINGS,
        "engines": {"own": engine(accuracy), "sparse": engine(0.6), "default": default},
    }  # fmt: skip


def test_the_page_shows_the_engines_side_by_side(tmp_path):
    write_page(whole_report(), OUTCOMES, tmp_path)
    page = (tmp_path / "nlu.md").read_text(encoding="utf-8")
    assert "| | this engine | words and letters only | Rasa's default |" in page
    assert "| right intent | 90.0% [89.0%, 91.0%] | 60.0%" in page
    assert "| faq/a | faq/b | 2 |" in page
    assert "F1 0.990" in page
    assert "measured on 2026-01-01 with 10 examples" in page


def test_a_page_without_the_default_pipeline_says_so(tmp_path):
    found = whole_report()
    del found["engines"]["default"]
    write_page(found, OUTCOMES, tmp_path)
    page = (tmp_path / "nlu.md").read_text(encoding="utf-8")
    assert "Rasa's default pipeline was not measured." in page


def test_the_pictures_are_drawn(tmp_path):
    draw(OUTCOMES, 0.5, tmp_path)
    for name in ("nlu-confusion.png", "nlu-confidence.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_changes_against_the_committed_report_are_listed():
    lines = report.changes(whole_report(0.8), whole_report(0.9))
    assert "own: in_scope_accuracy 0.800 -> 0.900 (+0.100)" in lines
    assert not any(line.startswith("sparse") for line in lines)
    assert report.changes(whole_report(), whole_report()) == ["Nothing changed."]
    assert report.changes({}, whole_report()) == ["No report was committed before this one."]


GOOD = dict.fromkeys(report.FLOORS, 0.99) | dict.fromkeys(report.CEILINGS, 0.01)


@pytest.mark.parametrize("missed", [{}, {"macro_f1": 0.5}, {"calibration_error": 0.2}])
def test_the_check_fails_below_a_floor_or_above_a_ceiling(missed, capsys):
    assert report.check(GOOD | missed) == int(bool(missed))
    assert ("MISSED" in capsys.readouterr().out) is bool(missed)


def test_entities_are_measured_over_the_collection():
    assert report.entity_f1() > 0.9


def test_ages_within_two_days_are_the_same():
    assert report.same_entity(("age", 21.0), ("age", 21.9))
    assert not report.same_entity(("age", 21.0), ("age", 24.0))
    assert not report.same_entity(("condition", "milia"), ("condition", "acne"))
