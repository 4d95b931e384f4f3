"""Hormone receptors, PD-L1, microsatellites, tumour mutational burden, Ki-67 and claudin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from her2nav.intake.notes.context import context, own_sentences
from her2nav.intake.notes.fields.lab_table import Column, columns
from her2nav.intake.notes.fields.marker_days import near
from her2nav.intake.notes.fields.receptor_list import in_receptor_list, receptor_lists
from her2nav.intake.notes.fields.sample_columns import Cell, anchor_of, sample_table
from her2nav.intake.notes.found import Asked, Found, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_ER = r"(?:o?estrogen receptors?(?: \(er\))?|o?estrogen(?=\s?(?:\d|positive|negative|[:+]))|\ber\b|receptores? de estrogenos?|\bre(?=\s?[:+]|\s\d))"
_PR = r"(?:progesterone receptors?(?: \(pg?r\))?|progesterone(?=\s?(?:\d|positive|negative|[:+]))|\bpr\b|\bpgr\b|receptores? de progesterona|\brp(?=\s?[:+]|\s\d))"
_BOTH = Gated(
    r"\ber\s?(?:/|and|&|,)\s?pg?r[\s:-]{0,3}(?:both |are |is )?(?P<w>positive|pos\b|negative|neg\b|\+|-(?!\d)|−)"
    r"|\bo?estrogen (?:and|&|/) progest(?:erone|ogen) receptors?[\s:,-]{0,3}(?:(?:were|are|is|was|both|status)\s){0,2}(?P<v>positive|negative)\b"
)
_QUICK_SCORES = Gated(
    r"\ber\s?(?P<er>[1-8])[\s,;/&]{1,3}(?:and )?pg?r\s?(?P<pr>[0-8])(?![\d%/+.]\d|\d|\s?%|\s?/|\s?[+])"
)
"""Scores out of eight, named without the eight: "ER 8 PR 7"."""
_TWO_SHARES = Gated(
    r"\ber\s?(?:/|and|&)\s?pg?r\b(?: \([^()\n]{1,20}\))?[\s:=]{0,12}(?:are |were )?(?P<er>\d{1,3})\s?%?\s?(?:/|and|&|,)\s?(?P<pr>\d{1,3})\s?%"
)
"""Shares of both in the order of their names: "ER/PR (core) 100 % / 85 %"."""
_RECEPTOR = Gated(rf"(?<![\w-])(?:(?P<er>{_ER})|(?P<pr>(?<!/){_PR}|(?<=/)pr(?=[+−-])))(?![\w])")
_VALUE = re.compile(
    r"(?P<w>\bpositive|\bpos\b|\bnegative|\bneg\b|\bpositivos?\b|\bnegativos?\b|\blow(?:[- ]positive)?\b(?!\s?(?:grade|risk|power))|(?<=[^\d])\+(?!\d|\s?(?:is|intensity)\b)|(?<=r)-(?=[\s,;)./]|$|ve\b)|(?<=\s)-ve\b|−)|(?P<lt>(?:[<≤]|less than)\s?1\s?%)|(?P<irs>(?<![\d/])(?:1[0-2]|\d)/(?:12|8)\b)|(?P<zero>(?<![\d.])0(?=[\s,;)]|\.(?!\d)))(?!\s?%)|(?P<bound>[>≥<≤]\s?|(?:greater|more) than\s|at least\s|over\s|less than\s)?(?:(?:about|approximately|approx\.?|around|roughly|ca\.?|some)\s|~\s?)?(?P<p>\d{1,3})(?:\s?[-–]\s?(?P<q>\d{1,3}))?\s?%"
)
_IS_RESPONSE = re.compile(r"\b(?:br|bor|best (?:overall )?resp(?:onse)?|resp(?:onse)?)\b[\s:=-]*(?:was |is )?$")
_SHRUNK = re.compile(r"\s?\(?\s?[-−–]\s?\d{1,3}\s?%|\s(?:by|per|on) (?:recist|ct|pet|mri|imaging)\b")
"""PR is a partial response there: "BR PR (-58%)"."""
_ANOTHER = re.compile(
    rf"[;]|\.\s|{_ER}|{_PR}|her[- ]?2|ki[- ]?67|mib[- ]?1|pd-?l1|\bp53\b|\bandrogen|\bproliferation|erbb2"
)
_PDL1_CUE = Gated(r"pd-?l1|\bcps\b|\btps\b|\btap\b|combined positive score|tumou?r proportion score|\bpd\s?-\s?l1\b")
_RECEPTOR_NAME = re.compile(
    r"[EPROepro](?<![A-Za-z].)(?:(?<=E)(?:[Rr]|str[oó]g|STROGEN)|(?<=P)(?:R|[Gg]R|rogest)|(?<=R)[EP]"
    r"|(?<=O)(?:[Ee]strogen|ESTROGEN)|(?<=o)[Ee]strogen|(?<=e)str[oó]g|(?<=p)rogest|(?<=[Rr])ecept)"
)
_LONGEST_NAME = 8
_PDL1 = Gated(
    r"\b(?P<scale>cps|tps|tap|combined positive score|tumou?r proportion score)(?:\s?\(?(?:cps|tps|tap)\)?)?(?: score)?[\s:=|of-]{0,5}(?:is |was )?(?P<bound>[<>≤≥]\s?)?(?P<n>\d{1,3})(?![\d.]\d)\s?(?P<pc>%)?"
)
_PDL1_ASSAY = Gated(r"\b(22c3|28-8|sp263|sp142|73-10)\b")
_PDL1_PLAIN = Gated(
    r"pd-?l1[^.;\n]{0,26}?\b(?P<n>\d{1,3})\s?(?:%|per ?cent\b)(?:\s?\(?(?P<scale>tps|tumou?r proportion score)\b(?!\s?\?))?"
)
_BOUND = re.compile(r"[<>≤≥]|\b(?:under|over|below|above|less than|more than|at least)\s\W*$")
_MSI = Gated(
    r"(?P<mss>\bmss\b|\bmsi(?:[ |]{1,3}(?:seq|dna|rna|ngs|pcr|wes|fa)){1,3}[ |]{1,3}(?:ms-?)?stable|\bmicrosatellites?[\s:]{1,3}(?:are |is )?stable|microsatellite[- ]stable|\bms-stable\b|\bmsi status[\s:]{1,3}stable|\bmsi[- ]stable\b|microsatellite status[\s:-]{1,4}(?:ms-?)?stable)|(?P<msih>\bmsi-?\s?h(?:igh)?\b|microsatellite[- ]instab\w+[- ](?:high|h\b)|\bmsi high\b)|(?P<msil>\bmsi-?l(?:ow)?\b)"
    r"|(?P<pmmr>\bpmmr\b|\bmismatch repair proteins (?:are |were )?(?:all |all four )?(?:present|preserved|retained|expressed)\b|\bmmr-?p\b|\bintact mismatch repair\b|mismatch repair(?:[| ]{1,2}(?:ihc|protein|status)){1,3}[| ]{1,2}(?:proficient|intact)|\bmmr[\s:]{1,3}(?:proteins? )?(?:intact|retained|preserved|normal)|mmr(?:[- :]| is | status | ihc){1,4}(?:proficient|intact)|mismatch repair(?: proteins?)?[- :]{1,3}(?:proficient|intact)|proficient mismatch|mmr proteins? (?:all )?(?:intact|retained|preserved)|(?:intact|retained) (?:nuclear )?(?:expression of )?(?:all )?(?:four )?mmr|\bmmr\b[^.;\n]{0,60}\((?:proficient|intact)\))"
    r"|(?P<dmmr>\bdmmr\b|\bmmr-?d\b|mmr[- ]deficient|mismatch repair[- ]deficient|deficient mismatch)"
)
_ANSWERED_NO = re.compile(
    r"(?:\s?(?:/|,|or|and|&)\s?(?:dmmr|mmr-?d|msi-?\s?h(?:igh)?)\b){0,2}\s?[:=?–-]?\s?(?:no|nein|non|nil|negative|neg)\b(?!\s(?:data|information|result))"
)
"""A name that is answered no: "dMMR no", "MSI-H/dMMR: no"."""
_MSI_VALUES = {"mss": ("biomarkers.msi", "MSS"), "msih": ("biomarkers.msi", "MSI-H"), "msil": ("biomarkers.msi", "MSI-L"), "pmmr": ("biomarkers.mmr", "pMMR"), "dmmr": ("biomarkers.mmr", "dMMR")}  # fmt: skip
_TMB = Gated(
    r"\b(?:tmb|tumou?r mutational burden)\b[\s:=(|-]{0,4}(?:of |is |was |low|high|seq|dna|ngs|wes|[|]|,|\s|\()*(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?:mut|/mb|m/mb|muts)?"
)
_KI67 = Gated(
    r"(?:ki-?\s?67|mib-1)(?:\s?\((?:30-?9|mib-?1|sp6)\))?(?: (?:index|proliferation|labelling|labeling|percentage of positive nuclei))*[\s:=|of~-]{0,6}(?:is |was |approximately |about )?(?P<n>\d{1,3})\s?%(?!\s?[-–]\s?\d)"
)
_CLDN = Gated(
    r"(?:cldn ?18\.?2|claudin ?18\.?2)(?:\s?\((?:[\w -]{3,18}|ihc)\))?[\s:=|-]{0,4}(?:is |was |by ihc |ihc )?(?:(?:[a-z/]+ ){0,6}~?\d{1,3}\s?%[^.;%\n]{0,60}?(?:\([^()\n]{0,24}\)[\s:,-]{1,4}|[:(,=]|\s[-–]|\bis\b|\bi\.e\.)\s{0,2})?(?P<v>positive|negative|pos\b|neg\b|not tested|not done|not sent|not available)"
)
_EBV = Gated(
    r"\b(?:eber|ebv|epstein[- ]barr(?: virus)?)(?:[ -]?(?:d?ish|status|test\w*|encoded rna|in[- ]situ hybridi[sz]ation)|\s?\((?:eber|ebv|ish)(?:[ -]ish)?\)){0,3}[\s:=|-]{0,4}(?:is |was )?(?P<w>positive|pos\b|negative|neg\b|not detected|detected)"
)
_PROTEIN = Gated(
    r"\b(?P<p>mlh-?1|pms-?2|msh-?2|msh-?6)(?:[\s:=,/&-]{1,4}(?:mlh-?1|pms-?2|msh-?2|msh-?6|and))*[\s:=,–-]{0,4}(?:is |are |all |both |nuclear |expression |protein |proteins |staining )*(?P<w>intact|retained|preserved|present|lost|loss|absent)\b"
)
_LOST_BEFORE = re.compile(
    r"\b(?P<w>loss|absence|lack) of (?:nuclear |protein )?(?:expression of |staining (?:for|of) |expression (?:for|in) )?(?:mlh|pms|msh)-?\d"
)
_PROTEIN_NAME = re.compile(r"mlh-?1|pms-?2|msh-?2|msh-?6")
_TRIPLE = Gated(r"\btriple[- ]negative\b|\btnbc\b")


def read_biomarkers(note: Note) -> Iterator[Item]:
    """Yield the results of one note."""
    readers = [(note.cued(gate), reader) for gate, reader in _READERS]
    table = sample_table(note)
    for sentence in own_sentences(note):
        row = table.get(note.line(sentence.start)) if table else None
        if row is not None:
            yield from _by_sample(note, sentence, row)
            continue
        for cued, reader in readers:
            if sentence.start in cued:
                yield from reader(note, sentence)


def _by_sample(note: Note, sentence: Sentence, row: list[Cell]) -> Iterator[Item]:
    """Yield the receptors of a row of samples, each with the day of its sample; without days nobody knows the latest."""
    parts = [part for whole in row for part in _each(note, whole)]
    operated = _operated_last(note, [one for one in parts if one.test in ("er", "pr", "ki67")])
    for cell in parts:
        if cell.test not in ("er", "pr", "ki67") or not sentence.start <= cell.span[0] < sentence.end:
            continue
        anchor = anchor_of(note, cell.sample)
        if operated is not None and cell.sample != operated:
            continue
        if anchor.date is None and operated is None and not _alike(note, row, cell.test):
            continue
        span = (anchor.spans or {}).get("collected")
        if cell.test == "ki67":
            share = _SHARE.match(note.plain, *cell.span)
            if share:
                yield Found("biomarkers.ki67_percent", share["n"], share.span(), anchor.date, span)
            continue
        found = _receptor(note, *cell.span)
        if found is not None:
            value, end = found
            yield Found(f"biomarkers.{cell.test}", value, (cell.span[0], end), anchor.date, span, weight=2)


def _operated_last(note: Note, cells: list[Cell]) -> tuple[Span, ...] | None:
    """Return the undated operation beside the core biopsies of the same tumour before it: its results are the latest."""
    named = {cell.sample: anchor_of(note, cell.sample) for cell in cells}
    operations = [key for key, one in named.items() if one.kind == "resection" and one.date is None]
    others = [one for key, one in named.items() if key not in operations]
    if len(operations) != 1 or not others:
        return None
    before = all(one.kind == "biopsy" and one.lesion != "met" and not one.recurrent for one in others)
    place = named[operations[0]].organ
    return operations[0] if before and all(one.organ in (None, place) for one in others) else None


def _each(note: Note, cell: Cell) -> list[Cell]:
    """Return the two results of a cell under "ER / PR": "5% weak / 0%"."""
    if cell.test != "er_pr":
        return [cell]
    start, end = cell.span
    places = [place for place in range(start, end) if note.plain[place] == "/"]
    if len(places) != 1:
        return []
    return [cell._replace(test="er", span=(start, places[0])), cell._replace(test="pr", span=(places[0] + 1, end))]


def _alike(note: Note, row: list[Cell], test: str) -> bool:
    """True where the samples that were tested all gave the same result."""
    cells = [part for whole in row for part in _each(note, whole) if part.test == test]
    found = [_receptor(note, *one.span) for one in cells]
    return len({str(one[0]) for one in found if one is not None}) == 1


_SHARE = re.compile(r"\s?(?P<n>\d{1,3}) ?%")


def _stated(note: Note, span: Span) -> bool:
    said = context(note, *span)
    return not (said.unsure or said.family or said.template or said.hypothetical)


def _receptors(note: Note, sentence: Sentence) -> Iterator[Item]:
    triple = _TRIPLE.search(note.plain, sentence.start, sentence.end)
    if triple and _stated(note, triple.span()) and not context(note, *triple.span()).negated:
        day, span = near(note, sentence, triple.start())
        for key in ("er", "pr"):
            yield Found(f"biomarkers.{key}", {"status": "negative"}, triple.span(), day, span)
    for match in _BOTH.finditer(note.plain, sentence.start, sentence.end):
        day, span = near(note, sentence, match.start())
        told = match["w"] or match["v"]
        status = "positive" if told[0] in "p+" else "negative"
        if _stated(note, match.span()):
            for key in ("er", "pr"):
                yield Found(f"biomarkers.{key}", {"status": status}, match.span(), day, span)
    quick = list(_QUICK_SCORES.finditer(note.plain, sentence.start, sentence.end))
    for match in quick:
        day, span = near(note, sentence, match.start())
        for key in ("er", "pr"):
            meant = _of_score(note, f"{match[key]}/8")
            if meant is not None and _stated(note, match.span()):
                yield Found(f"biomarkers.{key}", {"status": meant}, match.span(), day, span)
    shares = list(_TWO_SHARES.finditer(note.plain, sentence.start, sentence.end))
    for match in shares:
        day, span = near(note, sentence, match.start())
        for key in ("er", "pr") if _stated(note, match.span()) else ():
            if int(match[key]) <= 100:
                value = _with_status(note, {"percent": match[key]})
                yield Found(f"biomarkers.{key}", value, match.span(), day, span, weight=2)
    for listed in receptor_lists(note, sentence):
        for one in listed:
            if one.receptor != "her2" and _stated(note, one.span):
                day, span = near(note, sentence, one.span[0])
                status = "positive" if one.positive else "negative"
                yield Found(f"biomarkers.{one.receptor}", {"status": status}, one.span, day, span)
    if not _named(note, sentence):
        return
    for match in _RECEPTOR.finditer(note.plain, sentence.start, sentence.end):
        if match["er"] == "er" and note.text[match.start() : match.end()] not in ("ER", "Er", "RE"):
            continue
        if match["pr"] in ("pr",) and note.text[match.start() : match.end()] != "PR":
            continue
        if match["pr"] == "pr" and _IS_RESPONSE.search(note.plain, max(0, match.start() - 20), match.start()):
            continue
        if match["pr"] == "pr" and _SHRUNK.match(note.plain, match.end()):
            continue
        scored = any(one.start() <= match.start() < one.end() for one in (*quick, *shares))
        if scored or in_receptor_list(note, sentence, match.start()):
            continue
        stop = min(_end_of_item(note, sentence, match.end()), match.end() + 60)
        cut = _ANOTHER.search(note.plain, match.end(), stop)
        stop = cut.start() if cut else stop
        row = columns(note, match.end())
        if row is not None:
            yield from _newest_column(note, str(match.lastgroup), match.start(), row)
            continue
        found = _receptor(note, match.end(), stop)
        if found is None:
            continue
        value, end = found
        span = (match.start(), end)
        if not _stated(note, span) or _LOST_LATER.search(note.plain, match.end(), stop):
            continue
        day, place = near(note, sentence, match.start())
        if day is None and _FIRST.search(note.plain, sentence.start, match.start()):
            day = _LONG_AGO  # what a newer sample shows comes before it
        yield Found(f"biomarkers.{match.lastgroup}", value, span, day, place, weight=2 if "percent" in value else 1)


def _newest_column(note: Note, receptor: str, start: int, row: list[Column]) -> Iterator[Item]:
    """Yield the newest of several results in a row; nothing where no heading tells their days."""
    dated = [one for one in row if one.day is not None]
    if not dated or len(dated) != len(row):
        return
    newest = max(dated, key=lambda one: one.day[0].low if one.day else one.span)
    found = _receptor(note, newest.span[0], newest.span[1] + 2)
    if found is not None and newest.day is not None:
        value, end = found
        yield Found(f"biomarkers.{receptor}", value, (start, end), newest.day[0], newest.day[1], weight=2)


_LOST_LATER = re.compile(
    r"[%,\s(](?:and\s|but\s)?(?:later|then|since|now|subsequently|meanwhile)\s(?:was\s|been\s|has been\s)?(?:lost|absent|negative|0\s?%)"
)
"""What it was once: "ER 90%, later lost in the liver"."""
_NAME_ONLY = re.compile(r"(?:\s\((?:er|pg?r)\))?\s?(?:status|results?|expression)?\s?:?\s*")
_VERDICT_LINE = re.compile(r"\s*(?:[-•*]\s)?(?:low positive|positive|negative)\b")


def _end_of_item(note: Note, sentence: Sentence, start: int) -> int:
    """Return where the result of a receptor ends: on the next line where its own holds the name only, as in a form."""
    if not _NAME_ONLY.fullmatch(note.plain, start, sentence.end) or sentence.end >= len(note.plain):
        return sentence.end
    after = note.sentence(sentence.end + 1)
    told = after.start >= sentence.end and _VERDICT_LINE.match(note.plain, after.start, after.end)
    return after.end if told else sentence.end


def _named(note: Note, sentence: Sentence) -> bool:
    """True when a sentence names a receptor: an abbreviation in capitals, or the word."""
    match = _RECEPTOR_NAME.search(note.text, sentence.start, sentence.end + _LONGEST_NAME)
    return match is not None and match.start() < sentence.end


_OF_OTHER = re.compile(
    r"\b(?:ar|s?tils?|tumou?r (?:cell(?:ularity| content| fraction)|content|purity|fraction)|cellularity|necrosis|vaf|cps|tps|ki|mib|dcis|ejection|lvef|sat\w*|spo2|lymphocytes|inflammat\w+|stroma\w*|grade)\b"
)
"""What a share behind the word for a receptor is of instead: "PR negative, AR 90 %", "PR positive, tumour cellularity 30 %"."""
_NOT_OF_IT = re.compile(
    r"\s?(?:s?tils?|stromal|tumou?r[- ]infiltrating|lymphocyt\w*|necrosis|cellularity|tumou?r content|dcis)\b"
)
_FIRST = re.compile(r"\b(?:primary|primar(?:tumou?r)?|original|initial(?:ly)?|(?:at )?first diagnosis|at diagnosis)\b")
_LONG_AGO = PartialDate.parse("1900")
"""The day of results of the first tumour of which no day is told: never written."""
_BETWEEN = re.compile(
    r"[\s:=(|,~\t-]*(?:\([a-z0-9][a-z0-9 /-]{1,14}\)|allred|quick ?score|(?:ps|proportion(?: score)?)\s?[:=]?\s?[0-5][\s,+]{1,3}(?:is|intensity(?: score)?)\s?[:=]?\s?[0-3][\s,=]{1,3}|total|score|remain(?:s|ed)?|now|again|still|status|is|are|was|by ihc|ihc|expression|staining|strongly|strong|weakly|weak|moderately|moderate|[\s:=(|,~-])*"
)


def _receptor(note: Note, start: int, stop: int) -> tuple[dict[str, Any], int] | None:
    """Read status and percentage behind a receptor's name; the first must follow closely."""
    limits = note.knowledge_limits
    value: dict[str, Any] = {}
    end = start
    for match in _VALUE.finditer(note.plain, start, stop):
        gap = note.plain[end : match.start()]
        if (
            not value
            and not _BETWEEN.fullmatch(
                gap,
            )
        ) or len(gap) > 34:
            break
        if value and match["p"] and (_OF_OTHER.search(gap) or _NOT_OF_IT.match(note.plain, match.end(), stop)):
            break
        if match["w"]:
            said = match["w"]
            if "status" not in value:
                value["status"] = "low" if said.startswith("low") else "positive" if said[0] in "p+" else "negative"
        elif match["lt"]:
            value.setdefault("status", "negative")
        elif match["irs"]:
            # An immunoreactive or Allred score is no percentage, and what follows it may be one; nought is none.
            status = _of_score(note, match["irs"])
            if status is not None:
                value.setdefault("status", status)
        elif match["zero"]:
            if not value:
                value = {"status": "negative", "percent": "0"}
        elif match["p"] and not match["bound"] and not match["q"] and int(match["p"]) <= 100 and "percent" not in value:
            value["percent"] = match["p"]
        elif match["bound"] and match["bound"][0] in ">≥gmao" and int(match["p"]) >= limits[1]:
            value.setdefault("status", "positive")
        end = match.end()
    return (_with_status(note, value), end) if value else None


