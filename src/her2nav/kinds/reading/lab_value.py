"""Laboratory values: "AST and ALT up to 2.5 x ULN (5 x ULN with liver metastases)".

A match is the variables, a comparison, a number and a unit; behind it may stand the same limit in another unit, a
looser limit for patients with liver or bone metastases or Gilbert syndrome, and how it is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.gilbert import EXEMPT, MILD_ELEVATION
from her2nav.kinds.reading.lab_units import meant, plausible
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.numbers import number, operator
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, AnyOf, Node, Not, When

_OP = MACROS["op"]
_NUM = rf"(?:(?<![\d.,])\d{{1,3}}(?: \d{{3}})+(?![\d.])|{MACROS['digits']})"
_TIME = MACROS["time"]
_UNIT = (
    r"(?:[x*] ?10 ?[\^*e]? ?\(?[369]\)? ?(?:cells? ?)?/ ?u?(?:l\b|liter|litre|mm ?\^?3|mcl\b)|10 ?[\^*e]? ?\(?[369]\)? ?(?:cells? ?)?/ ?u?(?:l\b|mm ?\^?3)|"
    r"k ?/ ?(?:ul|mm ?\^?3|mcl|cumm)|(?:cells? ?)?/ ?(?:mm ?\^?3|ul\b|mcl\b|cumm\b|cmm\b|microliter|microlitre|l\b)|(?:cells )?per (?:mm ?\^?3|cubic millimet(?:er|re)|microlit(?:er|re)|"
    r"cumm)|cells/mm3|g ?/ ?dl\b|gm ?/ ?dl\b|grams?/dl|g ?/ ?l\b|mg ?/ ?dl\b|umol ?/ ?l\b|mmol ?/ ?l\b|mol/l|m?eq/l|"
    r"ml ?/ ?min(?:ute)?(?: ?/ ?1[.,]73 ?(?:m ?\^?2|m\b|square met(?:er|re)s?))?|cc/min|ml per min(?:ute)?|millilit(?:er|re)s? (?:per|/) ?min(?:ute)?(?: \(ml/min\))?|/ ?micro ?l(?:it(?:er|re))?\b|per ?ul\b|"
    r"iu ?/ ?l\b|u ?/ ?l\b|units? ?/ ?l\b|mg ?%|g ?%|gm ?/ ?l\b|gr?m? ?/ ?mm ?\^?3|mmol\b|mm ?\^?3\b|/ ?ml\b|ng ?/ ?ml\b|ng ?/ ?l\b|pg ?/ ?ml\b|mg ?/ ?l\b|g ?/ ?24 ?h(?:ours|r)?|g/day|seconds?\b|secs?\b|%)"
)
_BETWEEN = (
    r"(?:[ ,:;=()\[\]?-]|\([a-z]{1,6}[+-]?\)|\b(?:anc|plt|hgb|hb|wbc|tbl|crcl|count|counts|level|levels|value|values|concentration|serum|plasma|blood|total|fasting|must be|should be|is|are|be|"
    r"of|was|a|an|the|both|and|calculated|estimated|measured|result|results|both|in|each|either|cl|cr|clearance|according to|by|per|using|the|"
    r"cockcroft(?:[ -]and)?[ -]?gault(?:'s)?|cockc?roft|formula|equation|method|within|with|if|or|based on|on|24[ -]?hours?|urine|collection|ratio|time|test|normal or(?= ?(?:[<≤]|less than|up to|no more than|no greater than|not more than)))\b)*?"
)


_JOINT = re.compile(r"\A(?:[\s,/]|\b(?:or|and)\b)+")
_CORRECTED = re.compile(r"\bcalcium \(?corrected (?:for|to) (?:the )?$")
_PT = re.compile(r"pt\b")
"""Two letters that name the prothrombin time only in front of a limit or of another value."""
_MOST_RATIO = 5
"""Of protein to creatinine in urine; more is written in milligrams to the gram."""
_MILLIONS = re.compile(r"[x*]? ?10 ?[\^*e]? ?\(?6\)? ?(?:cells? ?)?/ ?l")
_ENOUGH = frozenset(
    {"anc", "wbc", "platelets", "haemoglobin", "creatinine_clearance", "egfr_ckd", "albumin", "lymphocytes"}
)
"""Of these a trial asks for enough."""
_NOT_TOO_MUCH = frozenset(
    {"ast", "alt", "bilirubin", "direct_bilirubin", "alkaline_phosphatase", "creatinine", "inr", "pt", "aptt"}
)
"""Of these a trial bears so much and no more."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    normal: re.Pattern[str]
    main: re.Pattern[str]
    healthy: re.Pattern[str]
    exception: re.Pattern[str]
    same: re.Pattern[str]
    tail: re.Pattern[str]


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> _Grammar:
    words = dictionary(knowledge)
    v, u, low, site, cond, anchor = (
        f"[{words.marks(name)}]++" for name in ("variable", "uln", "lln", "site", "condition", "anchor")
    )
    uln = rf"(?:(?:x|times|\*|fold|-fold)? ?(?:the |of |above |institutional |international |laboratory |local |lab |within |specified |applicable |age[ -]adjusted |lab's )*(?:{u})(?: for (?:the )?(?:age|institution|laboratory|lab|site))?(?: \(?of (?:the )?normal(?: range)?\)?)?(?: \(?institutional\)?| \(iuln\))?)"
    lln = rf"(?:(?:x|times)? ?(?:the |institutional )*(?:{low}))"
    value = rf"(?P<op>{_OP})? ?(?:(?P<n>{_NUM}) ?(?P<unit>{uln}|{lln}|{_UNIT})?|(?P<bare>(?:the |institutional |laboratory )*(?:{u}|{low})(?: (?:of|for) (?:the )?(?:institution|laboratory|lab|site|age|normal)\b)?|(?:the )?(?:institutional normal(?: values?| limits?)?|normal institutional limits?|institution'?s? limits of normal)))"
    first = rf"(?:{v}|(?<![\w/-])pt\b(?=[ :]*(?:[<≤]|=<|is\b|less than|no (?:more|greater) than|must be|within|normal|(?:and/or|and|or|/|,)[ ]*(?:or |and |activated )?[{words.marks('variable')}])))"
    variables = rf"(?P<vars>{first}(?:(?:[ ,/()\[\]]|\band\b|\bor\b|\band/or\b|&|\bserum\b|\btotal\b|\bboth\b|\ba\b|\bthe\b|\bcount\b|\blevels?\b|\beither\b|\bpt\b|\bptt\b|\bactivated\b|\bcorrected (?:for|to)\b){{1,10}}{v}(?: ?\))?)*)"
    who = (
        r"(?:[ ,;()]|\bfor\b|\bin\b|\bif\b|\bwith\b|\bwho have\b|\bwhen\b|\bthe\b|\bpresence of\b|\bcase of\b|\bpatients?\b|\bparticipants?\b|\bsubjects?\b|\bthose\b|"
        r"\bknown\b|\bdocumented\b|\bunless\b|\bthere (?:are|is)\b|\bhaving\b|\bhas\b|\bhave\b|\bare\b|\bpresent\b|\bhistory of\b|\badult\b|\bevidence of\b|\ba\b|\bthat is\b|\bdue to\b|\bindividuals?\b|\band/or\b|\band\b|\bor\b)*"
    )
    group = rf"(?P<who>(?:{site}|\bliver\b|\bhepatic\b|\bbone\b|{cond})(?:[ ,/()-]|\bor\b|\band\b|\bmetast\w+\b|\binvolvement\b|\blesions?\b|\bdisease\b|\btumou?rs?\b|\bsyndrome\b|\bdisease\b|{site}|{cond}|\bliver\b|\bbone\b|\bhepatic\b|\bgilbert'?s?\b|\bcancer\b|\bmets\b|\bpresent\b|\bare\b|\bis\b)*|(?:\bgilbert'?s? (?:syndrome|disease)\b))"
    limit = rf"(?P<xop>{_OP})? ?(?P<xn>{_NUM}) ?(?P<xunit>{uln}|{_UNIT})"
    return _Grammar(
        normal=re.compile(
            rf"{variables}(?:[ ,:()-]|\([a-z]{{1,4}}\+?\)|\b(?:is|are|levels?|values?|laboratory|count|must be|should be|be|serum|total|either)\b)*?(?:\b(?:with ?in|in) (?:the )?(?:(?:normal|institutional|institution's|laboratory|reference|limits?|range|of|local|upper|the|study center's|study site's) )+(?:limits?|ranges?)(?: of normal| of the institution| of the laboratory| \(wnl\))?|\bwnl\b|\bnormal\b(?=\s*(?:[.,;()]|and\b|or\b|within\b|$)))"
        ),
        main=re.compile(rf"{variables}{_BETWEEN}(?:(?:in |for )?(?:patients |participants |subjects |those )?(?P<ward>with|without) (?:{site}|liver metasta\w+)[ ,:]*(?:must be |is |are )?)?{value}"),
        healthy=re.compile(rf"[ ,]*(?:if|in|for)?(?: (?:patients|participants|subjects|those))?(?: with)? ?(?:no|without|in the absence of|absence of) (?:known |documented |demonstrable |radiologic(?:al)? |any |evidence of )*(?:{site}|liver metasta\w+)(?: metastas\w+| involvement| at baseline)?"),
        exception=re.compile(
            rf"[ ,;.]*[(\[]?(?:[ ,;]|\bin which case\b|\bor\b|\band\b|\bunless\b|\bexcept(?:ion)?\b|\bhowever\b|{v}|\bis\b|\bare\b|\bwhich\b|\bmay be\b|\bmust be\b|\bshould be\b|\bacceptable\b)*"
            rf"(?:{limit}(?: is| are)?(?: acceptable| allowed| permitted)?{who}{group}|{who}{group}(?:[ ,:;()]|\bin\b|\bwhich\b|\bcase\b|\bwho\b|\bmust\b|\bmay\b|\bhave\b|\bcan\b|\ba\b|\bthen\b|\bis\b|\bare\b|\bbe\b|\bhas\b|{v}|\band\b|\bor\b|\bshould\b|\bto\b|\bof\b|\bwhich\b|\bthe\b|\btotal\b|\bvalue\b|\blevels?\b|\bhigher\b|\bserum\b){{0,26}}{limit.replace('<xop>', '<yop>').replace('<xn>', '<yn>').replace('<xunit>', '<yunit>').replace('<who>', '<ywho>')})"
            .replace(group, group, 1)
            .replace("(?P<who>", "(?P<awho>", 1)
        ),
        same=re.compile(rf"[ ,;]*[(\[/]? ?(?:or|i\.e\.,?|=|equivalent to)? ?(?P<op>{_OP})? ?(?P<n>{_NUM}) ?(?P<unit>{_UNIT})\)?"),
        tail=re.compile(
            rf"(?:[ ,;()/≤]|=<|<=|\b(?:{_TIME})|\b(?:without|no|not|in the absence of|with|by|per|using|within|prior to|before|of|the|first|last|for|at least|in|and|or|any|obtained|performed|done|assessed|collected|requiring|independent of|granulocyte|"
            r"colony[ -]stimulating|growth|factors?|support|transfusions?|transfusion|blood|platelet|rbc|red cell|packed|g-csf|gm-csf|erythropoietin|screening|assessment|laboratory|"
            r"hematopoietic|haematopoietic|received|administered|administration|days?|cockcroft(?:[ -]and)?[ -]?gault(?:'s)?|formula|equation|method|calculated|calculation|estimated|measured|according to|as|a|"
            rf"modified|standard|24[ -]?hours?|urine|collection|test|dose|sub|study|treatment|therapy|protocol|receiving|starting|initiation|start|step \d|to)\b|-|{anchor})+"
        ),
    )  # fmt: skip


