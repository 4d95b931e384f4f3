"""Numbers of lines of therapy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.kinds.reading.base import Sentence, both_ways
from her2nav.kinds.reading.base import leaf as leaf_of
from her2nav.kinds.reading.treatment_names import within
from her2nav.kinds.reading.treatment_times import Window
from her2nav.kinds.reading.treatment_words import ONE_OF_THEM, Token
from her2nav.language.numbers import number, operator
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves

_OF_A_TARGET = re.compile(r" (?:that |which )?(?:target(?:s|ing|ed)?|directed|inhibit\w+)\b")
"""Behind "regimens": those of one sort alone are counted."""
_SINCE_A_SAMPLE = re.compile(
    r"[^.;]{0,60}?\b(?:from|since|after|between) (?:the )?(?:date|time|collection|biops|sampl|tissue|specimen|most recent)[^.;]{0,50}?(?:collection|biops|sampl|tissue|specimen|material)?"
)
"""Behind a count: lines since a sample was taken, and not all of them."""
_EVERY = frozenset({"neoadjuvant", "adjuvant", "metastatic"})
_ALLOWED = frozenset(
    {"count", "frame", "prior", "expose", "item", "line", "noun", "setting", "disease", "disease_name", "outcome", "comma", "or", "and", "examples",
     "open", "close", "together", "allowed", "combined", "to", "with_or_without", "use", "aside", "why", "given"}
)  # fmt: skip


def counted(run: Sequence[Token], sentence: Sentence, denied: bool) -> Node | None:
    """Return the proposition of a stretch that counts lines; None where it counts none or more than a count is said."""
    narrow = [str(token.value) for token in run if token.kind in ("narrow", "purpose", "amount")]
    narrow += [words for token in run if token.kind == "item" for words in token.value.narrow]
    if narrow:
        return _narrowed_count(
            [_plain(token) for token in run if token.kind not in ("narrow", "purpose", "amount")],
            narrow,
            sentence,
            denied,
        )
    ended = _ended(run)
    if ended is not None:
        inner = counted(ended[0], sentence, denied)
        names = (
            {leaf.params.of for leaf in leaves(inner) if leaf.kind == "lines_of_therapy"}
            if inner is not None
            else set()
        )
        if inner is None or len(names) != 1:
            return None
        window = ended[1]
        return AllOf((inner, leaf_of("washout", drugs=names.pop(), days=window.days, anchor=window.anchor)))
    if any(token.kind == "item" and token.value.unknown for token in run):
        return None
    counts = [i for i, token in enumerate(run) if token.kind == "count"]
    if len(counts) == 2 and sentence.section == "inclusion" and not denied:
        return _least_and_most(run, counts[1], sentence)
    if len(counts) != 1 or any(token.kind not in _ALLOWED for token in run):
        return None
    if _SINCE_A_SAMPLE.match(sentence.text, run[-1].end):
        return None
    at = counts[0]
    bounds = _bounds(run[at])
    if bounds is None:
        return None
    noun = _noun_behind(run, at, sentence)
    if noun is None or (sentence.section == "exclusion" and run[at].value["joint"] == "but" and bounds[0]):
        # "At least one but no more than three lines", excluded: no trial wants those who had none or four.
        return None
    if _SCHEDULE.match(sentence.text, run[noun].end) or _OF_A_TARGET.match(sentence.text, run[noun].end):
        return None
    if (bounds[0] or 0) > 1 and sentence.text.startswith("course", run[noun].start):
        return None  # "at least 5 courses": as often cycles of one line
    before, behind = run[at + 1 : noun + 1], run[noun + 1 :]
    either_way = next((token.start for token in before if token.kind == "with_or_without"), len(sentence.text))
    items = [token for token in before if token.kind == "item" and token.start < either_way]
    behind_items: list[Token] = []
    held: list[Token] = []
    inside = included = False
    beside = False
    for token in behind:
        beside = (beside or token.kind == "with_or_without") and token.kind not in ("comma", "close", "setting")
        included = (
            included or (token.kind == "examples" and _must_include(token, sentence, bounds))
        ) and token.kind != "close"
        inside = (inside or token.kind in ("examples", "open")) and token.kind != "close"
        if token.kind == "item" and not beside:
            (held if included else [] if inside else behind_items).append(token)
    one_of_them = next(
        (token for token in behind if token.kind == "examples" and ONE_OF_THEM.match(token.value[0])), None
    )
    if one_of_them is not None:
        if sentence.section == "exclusion" or denied or not held:
            return None
        placed = [token for token in behind if token.kind == "setting" and token.start > one_of_them.start]
        if placed:
            return _one_in_a_setting(run, placed, sentence)
    if items and behind_items:
        return None
    items = items or behind_items
    if any(token.value.procedure for token in items) or any(token.kind == "item" for token in run[:at]):
        return None
    if items and _OR_ANY.search(sentence.text, run[at].end, items[0].start):
        return None  # "two lines of systemic or investigational therapy"
    drugs = _narrowed(items, run, sentence)
    asked = sentence.section == "inclusion" and not denied
    least, most, exact = bounds
    every = _each_of(items, run) if len(drugs) > 1 and least and (asked or least == 1) else []
    if every and held:
        return None
    if items and not every and asked and _MUST_INCLUDE.search(sentence.text, run[at].end, items[0].start):
        held, items, drugs = items, [], ()  # "one or two regimens that must have included A"
    if any(token.value.medicine for token in items):
        return None
    settings = {
        one for token in run for one in (token.value if token.kind == "setting" and token.start > run[at].start else ())
    }
    if settings and "metastatic" not in settings:
        return None
    setting = "metastatic" if settings == {"metastatic"} else "any"
    if every:
        failed_with = drugs if any(token.kind == "outcome" for token in run) else ()
        return _all_held(every, bounds, setting, failed_with)
    node: Node = leaf_of("lines_of_therapy", min=least, max=most, of=drugs, setting=setting)
    if run[at].value["op1"] == "only" and least == most and not any(token.kind == "expose" for token in run[:at]):
        # "Only one earlier regimen": one and no more, or none of more than one.
        capped = leaf_of("lines_of_therapy", max=most, of=drugs, setting=setting)
        node = capped if sentence.permits else both_ways(node, capped, "those who had none of these lines, too")
    if settings and settings != {"metastatic"} and (least, most) == (1, None):
        return None  # whoever had any in one of the settings had one
    if settings and settings != {"metastatic"} and not settings >= _EVERY:
        # "In the adjuvant or metastatic setting": lines before the operation are not spoken of.
        late = leaf_of("lines_of_therapy", min=least, max=most, of=drugs, setting="metastatic")
        node = both_ways(node, late, "lines of every setting, too")
    if not exact:
        # What is allowed once may be a limit: a permission stays open.
        doubt = None if sentence.permits else "just that many lines, or that many at least"
        node = both_ways(node, leaf_of("lines_of_therapy", min=least, max=least, of=drugs, setting=setting), doubt)
    if held and sentence.section == "inclusion" and not denied:
        named = _held(held, behind)
        if named is None:
            return None
        node = AllOf((node, named))
    outcomes = [token for token in run if token.kind == "outcome"]
    if outcomes:
        tolerated = any(token.value["pdint"] or token.value["intol"] for token in outcomes)
        if tolerated:
            return AllOf((node, leaf_of("prior_therapy", drugs=drugs, outcome="progression_or_intolerance")))
        therapy = {"therapy": {"drugs": drugs}} if drugs else {}
        failed = AllOf((node, leaf_of("disease_progression", after="any_therapy", **therapy)))
        if sentence.section == "inclusion" and not denied and most is not None and not least:
            # "Failed fewer than five lines" may be said of those who had none, too.
            return both_ways(failed, node, "those who had none of these lines, too")
        return failed
    return node


def _noun_behind(run: Sequence[Token], at: int, sentence: Sentence) -> int | None:
    """Return the noun of what is counted; of "chemotherapy or immunotherapy regimens" the one behind all names."""
    first = next(
        (i for i in range(at + 1, len(run)) if run[i].kind in ("line", "noun") or _is_plural(run[i], sentence)), None
    )
    if first is None or run[first].kind != "item":
        return first
    last = next((i for i in range(first + 1, len(run)) if run[i].kind not in ("frame", "or", "comma", "item")), first)
    between = {token.kind for token in run[first + 1 : last]}
    return last if run[last].kind == "line" and {"or", "item"} <= between else first


def _one_in_a_setting(run: Sequence[Token], placed: Sequence[Token], sentence: Sentence) -> Node | None:
    """Read 'At least 2 lines, one of which must include A, for metastatic disease': the setting is that of all, or of A."""
    apart = [token for token in run if token not in placed]
    at = next(i for i, token in enumerate(apart) if token.kind == "examples")
    if len(placed) > 1 or any(token.kind == "setting" for token in apart):
        return None
    here = apart[at].start
    in_front = placed[0]._replace(start=here, end=here)
    of_all = counted([*apart[:at], in_front, *apart[at:]], sentence, denied=False)
    of_one = counted(apart, sentence, denied=False)
    if of_all is None or of_one is None:
        return None
    in_it = _given_in(of_one, placed[0].value)
    return both_ways(of_all, in_it, "the setting of one of these lines for all of them")


def _given_in(node: Node, settings: tuple[str, ...]) -> Node:
    """Return a tree whose treatments were given in a setting."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(_given_in(part, settings) for part in parts))
        case Leaf(kind="prior_therapy", params=params):
            return leaf_of("prior_therapy", **{**params.model_dump(exclude_defaults=True), "settings": settings})
    return node


