"""How the cells stain beside a score of HER2: their share, intensity, completeness, and clusters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.her2_marks import NAME, Token
from her2nav.intake.notes.fields.her2_stated import stated
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_GAP = re.compile(r"[;.](?:(?<=;)|(?<!approx.)(?<!\bca.)\s)")
_STAINING = re.compile(
    r"\s?(?:(?:on|after|at) (?:second |our |re-?)?(?:review|re-?reading) (?:there (?:is|was) |(?:it )?show(?:s|ed) )?)?(?:[>≥]?\s?\d{1,3}\s?(?:%|per ?cent)|faint|weak|moderate|strong|intense|complete|incomplete|partial|circumferential|basolateral|lateral|membran\w+|staining)"
)
_BOUND = Gated(r"(?:>|≥|more than|at least|over)\s{0,2}$")
PERCENT = Gated(
    r"(?<![\d.<>≥≤])(?<![<>≥≤] )(?<!her)(?<!her[ -])(?P<p>\d{1,3}(?:\.\d)?)(?:\s?(?:-|to)\s?(?P<q>\d{1,3}))?\s?(?:%|percent|per cent)"
)
_PERCENT_WORD = re.compile(
    r"\b(?P<w>ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?P<u>five))?\s(?:percent|per cent|%)"
)
_TENS = {"ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip
_INTENSITY = re.compile(
    r"\b(?P<faint>faint|barely perceptible)|\b(?P<weak>weak)(?:ly)?\b|\b(?P<moderate>moderate)(?:ly)?\b|\b(?P<intense>strong|intense)(?:ly)?\b"
)
_OF_RECEPTOR = re.compile(r"\s(?:o?estrogen|progest\w+|hormone|er|pg?r|receptors?)\b")
"""How strongly the receptor stains that is named behind it: "1+, and strongly oestrogen receptor positive"."""
_TO_NEXT = re.compile(
    r"(?:ly)?\s?(?:to|or|-|–|/)\s?(?:weak|moderate|strong|intense|complete|incomplete|basolateral|lateral)|,\s?(?:basolateral|lateral)\s?(?:or\b|,\s?(?:or\s)?(?:basolateral|lateral|complete|incomplete)\b)"
)
"""A range such as "weak to moderate", or a choice such as "complete or basolateral", is no one value."""
_AND_ANOTHER = re.compile(r"\sand\s(?:circumferential|complete)\b")
"""Two patterns side by side, "lateral and circumferential", are no one value."""
_COMPLETE = re.compile(
    r"\b(?P<incomplete>incomplete|partial(?: membran\w*)?)\b(?! (?:metabolic |patholog\w+ |radiolog\w+ |clinical )?(?:response|remission|resection|excision|mastectomy|gastrectomy|type))|\b(?P<basolateral>basolateral)\b|\b(?P<lateral>lateral)\b|\b(?<!partly )(?<!partially )(?<!in part )(?P<complete>complete|circumferential)(?:ly)?\b(?! response| remission| resect| excis| remov| heal| recover| absence| lack| loss| blank| negativ| unstained| absent| without)"
)
_AMPLIFIED_SHARE = re.compile(
    r"\s?(?:of )?(?:the )?(?:tumou?r |invasive )?(?:cells|nuclei|population)?\s?(?:is |are |was |were )?(?:not |non-?)?amplif"
)
"""The share of amplified cells is none of stained ones."""


def without_names(note: Note) -> str:
    """Return the text with the digits of the gene's name painted over: "Her 2 +++" is no 2+."""
    text: str | None = note.memory.get("no names")
    if text is None:
        parts: list[str] = []
        done = 0
        for match in NAME.finditer(note.plain):
            parts += (note.plain[done : match.start()], match[0].replace("2", "x"))
            done = match.end()
        text = note.memory["no names"] = "".join([*parts, note.plain[done:]])
    return text


