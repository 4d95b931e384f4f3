"""Propositions and the words between them, put together as logic; what is not understood stays as `unread`.

The answer is always the positive proposition that a sentence states. Where a sentence can be read in two ways the
node is true only if both are, and false only if neither is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.criteria.connectors import Piece, Sign, pieces
from her2nav.criteria.excepting import Turn
from her2nav.criteria.joining import (
    of_last_limit,
)
from her2nav.criteria.last_if import of_last
from her2nav.criteria.links import Links
from her2nav.criteria.listing import Listed
from her2nav.criteria.logic import all_of, any_of, deny, simplified
from her2nav.criteria.looser_limits import bound_to_looser, is_limits, of_gilbert, of_some
from her2nav.criteria.readings import Reading, Spanned
from her2nav.criteria.turns import (
    FOR_SOME,
    STANDS_ALONE,
)
from her2nav.kinds.reading.base import TWO_WAYS, Section, both_ways, leaf
from her2nav.model.tree import AllOf, AnyOf, Node, When, leaves

_ONE_LIMIT = re.compile(r"[\ue000-\uf8ff] with (?:an? |the |normal )?[\ue000-\uf8ff]")


def compose(
    masked: str,
    readings: Sequence[Reading],
    section: Section,
    spanned: Spanned,
    start: int = 0,
    *,
    links: Links,
) -> Node | None:
    """Return the positive proposition of a sentence; None where nothing but framing words is left.

    Args:
        masked: The sentence.
        readings: What rules have read, not overlapping, in order.
        section: Where it stands: "and" between two exclusions joins alternatives.
        spanned: Original span of a stretch of the sentence.
        start: Where in `masked` to begin.
        links: Of conditions, values and time.
    """
    tokens: list[Piece | Reading] = []
    at = start
    for reading in readings:
        slash = tokens and section == "exclusion" and masked[at : reading.start].strip() == "/"
        if slash and isinstance(tokens[-1], Reading) and _illness(tokens[-1]) and _illness(reading):
            # "Illness/infection" names two things.
            tokens.append(Piece(Sign.OR, at, reading.start))
        tokens += pieces(masked, at, reading.start)
        tokens.append(reading)
        at = reading.end
    tokens += pieces(masked, at, len(masked))
    return _Composer(tokens, section, spanned, masked, links).sentence()


def _illness(reading: Reading) -> bool:
    return all(item.kind in STANDS_ALONE for item in leaves(reading.node))


_PROVIDED = ("provid", "as long as")
_UNASKED = re.compile(r"\b(?:eligible|allowed|permitted|acceptable|may|can)\b|\b(?:not|be|been|is|are|was|were) \Z")
"""In front of "provided": it lets somebody in, or is a verb."""
_OF_STATE = frozenset({"age", "sex", "performance_status", "lab_value", "lvef", "qtc", "measurable_disease", "her2_status", "hormone_receptor", "gene_status", "body_measure"})  # fmt: skip
"""Kinds of what a trial asks for, as it is."""


def _of_state(node: Node) -> bool:
    kinds = {item.kind for item in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= _OF_STATE


_UP, _DOWN = (">", ">="), ("<", "<=")


def _denies(condition: Node, node: Node) -> bool:
    """Whether a condition holds just where a limit that it binds is not kept."""

    def ends(each: Node) -> set[tuple[str, str]]:
        return {
            (getattr(item.params, "variable", item.kind), "up" if item.params.op in _UP else "down")
            for item in leaves(each)
            if item.kind in ("lab_value", "lvef") and getattr(item.params, "op", None) in (*_UP, *_DOWN)
        }

    return any((name, "down" if end == "up" else "up") in ends(node) for name, end in ends(condition))


def _of_limits(node: Node) -> bool:
    return any(item.kind == "lab_value" for item in leaves(node))


class _Composer(Listed):
    """The walk that joins what was read."""

    def sentence(self) -> Node | None:
        """All clauses between stops, and what brackets that nothing opened leave over."""
        parts: list[Node] = []
        while self._at < len(self._tokens):
            # "Overexpression by IHC (3+; kit A) or by FISH": the bracket was read with what stands in front of it.
            instead = parts and self._sign() is Sign.OR and self._signs[self._at - 1] is Sign.CLOSE
            node = self._clause()
            if node is not None:
                parts = [any_of([all_of(parts), node])] if instead and self._section == "inclusion" else [*parts, node]
            if self._sign() in (Sign.STOP, Sign.CLOSE):
                self._at += 1
        if not parts:
            return None
        return simplified(any_of(parts) if self._section == "exclusion" else all_of(parts))

    def _clause(self) -> Node | None:
        """A list with its guards and exceptions."""
        if self._some_first():
            self._fronted_if = True
            whom = self._list(denied=False)
            self._fronted_if = False
            node = self._guarded(None, whom)
        else:
            node = self._list(denied=False)
        before: Turn | None = None
        guard: Turn | None = None
        while (sign := self._sign()) in (Sign.EXCEPT, Sign.IF):
            first = self._at
            # "A, or if C, B": the condition opens an alternative.
            instead = sign is Sign.IF and first > 0 and self._signs[first - 1] is Sign.OR
            self._at += 1
            while self._sign() in (Sign.COMMA, Sign.EXAMPLES, Sign.DEFINES):
                self._at += 1
            self._closed += sign is Sign.IF and node is not None
            self._fronted_if = sign is Sign.IF and node is None
            other = self._list(denied=False)
            self._fronted_if = False
            self._closed -= sign is Sign.IF and node is not None
            if sign is Sign.EXCEPT and other is None and self._masked.startswith("unless", self._tokens[first].start):
                # "Unless ineligible for it": every word frames, and yet it lets patients in.
                other = self._plain(first)
            if sign is Sign.EXCEPT and node is None and other is not None and self._fronted(first):
                # "With the exception of A, patients had B": where the exception ends is not said.
                other = deny(self._plain(first))
            turn = Turn(sign, node, other)
            if sign is Sign.EXCEPT:
                node = self._excepted(node, other, shuts_out=self._shuts_out(first, other))
            elif before is not None and other is not None:
                turn = before.bound(other, instead=instead)
                node = self._excepted(turn.node, turn.other)
            elif instead and node is not None and other is not None:
                rest = self._list(denied=False) if self._sign() is Sign.COMMA else None
                node = any_of([node, other if rest is None else all_of([other, rest])])
            elif guard is not None and other is not None and (both := guard.parted(other)) is not None:
                node = both if self._section == "inclusion" else self._guarded(node, other)
            else:
                start = self._tokens[first].start
                asked = self._masked.startswith(_PROVIDED, start) and not _UNASKED.search(self._masked, 0, start)
                node = self._guarded(node, other, provided=asked)
            before = turn if turn.sign is Sign.EXCEPT and turn.other is not None else None
            guard = turn if turn.sign is Sign.IF else None
        return node

    def _some_first(self) -> bool:
        """Whether a clause begins with those whom looser limits are for: "for patients with liver metastases, ALT …"."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if self._section == "exclusion" or not isinstance(token, Reading) or not of_some(token.node):
            return False
        before = self._tokens[self._at - 1].end if self._at else 0
        return FOR_SOME.search(self._masked, before, token.start) is not None

    def _guarded(self, node: Node | None, condition: Node | None, *, provided: bool = False) -> Node | None:
        if condition is None:
            return node
        if node is None:
            rest = self._list(denied=False) if self._sign() is Sign.COMMA else None
            return condition if rest is None else When(condition, rest)
        if (limits := of_last_limit(node, condition, self._section)) is not None:
            return limits
        if self._section != "inclusion":
            return all_of([node, condition])
        if (looser := bound_to_looser(node, condition)) is not None:
            return looser
        if provided and _of_state(node):
            # "ECOG 2, provided that C" asks for both.
            return all_of([node, condition])
        if isinstance(node, AllOf) and node.span is None and _of_limits(condition) and all(map(_of_limits, node.parts)):
            # "A at most 5, B at most 1, C at most 4 if A is normal": perhaps of C alone.
            *front, last = node.parts
            return both_ways(all_of([*front, When(condition, last)]), When(condition, node))
        if (
            of_some(condition)
            and isinstance(node, AnyOf)
            and node.span is None
            and all(map(is_limits, node.parts[:-1]))
        ):
            # "A at most 1.5, or at most 3 with B normal in those with C": who keeps to the first limit needs no C.
            return any_of([*node.parts[:-1], all_of([node.parts[-1], condition])])
        if of_gilbert(condition) and isinstance(node, AllOf) and node.span is None and is_limits(node):
            *front, last = node.parts
            alone = all_of([*front, When(condition, last)])
            one = When(condition, node)
            # "Bilirubin up to 3 with direct bilirubin normal in those with C" is one limit, for them alone.
            return (
                one
                if _ONE_LIMIT.search(self._masked)
                else both_ways(alone, one, "patients without Gilbert syndrome, too")
            )
        if (last_bound := of_last(node, condition)) is not None:
            return last_bound
        if _denies(condition, node):
            # "At least 45 %, or B if below 45 %" of which B was not read with its "or": nobody can have both.
            return any_of([node, leaf("unread", note=TWO_WAYS)])
        return When(condition, node)
