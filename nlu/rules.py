"""Rasa's rules, looked up by the intent and the last action instead of one after the other."""

from __future__ import annotations

import warnings
from collections import defaultdict
from itertools import islice
from typing import Any

from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

# Rasa looks for RulePolicy itself among the policies, and does not know one made of it.
warnings.filterwarnings("ignore", "'RulePolicy' is not included", UserWarning)

Lookup = dict[str, str]
Found = tuple[str | None, str | None, bool]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class QuickRulePolicy(RulePolicy):
    """Rasa's RulePolicy, which predicts the same with less to look at.

    Rasa tries each of the rules on each state of the conversation so far, twice: for the words of
    the message, then for its intent. Here the last state says which rules come into question, and
    the conversation is looked at no further back than the longest of them goes. Rules go by
    intents; one that goes by words (Rasa's end-to-end training) is refused.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._indexes: dict[int, tuple[Lookup, _Index]] = {}

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """As RulePolicy. Raises InvalidRule for a rule that goes by words."""
        for tracker in training_trackers:
            if any(state.get(USER, {}).get(TEXT) for state in tracker.past_states(domain)):
                raise InvalidRule("A rule or story goes by what a visitor says: name its intent.")
        return super().train(training_trackers, domain, **kwargs)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        if use_text_for_last_user_input:
            return None, None, False
        found: Found = super()._find_action_from_rules(tracker, domain, False)
        return found

    def _prediction_states(
        self, tracker: DialogueStateTracker, domain: Domain, *given: Any, **named: Any
    ) -> list[State]:
        longest = max(self._index(lookup).longest for lookup in self._lookups())
        recent = _Recent(tracker, longest)
        states: list[State] = super()._prediction_states(recent, domain, *given, **named)
        return states

    def _get_possible_keys(self, lookup: Lookup, states: list[State]) -> set[str]:
        candidates = self._index(lookup).candidates(states[-1])
        possible: set[str] = super()._get_possible_keys(candidates, states)
        return possible

    def _lookups(self) -> list[Lookup]:
        return [lookup for lookup in self.lookup.values() if isinstance(lookup, dict)]

    def _index(self, lookup: Lookup) -> _Index:
        if id(lookup) not in self._indexes:
            rules = {key: self._rule_key_to_state(key) for key in lookup}
            self._indexes[id(lookup)] = lookup, _Index(lookup, rules)
        return self._indexes[id(lookup)][1]


class _Index:
    """Rules by the last action and the intent that their last state asks for."""

    def __init__(self, lookup: Lookup, rules: dict[str, list[State]]) -> None:
        self.longest = max(map(len, rules.values()), default=0) + 1
        self._lookup = lookup
        self._kept: dict[tuple[str | None, str | None], Lookup] = {}
        self._rules: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for key, states in rules.items():
            self._rules[_asks_for(states[-1])].append(key)

    def candidates(self, state: State) -> Lookup:
        """The rules that may hold in a state: those for its action and intent, or any intent."""
        action, intent = _asks_for(state)
        if action is None:
            return self._lookup
        if (action, intent) not in self._kept:
            keys = {*self._rules.get((action, intent), ()), *self._rules.get((action, None), ())}
            self._kept[action, intent] = {key: self._lookup[key] for key in keys}
        return self._kept[action, intent]


class _Recent:
    """The last so many states of a conversation, as a policy asks a tracker for its states."""

    def __init__(self, tracker: DialogueStateTracker, most: int) -> None:
        self._tracker, self._most = tracker, most

    def past_states(self, domain: Domain, **_: Any) -> list[State]:
        applied = self._tracker.applied_events()
        states = sum(isinstance(event, ActionExecuted) for event in applied) + 1
        earlier = self._tracker.generate_all_prior_trackers()
        recent = islice(earlier, max(states - self._most, 0), None)
        return [domain.get_active_state(tracker) for tracker, _ in recent]


def _asks_for(state: State) -> tuple[str | None, str | None]:
    action = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
    return action or None, state.get(USER, {}).get(INTENT) or None
