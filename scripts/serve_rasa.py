"""Runs Rasa with the newest whole model: ``python -m scripts.serve_rasa [--model FOLDER] …``.

All else is handed on to ``rasa run``. Left to itself, Rasa takes the newest file whatever state it
is in, and serves without a model where it cannot read that.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.models import MODELS, NoModel, to_serve
from scripts.quietly import become


def main() -> None:
    """Says which models are broken, then becomes Rasa."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--model", type=Path, default=MODELS)
    known, others = parser.parse_known_args()
    try:
        model, complaints = to_serve(known.model)
    except NoModel as error:
        sys.exit(f"rasa: {error}")
    for complaint in complaints:
        print(f"rasa: {complaint} Until then {model} is served.", flush=True)
    become("rasa", "run", "--model", str(model), *others)


if __name__ == "__main__":
    main()
