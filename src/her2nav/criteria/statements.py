"""The sentences of an item as one proposition: what demands, excludes, and permits an exception to the one before."""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.criteria import denied_first, inline_lists
from her2nav.criteria import statement_words as words
from her2nav.criteria.alternatives import types_of
from her2nav.criteria.cured import spliced
from her2nav.criteria.cutting import cut, halves
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt
from her2nav.criteria.looser_limits import loosened
from her2nav.criteria.modals import Force, force
from her2nav.criteria.one_sentence import OneSentence
from her2nav.criteria.permits_apart import allowed, permits_apart
from her2nav.criteria.scopes import of_part
from her2nav.criteria.sentences import Stretch, part
from her2nav.criteria.some_bound import apart
from her2nav.criteria.statement_nodes import (
    DENIES,
    bound_by,
    bounds,
    decides_anything,
    is_slip,
    let_in,
    of_illness,
    polar,
    proviso,
    role_of,
    unread,
    with_permit,
    without_cancer,
)
from her2nav.kinds.reading.adequacy import RECOVERY
from her2nav.kinds.reading.base import Section, both_ways
from her2nav.language.view import View
from her2nav.model.tree import AnyOf, Node, Not, When, leaves
from her2nav.model.trial import Role


def _of_recovery(node: Node) -> bool:
    return any(getattr(item.params, "topic", None) == RECOVERY for item in leaves(node))


def _shut_out(demand: Node) -> Node:
    """Return whom a demand with a way out shuts out: those with the illness who are not let in."""
    match demand:
        case AnyOf(parts=(Not(part=illness), *others)):
            return all_of([illness, *map(deny, others)])
    return deny(demand)


_ANY_TUMOUR = frozenset({"solid_tumour"})


