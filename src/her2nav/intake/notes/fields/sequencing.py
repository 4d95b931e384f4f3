"""The words by which notes name sequencing; every module that looks for a sequencing test takes them from here."""

from __future__ import annotations

SEQUENCING = (
    r"(?:ngs|next[- ]gen\w*(?: sequencing)?|sequencing|panel|f1 ?cdx|foundation ?one|foundation medicine|guardant\d*|tempus|oncomine"
    r"|msk-impact|caris|tso-?500|ct-?dna|cf-?dna|cell[- ]free dna|liquid biopsy|molecular profil\w+|genomic profil\w+)"
)
SEQUENCING_GATES = (
    "ngs", "next", "seq", "panel", "f1", "foundation", "guardant", "tempus", "oncomine", "impact", "caris", "tso", "profil",
    "dna", "liquid",
)  # fmt: skip
"""Of these words one stands in every text that the pattern matches."""
