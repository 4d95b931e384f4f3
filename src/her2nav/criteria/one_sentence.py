"""One sentence as a proposition: the forms that a sentence as a whole may have, and what is said of each part."""

from __future__ import annotations

import re

from her2nav.criteria import judged
from her2nav.criteria import statement_words as words
from her2nav.criteria.asides import aside_of
from her2nav.criteria.contradictions import conjuncts
from her2nav.criteria.cutting import LONGEST_SENTENCE
from her2nav.criteria.guarded import GuardReader
from her2nav.criteria.guards import guard_of
from her2nav.criteria.logic import all_of, any_of
from her2nav.criteria.looser_limits import loosened
from her2nav.criteria.remarks import asks_nobody, cancer_in_front, front, surely_nothing
from her2nav.criteria.scopes import of_part, part_in_front
from her2nav.criteria.sentences import SentenceReader, Stretch, part
from her2nav.criteria.some_bound import in_a_setting, is_measured, lead_of_some, of_a_sex, usual_treatment
from her2nav.criteria.statement_nodes import (
    ASKED_FOR,
    bound_by,
    names_cancer,
    role_of,
    unread,
)
from her2nav.kinds.reading.base import Section, leaf
from her2nav.language.view import View
from her2nav.model.tree import Leaf, Node, When, leaves
from her2nav.model.trial import Role

_SOME = frozenset(
    {"age", "sex", "menopausal_status", "tumour_type", "disease_setting", "metastatic_site", "her2_status", "hormone_receptor", "gene_status", "msi_mmr", "pd_l1"}
)  # fmt: skip
"""Kinds that say whom a demand binds; what a patient takes may be the trial's own drug."""
_MOST_BRACKETS = 60
_LOOSER = re.compile(r"\b(?:liver|hepatic|gilbert)\b")
"""Those for whom limits are looser: they are not the only ones bound."""
_REMARKED = re.compile(r"\((?:if|for|in) ")


