"""Tables with a column, or a row, for every sample: which result of HER2 and of the receptors belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from her2nav.intake.notes.fields.gene_columns import SHARES, gene_heading, gene_test
from her2nav.intake.notes.fields.organs import organs_in, removed_by
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.fields.specimen_list import specimen_list
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.fields.table_places import placed
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note

_CELL = re.compile(r"[^\t|\n]+")
_HER2 = r"(?:her-? ?2(?:[/ -]{0,2}neu)?|c-?erb-?b-?2|erb-?b-?2)"
_ISH = r"(?:d?-?d?(?:fish|cish|sish|ish)|dual ish|in[- ]situ hybridi[sz]ation)"
_TESTS = (
    ("ratio", rf"(?:{_HER2}|{_ISH})?\W*(?:{_ISH}\W*)?(?:{_HER2}\s?[:/]\s?(?:ce[pn]|chr)\S*\W*)?(?:{_ISH}\W*)?ratio\b.{{0,20}}|{_HER2}\s?[:/]\s?(?:ce[pn] ?17|chr ?17)"),
    ("pattern", r"(?:membrane |membranous )?(?:staining|pattern|intensity|completeness)(?: (?:pattern|intensity))?|membrane|intensity(?:, | and |/)membrane"),
    ("percent", rf"pct(?: of)? (?:tumou?r |positive |stained )*cells?|%(?: of)?(?: (?:tumou?r |positive |stained )*cells?)?|(?:percent|percentage)(?: of)?(?: (?:tumou?r |positive |stained |staining )*(?:cells?|staining))?|{_HER2}\W{{1,2}}%|(?:tumou?r |positive )?cells? ?\(?%\)?"),
    ("cep17_copy_number", r"(?:mean |average |avg )?(?:ce[pn] ?17|chr(?:omosome)? ?17)(?: signals?| cop\w+| copy number)?(?:\W?\s?per \w+|\s?/\s?\w+)?"),
    ("her2_copy_number", rf"(?:mean |average |avg )?(?:{_HER2}\W{{1,2}})?(?:gene )?(?:copy number|copies|signals)(?:\W?\s?per \w+|\s?/\s?\w+)?|(?:(?:mean|average|avg) {_HER2}|{_HER2}(?=\s?/| per))(?:\s?/\s?|\sper\s)?(?:cell|nucleus)?"),
    ("cells_counted", r"(?:no\.? of |number of )?(?:tumou?r |invasive )?(?:cells|nuclei) (?:counted|scored|evaluated|enumerated)|(?:no\.? of |number of )(?:cells|nuclei)|nuclei"),
    ("ish", rf"(?:{_HER2}\W{{0,3}})?(?:by |gene |status )?{_ISH}(?: result| status| call|\W{{1,2}}{_HER2})?"),
    ("ihc", rf"(?:{_HER2}\W{{0,3}})?(?:by |protein |status )?(?:ihc|immunohisto\w*)(?: score| result|\W{{1,2}}{_HER2})?|{_HER2}\W{{0,3}}(?:score|protein)"),
    ("her2", rf"{_HER2}(?: status| result| receptor)?"),
    ("er_pr", r"er\s?(?:/|,|and|&)\s?pg?r"),
    ("er", r"er|o?estrogen receptor(?: \(er\))?|er %|er status"),
    ("pr", r"pg?r|progesterone receptor(?: \(pg?r\))?|pr %|pr status"),
    ("ki67", r"ki-?\s?67(?: index| %)?|mib-1"),
)  # fmt: skip
_TEST = re.compile("|".join(rf"(?P<{name}>{words})" for name, words in _TESTS))
_CLONE = re.compile(r"\((?:clone\s)?[^()\n]{2,20}\)\s?:?$")
"""The antibody behind the name of a test: "HER2 IHC (clone 4B5)"."""
_LABEL_ENDS = re.compile(r"^[\s:(%)*]+|[\s:(%)*]+$")
_TISSUE_HEADING = re.compile(
    r"(?:part|no|label|date|day|year|time ?point|site|specimen|sample|tissue|location|procedure|block|source|organ|biopsy|case|event|when|where|collected|collection|taken|obtained|sampled|drawn)(?: (?:site|type|date|of \w+))?(?: ?#)?|#"
)
_FIRST_HEADING = re.compile(
    r"(?:biomarkers?|markers?|tests?|receptors?|parameters?|stains?|results?|assays?|antibod\w+|method|study)?(?: ?/ ?\w+)?"
)
_ROW_LABEL = re.compile(r"[#(]?(?:[1-9]|[a-h]|[sp][1-9])[.):]?")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_LESION = re.compile(
    r"\b(?P<met>mets?|metast\w+|recurren\w+|relapse\w*)\b|\b(?P<primary>primary|original|diagnostic|initial)\b"
)
_PART = re.compile(
    r"\b(?:focus|tumou?r|specimen|sample|part|core|lesion|site|mass)\s(?P<p>[a-h1-9])\b|^\(?(?P<q>[a-h])(?=\)?\s?(?:[(:.]|$))"
)
_GENES = re.compile(r"\b[pc]\.[(\w]|\bvariant|\bmutat|\bcovered")
"""What sequencing found: read with the sentences on genes."""
_ROWS = 16
_NAME_OF_GENE = 40
_GOES_ON = 60
"""So long may an indented line be that goes on with the cell above it: "(internal control positive)"."""
_TWO = 2
_ROW_TESTS = ("ihc", "ish", "her2", "ratio", "amplification", "copies")
_MATRIX = re.compile(r"(?:ffpe )?(?:tissue|tumou?r|plasma|blood|ct-?dna|cf-?dna|liquid biopsy)\b")
"""Columns for what was sequenced: "Tissue", "Plasma"."""
_BLOOD = re.compile(r"\b(?:plasma|blood|ct-?dna|cf-?dna|liquid|guardant\w*|g360)\b")
_OF_STAIN = ("percent", "pattern")
"""Rows that say more of the stain in the row above."""
_STAIN = ("ihc", "her2", *_OF_STAIN)
_SHARE = re.compile(r"\d\s?%")
_OTHER_STAINS = ("er", "pr", "ki67", "er_pr")
_OF_ISH = ("ratio", "her2_copy_number", "cep17_copy_number", "cells_counted", "ish")


class Cell(NamedTuple):
    """One result of a table: its test, its place, the places that name its sample, and the name of the test."""

    test: str
    span: Span
    sample: tuple[Span, ...]
    label: Span


def sample_table(note: Note) -> dict[int, list[Cell]]:
    """Return the results of the rows that lie in such tables, by the number of the line; a heading has none."""
    found: dict[int, list[Cell]] | None = note.memory.get("sample tables")
    if found is None:
        found = note.memory["sample tables"] = {}
        if "\t" in note.text or "|" in note.text:
            for row, cells in enumerate(_rows(note)):
                if len(cells) > 1 and row + 1 not in found:
                    found.update(_by_column(note, row) or _by_row(note, row))
    return found


def _rows(note: Note) -> list[list[Span]]:
    """Return the cells of every line; a line without columns has none."""
    rows: list[list[Span]] | None = note.memory.get("rows")
    if rows is None:
        lines = note.text.split("\n")
        rows = note.memory["rows"] = [
            _cells(start, words) if "\t" in words or "|" in words else []
            for start, words in zip(note.line_starts, lines, strict=True)
        ]
    return rows


def _cells(start: int, line: str) -> list[Span]:
    found: list[Span] = []
    for match in _CELL.finditer(line):
        words = match[0]
        if words.strip():
            place = start + match.start()
            found.append((place + len(words) - len(words.lstrip()), place + len(words.rstrip())))
    return found


def _below(note: Note, row: int) -> Iterator[tuple[int, list[Span]]]:
    """Yield the rows under a heading, until a line that is none."""
    for number in range(row + 1, min(len(note.line_starts), row + _ROWS)):
        cells = _rows(note)[number]
        if cells:
            yield number, cells
            continue
        start, end = note.line_starts[number], _end(note, number)
        if not note.text[start:end].strip() or (note.text[start] == " " and end - start < _GOES_ON):
            continue
        if _SUBHEADING.fullmatch(note.plain, start, end):
            yield number, []
            continue
        if end - start > _NAME_OF_GENE or not note.hits_in(start, end, "gene"):
            return
        yield number, [(start, end)]  # the first line of a label of two


_SUBHEADING = re.compile(rf"[^\n]{{0,30}}(?:{_HER2}|{_ISH})[^\n]{{0,80}}:\s*")
"""A line over further rows of the same columns: "HER2 dual-colour SISH, 100 cells counted in each block:"."""


def _end(note: Note, row: int) -> int:
    return note.line_starts[row + 1] - 1 if row + 1 < len(note.line_starts) else len(note.text)


def _by_column(note: Note, row: int) -> dict[int, list[Cell]]:
    """Read "Marker | biopsy 2021 | liver 2025": a column for each sample."""
    heading = _rows(note)[row]
    if len(heading) > 1 and (
        _FIRST_HEADING.fullmatch(note.plain[slice(*heading[0])].rstrip(":"))
        or (len(heading) > _TWO and not _names_sample(note, heading[0]))
    ):
        heading = heading[1:]
    while len(heading) > _TWO and _GENE_HEADING.fullmatch(note.plain[slice(*heading[0])].rstrip(" :")):
        heading = heading[1:]
    labels = all(_LABEL_ONLY.fullmatch(note.text, *one) for one in heading)
    labels = labels or all(_BLOCK_HEADS.match(note.text, *one) for one in heading)
    defined = [_defined(note, one) for one in heading]
    if len(heading) < _TWO or not (
        labels or all(defined) or all(_names_sample(note, one) or _MATRIX.match(note.plain, *one) for one in heading)
    ):
        return {}
    names: list[tuple[Span, ...]] = [(one, *more) for one, more in zip(heading, defined, strict=True)]
    blood = next((match.span() for one in heading if (match := _BLOOD.search(note.plain, *one)) is not None), None)
    if blood is not None:
        marks = [match.span() for one in heading if (match := SHARES.search(note.plain, *one)) is not None][:1]
        names = [(*one, blood, *marks) if _SAME_AGAIN.search(note.plain, *one[0]) else one for one in names]
    plasma = blood is not None or any(_BLOOD.search(note.plain, *one) for each in names for one in each)
    found: dict[int, list[Cell]] = {}
    more: dict[int, list[Cell]] = {}
    above: str | None = None
    block = _block_of(note, *_title(note, row))
    gene: tuple[int, Span] | None = None
    for number, cells in _below(note, row):
        if not cells:
            block, above, more[number + 1] = _block_of(note, *_line(note, number)), None, []
            counted = _EACH_COUNTED.search(note.plain, *_line(note, number))
            if counted is not None:
                found[number + 1] = [Cell("cells_counted", counted.span("n"), one, counted.span("n")) for one in names]
            continue
        if not found and len(cells) == len(heading) and all(_names_sample(note, one) for one in cells):
            names = [(*one, cell) for one, cell in zip(names, cells, strict=True)]  # the heading goes on: its dates
            more[number + 1] = []
            continue
        under = len(cells) == len(heading) and above in _STAIN
        if under and placed(note, cells, heading) == list(range(len(heading))):
            goes_on = "percent" if all(_SHARE.search(note.plain, *one) for one in cells) else "pattern"
            found[number + 1] = [Cell(goes_on, cell, sample, cell) for cell, sample in zip(cells, names, strict=True)]
            continue
        cells = _fitted(note, cells, (len(heading) + 1,))
        cells = _parted(note, cells) if len(cells) == len(heading) else cells
        if len(cells) > len(heading) + 1 and note.hits_in(*cells[0], "gene"):
            last = len(cells) - len(heading)
            cells = [(cells[0][0], cells[last - 1][1]), *cells[last:]]  # the gene, its c. and its p. in three columns
        if len(cells) != len(heading) + 1:
            gene = (number, cells[0]) if len(cells) == 1 and note.hits_in(*cells[0], "gene") else None
            above = _OTHER_STAINS[0]
            continue
        if gene is not None and not note.hits_in(*cells[0], "gene"):
            cells = [(gene[1][0], cells[0][1]), *cells[1:]]  # "ERBB2 c.2313_2324dup", and below it the protein
            more[gene[0] + 1] = []
        gene = None
        test = gene_test(note, cells[0], cells[1:], plasma=plasma) or _test_of(note, cells[0])
        if test is None and above in _OF_ISH and _OVERALL.fullmatch(note.plain, *cells[0]):
            test = "ish"  # "Result" below the counts
        if test is None and block is not None:
            test = _test_under(note, cells[0], block)
        if test is None:
            above = _OTHER_STAINS[0]
            continue
        if test in _OF_STAIN and above in _OTHER_STAINS:
            continue  # "% of cells" under the row of another stain
        above = test if test not in _OF_STAIN else above
        pairs = zip(cells[1:], names, strict=True)
        found[number + 1] = [Cell(test, cell, sample, cells[0]) for cell, sample in pairs]
    told = [cell for cells in found.values() for cell in cells if cell.test not in _OTHER_STAINS]
    if not told or any(_GENES.search(note.plain, *cell.span) for cell in told if cell.test != "variant"):
        return {}
    return {row + 1: [], **more, **found}


_GENE_HEADING = re.compile(
    r"genes?|(?:(?:gene|dna|protein|aa|amino acid|nucleotide|coding) )?(?:alterations?|variants?|mutations?|changes?)(?: \([^()]*\))?|protein|nucleotide|transcript|exon|consequence|class\w*|type|cdna|hgvs\w*|effect|significance|tier"
)
_SAME_AGAIN = re.compile(r"\b(?:previous|prior|earlier|last|baseline|first)\b|\bsame (?:test|assay|method)\b")
"""The heading of an earlier result of the same test."""
_IS_ISH = re.compile(rf"\b{_ISH}\b|in[- ]situ")
_EACH_COUNTED = re.compile(
    r"\b(?P<n>\d{2,3}) (?:cells|nuclei)(?: (?:were )?(?:counted|scored|evaluated))? (?:in|of|for|per) (?:each|every|both)\b"
)
_STAINED_CELLS = re.compile(r"(?:% )?(?:tumou?r |positive |stained |staining )*cells(?: %| \(%\)| stained| positive)?")


def _block_of(note: Note, start: int, end: int) -> str | None:
    """Return whether the line over rows of a table speaks of the stain for HER2, or of its ISH."""
    if _OF_HER2.search(note.plain, start, end) is None:
        return None
    return "ish" if _IS_ISH.search(note.plain, start, end) else "ihc"


def _test_under(note: Note, label: Span, block: str) -> str | None:
    """Return the test of a row that names none, under a line that does: "Score", "Tumour cells", "Result"."""
    words = note.plain[slice(*label)].strip(" :")
    if block == "ihc":
        return "ihc" if _SCORE.fullmatch(words) else "percent" if _STAINED_CELLS.fullmatch(words) else None
    return "ish" if _OVERALL.fullmatch(words) else None


def _line(note: Note, number: int) -> Span:
    return note.line_starts[number], _end(note, number)


_LETTERED = re.compile(r"\(?(?P<l>[a-z])\)?\s?\((?:vaf|maf|af)[^()\n]{0,12}\)")


def _defined(note: Note, cell: Span) -> tuple[Span, ...]:
    """Return the line that says what the letter of a column stands for: "(P) EDTA plasma drawn 2026-07-21"."""
    letter = _LETTERED.fullmatch(note.plain, *cell)
    if letter is None:
        return ()
    told = re.compile(rf"\({letter['l']}\)\s(?P<w>[^\n]{{4,120}})").search(note.plain, 0, cell[0])
    return (told.span("w"),) if told is not None and SAMPLE.search(note.plain, *told.span("w")) else ()


def _by_row(note: Note, row: int) -> dict[int, list[Cell]]:
    """Read "Date | Site | IHC | FISH": a row for each sample."""
    heading = _rows(note)[row]
    places = [i for i, one in enumerate(heading) if _TISSUE_HEADING.fullmatch(note.plain[slice(*one)].rstrip(":"))]
    tests = [gene_heading(note, one) or _test_of(note, one) for one in heading] if places else []
    unnamed = not {"ihc", "her2"} & set(tests)
    if places and unnamed and _OF_HER2.search(note.plain, *_title(note, row)):
        tests = [
            test or ("ihc" if _SCORE.fullmatch(note.plain, *one) else None)
            for test, one in zip(tests, heading, strict=True)
        ]
    if not any(test in _ROW_TESTS for test in tests):
        return {}
    known = {key.strip("#") for key in specimen_list(note).known}

    def listed(cell: Span) -> bool:
        return note.plain[slice(*cell)].strip("#. ") in known

    found: dict[int, list[Cell]] = {}
    for number, cells in _below(note, row):
        cells = _fitted(note, cells, (len(heading), len(heading) + 1))
        own: tuple[Span, ...] = ()
        if len(cells) == len(heading) + 1 and _ROW_LABEL.fullmatch(note.plain[slice(*cells[0])]):
            own, cells = (cells[0],), cells[1:]  # the rows are numbered, and the heading has no cell for that
        if len(cells) != len(heading) or not any(_names_sample(note, cells[i]) or listed(cells[i]) for i in places):
            continue
        sample = own + tuple(cells[i] for i in places)
        found[number + 1] = [
            Cell(test, cell, sample, name) for test, cell, name in zip(tests, cells, heading, strict=True) if test
        ]
    return {row + 1: [], **found} if found else {}


_OF_HER2 = re.compile(rf"{_HER2}")
_SCORE = re.compile(r"(?:ihc |staining )?(?:score|result)")


def _title(note: Note, row: int) -> Span:
    """Return the line with words above a table, which may say whose score it lists."""
    for number in range(row - 1, max(-1, row - 3), -1):
        place = note.line_starts[number], _end(note, number)
        if note.text[slice(*place)].strip():
            return place
    return note.line_starts[row], note.line_starts[row]


_ASSAY = re.compile(r"\b(?:4b5|hercep ?test|a0485|sp3|cb11)\b[ ,]{0,2}")
_WHERE = re.compile(r"^(?:local|central|outside|referring|in-house|own|our)(?: lab(?:oratory)?)?\s")
_LABEL_ONLY = re.compile(r"(?i:part|specimen|sample|block|core|pot)?\s?(?:[A-H]\d?|[SP#][1-9]|I{1,3}|IV)")
_BLOCK_HEADS = re.compile(r"(?:[Bb]lo?c?k\s)?(?:\d{1,2}[A-L]\d?|[A-L]-?\d{1,2})(?=\s|$)")
"""A column for each block: "1F fundus"."""
_OVERALL = re.compile(r"(?:overall |final )?(?:result|interpretation|status|conclusion)")


def _parted(note: Note, cells: list[Span]) -> list[Span]:
    """Return the cells of a row whose label fills its column, so that one blank parts it from the first result."""
    start, end = cells[0]
    place = note.plain.rfind(" ", start, end)
    if place < 0 or _test_of(note, (start, place)) is None:
        return cells
    return [(start, place), (place + 1, end), *cells[1:]]


def _fitted(note: Note, cells: list[Span], wanted: tuple[int, ...]) -> list[Span]:
    """Return the cells of a row with too few, parted where the text as it was given has two blanks."""
    if len(cells) in wanted:
        return cells
    parts: list[Span] = []
    for start, end in cells:
        low = start
        for at in range(start, end):
            if note.text[at] == " " and note.place(at + 1) - note.place(at) > 1:
                parts.append((low, at))
                low = at + 1
        parts.append((low, end))
    return parts if len(parts) in wanted else cells


def _test_of(note: Note, cell: Span) -> str | None:
    words = _LABEL_ENDS.sub(" ", note.plain[slice(*cell)]).strip()
    written = note.plain[slice(*cell)].strip(" :*")
    words, written = _WHERE.sub("", words), _WHERE.sub("", written)
    words = _ASSAY.sub(" ", words).strip(" ,-") if _ASSAY.search(words) else words
    words = " ".join(words.replace(" ,", ",").split())
    match = _TEST.fullmatch(words) or _TEST.fullmatch(written) or _TEST.fullmatch(_CLONE.sub("", written).strip())
    return match.lastgroup if match else None


def _names_sample(note: Note, cell: Span) -> bool:
    start, end = cell
    return bool(
        SAMPLE.search(note.plain, start, end)
        or note.dates.within(start, end)
        or organs_in(note, start, end)
        or _PART.search(note.plain[start:end])
        or _LESION.search(note.plain, start, end)
        or _YEAR.search(note.plain, start, end)
        or specimen_list(note).references(start, end)
    )


def anchor_of(note: Note, sample: tuple[Span, ...]) -> Anchor:
    """Return the sample that the heading of a column, or the first cells of a row, name."""
    spans: dict[str, Span] = {}
    anchor = Anchor(sample[0][0], max(end for _, end in sample), spans=spans)
    for start, end in sample:
        match = SAMPLE.search(note.plain, start, end)
        if match and anchor.kind is None and match.lastgroup != "block":
            anchor.kind = {"operated": "resection", "taken": "biopsy"}.get(str(match.lastgroup), match.lastgroup)
            spans["kind"] = match.span()
        for hit, organ in organs_in(note, start, end)[:1] if anchor.organ is None else ():
            anchor.organ = organ
            spans["organ"] = (hit.start, hit.end)
        removed = removed_by(note, *match.span()) if match and anchor.organ is None else None
        if match and removed is not None:
            anchor.organ, spans["organ"] = removed, match.span()
        for mention in note.dates.within(start, end):
            if mention.value and anchor.date is None:
                anchor.date = mention.value
                spans["collected"] = (mention.start, mention.end)
        lesion = _LESION.search(note.plain, start, end)
        if lesion and anchor.lesion is None:
            anchor.lesion = lesion.lastgroup
            anchor.recurrent = lesion[0].startswith(("recurr", "relaps"))
            spans["lesion"] = lesion.span()
        part = _PART.search(note.plain[start:end])
        anchor.part = anchor.part or ((part["p"] or part["q"]) if part else None)
    return anchor
