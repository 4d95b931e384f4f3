"""Tokens of a stretch put together: what they say of its treatments, with the time, setting and outcome of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_gathering import other_tumours
from her2nav.kinds.reading.treatment_joined import Joined
from her2nav.kinds.reading.treatment_said import Said
from her2nav.kinds.reading.treatment_words import ONE_OF_THEM, Token


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
_IN_ANY = re.compile(r"(?:in|for) ")
_OF_ONE = re.compile(r"\b(?:one|1)\b")
_WIDE = frozenset({"chemotherapy", "endocrine", "systemic_therapy"})
_ONE_OF_SEVERAL = re.compile(r"\b(?:standard|approved)\b[^.;]*,(?! or\b)[^.;]*\bor\b")
"""A list of alternatives may go on behind it: "progressed on standard therapy, cannot tolerate it, or refuses it"."""
"""Classes so wide that a first line of them is any line."""


@dataclass
class _Builder(Joined):
    prior: bool = False
    exposed: bool = False
    used: bool = False
    planned: bool = False
    current: bool = False
    latest: bool = False
    standard: str = ""
    chronic: str = ""
    tumours: tuple[str, ...] = ()

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

    def _on_ever(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'A within 30 days or B at any time': no time binds B."""
        if not self.now.items or self.now.window is not None or self.current:
            return False
        self.now.ever = self.prior = True
        return True

    def _on_needs(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'Requirement for X': it is taken."""
        self.current = True
        self.chronic = "long-term" if _LASTS.search(token.value[0]) else self.chronic
        named = [item.value for item in following if item.kind == "item"]
        return bool(named) and not (self.now.items or self.groups or any(item.procedure for item in named))

    def _on_why(self, token: Token, following: Sequence[Token]) -> bool:
        """Read 'A in the localised or metastatic setting': in any; beside a setting of A alone it says something of B."""
        placed = bool(self.now.settings) or any(group.settings for group in self.groups)
        return not (placed and _IN_ANY.match(token.value[0]))

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

    def _on_close(self, token: Token, following: Sequence[Token]) -> None:
        self.depth = max(0, self.depth - 1)
        if self.depth == 0:
            self.inner = self.aside = False
            if self.now.items:
                self.now.preset = False

    def _on_examples(self, token: Token, following: Sequence[Token]) -> bool:
        if ONE_OF_THEM.match(token.value[0]):
            self.joint = "and"
            asked = self.sentence.section == "inclusion" and not self.denied
            return asked and bool(self.now.items) and self.now.window is None and not self.now.settings
        if not self.now.items and self.outcome and _OF_ONE.search(token.value[0]):
            return False  # "progressed on the last therapy, including one line of A": of which it says so is open
        if not self.now.items:
            self.aside = self.depth > 0 and self.noun
            # "Prior therapy (including A)" asks for therapy, of which A may be one.
            return not self.aside or self.sentence.section == "exclusion" or self.denied
        self.inner = True
        if token.value[0].startswith("includ") and self.sentence.section == "inclusion" and not self.denied:
            self.now.narrow = True
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
        self.standard = self.standard or (written if written in ("standard", "approved") else "")

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
        of_the_first = bool(self.outcome) and not found["op1"] and any(one.kind == "ordinal" for one in following)
        return (
            found["n2"] is None and found["n1"] in ("one", "1") and (found["op1"] in ("≥", "at least") or of_the_first)
        )

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
            timed = self.groups[0].window is not None or self.joint == "or"
            if self.outcome != "progression" or timed or _ONE_OF_SEVERAL.search(self.sentence.text):
                return None
            # Whoever went on without progression had none under the standard either; of others a person says.
            self.narrow_all(self.standard)
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
