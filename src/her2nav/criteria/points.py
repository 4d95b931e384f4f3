"""Numbers of entries within a line: "(1) A or (2) B", "A, or 2) B". They count, and say nothing."""

from __future__ import annotations

from her2nav.language.sought import Sought

_POINT = Sought(
    r"(?:(?:\A|(?<=\bor\s)|(?<=\band\s)|(?<=\beither\s)|(?<=\bhave\s)|(?<=\bwith\s)|(?<=[,;:]\s)|(?<=[,;:]))\(?[1-9]\))(?=\s?[a-z\ue000-\uf8ff])"
)


def without_points(masked: str) -> str:
    """Return a sentence with such numbers as blanks, everything else in its place.

    A bracket that was open before a number is what its bracket closes.

    >>> without_points("cancer a, or 2) cancer b"), without_points("either (1) a or (2) b"), without_points("(grade 1 or 2) and b")
    ('cancer a, or    cancer b', 'either     a or     b', '(grade 1 or 2) and b')
    """
    out = masked
    for found in _POINT.finditer(masked):
        own = found[0].startswith("(")
        if own or out.count("(", 0, found.start()) <= out.count(")", 0, found.start()):
            out = f"{out[: found.start()]}{' ' * len(found[0])}{out[found.end() :]}"
    return out
