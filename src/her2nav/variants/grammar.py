"""Find changes written in protein, coding and genomic notation inside a text; what they mean is decided elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from her2nav.variants.residues import STOP, THREE_LETTERS, residue, sequence

Operation = Literal["substitution", "insertion", "duplication", "deletion", "delins", "frameshift", "synonymous"]

_AA = (
    "(?:" + "|".join([three for letter, three in THREE_LETTERS.items() if letter != STOP]) + "|[ACDEFGHIKLMNPQRSTVWY])"
)
_END = r"(?:Ter|stop|\*|X)"
_STOP_AT = r"(?![A-Za-z0-9])"

_PROTEIN = re.compile(
    rf"""(?<![A-Za-z0-9])(?:p\s?\.?\s?)?[(\[]?\s?
    (?P<a1>{_AA})(?P<p1>[0-9]{{1,4}})
    (?:(?:\s?(?:_|-|\.\.|\bto\b)\s?|\s)(?P<a2>{_AA})?(?P<p2>[0-9]{{1,4}})(?=\)?\s?(?:del|ins|dup|indel|>|fs)))?
    \)?(?:
      (?P<alt>{_AA}|{_END})(?P<more>(?:/{_AA}(?![A-Za-z0-9.]))+)?{_STOP_AT}
      | (?P<same>=)
      | (?:{_AA}|\?)?\s?(?P<fs>fs)(?:\s?(?:\*|Ter|X)?\s?(?:[0-9]{{1,4}}|\?)?)?{_STOP_AT}
      | \s?(?:delins|indel|del(?P<gone1>[A-Za-z]*?)\s?/?ins|>)(?P<gap1>\s?)(?P<seq1>[A-Za-z*]+|[0-9]{{1,3}}){_STOP_AT}
      | \s?(?P<ins>ins(?:ertion)?(?:\sof)?)(?P<gap2>\s?)(?P<seq2>[A-Za-z*]+|[0-9]{{1,3}})?{_STOP_AT}
      | \s?(?P<dup>dup(?:lication)?)(?P<seq3>[A-Za-z]+|[0-9]{{1,3}})?{_STOP_AT}
      | \s?(?P<del>del(?:etion)?)(?P<seq4>[A-Za-z]+|[0-9]{{1,3}})?{_STOP_AT}
      | (?!ins|del|dup)(?P<several>[ACDEFGHIKLMNPQRSTVWY]{{2,6}}){_STOP_AT}
    )""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)

_BASES = "[ACGT]"
_CODING = re.compile(
    rf"""(?<![A-Za-z0-9])c\s?\.\s?[(\[]?
    (?P<s>[-*]?[0-9]{{1,5}})(?P<so>[+-][0-9]{{1,6}})?
    (?:\s?_\s?(?P<e>[-*]?[0-9]{{1,5}})(?P<eo>[+-][0-9]{{1,6}})?)?\s?
    (?:
      (?P<ref>{_BASES}*)\s?>\s?(?P<alt>{_BASES}+)
      | del(?P<gone>{_BASES}*)\s?ins\s?(?P<delins>{_BASES}+|[0-9]{{1,4}})
      | ins\s?(?P<ins>{_BASES}+|[0-9]{{1,4}})
      | (?P<dup>dup)(?:{_BASES}+|[0-9]{{1,4}})?
      | (?P<del>del)(?:{_BASES}+|[0-9]{{1,4}})?
      | (?P<inv>inv)
      | (?P<same>=)
    )(?![A-Za-z0-9])""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)

_GENOMIC = re.compile(
    r"""(?<![A-Za-z0-9_])(?:(?:GRCh3[78]|hg19|hg38)\s?:?\s?)?
    (?:NC_[0-9]{6}(?:\.[0-9]+)?|chr[0-9XYM]{1,2}|[0-9]{1,2}|X|Y)\s?:\s?(?P<change>(?:g\.)?[0-9]{5,9}
    (?:[_-][0-9]{5,9})?\s?(?:[ACGT]*\s?>\s?[ACGT]+|del[ACGT]*(?:ins[ACGT]+)?|dup[ACGT]*|ins[ACGT]+|[ACGT]+:[ACGT]+)?)""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)

_IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9])(?:rs|COSM|COSV|COSF)\s?[0-9]{2,12}(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True)
class Written:
    """A protein change as written.

    Attributes:
        new: Residues put in, one-letter; None when the text does not say which.
        gone: Residues that the text says are lost or doubled; empty when it does not say.
        count: Residues put in, where only their number is given.
        informal: Not HGVS, but understood: `G776VC` for `G776delinsVC`.
    """

    text: str
    span: tuple[int, int]
    operation: Operation
    first: int
    first_residue: str
    last: int
    last_residue: str | None
    new: str | None = None
    gone: str = ""
    count: int | None = None
    informal: bool = False
    two_ends: bool = False


@dataclass(frozen=True, slots=True)
class WrittenCoding:
    """A coding change as written; positions outside the coding sequence are None and `outside` is set.

    Attributes:
        first_offset: Bases into the intron, signed; 0 in the exon.
        size: Bases put in, where the text gives their number instead of the bases.
    """

    text: str
    span: tuple[int, int]
    operation: Literal["substitution", "insertion", "duplication", "deletion", "delins", "inversion", "synonymous"]
    first: int
    last: int
    first_offset: int = 0
    last_offset: int = 0
    gone: str = ""
    new: str | None = None
    size: int | None = None
    outside: bool = False


