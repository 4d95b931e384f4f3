"""Sentences that bind some of the patients: those with one cancer, of one region, part, treatment or sex."""

from __future__ import annotations

import re

from her2nav.criteria import statement_words as words
from her2nav.criteria.guards import guard_of
from her2nav.criteria.logic import all_of
from her2nav.criteria.remarks import cancer_in_front
from her2nav.criteria.scopes import of_part, part_in_front
from her2nav.criteria.some_bound import in_a_setting, is_measured, of_a_sex
from her2nav.criteria.statement_nodes import names_cancer, role_of
from her2nav.criteria.whole_sentence import Answer, Whole
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Several
from her2nav.model.tree import Leaf, Node, When, leaves
from her2nav.model.trial import Role

_SOME = frozenset(
    {"age", "sex", "menopausal_status", "tumour_type", "disease_setting", "metastatic_site", "her2_status", "hormone_receptor", "gene_status", "msi_mmr", "pd_l1"}
)  # fmt: skip
"""Kinds that say whom a demand binds; what a patient takes may be the trial's own drug."""
_LOOSER = re.compile(r"\b(?:liver|hepatic|gilbert)\b")
"""Those for whom limits are looser: they are not the only ones bound."""
_REMARKED = re.compile(r"\((?:if|for|in) ")


def cancer_in_front_of_a_demand(whole: Whole) -> Answer:
    """A cancer, and behind it what is asked of those who have it."""
    of_cancer = cancer_in_front(whole.text)
    if of_cancer is None:
        return None
    place, at = of_cancer
    whom = whole.by_rules(place)
    told = whole.read(whole.behind(at))
    return (When(whom or whole.open(place), told or whole.open(whole.behind(at))),)


def excluded_if(whole: Whole) -> Answer:
    """Read "those with brain metastases are excluded if these are …": what must hold beside is left to a person."""
    found = words.EXCLUDED_IF.fullmatch(whole.text)
    who = whole.read(found.span("who")) if found is not None else None
    return (all_of([who, whole.open(found.span("when"))]),) if found is not None and who is not None else None


def with_this_cancer(whole: Whole) -> Answer:
    """Read "patients with ovarian cancer: bowel obstruction", which shuts out those with both."""
    found = words.OF_SOME.fullmatch(whole.text)
    if found is None:
        return None
    who, what = whole.read(found.span("who")), whole.read(found.span("what"))
    return (all_of([who, what]),) if what is not None and who is not None and names_cancer(who) else None


def of_a_region(whole: Whole) -> Answer:
    """Read "for Japan only: …"."""
    region = words.OF_REGION.fullmatch(whole.text)
    if region is None:
        return None
    there = whole.read(region.span("then"))
    where = whole.open(region.span("where"))
    if there is None:
        return (None,)
    return (all_of([where, there]) if whole.excludes else When(where, there),)


def of_cancers_listed(whole: Whole) -> Answer:
    """Read "patients with lymphoma: a measurable lesion", which binds those alone where a trial takes others too."""
    found = words.OF_LISTED.fullmatch(whole.text)
    if found is None:
        return None
    who, what = whole.by_rules(found.span("who")), whole.read(found.span("what"))
    bound = who is not None and what is not None and not names_cancer(what) and whole.reader.guards.of_others(who)
    return (When(who, what),) if bound and who is not None and what is not None else None


def part_of_the_trial_in_front(whole: Whole) -> Answer:
    """Read "for phase II, prior chemotherapy": whether the patient would enter that part is open."""
    found = part_in_front(whole.text)
    if found is None:
        return None
    shut = whole.read(found[1])
    return (all_of([whole.open(found[0]), shut]) if shut is not None else None,)


