"""The benchmark that anyone can run on a data set of their own."""

from __future__ import annotations

import csv
import json

import pytest

from nlu import benchmark
from tests.nlu.test_intent_model import LABELS, TEXTS


@pytest.fixture
def files(tmp_path):
    """A training and a test file; what stands in them can be given."""

    def write(name, rows, columns=("sentence", "label"), encoding="utf-8"):
        path = tmp_path / name
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file).writerows([columns, *rows])
        return str(path)

    train = write("train.csv", zip(TEXTS, LABELS, strict=True))
    test = write(
        "test.csv",
        [("how much will it cost", "prices"), ("zebra violin", "NO_NODES_DETECTED"), ("", "hours")],
        encoding="utf-8-sig",
    )
    return train, test, write


def run(train, test):
    return benchmark.main(["--train", train, "--test", test, "--no-encoder"])


def test_it_prints_one_json_object_of_figures(files, capsys):
    train, test, _ = files
    assert run(train, test) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"accuracy"} <= figures.keys()
    text = json.dumps(figures)
    for figure in ("mcc", "out_of_scope", "threshold", "ms"):
        assert figure in text


@pytest.mark.parametrize(
    ("columns", "words"), [(("sentnce", "label"), "sentence"), (("sentence", "intent"), "label")]
)
def test_a_missing_column_is_named_with_its_file(files, capsys, columns, words):
    train, _, write = files
    assert run(train, write("wrong.csv", [("a", "b")], columns)) == 1
    error = capsys.readouterr().err
    assert "wrong.csv" in error
    assert words in error


def test_a_missing_file_is_named(files, capsys):
    train, _, _ = files
    assert run(train, "no-such.csv") == 1
    assert "no-such.csv" in capsys.readouterr().err
