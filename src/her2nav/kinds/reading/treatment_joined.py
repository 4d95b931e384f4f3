"""Names of treatments put side by side: alternatives, combinations, and names that make the one before closer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from her2nav.kinds.reading.treatment_dated import Dated
from her2nav.kinds.reading.treatment_names import Treatment, within
from her2nav.kinds.reading.treatment_words import Token

_ADJECTIVES = frozenset({"small_molecule", "targeted_therapy"})
"""Classes that narrow nothing where a closer name follows."""
_ANTIBODIES = frozenset({"monoclonal_antibody", "antibody"})
_CONJUGATE = ("antibody_drug_conjugate",)


@dataclass
class Joined(Dated):
    """Groups of treatments with what stands between their names.

    Attributes:
        skip: Within what makes no difference: "with or without X".
        along: A "with" stands in front of the next name.
        written: The treatment named last.
        combining: The word "combination" stands in front of the names.
        aside: Within examples of therapy in general.
    """

    skip: bool = False
    along: bool = False
    written: str = ""
    combining: bool = False
    aside: bool = False

    def _on_with_or_without(self, token: Token, following: Sequence[Token]) -> None:
        self.skip = True

    def _on_combined(self, token: Token, following: Sequence[Token]) -> None:
        self.joint = "with"

    def _on_or(self, token: Token, following: Sequence[Token]) -> None:
        self.joint = "or" if self.joint != "with" else self.joint

    def _on_or_both(self, token: Token, following: Sequence[Token]) -> None:
        """Read 'A, B or both' asks for one of them."""
        self.now.joints = ["or" for _ in self.now.joints]

    def _on_and(self, token: Token, following: Sequence[Token]) -> None:
        if self.combining and len(self.now.items) == 1:
            self.joint = "with"  # "combination A and B"
            return
        self.joint = "and" if self.joint in ("", "comma") else self.joint

    def _on_comma(self, token: Token, following: Sequence[Token]) -> None:
        self.joint = self.joint or "comma"
        self.skip = False
        if self.depth == 0 and self.inner and not any(item.kind == "item" for item in following):
            self.inner = False

    def _on_item(self, token: Token, following: Sequence[Token]) -> bool:
        treatment: Treatment = token.value
        along, self.along = self.along, False
        if self.skip or self.aside:
            self.waiting = []
            return True
        treatment = self.adjectives(treatment)
        if treatment.without:
            if self.now.items or self.now.except_drugs:
                return False
            self.now.except_drugs = treatment.without
            treatment = treatment.model_copy(update={"without": ()})
        if self.beside_unknown(treatment, self.sentence.text[token.start : token.end]):
            self.joint = ""
            return True
        if self.now.window is not None and not self.inner and not self.now.preset:
            self._close()
            if self.resumed is not None:
                # "Since A (6 weeks for B) or C": the first time holds of C too.
                self.now.window, self.now.preset, self.resumed = (
                    self.resumed,
                    True,
                    None,
                )
                self.now.borrowed = True
        if (
            self.now.items == [Treatment()]
            and not self.inner
            and (
                (treatment.medicine and self.joint in ("", "with"))
                or (along and self.joint == "" and not treatment.procedure)
            )
        ):
            self.now.items = []  # "systemic treatment with corticosteroids"
        if self.inner and self.now.items:
            if not (self.joint == "" and self.now.examples and self._noun_of(self.now.examples[-1], treatment)):
                self.now.examples.append(treatment)
        elif self.joint == "with" and self.now.items and treatment.drugs and self.now.items[-1].drugs:
            last = self.now.items[-1]
            self.now.items[-1] = last.model_copy(update={"together": (*last.together, *treatment.drugs)})
        else:
            if self.now.items and self.joint == "" and self._noun_of(self.now.items[-1], treatment):
                return True
            if (
                self.now.items
                and self.joint == ""
                and set(self.now.items[-1].drugs) <= _ADJECTIVES
                and self.now.items[-1].drugs
                and treatment.drugs
            ):
                # "Small-molecule EGFR inhibitors": the name behind it says which.
                self.now.items[-1] = treatment
                return True
            narrower = self._narrower(treatment, token) if self.now.items and self.joint == "" else None
            if narrower is not None:
                self.now.items[-1] = narrower
                return True
            former = self.now.items[-1] if self.now.items else None
            if along and former is not None and former.medicine and treatment.medicine and self.joint == "":
                # "Anticoagulation with coumarin": the name behind it says which.
                self.now.items[-1] = treatment
                return True
            if former is not None and former.together and self.joint == "or":
                return False  # "A plus B or C": C with A, or alone
            if (
                along
                and former is not None
                and self.joint in ("", "comma")
                and former.drugs
                and treatment.drugs
                and not former.medicine
                and not treatment.medicine
            ):
                # "Endocrine therapy with a CDK4/6 inhibitor".
                self.now.items[-1] = former.model_copy(update={"together": (*former.together, *treatment.drugs)})
                return True
            if self.now.items:
                self.now.joints.append(self.joint or "beside")
            elif self.groups:
                self.now.joint = self.joint
            self.now.items.append(treatment)
        self.joint = ""
        self.written = self.sentence.text[token.start : token.end]
        return True

    def _noun_of(self, last: Treatment, treatment: Treatment) -> bool:
        """Whether a name only closes the one before: "anti-PD-1 monoclonal antibody", "platinum-based chemotherapy"."""
        if last.procedure and last.procedure == treatment.procedure and last.params and not treatment.params:
            return True  # "a wide field of radiation"
        if last.procedure or treatment.procedure or not last.drugs:
            return False
        if self.written.startswith("anti") and {*treatment.drugs} <= _ANTIBODIES and treatment.drugs:
            return True  # "anti-PD-L1 monoclonal antibody"
        return within(last.drugs, treatment.drugs, self.sentence.knowledge)

    def _narrower(self, treatment: Treatment, token: Token) -> Treatment | None:
        """A class that a payload or a narrower name beside it makes closer: "conjugate with a topoisomerase I inhibitor"."""
        last, ontology = self.now.items[-1], self.sentence.knowledge.drugs
        if last.procedure and last.procedure == treatment.procedure and treatment.params and not last.params:
            return treatment  # "radiotherapy with a wide field"
        if last.procedure or treatment.procedure or len(last.drugs) != 1 or len(treatment.drugs) != 1:
            return None
        if within(treatment.drugs, last.drugs, self.sentence.knowledge):
            return treatment
        joined = ontology.classes_named(f"{self.sentence.text[token.start : token.end]} ADC")
        if treatment.drugs == _CONJUGATE:
            joined = ontology.classes_named(f"{self.written} ADC")
            return (
                Treatment(drugs=joined)
                if len(joined) == 1
                else Treatment(unknown=f"{self.written} antibody-drug conjugate")
            )
        if len(joined) == 1 and within(joined, last.drugs, self.sentence.knowledge):
            return Treatment(drugs=joined)
        return None
