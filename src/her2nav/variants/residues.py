"""Amino acids, their letters and the standard genetic code: constants of nature."""

from __future__ import annotations

import re
from itertools import product

STOP = "*"

THREE_LETTERS: dict[str, str] = {
    "A": "Ala",
    "C": "Cys",
    "D": "Asp",
    "E": "Glu",
    "F": "Phe",
    "G": "Gly",
    "H": "His",
    "I": "Ile",
    "K": "Lys",
    "L": "Leu",
    "M": "Met",
    "N": "Asn",
    "P": "Pro",
    "Q": "Gln",
    "R": "Arg",
    "S": "Ser",
    "T": "Thr",
    "V": "Val",
    "W": "Trp",
    "Y": "Tyr",
    STOP: "Ter",
}
ONE_LETTER: dict[str, str] = {three.lower(): one for one, three in THREE_LETTERS.items()} | {"stop": STOP}

_BASES = "TCAG"
_TRANSLATION = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODON: dict[str, str] = dict(zip(map("".join, product(_BASES, repeat=3)), _TRANSLATION, strict=True))
CODONS_OF: dict[str, tuple[str, ...]] = {
    residue: tuple(codon for codon, made in CODON.items() if made == residue) for residue in THREE_LETTERS
}

_TRIPLES = re.compile("(?:" + "|".join(THREE_LETTERS.values()) + ")", re.IGNORECASE)


def three(sequence: str) -> str:
    """Write one-letter residues in three letters: `VC` gives `ValCys`."""
    return "".join(THREE_LETTERS[residue] for residue in sequence)


def residue(written: str) -> str | None:
    """Read one residue in one or three letters, in any case; None when it is none."""
    return ONE_LETTER.get(written.lower()) or (written.upper() if written.upper() in THREE_LETTERS else None)


def sequence(written: str, *, threes: bool) -> str | None:
    """Read residues written in one or three letters; None when they are no amino acids.

    Args:
        written: Letters.
        threes: The text names its other residues in three letters, so `SER` is serine; else it is Ser-Glu-Arg.

    >>> sequence("ValCys", threes=False), sequence("YVMA", threes=True), sequence("SER", threes=False)
    ('VC', 'YVMA', 'SER')
    """
    triples = _TRIPLES.findall(written) if len(written) % 3 == 0 else []
    in_threes = bool(triples) and "".join(triples) == written
    single = written.upper()
    in_ones = bool(single) and all(letter in THREE_LETTERS for letter in single)
    mixed_case = not (written.isupper() or written.islower())
    if in_threes and (threes or mixed_case or not in_ones):
        return "".join(ONE_LETTER[triple.lower()] for triple in triples)
    return single if in_ones else None
