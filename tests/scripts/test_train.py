"""The model is trained when what it is made of has changed, and not otherwise."""

from __future__ import annotations

import pytest

from scripts import train
from scripts.models import fault_of
from tests.scripts.test_models import write_model


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the sources of a model, and a model trained from them."""
    monkeypatch.chdir(tmp_path)
    for name in ("config.yml", "domain.yml", "uv.lock", "data/nlu/a.yml", "nlu/encoder.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (tmp_path / "models").mkdir()
    write_model(tmp_path / "models" / "1.tar.gz")
    (tmp_path / "models" / "trained-from.sha256").write_text(train.fingerprint())
    return tmp_path


def test_a_model_of_the_same_sources_is_up_to_date(project):
    assert train.up_to_date()


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/a.yml", "nlu/encoder.py", "data/new.yml"])
def test_a_changed_source_asks_for_training(project, name):
    (project / name).write_text("changed")
    assert not train.up_to_date()


def test_a_renamed_source_asks_for_training(project):
    (project / "data/nlu/a.yml").rename(project / "data/nlu/b.yml")
    assert not train.up_to_date()


def test_a_missing_model_asks_for_training(project):
    (project / "models" / "1.tar.gz").unlink()
    assert not train.up_to_date()


def test_a_broken_model_asks_for_training(project):
    model = project / "models" / "1.tar.gz"
    model.write_bytes(model.read_bytes()[:-20])
    assert not train.up_to_date()


def test_compiled_python_is_no_source(project):
    cache = project / "nlu" / "__pycache__"
    cache.mkdir()
    (cache / "encoder.pyc").write_text("bytes")
    assert train.up_to_date()


def test_a_failed_training_keeps_the_earlier_model_and_says_why(project, monkeypatch):
    (project / "config.yml").write_text("pipeline: [")
    monkeypatch.setattr(train.sys, "executable", "/bin/false")
    with pytest.raises(SystemExit, match="Training failed"):
        train.train()
    assert fault_of(project / "models" / "1.tar.gz") is None
    assert not train.up_to_date()
