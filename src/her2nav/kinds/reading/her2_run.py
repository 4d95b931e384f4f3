"""A stretch of HER2 words, and what belongs to it at its edges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from her2nav.kinds.reading.her2_tokens import Atom


@dataclass(slots=True)
class Run:
    """A stretch of HER2 words."""

    atoms: list[Atom] = field(default_factory=list)
    joints: list[set[str]] = field(default_factory=list)
    start: int = 0
    end: int = 0
    named: bool = False
    """HER2 is named in it."""


def without_method_before(run: Run, text: str) -> None:
    """Leave off a method that says how what stands before it was found: "… cancer by IHC, or amplified by FISH"."""
    if (
        len(run.atoms) > 1
        and run.atoms[0].kind == "method"
        and run.atoms[1].kind != "method"
        and run.joints[1] & {"or", "comma"}
        and re.search(r"\b(?:by|via|using|per|on) (?:an? |the )?$", text[: run.start])
    ):
        del run.atoms[0], run.joints[0]
        run.joints[0] = set()
        run.start = run.atoms[0].start


_SIGN_BEFORE = re.compile(
    r"\b(?P<sign>positive|negative|amplified|non-?amplified)(?: (?:test|result))? (?:by|on|via|per|using|in) (?:an? |the )?\Z"
)


def with_sign_before(run: Run, text: str) -> None:
    """Take in the word that a method begins with: "defined as negative by FISH, or IHC 0 or 1+"."""
    if len(run.atoms) < 2 or run.atoms[0].value != ("ish",) or not run.joints[1] & {"or", "comma"}:
        return
    found = _SIGN_BEFORE.search(text, max(0, run.start - 60), run.start)
    if found is None:
        return
    sign = "positive" if found["sign"] in ("positive", "amplified") else "negative"
    run.atoms[0] = Atom("ish", (sign,), found.start(), run.atoms[0].end)
    run.start = found.start()


_OTHER_WORD = re.compile(
    r"\bover-? ?express\w*(?: ?\([^()]{0,40}\))?,? ?(?:and ?/ ?or|or|/) ?(?:gene |the )*\Z|\bamplif\w*(?: ?\([^()]{0,40}\))?,? ?(?:and ?/ ?or|or|/) ?(?:protein |the )*\Z"
)


def with_other_word(run: Run, text: str) -> None:
    """Take in the first word of "overexpression and/or amplification of HER2"."""
    if not run.atoms or run.atoms[0].kind not in ("amp", "status") or run.atoms[0].value != ("positive",):
        return
    found = _OTHER_WORD.search(text, max(0, run.start - 80), run.start)
    if found is None:
        return
    kind = "amp" if found[0].startswith("amp") else "status"
    run.atoms.insert(0, Atom(kind, ("positive",), found.start(), found.end()))
    run.joints[0] = {"or"}
    run.joints.insert(0, set())
    run.start = found.start()


_LOW_SCORES = frozenset({"0", "1+"})
_OWN_WORDS = frozenset({"status", "word", "amp"})


def with_confirmation(run: Run) -> None:
    """Say what a score is confirmed to be: "IHC 3+, or 2+ confirmed by FISH" asks for amplification of 2+.

    The words for the status around it, or the scores beside it, tell; where they do not, it is only a method.
    """
    for i in range(len(run.atoms) - 1, -1, -1):
        if run.atoms[i].kind == "confirmed":
            _confirm(run, i)


def _confirm(run: Run, i: int) -> None:
    item = run.atoms[i]
    scores = [k for k in range(i) if run.atoms[k].kind == "ihc"]
    sign = _sign_confirmed(run)
    last = scores[-1] if scores else None
    only_two = next((k for k in scores if run.atoms[k].value == ("2+",)), None)
    if sign is None or last is None or only_two is None:
        run.atoms[i] = Atom("method", ("ish",), item.start, item.end)
        return
    run.atoms[i] = Atom("ish", (sign,), item.start, item.end)
    if only_two == last:
        return
    if item.value:
        # "2+ or 3+ with FISH confirmation for 2+": the result is asked of that score alone.
        moved, joint = run.atoms.pop(i), run.joints.pop(i)
        run.atoms.insert(only_two + 1, moved)
        run.joints.insert(only_two + 1, joint)
    elif last == only_two + 1 and run.joints[last] <= {"or", "slash", "comma", "and"}:
        # "2+ or 3+ confirmed by FISH": of both.
        both = tuple(score for score in ("2+", "3+") if score in {*run.atoms[only_two].value, *run.atoms[last].value})
        run.atoms[last] = Atom("ihc", both, run.atoms[only_two].start, run.atoms[last].end)
        run.joints[last] = run.joints[only_two]
        del run.atoms[only_two], run.joints[only_two]


def _sign_confirmed(run: Run) -> str | None:
    words = {item.value[0] for item in run.atoms if item.kind in _OWN_WORDS}
    scores = {score for item in run.atoms if item.kind == "ihc" for score in item.value}
    signs = words & {"positive", "negative"}
    if len(signs) == 1:
        return signs.pop()
    if words or ("3+" in scores and _LOW_SCORES & scores):
        return None
    return "negative" if _LOW_SCORES & scores else "positive"
