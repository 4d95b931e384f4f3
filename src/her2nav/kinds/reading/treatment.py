"""Treatment given before: drugs and procedures with their setting, time and outcome.

A sentence is cut into tokens; a stretch without unknown words that names a treatment and says that it was given, when,
or with what outcome is read. Words that narrow the meaning and that no parameter holds end the stretch: they stay
unread beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, both_ways, leaf
from her2nav.kinds.reading.treatment_exceptions import excepted
from her2nav.kinds.reading.treatment_groups import said
from her2nav.kinds.reading.treatment_lines import counted
from her2nav.kinds.reading.treatment_names import treatment_of
from her2nav.kinds.reading.treatment_narrowing import narrowed, with_purposes
from her2nav.kinds.reading.treatment_nodes import node_of
from her2nav.kinds.reading.treatment_prepared import sited, unshortened
from her2nav.kinds.reading.treatment_runs import (
    behind_the_cancer,
    bracket_end,
    denied_before,
    failed_behind,
    now_behind,
    of_a_disease,
    said_before,
    trimmed,
    unlabelled,
)
from her2nav.kinds.reading.treatment_said import Said
from her2nav.kinds.reading.treatment_tokens import tells, tokens
from her2nav.kinds.reading.treatment_unasked import at_most, ended_by, said_of_another, unasked
from her2nav.kinds.reading.treatment_words import Token
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not

_FIRST_WORDS = 40
_ENDS = frozenset({"word", "stop", "deny", "unclear"})
_TELLS = frozenset({"prior", "expose", "use", "current"})
_CONTENT = frozenset({"item", "count", "line", "noun", "ordinal"})
_SHARED_TIME = re.compile(
    r"[ ,)]*(?:,|\bor\b|\band\b)(?! ?(?:aside|except|unless|other than|with the|but|excluding)\b)(?:e\.g\.|[^.;]){0,180}?(?:\b(?:within|in the (?:last|past)|during the (?:last|past)|less than)\b|[≤<] ?\d+ (?:day|week|month))"
)
"""A list that goes on with words that are not known, and whose time at the end may bind what was read."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    if any(hit.ids("brain_metastases") or hit.ids("leptomeningeal") for hit in sentence.hits) and not _THERAPY.search(
        sentence.text
    ):
        return
    if any(hit.ids("other_cancer") and hit.start < _FIRST_WORDS for hit in sentence.hits):
        return
    if not tells(sentence.text) or _NOT_THERAPY.search(sentence.text):
        return
    run: list[Token] = []
    before: list[Token] = []
    for token in [
        *with_purposes(
            sentence,
            [*sited(sentence.text, [*unshortened(sentence.text, [*tokens(sentence)])])],
        ),
        Token("stop", len(sentence.text), len(sentence.text)),
    ]:
        if token.kind not in _ENDS and not _strange_site(token, run) and not _is_label(sentence, token, run):
            run.append(token)
            continue
        yield from _read(sentence, run, before)
        before = [*before, *run, token] if token.kind != "stop" else []
        run = []


def _is_label(sentence: Sentence, token: Token, run: Sequence[Token]) -> bool:
    """Whether a name with a colon begins the next paragraph: "No prior chemotherapy Endocrine therapy: not specified"."""
    if token.kind != "item" or sentence.text[token.end : token.end + 1] != ":":
        return False
    last = next((one for one in reversed(run) if one.kind != "frame"), None)
    return last is not None and last.kind in (
        "item",
        "noun",
        "setting",
        "disease_name",
        "disease",
    )


_NOT_THERAPY = Sought(
    r"\bto be treated in the (?:neo-?adjuvant|adjuvant)\b|\brecovered\b[^.;]{0,60}\b(?:effects|toxicit(?:y|ies)) of (?:any |all |the )?(?:prior|previous|earlier)\b|\bchild-? ?bearing\b|\bcontracept|\bcount(?:s|ed)? (?:as|towards?)\b|\b(?:will|is|are|would|shall) (?:not )?(?:be )?considered (?:as )?(?:an? |one |1 )?(?:prior |single |separate |part of )?(?:lines?|regimens?|treatments?|therap(?:y|ies)|courses?)\b(?! for (?:the )?(?:primary )?(?:neoplasm|cancer|tumou?r|malig))|\bsperm\b|^\W*data must\b|\bconsidered (?:to have|as having) (?:failed|had|received|progressed)\b"
    r"|\b(?:oncologist|physician|investigator|doctor|surgeon|cent(?:er|re)|institution)s? (?:must|should|has to|have to)\b|\bmust be (?:after|beyond|past)\b|\bif there (?:was|is|has been) (?:disease )?progression\b[^.;]*\bat least\b"
)
_THERAPY = Sought(r"\b(?:lines?|regimens?) of\b|\bprior (?:therapy|treatment)\b")


