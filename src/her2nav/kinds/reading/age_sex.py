"""Age and sex."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import AllOf, Node

_MENOPAUSE = re.compile(r"menopaus|amenorr|menses|menstr|oophorect|\bfsh\b|ovari")


_OF_TISSUE = re.compile(
    r"\b(?:tissues?|samples?|specimens?|blocks?|slides?|biops(?:y|ies)|scans?|imag(?:es|ing))\b[^.;,]*$"
)
"""What is so many years old is a sample."""

_OF_A_SCALE = re.compile(r"\b(?:lansky|karnofsky|ecog|kps)\b[^.;]*(?:\b(?:for|in|if)\b|\()[^.;]*\Z")
"""In front of an age where the scale of children stands too: whom the scale binds, which demands no age."""


_AT_DIAGNOSIS = re.compile(
    r"[\s,]*(?:years?)?[\s,]*(?:of age|old)?[\s,(]*(?:at|when) (?:the )?(?:time of |first )?(?:(?:their|her|his|the|original|initial|first|primary|breast|cancer) )*diagnos"
)
"""Behind an age: it was that at the diagnosis, so whoever is older today may have been younger then."""
_ROW_OF_LIMITS = re.compile(r"[^.;:]{0,40}: ?[≤<≥>] ?\d")
"""Behind an age: its row in a table of limits by age."""


def _range(found: Found) -> Node | None:
    text = found.sentence.text
    end = found.match.end()
    if _MENOPAUSE.search(text) and found.integer("low") not in _ADULT:
        return None
    if _ROW_OF_LIMITS.match(text, end) or _AT_DIAGNOSIS.match(text, end):
        return None
    if _NAMES_AGE.search(found.match[0]) is None and _lasts(found):
        return None
    low, high = found.integer("low"), found.integer("high")
    return leaf("age", min=low, max=high) if low is not None and high is not None and low < high else None


def _bound(found: Found) -> Node | None:
    """A bound of age; one beside words on menopause says who counts as postmenopausal."""
    if _MENOPAUSE.search(found.sentence.text) and found.integer("n") not in _ADULT:
        return None
    value, sign = found.integer("n"), found.operator("op") or (">=" if found.has("older") else None)
    if value is None or sign is None or value > 120:
        return None
    if _OF_TISSUE.search(found.sentence.text, max(0, found.match.start() - 80), found.match.start()):
        return None
    if _of_a_scale(found):
        return None
    if sign in (">", ">="):
        return leaf("age", min=value if sign == ">=" or value == 18 else value + 1)
    if _AT_DIAGNOSIS.match(found.sentence.text, found.match.end()):
        return None
    return leaf("age", max=value if sign == "<=" else value - 1)


_LEADS = re.compile(r"\W*(?:(?P<female>women|woman|females?)|(?P<male>men|man|males?))\b")
_OF_SEX = {"female": re.compile(r"\b(?:women|woman|females?)\b"), "male": re.compile(r"\b(?:men|man|males?)\b")}
_OTHER = {"female": "male", "male": "female"}


def _of_one_sex(found: Found, node: Node) -> Node:
    """Ask for the sex too where the entry begins with it: "women 18 years"; not where it is on pregnancy or on both."""
    text = found.sentence.text
    leads = _LEADS.match(text)
    if leads is None or leads.start(leads.lastgroup or "") < found.match.start() or _ON_PREGNANCY.search(text):
        return node
    sex = str(leads.lastgroup)
    if _OF_SEX[_OTHER[sex]].search(text):
        return node
    return AllOf((leaf("sex", any_of=[sex]), node))


def _bare(found: Found) -> Node | None:
    """An age of adults that nothing but its place says to be one: the whole entry is the number."""
    value = found.integer("n")
    rest = found.sentence.text[found.match.end() :]
    if value not in _ADULT or not _NO_MORE.fullmatch(rest):
        return None
    return _of_one_sex(found, leaf("age", min=value))


_NO_MORE = re.compile(
    r"\W*(?:(?:years|yrs|of age|old|at (?:the )?(?:time of )?(?:screening|study entry|entry|enrol+ment|registration|inclusion|consent|signing(?: the)? (?:informed )?consent(?: form)?|randomi[sz]ation))\W*)*(?:\([^()]{0,80}\)\W*)?"
)


def _of_a_scale(found: Found) -> bool:
    text = found.sentence.text
    return "lansky" in text and _OF_A_SCALE.search(text, 0, found.match.start()) is not None


_ANOTHER_BOUND = re.compile(r"\s*(?:than|or equal|(?:the )?age|\d|[≤<≥>])")
"""Behind "18 years of age and less": not "or younger", but a second limit ("less than 75")."""


def _between(found: Found) -> Node | None:
    """Two bounds with their signs in words: "greater than or equal to 18 years of age and less than 75"."""
    low, high = found.integer("low"), found.integer("high")
    over, under = found.operator("over"), found.operator("under")
    if low is None or high is None or over not in (">", ">=") or under not in ("<", "<=") or high > 120 or low >= high:
        return None
    if _MENOPAUSE.search(found.sentence.text) or _NAMES_AGE.search(found.match[0]) is None or _of_a_scale(found):
        return None
    if _AT_DIAGNOSIS.match(found.sentence.text, found.match.end()):
        return None
    least = low if over == ">=" or low in _ADULT else low + 1
    return leaf("age", min=least, max=high if under == "<=" else high - 1)


def _most(found: Found) -> Node | None:
    text, value = found.sentence.text, found.integer("n")
    if value is None or value > 120 or _MENOPAUSE.search(text) or _ANOTHER_BOUND.match(text, found.match.end()):
        return None
    if _of_a_scale(found) or _AT_DIAGNOSIS.match(text, found.match.end()):
        return None
    return leaf("age", max=value)


def _least(found: Found) -> Node | None:
    value = found.integer("n")
    if _ANOTHER_BOUND.match(found.sentence.text, found.match.end()):
        return None
    if _MENOPAUSE.search(found.sentence.text) and value not in _ADULT:
        return None
    if _NAMES_AGE.search(found.match[0]) is None and _lasts(found):
        return None
    return leaf("age", min=value) if value is not None else None


def _lasts(found: Found) -> bool:
    """Whether the years are those that something lasts or lies back, by the words on either side."""
    text, (start, end) = found.sentence.text, found.match.span()
    return _LASTS.search(text, 0, start) is not None or _GOES_ON.match(text, end) is not None


_NAMES_AGE = re.compile(r"\bage|\bold\b|\badults\b")
_LASTS = re.compile(
    r"\b(?:free|remission|since|for|within|after|surviv\w*|treat\w*|complet\w*|duration|stable|recurrence|relapse|interval|follow\w*)(?: (?:of|a|an|at|least|the|disease))*\W*\Z"
)
"""In front of a number of years that something lasts."""


_SOME_WOMEN = re.compile(
    r"\s*(?:,(?!\s*(?:aged?\s*)?\d)|/|&|\(|(?:(?:patients?|participants?|subjects?)\s+)?(?:or|and|and/or|of|must|should|may|will|need|can|cannot|are|is|who (?:are|is|have|has|can|could|may|might|plan|become|wish)|capable|able|with (?:a )?(?:child|reproductive|partner|potential|intact)|using|taking)\b)"
)
_ON_PREGNANCY = re.compile(
    r"\bpregnan|contracep|child-?\s?bearing|\bbreast-?\s?feed|\blactat|\bnursing|\bsteril|\bfertil|\breproductive|\bbirth control|\bmenopaus|\bpost-?menopaus"
)


_HEADS_A_VALUE = re.compile(
    r"(?: (?:patients?|participants?|subjects?))?(?:['\u2019]s?)?(?:\s*:\s*(?:\Z|[^.;]*[<>≤≥] ?\d)|[^.;]*(?:\b140\s*[-\u2013\u2212]|[x\u00d7*]\s*0[.,]85\b|\b0[.,]85\s*[x\u00d7*]))"
)
"""Behind the sex: nothing but a colon, a formula for women, or a limit that is theirs."""


def _female(found: Found) -> Node | None:
    """Women are asked for; a sentence on what women must do, or on women and men, asks for none of them."""
    text = found.sentence.text
    if (
        _ON_PREGNANCY.search(text)
        or _SOME_WOMEN.match(text, found.match.end())
        or _HEADS_A_VALUE.match(text, found.match.end())
        or re.search(r"\b(?:men|males?)\b", text)
    ):
        return None
    return leaf("sex", any_of=["female"])


_TAIL = re.compile(r"\W*\Z")
_MEASURED = ("variable", "lvef", "qtc")


def _female_behind(found: Found) -> Node | None:
    """Women are asked for behind the cancer: "stage II breast cancer, female", "breast cancer in women"."""
    text, (start, end) = found.sentence.text, found.match.span()
    hits = found.sentence.between(0, start)
    if _TAIL.match(text, end) is None or not (text[:start].rstrip().endswith(",") or found.has("in")):
        return None
    if not any(hit.ids("tumour") for hit in hits) or any(hit.id(name) for hit in hits for name in _MEASURED):
        return None
    return _female(found)


_ADULT = (16, 18, 19, 20, 21)
"""Ages that, where the record lost its comparison sign, can only be the least age."""
_GOES_ON = re.compile(
    r"\s*(?:since|from|after|before|prior|ago|or (?:less|younger|under)|and (?:younger|under)|free|of (?!age)|without|with(?! no)|follow|post|earlier|until|to\b|-)"
)
_CHILDREN = re.compile(
    r"\bchild|\bp(?:a)?ediatric|\byounger\b|\bunder\b|\bless than\b|\bup to\b|\bbelow\b|\binfan|\badolesc|\bfor\b|\bwithin\b|\blast\b|\bpast\b|\bleast\b|\bthan\b|\bsince\b|\bperiod\b|[<≤]"
)


def _people(found: Found) -> Node | None:
    """An age said of people without the word "age"; a length of time that something lasts is none."""
    behind = _GOES_ON.match(found.sentence.text, found.match.end())
    if behind and not (found.integer("n") in _ADULT and behind[0].strip() == "with"):
        return None  # "patients ≥ 18 years with …" is an age, "patients > 5 years with …" none
    node = _bound(found)
    return _of_one_sex(found, node) if node is not None else None


def _unsigned(found: Found) -> Node | None:
    """An age whose comparison the record lost: only ages of adults, and never beside words on children or times."""
    text = found.sentence.text
    start, end = found.match.span()
    if (
        found.integer("n") not in _ADULT
        or _CHILDREN.search(text, max(0, start - 60), start)
        or _GOES_ON.match(text, end)
    ):
        return None
    return _of_one_sex(found, leaf("age", min=found.integer("n")))


_MEN = re.compile(r"\b(?:men|males?)\b")


def _all_female(found: Found) -> Node | None:
    """Everybody must be a woman, maybe one of an age: "all patients must be postmenopausal females"."""
    text = found.sentence.text
    if _MEN.search(text) or _SOME_WOMEN.match(text, found.match.end()):
        return None
    node: Node = leaf("sex", any_of=["female"])
    if not found.has("state"):
        return node
    state = "premenopausal" if found.text("state").startswith("pre") else "postmenopausal"
    return AllOf((node, leaf("menopausal_status", any_of=[state])))


_NOTHING_BEHIND = re.compile(r"[\s.;]*\Z")


def _all_male(found: Found) -> Node | None:
    """Everybody must be a man; nothing else is said."""
    return leaf("sex", any_of=["male"]) if _NOTHING_BEHIND.match(found.sentence.text, found.match.end()) else None


RULES = (
    Rule(
        "sex.all_female",
        (
            "^[all|the] (patients|participants|subjects|individuals|patient|participant|subject) (must be|should be|are|is|are to be|have to be|has to be) [adult] [({postmenopausal}|premenopausal):state] (female|females|women) [only]",
        ),
        _all_female,
        priority=9,
        section="inclusion",
        texts=(
            ("All patients must be female", {"sex": {"any_of": ["female"]}}),
            ("Participants must be adult women", {"sex": {"any_of": ["female"]}}),
            (
                "All subjects must be postmenopausal women",
                {
                    "all_of": [
                        {"sex": {"any_of": ["female"]}},
                        {"menopausal_status": {"any_of": ["postmenopausal"]}},
                    ]
                },
            ),
            ("Patients must be women or men", None),
            ("Participants must be women of childbearing potential using contraception", None),
        ),
    ),
    Rule(
        "sex.all_male",
        (
            "^[all|the] (patients|participants|subjects|individuals|patient|participant|subject) (must be|should be|are|is|are to be|have to be|has to be) [adult] (male|males|men) [only]",
            "^[adult] (male|men) [patients|participants|subjects] [only]",
        ),
        _all_male,
        priority=9,
        section="inclusion",
        texts=(
            ("All patients must be male", {"sex": {"any_of": ["male"]}}),
            ("Male patients", {"sex": {"any_of": ["male"]}}),
            ("Male or female patients", None),
            ("Men must use a condom", None),
            ("Male patients with partners who can have children must use contraception", None),
        ),
    ),
    Rule(
        "age.range",
        (
            "[ages|aged|age|adults] [of|from|between|range|is|:|must be] {digits:low} [years|yrs] (to|-|and|through|until) {digits:high} (years|yrs|year) [of age|old]",
            "(age|aged|ages) [of|from|between|range|is|:|must be] {digits:low} [years|yrs] (to|-|and|through|until) {digits:high}",
            "(age|aged|ages) [(of|is|:)] (≥|>|equal or superior to|superior or equal to) {digits:low} [years|yrs] [of age|old] (and|to|,) (≤|<) {digits:high} [years|yrs] [of age|old]",
        ),
        _range,
        priority=2,
        texts=(
            ("Aged 18 to 75 years", {"age": {"min": 18, "max": 75}}),
            ("between 18 and 70 years of age", {"age": {"min": 18, "max": 70}}),
            ("Adjuvant therapy ended 2 to 6 years before randomisation", None),
        ),
    ),
    Rule(
        "age.between",
        (
            "(age|aged|ages) [of|is|:|must be] {op:over} {digits:low} [years|yrs] [of age|old] (and|but|to|,) {op:under} {digits:high} [years|yrs] [of age|old]",
            "{op:over} {digits:low} (years|yrs) [of age|old] (and|but|to|,) {op:under} [age|age of|the age of] {digits:high} [years|yrs] [of age|old]",
            "{op:over} {digits:low} (and|but|to|,) {op:under} {digits:high} (years|yrs) (of age|old)",
        ),
        _between,
        priority=3,
        section="inclusion",
        texts=(
            ("Age greater than or equal to 18 years old and less than 75 years old", {"age": {"min": 18, "max": 74}}),
            ("At least 18 years of age and under the age of 70", {"age": {"min": 18, "max": 69}}),
            ("≥ 18 years and ≤ 80 years of age", {"age": {"min": 18, "max": 80}}),
            ("Platelets > 18 and < 75", None),
        ),
    ),
    Rule(
        "age.bound",
        (
            "(age|aged|ages) [of|is|:|must be|are] {op:op} {digits:n} [years|yrs|year] [of age|old]",
            "{op:op} {digits:n} (years|yrs|year) (of age|old)",
        ),
        _bound,
        priority=1,
        texts=(("Age >= 18 years", {"age": {"min": 18}}), ("under 80 years of age", {"age": {"max": 79}})),
    ),
    Rule(
        "age.most",
        (
            "(age|aged|ages) [of|:|is] {digits:n} [years|yrs|year] [of age|old] (or|and) (younger|less|under|below)",
            "{digits:n} (years|yrs) (of age|old) (or|and) (younger|less|under|below)",
        ),
        _most,
        priority=2,
        texts=(("Age 65 years or younger", {"age": {"max": 65}}),),
    ),
    Rule(
        "age.bare",
        (
            "^[patients|adults|women|men|participants|subjects|aged|ages] (over|above|older than|at least) {digits:n} [years|yrs]",
            "^[patients|adults|women|men|participants|subjects|aged|ages|women and men|men and women] [,|;|:] {digits:n} [years|yrs] [old|of age] (and|or) (over|older|above|upper|more)",
            "(women|men|females|males) [;|,|:] (≥|>) {digits:n} (years|yrs) [at (the time of|screening)]",
        ),
        _bare,
        priority=1,
        section="inclusion",
        texts=(
            ("18 and over", {"age": {"min": 18}}),
            ("Over 18", {"age": {"min": 18}}),
            ("Over 18 months since surgery", None),
        ),
    ),
    Rule(
        "age.least",
        (
            "[age|aged|ages] [of|:] {digits:n} (years|yrs|year) [of age|old] (or|and) (older|over|above|greater|more) [years] [of age|old]",
            "(age|aged|ages) [of|:] {digits:n} [years|yrs|year] [of age|old] (or|and) (older|over|above|greater|more)",
            "(over|above) [the] age of {digits:n} [years]",
            "(minimum|minimum age) [of|is|:] {digits:n} (years|yrs) [of age|old] [or older]",
            "{digits:n} (years|yrs) of age and (older|above|over)",
        ),
        _least,
        priority=2,
        texts=(("18 years of age or older", {"age": {"min": 18}}),),
    ),
    Rule(
        "age.lost_sign",
        (
            "(women|men|adults|patients|male|female|females|males|participants|subjects|gender) [,|:|and] [must be] [of] (age|aged) {digits:n} [years|yrs] [of age|old]",
            "^age [:] {digits:n} [years|yrs] [of age|old]",
            "(women|men|adults|patients|male|female|females|males|participants|subjects|adult|patient|subject|participant) [(must be|is|are)] {digits:n} (years|yrs)",
            "{digits:n} (years|yrs) (of age|old)",
        ),
        _unsigned,
        section="inclusion",
        texts=(
            ("Women aged 18 years", {"all_of": [{"sex": {"any_of": ["female"]}}, {"age": {"min": 18}}]}),
            ("Women or men aged 18 years", {"age": {"min": 18}}),
            ("Patient is male or female and 18 years of age on the day of consent", {"age": {"min": 18}}),
            ("no longer than 18 years of age", None),
            ("disease free for 20 years", None),
        ),
    ),
    Rule(
        "age.people",
        (
            "(women|men|adults|patients|male|female|females|males|participants|subjects|adult|patient|subject|participant) [,] [(must be|is|are|who are|should be|aged)] {op:op} {digits:n} (years|yrs)",
        ),
        _people,
        section="inclusion",
        texts=(
            ("Patients greater than or equal to 18 years", {"age": {"min": 18}}),
            ("Adult patients, at least 18 years with measurable disease", {"age": {"min": 18}}),
            ("patients at least 5 years with disease", None),
            ("patients more than 5 years since surgery", None),
        ),
    ),
    Rule(
        "sex.female",
        (
            "^(female|females|women|woman) [only]",
            "^(are|is|must be|adult|patients must be|participants must be|subjects must be) [adult] (female|females|women|woman) [only]",
            "female sex",
            "^(sex|gender) [:|is] (female|females|women) [only]",
        ),
        _female,
        section="inclusion",
        texts=(
            ("Female patients", {"sex": {"any_of": ["female"]}}),
            ("Are females", {"sex": {"any_of": ["female"]}}),
            ("Are females or males", None),
            ("Sex: female", {"sex": {"any_of": ["female"]}}),
            ("Women must not be pregnant", None),
            ("Women or men aged 18 or older", None),
        ),
    ),
    Rule(
        "sex.female_behind",
        (
            "[(in):in] [(adult|postmenopausal|premenopausal)] (female|females|women) [only] [(patients|participants|subjects)]",
        ),
        _female_behind,
        section="inclusion",
        texts=(
            ("breast cancer of stage II, female", {"sex": {"any_of": ["female"]}}),
            ("metastatic breast cancer in women", {"sex": {"any_of": ["female"]}}),
            ("breast cancer in male or female patients", None),
            ("haemoglobin above 9 g/dL in women", None),
        ),
    ),
)
