"""Samples in a note: what was taken, from where, when; the results that follow belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_stated import spoken_of
from her2nav.intake.notes.fields.organs import COMPOUND, OPERATION, named_by_operation, organ_within, organs_in
from her2nav.intake.notes.fields.sample_words import COMPARED, NOT_SAMPLED, SAMPLE, block_of, number_of, own_part
from her2nav.intake.notes.fields.second_sample import second_of
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_A_RULE = re.compile(r"\s(?:rules?|criteria|criterion|algorithm|scheme|scoring|score definition|guidelines?)\b")
_REPORTED_APART = re.compile(r"\s(?:was |were |are |is )?(?:sampled |reported )?separately\b")
_SIDE_BEFORE = Gated(r"\b(?P<s>left|right|lt|rt)\.?\s(?:breast\s)?(?:[\w-]+\s){0,1}$")
_SIDES = {"left": "left", "lt": "left", "right": "right", "rt": "right"}
_COMMON = re.compile(
    r"biops|bx|core|cnb|vab|resect|excis|specimen|block|cytolog|aspirat|fluid|ct-?dna|cf-?dna|plasma|liquid|blood|tissue"
)
_REVIEW_DAY = re.compile(r"\b(?:review\w*(?!\s?:)|re-?read|reported|consult\w*)\b")
_OF_DAY = re.compile(r"\sof\s(?:the\s)?(?=\d)")
"""A review "of 06/18/2026 cell block": the day is that of the sample."""
_LABEL = re.compile(
    r"[ \t>*-]*(?:\d{1,2}[.)]\s*)?(?:(?:(?:specimen|sample|tissue|part|source)s?|site)(?: (?:type|site|source|submitted|[a-e1-9]))?(?:\(s\))?|procedure|muestra|material|[a-e][.:])"
    r"(?:[ \t]*[:.)\t|-]|(?<=specimen site)\s|(?<=specimen type)\s)"
)
_COLLECTED = Gated(
    r"(?:collected|coll\.?(?=\s\d|\s?:)|collection date|date collected|date of (?:collection|procedure|biopsy|sample|specimen|sampling)|sampl(?:e|ing) date|specimen taken|taken|obtained|sampled|procedure date|specimen date|fecha de (?:toma|biopsia)|date of specimen|date taken|blood draw(?:n| date)?|(?:blood|plasma|tubes?|sample|specimen),? drawn|draw date|date of (?:operation|surgery|draw)|operation(?: date)?(?=\s?:?\s{0,4}$)|sampling(?=\s?:?\s?$)|procedure)\s?(?:on)?[\s:|]{0,6}$"
)
_LESION = re.compile(
    r"\b(?P<met>mets?|metast\w+|secondary|recurren\w+|relapse\w*)\b|\b(?P<primary>primary|original|diagnostic)\b"
)
_VERDICT = Gated(r"\bneg(?:ative)?\b")
"""A biopsy that "was triple negative" was taken: the word is its result."""
_RESULT_ON = re.compile(
    r"\b(?:amplif\w+|detected|identified|found|seen|staining|overexpress\w+|done|tested)\s(?:on|in)\s(?:the\s|her\s|his\s)?(?:[\w-]+\s){0,2}$"
)
"""What is denied is the result on the sample: "not amplified on the core"."""
_ENDOSCOPY = re.compile(r"egd|ogd|endoscopic|gastroscop|colonoscop")
_SCOPED = Gated(r"\b(?:ogd|egd|gastroscopy|endoscopy|colonoscopy|oesophagoscopy)\s(?:(?:and|with|\+)\s)?$")
_REACH = 46


_APART = ({"biopsy", "resection"}, {"blood", "resection"}, {"blood", "biopsy"})
"""Kinds of sample that are two samples unless one day is given for both."""


@dataclass(slots=True)
class Anchor:
    """One sample as the note names it.

    Attributes:
        organ: Id of a body site or of a tumour's organ; None: not said.
        lesion: `met` or `primary` where the words say so.
        spans: Place of each attribute.
    """

    start: int
    end: int
    kind: str | None = None
    organ: str | None = None
    lesion: str | None = None
    date: PartialDate | None = None
    spans: dict[str, Span] | None = None
    labelled: bool = False
    side: str | None = None
    word: str | None = None
    """The operation as it is written, where it is not the common word of many samples."""
    recurrent: bool = False
    """Called a recurrence: in the organ of the tumour, or beside it, a local one."""
    part: str | None = None
    """The letter of the part of the report: "A. Breast, core biopsy"."""

    def copy(self) -> Anchor:
        """Return the sample as it is named now."""
        made = Anchor(self.start, self.end)
        for name in self.__slots__:
            setattr(made, name, getattr(self, name))
        made.spans = dict(self.spans or {})
        return made

    def same(self, other: Anchor) -> bool:
        """True when both may name one sample and nothing says otherwise."""
        if self.part and other.part:
            return self.part == other.part
        if self.side and other.side and self.side != other.side:
            return False
        for mine, theirs in ((self.organ, other.organ), (self.lesion, other.lesion)):
            if mine and theirs and mine != theirs:
                return False
        if self.word and other.word and self.word.startswith("tur") != other.word.startswith("tur"):
            return False  # what was scraped out through the urethra and what was cut out later
        if {self.kind, other.kind} in _APART and not (
            self.date and other.date and self.date.exact and other.date.exact
        ):
            return False
        if self.date and other.date and not (self.date.low <= other.date.high and other.date.low <= self.date.high):
            return False
        if self.date and other.date:
            return self.organ == other.organ or not (self.organ and other.organ)
        return bool(self.organ and self.organ == other.organ) or not (other.organ or other.date)

    def absorb(self, other: Anchor) -> None:
        """Take what another mention of the sample adds."""
        mine, theirs = self.spans or {}, other.spans or {}
        for key in ("kind", "organ", "lesion"):
            finer = key == "kind" and self.kind == "cytology" and other.kind == "cytology_block"
            if (getattr(self, key) is None or finer) and getattr(other, key) is not None:
                setattr(self, key, getattr(other, key))
                mine[key] = theirs.get(key, (other.start, other.end))
        if other.date and (self.date is None or (other.date.exact and not self.date.exact)):
            self.date = other.date
            mine["collected"] = theirs.get("collected", (other.start, other.end))
        self.recurrent = self.recurrent or other.recurrent
        self.part, self.word, self.side = self.part or other.part, self.word or other.word, self.side or other.side
        self.spans = mine


def labelled(note: Note, sentence: Sentence) -> bool:
    """True for a line with the label of a sample: "Specimen: liver, core biopsy"."""
    return _LABEL.match(note.plain, sentence.start, sentence.end) is not None


_NO_RESULT = re.compile(r"[^.;]{0,30}\b(?:insufficient|failed|not (?:sent|done|performed)|pending)\b")
_UNTESTED = re.compile(
    r"[^.;:+]{0,60}\b(?:was|were|is|are|has|have)\s(?:not|never)\s(?:been\s)?(?:available|tested|sequenced|examined|received|sent)\b[^+]*$"
)
_NO_BLOOD = re.compile(r"\b(?:no|not|without|never|declined)\b[^.;:]{0,20}$")
_RESULTS_ONLY = re.compile(r"\s(?:results|reports)\b(?=[.,]|\s?$|\s(?:and|today|are awaited|were discussed))")


def anchors(note: Note, sentence: Sentence) -> list[Anchor]:
    """Return the samples that a sentence names, in order."""
    found: list[Anchor] = []
    label = _LABEL.match(note.plain, sentence.start, sentence.end)
    if label is None and sentence.start not in note.cued(_NAMED):
        return found
    for match in SAMPLE.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, match.start(), match.end())
        denied = said.negated and not (
            _VERDICT.search(note.plain, match.end(), min(sentence.end, match.end() + 34))
            or _RESULT_ON.search(note.plain, max(sentence.start, match.start() - 50), match.start())
        )
        if denied and match.lastgroup == "blood":
            # "Guardant360 3 July: ERBB2 not detected": what is denied is the finding.
            denied = _NO_BLOOD.search(note.plain, max(sentence.start, match.start() - 30), match.start()) is not None
        supposed = said.hypothetical and not spoken_of(note, match.span())
        if denied or said.family or said.template or supposed or (said.planned and not said.resolved):
            continue
        if match.lastgroup == "block" and match[0].startswith("same"):
            continue  # what was spoken of before
        if match.lastgroup == "blood" and _NO_RESULT.search(note.plain, match.end(), sentence.end):
            continue  # "cfDNA 1 September: insufficient"
        if _UNTESTED.match(note.plain, match.end(), sentence.end):
            continue  # "the TUR specimen was not available and was never tested"
        if _RESULTS_ONLY.match(note.plain, match.end(), sentence.end):
            continue  # "attends to hear her biopsy results"
        if COMPARED.search(note.plain, max(sentence.start, match.start() - 60), match.start()):
            continue  # "weaker than in the core before treatment": nothing of that core is told
        if _RULES_FOR.search(note.plain, max(sentence.start, match.start() - 60), match.start()):
            continue  # "scored by the rules for gastric biopsies"
        if _A_RULE.match(note.plain, match.end(), sentence.end):
            continue  # "by the biopsy rule this is score 3+"
        if _REPORTED_APART.match(note.plain, match.end(), sentence.end):
            continue  # "two nodes biopsied separately": another report's
        anchor = Anchor(
            match.start(),
            match.end(),
            {"block": None, "taken": "biopsy"}.get(str(match.lastgroup), match.lastgroup),
            spans={"kind": match.span()},
        )
        _place(note, sentence, anchor)
        put_date(note, sentence, anchor)
        if anchor.date is None:
            row = note.row_date(anchor.start)
            told = note.dates.within(sentence.start, sentence.end)
            between = note.plain[row.end : anchor.start] if row is not None else ""
            of_test = _TEST_BETWEEN.search(between) or _TEST_DAY.search(between)
            if row is not None and row.end <= anchor.start and not of_test and all(one is row for one in told):
                anchor.date = row.value
                (anchor.spans or {})["collected"] = (row.start, row.end)
        _day_of_scope(note, sentence, anchor)
        if match.lastgroup == "taken" and anchor.organ is None:
            continue  # "a sample from the tumour" may be any
        if anchor.kind == "operated":
            if anchor.date is None or NOT_SAMPLED.search(
                note.plain, max(sentence.start, anchor.start - 24), anchor.start
            ):
                continue
            anchor.kind = "resection"
            anchor.lesion = anchor.lesion or ("primary" if anchor.organ is None else None)
            (anchor.spans or {}).setdefault("lesion", match.span())
        side = _SIDE_BEFORE.search(note.plain, max(sentence.start, anchor.start - 40), anchor.start)
        anchor.side = _SIDES[side["s"]] if side else None
        anchor.word = None if _COMMON.search(match[0]) else match[0]
        anchor.part = own_part(note, sentence) or block_of(note, sentence) or number_of(note, anchor.end)
        scoped = _SCOPED.search(note.plain, max(sentence.start, match.start() - 20), match.start())
        if (scoped or _ENDOSCOPY.match(note.plain, match.start())) and anchor.lesion is None:
            anchor.lesion = "primary"
            (anchor.spans or {})["lesion"] = match.span()
        _fluid(note, sentence, anchor)
        _share_day(note, sentence, found, anchor)
        if found and _with_node(note, found[-1], anchor):
            continue
        if found and (anchor.organ is None or anchor.organ == found[-1].organ) and _one(note, found[-1], anchor):
            found[-1].absorb(anchor)
        else:
            found += [anchor, *second_of(note, sentence, anchor, match[0])]
    cell = CELL_LABEL.search(note.plain, sentence.start, sentence.end) if not found else None
    if cell is not None:
        named = organs_in(note, cell.end(), min(sentence.end, cell.end() + 30))[:1]
        found += [
            Anchor(hit.start, hit.end, None, organ, spans={"organ": (hit.start, hit.end)}, labelled=True)
            for hit, organ in named
        ]
        for one in found:
            named_so = _LESION.match(note.plain, *_bracket(note, one.end, sentence.end))
            if named_so:
                one.lesion, one.recurrent = named_so.lastgroup, named_so[0].startswith(("recurr", "relaps"))
                (one.spans or {})["lesion"] = named_so.span()
    drawn = _BLOOD_LINE.match(note.plain, label.end(), sentence.end) if label is not None and not found else None
    if drawn is not None:
        blood = Anchor(*drawn.span("b"), "blood", spans={"kind": drawn.span("b")}, labelled=True)
        put_date(note, sentence, blood)
        return [blood]
    if label is not None and not found:
        organs = organs_in(note, label.end(), sentence.end)
        if organs:
            hit, organ = organs[0]
            found.append(Anchor(hit.start, hit.end, None, organ, spans={"organ": (hit.start, hit.end)}, labelled=True))
    elif label is not None:
        for anchor in found:
            anchor.labelled = True
            if anchor.organ is None:
                for _, organ in organs_in(note, label.end(), sentence.end)[:1]:
                    anchor.organ = organ
    return found


_BLOOD_LINE = re.compile(
    r"\s*(?P<b>(?:(?:peripheral|venous|edta|streck|cell-free dna)\s)*blood)\b(?!\s(?:clot|smear|film|culture))(?!,?\s(?:drawn|collected|taken|sent))"
    r"(?![^\n]*\b(?:germline|normal|control|matched|reference)\b)"
)
"""Blood behind the label of a sample; what is drawn to be compared with the tumour is none."""
_WITH_NODE = re.compile(
    r"\s?(?:[+&/,]|and|with|plus)\s?(?:a\s|the\s)?(?:(?:left|right|targeted|ipsilateral)\s)*(?:sentinel|axillary)\s(?:lymph\s)?(?:nodes?\s)?"
)


def _with_node(note: Note, main: Anchor, node: Anchor) -> bool:
    """Take the sentinel node of an operation for a part of it: "wide local excision and sentinel node biopsy: HER2 3+"."""
    if main.kind != "resection" or not _WITH_NODE.fullmatch(note.plain, main.end, node.start):
        return False
    main.end = node.end
    if main.date is None and node.date is not None:
        main.date = node.date
        (main.spans or {})["collected"] = (node.spans or {}).get("collected", (node.start, node.end))
    return True


_RULES_FOR = Gated(
    r"\b(?:used|criteria|rules?|schemes?|scor(?:ed|ing)|manner|guidelines?|algorithm|system)\b[^.;,:()]{0,24}\bfor\s(?:the\s)?(?:[a-z]+\s){0,2}$"
)
_FLUIDS = (
    ("peritoneum", Gated(r"\b(?:ascit\w+|paracentesis|peritoneal (?:fluid|effusion))\b")),
    ("pleura", Gated(r"\b(?:pleural (?:fluid|effusion|tap|aspirat\w+)|thoracentesis)\b")),
    ("lymph_node", Gated(r"\bebus\b|\bstation \d{1,2}[rl]?\b")),
)
"""Where the cells of an effusion come from, and what is sampled through the bronchus by its station."""


def _fluid(note: Note, sentence: Sentence, anchor: Anchor) -> None:
    """Give cells of an effusion, and of a node by its station, the place that they come from."""
    if anchor.kind not in ("cytology", "cytology_block") or anchor.organ is not None:
        return
    for organ, words in _FLUIDS:
        match = words.search(
            note.plain, max(sentence.start, anchor.start - _FLUID_REACH), min(sentence.end, anchor.end + 24)
        )
        if match:
            anchor.organ = organ
            anchor.lesion = None if organ == "lymph_node" else "met"
            (anchor.spans or {}).update(organ=match.span(), lesion=match.span())
            return
    if not note.plain.startswith("fluid", anchor.end - 5):
        return
    low = max(0, anchor.start - _STORY)
    told = [(organ, match) for organ, words in _FLUIDS[:2] for match in words.finditer(note.plain, low, anchor.start)]
    told = [one for one in told if note.sentence(one[1].start()).paragraph == sentence.paragraph]
    if len({organ for organ, _ in told}) == 1:
        anchor.organ, anchor.lesion = told[-1][0], "met"
        (anchor.spans or {}).update(organ=told[-1][1].span(), lesion=told[-1][1].span())


def place_of_cells(note: Note, start: int, end: int, anchor: Anchor) -> None:
    """Give listed cells of an effusion, and of a node by its station, the place that they come from."""
    for organ, words in _FLUIDS:
        match = words.search(note.plain, start, end)
        if match:
            anchor.organ = organ
            (anchor.spans or {})["organ"] = match.span()
            return


_FLUID_REACH = 60
_STORY = 400
"""So far before a fluid without a name the effusion may stand that it comes from."""


def _bracket(note: Note, start: int, end: int) -> Span:
    """Return the stretch inside a bracket right behind a place; an empty one where none opens."""
    opened = re.compile(r"(?: [a-z]+)? ?\(").match(note.plain, start, end)
    return (opened.end(), end) if opened else (start, start)


CELL_LABEL = Gated(r"\b(?:specimen|biopsy|sample|tissue) (?:site|source|origin|location)\s?[:=]\s?")
_NAMED = Gate(SAMPLE, CELL_LABEL)


def collected(note: Note, sentence: Sentence) -> tuple[PartialDate, Span] | None:
    """Return the date of a line that says when the sample was taken."""
    for mention in note.dated_behind(_COLLECTED, 32).get(sentence.start, ()):
        if mention.value:
            return mention.value, (mention.start, mention.end)
    return None


_STOPS = re.compile(r"[;)]|[.,:](?!\d)")
"""Where the words before a procedure begin: "9:30" and "2.1" end nothing."""
_TAKEN_FROM = re.compile(r"\s*(?:of|from|taken from|in(?:to)? (?:the|my|her|his)|\(|,|-|–|de)\s")


def _place(note: Note, sentence: Sentence, anchor: Anchor) -> None:
    """Find the organ: before the procedure in the same phrase, or behind "of" and "from"."""
    text = note.plain
    low = max(sentence.start, anchor.start - _REACH)
    before = text[low : anchor.start].rstrip(" ,:-(")
    stop = max((match.end() for match in _STOPS.finditer(before)), default=0)
    low += stop
    high = min(sentence.end, anchor.end + _REACH)
    after = text[anchor.end : high]
    stops = [place for sign in (";", ". ", ":", " showed", " her2", " ihc") if (place := after.find(sign)) >= 0]
    high = anchor.end + min(stops, default=len(after))
    bracketed = "(" in text[max(sentence.start, anchor.start - 26) : anchor.start]
    first = max(sentence.start, anchor.start - 26) if bracketed else low
    told = list(_LESION.finditer(text, first, _to_sign(text, anchor.end, min(sentence.end, anchor.end + 30))))
    ahead = [one for one in told if one.end() <= anchor.start]
    lesion = ahead[-1] if ahead else told[0] if told else None  # the word nearest before the sample
    if lesion:
        anchor.lesion = lesion.lastgroup
        anchor.recurrent = lesion[0].startswith(("recurr", "relaps"))
        (anchor.spans or {})["lesion"] = lesion.span()
    behind = _TAKEN_FROM.match(text[anchor.end : high])
    choices = organs_in(note, low, anchor.start)[::-1]
    if behind:
        choices = (
            organs_in(note, anchor.end, high) + choices if not choices else choices + organs_in(note, anchor.end, high)
        )
    if not choices:
        # "Biopsia hepática": the adjective stands right behind.
        choices = [
            one for one in organs_in(note, anchor.end, high)[:1] if _SIDE_ONLY.fullmatch(text, anchor.end, one[0].start)
        ]
    choices = choices or organ_within(note, low, anchor.start, anchor.end)
    if not choices and sentence.start <= anchor.start and anchor.kind in ("biopsy", "resection", "cytology"):
        inner = note.hits_in(anchor.start, anchor.end, "technique")
        choices = named_by_operation(inner)
    if not choices and own_part(note, sentence):
        # "A. Breast, left, 1:00, 6 cm FN, core biopsy": the organ opens the line.
        line = note.line_starts[note.line(anchor.start) - 1]
        choices = organs_in(note, line, anchor.start)[:1]
    by_name = OPERATION.match(text, anchor.start, anchor.end) or COMPOUND.match(text, anchor.start, anchor.end)
    if by_name and by_name.lastgroup:
        anchor.organ = by_name.lastgroup
        (anchor.spans or {})["organ"] = (anchor.start, anchor.end)
    elif choices:
        hit, anchor.organ = choices[0]
        (anchor.spans or {})["organ"] = (hit.start, hit.end)
    elif anchor.lesion is None and not _ELSEWHERE.search(text, sentence.start, sentence.end):
        # Invasive is said of a tumour where it began, not of what it seeded.
        invasive = _INVASIVE.search(text, anchor.end, min(sentence.end, anchor.end + 60))
        if invasive:
            anchor.lesion = "primary"
            (anchor.spans or {})["lesion"] = invasive.span()


_SIDE_ONLY = re.compile(r"\s?(?:(?:left|right|lt|rt|l|r)\.?\s)?(?:(?:axillary|supraclavicular|cervical|inguinal)\s)?")
"""What may stand between the procedure and the organ behind it: "biopsy left axillary node"."""


def _to_sign(text: str, start: int, end: int) -> int:
    """Return where a semicolon ends what is said of a sample."""
    place = text.find(";", start, end)
    return end if place < 0 else place


_INVASIVE = re.compile(r"\b(?:invasive (?:ductal|lobular|carcinoma|breast|mammary|nst)|idc|ilc)\b")
_ELSEWHERE = re.compile(
    r"\b(?:mets?|metast\w+|recurr\w+|relaps\w+|nodes?|nodal|axilla\w*|ln|lns|distant|liver|bone|lung|brain|skin|chest wall)\b"
)
_OTHER_EVENT = re.compile(
    r"[;.:]|her2|report|result|signed|receiv|fish|\bct\b|perform|tested|stained|done|\bsent\b|submitted|forwarded|requested|released|returned|since|progress|chemo|radio|\bthen\b|followed by|\bsrs\b"
)
_DONE_ON = re.compile(r"\s(?:was |were )?(?:done|performed|carried out)(?: on| in)?\s")
_SENT_ON = re.compile(r"\s(?:was |were )?(?:sent|drawn|taken)(?: off)?(?: on| in)?\s")
"""Blood is sent on the day on which it is drawn."""
_EARLIER_EVENT = re.compile(r"[;]|\d|\)\s*\w+\s+\w+|until|ended|progress")


def put_date(note: Note, sentence: Sentence, anchor: Anchor) -> None:
    """Take the date that stands next to the procedure: behind it first, else right before it."""
    text = note.plain
    reviewed = _REVIEW_DAY.search(text, max(sentence.start, anchor.start - 30), anchor.start)
    if reviewed and not _OF_DAY.match(text, reviewed.end()):
        return  # the day of the review, not of the sample
    if _TEST_ON.search(text, max(sentence.start, anchor.start - 48), anchor.start):
        return  # "FoundationOne CDx on colectomy (2 June)": the day of the test
    tested = _TESTED_ON.search(text, max(sentence.start, anchor.start - 60), anchor.start)
    place = (anchor.spans or {}).get("organ", (0, 0))[
        1
    ]  # "biopsies of the breast mass and the axillary node on 2 June"
    for mention in note.dates.within(anchor.end, min(sentence.end, max(anchor.end, place) + _DAY_REACH)):
        between = text[anchor.end : mention.start]
        if tested and "(" not in between:
            return  # "HER2 was done on the same biopsies in April 2026": the day of the test
        if mention.value and (
            _DONE_ON.fullmatch(between)
            or (anchor.kind == "blood" and _SENT_ON.fullmatch(between))
            or not _OTHER_EVENT.search(between)
        ):
            anchor.date = mention.value
            (anchor.spans or {})["collected"] = (mention.start, mention.end)
            return
        break
    earlier = note.dates.within(max(sentence.start, anchor.start - 44), anchor.start)
    if earlier and earlier[-1].value and not tested:
        between = text[earlier[-1].end : anchor.start]
        told = _TEST_DAY.search(text, max(sentence.start, earlier[-1].start - 24), earlier[-1].start)
        if told or _TEST_BETWEEN.search(between):
            return  # "NGS reported 10 December on the same cell block": the day of the test
        if not _EARLIER_EVENT.search(between) and between.count(",") <= 1 and between.count(".") == 0:
            anchor.date = earlier[-1].value
            (anchor.spans or {})["collected"] = (earlier[-1].start, earlier[-1].end)


_DAY_REACH = 84
"""So far behind a procedure, or its organ, its day may stand."""
_TEST_DAY = re.compile(
    r"\b(?:report\w*|signed(?: out)?|resulted|received|authori[sz]ed|path|pathology|addendum(?: \d)?|supplement\w*(?: report)?(?: \d)?|amend\w*(?: report)?)\s(?:on\s|of\s|\()?$"
)
_TEST_BETWEEN = re.compile(
    r"\b(?:ngs|sequencing|caris|tempus|foundation ?one|oncomine|panel|(?:re-?)?(?:tested|stained|checked|scored|reviewed|looked at))\b"
)
_TEST_ON = Gated(
    r"(?:\b(?:foundation ?one|f1|tempus|caris|oncomine|ngs|sequencing|panel|msk-impact|tso-?500)\b[^.;,()]{0,16}|\bcdx )\son\s(?:the\s|her\s|his\s)?$"
)
_TESTED_ON = Gated(
    r"\b(?:done|performed|tested|stained|requested|run|carried out|added|repeated|checked|assessed|looked at)\b[^.;]{0,24}\b(?:on|in|of|from)\s(?:the\s|her\s|his\s)?(?:same|original|old|archived|archival|previous|first|stored|existing|diagnostic)\s(?:\w+\s)?$"
)
"""A test on tissue that was there already."""
_BOTH = Gated(r"\b(?:both|each|all)\s(?:on\s|of\s|from\s|taken\s|collected\s|dated\s){0,2}$")


_SCOPE_SENTENCE = Gated(
    r"\b(?:endoscopy|gastroscopy|ogd|egd|colonoscopy|sigmoidoscopy|bronchoscopy|laparoscopy|cystoscopy|ercp|ebus|mediastinoscopy|thoracoscopy|hysteroscopy)\b"
)


def _day_of_scope(note: Note, sentence: Sentence, anchor: Anchor) -> None:
    """Give a biopsy the day of the endoscopy of the sentence before: "Endoscopy was repeated on 8 June. Biopsy: ..."."""
    before = next((one for one in note.sentences if one.end <= sentence.start and one.end >= sentence.start - 3), None)
    if anchor.date is not None or anchor.kind != "biopsy" or before is None or before.paragraph != sentence.paragraph:
        return
    days = [one for one in note.dates.within(before.start, before.end) if one.value]
    scope = _SCOPE_SENTENCE.search(note.plain, before.start, before.end)
    if scope is None or len(days) != 1 or SAMPLE.search(note.plain, scope.end(), before.end):
        return
    said = context(note, *scope.span())
    if said.stated and not said.planned:
        anchor.date = days[0].value
        (anchor.spans or {})["collected"] = (days[0].start, days[0].end)


def _share_day(note: Note, sentence: Sentence, found: list[Anchor], anchor: Anchor) -> None:
    """Give "both 14 January 2025" to the samples before it too."""
    place = (anchor.spans or {}).get("collected")
    if place is None or not _BOTH.search(note.plain, max(sentence.start, place[0] - 24), place[0]):
        return
    for one in found:
        if one.date is None:
            one.date = anchor.date
            (one.spans or {})["collected"] = place


_SEPARATE = re.compile(r"[;.]|[0-3]\s?\+")


def _one(note: Note, first: Anchor, second: Anchor) -> bool:
    """True for two words of one sample: "breast, core biopsy", "WLE + SLNB"."""
    between = note.plain[first.end : second.start]
    if first.date and second.date and first.date != second.date:
        return False
    return len(between) < 30 and not _SEPARATE.search(between)