def _strange_site(token: Token, run: Sequence[Token]) -> bool:
    """A body site belongs to the statement only behind a procedure: "radiotherapy to the chest"."""
    if token.kind != "site":
        return False
    last = next(
        (item for item in reversed(run) if item.kind not in ("frame", "to", "or", "and", "comma", "site", "narrow")),
        None,
    )
    return not (last is not None and last.kind == "item" and last.value.procedure) or not any(
        item.kind == "to" or item.kind == "site" for item in run[-4:]
    )


def _read(sentence: Sentence, run: list[Token], before: list[Token]) -> Iterator[Stretched]:
    """Read one stretch, or each side of an exception that is no part of it."""
    joined = next((token.kind for token in run if token.kind != "frame"), "") == "or"
    run = unlabelled(
        trimmed(behind_the_cancer(sentence, trimmed(run, sentence.text)), sentence.text),
        sentence.text,
    )
    if run and joined and _ENDS_CLAUSE.match(sentence.text, run[-1].end):
        run = [*_told_before(sentence, run, before), *run]
    if not run or not any(token.kind in _CONTENT for token in run):
        return
    refused = next((token.kind for token in reversed(before) if token.kind != "frame"), "") == "deny"
    refused = refused and sentence.text.startswith("require ", run[0].start)
    if (
        run[0].kind == "needs"
        and said_before(before)
        and not refused
        and not _OR.search(sentence.text, 0, run[0].start)
    ):
        return  # "heart disease that requires X" is said of the disease
    clause = list(takewhile(lambda token: token.kind not in ("stop", "deny"), reversed(before)))
    if run[0].kind == "item" and any(token.kind == "needs" for token in clause):
        return  # "infection that requires an antibiotic or antiviral"
    denied = denied_before(before)
    if sentence.section == "inclusion" and not denied and ended_by(sentence, run) is not None:
        if not any(token.kind in ("window", "count", "outcome", "deny") for token in run) and not sentence.permits:
            yield from _to_end(sentence, run)
        return
    if not denied and (shut := _SHUT_OUT.match(sentence.text, run[-1].end)) is not None and not sentence.permits:
        node = _node(sentence, run, denied=True)
        if node is not None:
            yield Stretched(run[0].start, shut.end(), Not(node) if sentence.section == "inclusion" else node)
        return
    if sentence.section == "inclusion" and not denied and (well := _AND_WELL.match(sentence.text, run[-1].end)):
        yield Stretched(
            run[0].start, well.end(), leaf("judgement", topic="recovery from the effects of earlier treatment")
        )
        return
    if before and run[0].kind == "outcome" and sentence.text[before[-1].start : run[0].start].startswith("if "):
        return  # "(if it grew back within 6 months of A, that counts as a line)"
    if (before and of_a_disease(run, before)) or said_of_another(sentence, run, before):
        return
    cut = next((i for i, token in enumerate(run) if token.kind == "except"), None)
    if cut is not None:
        if (end := bracket_end(run, cut)) is not None and any(token.kind in _CONTENT for token in run[end:]):
            # "A (except B), C": the exception ends with its bracket.
            yield from _read(sentence, run[:end], before)
            lead = [token for token in takewhile(lambda one: one.kind != "item", run) if token.kind in _TELLS]
            rest = trimmed(run[end:], sentence.text)
            for other in _read(sentence, [*lead, *rest], [Token("stop", 0, 0)]):
                yield other._replace(start=max(other.start, rest[0].start))
            return
        front, behind = run[:cut], run[cut + 1 :]
        if end is not None:
            # "A (except B) for metastatic disease": what stands behind the bracket is said of A.
            first = max(i for i, token in enumerate(front) if token.kind == "open")
            front, behind = [*run[:first], *run[end:]], run[cut + 1 : end - 1]
        front, behind = _with_last_time(front, behind)
        whole = said(sentence, front, denied)
        left = trimmed(behind, sentence.text)
        if whole is not None and left:
            narrowed = excepted(whole, left)
            node = _made(narrowed, sentence) if narrowed is not None else None
            if node is None and narrowed is None:
                node = _partly_excepted(sentence, front, left, denied)
            if node is not None:
                yield Stretched(run[0].start, run[-1].end, node)
                return
        yield from _read(sentence, run[:cut], before)
        yield from _read(sentence, run[cut + 1 :], [Token("stop", 0, 0)])
        return
    then = now_behind(run)
    then = failed_behind(run) if then is None else then
    if then is not None:
        front = trimmed(run[:then], sentence.text)
        node = _node(sentence, front, denied) if front else None
        if node is not None:
            yield Stretched(front[0].start, front[-1].end, node)
        yield from _read(sentence, run[then:], [Token("stop", 0, 0)])
        return
    planned = next((i for i, token in enumerate(run) if i and token.kind == "plan"), None)
    if planned is not None:
        now = [token for token in run[:planned] if token.kind in ("current", "expose")]
        if len(now) == 1 and not any(token.kind in _CONTENT for token in run[:planned]):
            yield from _now_or_ahead(sentence, now[0], run[planned:], denied)
            return
        yield from _read(sentence, run[:planned], before)
        yield from _read(sentence, run[planned:], [Token("stop", 0, 0)])
        return
    never = _untreated(sentence, run, before)
    if never is not None:
        yield never
        return
    if not any(token.kind == "window" for token in run) and _SHARED_TIME.match(sentence.text, run[-1].end):
        if sentence.section == "exclusion" and not denied:
            yield from _within_shared_time(sentence, run)
        return
    if (
        (denied or sentence.section == "exclusion")
        and not any(token.kind in ("window", "setting", "count") for token in run)
        and _SHARED_SETTING.match(sentence.text, run[-1].end)
    ):
        yield from _in_shared_setting(sentence, run, denied)
        return
    if unasked(sentence, run, denied=denied):
        if at_most(sentence, run) and not sentence.permits and not denied:
            yield from _limited(sentence, run)
        return
    node = _node(sentence, run, denied)
    if node is not None:
        end = _list_end(sentence, run) if sentence.section == "inclusion" and not denied else None
        if end is not None:
            # "4 weeks since A or <not known>": the wait binds each of the list.
            yield Stretched(run[0].start, end, AllOf((node, leaf("unread"))))
            return
        yield Stretched(run[0].start, run[-1].end, node)


