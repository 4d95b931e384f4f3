"""Where the walk over a sentence stands: its words and readings, and what they say of what comes next."""

from __future__ import annotations

import re

from her2nav.criteria.connectors import Piece, Sign
from her2nav.criteria.links import Links
from her2nav.criteria.logic import WORDS, placed
from her2nav.criteria.readings import Reading, Spanned
from her2nav.criteria.scopes import is_part
from her2nav.criteria.turns import ANEW, MEASURED, OWN_DENIAL, PEOPLE, STANDS_ALONE, TIES, VALUES, WELCOME, WHO
from her2nav.kinds.reading.base import Section, leaf
from her2nav.model.tree import Leaf, Node, Not, leaves

_NOTHING = leaf("unread").params


class Walk:
    """The words and readings of a sentence, the place reached among them, and what stands there."""

    def __init__(
        self, tokens: list[Piece | Reading], section: Section, spanned: Spanned, masked: str, links: Links
    ) -> None:
        self._tokens = tokens
        self._links = links
        self._masked = masked
        self._signs: list[Sign | None] = [token.sign if isinstance(token, Piece) else Sign.READ for token in tokens]
        # Every bracket that does not close steps once behind the end.
        self._signs += [None] * (len(tokens) + 4)
        self._at = 0
        self._section = section
        self._spanned = spanned
        self._denying = 0
        self._bracket_shuts_out = False
        """Whether the last bracket that excepts something can only shut out."""
        self._failing = False
        """Within "unable to …": examples behind it are of the inability."""
        self._closed = 0
        """Within a condition behind a demand."""
        self._ends_at_with = False
        self._fronted_if = False
        """Within a condition in front of a demand: "for patients with liver metastases, ALT up to 5 x ULN"."""

    def _other_people(self) -> bool:
        """Whether a subject of its own stands in front of the next words, and nothing that joins them."""
        before, token = self._tokens[self._at - 1], self._tokens[self._at]
        behind = token.start + 15 if isinstance(token, Reading) else token.start + 1
        found = PEOPLE.search(self._masked, before.end, min(len(self._masked), max(behind, before.end)))
        return (
            found is not None
            and found.start() >= before.end
            and not re.search(r"[(,]", self._masked[before.end : found.start()])
        )

    def _of_whom(self) -> bool:
        """Whether "who" stands in front of the next words of a demand: what follows says more of those named before."""
        if self._section == "exclusion" or self._denying or self._closed or self._at == 0:
            return False
        before, token = self._tokens[self._at - 1], self._tokens[self._at]
        behind = token.start + 12 if isinstance(token, Reading) else token.start + 1
        return WHO.match(self._masked, before.end, min(len(self._masked), behind)) is not None

    def _value_follows(self) -> bool:
        """Whether a value stands right behind a comma."""
        token = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        return isinstance(token, Reading) and all(item.kind in VALUES for item in leaves(token.node))

    def _measured(self) -> bool:
        """Whether a measured value with its limit stands here."""
        token = self._tokens[self._at]
        return isinstance(token, Reading) and all(item.kind in MEASURED for item in leaves(token.node))

    def _begins(self) -> bool:
        """Whether a value stands here that no word joins to what is denied or to a condition: it is another demand."""
        before, token = self._tokens[self._at - 1], self._tokens[self._at]
        if not isinstance(token, Reading) or any(item.kind not in VALUES for item in leaves(token.node)):
            return False
        alike = isinstance(before, Reading) and any(item.kind in VALUES for item in leaves(before.node))
        return not alike and TIES.search(self._masked, before.end, token.start) is None

    def _fronted(self, first: int) -> bool:
        """Whether words that except something open the sentence and a comma follows."""
        opener = self._masked[self._tokens[first].start : self._tokens[first].end]
        return not opener.startswith("exclu") and Sign.COMMA in self._signs[first : self._at]

    def _plain(self, first: int) -> Leaf:
        """Everything from one token to here as unread."""
        tokens = self._tokens[first : self._at]
        return Leaf("unread", leaf("unread").params, self._spanned(tokens[0].start, tokens[-1].end))

    def _anew(self) -> bool:
        """Whether the words here begin a demand of their own: "must not be A and must have B"."""
        token = self._tokens[self._at]
        before = self._tokens[min(self._at, len(self._tokens)) - 1].end if self._at else 0
        if not isinstance(token, Reading):
            return ANEW.match(self._masked, before) is not None
        # "No active infection HIV negative": a list that lost its bullets.
        negative = isinstance(token.node, Not) and {item.kind for item in leaves(token.node)} == {"viral_infection"}
        return (
            negative
            or ANEW.match(self._masked, before) is not None
            or ANEW.match(self._masked, token.start) is not None
        )

    def _denies_itself(self) -> bool:
        """Whether a proposition brings its own "no": "no longer fit, have no standard therapy", a negative test."""
        token = self._tokens[self._at]
        if not isinstance(token, Reading):
            return False
        tested = isinstance(token.node, Not) and {item.kind for item in leaves(token.node)} == {"pregnancy"}
        return tested or OWN_DENIAL.match(self._masked, token.start, token.end) is not None

    def _lost_bullet(self, token: Reading) -> bool:
        """Whether among exclusions a reading stands right behind another that says all by itself."""
        before = self._tokens[self._at - 2] if self._at > 1 else None
        if self._section == "inclusion" or self._denying or not isinstance(before, Reading):
            return False
        return not self._masked[before.end : token.start].strip() and all(
            {item.kind for item in leaves(reading.node)} <= STANDS_ALONE for reading in (before, token)
        )

    def _names_part(self, node: Node) -> bool:
        """Whether a bracket right in front names a cohort, a part or a phase of the trial and nothing else."""
        if any(item.kind != "unread" for item in leaves(node)):
            return False
        last = self._tokens[min(self._at, len(self._tokens)) - 1].end
        first = self._masked.rfind("(", 0, last)
        return first >= 0 and is_part(self._masked[first:last])

    def _welcome(self) -> bool:
        token = self._tokens[self._at]
        return isinstance(token, Reading) and any(item.kind in WELCOME for item in leaves(token.node))

    def _placed(self, reading: Reading) -> Node:
        return placed(reading.node, self._spanned(reading.start, reading.end), reading.rule)

    def _unread(self, piece: Piece) -> Leaf:
        return Leaf("unread", _NOTHING, self._spanned(piece.start, piece.end), None, WORDS)

    def _sign(self) -> Sign | None:
        return self._signs[self._at]
