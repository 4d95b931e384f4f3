"""The person: age, sex, place, weight, performance status, vital signs, smoking."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from her2nav.intake.notes.context import context, of_family, own_starts, told_sentences
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.earlier_signs import of_arrival, told_earlier, under_arrival
from her2nav.intake.notes.fields.head_place import read_head_place
from her2nav.intake.notes.fields.heart import HEART, read_heart
from her2nav.intake.notes.fields.heart_table import read_heart_table
from her2nav.intake.notes.fields.home import read_home
from her2nav.intake.notes.fields.limits_told import is_limit, of_others
from her2nav.intake.notes.fields.measured import date_of, stated
from her2nav.intake.notes.fields.person_head import read_head, read_title
from her2nav.intake.notes.fields.residence import read_residence
from her2nav.intake.notes.fields.then_now import become
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.intake.notes.note_day import BORN

_AGE_SEX = re.compile(
    r"(?P<age>\d(?<![\w.,/-].)\d{0,2})(?:[ -]{0,2}|/(?=[fm](?![\w/])))(?:(?:y/?\.?o(?:\.(?=\s))?|yo|yrs?[- ]old|years?[- ]old|year[- ]old|-year-old|yrs?|anos|y)(?:\b|(?<=\.))[\s,/-]{0,3}(?:(?:[a-z-]+ ){0,3}?(?P<word>woman|female|lady|gentlewoman|mujer|man|male|gentleman|hombre|varon|f\b|m\b))?|(?<=\d\d)(?<!\d\d\d)(?P<sex>[fm])(?![\w/])|(?<=\d\d[ /-])(?P<letter>[fm])(?![\w/]))"
)
_AGE_I = Gated(
    r"\b(?:i'm|i am|she is|he is|she's|he's|who is)\s(?:now )?(?P<age>\d{2})\b(?=\s?(?:,|\.|and\b|years?\b|;|\())(?!\s?%)"
)
_AGE_TITLE = Gated(
    r"\b(?:mrs|ms|miss|mr|patient)\b\.?[^.;\d]{0,30}[,(]\s?(?P<age>\d{2})(?:\s?(?:years?|yrs|y))?\s?(?=[,.;)\n]|$)"
)
"""An age in apposition to a name: "Mrs X, 58 years,"."""
_AGE_ES = Gated(
    r"\b(?P<word>mujer|hombre|varon|lady|woman|gentleman|man) (?:de|of) (?P<age>\d{1,3})(?: a\wos|(?<=\d\d)\b(?=\s?[,.;(]|\swith|\sand|\syears))"
)
_AGE_WORD = Gated(
    r"(?<![\w-])(?P<word>woman|female|lady|gentleman|man|male),\s(?P<age>[1-9]\d)(?=\s?(?:y\b|yrs?\b|years?\b|[,.;)\n]|$))"
)
_AGE_LABEL = Gated(
    r"\b(?:age(?: ?/ ?(?:sex|gender))?|age at collection|aged|edad)\s{0,3}[:=]?\s{0,3}(?P<age>\d{1,3})(?:\s?(?:years?|yrs?|y)\.?(?=\s{0,2}[/,|]))?(?:\s{0,3}[/,|]?\s{0,3}(?P<sex>[fm])\b(?![/'.])|\s{0,3}[,/|]?\s{0,3}(?P<word>(?:fe)?male)\b|(?![\d/]))(?: ?(?:y|yrs|years|anos)\b)?"
)
_SEX_AGE = re.compile(
    r"(?P<sex>[fm](?<![\w.,/&-].))[\s,/|]{1,3}(?P<age>[1-9]\d)(?:\s?(?:y|yrs?|years?|yo|y/o)\b|(?=\s?[,.;)])|(?=\s)|$)"
)
_WORD_AGE = re.compile(
    r"(?P<word>(?<![\w-])(?:fe)?male)[\s,/|]{1,3}(?P<age>[1-9]\d)(?:\s?(?:y/o\b|y\.?o\.?(?!\w)|yrs?\b|years?\b|y\b)|(?=\s(?:ex-|never|smoker|non-|with|pt\b|known|presented|ps\b|ecog)))"
)
_BY_FIGURE = re.compile(
    r"\d(?:[ /-]{0,3}[yafm]|(?<=male \d)|(?<=[fm][\s,/|]\d)|(?<=[fm][\s,/|]{2}\d)|(?<=[fm][\s,/|]{3}\d))"
)
"""What stands in every text that `_AGE_SEX`, `_WORD_AGE` or `_SEX_AGE` matches: a figure beside a word or letter of age or sex."""
_HEAD = 400
_BEFORE_SEX = re.compile(r"(?:^|[(:.|\n]|\b(?:pt|patient|case|sex/age))[\s:#.-]{0,3}$")
"""Sex before age: "Case: M 59."."""
_SEX_LABEL = Gated(
    r"\b(?:(?:sex|gender|sexo)(?:\s?[:=|]\s?|\s)|patient(?:\s?[:=|]\s?|\s(?=(?:fe)?male\b)))(?P<w>female|male|f\b|m\b|mujer|hombre|varon|woman|man)"
    r"|[,|\t]\s?(?P<t>[fm])(?=[,|\t]?\s?(?:dob|d\.o\.b\.?|born|date of birth)\b)"
    r"|(?<![\w-])(?P<c>(?:fe)?male|woman|man|lady|gentleman)\b(?=\s?[,|/]?\s(?:dob|d\.o\.b\.?|born|date of birth|aged?)\b)"
)
_SEX_WORD = Gated(
    r"\b(?:this|a|the|pleasant|lovely|old|yo|y/o|postmenopausal|premenopausal)\s(?:[a-z-]+\s){0,2}?(?P<w>woman|lady|gentleman|man|chap|female|male)\b(?! (?:who is her|partner))|(?P<t>\b(?:mrs|ms|miss|mr)\b\.?(?= |$))"
)
_PRONOUN = Gated(r"\b(?:(?P<f>she|herself|her(?![ -]?(?:2|ii|two|neu)\b))|(?P<m>he|himself|his))\b")
_OF_DOCTOR = Gated(
    r"\b(?:dr|prof\w*|doctor|surgeon|consultant|colleague|pathologist|registrar|gp|nurse|radiologist|referr\w+)\b"
)
"""Who else a pronoun may stand for."""
_BIRTH = Gated(rf"(?:{BORN}|(?<=[,;(] )b\.)(?:\s?/\s?(?:sex|gender|age))?[\s:=]{{0,4}}$")
_WEIGHT = Gated(
    r"(?<![\d.,])(?P<n>\d{2,3}(?:[.,]\d{1,2})?)\s?(?:kg|kilos?|kilogram(?:me)?s?)\b(?!\s?/|/m|\s(?:wt|weight)?\s?(?:loss|gain|lost))"
)
_BARE_BODY = Gated(
    r"\b(?:wt|weight)[.:= ]{1,3}(?P<kg>\d{2,3}(?:[.,]\d)?)(?=[,;) \n]{1,2}(?:ht|height)[.:= ]{1,3}(?P<cm>1[3-9]\d|20\d)(?!\d|[.,]\d|\s?(?:lb|in)))"
    r"|\bwt[.:= ]{1,3}(?P<light>[3-6]\d(?:[.,]\d)?)(?=\s?[.;\n](?!\d)|\s?$)"
)
"""Weight and height without their units, where the height can only be in centimetres; or a weight that no adult has in pounds."""
_LOSS = re.compile(
    r"(?:loss|lost|gained?|down|by|mg|over|was|from|previously|usual(?:ly)?)\s(?:of\s|about\s|approximately\s)?$"
)
_HEIGHT = Gated(
    r"\b(?:height|ht|talla|length(?= [12][.,]\d)|(?<=kg )for(?= [12][.,]\d\d\s?m\b))[\s:=]{0,3}(?:(?P<cm>\d{3}(?:\.\d)?)\s?cm|(?P<m>[12][.,]\d{1,2})\s?m\b|\d'\s?\d{1,2}\"?\s?\(\s?(?P<feet>\d{3}(?:\.\d)?)\s?cm)|(?<![\d.])(?P<metres>1[.,][3-9]\d)\s?m(?=, ?\d{2,3}(?:[.,]\d)? ?kg)|(?<![\d.x])(?P<bare>1[3-9]\d|20\d)\s?cm(?: tall|(?=,? \d{2,3}(?:[.,]\d)? ?kg))|(?:(?<=kg, )|(?<=kg; )|(?<=kg / )|(?<=kg at )|(?<=kg and )|(?<=kg ))(?P<behind>1[3-9]\d|20\d)\s?cm\b"
)
_ECOG = Gated(
    r"\b(?:ecog(?:[ -]?ps)?|who(?= ps| perf|\s[0-4](?=[.,;)\n]|\s?$))|(?:who )?ps|oms(?=[\s:=]{1,3}[0-4](?:[.,;)\n]|\s|$))|zubrod|performance(?= ?\((?:ecog|who|ps)\))|performance status|estado funcional)(?:[ /-](?:ps|performance status|performance|status|state|score))*(?: at discharge| today| now| on admission)?(?:\s?\(?(?:ecog|who|ps|eastern cooperative oncology group)\)?)?[\s:=|-]{0,6}[ ]{0,40}(?:\[x\] ?|\(x\) ?|[☑☒✔] ?)?(?:of |is |was |remains |grade |currently )?(?P<n>[0-5]|(?:zero|one|two|three|four)\b)(?![\d%.]\d|\d|\s?[-–/]\s?\d|%|\s?(?:to|or)\s\d|\s?[+,/&]?\s?is\s?[:=]?\s?\d)"
)
_KPS = Gated(
    r"\b(?:kps|karnofsky(?: (?:performance )?(?:status|score|ps|index))?)[\s:=|-]{0,6}(?:of |is |was )?(?P<n>\d{1,2}0)(?!\d)\s?%?"
)
_BP = Gated(
    r"\b(?:bp|blood pressure|ta|pa|rr|obs(?: on d/c| today)?)(?: today)?(?:\s(?:is |was |now |much |well |far |a bit ){0,3}(?:better|good|fine|ok|controlled|normal|raised|high))?[\s:=|(]{0,4}(?:of |is |was )?(?P<n>\d{2,3}(?:[/x]| over )\d{2,3})(?![\d/]|,?\s\(?(?:ctcae )?(?:grade|gr|g)\s?[1-5])"
)
_HR = Gated(
    r"\b(?:hr|heart rate|pulse(?: rate)?|fc|pr(?= \d{2,3}\s?/\s?(?:min|mt|m\b)))[\s:=|]{0,4}(?:of |is |was )?(?P<n>\d{2,3})(?!\d|[/+-](?!\s?(?:min|mt|m\b))|\s?\+)"
)
_PULSE = Gated(
    r"\b(?:p|(?<=/\d\d, )pr|(?<=/\d\d\d, )pr|(?<=/\d\d )pr) (?P<n>\d{2,3})(?=\s?(?:[,;]|\.(?!\d)|reg)|\s(?:bp|rr|sats?|spo2|t|temp)\b)"
)
"""A pulse as in "BP 141/86, P 92 reg"."""
_SPO2 = Gated(
    r"\b(?:spo2|sao2|o2 sats?|sats?|(?:oxygen |o2 )?saturations?|sat ?o2)[\s:=|]{0,4}(?:of |is |was )?(?P<n>\d{2,3})(?:\s?%|(?=\s(?:on\s|in\s)?(?:ra|room air|air|oa)\b))"
)
_TEMPERATURE = Gated(
    r"\b(?:temp(?:erature)?|temp\.|t(?=[ :]{1,2}3\d[.,]\d))[\s:=|]{0,4}(?:of |is |was )?(?P<n>3[4-9][.,]\d|4[01][.,]\d)(?!\d)\s?(?:°|degrees)?\s?(?:c\b|celsius)?"
)
_FAHRENHEIT = Gated(
    r"\b(?:temp(?:erature)?|temp\.|t(?=[ :]{1,2}(?:9[5-9]|10[0-6])[.,]\d))[\s:=|]{0,4}(?:of |is |was )?(?P<n>9[5-9][.,]\d|10[0-6][.,]\d)(?!\d)(?:\s?(?:°|degrees|deg)?\s?f(?:ahrenheit)?\b|(?=[\s,;|]{1,3}(?:bp|hr|pulse|p\b|rr|spo2)\b))"
)
"""A temperature that its sign or its size shows as one in degrees Fahrenheit: "Temp 98.4 F"."""
_BP_IT = Gated(
    r"\b(?:it|this) (?:was|is) (?:up at |down to |still )?(?P<n>(?:[89]\d|1\d\d|2[0-3]\d)/(?:[4-9]\d|1[0-2]\d))(?![\d/])(?:\s?mm ?hg)?(?= (?:today|now|this morning|in (?:the )?clinic))"
)
_PRESSURE_BEFORE = re.compile(r"\b(?:bp|blood pressure)\b(?:[^.?!]|[.?!](?=\s)){0,140}$")
"""What a blood pressure is told of: "... her blood pressure once a month? It was 152/88 today"."""
_SMOKE = Gated(
    r"(?P<former>\bex[- ]?smoker|\b(?:former|previous|past) smoker|\bquit smoking|\b(?:stopped|gave up) smoking|\bexfumadora?|\btobacco\s?:\s?(?:weaned|stopped|quit)\b|\bsmok(?:ed|ing)\b[^.;\n]{0,40}\b(?:stopped|quit|until|ceased)\b(?! (?:advice|support)))|(?P<never>\b(?:tobacco|smoking)(?: status| use| history)?[\s:|]{1,4}(?:never|none)\b|\bnever[- ]smok\w*|\bnon-?smoker|\bnever smoked|\bhas never smoked|\b(?:i've|i have) never smoked|lifelong non-?smoker|\bno fumadora?)|(?P<current>\bcurrent(?:ly)? smok\w*|\bactive smoker|\bsmokes\b|(?<=[.;:] )smoker\b(?=,? \d)|\bfumadora?\b)"
)
_SINCE_OR_FOR = re.compile(r"\s(?:since|for (?:\d|the (?:last|past)|many|some|over|more))")
"""Somebody who does not smoke since a day once did."""
_PACK = Gated(r"(?<![\d.a-z])(?P<n>\d{1,3})\s?[- ]?(?:pack(?:et)?[- /]?y(?:ea)?rs?|pk[- /]?y(?:ea)?rs?|p/?y\b|py\b)")
_MENO = Gated(
    r"(?P<postmenopausal>\b(?:my|her) (?:change|menopause) (?:was|came) (?:at|when)\b|\bwent through (?:the |her |my )?(?:change|menopause)\b|\b(?:menopause|change of life) at (?:age |the age of )?(?:4[5-9]|5\d)\b|\bperiods (?:have )?(?:stopped|ended) (?:at|when (?:i|she) was) (?:age |about )?(?:4[5-9]|5\d)\b|\bpost-?\s?menopausal|\bposmenopausica|\bpostmenopausica)|(?P<premenopausal>\bregular (?:monthly |menstrual )?(?:periods|menses|menstruation|cycles(?= \d\d|\s?[,.;]))|\b(?:periods|menses) (?:are |remain |still )*regular\b|\bstill (?:has|having) (?:her )?(?:regular )?periods\b|\bstill menstruating\b|\bpre-?\s?menopausal|\bpremenopausica)|(?P<perimenopausal>\bperi-?menopausal)|\bmenopause(?: reached)?\s?[:?]\s?(?P<answered>y(?:es)?\b)|\bmenopausal?(?: status)?\s?[:=]\s?(?:(?P<post>post)|(?P<pre>pre)|(?P<peri>peri))\b"
)
_ONCE_SO = re.compile(
    r",?\s(?:before|prior to|until|at (?:the time of )?(?:her )?diagnosis|at presentation|when diagnosed|then)\b"
)
"""A state that is told of an earlier time: "premenopausal before surgery"."""
_ONLY_A_RULE = re.compile(
    r"\s(?:is|are|must|should|has to be|was|would be)\b[^.;]{0,30}\b(?:not|contra-?indicated|avoided|stopped|forbidden|advised against|discussed|excluded)\b"
)
"""What is said of everybody on a drug: "breastfeeding is not allowed"."""
_PREGNANT = Gated(
    r"(?P<not>\bnot pregnant|(?:beta-?hcg|hcg|pregnancy test)[\s:]{0,3}(?:was |is )?(?:neg\w*)|negative pregnancy test)|(?P<breast>(?<!not )(?<!no )\bbreast-?feeding\b)|(?P<yes>\b(?:currently|is|she is) pregnant|\b\d{1,2} weeks pregnant)"
)
_LINES = Gated(
    r"\b(?P<n>\d|one|two|three|four|five|six|no)\s(?:prior|previous|earlier)\s(?:systemic\s)?lines?(?: of (?:systemic )?(?:therapy|treatment|chemotherapy))?(?P<met>[^.;]{0,30}metast\w+)?"
)
_COUNT = {"no": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DOSE = Gated(
    r"\b(?:(?:cumulative|total|lifetime) (?:doxorubicin|anthracycline)(?: equivalent)?(?: dose)?[^.;\d]{0,16}|doxorubicin(?: dose)?,? (?:total|cumulative(?:ly)?|in all)(?: dose)?[\s:]{1,3}(?:of )?|(?:cumulative|total) dose of doxorubicin[^.;\d]{0,16})(?P<n>\d{2,3})\s?mg/m"
)


def read_person(note: Note) -> Iterator[Item]:
    """Yield what the note says of the person."""
    sexes: list[Found] = []
    readers = [(note.cued(gate), reader) for gate, reader in _READERS]
    births, own, sexed = note.dated_behind(_BIRTH, 24), own_starts(note), note.cued(_SEX)
    aged, by_figure, plain = note.cued(_AGE), _BY_FIGURE.search, note.plain
    head = list(read_head(note))
    sexes += [one for one in head if one.field == "demographics.sex"]
    yield from head
    for sentence in told_sentences(note):
        start = sentence.start
        if start in births:
            yield from _birth(births[start])
        if start not in own:
            continue
        labelled = start in aged
        found = _ages(note, sentence, labelled=labelled) if labelled or by_figure(plain, start, sentence.end) else []
        if start in sexed:
            found += _sexes(note, sentence)
        if found:
            sexes += [one for one in found if one.field == "demographics.sex"]
            yield from found
        for cued, reader in readers:
            if start in cued:
                yield from reader(note, sentence)
    yield from read_heart_table(note)
    boxes = list(_ticked(note))
    yield from boxes
    if not (sexes or boxes):
        yield from list(_by_title(note)) or list(read_title(note)) or _by_pronoun(note)
    yield from list(read_home(note)) or list(read_head_place(note)) or list(read_residence(note))[:1]


_AGE = Gate(_AGE_I, _AGE_TITLE, _AGE_ES, _AGE_WORD, _AGE_LABEL)
_SEX = Gate(_SEX_LABEL, _SEX_WORD)


def _birth(mentions: list[Mention]) -> Iterator[Found]:
    for mention in mentions:
        if mention.value:
            yield Found("demographics.birth_date", str(mention.value), (mention.start, mention.end))


_NO_AGE_BEHIND = re.compile(r"\s?(?:ago|later|history|of)\b")
_NO_AGE_BEFORE = re.compile(
    r"\b(?:at|diagnosed at|menarche|menopause|for|since|until|from)\s(?:age\s)?$|\b(?:menarche|menopaus\w+)[^.;\n]{0,10}[(,]\s?$"
)
_YEARS_ONLY = re.compile(r"(?:yrs?|y|anos)$")
_OLD = re.compile(r"old$|yo$|y/o$|anos$")


def _ages(note: Note, sentence: Sentence, *, labelled: bool) -> list[Found]:
    """Return the ages of a sentence with the sex beside them; `labelled`: it may hold words that name an age."""
    found: list[Found] = []
    place = (sentence.start, sentence.end)
    ages = [*_AGE_SEX.finditer(note.plain, *place)]
    ages += _WORD_AGE.finditer(note.plain, *place)
    ages += [one for one in _SEX_AGE.finditer(note.plain, *place) if _names_person(note, one)]
    if labelled:
        before = [
            match
            for pattern in (_AGE_I, _AGE_TITLE, _AGE_ES, _AGE_WORD)
            for match in pattern.finditer(note.plain, *place)
        ]
        ages = [*before, *ages, *_AGE_LABEL.finditer(note.plain, *place)]
    for match in ages:
        groups = match.groupdict()
        behind = note.plain[match.end() : match.end() + 12]
        if _NO_AGE_BEHIND.match(behind) or _NO_AGE_BEFORE.search(
            note.plain[max(0, match.start() - 16) : match.start()],
        ):
            continue
        if match[0][-2:-1] == "/" and not note.text[match.end() - 1].isupper():
            continue  # "18/m" may be a rate
        key = next((one for one in ("word", "sex", "letter") if groups.get(one)), None)
        word = groups[key] if key else None
        bare_y = word is None and match.re is _AGE_SEX
        if bare_y and _YEARS_ONLY.search(match[0].strip(" ,-")) and not _OLD.search(match[0].strip(" ,-")):
            continue
        if 0 < int(match["age"]) <= 115 and (
            match.re is not _AGE_SEX or word or not bare_y or "old" in match[0] or "o" in match[0]
        ):
            found.append(Found("demographics.age", int(match["age"]), match.span("age"), note.day, _day_span(note)))
        if word:
            found.append(Found("demographics.sex", _sex(word), match.span(str(key))))
    return found


_ANOTHER_PERSON = re.compile(
    r"\b(?:dear|cc|from|signed|consultant|surgeon|by|physician|gp|chair(?:man|person|woman)?|present|presenter|attending|lead|clinician|oncologist|registrar|requester|operator|assistant)[\s:]*$"
)


def _sexes(note: Note, sentence: Sentence) -> Iterator[Found]:
    for pattern in (_SEX_LABEL, _SEX_WORD):
        for match in pattern.finditer(note.plain, sentence.start, sentence.end):
            word = match["w"] or match["t"] or str(match.groupdict().get("c"))
            if match.re is _SEX_WORD.pattern and match["t"] and sentence.start > 600:
                continue
            if (
                match.re is _SEX_WORD.pattern
                and match["t"]
                and _ANOTHER_PERSON.search(
                    note.plain[max(0, match.start() - 14) : match.start()],
                )
            ):
                continue
            yield Found("demographics.sex", _sex(word), match.span())


_BOX, _SEX_NAME = r"(?:\[[ \t]*[xX✓✔]?[ \t]*\]|[☐☒☑✔])", r"(?:[Ff]emale|[Mm]ale|F|M)"
_BOXES = (
    re.compile(rf"(?P<a>{_BOX})\s?(?P<m>{_SEX_NAME})\s+(?P<b>{_BOX})\s?(?P<n>{_SEX_NAME})(?![\w/])"),
    re.compile(rf"\b(?P<m>{_SEX_NAME})\s?(?P<a>{_BOX})\s+(?P<n>{_SEX_NAME})\s?(?P<b>{_BOX})"),
)
_TICKED = re.compile(r"[xX✓✔☒☑]")
_LIKE_BOX = re.compile(r"[\]☒☑✔]")


def _ticked(note: Note) -> Iterator[Found]:
    """Read the ticked one of two boxes for the sex: "[ ] M  [x] F", "male [ ] female [x]"."""
    for pattern in _BOXES if _LIKE_BOX.search(note.text) else ():
        for match in pattern.finditer(note.text):
            ticked = [name for box, name in (("a", "m"), ("b", "n")) if _TICKED.search(match[box])]
            if len(ticked) == 1 and _sex(match["m"].lower()) != _sex(match["n"].lower()):
                yield Found("demographics.sex", _sex(match[ticked[0]].lower()), match.span(ticked[0]))


def _names_person(note: Note, match: re.Match[str]) -> bool:
    """True for "M 59" in capitals at the beginning of a statement."""
    start = match.start()
    behind = note.text[match.end() : match.end() + 2]
    if match.end() == match.end("age") and behind[:1] == " " and behind[1:] not in (",", ".", ";", ")"):
        return False  # "M 59 kg": no column ends here
    capital = note.text[start : start + 1].isupper()
    first = note.sentence(start).start
    opens = not note.plain[first:start].strip()
    return capital and (
        opens
        or match[0].endswith(("y", "yrs", "years", "yo", "y/o"))
        or (start < _HEAD and note.text[start + 1 : start + 2] == "/")
        or _BEFORE_SEX.search(note.plain, max(0, first, start - 16), start) is not None
    )


def _pressure(written: str) -> str:
    return written.replace(" over ", "/").replace("x", "/")


def _celsius(written: str) -> str:
    return f"{(float(_number(written)) - 32) / 1.8:.1f}"


def _number(written: str) -> str:
    return written.replace(",", ".")


def _day_span(note: Note) -> Span | None:
    day = note.day_mention
    return (day.start, day.end) if day else None


def _sex(word: str) -> str:
    female = word.startswith(("f", "wo", "la", "gentlewo", "mu", "ms", "mi", "mrs"))
    return "female" if female else "male"


_TITLE = re.compile(r"(?P<t>mrs|ms|miss|mr)\b\.?", re.IGNORECASE)
_OF_PATIENT = re.compile(r"\b(?:re|patient|pt|name|concerning|regarding|ref)\s?[:.]?\s{0,6}$", re.IGNORECASE)


def _by_title(note: Note) -> Iterator[Found]:
    """Take the sex from the title of the patient's name, which is hidden itself: "Re: Mr. Doe"."""
    for start, end in note.hidden:
        title = _TITLE.match(note.original, start, end)
        label = _OF_PATIENT.search(note.original, max(0, start - 14), start)
        if title is not None and label is not None:
            place = bisect_left(range(len(note.plain)), label.start(), key=note.place)
            yield Found("demographics.sex", _sex(title["t"].lower()), (place, place + len(label[0].rstrip())))
            return


