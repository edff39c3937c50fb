"""The domain in a trained model: what Rasa would write, in a form that is read quickly."""

from __future__ import annotations

from rasa.shared.core.domain import Domain

from nlu.domain import PackedDomain

DOMAIN = """
version: "3.1"
intents: [greet, faq]
slots:
  patient: {type: text, mappings: [{type: custom}]}
responses:
  utter_greet:
    - text: "Hi 👋 \\"you\\" — café, 10:30\\nOn two lines\\\\"
      buttons: [{title: "yes", payload: "no"}]
    - text: "1e3"
"""


def test_rasa_reads_the_same_domain_from_it():
    packed = PackedDomain.from_yaml(DOMAIN)
    assert Domain.from_yaml(packed.as_yaml()).as_dict() == Domain.from_yaml(DOMAIN).as_dict()


def test_a_domain_all_in_ascii_is_read_the_same_too():
    plain = DOMAIN.replace("👋", "").replace("—", "-").replace("é", "e")
    packed = PackedDomain.from_yaml(plain)
    assert Domain.from_yaml(packed.as_yaml()).as_dict() == Domain.from_yaml(plain).as_dict()


def test_merged_with_another_it_stays_packed():
    other = Domain.from_dict({"intents": ["bye"]})
    merged = PackedDomain.from_yaml(DOMAIN).merge(other)
    assert isinstance(merged, PackedDomain)
    assert {"greet", "faq", "bye"} <= set(merged.intents)