def _plain(token: Token) -> Token:
    """A treatment without what narrows it."""
    return token._replace(value=token.value.model_copy(update={"narrow": ()})) if token.kind == "item" else token


def _narrowed_count(run: Sequence[Token], narrow: Sequence[str], sentence: Sentence, denied: bool) -> Node | None:
    """Read 'At most 2 lines of cytotoxic therapy for bone disease': of all lines there may be more."""
    node = counted(run, sentence, denied)
    if not isinstance(node, Leaf) or node.kind != "lines_of_therapy":
        return None
    most, least = node.params.max is not None, node.params.min is not None
    asked = leaf_of("judgement", topic="whether they were " + ", ".join(dict.fromkeys(narrow)))
    return None if most and least else AnyOf((node, Not(asked))) if most else AllOf((node, asked))


def _least_and_most(run: Sequence[Token], second: int, sentence: Sentence) -> Node | None:
    """Read 'At least one regimen and at most 2 lines for metastatic disease': two counts, each with its own words."""
    one, other = counted(run[:second], sentence, denied=False), counted(run[second:], sentence, denied=False)
    if one is None or other is None:
        return None
    bounds = [
        (item.params.min, item.params.max)
        for node in (one, other)
        for item in leaves(node)
        if item.kind == "lines_of_therapy"
    ]
    ordered = bounds if len(bounds) != 2 or bounds[0][1] is None else bounds[::-1]
    if len(ordered) != 2 or (ordered[0][1], ordered[1][0]) != (None, None):
        return None
    return AllOf((one, other))


