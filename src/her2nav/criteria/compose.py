"""Propositions and the words between them, put together as logic; what is not understood stays as `unread`.

The answer is always the positive proposition that a sentence states. Where a sentence can be read in two ways the
node is true only if both are, and false only if neither is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from her2nav.criteria.cancers import describing, either_cancer, of_breast
from her2nav.criteria.connectors import Piece, Sign, pieces
from her2nav.criteria.joining import (
    by_numbers,
    explained,
    in_other_words,
    joined,
    limited,
    of_either,
    of_last_limit,
)
from her2nav.criteria.links import Links
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt, simplified
from her2nav.criteria.looser_limits import of_some
from her2nav.criteria.readings import Reading, Spanned
from her2nav.criteria.trailing import bounded, narrowed, of_vessels
from her2nav.criteria.turns import (
    ALSO_THOSE,
    BUT_NOT,
    DEMAND,
    EASED,
    EITHER,
    EXCLUDED,
    FAILS,
    FOR_SOME,
    LET_IN_NOTE,
    LOST_BULLET,
    MUST,
    NOTE,
    PARTING,
    PRESENCE,
    SHUTS_OUT,
    STANDS_ALONE,
    TREATED,
    WELCOMED,
)
from her2nav.criteria.walk import Walk
from her2nav.kinds.reading.base import Section, both_ways, leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves


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


_VALUES = frozenset({"lab_value", "lvef", "qtc", "vital_sign"})


def _of_values(node: Node) -> bool:
    return any(item.kind in _VALUES for item in leaves(node))


_OF_A_SITE = frozenset({"procedure", "metastatic_site", "prior_therapy"})
_MARKERS = frozenset({"hormone_receptor", "her2_status", "gene_status", "msi_mmr", "pd_l1"})


def _of_markers(condition: Node, parts: Sequence[Node]) -> bool:
    """Whether a condition names markers alone, and the demand before it none."""
    asked = {item.kind for part in parts for item in leaves(part)}
    return {item.kind for item in leaves(condition)} <= _MARKERS and not asked & _MARKERS


class _Turn(NamedTuple):
    """An exception or a guard with what stood before it."""

    sign: Sign
    node: Node | None
    other: Node | None

    def bound(self, condition: Node, *, instead: bool) -> _Turn:
        """The exception with a condition behind it: "except B, who are let in if C", "… or if D"."""
        if self.other is None:
            return self
        if instead and isinstance(self.other, AllOf):
            *whom, last = self.other.parts
            return self._replace(other=AllOf((*whom, any_of([last, condition]))))
        return self._replace(other=AllOf((self.other, condition)))

    def parted(self, condition: Node) -> Node | None:
        """Two demands, each under its condition: "A in case of B or C in case of D"."""
        if self.node is None or not isinstance(self.other, AnyOf) or self.other.span is not None:
            return None
        *whom, demand = self.other.parts
        return all_of([When(any_of(whom), self.node), When(condition, demand)])


class _Composer(Walk):
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
        before: _Turn | None = None
        guard: _Turn | None = None
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
            turn = _Turn(sign, node, other)
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
                node = self._guarded(node, other)
            before = turn if turn.sign is Sign.EXCEPT and turn.other is not None else None
            guard = turn if turn.sign is Sign.IF else None
        return node

    def _guarded(self, node: Node | None, condition: Node | None) -> Node | None:
        if condition is None:
            return node
        if node is None:
            rest = self._list(denied=False) if self._sign() is Sign.COMMA else None
            return condition if rest is None else When(condition, rest)
        if (limits := of_last_limit(node, condition, self._section)) is not None:
            return limits
        return When(condition, node) if self._section == "inclusion" else all_of([node, condition])

    def _shuts_out(self, place: int, exception: Node | None = None) -> bool:
        """Whether an exception to a demand can only take somebody out: "stage IV disease, excluding X"."""
        if self._section != "inclusion":
            return False
        start = self._tokens[place].start
        if exception is not None and BUT_NOT.match(self._masked, start):
            return {item.kind for item in leaves(exception)} <= TREATED
        return SHUTS_OUT.match(self._masked, start) is not None

    def _excepted(self, node: Node | None, exception: Node | None, *, shuts_out: bool = False) -> Node | None:
        if exception is None:
            return node
        if node is None:
            return deny(exception)
        if shuts_out and not isinstance(node, Not) and all(item.kind not in EASED for item in leaves(node)):
            return all_of([node, deny(exception)])
        if all(item.kind == "unread" for item in leaves(node)):
            # What is let in from words that were not read says nothing alone.
            return node
        if self._section == "exclusion" or self._denying:
            return all_of([node, deny(exception)])
        if isinstance(node, AllOf):
            # "Lung cancer with progression on platinum, unless unfit for it": the cancer is asked for all the same.
            flat = [item for part in node.parts for item in (part.parts if isinstance(part, AllOf) else (part,))]
            said = describing(flat, wide=all(item.kind != "tumour_type" for item in leaves(exception)))
            if 0 < said < len(flat):
                return all_of([*flat[:said], any_of([all_of(flat[said:]), exception])])
        if (cancers := either_cancer(node)) is not None:
            # "Ductal cancer, or lobular cancer with progression, unless unfit": one of the cancers is asked for.
            return all_of([cancers, any_of([node, exception])])
        return any_of([node, exception])

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
            first = self._tokens[self._at].start
            node = self._element()
            if node is None:
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

    def _signs_ahead(self) -> Sign | None:
        """What stands behind the next token."""
        following = self._at + 1
        return self._signs[following] if following < len(self._signs) else None

    def _of_some(self, elements: list[Node]) -> bool:
        """Whether a list of those whom looser limits are for has ended: behind its comma stands what binds them."""
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        further = isinstance(following, Reading) and of_some(following.node)
        return not further and of_some(all_of(elements))

    def _some_first(self) -> bool:
        """Whether a clause begins with those whom looser limits are for: "for patients with liver metastases, ALT …"."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if self._section == "exclusion" or not isinstance(token, Reading) or not of_some(token.node):
            return False
        before = self._tokens[self._at - 1].end if self._at else 0
        return FOR_SOME.search(self._masked, before, token.start) is not None

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
                first = self._at - 1
                bracket = self._bracket()
                last = self._tokens[min(self._at, len(self._tokens)) - 1].end
                said = self._masked[self._tokens[first].start : last]
                inner = [item for item in self._tokens[first : self._at] if isinstance(item, Reading)]
                behind = self._masked[inner[-1].end : last] if inner else ""
                if parts and self._section == "inclusion" and not self._denying and LET_IN_NOTE.match(said):
                    # "INR below 1.5 (note: on warfarin 2 to 3 is acceptable)".
                    parts = [any_of([all_of(parts), self._plain(first)])]
                    continue
                if bracket is not None and parts and self._section == "inclusion" and WELCOMED.search(said):
                    # "No uncontrolled brain metastases (treated ones eligible)", "no chemotherapy (adjuvant allowed)".
                    head, let_in = all_of(parts), bracket[1]
                    alike = {item.kind for item in leaves(let_in)} & {item.kind for item in leaves(head)} - {"unread"}
                    if self._denying or alike:
                        parts = [all_of([head, deny(let_in)]) if self._denying else any_of([head, in_doubt(let_in)])]
                        continue
                if bracket is not None and (NOTE.match(said) or (self._failing and bracket[0] is Sign.EXAMPLES)):
                    bracket = (None, self._plain(first))
                elif bracket is not None and EXCLUDED.search(behind):
                    sure = bracket[0] is None and self._section == "inclusion" and not self._denying
                    bracket = (None, deny(bracket[1]) if sure else self._plain(first))
                elif (
                    bracket is not None
                    and bracket[0] is None
                    and self._section == "exclusion"
                    and parts
                    and WELCOMED.search(behind)
                ):
                    bracket = (Sign.EXCEPT, bracket[1])
                elif bracket is not None and (
                    DEMAND.search(said) if self._denying else self._section == "exclusion" and MUST.search(said)
                ):
                    # "Not breast cancer (patients with lung cancer must …)": the "not" ends before the bracket.
                    bracket = (None, self._plain(first))
                if parts and bracket is not None and bracket[0] is Sign.DEFINES and PRESENCE.search(said):
                    # "Unstable liver disease (as defined by the presence of ascites …)" is liver disease with these.
                    bracket = (None, bracket[1])
                    parts = [all_of([*parts, bracket[1]])]
                    continue
                if bracket is not None and bracket[0] is Sign.IF and not parts:
                    # "(provided that …)" behind words that were not read: of what it is the condition, is not known.
                    bracket = (None, self._plain(first))
                if bracket is not None:
                    parts = self._narrowed(parts, bracket)
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

    def _unread_bracket(self) -> tuple[Sign | None, Node]:
        """A denial in brackets within a denial: which of the two it turns is not said."""
        first = self._tokens[self._at]
        last = first
        while self._at < len(self._tokens) and self._sign() is not Sign.CLOSE:
            last = self._tokens[self._at]
            self._at += 1
        self._at += 1
        return None, Leaf("unread", leaf("unread").params, self._spanned(first.start, last.end))

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
