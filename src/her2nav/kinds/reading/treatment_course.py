"""How treatment went: recovery from it, doses reached, no standard option left, no treatment before."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node, Not

_TOXICITY = "(toxicity|toxicities|toxic effects|adverse events|adverse event|adverse effects|adverse reactions|adverse drug reactions|side effects|aes|ae|toxicity(ies)|toxicity (ies)|effects)"
_DUE = "(from|of|due to|related to|associated with|attributed to|attributable to|caused by|resulting from|secondary to|that are related to|to)"
_THERAPY = "[all] [any|the|their|each] [(prior|previous|most recent|last|preceding|earlier)] [(cytotoxic|anti|anticancer|systemic|cancer|antitumor|treatment)] [({drug+}|{regimen})] [(therapy|therapies|treatment|treatments|regimen|agents|agent|intervention|drugs|administered more than 4 weeks earlier)] [(and/or|or|,|and)] [(prior|previous)] [(radiotherapy|radiation|surgery|radiation therapy|surgical procedure|procedures)] [(and/or|or|,)] [(surgery|surgical procedure|radiation)]"
_GRADE = "[(ctcae|nci ctcae|nci-ctcae|{ctcae})] [(version|v|v.)] [{digits}] [,] [(a|less than or equal to|at least|at most|no greater than|not greater than|no more than|not more than|≤|=|<|to|or equal to)]:op [(nci)] [{ctcae}] [(v|version)] [{digits}] grade[s] [≤|=|<|of|level] {digits:grade} [(or less|or lower|or better|or below|or baseline|or to baseline|or to baseline levels|,)]"
_EXCEPT = "[,] [\\(] [(with the exception of|with the exceptions of|except for|except|excluding|other than|with exception of|with exception for|not including|exception of|exceptions are|exceptions of)] [(of|any grade|grade 2|any)] {toxicity+:except}"


def _recovery(found: Found) -> Node | None:
    grade = found.integer("grade")
    if grade is None or grade > 3:
        return None
    operator = found.text("op") + found.text("below")
    if "<" in operator:
        grade -= 1
    if grade < 0:
        return None
    names = found.ids("toxicity", "except") if found.has("except") else ()
    return leaf("toxicity_recovery", max_grade=grade, exceptions=[{"name": name} for name in names])


def _unrecovered(found: Found) -> Node | None:
    """ "Not recovered to grade 1", "toxicity above grade 1": the recovery is missing."""
    node = _recovery(found)
    return None if node is None else Not(node)


def _above(found: Found) -> Node | None:
    grade = found.integer("grade")
    if grade is None or not 1 <= grade <= 4:
        return None
    allowed = grade if found.has("over") else grade - 1
    names = found.ids("toxicity", "except") if found.has("except") else ()
    return Not(leaf("toxicity_recovery", max_grade=allowed, exceptions=[{"name": name} for name in names]))


def _anthracycline(found: Found) -> Node | None:
    dose = found.number("dose")
    sign = found.operator("op")
    if dose is None or sign is None or not 100 <= dose <= 1000:
        return None
    if found.has("other"):
        return None
    if sign in ("<=", "<"):
        return leaf("anthracycline_dose", max_mg_m2=dose, exclusive=sign == "<")
    return Not(leaf("anthracycline_dose", max_mg_m2=dose, exclusive=sign == ">="))


def _untreated(found: Found) -> Node | None:
    return leaf("lines_of_therapy", max=0, setting="metastatic" if found.has("late") else "any")


_LATE = "(metastatic|advanced|unresectable|stage iv|inoperable|locally advanced or metastatic|unresectable or metastatic|locally advanced unresectable or metastatic|locally recurrent or metastatic|advanced or metastatic|advanced/metastatic|locally advanced/metastatic|recurrent/metastatic|recurrent or metastatic|metastatic or unresectable|locally advanced , unresectable or metastatic)"

RULES = (
    Rule(
        "toxicity_recovery.to_grade",
        (
            f"(recovered|recovery|resolved|resolution|improved|recover|resolve|returned|recovering) [(adequately|fully|sufficiently)] [from] [(all|any|the|acute|clinically significant|reversible|significant|residual|effects of|toxic effects of|relevant|clinically relevant|major|non-hematologic|nonhematologic)] [(all|any|the|acute|reversible|residual|clinically significant)] [{_TOXICITY}] [{_DUE}] [{_THERAPY}] [,] [\\(] [i.e. ,] (to|to a|≤|<|at least to|to at least|to less than or equal to|have|has):op {_GRADE.replace(':op', ':below')} [{_EXCEPT}] [\\)]",
            f"{_TOXICITY} [{_DUE} {_THERAPY}] [\\(.. ] [(must have|should have|have|has|must|must be|should be|are|were|is)] [(been)] [(all)] (recovered|resolved|improved|returned) (to|≤|<|at least to|to at least|to less than or equal to):op {_GRADE.replace(':op', ':below')} [{_EXCEPT}] [\\)]",
        ),
        _recovery,
        priority=2,
        texts=(
            ("recovered from all toxicities of prior therapy to grade ≤ 1, except alopecia", {"toxicity_recovery": {"max_grade": 1, "exceptions": [{"name": "alopecia"}]}}),
            ("Side effects of previous treatment must have resolved to grade 1 or less", {"toxicity_recovery": {"max_grade": 1}}),
        ),
    ),
    Rule(
        "toxicity_recovery.above_grade",
        (
            f"[(any|presence of|persistent|persisting|residual|unresolved|ongoing|current|clinically significant)] [(unresolved|residual|ongoing|persistent|clinically significant)] {_TOXICITY} [{_DUE} {_THERAPY}] [\\(] [(defined as|of|that are|which are|i.e.|with|have)] (>|greater than|more than|above|higher than|exceeding):over [{{ctcae}}] grade {{digits:grade}} [{_EXCEPT}] [\\)]",
            f"[(any|presence of|persistent|persisting|residual|unresolved|ongoing|current|clinically significant)] [(unresolved|residual|ongoing|persistent|clinically significant)] {_TOXICITY} [{_DUE} {_THERAPY}] [\\(] [(defined as|of|that are|which are|i.e.|with|have)] [{{ctcae}}] grade (>):over {{digits:grade}} [{_EXCEPT}] [\\)]",
            f"(unresolved|residual|persistent|persisting|ongoing) {_TOXICITY} [{_DUE} {_THERAPY}] [\\(] [(defined as|of|that are|which are|i.e.|with)] [{{ctcae}}] (grade ≥|≥ grade|grade|greater than or equal to grade) {{digits:grade}} (or higher|or greater|or more|or above|) [{_EXCEPT}] [\\)]",
            f"(unresolved|residual|persistent|persisting|ongoing) (grade ≥|≥ grade|≥ ctcae grade) {{digits:grade}} {_TOXICITY} [{_DUE} {_THERAPY}] [{_EXCEPT}]",
        ),
        _above,
        priority=2,
        texts=(
            ("Unresolved toxicity from prior therapy greater than grade 1, except alopecia", {"not": {"toxicity_recovery": {"max_grade": 1, "exceptions": [{"name": "alopecia"}]}}}),
        ),
    ),
    Rule(
        "anthracycline_dose.cumulative",
        (
            "[(total|maximum|prior|previous|lifetime|a)] [(lifetime|cumulative|total|prior|previous)] [(cumulative|total|lifetime)] [(dose|load|exposure)] [(of|to|with)] [prior] (anthracyclines|anthracycline|doxorubicin|{drug}) [(with a|with|at a|having a|to a|lifetime|dose|load|exposure|exposure of|therapy|treatment)] [(total|maximum)] [(cumulative|total|lifetime)] [(dose|doses|lifetime dose|exposure|load)] [of] {op:op} {digits:dose} [of] mg / m [(2|^ 2)] [(of)] [({drug} or its equivalent|{drug} or equivalent|{drug} equivalent|{drug}|or equivalent|or its equivalent|equivalent|{drug} or equivalent dose)] [(or equivalent|or its equivalent|equivalent)]",
        ),
        lambda found: _anthracycline(found) if set(found.ids("drug")) & {"anthracycline", "doxorubicin"} or "anthracycline" in found.text() else None,
        priority=3,
        texts=(
            ("Total lifetime anthracycline load exceeding 360 mg/m2 doxorubicin or equivalent", {"not": {"anthracycline_dose": {"max_mg_m2": 360}}}),
        ),
    ),
    Rule(
        "options_exhausted.none_left",
        (
            "[(for whom|for which|with|and|have|has|who have|having|there is|there are)] [there] [(is|are|exists)] (no|not any|no other|no further|no available|no satisfactory|no effective) [(remaining|available|satisfactory|effective|known|further|other|accepted|alternative|acceptable|appropriate|approved|existing|suitable|curative)] [(or curative|and effective|approved|alternative|effective|available|,)] (standard|standard of care|alternative|satisfactory|curative|effective|approved|available|established|conventional|proven|suitable|appropriate) [(-)] [(of care|curative|effective|approved|available|or curative|alternative|life prolonging|or effective|care)] (therapy|therapies|treatment|treatments|option|options|therapeutic options|treatment options|treatment option|therapy options|{drug}) [(is|are|exists|exist|available|remaining|known to confer clinical benefit|options)] [(available|exists|options|known|remaining)]",
            "(exhausted|failed|refractory to|received|progressed on|intolerant to|progressed after|exhausted all|used up) all [(available|approved|known|effective|standard|existing|established)] [(standard|approved|effective|conventional|,)] [(of care)] (therapies|treatments|treatment options|options|therapy|{drug}|treatment) [(options)] [(known to confer clinical benefit)]",
        ),
        lambda _: leaf("options_exhausted"),
        priority=2,
        texts=(
            ("for whom no standard therapy is available", {"options_exhausted": {}}),
            ("have exhausted all available standard therapies", {"options_exhausted": {}}),
        ),
    ),
    Rule(
        "lines_of_therapy.untreated",
        (
            f"(previously untreated|treatment naive|treatment-naive|systemic therapy naive|systemic treatment naive|therapy naive|untreated) [(for|with)] [(the|their|her)] {_LATE}:late [(disease|setting|cancer|{{tumour}}|{{histology}})] [(cancer|disease)]",
            f"(first line|1st line|1l|first-line) (setting|treatment|therapy) [(for|of|in)] [(the|their)] {_LATE}:late [(disease|setting|cancer|{{tumour}})]",
        ),
        _untreated,
        priority=-1,
        texts=(
            ("Previously untreated metastatic breast cancer", {"lines_of_therapy": {"max": 0, "setting": "metastatic"}}),
        ),
    ),
)  # fmt: skip
