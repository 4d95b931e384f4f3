"""Laboratory values: "AST and ALT up to 2.5 x ULN (5 x ULN with liver metastases)".

Behind variables, comparison, number and unit may stand a looser limit for some patients and how it is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading import lab_by_sex
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, both_ways, leaf
from her2nav.kinds.reading.gilbert import EXEMPT, MILD_ELEVATION
from her2nav.kinds.reading.lab_further import behind_a_limit
from her2nav.kinds.reading.lab_grammar import UNIT, grammar_of
from her2nav.kinds.reading.lab_support import supported
from her2nav.kinds.reading.lab_units import meant, plausible
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.language.numbers import number, operator
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, AnyOf, Node, Not, When

_JOINT = re.compile(r"\A(?:[\s,/]|\b(?:or|and)\b)+")
_CORRECTED = re.compile(r"\bcalcium \(?corrected (?:for|to) (?:the )?$")
_PT = re.compile(r"pt\b")
"""Two letters that name the prothrombin time only in front of a limit or of another value."""
_PT_LAST = re.compile(r"(?:/|,|\bor|\band) ?pt\Z")
_MILLIONS = re.compile(r"[x*]? ?10 ?[\^*e]? ?\(?6\)? ?(?:cells? ?)?/ ?l")
_SIGNS = {"least": ">=", "most": "<=", "most_with_unit": "<="}
"""What stands unsaid before a number, by what a trial limits."""
_MULTIPLES = "multiples of the upper limit of normal by a number without a unit"
_FILTRATION = frozenset({"creatinine_clearance", "egfr_ckd"})
_HIGH_CREATININE = re.compile(
    r"[ ,(]*\b(?:for|in) (?:patients|participants|subjects|those|individuals) (?:with|who have) (?:an? )?(?:serum )?creatinine (?:levels? |values? )?(?:that (?:is|are) )?(?:above|outside|greater than|higher than|exceeding|over|>)(?: of)? ?(?:the )?"
    r"(?:(?P<n>\d(?:\.\d{1,2})?) ?(?:x|times|\*) ?)?(?:the )?(?:(?:institutional|institution'?s?|laboratory|lab|upper|uln|iuln)\b ?)(?:(?:limits?|range|of|the|normal|upper|institutional)\b ?)*\)?"
)
"""Behind a limit of filtration: whom alone it binds."""
_OR = re.compile(r"\bor\b")
_CREATININE_OR = re.compile(r"\bcreatinine\b[^;]*\bor\b[^;]{0,40}\Z")
"""In front of it: the creatinine that does as well."""


_NO_LIMIT = re.compile(
    r"[ -]*(?:hours?|hrs?|days?|weeks?|minutes?|months?)\b"
    r"|\s*(?:\w+/\w+\s*)?(?:above|over|higher than|beyond|below|from) (?:the |its |their )?(?:institutional |local |laboratory )?(?:upper|uln|iuln|unl|normal|baseline|lower|lln)\b"
)
"""Behind a number: how long urine was gathered, or how far a value lies from another one."""


_BROKEN = re.compile(r"['’,.] ?\d|x ?\d")
"""Behind a number: the rest of it."""
_ENDED = re.compile(
    r"\s*(?:[.,;:)\]]|$|[\ue000-\uf8ff]|(?:and|or|unless|except|within|if|for|in|at|prior|before|who|when|with|on|but|as|by|obtained|\d)\b|[(\[])"
)
"""Behind a number without a unit: no word that could be its unit."""
_RANGE = re.compile(r" ?(?:to|-|and) ?\d")
"""Behind a number without a sign: the other end of a range."""


_NORMAL_FIRST = re.compile(r"\bnormal (?:serum )?\Z")


def _bears_no_more(sentence: Sentence, ids: list[str]) -> bool:
    """Whether of each of the values a trial bears so much and no more."""
    table = sentence.knowledge.variables.variables
    return all(table[item].limit == "most" for item in ids)


def _normal_or(sentence: Sentence, first: int, found: re.Match[str], ids: list[str]) -> Stretched | None:
    """Read "normal creatinine or creatinine clearance > 60 mL/min": the limit is that of the last value alone."""
    before = _NORMAL_FIRST.search(sentence.text, 0, first)
    if before is None or len(ids) != 2 or not _bears_no_more(sentence, ids[:1]) or sentence.section != "inclusion":
        return None
    if re.search(r"\bor\b", sentence.text[first : found.end("vars")]) is None:
        return None
    normal = _limits(sentence, ids[:1], "<=", "1", "uln")
    limit = _limits(sentence, ids[1:], _sign(sentence, found, ids[1:]), found["n"] or "1", found["unit"])
    if normal is None or limit is None:
        return None
    return Stretched(before.start(), found.end(), AnyOf((normal, limit)))


_OTHERWISE = re.compile(
    r"(?: (?:institutional|normal|limits?|of|the|range|upper)\b)*,? ?(?:\botherwise\b|\bin (?:all )?(?:the )?(?:other patients|others|the rest)\b|\bfor (?:all )?others\b)"
)
"""Behind the second limit: it is that of everybody else."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    grammar = grammar_of(sentence.knowledge)
    yield from _normal(sentence)
    yield from lab_by_sex.fronted(sentence, _limits)
    at = 0
    while (found := grammar.main.search(sentence.masked, at)) is not None:
        at = found.end()
        if _NO_LIMIT.match(sentence.text, found.end()):
            continue
        if not found["unit"] and not found["bare"] and _BROKEN.match(sentence.text, found.end()):
            continue
        if not (found["unit"] or found["bare"]) and found["n"] and not _ENDED.match(sentence.masked, found.end()):
            ids = _variables(sentence, *found.span("vars"))
            if any(sentence.knowledge.meant_units.doubtful(item, number(found["n"])) for item in ids):
                continue
        if not found["op"] and _RANGE.match(sentence.text, found.end()):
            continue
        first = _own_bracket(sentence.text, *found.span("vars"))
        ids = _variables(sentence, first, found.end("vars"))
        written = found["n"] or "1"
        bare = None if found["n"] else _bare(sentence, found)
        if bare == "uln" and found["bare"].isascii() and not _bears_no_more(sentence, ids):
            # "Above institutional normal" names an end of the range only where one end matters.
            continue
        node = _limits(sentence, ids, _sign(sentence, found, ids), written, bare or found["unit"])
        if node is None and (either := _normal_or(sentence, first, found, ids)) is not None:
            yield either
        if node is None:
            continue
        if isinstance(node, AllOf) and set(ids) == _FILTRATION and _OR.search(found["vars"]):
            node = AnyOf(node.parts)  # two ways to measure the same
        of_each = lab_by_sex.behind(sentence, ids, found, _sign(sentence, found, ids), _limits)
        node, end = of_each or _followed(sentence, node, ids, found)
        if found["ward"] == "with":
            liver = leaf("metastatic_site", any_of=["liver"])
            node = AnyOf((AllOf((liver, node)), Not(liver)))
        elif found["ward"] == "without" and not isinstance(node, AnyOf):
            # What binds patients with liver metastases is said elsewhere, or not at all.
            node = AnyOf((node, leaf("metastatic_site", any_of=["liver"])))
        at = max(at, end)
        yield Stretched(max(found.start(), first), end, node)


