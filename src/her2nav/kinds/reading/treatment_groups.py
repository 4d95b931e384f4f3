"""Tokens of a stretch put together: groups of treatments, each with its time, setting and outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile
from typing import Any

from her2nav.kinds.reading.base import Sentence, days_of
from her2nav.kinds.reading.treatment_gathering import Gathered, other_tumours
from her2nav.kinds.reading.treatment_names import Treatment, within
from her2nav.kinds.reading.treatment_said import Group, Said
from her2nav.kinds.reading.treatment_times import Window
from her2nav.kinds.reading.treatment_words import Token


def said(sentence: Sentence, run: list[Token], denied: bool) -> Said | None:
    """What a stretch says: its groups of treatments, each with its time and setting."""
    builder = _Builder(sentence, denied)
    for i, token in enumerate(run):
        if not builder.take(token, run[i + 1 :]):
            return None
    return builder.finish()


_LASTS = re.compile(r"chronic|long-?term|continu")
_ASKED = re.compile(r"\b(?:must|should|will|may|can|allowed|permitted|eligible|provided)\b")
"""Words that make of "before the study" a condition."""
_ADJECTIVES = frozenset({"small_molecule", "targeted_therapy"})
"""Classes that narrow nothing where a closer name follows."""
_COMPLETED = re.compile(r"\b(?:completed|finished|ended|received|given|administered) $")
"""In front of a time: it is that of the treatment, not of the relapse."""
_LASTED = re.compile(r"\b(?:for|in|during|over)(?: an?| the)? ?$")
_ANTIBODIES = frozenset({"monoclonal_antibody", "antibody"})
_CONJUGATE = ("antibody_drug_conjugate",)
_WIDE = frozenset({"chemotherapy", "endocrine", "systemic_therapy"})
"""Classes so wide that a first line of them is any line."""


@dataclass
class _Builder(Gathered):
    skip: bool = False
    prior: bool = False
    exposed: bool = False
    used: bool = False
    planned: bool = False
    current: bool = False
    outcome: str = ""
    lead: Window | None = None
    noun: bool = False
    disease: bool = False
    latest: bool = False
    standard: bool = False
    chronic: str = ""
    along: bool = False
    resumed: Window | None = None
    of_breast: bool = False
    tumours: tuple[str, ...] = ()
    written: str = ""
    """The treatment named last."""
    combining: bool = False
    aside: bool = False
    """Within examples of therapy in general."""

    def take(self, token: Token, following: Sequence[Token]) -> bool:
        """Take in one token; False where the stretch cannot be read."""
        handler = getattr(self, f"_on_{token.kind}", None)
        return True if handler is None else handler(token, following) is not False

    def _on_prior(self, token: Token, following: Sequence[Token]) -> None:
        kinds = {one.kind for one in following}
        anew = self.sentence.text.endswith("any ", 0, token.start)
        if anew and self.now.items and self._parted() and "setting" in kinds and not {"window", "open"} & kinds:
            # "Prior A, or any prior B for metastatic disease": the setting is that of B.
            self._begin_another()
        self.prior = True
        self.skip = False

    def _parted(self) -> bool:
        """Whether an "or" or comma parts what follows from a group that no time binds."""
        timed = self.now.preset or self.now.window is not None or self.lead is not None
        return self.joint in ("or", "comma") and not timed and not self.inner and self.depth == 0

    def _begin_another(self) -> None:
        self._close()
        self.now.joint, self.joint = self.joint, ""

    def _on_ongoing(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'Other investigational drugs while on study': taken now, and whether that goes on is asked."""
        if self.current or self.planned or self.now.window is not None:
            return True
        self.current = True
        self.narrow_all("to go on during the study")
        return not (self.prior or self.exposed)

    def _on_earlier(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'Radiotherapy prior to study entry': given before."""
        if self.prior or self.exposed or self.outcome:
            return True
        self.prior = True
        if any(one.kind == "window" and one.value.elapsed for one in following):
            return True  # "A prior to enrolment must have been stopped for at least 3 weeks"
        return self.sentence.section == "exclusion" and _ASKED.search(self.sentence.text) is None

    def _on_needs(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'Requirement for X': it is taken."""
        self.current = True
        self.chronic = "long-term" if _LASTS.search(token.value[0]) else self.chronic
        named = [item.value for item in following if item.kind == "item"]
        return bool(named) and not (self.now.items or self.groups or any(item.procedure for item in named))

    def _on_use(self, token: Token, following: Sequence[Token]) -> None:
        self.used = True
        self.skip = False

    def _on_plan(self, token: Token, following: Sequence[Token]) -> None:
        self.planned = True

    def _on_dose(self, token: Token, following: Sequence[Token]) -> bool:
        found = token.value
        if not self.now.items or not self.now.items[-1].medicine:
            return False
        strict = found["op"] not in ("≥", "at least", "equal to or greater than")
        last = self.now.items[-1]
        self.now.items[-1] = last.model_copy(
            update={
                "params": (
                    ("min_steroid_mg_prednisone", Decimal(found["mg"])),
                    ("steroid_dose_exclusive", strict),
                )
            }
        )
        return True

    def _on_expose(self, token: Token, following: Sequence[Token]) -> None:
        self.exposed = True
        self.skip = False

    def _on_current(self, token: Token, following: Sequence[Token]) -> None:
        self.current = True
        written = token.value[0]
        self.chronic = self.chronic or ("long-term" if re.match(r"chronic|long|regular|daily", written) else "")
        self.prior = self.prior or re.search(r"prior|previous", written) is not None
        self.exposed = self.exposed or re.search(r"(?:has|have) received", written) is not None

    def _on_outcome(self, token: Token, following: Sequence[Token]) -> bool:
        found = token.value
        self.outcome = (
            "progression_or_intolerance"
            if found["pdint"]
            else "intolerance"
            if found["intol"] and self.outcome in ("", "intolerance")
            else "progression_or_intolerance"
            if found["intol"]
            else self.outcome or "progression"
        )
        return True

    def _on_open(self, token: Token, following: Sequence[Token]) -> None:
        self.depth += 1
        if self.now.items:
            self.inner = not self._has_own_time(following)

    def _has_own_time(self, following: Sequence[Token]) -> bool:
        """Read 'Major surgery within 28 days (minor surgery within 7 days)': the bracket has a time of its own."""
        if self.now.window is None or self.now.preset or self.depth > 1:
            return False
        inside = list(takewhile(lambda token: token.kind != "close", following))
        kinds = [token.kind for token in inside if token.kind != "frame"]
        if "window" not in kinds or "item" not in kinds or kinds[0] not in ("item", "window", "prior", "narrow"):
            return False
        if kinds[0] == "window" and kinds.count("window") > 1:
            return False
        self._let_out([token for token in inside if token.kind == "item"])
        return True

    def _let_out(self, named: Sequence[Token]) -> None:
        """Take from the treatments of the group those that have a time of their own."""
        items = [token.value for token in named]
        wide = self.now
        wide.except_drugs = tuple(
            dict.fromkeys(
                (
                    *wide.except_drugs,
                    *(
                        drug
                        for item in items
                        if not item.procedure
                        for drug in item.drugs
                        if not any(drug in one.drugs for one in wide.items)
                    ),
                )
            )
        )
        kinds = {item.procedure for item in items if item.procedure}
        if kinds:
            written = ", ".join(self.sentence.text[token.start : token.end] for token in named if token.value.procedure)
            wide.items = [
                one.model_copy(update={"narrow": (*one.narrow, f"other than {written}")})
                if one.procedure in kinds and not one.params
                else one
                for one in wide.items
            ]

    def _on_case(self, token: Token, following: Sequence[Token]) -> bool:
        """Read '≥ 3 weeks; in case of palliative radiotherapy ≥ 2 weeks': another time for some of the treatments."""
        named = list(takewhile(lambda one: one.kind not in ("window", "close", "case"), following))
        items = [one for one in named if one.kind == "item"]
        if self.now.window is None or not items or not any(one.kind == "window" for one in following[len(named) :][:1]):
            return False
        self._let_out(items)
        self._close()
        self.inner = False
        return True

    def _on_close(self, token: Token, following: Sequence[Token]) -> None:
        self.depth = max(0, self.depth - 1)
        if self.depth == 0:
            self.inner = self.aside = False
            if self.now.items:
                self.now.preset = False

    def _on_examples(self, token: Token, following: Sequence[Token]) -> bool:
        if not self.now.items:
            self.aside = self.depth > 0 and self.noun
            # "Prior therapy (including A)" asks for therapy, of which A may be one.
            return not self.aside or self.sentence.section == "exclusion" or self.denied
        self.inner = True
        if token.value[0].startswith("includ") and self.sentence.section == "inclusion" and not self.denied:
            self.now.narrow = True
        return True

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
            self.now.examples.append(treatment)
        elif self.joint == "with" and self.now.items and treatment.drugs and self.now.items[-1].drugs:
            last = self.now.items[-1]
            self.now.items[-1] = last.model_copy(update={"together": (*last.together, *treatment.drugs)})
        else:
            if self.now.items and self.joint == "" and self._noun_of_last(treatment):
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

    def _noun_of_last(self, treatment: Treatment) -> bool:
        """Whether a name only closes the one before: "anti-PD-1 monoclonal antibody", "platinum-based chemotherapy"."""
        last = self.now.items[-1]
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

    def _on_setting(self, token: Token, following: Sequence[Token]) -> bool:
        if self.inner and self.now.items and all(one.procedure for one in self.now.items):
            return True  # "radiotherapy including palliative radiotherapy"
        if self.waiting and self.now.items:
            # "In the localised or metastatic setting": the word before it widens.
            return False
        procedures = bool(self.now.items) and all(one.procedure for one in self.now.items)
        if procedures and self._parted() and next((one.kind for one in following if one.kind != "frame"), "") == "item":
            # "Radiotherapy or adjuvant chemotherapy": the setting is that of the second.
            self._begin_another()
        if not self.now.items or self.now.settings:
            self.now.settings = tuple(dict.fromkeys((*self.now.settings, *token.value)))
        else:
            self.now.settings = token.value
        self.inner = self.inner and self.depth > 0
        return True

    def _on_window(self, token: Token, following: Sequence[Token]) -> bool:
        if self.denied and token.value.elapsed and _LASTED.search(self.sentence.text, 0, token.start):
            # "No chemotherapy for at least 3 weeks before": none within them.
            token = token._replace(value=replace(token.value, elapsed=False))
        if self.outcome and _COMPLETED.search(self.sentence.text, 0, token.start):
            return False
        self.inner = self.inner and self.depth > 0
        if self.lead is not None and self.now.items and self.now.window is None and self._begins_another(following):
            # "More than 4 weeks from A, more than 2 weeks from B".
            self.now.window, self.lead = self.lead, None
            self._close()
            self.now.window, self.now.preset, self.now.joint = (
                token.value,
                True,
                self.joint,
            )
            self.joint = ""
            return True
        if self.now.items and self.now.preset and self.now.window is not None and self._begins_another(following):
            self._close()
            self.now.window, self.now.preset, self.now.joint = (
                token.value,
                True,
                self.joint,
            )
            self.joint = ""
            return True
        if self.now.items or self.noun:
            if self.now.window is not None and not self.now.borrowed:
                return False
            self.now.window, self.now.borrowed, self.now.preset = (
                token.value,
                False,
                False,
            )
        elif self.lead is None and not self.groups:
            self.lead = token.value
        else:
            return False
        return True

    def _begins_another(self, following: Sequence[Token]) -> bool:
        """Whether a time behind a comma or "and" is that of the treatment behind it."""
        first = next(
            (one.kind for one in following if one.kind not in ("frame", "prior", "given")),
            "",
        )
        return self.depth == 0 and self.joint in ("comma", "and", "or") and first in ("item", "narrow")

    def _on_instead(self, token: Token, following: Sequence[Token]) -> bool:
        """Read '(6 weeks for nitrosoureas)': another time for some of the drugs."""
        wide, days = self.now, days_of(token.value["othertime"])
        if wide.window is None and self.lead is not None and not self.groups:
            wide.window, self.lead = self.lead, None
        if self.resumed is not None and wide.preset and wide.items and self.groups and days is not None:
            return self._another_instead(days, following)
        if wide.window is None or wide.preset or days is None:
            return False
        inside = list(takewhile(lambda item: item.kind not in ("close", "window"), following))
        names = [item.value for item in inside if item.kind == "item"]
        if not names:
            return False
        self._close()
        self.resumed = wide.window
        self.now.window, self.now.preset, self.inner = (
            replace(wide.window, days=days, half_lives=None, whichever=None),
            True,
            False,
        )
        self.groups[-1], self.now = self.now, self.groups[-1]
        self._let_out([item for item in inside if item.kind == "item"])
        self.groups[-1], self.now = self.now, self.groups[-1]
        return True

    def _another_instead(self, days: int, following: Sequence[Token]) -> bool:
        """Read on in '(6 weeks for nitrosoureas; 1 week for capecitabine)'."""
        inside = list(takewhile(lambda item: item.kind not in ("close", "window", "instead"), following))
        named = [item for item in inside if item.kind == "item"]
        window = self.now.window
        if not named or window is None:
            return False
        self._close()
        first = next((i for i, group in enumerate(self.groups) if not group.preset), 0)
        self.now, self.groups[first] = self.groups[first], self.now
        self._let_out(named)
        self.now, self.groups[first] = self.groups[first], self.now
        self.now.window, self.now.preset = replace(window, days=days), True
        return True

    def _on_site(self, token: Token, following: Sequence[Token]) -> bool:
        return self._procedure(("sites", token.value[0]))

    def _on_gy(self, token: Token, following: Sequence[Token]) -> bool:
        strict = token.value["gyop"] not in ("≥", "at least")
        return self._procedure(("min_dose_gy", Decimal(token.value["grays"]))) and self._procedure(
            ("dose_exclusive", strict)
        )

    def _procedure(self, parameter: tuple[str, Any]) -> bool:
        if not self.now.items or self.now.items[-1].procedure is None:
            return False
        last = self.now.items[-1]
        self.now.items[-1] = last.model_copy(update={"params": (*last.params, parameter)})
        return True

    def _on_frame(self, token: Token, following: Sequence[Token]) -> None:
        written = self.sentence.text[token.start : token.end]
        if written == "with" and self.depth == 0:
            self.inner = False
        self.along = (written == "with" and bool(self.now.items)) or (
            self.along and written.strip() in ("", "a", "an", "the")
        )
        self.latest = self.latest or written in ("last", "most recent", "final")
        self.standard = self.standard or written in ("standard", "approved")

    def _on_disease(self, token: Token, following: Sequence[Token]) -> None:
        self.disease = True

    def _on_disease_name(self, token: Token, following: Sequence[Token]) -> None:
        self.disease = True
        self.of_breast = self.of_breast or any(
            "breast" in hit.ids("tumour") for hit in self.sentence.hits if hit.start == token.start
        )
        self.tumours += other_tumours(self.sentence, token)

    def _on_noun(self, token: Token, following: Sequence[Token]) -> None:
        written = self.sentence.text[token.start : token.end]
        self.combining = self.combining or (written.startswith("combination") and not self.now.items)
        self.noun = True
        self.skip = False

    def _on_line(self, token: Token, following: Sequence[Token]) -> None:
        self.noun = True

    def _on_ordinal(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'First-line chemotherapy for metastatic disease': whoever had any had a first line; else it is asked."""
        first = token.value["nth"] in ("first", "1st", "1l")
        item = next((one.value for one in following if one.kind == "item"), None)
        settings = {name for one in following if one.kind == "setting" for name in one.value}
        wide = item is None or (item.procedure is None and not set(item.drugs) - _WIDE)
        if first and wide and settings == {"metastatic"} and not self.outcome:
            return True
        if item is None and not self.now.items:
            return False
        if item is not None:
            self.waiting.append(token.value[0])
        else:
            self.narrow_all(token.value[0])
        return True

    def _on_count(self, token: Token, following: Sequence[Token]) -> bool:
        found = token.value
        return found["n2"] is None and found["n1"] in ("one", "1") and found["op1"] in ("≥", "at least")

    def _close(self) -> None:
        self.now.disease = self.now.disease or self.disease
        self.now.of_breast = self.of_breast
        self.groups.append(self.now)
        self.now = Group()

    def finish(self) -> Said | None:
        if self.waiting and self.joint in ("or", "and") and (self.now.items or self.groups):
            return None  # "immunosuppressive or myelosuppressive medicines": the word widens
        if self.now.items:
            self._close()
        elif self.groups:
            if self.now.window is not None or self.now.settings:
                return None
        else:
            self.now.generic = self.noun or self.prior
            self.now.noun, self.now.disease = self.noun, self.disease
            self._close()
        if self.lead is not None:
            for group in self.groups:
                if group.window is not None:
                    return None
                group.window = self.lead
        if self.standard and self.outcome and self.groups[0].generic:
            return None
        return Said(
            self.groups,
            self.denied,
            self.prior,
            self.exposed,
            self.current,
            self.outcome,
            self.latest,
            self.used,
            self.planned,
            self.chronic,
            (*self.narrow, *self.waiting),
            tuple(dict.fromkeys(self.tumours)),
        )