_PERCENT_BEFORE = re.compile(
    r"(?<![<>≥≤\d.-])(\d{1,3})\s?%\s?(?:(?:of )?(?:the )?(?:tumou?r |invasive )?(?:cells|area|tumou?r)\W{0,3}(?:are |were |with |show(?:ing)? |stain(?:ed|ing)? |scor(?:e|ed|es|ing)(?: as)? )?|at |is |with )?\(?$"
)


def share_before(note: Note, start: int, end: int) -> Iterator[Token]:
    """Read a percentage that stands before the score: "90% of cells 3+"."""
    text = note.plain[start:end]
    match = _PERCENT_BEFORE.search(
        text,
    )
    if match:
        yield Token("ihc", "percent_cells", match[1], (start + match.start(1), start + match.end(1) + 1))


_CELLS_BEFORE = re.compile(
    r"(?<![<>≥≤\d.-])(?P<p>\d{1,3})\s?%\s(?:of (?:the )?(?:invasive |tumou?r )*cells|der (?:tumor)?zellen)\s(?:are |were |is |show(?:ed|ing)? )?$"
)
_NAME_ONLY = re.compile(r"her-?2(?:/neu)?\s?(?:ihc\s)?(?:score\s)?")


def share_before_name(note: Note, start: int, end: int) -> Iterator[Token]:
    """Read a percentage before the name of the gene: "70% of cells HER2 3+"."""
    first = note.sentence(end).start
    match = _CELLS_BEFORE.search(note.plain, first, start) if _NAME_ONLY.fullmatch(note.plain, start, end) else None
    if match:
        yield Token("ihc", "percent_cells", match["p"], match.span("p"))


def described_before(note: Note, start: int, end: int) -> Iterator[Token]:
    """Read intensity and completeness that stand before the score: "complete, intense staining ... (3+)"."""
    gaps = [start, *(match.end() for match in _GAP.finditer(note.plain, start, end))]
    low = gaps[-1]
    if len(gaps) > 1 and _ONLY_LABEL.fullmatch(note.plain, low, end):
        low = gaps[-2]  # "Strong reaction of 30 % of the cells; score 3+"
    first = note.sentence(end).start
    if (
        low == start > first
        and _DESCRIBED.fullmatch(note.plain, first, start)
        and not note.cues_in(first, start, "stain")
    ):
        low = first
    elif low == start > first and _POSITIVITY.match(note.plain, start, end):
        ahead = _ADJECTIVES.search(note.plain, max(first, start - 70), start)
        low = (
            ahead.start() if ahead else low
        )  # "weak, incomplete membranous staining in 30% of tumour cells: HER2 score 1+"
    if _STAINED.search(note.plain, low, end) is None:
        return
    for key, words in (("intensity", _INTENSITY), ("completeness", _COMPLETE)):
        found = list(words.finditer(note.plain, low, end))
        one_kind = len({one.lastgroup for one in found}) == 1 and not _TO_NEXT.match(note.plain, found[0].end())
        if one_kind and stated(note, found[0].span()):
            yield Token("ihc", key, found[0].lastgroup, found[0].span())
    shares = list(PERCENT.finditer(note.plain, low, end))
    if len(shares) == 1 and not shares[0]["q"] and _of_score(note, shares[0].end(), end):
        yield Token("ihc", "percent_cells", shares[0]["p"], shares[0].span())


_ONLY_LABEL = re.compile(
    r"\s?(?:(?:her-?2|ihc|overall|final|therefore|hence|thus|i\.e\.|=)[\s,:]{1,2}){0,3}(?:score\s?(?:of\s|[:=]\s?)?)?\(?"
)


def _of_score(note: Note, start: int, end: int) -> bool:
    """True for a share whose words go on with the cells, or with the score itself: "in 45 % = 3+"."""
    return bool(_OF_CELLS.match(note.plain, start) or _NEXT_IS_SCORE.fullmatch(note.plain, start, end))


