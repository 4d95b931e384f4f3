"""The sentences of an item as one proposition: what demands, excludes, and permits an exception to the one before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from her2nav.criteria import inline_lists, judged
from her2nav.criteria import statement_words as words
from her2nav.criteria.asides import aside_of
from her2nav.criteria.asks_nothing import asks_nothing
from her2nav.criteria.contradictions import conjuncts
from her2nav.criteria.cured import spliced
from her2nav.criteria.guards import cancer_guard_of, guard_of, of_some_people, second_guard
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt
from her2nav.criteria.looser_limits import loosened
from her2nav.criteria.modals import Force, force
from her2nav.criteria.remarks import asks_nobody, cancer_in_front, front, second_behind_permission, surely_nothing
from her2nav.criteria.scopes import of_part, part_in_front
from her2nav.criteria.sentences import SentenceReader, Stretch, part, sentences
from her2nav.criteria.statement_nodes import (
    ASKED_FOR,
    DENIES,
    STATES_OF_CANCER,
    decides,
    decides_anything,
    is_slip,
    is_wait,
    let_in,
    names_cancer,
    narrows,
    of_illness,
    of_illness_or_brain,
    polar,
    proviso,
    role_of,
    unread,
    with_permit,
    without_cancer,
)
from her2nav.kinds.reading.base import Section, both_ways
from her2nav.language.view import View
from her2nav.model.tree import Leaf, Node, When, leaves
from her2nav.model.trial import Role

_NOTE_NUMBER = re.compile(r"\.(?<=[a-z]{3}\.)\d{1,3}\s+(?=(?:patients|subjects|participants)\b)")
"""The number of a footnote behind a full stop."""


_SOME = frozenset(
    {"age", "sex", "menopausal_status", "tumour_type", "disease_setting", "metastatic_site", "her2_status", "hormone_receptor", "gene_status", "msi_mmr", "pd_l1"}
)  # fmt: skip
"""Kinds that say whom a demand binds; what a patient takes may be the trial's own drug."""
_LONGEST_SENTENCE = 6000
"""Characters; what is longer is no sentence and stays unread."""


_MOST_BRACKETS = 60


def _balanced(written: str) -> bool:
    return written.count("(") == written.count(")") and written.count("[") == written.count("]")


