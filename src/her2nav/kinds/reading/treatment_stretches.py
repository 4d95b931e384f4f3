"""Stretches of tokens read one by one: what is shut out, excepted, planned, or bound by the end of its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from her2nav.kinds.reading.base import Sentence, Stretched, leaf
from her2nav.kinds.reading.treatment_exceptions import excepted, partly_excepted, with_last_time
from her2nav.kinds.reading.treatment_groups import said
from her2nav.kinds.reading.treatment_phrases import (
    AND_WELL,
    SHUT_OUT,
    completed,
    held_by_lines,
    limited,
    not_given,
    now_or_ahead,
    to_end,
    told_before,
    untreated,
)
from her2nav.kinds.reading.treatment_proposition import made_of, proposition
from her2nav.kinds.reading.treatment_runs import (
    behind_the_cancer,
    beside_a_count,
    bracket_end,
    denied_before,
    failed_behind,
    grown_again,
    now_behind,
    of_a_disease,
    said_before,
    trimmed,
    unlabelled,
)
from her2nav.kinds.reading.treatment_shared import (
    SHARED_SETTING,
    SHARED_TIME,
    in_shared_setting,
    list_end,
    within_shared_time,
)
from her2nav.kinds.reading.treatment_times import LISTED_TIME, window_token
from her2nav.kinds.reading.treatment_unasked import at_most, ended_by, said_of_another, unasked
from her2nav.kinds.reading.treatment_words import Token, setting_at
from her2nav.model.tree import AllOf, Node, Not

_TELLS = frozenset({"prior", "expose", "use", "current"})
_CONTENT = frozenset({"item", "count", "line", "noun", "ordinal"})
_ENDS_CLAUSE = re.compile(r" *(?:[.;]|\Z)")
_OR = re.compile(r"\bor (?:an? |the |any )?$")


def read_stretch(sentence: Sentence, run: list[Token], before: list[Token]) -> Iterator[Stretched]:
    """Read one stretch, or each side of an exception that is no part of it."""
    joined = next((token.kind for token in run if token.kind != "frame"), "") == "or"
    if sentence.section == "inclusion" and (held := held_by_lines(sentence, run, before)) is not None:
        yield held
        return
    run = unlabelled(
        trimmed(behind_the_cancer(sentence, trimmed(run, sentence.text)), sentence.text),
        sentence.text,
    )
    if run and joined and _ENDS_CLAUSE.match(sentence.text, run[-1].end):
        run = [*told_before(sentence, run, before), *run]
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
    if sentence.section == "exclusion" and (wait := _labelled_wait(sentence, run)) is not None:
        yield wait
        return
    if sentence.section == "inclusion" and not denied and ended_by(sentence, run) is not None:
        if not any(token.kind in ("window", "count", "outcome", "deny") for token in run) and not sentence.permits:
            yield from to_end(sentence, run)
        return
    if not denied and (shut := SHUT_OUT.match(sentence.text, run[-1].end)) is not None and not sentence.permits:
        node = proposition(sentence, run, denied=True)
        if node is not None:
            yield Stretched(run[0].start, shut.end(), Not(node) if sentence.section == "inclusion" else node)
        return
    if sentence.section == "inclusion" and not denied and (late := not_given(sentence, run)) is not None:
        yield late
        return
    if sentence.section == "inclusion" and not denied and (well := AND_WELL.match(sentence.text, run[-1].end)):
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
        yield from _with_exception(sentence, run, before, cut, denied)
        return
    if sentence.section == "exclusion" and not denied and (apart := surgery_apart(run)) is not None:
        going_on = [*read_stretch(sentence, run[:apart], before)]
        alone = proposition(sentence, trimmed(run[:apart], sentence.text), denied) if not going_on else None
        yield from going_on if alone is None else [Stretched(run[0].start, run[apart - 1].end, alone)]
        yield from read_stretch(sentence, run[apart + 1 :], [Token("stop", 0, 0)])
        return
    then = now_behind(run)
    then = failed_behind(run) if then is None else then
    then = grown_again(run) if then is None and not denied and sentence.section == "inclusion" else then
    if then is not None:
        front = trimmed(run[:then], sentence.text)
        node = proposition(sentence, front, denied) if front else None
        if node is not None:
            yield Stretched(front[0].start, front[-1].end, node)
        yield from read_stretch(sentence, run[then:], [Token("stop", 0, 0)])
        return
    if (apart := beside_a_count(run, sentence.text)) is not None:
        yield from read_stretch(sentence, run[:apart], before)
        told = [run[apart]._replace(kind="expose")] if run[apart].kind == "allowed" else []
        yield from read_stretch(sentence, [*told, *run[apart + 1 :]], [Token("stop", 0, 0)])
        return
    planned = next((i for i, token in enumerate(run) if i and token.kind == "plan"), None)
    if planned is not None:
        now = [token for token in run[:planned] if token.kind in ("current", "expose")]
        if len(now) == 1 and not any(token.kind in _CONTENT for token in run[:planned]):
            yield from now_or_ahead(sentence, now[0], run[planned:], denied)
            return
        yield from read_stretch(sentence, run[:planned], before)
        yield from read_stretch(sentence, run[planned:], [Token("stop", 0, 0)])
        return
    if sentence.section == "inclusion" and not denied and (whole := completed(sentence, run)) is not None:
        yield whole
        return
    never = untreated(sentence, run, before)
    if never is not None:
        yield never
        return
    if not any(token.kind == "window" for token in run) and SHARED_TIME.match(sentence.text, run[-1].end):
        if sentence.section == "exclusion" and not denied:
            yield from within_shared_time(sentence, run)
        return
    if (
        (denied or sentence.section == "exclusion")
        and not any(token.kind in ("window", "setting", "count") for token in run)
        and SHARED_SETTING.match(sentence.text, run[-1].end)
    ):
        yield from in_shared_setting(sentence, run, denied)
        return
    if unasked(sentence, run, denied=denied):
        if at_most(sentence, run) and not sentence.permits and not denied:
            yield from limited(sentence, run)
        return
    node = proposition(sentence, run, denied)
    if node is not None:
        end = list_end(sentence, run) if sentence.section == "inclusion" and not denied else None
        if end is not None:
            # "4 weeks since A or <not known>": the wait binds each of the list.
            yield Stretched(run[0].start, end, AllOf((node, leaf("unread"))))
            return
        yield from _without_the_name(sentence, run, node, denied)


_FOR = re.compile(r"\b(?:for|of|in|with|against)\b")
_STATUS = re.compile(r"[ -](?:positive|negative|low|amplified|mutant|mutated|overexpressing|expressing) ?")
"""Behind HER2 at the end of a stretch: its status is read by itself."""


def _without_the_name(sentence: Sentence, run: list[Token], node: Node, denied: bool) -> Iterator[Stretched]:
    """Yield a statement, and it without the name at its end, for where another rule reads that one.

    "Two lines for metastatic triple-negative breast cancer", "for metastatic HER2-positive breast cancer".
    """
    content = next((token.end for token in reversed(run) if token.kind in ("item", "line", "noun")), run[-1].start)
    named = run[-1].kind == "disease_name" and _FOR.search(sentence.text, content, run[-1].start) is not None
    status = _STATUS.match(sentence.text, run[-1].end) if named else None
    if status is None:
        yield Stretched(run[0].start, run[-1].end, node)
    elif (setting := setting_at(sentence.text, status.end())) is not None:
        # "Two lines for HER2-positive metastatic breast cancer"
        node = proposition(sentence, [*run, setting], denied) or node
    elif (
        cancer := next((hit for hit in sentence.hits if hit.start == status.end() and hit.ids("tumour")), None)
    ) is not None:
        yield Stretched(cancer.start, cancer.end, leaf("tumour_type", types=cancer.ids("tumour")))
    if named and (short := sentence.text[: run[-1].start].rstrip()):
        yield Stretched(run[0].start, len(short), node)


_AND_TIME = re.compile(r"\s*:\s*(?:≥|>|at least|more than|(?:a )?minimum(?: of)?)\s*(?=\d)")


def _labelled_wait(sentence: Sentence, run: list[Token]) -> Stretched | None:
    """Read 'Antibodies: at least 4 weeks' among exclusions: nobody is shut out by having waited, the wait is asked for."""
    named = [token for token in run if token.kind != "window"]
    if {token.kind for token in named} - _NAMES or sentence.text[: run[0].start].strip(" -*•"):
        return None
    label = _AND_TIME.match(sentence.text, max(token.end for token in named if token.kind != "frame"))
    time = LISTED_TIME.match(sentence.text, label.end()) if label is not None else None
    if label is None or time is None or sentence.text[time.end() :].strip(" .;,"):
        return None
    asked = replace(sentence, section="inclusion")
    window = window_token(time, True, replace(asked, text=f"{sentence.text} before"))
    node = proposition(asked, [*named, window], denied=False) if window is not None else None
    return Stretched(run[0].start, time.end(), Not(node)) if node is not None else None


_NAMES = frozenset({"item", "frame", "or", "and", "comma", "noun", "open", "close", "narrow", "prior"})


def surgery_apart(run: list[Token]) -> int | None:
    """Return the comma between what goes on now and an operation of a time ago; None where there is none.

    "Concurrent chemotherapy, surgery, or use of A within 28 days": an operation is nothing that goes on.
    """
    if next((token.kind for token in run if token.kind != "frame"), "") != "current":
        return None
    for i, token in enumerate(run):
        if token.kind == "window":
            return None
        behind = next((one for one in run[i + 1 :] if one.kind not in ("frame", "or", "and")), None)
        operation = behind is not None and behind.kind == "item" and behind.value.procedure == "surgery"
        if token.kind == "comma" and operation and any(one.kind == "item" for one in run[:i]):
            return i if any(one.kind == "window" for one in run[i:]) else None
    return None


def _with_exception(
    sentence: Sentence, run: list[Token], before: list[Token], cut: int, denied: bool
) -> Iterator[Stretched]:
    """Read a stretch with an exception in it; where the two do not make one statement, each side by itself."""
    if (end := bracket_end(run, cut)) is not None and any(token.kind in _CONTENT for token in run[end:]):
        # "A (except B), C": the exception ends with its bracket.
        yield from read_stretch(sentence, run[:end], before)
        lead = [token for token in takewhile(lambda one: one.kind != "item", run) if token.kind in _TELLS]
        rest = trimmed(run[end:], sentence.text)
        for other in read_stretch(sentence, [*lead, *rest], [Token("stop", 0, 0)]):
            yield other._replace(start=max(other.start, rest[0].start))
        return
    front, behind = run[:cut], run[cut + 1 :]
    if end is not None:
        # "A (except B) for metastatic disease": what stands behind the bracket is said of A.
        first = max(i for i, token in enumerate(front) if token.kind == "open")
        front, behind = [*run[:first], *run[end:]], run[cut + 1 : end - 1]
    front, behind = with_last_time(front, behind)
    whole = said(sentence, front, denied)
    left = trimmed(behind, sentence.text)
    if whole is not None and left:
        narrowed = excepted(whole, left)
        node = made_of(narrowed, sentence) if narrowed is not None else None
        if node is None and narrowed is None:
            node = partly_excepted(sentence, front, left, denied)
        if node is not None:
            yield Stretched(run[0].start, run[-1].end, node)
            return
    yield from read_stretch(sentence, run[:cut], before)
    yield from read_stretch(sentence, run[cut + 1 :], [Token("stop", 0, 0)])