def _by_pronoun(note: Note) -> Iterator[Found]:
    """Take the sex from pronouns where only one kind stands in sentences about the patient."""
    seen: dict[str, list[Span]] = {"f": [], "m": []}
    for match in _PRONOUN.finditer(note.plain):
        sentence = note.sentence(match.start())
        if not (
            of_family(note, sentence, match.start()) or _OF_DOCTOR.search(note.plain, sentence.start, match.start())
        ):
            seen[str(match.lastgroup)].append(match.span())
    for mine, other, value in (("f", "m", "female"), ("m", "f", "male")):
        if len(seen[mine]) >= 2 and not seen[other]:
            yield Found("demographics.sex", value, seen[mine][0])


_CHANGE_BEHIND = re.compile(r"[^.,;]{0,14}\b(?:loss|lost|gain|less|lighter)")
_AT_HOME = re.compile(r"\s?(?:mm ?hg)?\s(?:at home|by (?:her|his|the) (?:gp|own (?:cuff|machine)))\b")
_VITAL_SIGNS = re.compile(r"\b(?:bp|bpm|vitals|temp|pulse|sat|spo2|heart rate)\b")


def _body(note: Note, sentence: Sentence) -> Iterator[Found]:
    for match in _WEIGHT.finditer(note.plain, sentence.start, sentence.end):
        before = note.plain[max(sentence.start, match.start() - 18) : match.start()]
        if (
            not _LOSS.search(before)
            and not _CHANGE_BEHIND.match(note.plain[match.end() : match.end() + 24])
            and not is_limit(note, sentence, max(sentence.start, match.start() - 30), match.start())
            and 25 <= float(weight := match["n"].replace(",", ".")) <= 300
        ):
            newer = become(note, sentence, match.end())
            if newer is not None and 25 <= float(note.plain[slice(*newer.span)].replace(",", ".")) <= 300:
                day = note.day_mention if newer.today else None  # "71 kg in January, now 63"
                place = (day.start, day.end) if day is not None else None
                now = note.plain[slice(*newer.span)].replace(",", ".")
                yield Found("demographics.weight_kg", now, newer.span, note.day if day is not None else None, place)
                continue
            yield Found("demographics.weight_kg", weight, match.span(), *date_of(note, sentence, match.span()))
    for match in _BARE_BODY.finditer(note.plain, sentence.start, sentence.end):
        key = "kg" if match["kg"] else "light"
        yield Found("demographics.weight_kg", match[key].replace(",", "."), match.span(key))
        if match["cm"]:
            yield Found("demographics.height_cm", match["cm"], match.span("cm"))
    for match in _HEIGHT.finditer(note.plain, sentence.start, sentence.end):
        metres = match["m"] or match["metres"]
        told = match["cm"] or match["bare"] or match["feet"] or match["behind"]
        centimetres = told or f"{float(metres.replace(',', '.')) * 100:.0f}"
        yield Found("demographics.height_cm", centimetres, match.span())
    for pattern, field, convert in (
        (_BP, "vitals.blood_pressure", _pressure),
        (_HR, "vitals.heart_rate", int),
        (_PULSE, "vitals.heart_rate", int),
        (_SPO2, "vitals.spo2_percent", str),
        (_TEMPERATURE, "vitals.temperature_c", _number),
        (_FAHRENHEIT, "vitals.temperature_c", _celsius),
        (_BP_IT, "vitals.blood_pressure", _pressure),
    ):
        for match in pattern.finditer(note.plain, sentence.start, sentence.end):
            if pattern in (_HR, _PULSE) and not (
                _VITAL_SIGNS.search(note.plain[sentence.start : sentence.end]) and 30 <= int(match["n"]) <= 220
            ):
                continue
            if pattern in (_SPO2, _TEMPERATURE, _FAHRENHEIT) and of_arrival(note, sentence, match.start(), match.end()):
                continue
            if under_arrival(note, match.start(), match.end()) or _AT_HOME.match(note.plain, match.end()):
                continue
            if pattern is _BP_IT and not _PRESSURE_BEFORE.search(
                note.plain, max(0, match.start() - 150), match.start()
            ):
                continue
            if pattern is _SPO2 and not 50 <= int(match["n"]) <= 100:
                continue
            if pattern is _SPO2 and told_earlier(note, sentence, match.end()):
                continue  # "sat 88 % on air in A&E on 12 April"
            yield Found(field, convert(match["n"]), match.span(), *date_of(note, sentence, match.span()))