class Statements:
    """Reads stretches of one text as propositions."""

    def __init__(self, sentence_reader: SentenceReader) -> None:
        self._sentences = sentence_reader

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
        pieces = _cut(view)
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
                    parts[-1] = deny(with_permit(deny(parts[-1]), let_in(permitted), piece.text))
            elif (node := self.sentence(piece, section)) is not None:
                slip = section == "exclusion" and is_slip(node, piece.text)
                parts.append(both_ways(node, deny(node)) if slip else node)
        if not parts:
            return None
        return any_of(parts) if section == "exclusion" else all_of(parts)

    def paragraph(self, section: Section, view: View, nested: Sequence[View] = ()) -> tuple[Node | None, Role]:
        """Sentences in order: each demands, excludes, or permits an exception to the one before."""
        decided: list[Node] = []
        permits: list[Node] = []
        of_some: tuple[int, int] | None = None
        """Where the part of the trial stands of which the sentences before speak."""
        label: Node | None = None
        """Whom a name and a colon in front bind."""
        of_those_let_in: list[Node] = []
        """What some patients must fulfil to be let in, and nobody else."""
        cut = [piece for whole in (view, *nested) for piece in spliced(_cut(whole))]
        views = [half for piece in cut for half in self._halves(piece, section)]
        for piece, *others in inline_lists.gathered(views, section):
            if others and inline_lists.lead_of(piece.text):
                decided.append(self._one_of([piece, *others]))
                continue
            of_those_let_in += [unread(each.span(0, len(each.text))) for each in others]
            if section == "exclusion" and decided and words.IS_DEFINED.match(piece.text):
                decided.append(unread(piece.span(0, len(piece.text))))
                continue
            if section == "exclusion" and decided and words.BOUNDS_ONE.match(piece.text):
                decided[-1] = any_of([decided[-1], unread(piece.span(0, len(piece.text)))])
                continue
            what = force(piece.text)
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
            if section == "exclusion" and what is Force.SECTION and is_slip(node, piece.text):
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
                label = labelled
            elif words.OWN_LABEL.match(piece.text):
                label = None
            elif label is not None and reach == "inclusion":
                # "Lung cancer: patients must have had A. They must not have had B.": both bind those with lung cancer.
                demand = When(label, demand)
            bound = of_part(piece.text) if section == "inclusion" else None
            if bound is not None:
                of_some = piece.span(*bound[0])
            elif words.OF_PEOPLE.match(piece.text):
                of_some = None
            elif of_some is not None:
                # "Participants in part D must have A. Must have received B.": the second sentence speaks of them too.
                demand = When(unread(of_some), demand)
            if decided and reach == "inclusion" and words.OR_FIRST.match(piece.text):
                # "Measurable disease; or lesions that can be evaluated", "creatinine normal; or, if not, a clearance".
                second = all_of([demand.when, demand.then]) if isinstance(demand, When) else demand
                decided[-1] = any_of([decided[-1], second])
                continue
            decided.append(demand)
        decided += of_those_let_in
        if decided:
            if permits:
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

    def _label(self, piece: View, demand: Node) -> Node | None:
        """Return whom a cancer and a colon in front of a demand bind; None where none stands there."""
        if not isinstance(demand, When) or words.OWN_LABEL.match(piece.text) is None:
            return None
        return demand.when if self._of_some_cancers(demand.when) else None

    def _halves(self, view: View, section: Section) -> list[View]:
        """Cut "gastric cancer, squamous cell carcinomas are excluded" and "A is allowed, but B is not": each has its own force."""
        text = view.text
        if section == "exclusion" and (demand := words.MUST_BEHIND.match(text)) is not None:
            # "Surgery within two weeks, and patients must have recovered": half of it excludes, half demands.
            return [part(view, 0, demand.end("what")), part(view, demand.end(), len(text))]
        if section == "inclusion" and (remark := words.BUT_MAY.match(text)) is not None:
            # "No A within a year, but may have received B": half of it demands, half permits.
            return [part(view, 0, remark.end("what")), part(view, remark.end(), len(text))]
        if section == "inclusion" and (first := words.EACH_PART.match(text)) is not None:
            # "Must have A for part 1 and must have B for part 2".
            return [part(view, 0, first.end("what")), part(view, first.end(), len(text))]
        if section == "inclusion" and (demand := words.MAY_AND_MUST.match(text)) is not None:
            # "May have had A, and must have B": half of it permits, half demands.
            return [part(view, 0, demand.end("what")), part(view, demand.end(), len(text))]
        if section == "inclusion" and (second := second_guard(text)) is not None:
            # "HER2 status known and participants with positive tumours show progression on trastuzumab".
            return [part(view, 0, second), part(view, second, len(text))]
        if section == "inclusion" and (own := second_behind_permission(text)):
            return [part(view, 0, own), part(view, own, len(text))]
        if force(text) not in (Force.EXCLUDES, Force.SECTION, Force.PERMITS):
            return [view]
        found = words.BUT_OWN.match(text)
        if found is not None:
            one, other = force(found["head"]), force(found["tail"])
            if one is not other and other in (Force.EXCLUDES, Force.PERMITS) and _balanced(found["head"]):
                return [part(view, *found.span("head")), part(view, *found.span("tail"))]
        if section == "inclusion" and force(text) is Force.EXCLUDES:
            found = words.SPLICED.match(text)
            if found is not None and _balanced(found["head"]) and self._asks(part(view, *found.span("head"))):
                return [part(view, *found.span("head")), part(view, *found.span("tail"))]
        return [view]

    def _guarded(self, view: View) -> Node | None:
        """Return a demand under the condition in front of it; None where nothing in front is a condition."""
        for guard in (guard_of(view.text), cancer_guard_of(view.text)):
            if guard is None:
                continue
            condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
            then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
            conditional = guard.explicit and words.IF_FIRST.match(view.text) is not None
            if conditional and condition is not None and self._binds_some(view, then):
                # "If treated before, then for four cycles": whatever is said behind it, it asks nobody for the condition.
                return When(condition, then if then is not None else unread(view.span(*guard.then)))
            if condition is None or then is None:
                continue
            if guard.holds(condition) or (
                decides(then)
                and (
                    guard.explicit
                    and words.OF_PATIENTS.match(view.text)
                    and words.VIRUS.search(view.text, *guard.when) is None
                )
            ):
                # "If the histology is X, must have Y": what of the condition was not read stays open in it.
                return When(condition, then)
            open_ = all(one.kind == "unread" for one in leaves(condition))
            if guard.fronted and open_ and role_of([then]) is Role.DECIDES:
                # "For the combination with A: patients must have B".
                return When(condition, then)
            if guard.of_people and not guard.only_cancer and open_ and decides(then):
                # "Patients with hormone-sensitive tumours must have received …": of whom, is not known.
                return When(condition, then)
            if guard.of_people and self._of_some_cancers(condition) and decides(then):
                # "Patients with ovarian cancer must have received platinum", in a trial that takes others too.
                bound = When(condition, then)
                if self._sentences.tumours:
                    return bound  # the record itself says which cancers it takes
                return all_of([any_of([condition, unread(view.span(*guard.when))]), bound])
        return self._tested(view)

    def _binds_some(self, view: View, then: Node | None) -> bool:
        """Whether an "if" in front makes a condition; a wait binds whoever was treated, and consent everybody."""
        whole, _ = self._sentences.read(Stretch(view), "inclusion")
        return not (whole is not None and is_wait(whole)) and (then is None or role_of([then]) is Role.DECIDES)

    def _tested(self, view: View) -> Node | None:
        """Return "patients over 60 must have an echocardiogram": whom it binds is not asked for."""
        guard = of_some_people(view.text)
        if guard is None or words.VIRUS.search(view.text, *guard.when):
            return None
        condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
        if condition is not None and all(inner.kind == "unread" for inner in leaves(condition)):
            # Among demands an illness is not read; here it says who is meant.
            condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "exclusion")
            condition = condition if condition is not None and of_illness_or_brain(condition) else None
        then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
        if condition is None or then is None:
            return None
        drug = any(inner.kind == "concomitant_medication" for inner in leaves(condition))
        if drug and not decides_anything(then):
            return None
        brain = of_illness_or_brain(condition) and not self._tells_of_brain(view)
        if of_illness(condition) or brain or (narrows(condition) and not decides_anything(then)):
            return When(condition, then)
        return None

    def _tells_of_brain(self, view: View) -> bool:
        """Whether a sentence as a whole says which metastases of the brain a trial takes."""
        node, _ = self._sentences.read(Stretch(view), "inclusion")
        return node is not None and any(item.kind == "cns_metastases" for item in leaves(node))

    def _of_some_cancers(self, node: Node) -> bool:
        """Whether words name cancers, and not all that the trial takes."""
        found = list(leaves(node))
        types = [name for inner in found for name in getattr(inner.params, "types", ())]
        kinds = {inner.kind for inner in found}
        return (
            bool(types)
            and kinds <= {*STATES_OF_CANCER, "unread", "judgement"}
            and not self._sentences.takes_only(types)
        )

    def _of_others(self, node: Node) -> bool:
        """Whether words name some of the trial's cancers, or people of whom nothing was read."""
        return all(inner.kind == "unread" for inner in leaves(node)) or self._of_some_cancers(node)

    def _asks(self, view: View) -> bool:
        """Whether words name what a trial asks for: its cancer and the state of it."""
        node = self.sentence(view, "inclusion")
        return node is not None and {inner.kind for inner in leaves(node)} <= ASKED_FOR

    def sentence(self, view: View, section: Section, *, permits: bool = False) -> Node | None:
        """The proposition of one sentence; "if HER2-positive, …" and "patients with … must have received …" are guards."""
        if len(view.text) > _LONGEST_SENTENCE or view.text.count("(") > _MOST_BRACKETS:
            return unread(view.span(0, len(view.text)))
        if permits and words.NO_LIMIT.fullmatch(view.text):
            return unread(view.span(0, len(view.text))) if words.BUT.search(view.text) else None
        if not permits and (behind := front(view.text, section)):
            return self.sentence(part(view, behind, len(view.text)), section)
        of_cancer = cancer_in_front(view.text) if section == "inclusion" and not permits else None
        if of_cancer is not None:
            whom = self._sentences.read(Stretch(part(view, *of_cancer[0])), section)[0]
            told = self.sentence(part(view, of_cancer[1], len(view.text)), section)
            open_ = unread(view.span(*of_cancer[0]))
            return When(whom or open_, told or unread(view.span(of_cancer[1], len(view.text))))
        if not permits and asks_nobody(view.text, section):
            return None if surely_nothing(view.text, section) else unread(view.span(0, len(view.text)))
        free = words.ANY_NUMBER.search(view.text)
        if free is not None and not permits:
            return self.sentence(part(view, 0, free.start()), section)
        named = words.SHORT_NAME.match(view.text)
        if named is not None:
            name, _ = self._sentences.read(Stretch(part(view, *named.span("name"))), section)
            if name is None or all(inner.kind == "unread" for inner in leaves(name)):
                # "Cohort 1 (DDI): …": the short name of a group of patients.
                return self.sentence(part(view, named.end(), len(view.text)), section, permits=permits)
        fronted = words.UNLESS_FIRST.match(view.text)
        if fronted is not None and not permits:
            # "Unless contraindicated, patients must have received A": the main clause keeps its sign.
            escape = unread(view.span(fronted.start("unless"), fronted.end("unless")))
            main = self.sentence(part(view, *fronted.span("main")), section)
            if main is None:
                return None
            return all_of([main, escape]) if section == "exclusion" else any_of([main, escape])
        defines = words.DEFINES.search(view.text) if section == "inclusion" else None
        if (
            defines is not None
            and (not permits or " not " in defines[0] or "non" in defines[0])
            and not words.ASKS.search(view.text)
        ):
            # "2+ is considered negative" says what a word means and asks nothing.
            return unread(view.span(0, len(view.text)))
        if (
            words.RECORDS.match(view.text)
            or words.ADVISES.match(view.text)
            or words.GENES_ARE.match(view.text)
            or words.IN_THAT_CASE.match(view.text)
            or words.REFLEX.match(view.text)
            or words.IS_DISEASE.match(view.text)
        ):
            told = self._sentences.read(Stretch(view), section)[0] if words.RECORDS.match(view.text) else None
            if told is not None and {item.kind for item in leaves(told)} == {"judgement"}:
                return told
            return unread(view.span(0, len(view.text)))
        if section == "exclusion" and words.IF_BUT.match(view.text):
            # "If the weight is normal, but was low before, …" says what happens then.
            return unread(view.span(0, len(view.text)))
        excluded_if = words.EXCLUDED_IF.fullmatch(view.text) if section == "exclusion" and not permits else None
        if excluded_if is not None:
            # "Those with brain metastases are excluded if these are …": what must hold beside is left to a person.
            who = self.sentence(part(view, *excluded_if.span("who")), section)
            if who is not None:
                return all_of([who, unread(view.span(*excluded_if.span("when")))])
        some = words.OF_SOME.fullmatch(view.text) if section == "exclusion" and not permits else None
        if some is not None:
            # "Patients with ovarian cancer: bowel obstruction" shuts out those with both.
            who = self.sentence(part(view, *some.span("who")), section)
            what = self.sentence(part(view, *some.span("what")), section)
            if what is not None and who is not None and names_cancer(who):
                return all_of([who, what])
        aside = aside_of(view.text, section) if not permits else None
        if aside is not None:
            open_ = unread(view.span(*aside.rest))
            main = self.sentence(part(view, *aside.what), section) if view.text[slice(*aside.what)].strip() else None
            if aside.empty:
                return main
            if main is None:
                return open_
            return any_of([main, open_]) if aside.frees and section == "inclusion" else all_of([main, open_])
        region = words.OF_REGION.fullmatch(view.text) if not permits else None
        if region is not None:
            there = self.sentence(part(view, *region.span("then")), section)
            where = unread(view.span(*region.span("where")))
            return there if there is None else When(where, there) if section == "inclusion" else all_of([where, there])
        bound_to = words.OF_LISTED.fullmatch(view.text) if section == "inclusion" and not permits else None
        if bound_to is not None:
            # "Patients with lymphoma: a measurable lesion" binds those alone, in a trial that takes others too.
            who, _ = self._sentences.read(Stretch(part(view, *bound_to.span("who"))), section)
            what = self.sentence(part(view, *bound_to.span("what")), section)
            if who is not None and what is not None and not names_cancer(what) and self._of_others(who):
                return When(who, what)
        fronted_part = part_in_front(view.text) if section == "exclusion" and not permits else None
        if fronted_part is not None:
            # "For phase II, prior chemotherapy": whether the patient would enter that part is open.
            shut = self.sentence(part(view, *fronted_part[1]), section)
            return all_of([unread(view.span(*fronted_part[0])), shut]) if shut is not None else None
        only = _of_some(view.text) if not permits else None
        if only is not None:
            # "At least one prior line (only for gastric cancers)" binds those alone.
            who = self.sentence(part(view, *only.span("who")), "inclusion")
            what = self.sentence(part(view, *only.span("what")), section)
            if what is not None and ({"pregnancy"} == {inner.kind for inner in leaves(what)} or _confirmed(what)):
                return what  # "a negative test (if female)": who is pregnant is one of them
            if what is not None:
                known = who is not None and all(inner.kind in _SOME for inner in leaves(who))
                when = who if who is not None and known else unread(view.span(*only.span("who")))
                return all_of([when, what]) if section == "exclusion" else When(when, what)
        if section == "inclusion" and not permits and (parted := of_part(view.text)) is not None:
            # "In phase 2, participants must have …" binds those of that part alone.
            asked = self.sentence(part(view, *parted[1]), section)
            after = parted[0][0] > parted[1][0]
            if not after or (asked is not None and all(one.kind != "tumour_type" for one in leaves(asked))):
                return When(unread(view.span(*parted[0])), asked or unread(view.span(*parted[1])))
        taking = words.TAKING.fullmatch(view.text) if section == "inclusion" and not permits else None
        if taking is not None:
            bound = self.sentence(part(view, *taking.span("then")), section)
            return When(unread(view.span(*taking.span("when"))), bound or unread(view.span(*taking.span("then"))))
        if section == "inclusion" and not permits and words.BARE_IF.fullmatch(view.text):
            return unread(view.span(0, len(view.text)))
        heads = section == "inclusion" and not permits and guard_of(view.text) is None
        if heads and (words.OF_WHOM.fullmatch(view.text) or words.REQUIRED_FOR.match(view.text)):
            # "For patients with liver metastases:" heads what stands below, and asks nobody for them.
            return unread(view.span(0, len(view.text)))
        treated = words.IN_THOSE.fullmatch(view.text) if section == "inclusion" and not permits else None
        if treated is not None and (what := self.sentence(part(view, *treated.span("what")), section)) is not None:
            # "Normal LVEF in patients to receive trastuzumab (HER2-positive)".
            return When(unread(view.span(*treated.span("who"))), what)
        guarded = self._guarded(view) if section == "inclusion" and not permits else None
        if guarded is not None:
            return guarded
        node = self._sentences.read(Stretch(view), section, permits=permits)[0]
        if node is not None and section == "exclusion" and words.ONLY_SO.search(view.text) and _of_treatment(node):
            # "Treated with radiotherapy only": who had more than that is not shut out.
            return all_of([node, unread(view.span(0, len(view.text)))])
        if node is not None and section == "exclusion" and (at := judged.examples_of(view.text)):
            return judged.as_judged(node, view.original(at))
        return self._eased(view, node) if node is not None and section == "inclusion" and not permits else node

    def _eased(self, view: View, node: Node) -> Node:
        """Return limits of which a remark in brackets that was not read may set looser ones: they stay open."""
        aside = words.EASING.search(view.text) if any(item.kind == "lab_value" for item in leaves(node)) else None
        if aside is None:
            return node
        first, last = view.span(*aside.span())
        spans = [item.span for item in conjuncts(node) if isinstance(item, Leaf) and item.kind == "unread"]
        if not any(span is not None and first <= span[0] < last for span in spans):
            return node
        limits = self.sentence(part(view, 0, aside.start()), "inclusion")
        return node if limits is None else loosened(limits, unread((first, last)))


