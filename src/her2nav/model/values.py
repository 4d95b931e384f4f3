"""Value types of the patient file: percentages, bounded numbers, one-or-many lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field

T = TypeVar("T")


def _one_or_many(value: Any) -> Any:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else [value]


OneOrMany = Annotated[tuple[T, ...], BeforeValidator(_one_or_many)]
"""A single value and a list of one are the same."""


def _none_is_empty(value: Any) -> Any:
    return () if value is None else value


Several = Annotated[tuple[T, ...], BeforeValidator(_none_is_empty)]
"""A list; an empty value means an empty list."""


def _percent(value: Any) -> Any:
    """Accept `40`, `40 %`; ask where a fraction may have been meant."""
    if value is None:
        return None
    text = str(value).strip()
    if text.endswith("%"):
        return text[:-1].strip()
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise ValueError(f"'{text}' is not a percentage; write 0 to 100") from None
    if Decimal(0) < number < Decimal(1):
        raise ValueError(
            f"{text}: is it a fraction? Write {number * 100:f} for {number * 100:f} %, or '{text} %' if meant so"
        )
    return text


def _plain_percent(value: Any) -> Any:
    text = str(value).strip() if value is not None else None
    return text[:-1].strip() if text and text.endswith("%") else value


Number = Annotated[Decimal, Field(allow_inf_nan=False)]
NonNegative = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Percent = Annotated[Decimal, BeforeValidator(_percent), Field(ge=0, le=100, allow_inf_nan=False)]
"""0 to 100; a bare value between 0 and 1 is asked about, for it may be a fraction."""
SmallPercent = Annotated[Decimal, BeforeValidator(_plain_percent), Field(ge=0, le=100, allow_inf_nan=False)]
"""0 to 100 where values under 1 % are usual (allele frequencies)."""
Fraction = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False)]
"""0 to 1."""
Count = Annotated[int, Field(ge=0)]
Grade = Annotated[int, Field(ge=0, le=5)]
"""CTCAE grade."""
