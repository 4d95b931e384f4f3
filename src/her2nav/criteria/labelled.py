"""Old summaries that run all criteria together under labels: "Age: 18 and over Hepatic: Bilirubin normal Other: …".

The National Cancer Institute's older abstracts are written so, without full stops or bullets. A paragraph that begins
with the name of such a part is cut at the labels, and behind a label where a capital letter begins a new statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PART = re.compile(
    r"\s*(?:PATIENT\s+CHARACTERISTICS|PRIOR(?:/|\s+)CONCURRENT\s+THERAPY|(?P<disease>DISEASE\s+CHARACTERISTICS))\s*:[ \t]*(?=\S)"
)
_LABEL = re.compile(
    r"(?<!\w)(?:(?P<said>Age|Sex|Performance\s+status|Life\s+[Ee]xpectancy)|(?:Menopausal|Hormone\s+receptor)\s+status|Hematopoietic|Hepatic|Renal|"
    r"Cardiovascular|Pulmonary|Neurologic|Immunologic|Gastrointestinal|Metabolic|Nutrition|Other|Biologic\s+therapy|"
    r"Chemotherapy|Endocrine\s+therapy|Radiotherapy|Surgery)\s*:\s*"
)
"""`said`: without the label what stands behind it would not be understood."""
_BULLET = re.compile(r"\s[-*•]\s")
_MEASURED = (
    r"(?:WBC|ANC|AGC|Absolute|Granulocytes?|Neutrophils?|Platelets?|Leukocytes?|Lymphocytes?|Prothrombin|Hemoglobin|Hematocrit|Hb|Bilirubin|SGOT|SGPT|AST|ALT|"
    r"Transaminases?|Alkaline|Albumin|Creatinine|BUN|Calcium|PT|PTT|INR|LVEF|Ejection|Shortening|FEV1|DLCO)(?:/[A-Z]+)?"
)
_BEGINS = re.compile(
    r"(?<![,;:(/-])(?<!\b(?:and|AND|the|for))(?<!\b(?:or|OR|of|to|in|by|if))(?<!\bwith)(?<!\bthan)(?<!unless)(?<!except)(?<!\s)\s+"
    r"(?=(?:No|Not|Must|May|At\s+least|More\s+than|Greater\s+than|Able|Fertile|Negative|Prior|Concurrent|Recovered|Effective|Neurologically|Willing|Other(?=\s+[a-z])|"
    rf"Patients?|Women|Men|Female|Male|Adequate|Normal|See)\b|{_MEASURED}(?:,?\s+(?:count|time|or\s+[A-Z]+|and\s+[A-Z]+|phosphatase|neutrophil|granulocyte|clearance|ratio|fraction))*"
    r"\s+(?:no|less|greater|more|at|normal|within|not|above|below|up|fraction|count|[<>≤≥])\b)"
)
"""A space in front of a word that begins a new statement and does not go on with the one before."""

_OF_DISEASE = re.compile(
    r"(?<![,;:(/-])(?<!\b(?:and|the|for))(?<!\b(?:or|of|to|in|by|if))(?<!\bwith)(?<!\bthan)(?<!\s)\s+"
    r"(?=(?:No|Not|Must|Measurable|Evaluable|Bidimensionally|Unidimensionally)\s)"
)
_ONE_OF = re.compile(r"\bOR\b|\bEITHER\b|\S:\s")
"""Alternatives within a paragraph: where one of them ends cannot be told."""


class Stretch(NamedTuple):
    """A part of a labelled paragraph: words of a criterion, or a label that states none."""

    start: int
    end: int
    heading: bool


def is_labelled(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is such a summary: it begins with the name of a part and holds no bullets."""
    begins = _PART.match(text, start, end)
    return begins is not None and _BULLET.search(text, begins.end(), end) is None


def labelled(text: str, start: int, end: int) -> Iterator[Stretch]:
    """Yield the statements and the labels of a paragraph, in order; every character that is no white space is in one."""
    begins = _PART.match(text, start, end)
    at = begins.end() if begins else start
    if begins:
        yield Stretch(start, at, True)
    cut = _OF_DISEASE if begins and begins["disease"] else _BEGINS
    for label in _LABEL.finditer(text, at, end):
        yield from _statements(text, at, label.start(), cut)
        if label["said"] is None:
            yield Stretch(label.start(), label.end(), True)
            at = label.end()
        else:
            at = label.start()
    yield from _statements(text, at, end, cut)


def _statements(text: str, start: int, end: int, begins: re.Pattern[str]) -> Iterator[Stretch]:
    at = start
    if begins is _OF_DISEASE and _ONE_OF.search(text, start, end):
        yield Stretch(start, end, False)
        return
    for found in begins.finditer(text, start, end):
        inside = text[at : found.start()]
        if inside.count("(") > inside.count(")") or not inside.strip():
            continue
        if inside.rstrip().endswith(("No", "Not", "no", "not", "prior", "other")):
            continue
        yield Stretch(at, found.start(), False)
        at = found.end()
    if text[at:end].strip():
        yield Stretch(at, end, False)
