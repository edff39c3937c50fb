"""A turn as Rasa takes it, without what Rasa does a second time or for nothing."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from nlu.graph_runner import StepByStep


class Turns(MessageProcessor):
    """Rasa's message processor, with our runner of the model and our line to the actions.

    Needs a line that looks itself whether an action's answer is one (``nlu.action_line``).
    """

    @classmethod
    def in_place_of(cls, processor: MessageProcessor) -> Turns:
        """A processor of the same model, with the same stores."""
        turns = cls.__new__(cls)
        turns.__dict__.update(processor.__dict__)
        turns.graph_runner = StepByStep.in_place_of(processor.graph_runner)
        return turns

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """What is to be done next, and why. Raises ActionLimitReached as Rasa does."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return ours(action, self.action_endpoint), prediction


class OnTheLine(RemoteAction):
    """An action whose answer the line has looked at: Rasa checks the schema itself each time."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True


class Form(FormAction):
    """Rasa's form, whose actions are of that kind."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """What the form's own action makes of the slots, if it has one."""
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        found = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        seen = self._temporary_tracker(tracker, found, domain)
        return await OnTheLine(name, self.action_endpoint).run(output_channel, nlg, seen, domain)

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        name = self._name_of_utterance(domain, slot_name)
        if name is None:
            return []
        asks = ours(
            action_for_name_or_text(name, domain, self.action_endpoint), self.action_endpoint
        )
        return await asks.run(output_channel, nlg, tracker, domain)


def ours(action: Action, line: EndpointConfig | None) -> Action:
    """An action of Rasa's; one of the kinds above where it is a form or a remote one."""
    kind = {RemoteAction: OnTheLine, FormAction: Form}.get(type(action))
    return kind(action.name(), line) if kind else action