_NOW = re.compile(
    r"[\s,;(]{0,3}(?:(?:and|but|at baseline|before|previously|last (?:time|visit))[\s,;]{1,2}){0,2}(?:(?:it |he |she )?(?:is|has become|has gone to)\s)?(?:now|today|currently)\s(?:(?:is|a|at)\s)?(?:(?:ecog|ps|who)\s)?(?P<n>[0-5]|(?:zero|one|two|three|four)\b)(?![\d%]|\s?[-–/]\s?\d)"
)
"""What the status is now, behind what it was."""
_OF_BEFORE = re.compile(
    r"\s(?:in (?:the )?hospital|(?:at|on|before) (?:the )?(?:start|diagnosis|baseline|presentation|admission|beginning|time of (?:diagnosis|admission))|last (?:time|visit|month)|before treatment|previously)\b"
)


def _performance(note: Note, sentence: Sentence) -> Iterator[Found]:
    for pattern, key in ((_ECOG, "ecog"), (_KPS, "karnofsky")):
        for match in pattern.finditer(note.plain, sentence.start, sentence.end):
            span = (match.start(), match.end("n"))
            if stated(note, span) and not context(note, *span).planned and not of_others(note, match.end()):
                now = _NOW.match(note.plain, match.end(), sentence.end)
                newer = become(note, sentence, match.end("n")) if now is None and key == "ecog" else None
                if newer is not None and newer.span[1] - newer.span[0] > 1:
                    newer = None
                if now is not None:
                    match, span = now, (match.start(), now.end("n"))  # "PS was 0, now 2"
                elif newer is None and _OF_BEFORE.match(note.plain, match.end("n"), sentence.end):
                    continue  # "ECOG was 2 in hospital"
                grade = _COUNT[match["n"]] if match["n"] in _COUNT else int(match["n"])
                if newer is not None:  # "ECOG 1 at the start of T-DXd, 2 now"
                    grade, span = int(note.plain[slice(*newer.span)]), (match.start(), newer.span[1])
                yield Found(f"performance.{key}", grade, span, *date_of(note, sentence, span))