def _own_bracket(text: str, start: int, end: int) -> int:
    """Return where a list of variables begins behind a bracket that closes in it and was opened before it."""
    depth, first = 0, start
    for place in range(start, end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth < 0:
            depth, first = 0, place + 1
    if first == start or not text[first:end].strip():
        return start
    rest = text[first:end]
    return first + len(rest) - len(_JOINT.sub("", rest))


def _bare(sentence: Sentence, found: re.Match[str]) -> str:
    """The limit that a comparison without a number names."""
    low = dictionary(sentence.knowledge).marks("lln")
    return "lln" if found["bare"] and any(mark in found["bare"] for mark in low) else "uln"


_NUMBER_NEXT = re.compile(rf"[\s,(:=]*(?:{MACROS['op']}|\d|within|must|should|is|are|if|or\b|limit)")


def _normal(sentence: Sentence) -> Iterator[Stretched]:
    """Read "within normal limits": it is up to the upper limit, for values of which only too much is bad."""
    grammar = grammar_of(sentence.knowledge)
    first = (
        found
        for found in (grammar.named_normal.finditer(sentence.masked) if sentence.section == "inclusion" else ())
        if not _NUMBER_NEXT.match(sentence.text, found.end())
    )
    for found in (*grammar.normal.finditer(sentence.masked), *first):
        ids = _variables(sentence, *found.span("vars"))
        if ids and _bears_no_more(sentence, ids):
            node = _limits(sentence, ids, "<=", "1", "uln")
        elif ids and sentence.section == "inclusion":
            upper, lower = (_limits(sentence, ids, sign, "1", end) for sign, end in (("<=", "uln"), (">=", "lln")))
            node = AllOf((lower, upper)) if lower is not None and upper is not None else None
        else:
            continue
        if node is None:
            continue
        end = found.end()
        if _bears_no_more(sentence, ids) and (exempt := EXEMPT.match(sentence.text, end)):
            node = AnyOf((node, leaf("comorbidity", any_of=["gilbert_syndrome"])))
            end = exempt.end()
        yield Stretched(found.start(), end, node)


def _sign(sentence: Sentence, found: re.Match[str], ids: list[str]) -> str | None:
    """The comparison; where the record lost it, the one that asks for adequate function, among inclusions only."""
    if found["op"]:
        return found["op"]
    if found["n"] and found["later"]:
        return found["later"]
    if sentence.section != "inclusion" or not ids or not (found["unit"] or found["bare"] or ids == ["inr"]):
        return None
    table = sentence.knowledge.variables.variables
    wanted = {_SIGNS.get(table[item].limit or "") for item in ids}
    return wanted.pop() if len(wanted) == 1 else None


_OTHER_END = re.compile(
    rf"[ ,]*(?:and|but|to|-)? ?(?P<op>{MACROS['op']}) ?(?P<n>{MACROS['digits']}) ?(?P<unit>{UNIT})?(?![\w/])"
)
_UP = frozenset({">", ">="})


def _ranged(sentence: Sentence, node: Node, ids: list[str], found: re.Match[str], other: re.Match[str]) -> Node | None:
    """Return both ends of a range: "HbA1c ≥ 6.5 % and ≤ 8.5 %"; None where the second limit is no other end."""
    one, two = operator(found["op"] or ""), operator(other["op"])
    if found["n"] is None or one is None or two is None or (one in _UP) is (two in _UP):
        return None
    if (number(found["n"]) < number(other["n"])) is not (one in _UP):
        return None
    second = _limits(sentence, ids, other["op"], other["n"], other["unit"] or found["unit"])
    return AllOf((node, second)) if second is not None else None


def _followed(sentence: Sentence, node: Node, ids: list[str], found: re.Match[str]) -> tuple[Node, int]:
    """Take in what stands behind a limit: the same in another unit, a looser one for some patients, support, age."""
    grammar = grammar_of(sentence.knowledge)
    end = found.end()
    other = _OTHER_END.match(sentence.text, end) if sentence.section == "inclusion" else None
    if other and (ranged := _ranged(sentence, node, ids, found, other)) is not None:
        node, end = ranged, other.end()
    strict: Node | None = None
    for _ in range(4):
        before = end
        same = grammar.same.match(sentence.masked, end)
        if same and _equal(sentence, ids, found, same):
            end = same.end()
        mild = MILD_ELEVATION.match(sentence.text, end)
        if mild and ids == ["bilirubin"] and sentence.section == "inclusion":
            eased = leaf("lab_value", variable="bilirubin", op="<=", value=number(mild["n"]), unit="xULN")
            node = AnyOf((node, AllOf((leaf("comorbidity", any_of=["gilbert_syndrome"]), eased))))
            end = mild.end()
        exempt = EXEMPT.match(sentence.text, end)
        if exempt and operator(found["op"] or "≤") in ("<=", "<"):
            strict = node
            node = AnyOf((node, leaf("comorbidity", any_of=["gilbert_syndrome"])))
            end = exempt.end()
        high = _HIGH_CREATININE.match(sentence.text, end) if set(ids) <= _FILTRATION else None
        if high:
            # Whoever has little creatinine need not show how well the kidneys filter.
            if not _CREATININE_OR.search(sentence.text, 0, found.start()):
                most = number(high["n"] or "1")
                node = When(leaf("lab_value", variable="creatinine", op=">", value=most, unit="xULN"), node)
            end = high.end() - (high[0].count(")") > high[0].count("("))
        healthy = grammar.healthy.match(sentence.masked, end)
        exception = grammar.exception.match(sentence.masked, healthy.end() if healthy else end)
        if exception and set(_variables(sentence, *exception.span())) - set(ids):
            # "(except Gilbert syndrome), AST up to 3 x ULN": the number is the limit of another value.
            exception = None
        if exception and exception.end() > end:
            looser = _exception(sentence, ids, found["op"] or "≤", exception)
            upper = operator(found["op"] or "≤")
            rest = _OTHERWISE.match(sentence.text, exception.end())
            if rest and exception["yn"] is not None and isinstance(looser, AllOf) and upper in ("<=", "<"):
                # "Up to 5 x ULN with liver metastases and up to 2 x ULN otherwise": the first limit is the looser one.
                node = AnyOf((looser.parts[1], AllOf((looser.parts[0], node))))
                end = rest.end()
            elif looser is not None and (upper in ("<=", "<") or sentence.section == "inclusion"):
                # "… unless Gilbert syndrome. Those with Gilbert syndrome up to 5 x ULN": a limit binds them all the same.
                node = AnyOf((node if strict is None else strict, looser))
                end = _closed(sentence.masked, exception.end(), found.end())
            elif isinstance(looser, AllOf) and upper in (">", ">="):
                # "Above 2.5 x ULN (above 5 with liver metastases)", excluded.
                allowed = operator(exception["xop"] or exception["yop"] or "") in ("<", "<=")
                if allowed:
                    # "(below 5 with liver metastases is allowed)": what does not keep to it is shut out.
                    looser = AllOf((looser.parts[0], Not(looser.parts[1])))
                node = AnyOf((AllOf((node, Not(looser.parts[0]))), looser))
                end = _closed(sentence.masked, exception.end(), found.end())
        tail = grammar.tail.match(sentence.masked, end)
        if tail:
            stop = _balanced(sentence.masked, end, tail.end(), found.start())
            node, end = supported(sentence, node, end, stop)
        node, end = behind_a_limit(sentence, node, ids, operator(_sign(sentence, found, ids) or ""), end, _limits)
        if end == before:
            break
    return node, end


def _balanced(masked: str, start: int, end: int, first: int) -> int:
    """Cut a stretch before a bracket that it opens and does not close."""
    depth = masked[first:start].count("(") - masked[first:start].count(")")
    opened: list[int] = []
    for place in range(start, end):
        if masked[place] == "(":
            opened.append(place)
        elif masked[place] == ")":
            if opened:
                opened.pop()
            elif depth > 0:
                depth -= 1
            else:
                return place
    return opened[0] if opened else end


def _variables(sentence: Sentence, start: int, end: int) -> list[str]:
    found: list[str] = ["pt"] if _PT.match(sentence.text, start) and sentence.masked[start : start + 2] == "pt" else []
    for hit in sentence.between(start, end):
        if "calcium" in found and _CORRECTED.search(sentence.text, start, hit.start):
            # "Calcium (corrected for serum albumin)" asks for no albumin.
            found[found.index("calcium")] = "corrected_calcium"
        else:
            found += hit.ids("variable")
    if found and _PT_LAST.search(sentence.text, start, end):
        found.append("pt")
    return list(dict.fromkeys(found))


def _limits(sentence: Sentence, ids: list[str], sign: str | None, value: str, unit: str | None) -> Node | None:
    """One leaf for each variable, all of them meant; "AST or ALT above" in an exclusion means any."""
    comparison = operator(sign) if sign else None
    if comparison is None or not ids:
        return None
    parts: list[Node] = []
    for identifier in ids:
        named = _unit(sentence, identifier, unit, number(value))
        if named not in (None, "xULN", "xLLN") and not plausible(sentence, identifier, number(value), str(named)):
            named = None
        named = named or meant(sentence, identifier, unit, number(value))
        other = None if named or unit else sentence.knowledge.meant_units.doubtful(identifier, number(value))
        if other is not None:
            one, many = (
                leaf("lab_value", variable=identifier, op=comparison, value=number(value), unit=each)
                for each in (other, "xULN")
            )
            parts.append(both_ways(one, many, _MULTIPLES))
            continue
        if named is None or (named == "xULN" and identifier in _FILTRATION):
            return None
        parts.append(leaf("lab_value", variable=identifier, op=comparison, value=number(value), unit=named))
    if len(parts) == 1:
        return parts[0]
    return (
        AnyOf(tuple(parts))
        if (sentence.section == "exclusion" and comparison in (">", ">=")) or (sentence.section == "exclusion")
        else AllOf(tuple(parts))
    )


_SHORT = re.compile(r" ?\([a-z]{1,3}\)")
"""The short name of a unit in brackets behind its long one."""


def _unit(sentence: Sentence, identifier: str, written: str | None, value: Decimal) -> str | None:
    """The unit in its usual spelling; a count without one is in the unit in which the number is plausible."""
    if written:
        bare = _SHORT.sub("", written.strip())
        marked = dictionary(sentence.knowledge)
        if any(char in marked.marks("uln") for char in bare) or bare == "uln" or "normal" in bare:
            return "xULN"
        if any(char in marked.marks("lln") for char in bare) or bare == "lln":
            return "xLLN"
        table = sentence.knowledge.variables
        for spelled in (
            bare,
            bare.replace("per ", "/"),
            bare.replace("micro liter", "ul")
            .replace("microliter", "ul")
            .replace("microlitre", "ul")
            .replace("microl", "ul"),
            bare.replace("cells", "").replace("cell", ""),
            bare.replace("1.73 m2", "1.73m2"),
        ):
            unit = table.unit(identifier, spelled)
            if unit is not None:
                return unit
        if identifier in ("creatinine_clearance", "egfr_ckd") and bare.startswith(("ml", "cc", "millilit")):
            return table.variables[identifier].unit
        if _MILLIONS.match(bare):
            return table.unit(identifier, "/uL")
        return None
    return sentence.knowledge.meant_units.unit(identifier, "", value)


def _equal(sentence: Sentence, ids: list[str], found: re.Match[str], same: re.Match[str]) -> bool:
    """Whether the second limit is the first in another unit."""
    if len(ids) != 1 or not found["n"]:
        return False
    table = sentence.knowledge.variables
    first = _unit(sentence, ids[0], found["unit"], number(found["n"]))
    second = _unit(sentence, ids[0], same["unit"], number(same["n"]))
    if first is None or second is None or "xULN" in (first, second):
        return False
    one = table.convert(ids[0], number(found["n"]), first)
    other = table.convert(ids[0], number(same["n"]), second)
    return one is not None and other is not None and abs(one.value - other.value) <= abs(one.value) / 20


def _exception(sentence: Sentence, ids: list[str], sign: str, found: re.Match[str]) -> Node | None:
    first = found["xn"] is not None
    start, end = found.span("awho" if first else "who")
    who = _who(sentence, start, end)
    value, unit = (found["xn"], found["xunit"]) if first else (found["yn"], found["yunit"])
    comparison = (found["xop"] if first else found["yop"]) or sign
    if who is None or value is None:
        return None
    named = [item for item in _variables(sentence, found.start(), found.end()) if item in ids]
    limits = _limits(sentence, named or ids, comparison, value, unit)
    return AllOf((who, limits)) if limits is not None else None


def _who(sentence: Sentence, start: int, end: int) -> Node | None:
    """The patients a looser limit is for."""
    written = sentence.text[start:end]
    parts: list[Node] = []
    sites = [
        site
        for site in ("liver", "bone")
        if re.search(rf"\b{site}\b|{'hepatic' if site == 'liver' else 'osseous'}", written)
    ]
    if sites and re.search(r"metast|mets|involve|lesion|disease", written):
        parts.append(leaf("metastatic_site", any_of=sites))
    if "gilbert" in written:
        parts.append(leaf("comorbidity", any_of=["gilbert_syndrome"]))
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts)) if parts else None


