"""A log line says what the source says, and never what it was filled with."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import datetime

import pytest
import structlog

from clinic.errors import ClinicError
from clinic.log_lines import log_format
from clinic.private_logs import keep_logs_private, log_from, log_level, own_log
from clinic.request_id import working_on

NAME, NUMBER = "Zebedee", 447700900531


@pytest.fixture(autouse=True)
def logging_as_it_was(monkeypatch):
    """Puts back what the tests change of the whole process."""
    processors = list(structlog.get_config()["processors"])
    factory, kept = logging.getLogRecordFactory(), structlog.get_config()
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    logging.setLogRecordFactory(logging.LogRecord)
    yield
    logging.captureWarnings(False)
    logging.setLogRecordFactory(factory)
    kept["processors"][:] = processors
    structlog.configure(**kept)


@pytest.fixture
def log(caplog):
    keep_logs_private("tests")
    caplog.set_level(logging.DEBUG)
    return logging.getLogger("some.library")


def test_what_a_line_is_filled_with_is_left_out(log, caplog):
    log.debug("Parsed %s", NAME)
    log.debug(f"Slots: {NAME!r} now")
    log.debug("Said {}".format(NAME))  # noqa: UP032
    assert caplog.messages == ["Parsed %s", "Slots: {NAME} now", "Said {}"]


def test_a_line_of_a_calls_own_making_is_named_by_its_place(log, caplog):
    line = "Visitor " + NAME
    log.warning(line)
    log.warning([NAME])
    assert all("said in" in message and NAME not in message for message in caplog.messages)
    assert "test_private_logs.py:" in caplog.messages[0]


def test_small_numbers_are_shown_and_those_that_may_be_telephones_are_not(log, caplog):
    log.info("took %d ms in %s", 12, None)
    log.info("called %d", NUMBER)
    assert caplog.messages == ["took 12 ms in None", "called %d"]


def test_an_error_says_its_kind_and_place_and_not_its_words(log, caplog):
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(f"no such {NAME}") from error
    except ValueError as error:
        log.exception("failed")
        log.error(error)
    assert NAME not in caplog.text
    assert "builtins.KeyError" in caplog.text
    assert "test_an_error_says_its_kind" in caplog.text
    assert caplog.messages[-1] == "builtins.ValueError"


def test_the_systems_own_errors_keep_their_words(log, caplog):
    log.error(OSError(98, "Address already in use"))
    assert "Address already in use" in caplog.text


def test_a_warning_is_logged_without_its_words(log, caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"odd text {NAME}", stacklevel=1)
    assert [record.name for record in caplog.records] == ["py.warnings"]
    assert NAME not in caplog.text


def test_of_a_structured_line_the_values_are_left_out(capsys):
    log_from("debug", "tests")
    line = structlog.get_logger()
    line.info("outbox.sent", kind="email", message=7, to=NAME, number=NUMBER)
    try:
        raise ValueError(NAME)
    except ValueError as error:
        line.exception("turn.failed")
        line.error("turn.failed", exc_info=error)
        line.error("turn.failed", exc_info=sys.exc_info())
    said = capsys.readouterr().out
    assert NAME not in said
    assert str(NUMBER) not in said
    assert "kind=email" in said
    assert "message=7" in said
    assert said.count("builtins.ValueError") == 3


def test_a_structured_line_keeps_its_words_in_the_standard_log(caplog):
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    keep_logs_private("tests")
    keep_logs_private("tests")
    structlog.get_logger().error("slots", slot_values={"name": NAME}, event_info=NAME)
    (said,) = caplog.messages
    assert NAME not in said
    assert '"event": "slots"' in said


def test_an_error_that_ends_the_process_is_printed_without_its_words(capsys):
    keep_logs_private("tests")
    sys.excepthook(ValueError, ValueError(NAME), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert capsys.readouterr().err == "builtins.ValueError\n"


def test_a_level_that_is_none_names_the_setting_and_the_fix():
    assert log_level("debug") == "DEBUG"
    with pytest.raises(ClinicError, match='LOG_LEVEL "loud": take one of DEBUG, INFO'):
        log_level("loud")


REQUEST = "3f2b8a52-3b0e-4f0e-9d8a-0a4f4c9d6c11"


@pytest.fixture
def in_json(monkeypatch):
    """The root's handlers, which the format changes, as they were."""
    monkeypatch.setenv("LOG_FORMAT", "json")
    before = {handler: handler.formatter for handler in logging.root.handlers}
    yield
    for handler in logging.root.handlers:
        handler.setFormatter(before.get(handler))


def test_in_json_each_line_of_ours_is_an_object_with_its_request(in_json, capsys):
    log_from("info", "worker")
    with working_on(REQUEST):
        structlog.get_logger().info("outbox.sent", outcome="done", milliseconds=12, to=NAME)
    structlog.get_logger().info("worker.idle")
    sent, idle = map(json.loads, capsys.readouterr().out.splitlines())
    assert datetime.fromisoformat(sent.pop("time")).tzinfo is not None
    assert sent == {
        "event": "outbox.sent",
        "outcome": "done",
        "milliseconds": 12,
        "to": "…",
        "request_id": REQUEST,
        "level": "info",
        "process": "worker",
    }
    assert "request_id" not in idle


def test_in_json_a_line_of_a_library_is_an_object_without_its_values(in_json, caplog):
    keep_logs_private("rasa")
    with working_on(REQUEST):
        try:
            raise ValueError(NAME)
        except ValueError:
            logging.getLogger("some.library").exception("Parsed %s", NAME)
        said = json.loads(caplog.handler.format(caplog.records[0]))
    assert NAME not in str(said)
    assert (said["event"], said["level"], said["process"]) == ("Parsed %s", "error", "rasa")
    assert said["request_id"] == REQUEST
    assert "builtins.ValueError" in said["exception"]


def test_a_process_whose_libraries_are_quiet_says_its_own(in_json, monkeypatch, capsys):
    own_log("rasa").info("turn", outcome="answered", text=NAME)
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    own_log("rasa").info("turn", outcome="unheard")
    said = json.loads(capsys.readouterr().out)
    assert (said["outcome"], said["text"]) == ("answered", "…")


def test_what_is_no_id_is_not_logged_as_one(in_json, capsys):
    with working_on(NAME):
        own_log("rasa").info("turn")
    assert "request_id" not in json.loads(capsys.readouterr().out)


def test_a_format_that_is_none_names_the_setting_and_the_fix(monkeypatch):
    assert (log_format("JSON"), log_format("text")) == ("json", "text")
    with pytest.raises(ClinicError, match='LOG_FORMAT "xml": take one of text, json'):
        log_format("xml")