def _with_status(note: Note, value: dict[str, Any]) -> dict[str, Any]:
    """Return a result with the status that its share tells, where none was told."""
    if "percent" not in value or "status" in value:
        return value
    percent, (least, low) = Decimal(value["percent"]), note.knowledge_limits
    return value | ({"status": "negative"} if percent < least else {"status": "positive"} if percent > low else {})


def _of_score(note: Note, written: str) -> str | None:
    """Return what a score out of 8 or 12 means; None: an immunoreactive score, or an Allred score that leaves it open."""
    score, _, most = written.partition("/")
    words = note.words.knowledge.receptor_words
    if score == "0":
        return "negative"
    if most != "8" or int(score) > int(most):
        return None
    if int(score) >= words.allred_positive_from:
        return "positive"
    return "negative" if int(score) <= words.allred_negative_to else None


_ANOTHER_SAMPLE = re.compile(
    r"[^.;\d]{0,40}?(?:,|\band|\bbut|\bversus|\bvs\.?)\s\d{1,3}\s?%?\s(?:on|in|at)\s(?:the\s|a\s)?(?:repeat|second|new|later|resect\w*|excis\w*|surg\w*|gastrectomy|met\w*|node|biops\w*|re-?biops\w*|liver)\b"
)
_NO_RESULT = re.compile(r"\b(?:not|pending|if|cut-?off|threshold)\b")