def _habits(note: Note, sentence: Sentence) -> Iterator[Found]:
    for match in _SMOKE.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        if not (said.family or said.unsure) and not (said.negated and match.lastgroup != "never"):
            since = match.lastgroup == "never" and _SINCE_OR_FOR.match(note.plain, match.end()) is not None
            yield Found("demographics.smoking", "former" if since else match.lastgroup, match.span())
    for match in _PACK.finditer(note.plain, sentence.start, sentence.end):
        yield Found("demographics.pack_years", match["n"], match.span())
    for match in _MENO.finditer(note.plain, sentence.start, sentence.end):
        if stated(note, match.span()) and not context(note, *match.span()).negated:
            if match.lastgroup == "premenopausal" and _ONCE_SO.match(note.plain, match.end(), sentence.end):
                continue
            state = "post" if match["answered"] else str(match.lastgroup)
            value = state if state.endswith("menopausal") else f"{state}menopausal"
            yield Found("demographics.menopausal_status", value, match.span())
    for match in _PREGNANT.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        if said.family or said.unsure or (said.negated and match.lastgroup != "not"):
            continue
        if match.lastgroup != "not" and _ONLY_A_RULE.match(note.plain, match.end(), sentence.end):
            continue
        value = {"not": "not_pregnant", "breast": "breastfeeding", "yes": "pregnant"}[str(match.lastgroup)]
        yield Found("demographics.pregnancy", value, match.span())
    for match in _LINES.finditer(note.plain, sentence.start, sentence.end):
        if match["met"] and stated(note, match.span()):
            yield Found(
                "lines_reported.metastatic",
                _COUNT[match["n"]] if match["n"] in _COUNT else int(match["n"]),
                match.span(),
            )
    dose = _DOSE.search(note.plain, sentence.start, sentence.end)
    if dose:
        yield Found("anthracycline_mg_m2", dose["n"], dose.span())


_READERS: tuple[tuple[Gate, Callable[[Note, Sentence], Iterable[Item]]], ...] = (
    (Gate(_WEIGHT, _BARE_BODY, _HEIGHT, _BP, _HR, _PULSE, _SPO2, _TEMPERATURE, _FAHRENHEIT, _BP_IT), _body),
    (Gate(_ECOG, _KPS), _performance),
    (HEART, read_heart),
    (Gate(_SMOKE, _PACK, _MENO, _PREGNANT, _LINES, _DOSE), _habits),
)