_NEXT_IS_SCORE = re.compile(r"\s?(?:[=,:>(;–-]|->|→)\s?(?:i\.e\.,?\s)?(?:her-?2\s)?(?:score\s)?\(?")
_STAINED = re.compile(r"membran|staining|\bstain\b|positivity|\breaction\b|reactivity")
_POSITIVITY = re.compile(r"her-?2(?:/neu)?\s(?:positivity|staining|reactivity|expression|immuno\w+)\b")
_ADJECTIVES = re.compile(
    r"(?:(?:strong|weak|moderate|faint|intense|complete|incomplete|circumferential|basolateral|lateral|membran\w+|diffuse)(?:,?\s|\sand\s))+$"
)
"""How the cells stain, before the name of the stain: "strong membranous HER2 positivity"."""
_DESCRIBED = re.compile(
    r"\W*(?:(?:no|a|an|the|there is|with|show\w*)\s)?[^.;]{0,40}?\bstaining\b(?:[^.;]|\.(?=\d)){0,70}"
)
_OF_CELLS = re.compile(
    r"\s?(?:of )?(?:the )?(?:invasive |viable )?(?:tumou?r|carcinoma|cancer|neoplastic|invasive)?\s?(?:cells|(?<=of the )carcinoma|(?<=of the )tumou?r|(?<=of )carcinoma)\b(?! (?:is|are|was|were)? ?(?:not |non-?)?amplif)"
)
_CLUSTER = Gated(r"\b(?:cluster|group|clump) of (?P<n>\d{1,3}) (?:cohesive |positive |tumou?r |stained )*cells\b")


_OF_STAINING = re.compile(r"tumou?r cells|membran|percent|% of|% ?cells|cells stain|staining|intensity|complete")
_NO_SHARE = re.compile(r"(?:>|≥|<|more than|at least|over|less than|ratio|vaf|of patients)\s{0,2}$")
_DENIED_BEFORE = re.compile(r"\b(?:no|not|without)\s(?:\w+\s){0,2}$")


_PERCENT_NEXT = re.compile(r"\s?(?:percent(?:age)?|%)(?: of)? [^.;:=%\d]{0,48}[:=]\s?\d")
"""The share of cells behind a semicolon: "score = 1+; percent cells with staining = 40%"."""


_PATTERN_NEXT = re.compile(r"\s?(?:staining |membrane |membranous )*(?:intensity|completeness|pattern|membrane)\s?[:=]")
"""Another label of the same stain behind a semicolon: "1+; intensity: weak"."""
_SHARE_STAINS = re.compile(
    r"(?<![\d.<>≥≤-])(?P<p>\d{1,3})\s?% of (?:the )?(?:whole |invasive )?(?:tumou?r|carcinoma)(?:(?: cells| area)?\s(?:stains?|stained|is stained|are stained|is positive|are positive)\b|\sarea\b)"
)
_PERCENT_LABEL = re.compile(
    r"(?<!\d)(?<!\d )% (?:of )?(?:tumou?r |positive |stained |invasive )*(?:cells|staining)[\s.…:=_-]{1,60}(?<![\d.])(?P<p>\d{1,3})(?![\d+]|\.\d)"
)
"""The share behind its label: "% tumor cells ..... 95"."""
_UNFILLED = Gated(
    r"\bpercent(?:age)? (?:of )?(?:the )?(?:invasive |tumou?r )*cells with [^:.;\d]{0,60}?staining[\s:=]{1,4}(?![\s:=]|\d*[1-9]|[<>≤≥~])"
)
"""The share that a form asks for is none, or not given: its words describe no cell of this tumour."""
_ABSENT = Gated(
    r"\b(?:(?:intense|strong|moderate|weak|faint|complete|incomplete|circumferential|uniform)(?:ly)?,?\s(?:and\s)?){1,4}(?:membran\w+\s)?(?:staining|reaction|positivity)(?:\sin)?\s?[:=]?\s?(?:0|no)\s?(?:%|percent|per cent|of cells|cells)"
    r"|(?<![\d.,])0\s?% (?:of (?:the )?(?:tumou?r |invasive )?cells )?(?:(?:with|show\w*|of)\s)?(?:(?:intense|strong|complete|circumferential|uniform)(?:ly)?,?\s(?:and\s)?){1,3}"
)
"""What no cell shows: "intense complete staining: 0%"."""