def _pd_l1(note: Note, sentence: Sentence) -> Iterator[Item]:
    found = False
    for match in _PDL1.finditer(note.plain, sentence.start, sentence.end):
        if not _stated(note, match.span()):
            continue
        if _NO_RESULT.search(
            note.plain[max(sentence.start, match.start() - 20) : match.start()],
        ):
            continue
        if match["bound"]:
            yield Asked(
                "bound",
                f"PD-L1 '{note.text[match.start() : match.end()].strip()}' is a bound, not a value; not used",
                match.span(),
            )
            continue
        if _ANOTHER_SAMPLE.match(note.plain, match.end(), sentence.end):
            yield Asked(
                "two_values",
                "PD-L1 was measured on two samples, and it is not said which counts; not used",
                match.span(),
            )
            continue
        scale = {"com": "cps", "tum": "tps"}.get(match["scale"][:3], match["scale"])
        if int(match["n"]) > 100:
            continue
        if scale == "tap" and "pd" not in note.plain[sentence.start : match.start()]:
            continue  # an ascitic tap
        found = True
        value = {scale: match["n"]}
        assay = _PDL1_ASSAY.search(note.plain, sentence.start, sentence.end)
        if assay:
            value["assay"] = assay[1].upper()
        yield Found(f"biomarkers.pd_l1.{scale}", value, match.span(), *near(note, sentence, match.start()))
    plain_percent = None if found else _PDL1_PLAIN.search(note.plain, sentence.start, sentence.end)
    if (
        plain_percent
        and not _PDL1.search(note.plain, sentence.start, sentence.end)
        and _stated(note, plain_percent.span())
    ):
        if plain_percent["scale"] and not _BOUND.search(note.plain, plain_percent.start(), plain_percent.start("n")):
            value = {"tps": plain_percent["n"]}
            place = plain_percent.span()
            yield Found("biomarkers.pd_l1.tps", value, place, *near(note, sentence, place[0]))  # "PD-L1 5 % (TPS)"
            return
        yield Asked("scale", "PD-L1 with a percentage and no scale (CPS, TPS, TAP); not used", plain_percent.span())