def only_for(whole: Whole) -> Answer:
    """Read "at least one prior line (only for gastric cancers)", which binds those alone."""
    only = _named_behind(whole.text)
    if only is None:
        return None
    who, what = whole.read(only.span("who"), "inclusion"), whole.read(only.span("what"))
    if what is None:
        return None
    if {"pregnancy"} == {inner.kind for inner in leaves(what)} or _confirmed(what):
        return (what,)  # "a negative test (if female)": who is pregnant is one of them
    known = who is not None and all(inner.kind in _SOME for inner in leaves(who))
    when = who if who is not None and known else whole.open(only.span("who"))
    return (all_of([when, what]) if whole.excludes else When(when, what),)


def of_a_part(whole: Whole) -> Answer:
    """Read "in phase 2, participants must have …", which binds those of that part alone."""
    parted = of_part(whole.text)
    if parted is None:
        return None
    asked = whole.read(parted[1])
    after = parted[0][0] > parted[1][0]
    if after and (asked is None or any(one.kind == "tumour_type" for one in leaves(asked))):
        return None
    return (When(whole.whom(parted[0]), asked or whole.open(parted[1])),)


def who_take(whole: Whole) -> Answer:
    """Read "glioma patients receiving steroids must …"."""
    taking = words.TAKING.fullmatch(whole.text)
    if taking is None:
        return None
    bound = whole.read(taking.span("then"))
    return (When(whole.open(taking.span("when")), bound or whole.open(taking.span("then"))),)


def who_will_receive(whole: Whole) -> Answer:
    """Read "participants who will receive A: B": which treatment a patient would get is not known."""
    given = words.TO_RECEIVE.fullmatch(whole.text)
    if given is None:
        return None
    whom = whole.whom(given.span("when"))
    then = whole.read(given.span("then")) or whole.open(given.span("then"))
    return (all_of([whom, then]) if whole.excludes else When(whom, then),)


def heads_what_stands_below(whole: Whole) -> Answer:
    """Leave open "for patients with liver metastases:", which heads what stands below and asks nobody for them."""
    if guard_of(whole.text) is not None:
        return None
    heads = words.OF_WHOM.fullmatch(whole.text) or words.REQUIRED_FOR.match(whole.text)
    return (whole.open(),) if heads else None


def in_those_treated(whole: Whole) -> Answer:
    """Read "normal LVEF in patients to receive trastuzumab (HER2-positive)"."""
    treated = words.IN_THOSE.fullmatch(whole.text)
    what = whole.read(treated.span("what")) if treated is not None else None
    return (When(whole.whom(treated.span("who")), what),) if treated is not None and what is not None else None


def of_a_setting(whole: Whole) -> Answer:
    """Read "measurable disease to be treated in the neoadjuvant setting": others need none."""
    later = in_a_setting(whole.text)
    if later is None:
        return None
    asked = whole.read(later[1])
    return (When(whole.whom(later[0]), asked or whole.open(later[1])),)


def of_one_sex(whole: Whole) -> Answer:
    """Read "for women: haemoglobin at least 12 g/dL"."""
    found = of_a_sex(whole.text)
    limits = whole.read(found[1]) if found is not None else None
    if found is None or limits is None or not is_measured(limits, whole.text[slice(*found[1])]):
        return None
    sex = Leaf("sex", leaf("sex", any_of=(found[2],)).params, whole.view.span(*found[0]))
    return (all_of([sex, limits]) if whole.excludes else When(sex, limits),)


def guarded(whole: Whole) -> Answer:
    """A demand under a condition in front of it."""
    node = whole.reader.guards.guarded(whole.view)
    return None if node is None else (node,)


_BOUND_BEHIND = Several((words.ONLY_FOR, words.FOR_THOSE, words.REQUIRED_OF))


def _named_behind(written: str) -> re.Match[str] | None:
    """Match a demand and those whom alone it binds, named behind it."""
    _, found = next(_BOUND_BEHIND.fullmatch(written), (-1, None))
    # "Karnofsky 60 (for adults) or Lansky 60 (for children)": the last remark binds its own half.
    return None if found is None or _REMARKED.search(found["what"]) or _LOOSER.search(found["who"]) else found


def _confirmed(node: Node) -> bool:
    return role_of([node]) is Role.CONFIRM