class Statements(OneSentence):
    """Reads stretches of one text as propositions."""

    def exclusive(self, nodes: Sequence[Node]) -> bool:
        """Whether propositions name cancers of which some exclude each other."""
        return self._sentences.exclusive(nodes)

    def joined(self, lead: View, view: View, section: Section) -> Node | None:
        """The proposition of an entry read together with the words of its lead; None where the entry brings its own "no"."""
        if section == "exclusion" and DENIES.match(view.text):
            return None
        return self._sentences.read(Stretch(lead.joined(view), len(lead.text) + 1), section)[0]

    def statement(self, view: View, section: Section) -> Node | None:
        """The proposition of all sentences of a stretch."""
        pieces = inline_lists.timed(cut(view), section)
        if section == "inclusion":
            pieces = [each for piece in pieces for each in apart(piece)]
        parts: list[Node] = []
        for piece, *others in inline_lists.gathered(pieces, section):
            if others and inline_lists.lead_of(piece.text):
                parts.append(self._one_of([piece, *others]))
                continue
            parts += [unread(each.span(0, len(each.text))) for each in others]
            if section == "exclusion" and parts and words.IS_DEFINED.match(piece.text):
                parts[-1] = all_of([parts[-1], unread(piece.span(0, len(piece.text)))])
                continue
            if section == "exclusion" and len(pieces) > 1 and force(piece.text) is Force.REQUIRES:
                # "Women not using contraception. They will agree to use it.": the second sentence demands.
                asked = self.sentence(piece, "inclusion")
                parts += [deny(without_cancer(asked))] if asked is not None else []
            elif section == "exclusion" and parts and force(piece.text) is Force.PERMITS:
                # "Tamoxifen for four weeks. Those who had it to prevent cancer are eligible."
                permitted = self.sentence(piece, section, permits=True)
                if permitted is not None:
                    parts[-1] = _shut_out(with_permit(deny(parts[-1]), let_in(permitted), piece.text))
            elif (lacking := self._asked_to_lack(piece, section, force(piece.text))) is not None:
                parts.append(deny(lacking))
            elif (node := self.sentence(piece, section)) is not None:
                slip = section == "exclusion" and is_slip(node, piece.text)
                parts.append(both_ways(node, deny(node)) if slip else node)
        if not parts:
            return None
        return any_of(parts) if section == "exclusion" else all_of(parts)

    def _asked_to_lack(self, piece: View, section: Section, what: Force) -> Node | None:
        """Return the demand that an entry of the exclusions is written as: "no other cancer within five years"."""
        if section != "exclusion" or what is not Force.SECTION or not denied_first.begins(piece.text):
            return None
        asked = self.sentence(piece, "inclusion")
        return asked if asked is not None and denied_first.is_demand(asked) else None

    def paragraph(self, section: Section, view: View, nested: Sequence[View] = ()) -> tuple[Node | None, Role]:
        """Sentences in order: each demands, excludes, or permits an exception to the one before."""
        decided: list[Node] = []
        permits: list[Node] = []
        of_some: tuple[int, int] | None = None
        """Where the part of the trial stands of which the sentences before speak."""
        label: Node | None = None
        """Whom a name and a colon in front bind."""
        mixed = False
        """Whether behind the colon another cancer is named as well: which demand is of which, is not known."""
        of_those_let_in: list[Node] = []
        """What some patients must fulfil to be let in, and nobody else."""
        told = spliced([piece for whole in (view, *nested) for piece in cut(whole)])
        told = [*permits_apart(told)] if section == "inclusion" else told
        views = [half for piece in inline_lists.timed(told, section) for half in halves(piece, section, self._asks)]
        for piece, *others in inline_lists.gathered(views, section):
            if others and inline_lists.lead_of(piece.text):
                decided.append(self._one_of([piece, *others]))
                continue
            of_those_let_in += [unread(each.span(0, len(each.text))) for each in others]
            if decided and words.RECOVERY_DEFINED.match(piece.text) and _of_recovery(decided[-1]):
                # Whoever judges the recovery goes by what the text calls one.
                continue
            if section == "exclusion" and decided and words.IS_DEFINED.match(piece.text):
                decided.append(unread(piece.span(0, len(piece.text))))
                continue
            if section == "exclusion" and decided and words.BOUNDS_ONE.match(piece.text):
                decided[-1] = any_of([decided[-1], unread(piece.span(0, len(piece.text)))])
                continue
            what = force(piece.text)
            if (
                section == "exclusion"
                and decided
                and what is not Force.PERMITS
                and words.EXCEPTION_FIRST.match(piece.text)
            ):
                decided[-1] = any_of([decided[-1], unread(piece.span(0, len(piece.text)))])
                continue
            if section == "exclusion" and what is Force.REQUIRES and words.AND_MUST.search(piece.text):
                # "Surgery within four weeks, and must have recovered": half of it excludes, half demands.
                decided.append(unread(piece.span(0, len(piece.text))))
                continue
            if section == "inclusion" and decided and words.NOT_FOR.match(piece.text):
                # "… Note: except participants of part 1m": of whom the demand before is made is left open.
                decided[-1] = any_of([decided[-1], unread(piece.span(0, len(piece.text)))])
                continue
            if section == "inclusion" and decided and words.EASING.match(piece.text):
                decided[-1] = loosened(decided[-1], unread(piece.span(0, len(piece.text))))
                continue
            if section == "inclusion" and decided and words.EXCEEDED.fullmatch(piece.text):
                # "If a limit is exceeded, patients may be included once treatment has begun".
                decided[-1] = with_permit(decided[-1], allowed(piece), piece.text)
                continue
            if section == "inclusion" and decided and words.IRRADIATED.fullmatch(piece.text):
                # Of a lesion that was irradiated the criteria of response say so themselves.
                continue
            if section == "inclusion" and decided and words.COUNTS_TOO.search(piece.text):
                # "Measurable disease; lytic lesions of bone will be considered measurable": they suffice as well.
                decided[-1] = any_of([decided[-1], unread(piece.span(0, len(piece.text)))])
                continue
            reach = section
            if what is Force.REQUIRES:
                reach = "inclusion"
            elif what is Force.EXCLUDES:
                reach = "exclusion"
            if self._asked_to_lack(piece, section, what) is not None:
                reach = "inclusion"
            node = self.sentence(piece, reach, permits=what is Force.PERMITS)
            if node is None:
                continue
            if what is Force.PERMITS:
                if decided:
                    whom = let_in(node)
                    if nested and piece.text.rstrip().endswith(":"):
                        # "… may take part provided they:" and what they must fulfil stands below.
                        whom = all_of([whom, unread(piece.span(piece.text.rfind(" ") + 1, len(piece.text)))])
                    decided[-1] = with_permit(decided[-1], whom, piece.text)
                elif section == "inclusion" and (demand := proviso(node, piece.text)) is not None:
                    decided.append(demand)
                else:
                    permits.append(node)
                continue
            if reach == "exclusion" and what is Force.SECTION and is_slip(node, piece.text):
                node = both_ways(node, deny(node))
            if reach == "exclusion" and words.LIST_TO_COME.search(piece.text) and of_illness(node):
                # "Active cardiac disease:" and a list that stands elsewhere: the list says what is meant.
                node = in_doubt(node)
            if section == "exclusion" and what is Force.REQUIRES:
                # "Cancer patients with pancreatic insufficiency must take enzymes": the cancer says of whom it speaks.
                node = without_cancer(node)
            demand = polar(node, reach)
            labelled = self._label(piece, demand) if reach == "inclusion" else None
            if labelled is not None:
                apart = self._others_named(demand, labelled)
                mixed = bool(apart)
                label = any_of([labelled, *apart])
                if mixed:
                    demand = When(label, unread(piece.span(0, len(piece.text))))
            elif words.OWN_LABEL.match(piece.text):
                label = None
            elif label is not None and reach == "inclusion":
                # "Lung cancer: patients must have had A. They must not have had B.": both bind those with lung cancer.
                demand = When(label, unread(piece.span(0, len(piece.text))) if mixed else demand)
            bound = of_part(piece.text) if section == "inclusion" else None
            if bound is not None:
                of_some = piece.span(*bound[0])
            elif words.OF_PEOPLE.match(piece.text):
                of_some = None
            elif of_some is not None:
                # "Participants in part D must have A. Must have received B.": the second sentence speaks of them too.
                demand = When(bound_by(of_some), demand)
            if decided and reach == "inclusion" and words.OR_FIRST.match(piece.text):
                # "Measurable disease; or lesions that can be evaluated", "creatinine normal; or, if not, a clearance".
                second = all_of([demand.when, demand.then]) if isinstance(demand, When) else demand
                decided[-1] = any_of([decided[-1], second])
                continue
            if decided and reach == "inclusion" and self._other_patients(piece, decided[-1], demand):
                decided[-1] = in_doubt(any_of([decided[-1], demand]))
                continue
            decided.append(demand)
        decided += of_those_let_in
        if decided:
            if permits and not bounds(decided[0], all_of(permits)):
                decided[0] = with_permit(decided[0], all_of(permits))
            return all_of(decided), role_of(decided)
        if permits:
            return all_of(permits), Role.PERMITS
        return None, Role.PERMITS

    def _one_of(self, pieces: Sequence[View]) -> Node:
        """One of the entries of a list within a paragraph, and what its lead asks for beside it."""
        first, *rest = pieces
        at = inline_lists.lead_of(first.text)
        entries = [part(first, at, len(first.text)), *rest]
        either = any_of([self.sentence(each, "inclusion") or unread(each.span(0, len(each.text))) for each in entries])
        lead = self.sentence(part(first, 0, at), "inclusion")
        return either if lead is None or not decides_anything(lead) else all_of([lead, either])

    def _other_patients(self, piece: View, before: Node, demand: Node) -> bool:
        """Whether a sentence without a verb names a cancer behind one that takes all: perhaps others whom the trial takes.

        "Solid tumour with a change of A (part 1). Pancreatic cancer without it (part 2)."
        """
        named = types_of(demand)
        return (
            bool(named)
            and types_of(before) == _ANY_TUMOUR != named
            and words.VERB.search(piece.text) is None
            and any(inner.kind not in ("tumour_type", "disease_setting", "unread") for inner in leaves(before))
        )

    def _others_named(self, demand: Node, label: Node) -> list[Node]:
        """Return the cancers in what is asked of those with another that excludes them."""
        asked = demand.then if isinstance(demand, When) else demand
        named = [inner for inner in leaves(asked) if inner.kind == "tumour_type"]
        return [inner for inner in named if self.exclusive([label, inner])]

    def _label(self, piece: View, demand: Node) -> Node | None:
        """Return whom a cancer and a colon in front of a demand bind; None where none stands there."""
        if not isinstance(demand, When) or words.OWN_LABEL.match(piece.text) is None:
            return None
        return demand.when if self.guards.of_some_cancers(demand.when) else None