def _proteins(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the four mismatch repair proteins one by one: all four are retained, or one is lost."""
    found = {
        name[0].replace("-", ""): match
        for match in _PROTEIN.finditer(note.plain, sentence.start, sentence.end)
        for name in _PROTEIN_NAME.finditer(match[0])
    }
    lost = [match for match in found.values() if match["w"] in ("lost", "loss", "absent")]
    before = _LOST_BEFORE.search(note.plain, sentence.start, sentence.end)
    if before is not None:
        # "Loss of MLH1 and PMS2, MSH2 and MSH6 intact": the last word is not of them all.
        if not context(note, *before.span("w")).negated and _stated(note, before.span()):
            yield Found("biomarkers.mmr", "dMMR", before.span(), *near(note, sentence, before.start()))
    elif lost and _stated(note, lost[0].span()) and not context(note, *lost[0].span("p")).negated:
        yield Found("biomarkers.mmr", "dMMR", lost[0].span(), *near(note, sentence, lost[0].start()))
    elif len(found) == 4 and not lost:
        first, last = min(one.start() for one in found.values()), max(one.end() for one in found.values())
        yield Found("biomarkers.mmr", "pMMR", (first, last), *near(note, sentence, first))


def _others(note: Note, sentence: Sentence) -> Iterator[Item]:
    if "msh" in note.said(sentence.start, sentence.end):
        yield from _proteins(note, sentence)
    for match in _MSI.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        if said.negated or not _stated(note, match.span()) or _ANSWERED_NO.match(note.plain, match.end()):
            continue
        path, value = _MSI_VALUES[str(match.lastgroup)]
        yield Found(path, value, match.span(), *near(note, sentence, match.start()))
    for pattern, path in ((_TMB, "biomarkers.tmb_per_mb"), (_KI67, "biomarkers.ki67_percent")):
        for match in pattern.finditer(note.plain, sentence.start, sentence.end):
            if _stated(note, match.span()):
                yield Found(path, match["n"], match.span(), *near(note, sentence, match.start()))
    for match in _EBV.finditer(note.plain, sentence.start, sentence.end):
        if _stated(note, match.span()):
            value = "positive" if match["w"].startswith(("pos", "det")) else "negative"
            yield Found("biomarkers.ebv", value, match.span(), *near(note, sentence, match.start()))
    for match in _CLDN.finditer(note.plain, sentence.start, sentence.end):
        written = match["v"]
        value = "positive" if written.startswith("pos") else "negative" if written.startswith("neg") else "not_tested"
        yield Found("biomarkers.cldn18_2", value, match.span(), *near(note, sentence, match.start()))


_READERS: tuple[tuple[Gate, Callable[[Note, Sentence], Iterable[Item]]], ...] = (
    (Gate(_RECEPTOR, _BOTH, _TRIPLE), _receptors),
    (Gate(_PDL1_CUE), _pd_l1),
    (Gate(_MSI, _TMB, _KI67, _CLDN, _EBV, _PROTEIN), _others),
)
