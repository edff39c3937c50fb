"""``python -m insights`` writes var/insights/: index.html, and examples.yml to learn from."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from channels.message_log import MessageLog, MessageLogError
from clinic.conversations import Conversations
from clinic.errors import ClinicError
from clinic.profile import load_clinic
from clinic.storage import messages_beside, open_storage
from insights.asked import asked
from insights.figures import figures
from insights.likeness import as_examples, not_understood
from insights.page import page
from insights.redacting import known_words, redacting
from nlu.encoder import TUNED, SentenceEncoder

FOLDER = Path("var/insights")


def write(folder: Path, now: datetime) -> None:
    """Reads what the databases of the environment hold, and writes the page and the examples.

    Raises ClinicError or MessageLogError, naming the setting.
    """
    clinic = load_clinic(os.environ.get("CLINIC_FILE", "clinic.yml"))
    messages_url = os.environ.get("MESSAGES_URL") or messages_beside(
        os.environ.get("DATABASE_URL", "")
    )
    ratings = MessageLog(messages_url).rated()
    redact = redacting(known_words())
    questions = list(asked(Conversations(), redact))
    groups = not_understood(questions, SentenceEncoder(TUNED).encode)
    counted = figures(questions, ratings, open_storage(), clinic)
    # What visitors wrote, redacted or not, is for the clinic's people alone.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = page(counted, groups, ratings, clinic, now, redact)
    (folder / "index.html").write_text(written, encoding="utf-8")
    (folder / "examples.yml").write_text(as_examples(groups), encoding="utf-8")


def main() -> None:
    """Writes them, and says where; a wrong setting ends it with the setting's name and the fix."""
    parser = argparse.ArgumentParser(prog="python -m insights", description=__doc__)
    parser.add_argument("--into", type=Path, default=FOLDER, help="the folder (var/insights)")
    given = parser.parse_args()
    try:
        write(given.into, datetime.now(UTC))
    except (ClinicError, MessageLogError) as error:
        sys.exit(f"insights: {error}")
    print(f"Open {given.into / 'index.html'} in a browser; read {given.into / 'examples.yml'}.")


if __name__ == "__main__":
    main()
