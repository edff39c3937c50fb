"""`python -m insights` on databases that were really written to."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from clinic.conversations import Conversations
from clinic.profile import load_clinic
from insights.__main__ import write
from insights.asked import asked
from insights.figures import by_hour
from insights.likeness import as_examples, not_understood
from insights.redacting import known_words, redacting
from nlu.encoder import TUNED, SentenceEncoder
from tests.insights.conftest import AT_NIGHT, OPEN, user

REDACT = redacting(known_words())


def groups():
    return not_understood(list(asked(Conversations(), REDACT)), SentenceEncoder(TUNED).encode)


def test_empty_databases_give_a_page_that_says_so(databases, tmp_path):
    write(tmp_path / "insights", OPEN)
    page = (tmp_path / "insights/index.html").read_text()
    assert "There is nothing yet" in page
    assert "<img" not in page
    examples = (tmp_path / "insights/examples.yml").read_text()
    assert RasaYAMLReader().reads(examples).intent_examples == []


def test_the_page_has_every_plot_in_it_and_says_how_much_came_after_hours(a_week, tmp_path):
    write(tmp_path / "insights", AT_NIGHT)
    page = (tmp_path / "insights/index.html").read_text()
    assert page.count('src="data:image/png;base64,') == 4
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "3 appointments were booked, 67 % of them after hours" in page
    assert "6 messages" in page
    assert "33 % of all messages came after hours" in page
    assert "treatment_pain: “my son … cried”" in page


def test_nobody_is_in_what_is_written_nor_what_a_form_was_told(a_week, tmp_path):
    write(tmp_path / "insights", AT_NIGHT)
    written = "".join(file.read_text() for file in (tmp_path / "insights").iterdir()).lower()
    words = ("zebedee", "quillfeather", "900531", "z@example", "marzipan")
    assert [word for word in words if word in written] == []
    assert "goose" in written
    assert (tmp_path / "insights").stat().st_mode & 0o077 == 0


def test_what_is_alike_and_was_not_understood_stands_together(a_week):
    found = {frozenset(group.texts): group.guess for group in groups()}
    lasers = frozenset({"can u zap them wiv a laser thing", "can you zap them with a laser"})
    assert found[lasers] == "faq/treatment_options"
    assert found[frozenset({"do you sell bicycles"})] == "out_of_scope/unrelated"
    assert len(found) == 3


def test_rasa_reads_the_examples_as_training_data(a_week):
    read = RasaYAMLReader().reads(as_examples(groups())).intent_examples
    assert ("can you zap them with a laser", "faq/treatment_options") in {
        (
            one.get("text"),
            one.get("intent_response_key") or one.get("full_retrieval_intent") or one.get("intent"),
        )
        for one in read
    }
    assert len(read) == 4


def test_a_text_with_markup_is_no_markup_in_the_examples(conversations):
    conversations(one=[user("- is [this](condition)\n- intent: x", "nlu_fallback", 0.1)])
    (example,) = RasaYAMLReader().reads(as_examples(groups())).intent_examples
    assert example.get("entities") in (None, [])
    assert "this" in example.get("text")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my name is asha patel and i have spots", "my name is … and i have spots"),
        ("call me on +44 7700 900 531 please", "call me on … please"),
        ("mail asha.patel@example.org", "mail …"),
        ("my booking is MS-7K4QP", "my booking is …"),
        ("Are they milia? My son Zebedee has them", "Are they milia? My son … has them"),
        ("see www.example.org/asha", "see …"),
        ("she is 3 weeks old", "she is 3 weeks old"),
    ],
)
def test_what_may_name_somebody_is_taken_out(said, kept):
    assert REDACT(said) == kept


def test_hours_are_the_clinics_own():
    hours = by_hour([OPEN.replace(month=7, day=20), AT_NIGHT], load_clinic())
    assert dict(hours.open) == {11: 1}  # British Summer Time
    assert dict(hours.closed) == {23: 1}


def test_the_command_says_where_it_wrote_and_names_a_wrong_setting(databases, tmp_path):
    command = [sys.executable, "-m", "insights", "--into", str(tmp_path / "here")]
    assert "here/index.html" in subprocess.check_output(command, text=True)
    assert Path(tmp_path / "here/index.html").is_file()


def test_a_wrong_setting_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MESSAGES_URL", "nowhere")
    command = [sys.executable, "-m", "insights", "--into", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("insights: MESSAGES_URL")
