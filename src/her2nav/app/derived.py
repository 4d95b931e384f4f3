"""One patient with every answer of the other commands, each worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from her2nav.app.choice import Choice
from her2nav.app.disputed import disputed_interpretation
from her2nav.app.interpret import interpret
from her2nav.app.match import MatchAnswer, match
from her2nav.app.monitor import monitor
from her2nav.app.options import OptionsAnswer, about_her2, options
from her2nav.app.session import Session
from her2nav.app.sites import Sites
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.knowledge.conflicts import Conflict
from her2nav.knowledge.load import Knowledge
from her2nav.matching.evaluate import Verdict
from her2nav.matching.results import Match
from her2nav.report.phrases import lung_risk
from her2nav.testing.plan import make_plan
from her2nav.testing.results import Item, Plan
from her2nav.therapy.options import Category, Option
from her2nav.therapy.remarks import terms_of
from her2nav.therapy.safety_results import SafetyAnswer

_OPEN = (Category.ON_LABEL, Category.GUIDELINE, Category.UNKNOWN)


@dataclass
class Derived:
    """What is derived of one patient.

    Attributes:
        session: Knowledge, trials, clock.
        read: The patient.
        country: Whose labels count; None: as on record.
        choice: Which trials, and whose trees.
        progress: Told how far the reading of criteria is.
    """

    session: Session
    read: ReadPatient
    country: str | None = None
    choice: Choice = field(default_factory=lambda: Choice(None))
    progress: Callable[[int, int], None] | None = None
    _safety: dict[str, SafetyAnswer] = field(default_factory=dict)

    @property
    def knowledge(self) -> Knowledge:
        """All facts."""
        return self.session.knowledge

    @cached_property
    def case(self) -> Case:
        """The patient on their day.

        Raises:
            InputError: The record names no tumour type.
        """
        return interpret(self.session, self.read)

    @property
    def name(self) -> str:
        """How the record calls the patient."""
        return self.case.patient.id or "patient without an id"

    @cached_property
    def plan(self) -> Plan:
        """What to test."""
        return make_plan(self.case)

    @property
    def due(self) -> list[Item]:
        """Tests that are due for certain, in order."""
        return [item for item in self.plan.now if item.certain]

    @cached_property
    def options(self) -> OptionsAnswer:
        """Labels, recommendations, catalogue trials, and the doors that each closes, without why."""
        return options(self.session, self.read, self.country, self.case, whole=False)

    def open_options(self) -> list[Option]:
        """Return the options that are on label, recommended or open, in that order."""
        return [one for category in _OPEN for one in self.options.advice.of(category)]

    @cached_property
    def matched(self) -> MatchAnswer:
        """Every trial judged, ranked."""
        return match(self.session, self.read, self.choice, self.progress, self.__dict__.get("case"))

    @cached_property
    def trials(self) -> list[Match]:
        """Trials that fit or may fit and are not known to be closed, ranked."""
        return [
            one
            for one in self.matched.matches
            if one.verdict is not Verdict.INELIGIBLE and one.trial.record.status.value.may_recruit is not False
        ]

    @cached_property
    def her2_trials(self) -> list[Match]:
        """Of these, the treatment trials that select by HER2 or give a HER2-directed drug, in their order."""
        return [one for one in self.trials if about_her2(one, self.case)]

    @cached_property
    def sites(self) -> Sites:
        """Looks up the nearest sites."""
        return Sites(self.session, self.case, self.matched.chosen.kept)

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where the sources disagree on the interpretation and the options."""
        both = (*disputed_interpretation(self.case), *self.options.conflicts)
        return tuple({one.id: one for one in reversed(both)}.values())[::-1]

    def safety(self, drug: str) -> SafetyAnswer:
        """Return everything on the safety of a drug, a class or a regimen.

        Raises:
            UnknownName: Nobody knows it.
        """
        if drug not in self._safety:
            self._safety[drug] = monitor(self.session, self.read, drug, country=self.country)[1]
        return self._safety[drug]

    @cached_property
    def own_drugs(self) -> tuple[str, ...]:
        """HER2-directed drugs that run now or are planned, else those of open options; ids, each once."""
        ontology = self.knowledge.drugs
        running = [
            drug for course in self.case.courses if course.ongoing for names in course.written for drug in names.drugs
        ]
        planned = [
            drug
            for plan in self.case.patient.planned
            for item in plan.drugs
            for drug in ontology.resolve(item.name).drugs
        ]
        offered = [drug for one in self.open_options() for drug in one.approval.key_drugs if drug in ontology.drugs]

        def aimed(drugs: Iterable[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(one for one in drugs if "anti_her2" in ontology.possible_terms_of(one)))

        return aimed((*running, *planned)) or aimed(offered)

    @property
    def lung(self) -> bool:
        """Whether the patient takes, plans or has been shown here a drug with a risk to the lungs."""
        shown = self.trials if "matched" in self.__dict__ else []
        if lung_risk(self.case, shown):
            return True
        offered = self.open_options() if "options" in self.__dict__ else []
        terms = terms_of({drug for one in offered for drug in one.approval.drugs}, self.knowledge.drugs)
        return bool(terms & set(self.knowledge.lung_warning.terms)) or any(
            answer.lung_risk for answer in self._safety.values()
        )

    @property
    def versions(self) -> Mapping[str, Any]:
        """What the answers given so far were made with; trials are named where they were looked at."""
        if "matched" in self.__dict__:
            return self.session.versions(snapshot=self.matched.chosen.snapshot)
        return self.session.versions(trials="options" in self.__dict__)