class OneSentence:
    """Reads one sentence at a time."""

    def __init__(self, sentence_reader: SentenceReader) -> None:
        self._sentences = sentence_reader
        self._guards = GuardReader(sentence_reader)

    def sentence(self, view: View, section: Section, *, permits: bool = False) -> Node | None:
        """The proposition of one sentence; "if HER2-positive, …" and "patients with … must have received …" are guards."""
        if len(view.text) > LONGEST_SENTENCE or view.text.count("(") > _MOST_BRACKETS:
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
        if section == "inclusion" and words.REFLEX_ALONE.fullmatch(view.text):
            # The result itself is asked for elsewhere.
            return Leaf("judgement", leaf("judgement", topic=words.CALLED_FOR).params, view.span(0, len(view.text)))
        if (
            words.RECORDS.match(view.text)
            or words.ADVISES.match(view.text)
            or words.GENES_ARE.match(view.text)
            or words.IN_THAT_CASE.match(view.text)
            or words.REFLEX.match(view.text)
            or words.IS_DISEASE.match(view.text)
            or (section == "inclusion" and words.FOR_PURPOSES.match(view.text))
            or (section == "inclusion" and words.BOTH_ELIGIBLE.match(view.text))
            or (section == "inclusion" and words.STRATIFIES.match(view.text))
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
            if who is not None and what is not None and not names_cancer(what) and self._guards.of_others(who):
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
                return When(bound_by(view.span(*parted[0])), asked or unread(view.span(*parted[1])))
        taking = words.TAKING.fullmatch(view.text) if section == "inclusion" and not permits else None
        if taking is not None:
            bound = self.sentence(part(view, *taking.span("then")), section)
            return When(unread(view.span(*taking.span("when"))), bound or unread(view.span(*taking.span("then"))))
        given = words.TO_RECEIVE.fullmatch(view.text) if not permits else None
        if given is not None:
            # "Participants who will receive A: B": which treatment a patient would get is not known.
            whom = bound_by(view.span(*given.span("when")))
            then = self.sentence(part(view, *given.span("then")), section) or unread(view.span(*given.span("then")))
            return When(whom, then) if section == "inclusion" else all_of([whom, then])
        if section == "inclusion" and not permits and words.BARE_IF.fullmatch(view.text):
            return unread(view.span(0, len(view.text)))
        heads = section == "inclusion" and not permits and guard_of(view.text) is None
        if heads and (words.OF_WHOM.fullmatch(view.text) or words.REQUIRED_FOR.match(view.text)):
            # "For patients with liver metastases:" heads what stands below, and asks nobody for them.
            return unread(view.span(0, len(view.text)))
        treated = words.IN_THOSE.fullmatch(view.text) if section == "inclusion" and not permits else None
        if treated is not None and (what := self.sentence(part(view, *treated.span("what")), section)) is not None:
            # "Normal LVEF in patients to receive trastuzumab (HER2-positive)".
            return When(bound_by(view.span(*treated.span("who"))), what)
        if section == "inclusion" and not permits and (later := in_a_setting(view.text)) is not None:
            # "Measurable disease to be treated in the neoadjuvant setting": others need none.
            asked = self.sentence(part(view, *later[1]), section)
            return When(bound_by(view.span(*later[0])), asked or unread(view.span(*later[1])))
        sexed = of_a_sex(view.text) if not permits else None
        if sexed is not None:
            # "For women: haemoglobin at least 12 g/dL".
            limits = self.sentence(part(view, *sexed[1]), section)
            if limits is not None and is_measured(limits, view.text[slice(*sexed[1])]):
                sex = Leaf("sex", leaf("sex", any_of=(sexed[2],)).params, view.span(*sexed[0]))
                return When(sex, limits) if section == "inclusion" else all_of([sex, limits])
        if section == "inclusion" and not permits and usual_treatment(view.text):
            return unread(view.span(0, len(view.text)))
        guarded = self._guards.guarded(view) if section == "inclusion" and not permits else None
        if guarded is not None:
            return guarded
        node = self._sentences.read(Stretch(view), section, permits=permits)[0]
        if node is not None and section == "exclusion" and words.ONLY_SO.search(view.text) and _of_treatment(node):
            # "Treated with radiotherapy only": who had more than that is not shut out.
            return all_of([node, unread(view.span(0, len(view.text)))])
        if node is not None and section == "exclusion" and (at := judged.examples_of(view.text)):
            return judged.as_judged(node, view.original(at))
        return self._eased(view, node) if node is not None and section == "inclusion" and not permits else node

    def some_cancers(self, view: View) -> Node | None:
        """Return the cancers that a lead names, where the trial takes others too: "prostate cancer patients must have:"."""
        who = lead_of_some(view)
        whom = self._sentences.read(Stretch(who), "inclusion")[0] if who is not None else None
        return whom if whom is not None and names_cancer(whom) and self._guards.of_some_cancers(whom) else None

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

    def _asks(self, view: View) -> bool:
        """Whether words name what a trial asks for: its cancer and the state of it."""
        node = self.sentence(view, "inclusion")
        return node is not None and {inner.kind for inner in leaves(node)} <= ASKED_FOR


def _of_some(written: str) -> re.Match[str] | None:
    """Match a demand and those whom alone it binds, named behind it."""
    patterns = (words.ONLY_FOR, words.FOR_THOSE, words.REQUIRED_OF)
    found = next((found for pattern in patterns if (found := pattern.fullmatch(written)) is not None), None)
    # "Karnofsky 60 (for adults) or Lansky 60 (for children)": the last remark binds its own half.
    return None if found is None or _REMARKED.search(found["what"]) or _LOOSER.search(found["who"]) else found


def _of_treatment(node: Node) -> bool:
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= {"procedure", "prior_therapy"}


def _confirmed(node: Node) -> bool:
    return role_of([node]) is Role.CONFIRM
