"""Build the mutant protein and name it: two texts that make the same protein get the same name.

The name follows HGVS: the change lies as far towards the C-terminus as it can, and a duplication is called so rather
than an insertion.
"""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.variants.residues import STOP, three
from her2nav.variants.schema import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """Residues `first` to `last` (1-based) give way to `new`; an insertion has `last` = `first` - 1.

    ========================  =====  ====  =====
    written                   first  last  new
    ========================  =====  ====  =====
    S310F                     310    310   F
    L755_T759del              755    759   (none)
    A775_G776insYVMA          776    775   YVMA
    G776delinsVC              776    776   VC
    ========================  =====  ====  =====
    """

    first: int
    last: int
    new: str


@dataclass(frozen=True, slots=True)
class Named:
    """A change in its one canonical form.

    Attributes:
        first: First residue concerned; of an insertion the residue before it.
        last: Last residue concerned; of an insertion the residue after it.
        earliest: Of an insertion or duplication: the first residue after which the same insertion could stand.
        gained: Residues gained minus residues lost; 0 for a substitution.
    """

    kind: Kind
    first: int
    last: int
    new: str
    short: str
    hgvs_p: str
    earliest: int
    gained: int


def mutate(reference: str, change: Change) -> str:
    """Return the mutant protein; it ends before a stop that the change brings in."""
    new, stop, _ = change.new.partition(STOP)
    head = reference[: change.first - 1] + new
    return head if stop else head + reference[change.last :]


def name(reference: str, change: Change) -> Named:
    """Give the canonical name of the protein that a change makes.

    >>> name("MAYVMAGV", Change(7, 6, "YVMA")).short
    'Y3_A6dup'
    >>> name("MAYVMAGV", Change(3, 3, "Y")).short
    'Y3='
    """
    mutant = mutate(reference, change)
    if STOP in change.new:
        return _stopped(reference, mutant)
    if mutant == reference:
        at = min(change.first, len(reference))
        residue = reference[at - 1]
        return Named(Kind.SYNONYMOUS, at, at, residue, f"{residue}{at}=", f"p.({three(residue)}{at}=)", at, 0)
    prefix = _common_prefix(reference, mutant)
    suffix = _common_suffix(reference, mutant, prefix)
    gone = reference[prefix : len(reference) - suffix]
    new = mutant[prefix : len(mutant) - suffix]
    first, last = prefix + 1, prefix + len(gone)
    gained = len(new) - len(gone)
    if not gone:
        return _inserted(reference, prefix, new)
    if not new:
        return _written(Kind.DELETION, reference, first, last, "", "del", first, gained)
    if len(new) == len(gone) == 1:
        short, long = f"{gone}{first}{new}", f"p.({three(gone)}{first}{three(new)})"
        return Named(Kind.SUBSTITUTION, first, first, new, short, long, first, 0)
    return _written(Kind.DELINS, reference, first, last, new, "delins", first, gained)


def _stopped(reference: str, mutant: str) -> Named:
    prefix = _common_prefix(reference, mutant)
    first = min(prefix + 1, len(reference))
    residue, rest = reference[first - 1], mutant[prefix:]
    if not rest:
        short, long = f"{residue}{first}{STOP}", f"p.({three(residue)}{first}Ter)"
    else:
        short, long = f"{residue}{first}delins{rest}{STOP}", f"p.({three(residue)}{first}delins{three(rest)}Ter)"
    return Named(Kind.NONSENSE, first, first, STOP, short, long, first, len(mutant) - len(reference))


def _inserted(reference: str, after: int, new: str) -> Named:
    earliest = after
    turned = new
    while earliest and reference[earliest - 1] == turned[-1]:
        turned = turned[-1] + turned[:-1]
        earliest -= 1
    size = len(new)
    if reference[max(0, after - size) : after] == new:
        return _written(Kind.DUPLICATION, reference, after - size + 1, after, "", "dup", earliest, size)
    if after == 0 or after == len(reference):
        edge = max(1, after)
        return _written(Kind.INSERTION, reference, edge, edge, new, "ins", earliest, size)
    return _written(Kind.INSERTION, reference, after, after + 1, new, "ins", earliest, size)


def _written(
    kind: Kind, reference: str, first: int, last: int, new: str, word: str, earliest: int, gained: int
) -> Named:
    ends = [first] if first == last else [first, last]
    short = "_".join(f"{reference[at - 1]}{at}" for at in ends) + word + new
    long = "_".join(f"{three(reference[at - 1])}{at}" for at in ends) + word + three(new)
    return Named(kind, first, last, new, short, f"p.({long})", earliest, gained)


def _common_prefix(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(one: str, other: str, prefix: int) -> int:
    room = min(len(one), len(other)) - prefix
    return _common_prefix(one[len(one) - room :][::-1], other[len(other) - room :][::-1])
