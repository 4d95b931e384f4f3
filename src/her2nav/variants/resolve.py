"""Check a written protein change against the reference and turn it into a change of residues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from her2nav.variants.grammar import Written, find_protein
from her2nav.variants.protein import Change, Named, name
from her2nav.variants.residues import THREE_LETTERS

ProblemCode = Literal["wrong_residue", "past_the_end", "malformed", "sequence_not_given"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a written change is not one of the reference.

    Attributes:
        probable: What was probably meant, where the text leaves little doubt.
    """

    code: ProblemCode
    message: str
    probable: Change | None = None


def resolve(written: Written, reference: str, offset: int = 0) -> Change | Problem:
    """Return the change of residues, or what is wrong with it.

    Args:
        written: As found in a text; not a frameshift.
        reference: The reference protein.
        offset: Added to the residue numbers of the text.
    """
    first, last = written.first + offset, written.last + offset
    problem = _misplaced(written, reference, first, last)
    if problem is not None:
        return problem
    match written.operation:
        case "insertion":
            return _insertion(written, reference, first, last)
        case "duplication" | "deletion":
            return _repeated_or_lost(written, reference, first, last)
        case "delins":
            if written.gone and written.gone != reference[first - 1 : last]:
                return Problem("malformed", f"the residues {first} to {last} are not {written.gone}")
        case _:
            pass
    if written.new is None:
        return Problem("sequence_not_given", "the inserted residues are not given")
    return Change(first, last, written.new)


def canonical(text: str, reference: str) -> Named | None:
    """Return the canonical form of a text that is one valid protein change; None otherwise."""
    found = find_protein(text)
    if len(found) != 1 or found[0].operation == "frameshift":
        return None
    change = resolve(found[0], reference)
    return name(reference, change) if isinstance(change, Change) else None


def mismatches(written: Written, reference: str, offset: int = 0) -> list[tuple[int, str, str]]:
    """Return (position, residue there, residue in the text) where the two differ; past the end: an empty text."""
    named = [(written.first + offset, written.first_residue)]
    if written.two_ends and written.last_residue:
        named.append((written.last + offset, written.last_residue))
    found = [(at, reference[at - 1] if 1 <= at <= len(reference) else "", residue) for at, residue in named]
    return [(at, there, residue) for at, there, residue in found if there != residue]


def _misplaced(written: Written, reference: str, first: int, last: int) -> Problem | None:
    size = len(reference)
    if not (1 <= first <= size and 1 <= last <= size):
        return Problem("past_the_end", f"the protein has residues 1 to {size}")
    wrong = mismatches(written, reference, first - written.first)
    if wrong:
        at, there, residue = wrong[0]
        known = f"residue {at} is {THREE_LETTERS[there]} ({there}), not {THREE_LETTERS.get(residue, residue)}"
        return Problem("wrong_residue", known)
    if last < first:
        return Problem("malformed", "the second position stands before the first")
    return None


def _insertion(written: Written, reference: str, first: int, last: int) -> Change | Problem:
    new = written.new
    if new is None:
        return Problem("sequence_not_given", "the inserted residues are not given")
    if not written.two_ends:
        return Problem(
            "malformed", "an insertion is named by the two residues around it", Change(first + 1, first, new)
        )
    if last == first + 1:
        return Change(last, first, new)
    message = f"the residues around an insertion must be neighbours; {first} and {last} are not"
    if new == reference[first - 1 : last]:
        return Problem("malformed", message + "; the inserted residues repeat them", Change(last + 1, last, new))
    return Problem("malformed", message)


def _repeated_or_lost(written: Written, reference: str, first: int, last: int) -> Change | Problem:
    size = len(written.gone) or written.count or 0
    if size and not written.two_ends:
        last = first + size - 1
    if last > len(reference) or (size and size != last - first + 1):
        return Problem("malformed", f"{size} residues are named for the positions {first} to {last}")
    there = reference[first - 1 : last]
    if written.gone and written.gone != there:
        return Problem("malformed", f"the residues {first} to {last} are {there}, not {written.gone}")
    return Change(last + 1, last, there) if written.operation == "duplication" else Change(first, last, "")