def _in_bracket(note: Note, start: int, place: int, end: int) -> bool:
    """True for a semicolon inside a bracket behind the score: "1+ (core; weak staining of 15 %)"."""
    opened = note.plain.rfind("(", start, place)
    return opened >= 0 and note.plain.find(")", opened, place) < 0 and note.plain.find(")", place, end) >= 0


def pattern(note: Note, start: int, end: int, *, bare: bool = False) -> Iterator[Token]:
    """Read percentage, intensity, completeness and assay behind a score, to the end of the clause."""
    gap = _GAP.search(note.plain, start, end)
    if gap and gap.start() - start <= 2 and _STAINING.match(note.plain, gap.end()):
        gap = _GAP.search(note.plain, gap.end(), end)
    while gap and (_PERCENT_NEXT.match(note.plain, gap.end(), end) or _PATTERN_NEXT.match(note.plain, gap.end(), end)):
        gap = _GAP.search(note.plain, gap.end(), end)
    while gap and gap[0].startswith(";") and _in_bracket(note, start, gap.start(), end):
        gap = _GAP.search(note.plain, gap.end(), end)
    stop = min(gap.start() if gap else end, start + 170)
    for nothing in (_UNFILLED.search(note.plain, start, stop), _ABSENT.search(note.plain, start, stop)):
        stop = min(stop, nothing.start()) if nothing else stop
    if bare and not _OF_STAINING.search(note.plain[start:stop]):
        return
    labelled = _PERCENT_LABEL.search(without_names(note), start, stop)
    if labelled and int(labelled["p"]) <= 100:
        yield Token("ihc", "percent_cells", labelled["p"], labelled.span("p"))
    for percent in PERCENT.finditer(note.plain, start, stop) if labelled is None else ():
        if (
            float(percent["p"]) <= 100
            and not percent["q"]
            and not _AMPLIFIED_SHARE.match(note.plain, percent.end())
            and not _NO_SHARE.search(
                note.plain[max(start, percent.start() - 12) : percent.start()],
            )
        ):
            yield Token("ihc", "percent_cells", percent["p"], percent.span())
        elif not _BOUND.search(note.plain, max(start, percent.start() - 12), percent.start()):
            break
        else:
            continue
        break
    word = _PERCENT_WORD.search(note.plain, start, stop)
    if word and not _BOUND.search(note.plain, max(start, word.start() - 12), word.start()):
        yield Token("ihc", "percent_cells", str(_TENS[word["w"]] + (5 if word["u"] else 0)), word.span())
    share = _SHARE_STAINS.search(note.plain, stop, end) if bare and gap else None
    if share:
        yield Token("ihc", "percent_cells", share["p"], share.span("p"))
    cluster = _CLUSTER.search(note.plain, start, stop)
    if cluster:
        yield Token("ihc", "cluster_cells", int(cluster["n"]), cluster.span("n"))
    for key, words in (("intensity", _INTENSITY), ("completeness", _COMPLETE)):
        match = words.search(note.plain, start, stop)
        if match and (_TO_NEXT.match(note.plain, match.end()) or _OF_RECEPTOR.match(note.plain, match.end())):
            continue
        if match and key == "completeness" and _AND_ANOTHER.match(note.plain, match.end()):
            continue
        if match and not _DENIED_BEFORE.search(note.plain[max(start, match.start() - 16) : match.start()]):
            yield Token("ihc", key, match.lastgroup, match.span())