def _told_before(sentence: Sentence, run: list[Token], before: list[Token]) -> list[Token]:
    """The words that say when, of a list that goes on behind words that are not known: "prior ABC or stem cell rescue"."""
    if run[0].kind != "item" or any(token.kind in _TELL_ALL for token in run):
        return []
    clause = list(takewhile(lambda token: token.kind != "stop", reversed(before)))
    if sentence.section != "exclusion" and not any(token.kind == "deny" for token in clause):
        return []
    told = [token for token in clause if token.kind == "prior"]
    if len(told) != 1 or any(token.kind in _ENDS_TOLD for token in clause):
        return []
    if sum(token.kind == "word" for token in clause) > _MOST_TOLD:
        return []
    return [told[0]._replace(start=run[0].start, end=run[0].start)]


_MOST_TOLD = 3
_ENDS_TOLD = frozenset(
    {
        "open",
        "close",
        "window",
        "except",
        "outcome",
        "plan",
        "needs",
        "examples",
        "current",
        "use",
    }
)
_ENDS_CLAUSE = re.compile(r" *(?:[.;]|\Z)")
_TELL_ALL = frozenset(
    {
        "prior",
        "expose",
        "use",
        "current",
        "window",
        "plan",
        "outcome",
        "needs",
        "earlier",
        "ongoing",
        "given",
        "count",
    }
)
_NEVER = re.compile(
    r"(?:\b(?:previously|therapy|treatment)[ -])?\b(?:untreated|na[iï]ve) (?:with|to|for)(?: any| prior| previous)* ?$"
)


def _untreated(sentence: Sentence, run: list[Token], before: list[Token]) -> Stretched | None:
    """Read 'Previously untreated with A for metastatic disease'."""
    first = next((token.start for token in run if token.kind != "frame"), run[0].start)
    found = _NEVER.search(sentence.text, max(0, first - 60), first)
    if found is None or not before or "lesion" in sentence.text or not any(token.kind == "item" for token in run):
        return None
    if any(token.kind in ("window", "outcome", "current", "plan", "count", "except") for token in run):
        return None
    node = _node(sentence, [Token("prior", run[0].start, run[0].start), *run], denied=True)
    return Stretched(found.start(), run[-1].end, Not(node)) if node is not None else None


