"""The entity extractor as a component of Rasa: trained, packed, loaded, and what it adds."""

from __future__ import annotations

import json

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.data import get_data_files, is_config_file, is_nlu_file
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.entities import LEXICON_FILE, LexiconEntityExtractor


@pytest.fixture
def rasa_graph(tmp_path):
    """What Rasa gives its components: a storage, a resource, a context."""
    return (
        LocalModelStorage.create(tmp_path),
        Resource("entities"),
        ExecutionContext(GraphSchema({})),
    )


def test_component_trains_persists_and_finds_elsewhere(rasa_graph, tmp_path, monkeypatch):
    config = LexiconEntityExtractor.get_default_config()
    LexiconEntityExtractor.create(config, *rasa_graph).train(TrainingData())
    with rasa_graph[0].read_from(rasa_graph[1]) as directory:
        assert [path.name for path in directory.iterdir()] == [LEXICON_FILE]
        json.loads((directory / LEXICON_FILE).read_text(encoding="utf-8"))

    monkeypatch.chdir(tmp_path)  # no lexicon here: the model has it
    loaded = LexiconEntityExtractor.load(config, *rasa_graph)
    earlier = {"entity": "topic", "value": "causes", "start": 0, "end": 5}
    message = Message({"text": "millia on my 3wk old", "entities": [earlier]})
    loaded.process([message, Message({"intent": "greet"})])
    assert message.get("entities") == [
        earlier,
        {"entity": "condition", "value": "milia", "start": 0, "end": 6,
         "confidence_entity": 0.9, "extractor": "LexiconEntityExtractor"},
        {"entity": "age", "value": 0.6899, "start": 13, "end": 20,
         "confidence_entity": 1.0, "extractor": "LexiconEntityExtractor"},
        {"entity": "patient", "value": "baby", "start": 13, "end": 20,
         "confidence_entity": 1.0, "extractor": "LexiconEntityExtractor"},
    ]  # fmt: skip

    examples = TrainingData([Message({"text": "cryo"})])
    (example,) = loaded.process_training_data(examples).training_examples
    assert example.get("entities")[0]["value"] == "cryotherapy"


def test_component_trains_anew_when_the_lexicon_changes(tmp_path):
    lexicon = tmp_path / "lexicon.yml"
    lexicon.write_text("lexicon: {condition: {milia: [milia]}}", encoding="utf-8")
    before = LexiconEntityExtractor.fingerprint_addon({"lexicon": str(lexicon)})
    lexicon.write_text("lexicon: {condition: {milia: [milium]}}", encoding="utf-8")
    assert LexiconEntityExtractor.fingerprint_addon({"lexicon": str(lexicon)}) != before


def test_component_untrained_says_what_to_do(rasa_graph):
    component = LexiconEntityExtractor.create({}, *rasa_graph)
    with pytest.raises(RuntimeError, match="make train"):
        component.process([Message({"text": "milia"})])


def test_rasa_takes_the_lexicon_for_none_of_its_own_files():
    path = "data/lexicon/milia.yml"
    assert not is_nlu_file(path)
    assert not is_config_file(path)
    assert not YAMLStoryReader.is_stories_file(path)
    assert not Domain.is_domain_file(path)
    assert get_data_files(["data/lexicon"], is_nlu_file) == []