def find_protein(text: str) -> list[Written]:
    """Return the protein changes in a text, left to right; `S310F/Y` gives two."""
    found: list[Written] = []
    for match in _PROTEIN.finditer(text):
        found += _protein(match)
    return found


def _protein(match: re.Match[str]) -> list[Written]:
    group = match.groupdict()
    first_residue = residue(group["a1"]) or ""
    threes = len(group["a1"]) == 3
    first = int(group["p1"])
    last = int(group["p2"]) if group["p2"] else first
    last_residue = (residue(group["a2"]) if group["a2"] else None) if group["p2"] else first_residue
    two_ends = bool(group["p2"])

    def written(operation: Operation, new: str | None = None, gone: str = "", **more: int | bool | None) -> Written:
        return Written(
            text=match.group().strip(),
            span=match.span(),
            operation=operation,
            first=first,
            first_residue=first_residue,
            last=last,
            last_residue=last_residue,
            new=new,
            gone=gone,
            count=more.get("count"),
            informal=bool(more.get("informal")),
            two_ends=two_ends,
        )

    if group["alt"]:
        others = [item for item in (group["more"] or "").split("/") if item]
        alternatives = [
            STOP if item.lower() in ("x", STOP, "ter", "stop") else residue(item) for item in [group["alt"], *others]
        ]
        return [written("synonymous" if new == first_residue else "substitution", new) for new in alternatives]
    if group["several"]:
        if not group["several"].isupper():
            return []
        return [written("delins", group["several"], informal=True)]
    if group["same"]:
        return [written("synonymous", first_residue)]
    if group["fs"]:
        return [written("frameshift")]
    if group["seq1"]:
        new, count = _sequence(group["seq1"], threes, bool(group["gap1"]))
        return [written("delins", new, sequence(group["gone1"] or "", threes=threes) or "", count=count)]
    if group["ins"]:
        word = group["ins"].lower() != "ins"
        new, count = _sequence(group["seq2"], threes, bool(group["gap2"]) and word)
        return [written("insertion", new, count=count)]
    if group["dup"]:
        gone, count = _sequence(group["seq3"], threes)
        return [written("duplication", gone=gone or "", count=count)]
    gone, count = _sequence(group["seq4"], threes)
    return [written("deletion", gone=gone or "", count=count)]


def _sequence(text: str | None, threes: bool, must_be_capital: bool = False) -> tuple[str | None, int | None]:
    """Read inserted residues, or their number; a lower-case word after a space is a word, not a sequence."""
    if not text:
        return None, None
    if text.isdigit():
        return None, int(text)
    if must_be_capital and text.islower():
        return None, None
    return sequence(text, threes=threes), None


def find_coding(text: str) -> list[WrittenCoding]:
    """Return the coding changes (`c.`) in a text, left to right."""
    return [_coding(match) for match in _CODING.finditer(text)]


def _coding(match: re.Match[str]) -> WrittenCoding:
    group = match.groupdict()
    start, end = group["s"], group["e"] or group["s"]
    outside = any(not position.isdigit() for position in (start, end))
    first, last = (int(position.lstrip("-*")) for position in (start, end))
    first_offset = int(group["so"] or 0)
    last_offset = int(group["eo"] or 0) if group["e"] else first_offset
    inserted = group["alt"] or group["delins"] or group["ins"]
    size = int(inserted) if inserted and inserted.isdigit() else None
    new = inserted.upper() if inserted and size is None else None
    operation: Literal["substitution", "insertion", "duplication", "deletion", "delins", "inversion", "synonymous"]
    if group["alt"]:
        one_base = len(group["alt"]) == 1 and first == last
        operation = "substitution" if one_base else "delins"
    elif group["delins"]:
        operation = "delins"
    elif group["ins"]:
        operation = "insertion"
    elif group["dup"]:
        operation = "duplication"
    elif group["del"]:
        operation = "deletion"
    else:
        operation = "inversion" if group["inv"] else "synonymous"
    return WrittenCoding(
        text=match.group().strip(),
        span=match.span(),
        operation=operation,
        first=first,
        last=last,
        first_offset=first_offset,
        last_offset=last_offset,
        gone=(group["ref"] or group["gone"] or "").upper(),
        new=new,
        size=size,
        outside=outside,
    )


def find_identifiers(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Return database and genomic names in comparable form, with their places."""
    found = [("".join(match.group().lower().split()), match.span()) for match in _IDENTIFIER.finditer(text)]
    found += [(genomic_key(match["change"]), match.span()) for match in _GENOMIC.finditer(text)]
    return sorted(found, key=lambda item: item[1])


def identifier_key(written: str) -> str:
    """Return an identifier of the table in the form that `find_identifiers` gives."""
    found = find_identifiers(written)
    return found[0][0] if found else written.lower()


def genomic_key(change: str) -> str:
    """Return a genomic change without its chromosome, prefix and spaces."""
    return "".join(change.lower().removeprefix("g.").split())


def coding_key(written: str) -> str:
    """Return a coding change in comparable form: no spaces, no brackets, no bases that the positions imply."""
    text = re.sub(r"[\s()\[\]]", "", written).upper().removeprefix("C.")
    text = re.sub("DELINS|DEL|INS|DUP|INV", lambda match: match.group().lower(), text)
    text = re.sub(r"^([0-9]+_[0-9]+)[ACGT]+>(?=[ACGT])", r"\1delins", text)
    return "c." + re.sub(r"(?<=del)[ACGT]+(?=ins|$)|(?<=dup)[ACGT]+$", "", text)
