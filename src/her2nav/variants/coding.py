"""From a coding change to the protein change, as far as the genetic code and the protein prove it.

The coding sequence itself is not shipped: no digest proves one. The protein fixes the codons up to synonyms, so every
codon that could stand there is tried. Where all give one residue the protein change is proven; else the possible
residues are listed and the laboratory's protein change is needed.

>>> reference = "MDA"
>>> translate(reference, WrittenCoding("c.4G>T", (0, 6), "substitution", 4, 4, gone="G", new="T")).proteins
(Change(first=2, last=2, new='Y'),)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product

from her2nav.variants.grammar import WrittenCoding
from her2nav.variants.protein import Change
from her2nav.variants.residues import CODON, CODONS_OF, STOP

_MOST_CANDIDATES = 24

Base = str | tuple[int, int]
"""A base written in the text, or (codon, phase) of the reference."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a coding change does to the protein.

    Attributes:
        proteins: The possible changes; one: proven. Empty when none can be listed.
        codons: First and last codon concerned.
        frameshift: The reading frame is lost.
        problem: Why the text cannot be right, in words.
    """

    proteins: tuple[Change, ...] = ()
    codons: tuple[int, int] = (0, 0)
    frameshift: bool = False
    problem: str | None = None


def codon_of(base: int) -> int:
    """Return the residue that a coding base belongs to; base 1 is the A of the start codon."""
    return (base + 2) // 3


def translate(reference: str, written: WrittenCoding) -> Translation:
    """Work out the protein change of an exonic coding change."""
    first, last = written.first, written.last
    coding_bases = 3 * len(reference)
    if not 1 <= first <= last <= coding_bases:
        return Translation(problem=f"the coding sequence has bases 1 to {coding_bases}")
    if written.operation == "insertion" and last != first + 1:
        return Translation(problem="the bases around an insertion must be neighbours")
    start, end = codon_of(first), codon_of(last)
    codons = (start, end)
    if written.gone and len(written.gone) != last - first + 1:
        return Translation(
            codons=codons, problem=f"{len(written.gone)} bases are named for {last - first + 1} positions"
        )
    options = _options(reference, start, end, first, written.gone)
    bad = next((codon for codon, choices in options.items() if not choices), None)
    if bad is not None:
        return Translation(
            codons=codons, problem=f"no codon of residue {bad} ({reference[bad - 1]}) has {written.gone} there"
        )
    shift = _gained(written)
    if shift is None:
        return Translation(codons=codons)
    if shift % 3:
        return Translation(codons=codons, frameshift=True)
    if written.size is not None or written.operation == "inversion":
        return Translation(codons=codons)
    if written.operation == "synonymous":
        return Translation((Change(start, start, reference[start - 1]),), codons)
    bases = _edited(written, start, end)
    columns = [_residues(bases[i : i + 3], options) for i in range(0, len(bases), 3)]
    changes = []
    for residues in islice(product(*columns), _MOST_CANDIDATES + 1):
        new = "".join(residues)
        changes.append(Change(start, end, new.partition(STOP)[0] + STOP if STOP in new else new))
    if len(changes) > _MOST_CANDIDATES:
        return Translation(codons=codons)
    return Translation(tuple(dict.fromkeys(changes)), codons)


def _gained(written: WrittenCoding) -> int | None:
    """Return the bases gained; None when the text does not say how many go in."""
    length = written.last - written.first + 1
    put_in = len(written.new) if written.new is not None else written.size
    match written.operation:
        case "duplication":
            return length
        case "deletion":
            return -length
        case "insertion":
            return put_in
        case "delins":
            return None if put_in is None else put_in - length
        case _:
            return 0


def _options(reference: str, start: int, end: int, first: int, gone: str) -> dict[int, tuple[str, ...]]:
    """Return the codons that may stand in each place, given the protein and the bases that the text names."""
    options: dict[int, tuple[str, ...]] = {codon: CODONS_OF[reference[codon - 1]] for codon in range(start, end + 1)}
    for i, base in enumerate(gone):
        codon, phase = codon_of(first + i), (first + i - 1) % 3
        options[codon] = tuple(choice for choice in options[codon] if choice[phase] == base)
    return options


def _edited(written: WrittenCoding, start: int, end: int) -> list[Base]:
    """Return the bases of the codons concerned after the change."""
    bases: list[Base] = [(codon, phase) for codon in range(start, end + 1) for phase in range(3)]
    low, high = written.first - (3 * start - 2), written.last - (3 * start - 2) + 1
    new: list[Base] = list(written.new or "")
    if written.operation == "insertion":
        return bases[: low + 1] + new + bases[low + 1 :]
    if written.operation == "duplication":
        return bases[:high] + bases[low:high] + bases[high:]
    return bases[:low] + new + bases[high:]


def _residues(triple: list[Base], options: dict[int, tuple[str, ...]]) -> list[str]:
    """Return the residues that three bases may code, sorted."""
    sources = sorted({base[0] for base in triple if isinstance(base, tuple)})
    made = set()
    for chosen in product(*(options[codon] for codon in sources)):
        codons = dict(zip(sources, chosen, strict=True))
        made.add(CODON["".join(base if isinstance(base, str) else codons[base[0]][base[1]] for base in triple)])
    return sorted(made)