_SCHEDULE = re.compile(
    r"\s(?:of (?:therapy|treatment|chemotherapy) )?(?:at|given|every)\b[^,;.]{0,20}\b(?:weeks?|days?|weekly)\b"
)
"""A number of courses "at 3-week intervals" is how one line is given."""
_CLOSED = re.compile(r"[(\[]\s*(?:which |that )?$")
_EARLIER = re.compile(r"[\s:]*(?:at least |a |any |one )*(?:prior|previous)\b")


def _must_include(token: Token, sentence: Sentence, bounds: tuple[int | None, int | None, bool]) -> bool:
    """Whether "including A" behind a count asks for A: "(including conjugates)" behind a most says what counts."""
    if ONE_OF_THEM.match(token.value[0]):
        return True
    if not token.value[0].startswith("including"):
        return False
    least, most, _ = bounds
    at_most = most is not None and not least
    closed = _CLOSED.search(sentence.text, 0, token.start) is not None
    return not (at_most and closed) or _EARLIER.match(sentence.text, token.end) is not None


def _each_of(items: Sequence[Token], run: Sequence[Token]) -> list[tuple[str, ...]]:
    """Return the treatments that a line must all hold; none where any of them will do."""
    first, last = items[0].end, items[-1].start
    joints = {token.kind for token in run if first <= token.start < last}
    if not joints & _AND or "or" in joints or any(token.value.procedure or not token.value.drugs for token in items):
        return []
    names = [*dict.fromkeys(token.value.drugs for token in items)]
    return names if len(names) > 1 else []


_OR_ANY = re.compile(r"\bsystemic(?:,| ?/| and/or| or) ")
_MUST_INCLUDE = re.compile(
    r"\b(?:must|should|ha(?:s|ve|d) to|needs? to) (?:have |has )?(?:also )?(?:includ|contain|consist|involv)"
)
_AND = frozenset({"and", "combined", "together"})


def _all_held(
    names: Sequence[tuple[str, ...]], bounds: tuple[int | None, int | None, bool], setting: str, failed: tuple[str, ...]
) -> Node | None:
    """Read 'At least one line with A and B': each was given, and whether in one line is asked; more is not read.

    A line with one of them alone is none. `failed` names them all where the disease grew under them.
    """
    least, most, exact = bounds
    if least != 1 or most is not None or not exact:
        return None
    settings = ("metastatic",) if setting == "metastatic" else ()
    given = [leaf_of("prior_therapy", drugs=one, settings=settings) for one in names]
    grown = [leaf_of("disease_progression", after="any_therapy", therapy={"drugs": failed})] if failed else []
    asked = leaf_of("judgement", topic="whether they were given in the same line")
    return AllOf((leaf_of("lines_of_therapy", min=1, setting=setting), *given, *grown, asked))


