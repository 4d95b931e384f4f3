"""A stretch of tokens about treatment: where it begins and ends, and what stands before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_words import Token

_LOOSE = frozenset(
    {
        "comma",
        "or",
        "and",
        "open",
        "to",
        "examples",
        "except",
        "combined",
        "with_or_without",
        "next",
        "allowed",
    }
)
_VERBS = frozenset({"current", "expose", "use", "plan", "given", "narrow", "needs"})
_KEPT = frozenset(
    {
        "disease",
        "setting",
        "cycle",
        "cycles",
        "course",
        "orally",
        "intravenous",
        "iv",
        "oral",
    }
)
_LEADING = frozenset(
    {
        "comma",
        "or",
        "and",
        "close",
        "to",
        "except",
        "examples",
        "combined",
        "with_or_without",
        "frame",
        "disease",
        "disease_name",
        "site",
        "gy",
        "next",
        "together",
        "anchor",
        "allowed",
        "purpose",
        "ongoing",
        "earlier",
    }
)

_OF_A_CANCER = frozenset(
    {
        "setting",
        "disease_name",
        "disease",
        "frame",
        "or",
        "and",
        "comma",
        "open",
        "close",
        "to",
    }
)
_GIVEN = re.compile(r"^\W*and\b.*\b(?:received|given)$")
_CANCERS = frozenset({"tumour", "histology"})
_DISEASE_THAT = re.compile(r"[^.;:()]*\bdisease,? (?:(?:that|which) (?:has|have|had|is|was|are) )?")
_OF_THE_DISEASE = frozenset({"setting", "frame", "or", "and", "comma", "disease"})


def behind_the_cancer(sentence: Sentence, run: list[Token]) -> list[Token]:
    """Return a stretch without the cancer in front of it: "metastatic breast cancer and have had two lines"."""
    if not run or run[0].kind != "setting":
        return run
    stop = next((token.start for token in run if token.kind not in _OF_A_CANCER), run[-1].end)
    names = [
        hit.end
        for hit in sentence.hits
        if run[0].start <= hit.start < stop and any(term.category in _CANCERS for term in hit.terms)
    ]
    if not names and (grown := next((token for token in run if token.kind == "outcome"), None)) is not None:
        # "Metastatic disease that has progressed on A": the setting is that of the disease now.
        said = _DISEASE_THAT.fullmatch(sentence.text, run[0].end, grown.start)
        if said is not None and {token.kind for token in run if token.start < grown.start} <= _OF_THE_DISEASE:
            return [token for token in run if token.start >= grown.start]
    rest = [token for token in run if token.start >= max(names)] if names else run
    first = next((i for i, token in enumerate(rest) if token.kind != "frame"), len(rest))
    if names and first < len(rest) and rest[first].kind == "allowed" and _GIVEN.search(rest[first].value[0]):
        # "Solid tumours and have received A": here the words permit nothing.
        rest[first] = rest[first]._replace(kind="expose")
    return rest


_NOW = ("current", "concurrent", "ongoing", "concomitant")


def _now_before(front: Sequence[Token]) -> bool:
    """Whether "receiving A or …" stands in front: a time behind it does not bind A."""
    kinds = [token.kind for token in front if token.kind != "frame"]
    now = kinds.index("current") if "current" in kinds else len(kinds)
    return (
        bool(kinds)
        and kinds[-1] in ("or", "and")
        and "item" in kinds[now:]
        and not {"window", "prior", "open"} & {*kinds}
    )


def now_behind(run: Sequence[Token]) -> int | None:
    """Where "or current treatment with B" begins behind "prior treatment with A"; None where a time may bind both."""
    for at, token in enumerate(run):
        front, behind = run[:at], run[at:]
        if token.kind in ("expose", "use") and _now_before(front):
            named = next(
                (one.kind for one in behind if one.kind in ("item", "window", "or", "and", "comma")),
                "",
            )
            return at if named == "item" else None
        if token.kind != "current" or not token.value[0].startswith(_NOW):
            continue
        last = next((one.kind for one in reversed(front) if one.kind not in ("frame", "comma")), "")
        kinds = {one.kind for one in front}
        told = bool(kinds & {"prior", "expose"}) or {"use", "window"} <= kinds
        if last in ("or", "and") and "item" in kinds and told and "open" not in kinds:
            timed = any(one.kind == "window" for one in behind) and "window" not in kinds
            return None if timed or not any(one.kind == "item" for one in behind) else at
    return None


def failed_behind(run: Sequence[Token]) -> int | None:
    """Where "or resistant to B" begins behind "had A": only B has failed."""
    for at, token in enumerate(run):
        if token.kind != "outcome":
            continue
        kinds = [one.kind for one in run[:at] if one.kind != "frame"]
        named = any(one.kind == "item" for one in run[at:])
        parted = bool(kinds) and kinds[-1] == "or" and "item" in kinds and not {"outcome", "open", "window"} & {*kinds}
        return at if parted and named else None
    return None


def grown_again(run: Sequence[Token]) -> int | None:
    """Where "and progression on the last therapy" begins behind "progression on A": the last one may be another."""
    for at, token in enumerate(run):
        front = [one.kind for one in run[:at] if one.kind != "frame"]
        if token.kind == "outcome" and front and front[-1] == "and" and {"outcome", "item"} <= {*front}:
            behind = {one.kind for one in run[at + 1 :]}
            return at if behind == {"frame", "noun"} else None
    return None


_LINES_OF = re.compile(r"\b(?:of|with|systemic|standard) ?$")
_GIVEN_TOO = re.compile(r"and\b.*\b(?:received|given)$")


def beside_a_count(run: Sequence[Token], text: str) -> int | None:
    """Where "and prior B" begins behind a number of lines: B is no line that is counted."""
    count = next((at for at, token in enumerate(run) if token.kind == "count"), None)
    if count is None or {"window", "open", "examples", "except"} & {token.kind for token in run}:
        return None
    for at in range(count + 1, len(run)):
        received = run[at].kind == "allowed" and _GIVEN_TOO.match(run[at].value[0]) is not None
        if run[at].kind not in ("and", "or") and not received:
            continue
        front = {token.kind for token in run[count + 1 : at]}
        behind = [token.kind for token in run[at + 1 :] if token.kind != "frame"]
        anew = (
            (received or behind[:1] in (["prior"], ["expose"]))
            and "item" in behind
            and not {"count", "line"} & {*behind}
        )
        if anew and front & {"line", "noun"} and not _LINES_OF.search(text, 0, run[at].start):
            return at  # and not "lines of systemic or previous A"
    return None


def bracket_end(run: Sequence[Token], at: int) -> int | None:
    """Where the bracket ends in which a token stands; None where it stands in none, or it does not end."""
    depth = sum((token.kind == "open") - (token.kind == "close") for token in run[:at])
    if depth <= 0:
        return None
    for i in range(at, len(run)):
        depth += (run[i].kind == "open") - (run[i].kind == "close")
        if depth == 0:
            return i + 1
    return None


_LOOSE_FIRST = _LEADING | {"open"}
_LOOSE_LAST = _LOOSE | _VERBS


def _own_time(run: list[Token], text: str) -> list[Token]:
    """Without a time at its beginning that an "or" parts from it: "thrombosis within the last year or use of A"."""
    if len(run) < 3 or run[0].kind != "window" or not text[: run[0].start].strip(" -*•"):
        return run
    second = next((token for token in run[1:] if token.kind != "frame"), run[0])
    return run[run.index(second) :] if second.kind in ("or", "and") else run


def unlabelled(run: list[Token], text: str) -> list[Token]:
    """Without the label in front of what is said of it: "Radiotherapy: at least 2 weeks since radiotherapy"."""
    if len(run) > 2 and run[0].kind in ("item", "noun") and text[run[0].end : run[0].end + 1] == ":":
        behind = [token for token in run[1:] if token.kind != "frame"]
        if behind and behind[0].kind in ("window", "prior") and any(token.kind == "item" for token in behind):
            return [
                Token("washout", run[0].start, behind[0].start),
                *run[run.index(behind[0]) :],
            ]
    return run


def trimmed(run: list[Token], text: str) -> list[Token]:
    """Without small words at its edges and without a bracket that does not close."""
    while True:
        size = len(run)
        first = next((i for i, token in enumerate(run) if token.kind not in _LOOSE_FIRST), size)
        last = size
        while last > first and (
            (token := run[last - 1]).kind in _LOOSE_LAST
            or (token.kind == "frame" and text[token.start : token.end] not in _KEPT)
        ):
            last -= 1
        run = _own_time(run[first:last], text)
        depth = 0
        for i, token in enumerate(run):
            depth += (token.kind == "open") - (token.kind == "close")
            if depth < 0:
                run = run[:i]
                break
        if depth > 0:
            last = max(i for i, token in enumerate(run) if token.kind == "open")
            run = run[:last]
        if len(run) == size:
            return run


def said_before(before: Sequence[Token]) -> bool:
    """Whether the clause has begun before."""
    for token in reversed(before):
        if token.kind == "stop":
            return False
        if token.kind not in ("deny", "frame"):
            return True
    return False


def denied_before(before: Sequence[Token]) -> bool:
    """Whether a "no" stands before the stretch."""
    for token in reversed(before):
        if token.kind == "deny":
            return True
        if token.kind not in ("frame", "disease", "setting", "disease_name"):
            return False
    return False


def of_a_disease(run: Sequence[Token], before: Sequence[Token]) -> bool:
    """Whether words that are not known say what did not respond: "hypertension refractory to treatment"."""
    last = next((token for token in reversed(before) if token.kind != "frame"), None)
    return (
        run[0].kind == "outcome"
        and run[0].value[0].startswith(("refractory", "resistan"))
        and not any(token.kind in ("item", "count") for token in run)
        and last is not None
        and last.kind == "word"
    )