def _with_last_time(front: list[Token], behind: list[Token]) -> tuple[list[Token], list[Token]]:
    """Give a time behind a comma to what stands before the exception: "A, except B, within 2 weeks"."""
    left = [token for token in behind if token.kind != "frame"]
    if len(left) < 3 or [token.kind for token in left[-2:]] != ["comma", "window"]:
        return front, behind
    if any(token.kind == "window" for token in (*front, *left[:-1])):
        return front, behind
    return [*front, left[-1]], behind[: behind.index(left[-2])]


_SHUT_OUT = re.compile(
    r"[ ,)]*(?:is|are|will be|was|were) (?:also )?(?:not (?:allowable|permissible|acceptable)|prohibited|forbidden)(?= *(?:[.;]|\Z))"
)
_AND_WELL = re.compile(
    r" (?:is |are )?(?:allowed|permitted) (?:and|if|provided) (?:patients? (?:has|have) )?(?:fully |adequately )?recovered(?= *(?:[.;]|\Z))"
)


def _limited(sentence: Sentence, run: list[Token]) -> Iterator[Stretched]:
    """Read 'Prior doxorubicin up to 360 mg/m2': who had none keeps the limit, of anybody else a person says."""
    kinds = {token.kind for token in run}
    if kinds & {"window", "count", "outcome", "current", "plan", "except"} or not kinds & {"prior", "expose"}:
        return
    node = _node(sentence, [token for token in run if token.kind != "amount"], denied=True)
    limit = ", ".join(str(token.value) for token in run if token.kind == "amount")
    if isinstance(node, Leaf):
        asked = leaf("judgement", topic=f"whether it was {limit}")
        yield Stretched(run[0].start, run[-1].end, AnyOf((Not(node), asked)))


def _to_end(sentence: Sentence, run: list[Token]) -> Iterator[Stretched]:
    """Read 'Prior A must be discontinued before study entry': who takes it may stop, a person sees to it."""
    end = ended_by(sentence, run)
    named = [token for token in run if token.kind == "item"] or [token for token in run if token.kind == "noun"]
    if end is not None and named:
        written = sentence.text[named[0].start : named[-1].end]
        yield Stretched(
            run[0].start,
            end,
            leaf("judgement", topic=f"to have ended before the study: {written}"),
        )


_GOES_ON = re.compile(
    r"[ )]*(?:,|\bor\b|\()(?! ?(?:with|recover|if|unless|provided|but|whichever|prior to|before|as long))[^.;:]{2,160}?\bor\b[^.;:]{2,80}?(?=\s*(?:[.;:]|$|,? (?:and|with) (?:must |should |have |has |fully |adequately |complete |full )*recover))"
    r"|[ )]*,? or (?!recover|if|longer|more)[^.;:]{2,80}?(?=\s*(?:[.;:]|$|,? (?:and|with) (?:must |should |have |has |fully |adequately |complete |full )*recover))"
)


def _list_end(sentence: Sentence, run: list[Token]) -> int | None:
    """Where a list ends that goes on behind a wait with words that are not known; None where all of it was read."""
    windows = [token.value for token in run if token.kind == "window"]
    if not windows or not all(window.elapsed for window in windows):
        return None
    found = _GOES_ON.match(sentence.text, run[-1].end)
    if found is None or run[0].kind != "window":
        return None
    inside = sentence.between(run[-1].end, found.end())
    known = [hit for hit in inside if treatment_of(hit, sentence) is not None or hit.ids("anchor")]
    return found.end() if len(known) == len(inside) and found[0].count("(") == found[0].count(")") else None


def _in_shared_setting(sentence: Sentence, run: list[Token], denied: bool) -> Iterator[Stretched]:
    """Read 'A, B or <not known> for metastatic disease': whether the setting binds A or not, A in it is meant."""
    behind = [token for token in tokens(sentence) if token.start >= run[-1].end]
    at = next((i for i, token in enumerate(behind) if token.kind not in _BETWEEN), len(behind))
    ever = _node(sentence, run, denied)
    if at == len(behind) or behind[at].kind != "setting":
        if ever is not None:
            yield Stretched(run[0].start, run[-1].end, ever)
        return
    node = _node(sentence, [*run, behind[at]], denied)
    if node is not None and ever is not None:
        yield Stretched(run[0].start, run[-1].end, both_ways(node, AnyOf((node, ever)), "it in every setting, too"))