def _held(items: Sequence[Token], behind: Sequence[Token]) -> Node | None:
    """Read 'Including a taxane': what one of the lines must hold."""
    if any(token.value.procedure or not token.value.drugs for token in items):
        return None
    joints = {
        token.kind for token in behind if items[0].start < token.start < items[-1].start and token.kind in ("and", "or")
    }
    if len(joints) > 1:
        return None
    names = [token.value.drugs for token in items]
    if joints == {"or"} or len(names) == 1:
        return leaf_of("prior_therapy", drugs=tuple(dict.fromkeys(drug for one in names for drug in one)))
    return AllOf(tuple(leaf_of("prior_therapy", drugs=one) for one in names))


def _narrowed(items: Sequence[Token], run: Sequence[Token], sentence: Sentence) -> tuple[str, ...]:
    """Names of all classes; of two that stand side by side ("platinum-based chemotherapy") the narrower one."""
    names: list[tuple[str, ...]] = []
    last: Token | None = None
    for token in items:
        beside = last is not None and all(
            between.kind in ("frame", "noun", "line") for between in run if last.end <= between.start < token.start
        )
        if beside and names and within(names[-1], token.value.drugs, sentence.knowledge):
            pass
        elif beside and names and within(token.value.drugs, names[-1], sentence.knowledge):
            names[-1] = token.value.drugs
        else:
            names.append(token.value.drugs)
        last = token
    return () if any(not one for one in names) else tuple(dict.fromkeys(drug for one in names for drug in one))


def _ended(run: Sequence[Token]) -> tuple[Sequence[Token], Window] | None:
    """Split "one line of X and completed treatment at least 2 weeks before": the count, and the time since."""
    windows = [i for i, token in enumerate(run) if token.kind == "window"]
    if (
        len(windows) != 1
        or not run[windows[0]].value.elapsed
        or run[windows[0]].value.days is None
        or run[windows[0]].value.half_lives
    ):
        return None
    cut = next((i for i in range(windows[0], 0, -1) if run[i].kind in ("and", "comma", "allowed")), None)
    if cut is None or any(
        token.kind not in ("and", "comma", "frame", "expose", "noun", "allowed", "window", "prior")
        for token in run[cut:]
    ):
        return None
    return run[:cut], run[windows[0]].value


def _is_plural(token: Token, sentence: Sentence) -> bool:
    """Read 'Two prior chemotherapies', "one prior systemic therapy": the name of the class is itself the noun."""
    written = sentence.text[token.start : token.end]
    return token.kind == "item" and re.search(r"(?:therap(?:y|ies)|treatments?|regimens?)$", written) is not None


def _bounds(token: Token) -> tuple[int | None, int | None, bool] | None:
    """Return the least and the greatest number, and whether a bare number means just that."""
    found = token.value
    first = _one(found["op1"], found["n1"], found["more1"])
    if found["n2"] is None:
        if found["op1"] is None and not found["more1"]:
            count = int(number("one" if found["n1"] == "single" else found["n1"]))
            return count, None, False
        return (*first, True) if first is not None else None
    second = _one(found["op2"], found["n2"], found["more2"])
    low, high = int(number(found["n1"])), int(number(found["n2"]))
    if found["op2"] is None and found["op1"] is None and not found["more2"]:
        return (low, high, True) if low < high and found["joint"] in ("-", "to", "or") else None
    if found["op1"] is None and found["op2"] is None and found["more2"]:
        return (low, None, True) if "more" in found["more2"] else (None, high, True)
    if found["op1"] is None and found["op2"] == "up to" and found["joint"] == "or" and low < high:
        return low, high, True  # "one or up to two"
    if first is None or second is None or found["joint"] == "or":
        return None
    least = next((one for one in (first[0], second[0]) if one is not None), None)
    most = next((one for one in (first[1], second[1]) if one is not None), None)
    if least is None and most is not None and found["op1"] is None:
        least = low
    return (least, most, True) if most is not None and least is not None and least <= most else None


def _one(op: str | None, written: str, more: str | None) -> tuple[int | None, int | None] | None:
    count = int(number("one" if written == "single" else written))
    if more:
        return (count, None) if "more" in more or "greater" in more or "+" in more else (None, count)
    if op is None:
        return (None, None)
    if op in ("exactly", "only"):
        return count, count
    match "<=" if "up to" in op else operator(op):
        case ">=":
            return count, None
        case "<=":
            return None, count
        case ">":
            return count + 1, None
        case "<":
            return (None, count - 1) if count > 0 else None
    return None
