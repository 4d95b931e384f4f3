"""What narrows the treatments of a stretch while its tokens are put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_names import Treatment
from her2nav.kinds.reading.treatment_said import Group
from her2nav.kinds.reading.treatment_words import Token

_IS_AMOUNT = re.compile(r"\d ?(?:mg|mcg|µg|g|gm|iu|units)\b")


_FOR = re.compile(r"\b(?:for|of) (?:the |their |current |this |treatment of |management of |treating |treat |an? )*$")


def other_tumours(sentence: Sentence, token: Token) -> tuple[str, ...]:
    """Return the cancers that a name means, where the trial takes others too: "therapy for gallbladder cancer"."""
    if not sentence.tumours or _FOR.search(sentence.text, max(0, token.start - 40), token.start) is None:
        return ()
    ontology = sentence.knowledge.tumours
    found = [name for hit in sentence.hits if hit.start == token.start for name in hit.ids("tumour")]
    inside = {one for name in found for one in (name, *ontology.narrower(name))}
    return tuple(found) if found and any(one not in inside for one in sentence.tumours) else ()


@dataclass
class Gathered:
    """The groups of treatments read so far.

    Attributes:
        now: The group that is being read.
        depth: Brackets that are open.
        inner: Within examples or parts of the last treatment.
        joint: What stands before the next treatment.
        narrow: Words that narrow therapy in general.
        waiting: Words that narrow the next treatment.
        shared: Words that stood before the last one and may narrow those joined to it.
        disease, of_breast: The cancer that is treated is named, and it is breast cancer.
    """

    sentence: Sentence
    denied: bool
    groups: list[Group] = field(default_factory=list)
    now: Group = field(default_factory=Group)
    depth: int = 0
    inner: bool = False
    joint: str = ""
    narrow: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    shared: tuple[str, ...] = ()
    disease: bool = False
    of_breast: bool = False

    def _close(self) -> None:
        self.now.disease = self.now.disease or self.disease
        self.now.of_breast = self.of_breast
        self.groups.append(self.now)
        self.now = Group()

    def _on_amount(self, token: Token, following: Sequence[Token]) -> None:
        near = next((item.kind for item in following if item.kind not in ("frame", "disease_name")), "")
        if near == "item" and self.sentence.text[token.start] not in "([":
            self.waiting.append(token.value)  # "550 mg/m2 epirubicin"
        elif self.now.items and self.sentence.text[token.start] in "([" and not self.inner:
            last = self.now.items[-1]
            self.now.items[-1] = last.model_copy(update={"narrow": (*last.narrow, token.value)})
        elif self.now.items and any(_IS_AMOUNT.search(one) for item in self.now.items for one in item.narrow):
            # "A above 300 mg or B above 700 mg": each dose is that of its own drug.
            last = self.now.items[-1]
            self.now.items[-1] = last.model_copy(update={"narrow": (*last.narrow, token.value)})
        elif self.now.items:
            self.narrow_all(token.value)
        else:
            self.waiting.append(token.value)

    def _on_alone(self, token: Token, following: Sequence[Token]) -> None:
        """Read 'A as monotherapy': a course with another drug is none."""
        if (
            self.now.items
            and not self.inner
            and not self.now.items[-1].procedure
            and len(self.now.items[-1].drugs) == 1
        ):
            last = self.now.items[-1]
            self.now.items[-1] = last.model_copy(update={"narrow": (*last.narrow, "alone")})

    def _on_narrow(self, token: Token, following: Sequence[Token]) -> bool:
        if self.joint in ("or", "and") and not (self.waiting or self.now.items or self.groups):
            return False  # "systemic or local therapy": the word widens
        self.waiting.append(token.value)
        return True

    def _on_purpose(self, token: Token, following: Sequence[Token]) -> None:
        """Read 'A or B for pain': it may be said of each of them."""
        self.narrow_all(token.value)

    def narrow_all(self, words: str) -> None:
        """Narrow every treatment of the group, or therapy in general."""
        if not self.now.items:
            self.narrow.append(words)
        self.now.items = [item.model_copy(update={"narrow": (*item.narrow, words)}) for item in self.now.items]
        self.now.examples = [item.model_copy(update={"narrow": (*item.narrow, words)}) for item in self.now.examples]

    def beside_unknown(self, treatment: Treatment, written: str) -> bool:
        """Whether a name and one that no vocabulary holds mean one course: a known drug with XYZ-1, "XYZ-1 chemotherapy"."""
        last = self.now.items[-1] if self.now.items and not self.inner else None
        if last is None or self.joint not in ("", "with") or not (last.unknown or treatment.unknown):
            return False
        if last.unknown:
            self.now.items[-1] = last.model_copy(
                update={"unknown": f"{last.unknown} {self.joint} {written}".replace("  ", " ")}
            )
        else:
            self.narrow_all(f"with {written}")
        return True

    def adjectives(self, treatment: Treatment) -> Treatment:
        """What stands in front of a treatment narrows it, and may narrow the ones joined to it by "or"."""
        if self.waiting:
            self.shared, self.waiting = tuple(self.waiting), []
        elif self.joint not in ("or", "and", "") or treatment.params or self.inner:
            self.shared = ()
        return treatment.model_copy(update={"narrow": (*treatment.narrow, *self.shared)}) if self.shared else treatment
