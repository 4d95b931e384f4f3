"""Ejection fraction and QT interval."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.language.numbers import operator
from her2nav.model.tree import Node

_METHODS = {
    "echo": ("echo", "ultrasound"),
    "muga": ("muga", "multigated", "multi-gated", "multiple gated", "multiple-gated", "radionuclide"),
    "mri": ("mri", "magnetic"),
}
_HOW = (
    "[,] [\\(] [(as|is|was)] [(assessed|determined|measured|evaluated|documented|shown|obtained|confirmed|performed|defined)] [by|on|using|via] [either] [an|a] [2d|baseline|screening] "
    "[((echocardiogram|echocardiography|echo|echocardiograph|cardiac ultrasound|muga|multigated acquisition|multi gated acquisition|multiple gated acquisition|multiple gated|radionuclide|cardiac mri|mri|magnetic resonance imaging) [\\(] [echo|muga|mri] [\\)] [scan|scans|scanning|ventriculography|angiography|acquisition] [(,|or|/|and/or) [a|an|by]] )] "
    "[((echocardiogram|echocardiography|echo|cardiac ultrasound|muga|multigated acquisition|multi gated acquisition|multiple gated acquisition|multiple gated|radionuclide|cardiac mri|mri|magnetic resonance imaging) [\\(] [echo|muga|mri] [\\)] [scan|scans|scanning|ventriculography|angiography|acquisition] [\\(] [muga] [\\)] [scan] )] [\\)]"
)
_WHEN = "[,] [(within|≤|in the|during the|no more than) {time:window} [(prior to|before|of|preceding|prior)] [the] [{anchor}] [of] [study] [(randomization|randomisation|enrollment|enrolment|registration|treatment|dose|day 1)] [of] [{anchor}]]"


def _lvef(found: Found) -> Node | None:
    value, sign = found.number("n"), found.operator("op")
    words = found.text()
    methods = [name for name, names in _METHODS.items() if any(item in words for item in names)]
    common = {"methods": methods, "within_days": found.days("window")}
    if found.has("lln") and value is None:
        sign = operator(found.text("op")) if found.has("op") else ">="
        return leaf("lvef", op=sign or ">=", **common)
    if value is None or sign is None or not 10 < value < 90:
        return None
    return leaf("lvef", op=sign, percent=value, or_institutional_lln=found.has("lln"), **common)


RULES = (
    Rule(
        "lvef.limit",
        (
            f"{{lvef}} [value|measurement] [\\(lvef\\)] [of|is|must be|should be|:|=|was|has to be] {{op:op}} {{digits:n}} [%|percent] [((or|and|and/or) [(≥|within|at least|above)] [the] [institution|institutional|institution's|institution 's] [{{lln}}|normal limits|limits of normal|normal range]):lln] {_HOW} {_WHEN}",
            "{lvef} [\\(lvef\\)] [of|is|must be] {digits:n} [%|percent] (or (greater|more|higher|above)|and above|or less|or lower):op",
            f"{{lvef}} [\\(lvef\\)] [of|is|must be|:] [{{op:op}}] [(not)] (within|≥|at least|above|below|less than) [the] [institution|institutional|institution's|normal] [{{lln}}|normal limits|limits of normal|normal range|limit of normal]:lln {_HOW} {_WHEN}",
        ),
        _lvef,
        priority=3,
        texts=(
            (
                "LVEF ≥ 50% by echocardiogram or MUGA scan within 28 days before randomization",
                {"lvef": {"op": ">=", "percent": "50", "methods": ["echo", "muga"], "within_days": 28}},
            ),
            ("Left ventricular ejection fraction (LVEF) < 50%", {"lvef": {"op": "<", "percent": "50"}}),
        ),
    ),
)
