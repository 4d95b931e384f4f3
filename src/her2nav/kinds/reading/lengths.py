"""Sizes of lesions in a text."""

from __future__ import annotations

import re
from decimal import Decimal

_SIZE = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s?(?P<unit>mm|cm|millimet|centimet)\w*?(?P<area>\^?[2²])?(?![\w²])")
_MM_PER_CM = 10


def sizes_mm(written: str) -> set[Decimal]:
    """Return the sizes that stand in a stretch: lengths in millimetres, areas in square millimetres.

    >>> sorted(sizes_mm("20 mm by X-ray, 1.0 cm by CT, 1.5 cm2"))
    [Decimal('10.0'), Decimal('20'), Decimal('150.0')]
    """
    found: set[Decimal] = set()
    for match in _SIZE.finditer(written):
        side = _MM_PER_CM if match["unit"].startswith("c") else 1
        found.add(Decimal(match["n"]) * (side * side if match["area"] else side))
    return found
