"""Units of laboratory values that the text got wrong: the number shows which one is meant."""

from __future__ import annotations

from decimal import Decimal

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.vocabulary import dictionary


def plausible(sentence: Sentence, identifier: str, value: Decimal, unit: str) -> bool:
    """Whether a value in a unit is one that a body can have."""
    converted = sentence.knowledge.variables.convert(identifier, value, unit)
    return converted is not None and sentence.knowledge.variables.plausible(identifier, converted.value)


_SLIPS: dict[str, tuple[str, tuple[str, ...], tuple[Decimal, Decimal]]] = {
    "haemoglobin": (
        "g/dL",
        ("mg/dl", "gm/l", "g/l", "gr/mm3", "g/mm3", "gm/mm3", "mg/l", "ug/dl"),
        (Decimal(5), Decimal(15)),
    ),
    "creatinine": ("mg/dL", ("gm/dl", "g/dl", "mg%", "mg/l"), (Decimal("0.5"), Decimal(5))),
    "bilirubin": ("mg/dL", ("gm/dl", "g/dl", "mg%", "mg/l"), (Decimal("0.5"), Decimal(5))),
}
"""Units that are slips of the pen, with the one that is meant: the number can only be in it."""
_COUNTS = frozenset({"anc", "platelets", "wbc", "lymphocytes"})


def meant(sentence: Sentence, identifier: str, written: str | None, value: Decimal) -> str | None:
    """The unit that must be meant where the one written makes no sense with the number."""
    bare = (written or "").replace(" ", "").replace("^", "")
    table = sentence.knowledge.variables
    if identifier in _COUNTS and bare and 500 <= value <= 500000 and not {*bare} & {*_limit_marks(sentence)}:
        # Thousands are cells per microlitre, whatever unit stands behind them.
        unit = table.unit(identifier, "/uL")
        return unit if unit and plausible(sentence, identifier, value, unit) else None
    if identifier == "haemoglobin" and bare == "mmol":
        return "mmol/L" if plausible(sentence, identifier, value, "mmol/L") else None
    slip = _SLIPS.get(identifier)
    if slip is None or bare not in slip[1] or not slip[2][0] <= value <= slip[2][1]:
        return None
    return slip[0]


def _limit_marks(sentence: Sentence) -> str:
    words = dictionary(sentence.knowledge)
    return "".join((*words.marks("uln"), *words.marks("lln")))