_SHARED_SETTING = re.compile(
    r"[ ,)]*(?:,|\bor\b|\band\b|/)(?! ?(?:aside|except|unless|other than|with the|but|excluding)\b)(?:(?!\b(?:prior|previous|previously|received|history|any)\b)[^.;:()]){2,80}?\b(?:for|in) (?:the )?(?:treatment of )?(?:(?:locally|loco-?regionally|recurrent|unresectable) ?(?:or |and/or |and |/ ?)?)*(?:advanced|metastatic|adjuvant|neo-?adjuvant)\b"
)
"""A list that goes on with words that are not known, and whose setting at the end may bind what was read."""
_PURPOSE = re.compile(r"\bfor\b")
_BETWEEN = frozenset(
    {
        "item",
        "or",
        "and",
        "comma",
        "open",
        "close",
        "frame",
        "noun",
        "examples",
        "aside",
        "prior",
        "word",
        "combined",
        "disease",
        "narrow",
        "purpose",
    }
)
_MOST_UNKNOWN = 6
"""Words of a list that are not known."""


def _within_shared_time(sentence: Sentence, run: list[Token]) -> Iterator[Stretched]:
    """Read 'A, B or <not known> within 3 weeks': whether the time binds A or not, A within it shuts out."""
    behind = [token for token in tokens(sentence) if token.start >= run[-1].end]
    at = next((i for i, token in enumerate(behind) if token.kind not in _BETWEEN), len(behind))
    unknown = sum(token.kind == "word" for token in behind[:at])
    if at < len(behind) and _PURPOSE.search(sentence.text, run[-1].end, behind[at].start):
        return  # "A or B for acute infection within a week": the purpose may bind A too
    if at == len(behind) or behind[at].kind != "window" or behind[at].value.elapsed or unknown > _MOST_UNKNOWN:
        return
    node, ever = (
        _node(sentence, [*run, behind[at]], denied=False),
        _node(sentence, run, denied=False),
    )
    if node is not None:
        yield Stretched(
            run[0].start,
            run[-1].end,
            node if ever is None else both_ways(node, AnyOf((node, ever)), "it at any time, too"),
        )


def _partly_excepted(sentence: Sentence, run: list[Token], left: list[Token], denied: bool) -> Node | None:
    """Read 'Any therapy aside from first-line A within 6 weeks': other drugs count, whether A does is left open."""
    items = [token.value for token in left if token.kind == "item"]
    kinds = {token.kind for token in left}
    if not items or kinds - _NARROWER or any(item.procedure or not item.drugs for item in items):
        return None
    drugs = tuple(dict.fromkeys(drug for item in items for drug in (*item.drugs, *item.together)))
    whole, other = said(sentence, run, denied), said(sentence, run, denied)
    if whole is None or other is None or len(other.groups) != 1 or other.groups[0].window is not None:
        return None
    group = other.groups[0]
    group.except_drugs = drugs
    # "Any therapy other than A for metastatic disease": the setting may bind all of it.
    group.settings = group.settings or tuple(
        dict.fromkeys(one for token in left if token.kind == "setting" for one in token.value)
    )
    one, wide = _made(other, sentence), _made(whole, sentence)
    doubt = "what is let in, too, at another time"
    return both_ways(one, wide, doubt) if one is not None and wide is not None else None


_NARROWER = frozenset(
    {"item", "frame", "or", "and", "comma", "noun", "examples", "prior", "close", "open", "ordinal", "window", "setting", "line", "count",
     "disease", "disease_name", "combined", "expose", "use", "aside", "anchor", "together", "given", "with_or_without", "narrow", "purpose"}
)  # fmt: skip
"""What may stand in an exception that lets in only some courses of the drugs it names."""


def _node(sentence: Sentence, run: list[Token], denied: bool) -> Node | None:
    node = counted(run, sentence, denied)
    if node is not None:
        return node
    statement = said(sentence, run, denied)
    return _made(statement, sentence) if statement is not None else None


def _made(statement: Said, sentence: Sentence) -> Node | None:
    """Return the proposition; numbers that no kind accepts make none."""
    try:
        node = node_of(statement, sentence)
    except ValueError:
        return None
    if node is None:
        return None
    node = narrowed(node, statement.narrow, elapsed=statement.elapsed)
    if statement.tumours and not statement.elapsed and (sentence.section == "exclusion" or statement.denied):
        # "Prior therapy for gallbladder cancer": of patients with another cancer it says nothing.
        node = AllOf((node, leaf("tumour_type", types=statement.tumours)))
    return node


