"""HER2 amplification that sequencing shows, by copy number or by the laboratory's call, in tissue or plasma."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node


def _copies(found: Found) -> Node | None:
    if found.operator("op") not in (">=", ">"):
        return None
    return leaf("her2_amplification", min_copy_number=found.number("n"))


def _plasma(found: Found) -> Node | None:
    return leaf("her2_amplification", methods=["ngs_plasma"])


RULES = (
    Rule(
        "her2_amplification.plasma",
        ("{her2} [gene] (amplification|amplified) [as] [defined|detected|determined|assessed|confirmed|shown|found] (by|in|on|with) [a|the] {ctdna} [testing|test|assay|sample*|analysis]",),
        _plasma,
        priority=6,
        texts=(("HER2 amplification detected in ctDNA", {"her2_amplification": {"methods": "ngs_plasma"}}),),
    ),
    Rule(
        "her2_amplification.copy_number",
        ("{her2} (gene copy number|copy number|amplification \\(copy number) [of] {op:op} {num:n} [\\)] [by {ngs}]",),
        _copies,
        priority=2,
        texts=(("HER2 copy number ≥ 8 by NGS", {"her2_amplification": {"min_copy_number": "8"}}),),
    ),
)  # fmt: skip
