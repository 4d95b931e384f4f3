"""Brackets in a sentence: a remark, an exception, a condition, examples or a definition of what stands in front."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from her2nav.criteria.cancers import of_breast
from her2nav.criteria.connectors import Piece, Sign
from her2nav.criteria.excepting import Excepting
from her2nav.criteria.joining import (
    by_numbers,
    explained,
    in_other_words,
)
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt
from her2nav.criteria.readings import Reading
from her2nav.criteria.turns import (
    DEMAND,
    EFFECTS_LEFT,
    EXCLUDED,
    LET_IN_NOTE,
    MUST,
    NOTE,
    PRESENCE,
    WELCOMED,
)
from her2nav.kinds.reading.base import both_ways, leaf
from her2nav.model.tree import Leaf, Node, When, leaves

_VALUES = frozenset({"lab_value", "lvef", "qtc", "vital_sign"})
_MARKERS = frozenset({"hormone_receptor", "her2_status", "gene_status", "msi_mmr", "pd_l1"})


def _of_values(node: Node) -> bool:
    return any(item.kind in _VALUES for item in leaves(node))


def _of_markers(condition: Node, parts: Sequence[Node]) -> bool:
    """Whether a condition names markers alone, and the demand before it none."""
    asked = {item.kind for part in parts for item in leaves(part)}
    return {item.kind for item in leaves(condition)} <= _MARKERS and not asked & _MARKERS


def _of_recovery(parts: Sequence[Node]) -> bool:
    return any(item.kind == "toxicity_recovery" for part in parts for item in leaves(part))


class Bracketed(Excepting, ABC):
    """The walk, with the brackets on its way."""

    @abstractmethod
    def _clause(self) -> Node | None:
        """A list with its guards and exceptions, as it stands in a bracket too."""

    def _with_bracket(self, parts: list[Node]) -> list[Node]:
        """Read a bracket that has opened, with what stands in front of it."""
        first = self._at - 1
        bracket = self._bracket()
        last = self._tokens[min(self._at, len(self._tokens)) - 1].end
        said = self._masked[self._tokens[first].start : last]
        inner = [item for item in self._tokens[first : self._at] if isinstance(item, Reading)]
        behind = self._masked[inner[-1].end : last] if inner else ""
        if parts and self._section == "inclusion" and not self._denying and LET_IN_NOTE.match(said):
            # "INR below 1.5 (note: on warfarin 2 to 3 is acceptable)".
            return [any_of([all_of(parts), self._plain(first)])]
        if bracket is None:
            return parts
        if parts and self._section == "inclusion" and WELCOMED.search(said):
            # "No uncontrolled brain metastases (treated ones eligible)", "no chemotherapy (adjuvant allowed)".
            head, let_in = all_of(parts), bracket[1]
            alike = {item.kind for item in leaves(let_in)} & {item.kind for item in leaves(head)} - {"unread"}
            if self._denying or alike:
                return [all_of([head, deny(let_in)]) if self._denying else any_of([head, in_doubt(let_in)])]
        if (
            parts
            and self._denying
            and self._section == "exclusion"
            and _of_recovery(parts)
            and EFFECTS_LEFT.search(said)
        ):
            # "Not recovered from side effects (low thyroid function is permissible if treated)": that may be left.
            return [any_of([all_of(parts), self._plain(first)])]
        if NOTE.match(said) or (self._failing and bracket[0] is Sign.EXAMPLES):
            bracket = (None, self._plain(first))
        elif EXCLUDED.search(behind):
            sure = bracket[0] is None and self._section == "inclusion" and not self._denying
            bracket = (None, deny(bracket[1]) if sure else self._plain(first))
        elif bracket[0] is None and self._section == "exclusion" and parts and WELCOMED.search(behind):
            bracket = (Sign.EXCEPT, bracket[1])
        elif DEMAND.search(said) if self._denying else self._section == "exclusion" and MUST.search(said):
            # "Not breast cancer (patients with lung cancer must …)": the "not" ends before the bracket.
            bracket = (None, self._plain(first))
        if parts and bracket[0] is Sign.DEFINES and PRESENCE.search(said):
            # "Unstable liver disease (as defined by the presence of ascites …)" is liver disease with these.
            return [all_of([*parts, bracket[1]])]
        if bracket[0] is Sign.IF and not parts:
            # "(provided that …)" behind words that were not read: of what it is the condition, is not known.
            bracket = (None, self._plain(first))
        return self._narrowed(parts, bracket)

    def _unread_bracket(self) -> tuple[Sign | None, Node]:
        """A denial in brackets within a denial: which of the two it turns is not said."""
        first = self._tokens[self._at]
        last = first
        while self._at < len(self._tokens) and self._sign() is not Sign.CLOSE:
            last = self._tokens[self._at]
            self._at += 1
        self._at += 1
        return None, Leaf("unread", leaf("unread").params, self._spanned(first.start, last.end))

    def _bracket(self) -> tuple[Sign | None, Node] | None:
        kind = self._sign()
        if kind in (Sign.EXAMPLES, Sign.DEFINES):
            self._at += 1
        else:
            kind = None
        parts: list[Node] = []
        if self._denying and self._sign() is Sign.NOT:
            return self._unread_bracket()
        if self._sign() is Sign.EXCEPT:
            self._bracket_shuts_out = self._shuts_out(self._at)
            kind = Sign.EXCEPT
            self._at += 1
        while self._at < len(self._tokens) and self._sign() is not Sign.CLOSE:
            before = self._at
            node = self._clause()
            if any(isinstance(item, Piece) and item.sign is Sign.IF for item in self._tokens[before : self._at]):
                kind = Sign.IF
            if node is not None:
                parts.append(node)
            if self._sign() is Sign.STOP:
                self._at += 1
        self._at += 1
        if self._section == "exclusion" and len(parts) > 1 and all(map(_of_values, parts)):
            # "(bilirubin > 1.5 x ULN; ALT > 2.5 x ULN)": each of them shuts out.
            return kind, any_of(parts)
        return (kind, all_of(parts)) if parts else None

    def _narrowed(self, parts: list[Node], inside: tuple[Sign | None, Node]) -> list[Node]:
        kind, node = inside
        if kind is Sign.EXCEPT:
            excepted = self._excepted(
                all_of(parts) if parts else None, node, shuts_out=self._bracket_shuts_out and not self._denying
            )
            return [excepted] if excepted is not None else []
        if (
            kind is Sign.IF
            and parts
            and self._section == "inclusion"
            and not self._denying
            and _of_markers(node, parts)
        ):
            # "Progressed on endocrine therapy (if ER-positive)": those without the marker are not asked.
            return [When(node, all_of(parts))]
        if kind is Sign.IF and parts:
            # "A (B in patients with C)" may tighten A or relax it.
            return [both_ways(all_of([*parts, node]), any_of([all_of(parts), node]))]
        if kind is None and (bound := of_breast(parts, node) or by_numbers(parts, node)) is not None:
            return bound
        if kind is None and parts and self._section == "inclusion" and not self._denying and self._names_part(node):
            bound_by = all_of(parts)
            if all(item.kind != "tumour_type" for item in leaves(bound_by)):
                # "Measurable disease (phase II)" asks it of nobody else.
                return [When(node, bound_by)]
        denied = self._section == "exclusion" or self._denying > 0
        if denied and kind in (None, Sign.DEFINES) and (said := in_other_words(parts, node, kind)) is not None:
            return said
        return explained(parts, node, kind, denied=denied) if kind is not None else [*parts, node]
