"""Words that are empty beside the size of a tumour and beside lesions that can be measured.

Rows as in `framing_rows`: that the primary tumour is meant, how its size was seen, how lesions can be evaluated.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import Row

_SEEN = r"(?:an? )?(?:breast |radiologic(?:al)? )?(?:ultraso(?:und|nography)|mammogra\w+|mri|magnetic resonance imaging|calipers?|palpation|imaging|(?:clinical|physical) exam(?:ination)?)"
_LARGER = r"(?:(?:is|must be|should be|measures|measuring|of|size|with|a|diameter) )*(?:[<>≥≤]|larger than|greater than|bigger than|at least|more than)"

ROWS_OF_SIZES = (
    Row(
        frozenset({"disease_setting"}),
        rf"\bprimary\b(?= (?:breast )?(?:tumou?rs?|lesions?) {_LARGER})"
        rf"|\bby {_SEEN}(?:(?:,? (?:or|and|and/or) |, ?|/){_SEEN})*(?=\W*\Z)",
    ),
    Row(frozenset({"metastatic_site"}), r"\bnon-?\s?measurable\b(?= (?:bone|skin)[ -]only)"),
)
