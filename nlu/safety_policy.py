"""What happens after an alarm: the card first, whatever else was going on."""

from __future__ import annotations

from typing import Any

from rasa.core.constants import POLICY_PRIORITY
from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import (
    ACTION_DEACTIVATE_LOOP_NAME,
    ACTION_LISTEN_NAME,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message  # noqa: F401 (Rasa resolves it)

from nlu.red_flags import LOW_SPIRITS

CARDS = {"urgent": "utter_urgent", "distress": "utter_distress"}
KINDS = {"urgent": "red_flag", "distress": "distress"}
KIND_WORDS = "utter_low_spirits"
FORM_WAITS = "utter_form_waits"
FORM_LEFT = "utter_form_left"
WAITING_FORM = "waiting_form"
ABOVE_ALL = 100


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class SafetyPolicy(Policy):
    """Answers ``urgent`` and ``distress`` before anything else can, and without any server.

    Rasa's RulePolicy lets a form have each message first, and a form asks the action server
    what it makes of it: with that down, an alarm in the middle of a booking would go
    unanswered. This policy outranks it. It says the card, an ordinary response; then a form
    that was under way is put aside, what was given for it is kept, and the visitor is asked
    whether to go on with it. It holds for every form, those yet to be written as well.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Its rank, above all of Rasa's own policies."""
        return {POLICY_PRIORITY: ABOVE_ALL}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """The policy; it learns nothing, so nothing is read."""
        return cls(config, model_storage, resource, execution_context)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Learns nothing."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """What comes next after an alarm, in low spirits, or about a form that waits."""
        message = tracker.latest_message
        intent = message.intent.get("name") if message else None
        done = tracker.latest_action_name or ACTION_LISTEN_NAME
        if intent in CARDS:
            return self._after_alarm(intent, done, tracker, domain)
        low = LOW_SPIRITS in tracker.get_latest_entity_values(KINDS["distress"])
        if low and not tracker.active_loop_name:
            answered = done != ACTION_LISTEN_NAME
            return self._next(ACTION_LISTEN_NAME if answered else KIND_WORDS, domain)
        if tracker.get_slot(WAITING_FORM):
            return self._about_waiting_form(intent, done, tracker, domain)
        return self._prediction(self._default_predictions(domain))

    def _after_alarm(
        self, intent: str, done: str, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        form = tracker.active_loop_name
        if done == ACTION_LISTEN_NAME:
            kind = next(iter(reversed([*tracker.get_latest_entity_values(KINDS[intent])])), None)
            return self._next(CARDS[intent], domain, [SlotSet(KINDS[intent], kind)])
        if done == CARDS[intent] and form:
            return self._next(ACTION_DEACTIVATE_LOOP_NAME, domain, [SlotSet(WAITING_FORM, form)])
        if done in (CARDS[intent], ACTION_DEACTIVATE_LOOP_NAME) and tracker.get_slot(WAITING_FORM):
            return self._next(FORM_WAITS, domain)
        return self._next(ACTION_LISTEN_NAME, domain)

    def _about_waiting_form(
        self, intent: str | None, done: str, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        form = tracker.get_slot(WAITING_FORM)
        over = SlotSet(WAITING_FORM, None)
        if done == FORM_LEFT:
            return self._next(ACTION_LISTEN_NAME, domain, [over])
        if done == ACTION_LISTEN_NAME and intent == "affirm":
            return self._next(form, domain, [over])
        if done == ACTION_LISTEN_NAME and intent in ("deny", "stop"):
            given = [SlotSet(slot, None) for slot in domain.required_slots_for_form(form)]
            return self._next(FORM_LEFT, domain, given)
        # Something else: the question has passed. What was given stays, for "book" takes it up.
        nothing = self._prediction(self._default_predictions(domain))
        nothing.events = [over]
        return nothing

    def _next(
        self, action: str, domain: Domain, events: list[Event] | None = None
    ) -> PolicyPrediction:
        return self._prediction(
            self._prediction_result(action, domain),
            optional_events=events,
            # Like a form that goes on: what only reads the message may not overrule it.
            is_no_user_prediction=True,
        )

    @staticmethod
    def _prediction_result(action: str, domain: Domain) -> list[float]:
        result = [0.0] * domain.num_actions
        result[domain.index_for_action(action)] = 1.0
        return result
