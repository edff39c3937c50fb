"""The domain as it is packed into a trained model: in a form that Rasa reads quickly."""

from __future__ import annotations

import json

from rasa.shared.constants import LATEST_TRAINING_DATA_FORMAT_VERSION
from rasa.shared.core.domain import KEY_TRAINING_DATA_FORMAT_VERSION, Domain


class PackedDomain(Domain):
    """Rasa's domain, which writes itself as JSON. All JSON is YAML.

    Rasa's YAML library looks at each plain word for what it may stand for (a number, a date),
    in a list that grows with every word. Our answers have thousands; quoted, as in JSON, words
    are not looked at. A start that took 9 s to read the domain takes 2, and a training that
    took 4 s to write it nearly nothing.
    """

    def merge(self, domain: Domain | None, override: bool = False) -> PackedDomain:
        """This domain with another's content, as `Domain.merge` does, and of this kind still."""
        merged = super().merge(domain, override)
        return merged if isinstance(merged, PackedDomain) else self.from_dict(merged.as_dict())

    def as_yaml(self) -> str:
        """The domain as JSON, for a file that Rasa reads as YAML."""
        data = {
            KEY_TRAINING_DATA_FORMAT_VERSION: LATEST_TRAINING_DATA_FORMAT_VERSION,
            **self.as_dict(),
        }
        return json.dumps(data, ensure_ascii=False, indent=1)