_NO_LIMIT = re.compile(
    r"[ -]*(?:hours?|hrs?|days?|weeks?|minutes?|months?)\b"
    r"|\s*(?:\w+/\w+\s*)?(?:above|over|higher than|beyond|below|from) (?:the |its |their )?(?:institutional |local |laboratory )?(?:upper|uln|iuln|unl|normal|baseline|lower|lln)\b"
)
"""Behind a number: how long urine was gathered, or how far a value lies from another one."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    grammar = _grammar(sentence.knowledge)
    yield from _normal(sentence)
    at = 0
    while (found := grammar.main.search(sentence.masked, at)) is not None:
        at = found.end()
        if _NO_LIMIT.match(sentence.text, found.end()):
            continue
        first = _own_bracket(sentence.text, *found.span("vars"))
        ids = _variables(sentence, first, found.end("vars"))
        written = found["n"] or "1"
        bare = None if found["n"] else _bare(sentence, found)
        if bare == "uln" and found["bare"].isascii() and not all(item in _NOT_TOO_MUCH for item in ids):
            # "Above institutional normal" names an end of the range only where one end matters.
            continue
        node = _limits(sentence, ids, _sign(sentence, found, ids), written, bare or found["unit"])
        if node is None:
            continue
        node, end = _followed(sentence, node, ids, found)
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
    if first == start:
        return start
    rest = text[first:end]
    return first + len(rest) - len(_JOINT.sub("", rest))


def _bare(sentence: Sentence, found: re.Match[str]) -> str:
    """The limit that a comparison without a number names."""
    low = dictionary(sentence.knowledge).marks("lln")
    return "lln" if found["bare"] and any(mark in found["bare"] for mark in low) else "uln"


def _normal(sentence: Sentence) -> Iterator[Stretched]:
    """Read "within normal limits": it is up to the upper limit, for values of which only too much is bad."""
    for found in _grammar(sentence.knowledge).normal.finditer(sentence.masked):
        ids = _variables(sentence, *found.span("vars"))
        if ids and all(item in _NOT_TOO_MUCH for item in ids):
            node = _limits(sentence, ids, "<=", "1", "uln")
        elif ids and sentence.section == "inclusion":
            upper, lower = (_limits(sentence, ids, sign, "1", end) for sign, end in (("<=", "uln"), (">=", "lln")))
            node = AllOf((lower, upper)) if lower is not None and upper is not None else None
        else:
            continue
        if node is None:
            continue
        end = found.end()
        if all(item in _NOT_TOO_MUCH for item in ids) and (exempt := EXEMPT.match(sentence.text, end)):
            node = AnyOf((node, leaf("comorbidity", any_of=["gilbert_syndrome"])))
            end = exempt.end()
        yield Stretched(found.start(), end, node)


def _sign(sentence: Sentence, found: re.Match[str], ids: list[str]) -> str | None:
    """The comparison; where the record lost it, the one that asks for adequate function, among inclusions only."""
    if found["op"]:
        return found["op"]
    if sentence.section != "inclusion" or not ids or not (found["unit"] or found["bare"]):
        return None
    wanted = {">=" if item in _ENOUGH else "<=" if item in _NOT_TOO_MUCH else None for item in ids}
    return wanted.pop() if len(wanted) == 1 else None


def _followed(sentence: Sentence, node: Node, ids: list[str], found: re.Match[str]) -> tuple[Node, int]:
    """Take in what stands behind a limit: the same in another unit, a looser one for some patients, support, age."""
    grammar = _grammar(sentence.knowledge)
    end = found.end()
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
            node = AnyOf((node, leaf("comorbidity", any_of=["gilbert_syndrome"])))
            end = exempt.end()
        healthy = grammar.healthy.match(sentence.masked, end)
        exception = grammar.exception.match(sentence.masked, healthy.end() if healthy else end)
        if exception and set(_variables(sentence, *exception.span())) - set(ids):
            # "(except Gilbert syndrome), AST up to 3 x ULN": the number is the limit of another value.
            exception = None
        if exception and exception.end() > end:
            looser = _exception(sentence, ids, found["op"] or "≤", exception)
            upper = operator(found["op"] or "≤")
            if looser is not None and (upper in ("<=", "<") or sentence.section == "inclusion"):
                node = AnyOf((node, looser))
                end = _closed(sentence.masked, exception.end(), found.end())
            elif isinstance(looser, AllOf) and upper in (">", ">="):
                # "Above 2.5 x ULN (above 5 with liver metastases)", excluded.
                node = AnyOf((AllOf((node, Not(looser.parts[0]))), looser))
                end = _closed(sentence.masked, exception.end(), found.end())
        tail = grammar.tail.match(sentence.masked, end)
        if tail:
            stop = _balanced(sentence.masked, end, tail.end(), found.start())
            node, end = _supported(sentence, node, end, stop)
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
        if named is None:
            return None
        parts.append(leaf("lab_value", variable=identifier, op=comparison, value=number(value), unit=named))
    if len(parts) == 1:
        return parts[0]
    return (
        AnyOf(tuple(parts))
        if (sentence.section == "exclusion" and comparison in (">", ">=")) or (sentence.section == "exclusion")
        else AllOf(tuple(parts))
    )


def _unit(sentence: Sentence, identifier: str, written: str | None, value: Decimal) -> str | None:
    """The unit in its usual spelling; a count without one is in the unit in which the number is plausible."""
    if written:
        bare = written.strip()
        marked = dictionary(sentence.knowledge)
        if any(char in marked.marks("uln") for char in bare) or bare == "uln":
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
    if identifier == "inr":
        return "ratio"
    if identifier == "urine_protein_creatinine_ratio":
        # A quotient of two masses: one gram in a gram is one milligram in a milligram.
        return "g/g" if value <= _MOST_RATIO else None
    return _assumed(sentence, identifier, value)


def _assumed(sentence: Sentence, identifier: str, value: Decimal) -> str | None:
    """Units that a number without one must have: haemoglobin in g/dL, counts by their size."""
    variable = sentence.knowledge.variables.variables[identifier]
    if identifier == "haemoglobin" and 5 <= value <= 15:
        return "g/dL"
    if identifier in ("anc", "platelets", "wbc", "lymphocytes") and value >= 500:
        return sentence.knowledge.variables.unit(identifier, "/uL")
    return variable.unit if identifier in ("creatinine_clearance", "egfr_ckd") and value >= 20 else None


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


def _supported(sentence: Sentence, node: Node, start: int, end: int) -> tuple[Node, int]:
    """Conditions on growth factors, transfusions and the age of the value."""
    written = sentence.text[start:end]
    params: dict[str, int] = {}
    days = days_of(written)
    denied = re.search(r"\b(?:without|no|not|absence|independent)\b", written)
    if re.search(r"growth|g-csf|colony|erythropo", written):
        if not denied or days is None:
            return node, start
        params["without_growth_factor_days"] = days
    if re.search(r"transfus", written):
        if not denied or days is None:
            return node, start
        params["without_transfusion_days"] = days
    if not params:
        if days is None or not re.search(r"\bwithin\b|prior to|before|[≤<]", written):
            plain = re.match(r"[ ,()]*(?:by|per|using|as|calculated|estimated|measured|according to)[^.;]*", written)
            return (node, end) if plain and days is None else (node, start)
        params["within_days"] = days
    return _with(node, params), end


def _with(node: Node, params: dict[str, int]) -> Node:
    from her2nav.model.tree import Leaf

    match node:
        case Leaf(kind="lab_value"):
            return leaf("lab_value", **(node.params.model_dump(exclude_defaults=True) | params))
        case AllOf(parts=parts):
            return AllOf(tuple(_with(part, params) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_with(part, params) for part in parts))
        case When(when=when, then=then):
            return When(when, _with(then, params))
    return node


SCANNERS = (
    Scanner(
        "lab_value.limit",
        ("variable",),
        _scan,
        priority=2,
        texts=(
            ("Neutrophils at least 1.5 x 10^9/L", {"lab_value": {"variable": "anc", "op": ">=", "value": "1.5", "unit": "10*9/L"}}),
            ("ANC ≥ 1,500/mm3", {"lab_value": {"variable": "anc", "op": ">=", "value": "1500", "unit": "/uL"}}),
            ("Haemoglobin ≥ 9 g/dL", {"lab_value": {"variable": "haemoglobin", "op": ">=", "value": "9", "unit": "g/dL"}}),
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