def _closed(masked: str, end: int, start: int) -> int:
    """Take the closing bracket that belongs to the exception."""
    inside = masked[start:end]
    if inside.count("(") > inside.count(")") and masked[end : end + 1] == ")":
        return end + 1
    return end


SCANNERS = (
    Scanner(
        "lab_value.limit",
        ("variable",),
        _scan,
        priority=2,
        texts=(
            ("Neutrophils at least 1.5 x 10^9/L", {"lab_value": {"variable": "anc", "op": ">=", "value": "1.5", "unit": "10*9/L"}}),
            ("Platelets ≥ 10 x 10^4/mm3", {"lab_value": {"variable": "platelets", "op": ">=", "value": "10", "unit": "10*4/uL"}}),
            ("Haemoglobin ≥ 9 mg/dL", {"lab_value": {"variable": "haemoglobin", "op": ">=", "value": "9", "unit": "g/dL"}}),
            ("Haemoglobin ≥ 5.6 mmol", {"lab_value": {"variable": "haemoglobin", "op": ">=", "value": "5.6", "unit": "mmol/L"}}),
            ("Platelets ≥ 75 000/μL", {"lab_value": {"variable": "platelets", "op": ">=", "value": "75000", "unit": "/uL"}}),
            (
                "AST and ALT ≤ 2.5 x ULN (≤ 5 x ULN in patients with liver metastases)",
                {"any_of": [
                    {"all_of": [{"lab_value": {"variable": "ast", "op": "<=", "value": "2.5", "unit": "xULN"}}, {"lab_value": {"variable": "alt", "op": "<=", "value": "2.5", "unit": "xULN"}}]},
                    {"all_of": [{"metastatic_site": {"any_of": ["liver"]}}, {"all_of": [{"lab_value": {"variable": "ast", "op": "<=", "value": "5", "unit": "xULN"}}, {"lab_value": {"variable": "alt", "op": "<=", "value": "5", "unit": "xULN"}}]}]},
                ]},
            ),
        ),
    ),
)  # fmt: skip