def _of_some(written: str) -> re.Match[str] | None:
    """Match a demand and those whom alone it binds, named behind it."""
    patterns = (words.ONLY_FOR, words.FOR_THOSE, words.REQUIRED_OF)
    found = next((found for pattern in patterns if (found := pattern.fullmatch(written)) is not None), None)
    # "Karnofsky 60 (for adults) or Lansky 60 (for children)": the last remark binds its own half.
    return None if found is None or _REMARKED.search(found["what"]) or _LOOSER.search(found["who"]) else found


_LOOSER = re.compile(r"\b(?:liver|hepatic|gilbert)\b")
"""Those for whom limits are looser: they are not the only ones bound."""
_REMARKED = re.compile(r"\((?:if|for|in) ")


def _of_treatment(node: Node) -> bool:
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= {"procedure", "prior_therapy"}


def _confirmed(node: Node) -> bool:
    return role_of([node]) is Role.CONFIRM


def _cut(view: View) -> list[View]:
    """Cut a paragraph into sentences; one of more than many pages is cut blindly before."""
    found: list[View] = []
    if len(view.text) <= _LONGEST_SENTENCE:
        cuts = [0, *(number.end() for number in _NOTE_NUMBER.finditer(view.text)), len(view.text)]
        found = [piece for a, b in itertools.pairwise(cuts) for piece in sentences(part(view, a, b))]
        return [piece for piece in found if not asks_nothing(piece.text)]
    at = 0
    while at < len(view.text):
        stop = min(at + _LONGEST_SENTENCE, len(view.text))
        space = view.text.rfind(" ", at, stop) if stop < len(view.text) else -1
        stop = space if space > at else stop
        found += sentences(part(view, at, stop))
        at = stop
    return found
