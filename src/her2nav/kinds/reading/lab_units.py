"""Units of laboratory values that the text got wrong: the number shows which one is meant."""

from __future__ import annotations

from decimal import Decimal

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.meant_units import ANY


def plausible(sentence: Sentence, identifier: str, value: Decimal, unit: str) -> bool:
    """Whether a value in a unit is one that a body can have."""
    converted = sentence.knowledge.variables.convert(identifier, value, unit)
    return converted is not None and sentence.knowledge.variables.plausible(identifier, converted.value)


def meant(sentence: Sentence, identifier: str, written: str | None, value: Decimal) -> str | None:
    """The unit that must be meant where the one written makes no sense with the number."""
    bare = (written or "").replace(" ", "").replace("^", "")
    units = sentence.knowledge.meant_units
    thousands = units.unit(identifier, ANY, value) if bare else None
    if thousands is not None and not {*bare} & {*_limit_marks(sentence)}:
        # Thousands are cells per microlitre, whatever unit stands behind them.
        return thousands if plausible(sentence, identifier, value, thousands) else None
    if identifier == "haemoglobin" and bare == "mmol":
        return "mmol/L" if plausible(sentence, identifier, value, "mmol/L") else None
    return units.unit(identifier, bare, value) if bare else None


def _limit_marks(sentence: Sentence) -> str:
    words = dictionary(sentence.knowledge)
    return "".join((*words.marks("uln"), *words.marks("lln")))
