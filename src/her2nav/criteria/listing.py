"""Lists in a sentence: elements with the words that narrow them, and the connectors between them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from her2nav.criteria.brackets import Bracketed
from her2nav.criteria.connectors import Piece, Sign
from her2nav.criteria.joining import (
    explained,
    joined,
    limited,
    of_either,
)
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt
from her2nav.criteria.looser_limits import of_some
from her2nav.criteria.readings import Reading
from her2nav.criteria.trailing import bounded, narrowed, of_vessels
from her2nav.criteria.turns import (
    ALSO_THOSE,
    DEMANDS_MORE,
    EITHER,
    FAILS,
    LOST_BULLET,
    PARTING,
)
from her2nav.kinds.reading.base import both_ways
from her2nav.model.tree import Node, leaves

_OF_A_SITE = frozenset({"procedure", "metastatic_site", "prior_therapy"})
_COURSES = frozenset({"prior_therapy", "disease_progression"})
"""What "resistant", "refractory" and their definitions say."""


class Listed(Bracketed):
    """The walk, with the lists on its way."""

    def _list(self, *, denied: bool, narrow: bool = False, examples: bool = False) -> Node | None:
        """Elements with the connectors between them, up to an exception, a guard, a stop or a closing bracket."""
        elements: list[Node] = []
        said: list[str] = []
        joints: list[Sign] = []
        behind_with: set[int] = set()
        either = 0
        joint: Sign | None = None
        while (sign := self._sign()) not in (None, Sign.EXCEPT, Sign.IF, Sign.STOP, Sign.CLOSE):
            if (
                self._fronted_if
                and elements
                and sign is Sign.COMMA
                and (self._value_follows() or self._of_some(elements))
            ):
                break
            if examples and len(elements) == 1 and sign is Sign.COMMA and self._signs_ahead() is Sign.OR:
                # "Stroke including transient attacks, or pulmonary embolism": two examples would bring no comma.
                break
            if (
                examples
                and elements
                and sign is Sign.AND
                and DEMANDS_MORE.match(self._masked, self._tokens[self._at].end)
            ):
                # "Four weeks since an operation such as A, and must not have B": the second demand is no example.
                break
            if narrow and elements and sign is Sign.COMMA:
                # "HIV without treatment, or syphilis": what is denied inside an entry ends with the entry.
                break
            if (
                denied
                and elements
                and sign is Sign.AND
                and self._ends_at_with
                and self._masked.startswith("with", self._tokens[self._at].start)
            ):
                # "NSCLC without EGFR mutation with progression after chemotherapy".
                break
            if elements and joint in (None, Sign.COMMA) and sign not in (Sign.AND, Sign.OR) and self._of_whom():
                # "Solid tumours, who have failed A, or for whom there is no therapy": both say more of the same people.
                behind_with.add(len(elements))
                joint = Sign.AND
            if sign in (Sign.AND, Sign.OR, Sign.COMMA):
                if sign is Sign.AND and self._masked.startswith("with", self._tokens[self._at].start):
                    behind_with.add(len(elements))
                joint = sign if joint in (None, Sign.COMMA) else joint
                if (
                    joint is Sign.AND
                    and self._section == "exclusion"
                    and not self._denying
                    and ALSO_THOSE.match(self._masked, self._tokens[self._at].end) is not None
                ):
                    # "Pregnant women and women who breastfeed" shuts out both.
                    joint = Sign.OR
                self._at += 1
                continue
            if self._failing and elements and joint in (Sign.OR, Sign.COMMA) and self._measured():
                # "Inability to determine the QT interval or QTc above 480": the second is no inability.
                self._at -= 1
                break
            if denied and joint in (Sign.AND, Sign.COMMA) and self._welcome():
                self._at -= 1
                break
            if denied and elements and (self._anew() if joint is None else self._anew() or self._denies_itself()):
                self._at -= joint is not None
                break
            if (
                (self._denying or self._closed)
                and elements
                and joint is None
                and (self._begins() or self._other_people())
            ):
                break
            if denied and elements and sign is Sign.NOT:
                # "No A and no B": the second "no" begins anew.
                self._at -= joint is not None
                break
            before = self._tokens[self._at - 1].end if self._at else 0
            if elements and EITHER.search(self._masked, before, self._tokens[self._at].start):
                either = len(elements)
            index = self._at
            first = self._tokens[index].start
            node = self._element()
            if node is None:
                continue
            if not denied and joint in (Sign.OR, Sign.COMMA) and self._defines_all(index, elements, node):
                whole = joined(elements, joints, behind_with, self._section, self._links, denied=False)
                elements, joints, behind_with = [all_of([whole, node])], [], set()
                said = [self._masked[self._tokens[0].start : first]]
                joint = None
                continue
            if elements:
                joints.append(joint if joint is not None else Sign.AND)
            elements.append(node)
            said.append(self._masked[first : self._tokens[min(self._at, len(self._tokens)) - 1].end])
            joint = None
        if (denied or self._section == "exclusion") and len(elements) > 1:
            elements = of_vessels(bounded(elements, said, self._links.events), said)
            if len(joints) == len(elements) - 1:
                elements = narrowed(elements, said, joints, behind_with)
        if either and len(elements) == len(joints) + 1:
            elements, joints = of_either(elements, joints, either)
        return joined(elements, joints, behind_with, self._section, self._links, denied=denied) if elements else None

    def _defines_all(self, index: int, elements: Sequence[Node], node: Node) -> bool:
        """Whether a definition behind the last of a list is that of the whole list.

        "Resistant cancer of the ovary, tube or peritoneum, defined as progression within 6 months": it says what the
        list asks for already, in front of it, and nothing that is read stands between.
        """
        if self._section != "inclusion" or not elements:
            return False
        signs = itertools.dropwhile(lambda sign: sign is Sign.REST, self._signs[index : self._at])
        kinds = {item.kind for item in leaves(node)} - {"unread", "judgement"}
        named = {item.kind for part in elements for item in leaves(part)}
        return next(signs, None) is Sign.DEFINES and bool(kinds & named & _COURSES)

    def _signs_ahead(self) -> Sign | None:
        """What stands behind the next token."""
        following = self._at + 1
        return self._signs[following] if following < len(self._signs) else None

    def _of_some(self, elements: list[Node]) -> bool:
        """Whether a list of those whom looser limits are for has ended: behind its comma stands what binds them."""
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        further = isinstance(following, Reading) and of_some(following.node)
        return not further and of_some(all_of(elements))

    def _element(self) -> Node | None:
        """One proposition with the words and brackets that narrow it."""
        parts: list[Node] = []
        loose = False
        while (sign := self._sign()) not in PARTING:
            if self._denying and parts and self._anew():
                break
            if (
                self._denying
                and parts
                and sign is Sign.NOT
                and LOST_BULLET.match(self._masked, self._tokens[self._at].start) is not None
            ):
                # "No prior trastuzumab No concurrent hormones": a list that lost its bullets.
                break
            if (self._denying or self._closed) and parts and (self._begins() or self._other_people()):
                break
            if parts and self._of_whom():
                break
            token = self._tokens[self._at]
            self._at += 1
            if isinstance(token, Reading):
                loose = loose or self._lost_bullet(token)
                parts.append(self._placed(token))
            elif sign is Sign.REST:
                parts.append(self._unread(token))
            elif sign is Sign.NOT:
                self._denying += 1
                self._ends_at_with = self._masked.startswith("without", token.start)
                failing, self._failing = self._failing, FAILS.match(self._masked, token.start) is not None
                inside = self._list(denied=True, narrow=bool(parts) and self._section == "exclusion")
                self._denying -= 1
                self._failing = failing
                if inside is not None:
                    parts.append(deny(inside))
                break
            elif sign is Sign.WHATEVER:
                self._pass_over()
            elif sign is Sign.NON:
                parts += self._non()
            elif sign is Sign.OPEN:
                parts = self._with_bracket(parts)
            elif sign in (Sign.EXAMPLES, Sign.DEFINES):
                first = self._at
                inside = self._list(denied=False, examples=sign is Sign.EXAMPLES and bool(parts))
                if inside is not None:
                    denied = self._section == "exclusion" or self._denying > 0
                    parts = explained(self._ahead_of(parts, inside, first, sign), inside, sign, denied=denied)
                break
        if loose:
            return both_ways(any_of(parts), all_of(parts))
        if self._section == "inclusion" and not self._denying:
            parts = limited(parts)
        return all_of(parts) if parts else None

    def _ahead_of(self, parts: list[Node], inside: Node, first: int, sign: Sign) -> list[Node]:
        """What examples follow: "stroke including embolism within six months" may bind the stroke to the time too."""
        if sign is not Sign.EXAMPLES or not parts or (self._section == "inclusion" and not self._denying):
            return parts
        tokens = self._tokens[first : self._at]
        written = self._masked[tokens[0].start : tokens[-1].end] if tokens else ""
        head = all_of(parts)
        found = bounded([head, inside], ["", written], self._links.events)[0]
        if found == head:
            return parts
        others = {item.kind for item in leaves(inside)} - {item.kind for item in leaves(head)} - {"unread", "judgement"}
        # What is named beside the sort of events in front may be meant as well.
        return [any_of([found, in_doubt(inside, doubt="the examples by themselves, too")]) if others else found]

    def _pass_over(self) -> None:
        """Leave out what makes no difference: "with or without prior surgery", "regardless of symptoms"."""
        depth = 0
        while (sign := self._sign()) is not None:
            if depth == 0 and sign in PARTING and sign is not Sign.OR:
                break
            depth += (sign is Sign.OPEN) - (sign is Sign.CLOSE)
            self._at += 1

    def _non(self) -> list[Node]:
        """What stands behind "non-": it denies that one word and no more."""
        if self._sign() not in (Sign.READ, Sign.REST):
            return []
        first = self._at
        token = self._tokens[first]
        self._at += 1
        if isinstance(token, Piece) and self._sign() is Sign.READ:
            # "Non-predominant squamous" says something of what is read behind it.
            self._at += 1
            return [self._plain(first)]
        if isinstance(token, Reading) and all(item.kind in _OF_A_SITE for item in leaves(token.node)):
            # "Non-cranial radiotherapy within ten days" is radiotherapy of another site, and denies none.
            return [self._plain(first)]
        return [deny(self._placed(token) if isinstance(token, Reading) else self._unread(token))]
