"""What Rasa is given to train on: the answers as this clinic will say them."""

from __future__ import annotations

import pytest

from nlu.importer import RetrievalIntentImporter

ANSWERS = """
version: "3.1"
responses:
  utter_faq/types:
    - condition:
        - {type: slot, name: patient, value: [baby, child]}
      text: Which colour?
      metadata: {sources: [a], more: "Ask your mum."}
    - text: Any colour.
"""


@pytest.fixture
def responses(tmp_path, monkeypatch):
    """Gives the responses of a clinic that spells as it is told."""
    file = tmp_path / "types.yml"
    file.write_text(ANSWERS)

    def read(spelling):
        clinic = tmp_path / "clinic.yml"
        clinic.write_text(f"spelling: {spelling}\n")
        monkeypatch.setenv("CLINIC_FILE", str(clinic))
        importer = RetrievalIntentImporter(training_data_paths=[str(file)])
        return importer.get_nlu_data().responses["utter_faq/types"]

    return read


def test_the_answers_come_with_one_value_a_condition(responses):
    values = [one["condition"][0]["value"] for one in responses("UK") if "condition" in one]
    assert values == ["baby", "child"]


def test_the_answers_come_in_the_clinics_spelling(responses):
    assert [one["text"] for one in responses("UK")] == [
        *("Which colour?", "Which colour?", "Any colour.")
    ]
    american = responses("US")
    assert [one["text"] for one in american] == ["Which color?", "Which color?", "Any color."]
    assert american[0]["metadata"]["more"] == "Ask your mom."