def _now_or_ahead(sentence: Sentence, now: Token, ahead: list[Token], denied: bool) -> Iterator[Stretched]:
    """Read 'receiving or planning to receive X', 'has had or will have surgery within 4 weeks'."""
    later = [token for token in ahead if token.kind != "window"] if now.kind == "expose" else ahead
    nodes = [_node(sentence, later, denied), _node(sentence, [now, *ahead[1:]], denied)]
    found = [node for node in nodes if node is not None]
    if len(found) == len(nodes):
        yield Stretched(now.start, ahead[-1].end, AnyOf(tuple(found)))


_OR = re.compile(r"\bor (?:an? |the |any )?$")
SCANNERS = (
    Scanner(
        "prior_therapy.statement",
        ("drug", "regimen", "medication", "technique", "surgery", "surgical", "cyp", "cytochrome", "radiotherapy", "radiation", "irradiation", "therapy", "treatment", "therapies", "treatments", "treated", "lines", "line", "regimens", "regimen", "operation", "transplant", "transplantation", "investigational", "experimental", "vaccine", "biopsy", "trauma", "injury", "vaccines", "vaccination", "xrt", "target", "targets", "targeting", "directed"),
        _scan,
        priority=3,
        texts=(
            ("prior treatment with trastuzumab and a taxane, separately or in combination", {"all_of": [{"prior_therapy": {"drugs": ["trastuzumab"]}}, {"prior_therapy": {"drugs": ["taxane"]}}]}),
            ("No previous agents that target EGFR", {"prior_therapy": {"drugs": ["egfr_inhibitor"]}}),
            ("No earlier topoisomerase I inhibitor (TOPO1) antibody drug conjugate was received", {"prior_therapy": {"drugs": ["topo1_adc"]}}),
            ("No previous paclitaxel and carboplatin combination", {"prior_therapy": {"drugs": ["paclitaxel", "carboplatin"]}}),
            ("No previous combination paclitaxel and carboplatin", {"prior_therapy": {"drugs": ["paclitaxel"], "together_with": ["carboplatin"]}}),
            ("Trastuzumab given for metastatic disease for at least 6 weeks", None),
            ("Previous trastuzumab for at least 6 weeks for metastatic disease", {"all_of": [{"prior_therapy": {"drugs": ["trastuzumab"], "settings": ["metastatic"]}}, {"judgement": {"topic": "whether it was for at least 6 weeks"}}]}),
            ("A minimum of 6 weeks of prior trastuzumab", {"all_of": [{"prior_therapy": {"drugs": ["trastuzumab"]}}, {"judgement": {"topic": "whether it was a minimum of 6 weeks of"}}]}),
            ("Previous doxorubicin not to exceed 300 mg/m2", {"any_of": [{"not": {"prior_therapy": {"drugs": ["doxorubicin"]}}}, {"judgement": {"topic": "whether it was not to exceed 300 mg/m2"}}]}),
            ("Prior radiotherapy must have been completed before registration", {"judgement": {"topic": "to have ended before the study: radiotherapy"}}),
            ("Previous treatment with gemcitabine is prohibited", {"not": {"prior_therapy": {"drugs": ["gemcitabine"]}}}),
            ("Prior biologic therapy allowed and recovered", {"judgement": {"topic": "recovery from the effects of earlier treatment"}}),
            ("More than 3 weeks since last chemotherapy (6 weeks for nitrosoureas; 1 week for capecitabine)", {"all_of": [
                {"washout": {"drugs": ["chemotherapy"], "except_drugs": ["nitrosourea", "capecitabine"], "days": 22}}, {"washout": {"drugs": ["nitrosourea"], "days": 43}}, {"washout": {"drugs": ["capecitabine"], "days": 8}}]}),
            ("At least 7 days since prior and no concurrent amiodarone", {"not": {"concomitant_medication": {"any_of": ["amiodarone"], "within_days": 6}}}),
            ("Previously untreated with any chemotherapy for metastatic disease", {"not": {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["metastatic"]}}}),
            ("Prior systemic therapy", None),
            ("Previously treated with pertuzumab and/or T-DM1", {"prior_therapy": {"drugs": ["pertuzumab", "trastuzumab_emtansine"]}}),
        ),
    ),
)  # fmt: skip
