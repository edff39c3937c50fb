"""Reads the project's training data, retrieval intents included, without false alarms."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from nlu.answers import written_out
from nlu.domain import PackedDomain
from nlu.house_spelling import house_spelling, spelling_of_the_clinic, spelt
from nlu.next_steps import next_steps_with_topics


class RetrievalIntentImporter(RasaFileImporter):
    """Rasa's own importer, which tells the rules and stories of the retrieval intents.

    Rasa adds retrieval intents to the domain after it has read the stories. Listed in
    domain.yml they are reported as duplicates, left out as unknown; listed in config.yml
    (``retrieval_intents``) they are neither, so that a warning of Rasa's means something.

    The answers come written out (``nlu.answers``) and in the clinic's own spelling.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        retrieval_intents: Sequence[str] = (),
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._retrieval_intents = Domain.from_dict({"intents": list(retrieval_intents)})

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules and stories, read with the retrieval intents known."""
        domain = self.get_domain().merge(self._retrieval_intents)
        return utils.story_graph_from_paths(self._story_files, domain, exclusion_percentage)

    def get_conversation_tests(self) -> StoryGraph:
        """The test stories, read with the retrieval intents known."""
        domain = self.get_domain().merge(self._retrieval_intents)
        return utils.story_graph_from_paths(self._conversation_test_files, domain)

    def get_domain(self) -> PackedDomain:
        """The domain, in the form that a model is started from quickly."""
        return PackedDomain.from_dict(super().get_domain().as_dict())

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples, and the answers as they will be said, each button with its topic.

        The language makes no difference. Rasa asks twice, with and without one; the files
        are read once.
        """
        return self._nlu_data()

    @cached_method
    def _nlu_data(self) -> TrainingData:
        data = super().get_nlu_data()
        spelling = house_spelling(spelling_of_the_clinic())
        data.responses = {
            response: [spelt(one, spelling) for one in written_out(response, variations)]
            for response, variations in data.responses.items()
        }
        data.responses = next_steps_with_topics(data.responses)
        return data
