"""Leads that allow what stands under them, and leads that name who may come in: neither asks for every entry.

"The following are allowed:" and "participants may have received:" head what nobody must have had. "The following sites
are eligible:" heads alternatives. A limit in what is allowed ("surgery more than four weeks ago") binds all the same.
"""

from __future__ import annotations

import re

from her2nav.criteria.groups import DENIES
from her2nav.criteria.logic import left_unread
from her2nav.criteria.modals import Force, force
from her2nav.criteria.statement_nodes import proviso
from her2nav.model.tree import Leaf, Node, Not
from her2nav.model.trial import Role

_ALLOWS = re.compile(
    r"(?:\b(?:is|are|will be) (?:also |still |both |each )?(?:allowed|permitted|acceptable|accepted|permissible)|(?<!not )(?<!no )(?<!only )\b(?:allowed|permitted)"
    r"|\b(?:allowed|permitted) to have (?:received|had|undergone)|\bmay (?:also |additionally |previously )*(?:have (?:also |additionally |previously )*(?:received|had|undergone|been treated(?: with)?)|receive))"
    r"(?:,? including)?(?: (?:in|for|as))?(?: (?:any|one or more|either)(?: one)? of)?(?: (?:the following|as follows|these))?(?: \((?:phase|part|cohort|arm) [\w ]{1,12}\))?\W*\Z"
)
"""The end of a lead of what is allowed."""
_MONITORED = re.compile(
    r"\b(?:(?:these|such)\s+(?:patients|participants|subjects)|(?<!\w)they) (?:should|will|must|are to) (?:have|be|receive|undergo)\b[^.;:]{0,40}\bmonitor(?:ed|ing)\b[^.;:]{0,30}\W*\Z"
)
"""Those whom the trial watches more closely it takes."""
_LETS_IN = re.compile(
    r"\bfollowing\b[^.;:]{0,60}\b(?:is|are|will be) (?:also |all |considered |still )*(?:eligible|acceptable|included|enrolled)\W*\Z"
    r"|\b(?:also|to be) (?:eligible|included)\W*\Z|\beligible (?:\w+ ){0,2}(?:subtypes?|sites?|histolog(?:y|ies)|stages?|diagnos[ei]s|diseases?) (?:are|include)\W*\Z"
)
"""The end of a lead of those of whom one has to be one."""
_SENTENCE_OF_LIST = re.compile(r"\b(?:unless|except(?: if| for| in)?|including|for|in|if)\W*\Z")
_DEFINES = re.compile(
    r"\bconsidered (?!(?:as )?(?:eligible|for|suitable|acceptable|enrol))(?:as |to (?:be|have) )?[\w /-]{3,60} (?:if|when)(?: (?:any|one|all|either|they|he)[\w ]{0,40})?\W*\Z"
    r"|\bconsidered (?:to (?:be|have) )?(?:at |an? )?(?:high|intermediate|low|increased)[\w -]{0,20}\brisk\b[^.;:]{0,40}\b(?:based on|by|if) (?:any of )?(?:the )?following\b[^.;:]{0,20}\W*\Z"
)
_BINDS = re.compile(r"\b(?:must|only|if|provided|unless|as long as|except\w*)\b")
_SHUTS_OUT = re.compile(r"\b(?:excluded|ineligible|not (?:be )?(?:eligible|allowed|permitted))\b")
_COUNTS = re.compile(
    r"\W*no (?:more|greater|fewer|less|later|longer|limits?|restrictions?|upper|lower|minimum|maximum)\b"
)
_AT_MOST = re.compile(
    r"\b(?:no|not) more than (?:\w+ )?(?:one|two|three|\d)\b[^.;:]{0,20} of (?:the )?(?:following|these)\b"
)
_SENTENCE = re.compile(r"[.;]\s")


def _last_sentence(written: str) -> str:
    return _SENTENCE.split(written.rstrip())[-1]


def allows(written: str) -> bool:
    """Whether a plain lead of the demands allows its list and asks for none of it."""
    last = _last_sentence(written)
    if _MONITORED.search(last):
        return True
    return _ALLOWS.search(last) is not None and _BINDS.search(last) is None and force(last) is Force.PERMITS


_FOLLOWING = re.compile(
    r"\W*(?:the )?following\b[^.;:]{0,60}\b(?:is|are|will be) (?:also )?(?:allowed|permitted|acceptable)\b[^.;:]{0,30}\W*"
)


def allows_the_following(written: str) -> bool:
    """Whether a line without a colon allows what stands under it: "the following variants are permitted"."""
    return _FOLLOWING.fullmatch(written) is not None and _BINDS.search(written) is None


def names_who(written: str) -> bool:
    """Whether the entries under a plain lead are alternatives: "the following sites are eligible:"."""
    last = _last_sentence(written)
    return _LETS_IN.search(last) is not None and _BINDS.search(last) is None


def denies(written: str) -> bool:
    """Whether a plain lead shuts out its list, whatever of the lead is understood: "no spread, including the following:"."""
    last = _last_sentence(written)
    return DENIES.match(last) is not None and _COUNTS.match(last) is None


def at_most(written: str) -> bool:
    """Whether a plain lead limits how many of its entries hold: "no more than two of the following:"."""
    return _AT_MOST.search(_last_sentence(written)) is not None


def waives(written: str) -> bool:
    """Whether a plain lead lets somebody in under conditions that its list names: "not required unless:"."""
    return _SENTENCE_OF_LIST.search(written) is not None and force(_last_sentence(written)) is Force.PERMITS


def defines(written: str) -> bool:
    """Whether a plain lead says what its list makes of a patient: "considered heavily pretreated if:"."""
    return _DEFINES.search(written) is not None


def of_an_entry(node: Node, written: str) -> tuple[Node, Role]:
    """Return what an allowed entry does: it permits, but for what it limits ("no more than two lines", a wait)."""
    if _SHUTS_OUT.search(written):
        # "… within a year (those within six months are excluded)": some of those whom the list allows stay out.
        return left_unread(node), Role.DECIDES
    demand = proviso(node, written)
    if demand is None and (_limits(node) or force(written) is Force.REQUIRES):
        demand = node
    return (node, Role.PERMITS) if demand is None else (demand, Role.DECIDES)


def _limits(node: Node) -> bool:
    if isinstance(node, Leaf) and node.kind == "lines_of_therapy":
        return node.params.max is not None and not node.params.min
    return isinstance(node, Not)
