"""Names of laboratory tests that mean one only beside others, before a number or a unit that fits: "K 4.1", "Lc 5,9 G/l"."""

from __future__ import annotations

import re

from her2nav.intake.notes.note import Note
from her2nav.language.dictionary import Hit, Term


def short_names(note: Note) -> list[Hit]:
    """Return the names of one or two letters, which mean a test only before a number or a unit that fits it."""
    known: list[Hit] | None = note.memory.get(_SHORT)
    if known is None:
        found = _SHORT.finditer(note.text)
        known = note.memory[_SHORT] = [Hit(*one.span(), (Term("lab", _SHORT_OF[one[0][:2]]),)) for one in found]
    return known


_SHORT_OF = {
    "K": "potassium",
    "K+": "potassium",
    "N": "anc",
    "Pl": "platelets",
    "TC": "wbc",
    "Lc": "wbc",
    "Tc": "platelets",
    "Wh": "wbc",
    "wh": "wbc",
}
_PER_LITRE = r"\(?(?:mmol|mEq|meq)/[Ll]\b"
_COUNTED = r"\(?\s?(?:cells)?\s?/\s?(?:cu\.?\s?mm|cumm|cmm|uL|ul|mcL|mm3)\b"
_SHORT = re.compile(
    rf"(?<![\w./-])(?:K\+?(?=[\s:=]{{1,3}}(?:\d(?:\.\d{{1,2}})?(?![\d/.])|{_PER_LITRE}))"
    rf"|N(?=[\s:=]{{1,3}}\d{{1,2}}\.\d{{1,2}}(?![\d/.]))|Pl(?=[\s:=]{{1,3}}\d{{2,3}}(?![\d/.]))"
    rf"|Lc(?=[\s:=]{{1,3}}\d{{1,2}}(?:[.,]\d{{1,2}})?\s?G/[lL]\b)|Tc(?=[\s:=]{{1,3}}\d{{1,4}}\s?G/[lL]\b)"
    rf"|[Ww]hite (?:blood )?count(?=[\s:=]{{1,3}}(?:of |is |was )?\d)"
    rf"|TC(?=[\s:=]{{1,3}}(?:{_COUNTED}|\d{{3,5}}\s?{_COUNTED})))"
)
_OWN_UNIT = re.compile(rf"[\s:=]{{1,3}}(?:\d[\d.,]{{0,6}}\s?)?(?:{_PER_LITRE}|{_COUNTED}|G/[lL]\b)")


def with_own_unit(note: Note, hit: Hit) -> bool:
    """True for a short name that its unit shows, even where no other test is named beside it."""
    return _OWN_UNIT.match(note.text, hit.end) is not None
