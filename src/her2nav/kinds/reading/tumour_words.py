"""The words that say how far a cancer has gone, and the words around its name."""

from __future__ import annotations

import re

from her2nav.language.beginnings import BySign

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "i": "I", "ii": "II", "iii": "III", "iv": "IV", "0": "0"}
_STAGE = r"(?:iv|i{1,3}|[0-4])(?: ?[abc](?![a-z])\d?)?"
_STAGES = rf"{_STAGE}(?: ?(?:-|to|through|or|and/or|and|/|,(?: or| and)?|&) ?(?:(?:operable|resectable|unresectable) (?=stage))?(?:stage )?{_STAGE}(?![a-z]))*(?: ?/ ?[abc](?: ?/ ?[abc])*)?(?: (?:or|and) (?:greater|higher|above|more advanced|worse)\b)?"
_AFTER = r"(?! (?:setting|settings|sites?|lesions?|tissue|biops\w+|samples?|specimens?|foci|focus|nodules?|workup|work-up|potential|castration))"

_T_LIST = r"[cpy]{0,2}t(?:is(?![a-z])|[0-4])(?:[a-d](?![a-z]))?(?:mic?)?(?: ?(?:-|to|or|/|,(?: or| and)?) ?(?:[cpy]{0,2}t?[0-4](?:[a-d](?![a-z]))?(?![0-9])|[a-d](?![a-z0-9])))*"
_N_LIST = r"[cpy]{0,2}n(?:[0-3x]|\+)(?:[a-c](?![a-z]))?(?:mic?)?(?: ?(?:-|to|or|/|,(?: or| and)?) ?(?:[cpy]{0,2}n?[0-3](?:[a-c](?![a-z]))?(?![0-9])|[a-c](?![a-z0-9])))*"

PATTERNS: tuple[tuple[str, str], ...] = (
    ("stage", rf"\b(?:(?:ajcc|figo|uicc|tnm|anatomic|anatomical|clinical|pathologic|pathological|prognostic|disease)[ ,]*)*\bstages? (?:group )?(?P<stages>{_STAGES})(?![a-z0-9])"),
    ("inflammatory", r"\b[cp]?t4d\b|\binflammatory\b(?=,? (?:or|and/or) (?:\w+[ -]){0,2}?(?:early|advanced|metastatic|recurrent|operable|resectable)|, (?:early|locally|advanced|metastatic|operable))"),
    ("tnm", rf"\b(?:(?:clinical |pathologic(?:al)? )?stages? )?(?:any t(?=[ ,/]*[cpy]{{0,2}}n[0-3])|{_T_LIST})(?:[ ,/]*(?:any [cp]?n\b|(?:any |or |and )?(?:(?:clinical|pathologic|pathological|nodal stage) )?{_N_LIST}))?(?:[ ,/]*(?:and )?[cp]?m[0x]\b)?(?: stages?(?! ?(?:i{{1,3}}|iv|[0-4])\b))?|\b(?:(?=[cpy]){_N_LIST}|n[0-3][a-c]?(?: ?(?:,|/|-|,? ?or|,? ?and|to) ?n[0-3](?:[a-c](?![a-z]))?)+)(?:[ ,/]*(?:and )?[cp]?m[0x]\b)?"),
    ("unresectable", (r"\b(?:surgically |locally )?(?:un-?resectable|non-? ?resectable|(?:in|non)-? ?operable|incurable|not (?:be )?(?:surgically )?(?:resectable|operable|curable))\b(?: (?:by|with) (?:(?:available|currently|current|standard|existing) ?)+(?:therap(?:y|ies)|treatments?|options?))?"
     r"|\b(?:that (?:is|are|cannot be) |which (?:is|are) |and )?(?:not|is not|are not|cannot be) (?:a )?(?:amenable|suitable|eligible|appropriate|candidates?|treated)?(?: ?(?:to|for|with))? ?(?:(?!(?:ha(?:ve|s|d)|received|undergone|prior|previous(?:ly)?)\b)\w+[ -]){0,4}?(?:curative|definitive|radical|surgical|cure|resection|resected|surgery|cured)(?:[ ,/-]*(?:or|and|and/or|intent|with|local|definitive|curative|radical|surgical|resection|surgery|radiation|radiotherapy|therapy|treatment|therapies|chemoradiation|chemoradiotherapy|approach(?:es)?|options?|measures?|treatments|locoregional|loco-regional|by))*"
     r"|\bineligible for (?:surgery|resection)\b|\b(?:and )?not curable (?:by|with) (?:(?:available|current|currently|standard) ?)+(?:therap(?:y|ies)|treatments?)\b|\bfor which (?:no curative (?:therapy|treatment|options?) (?:is|are|exists?)(?: available)?|curative (?:therapy|treatment) (?:is|are) not (?:available|possible))\b")),
    ("locally_advanced", r"\b(?:locally|loco-? ?regionally|regionally)(?:(?: (?:and/or|or|and) |/)regionally)?[ -]advanced\b"),
    ("non_metastatic", r"\b(?:no|without)(?: (?:clinical|radiologic(?:al)?|any|known))*(?: evidence of)?(?: distant)? metasta(?:sis|ses|tic disease) ?\(?[cp]?m0\b\)?|\bnon-? ?metastatic\b|\b[cp]?m0\b"),
    ("metastatic", rf"\b(?:distant |oligo)?metastatic\b{_AFTER}|\bat least (?:one|1)(?: \(1\))? (?:documented |known |distant )*(?:sites? of (?:distant )?metastatic disease|metastatic (?:sites?|lesions?))\b(?! (?:that|which|amenable|suitable|accessible|measur|for|of|in|to|with|must|outside))|\bdist(?:ant|al) metasta(?:sis|ses)\b|\b[cp]?m1[a-d]?\b|\bdistant disease\b|\bmetastasi[sz]ed\b"),
    ("recurrent", r"\b(?:locally |loco-? ?regional(?:ly)? |regional(?:ly)? |local )?(?:recurrent|relapsed)\b|\b(?:local(?:ly)? )?(?:recurrence|relapse)(?= (?:of|or))"),
    ("persistent", r"\b(?:persistent|refractory|progressive)\b(?=,? (?:or|and/or|and|recurrent|relapsed|metastatic|advanced|unresectable|[\ue000-\uf8ff]|(?:\w+ ){0,2}(?:cancer|carcinoma|tumou?r)))|(?<=recurrent or )(?:persistent|refractory|progressive)\b|(?<=relapsed or )refractory\b|(?<=relapsed/)refractory\b|(?<=recurrent/)persistent\b"),
    ("early", r"\bearly(?:[ -]stage)?\b(?=[ -]*(?:\w+[ -]+){0,3}(?:cancer|carcinoma|disease|tumou?r|nsclc|\(|triple|her2|[\ue000-\uf8ff]))|\b(?:primary |potentially |surgically |clearly |upfront )?(?:resectable|operable)\b|\blocali[sz]ed\b|\blocal\b(?=,? (?:or |and/or )?(?:locally|loco-?regional|metastatic))"),
    ("advanced", rf"\badvanced(?:[ -]stage)?\b{_AFTER}"),
    ("residual", r"\b(?:pathological(?:ly)? |pathologically confirmed |pathologic )?(?:residual|remaining) (?:invasive )?(?:breast )?(?:disease|cancer|tumou?r|carcinoma)\b(?:[ ,]*\b(?:in|the|breast|and/or|and|or|axillary|axilla|lymph|nodes?|at|time|of|surgery|definitive|following|after|completion|neoadjuvant|neo-adjuvant|preoperative|pre-operative|systemic|chemotherapy|therapy|treatment|primary|surgical|specimen|on)\b|[/])*"),
)  # fmt: skip
SETTING = BySign(PATTERNS)
"""Words on stage and setting, each under its name."""
INSIDE = re.compile(
    r"\b(?P<metastatic>metastatic|mbc|mcrc|mcrpc|mhspc)\b|\b(?P<advanced>advanced)\b|\b(?P<early>early)\b|\b(?P<recurrent>recurrent)\b"
)
"""What a name of a tumour may say of its setting."""

JOIN = re.compile(
    r" *(?:(?P<or>\band ?/ ?or\b|\bor\b)|(?P<and>\band\b|&)|(?P<comma>,)|(?P<slash>/)|(?P<open>[(\[])|(?P<close>[)\]]))"
)
OF = re.compile(r" *\b(?:of|in|arising (?:from|in)|originating (?:in|from)|from)\b(?: (?:the|an?)\b)?(?: following\b)?")
EXAMPLES = re.compile(
    r" *(?:,? ?\b(?:including|includes?|such as|e\.? ?g\.?,?|for example|but not (?:limited|restricted) to|not (?:limited|restricted) to|like)\b,?:?)"
)
FRAME = re.compile(
    r" *(?:\b(?:histo(?:logic(?:al)?(?:ly)?|patholog\w+)|cyto(?:logic(?:al)?(?:ly)?|patholog\w+)|patholog(?:ic(?:al)?(?:ly)?|y)|microscopically|radiologically|radiographically|clinically|"
    r"histology|cytology|confirmed|proven|documented|verified|established|diagnosed|confirmation|diagnos[ie]s|evidence|newly|biopsy|biopsy-proven|biopsy-confirmed|"
    r"invasive|infiltrating|primary|malignant|malignanc(?:y|ies)|carcinomas?|cancers?|tumou?rs?|neoplasms?|disease|epithelial|high-grade|high grade|low grade|low-grade|"
    r"histolog(?:y|ies)|subtypes?|types?|variants?|features|component|adult|women|men|female|male|with|a|an|the|any|to be|either|following|one|other|type|origin|tract|unilateral or bilateral|bilateral or unilateral|unilateral|"
    r"predominantly|predominant|mixed|intrahepatic|extrahepatic|perihilar|hilar|distal|proximal|well-differentiated|poorly differentiated|moderately differentiated|differentiated|ductal|lobular|solid|that is|that are|which is|which are|(?:that |which )?ha(?:s|ve) been|have|who have|(?:been )?(?:deemed|judged)(?= (?:to be )?(?:surgically )?(?:un-?resectable|non-?resectable|in-?operable|incurable|metastatic|locally))|"
    r"progressive|by|at|screening|ajcc|v8|v7|edition|8th|7th|version|according to|as|defined|per|guidelines|patients?|participants?|subjects?|of|is|are)\b|[-\"'*])"
)
BIOMARKER = re.compile(
    r" *(?:\b(?:positive|negative|low|ultra-?low|over-?express\w*|express\w+|amplified|mutant|mutated|mutations?|receptors?|hormone|er|pr|hr|estrogen|oestrogen|progesterone|status|triple|luminal|wild-?type|ihc|ish|fish|\d\+|[0-3]\+)\b|[+]|\d\+)"
)

DENIED_BEFORE = re.compile(
    r"\b(?:therap(?:y|ies)|treat(?:ment|ments)?|regimens?|chemotherapy|lines?|agents?|drugs?|medications?|surger(?:y|ies)|resections?|radiotherapy|radiation|approved|indicat\w+|standard|"
    r"progress(?:ed|ion)?|recurrence|relapse|than|except\w*|excluding|risk|family|prevention|secondary|due|related|because|caused|from|attributable|complications?|symptoms?|investigational|received|describes?|denotes?|"
    r"receiv\w+|used|markers?|vaccin\w+|since|after|following|before|time|date|for|surgical|cured|care|management|options?|mastectomy|intent|setting|treating|history of other|number|sites?|"
    r"response|protocols?|measur(?:e|ing|ements?)|biops\w+|sample|tissue|control|spread|involvement|suspected|suspicion|suspicious|outside|beyond|interval|location|bleeding|replaced|containing|harbou?ring|nodes? (?:with|involved (?:by|with)|positive for)|(?:from|at|on|in) (?:the )?original(?: (?:diagnosis|tumou?r|biopsy))?(?: (?:and/or|or|and))?)\b"
    r"(?:[ -]+(?:locoregional|loco-regional|for|of|in|to|against|the|their|a|an|this|any|from|on|by|with|current|or|as|developing|getting|having|acquiring|malignant|a malignant|primary))*[ -]*$"
)
"""What stands before a cancer that is not said to be the patient's own now, or only of a treatment or time."""
DENIED_AFTER = re.compile(
    r"[ -]*(?:\b(?:setting|settings|therap(?:y|ies)|treatments?|regimens?|trial|study|specific|tissue|samples?|specimens?|lesions?|cells?|stem|risk|genes?|sites?|surger(?:y|ies)|chemotherapy|susceptibility|antigen|"
    r"metastas[ei]s|resistance|markers?|screening|symptoms|resection|burden|growth|progression|assessments?|imaging|biops(?:y|ies)|registry|vaccine|volume|staging|foundation|center|centre|related|associated|deposits|cytology|involvement|recurrence|block|mutational)\b)"
)
STRICT_BEFORE = re.compile(
    r"\b(?:history|prior|previous|previously|other|another|second|secondary|concurrent|concomitant|synchronous|additional|treat\w*|therap\w*|receiv\w+|surgery|resect\w+|within|family|years?|malignanc(?:y|ies)|past|received|undergone|"
    r"cured|screening|incidental|incidentally|following cancers|unless|except\w*|in situ|developed)\b"
)
"""Words that leave open, in an exclusion, whether the cancer is the patient's own one now."""
STRICT_AFTER = re.compile(
    r"[^.;:]{0,60}?\b(?:within|in the (?:last|past|previous)|years?|treated|previously|diagnosed|in situ(?!(?: |-)hybridi)|cured|disease-free|considered cured|surgery|unless|except)\b"
)
NEGATIVE = re.compile(r"\b(?:no|not|without|never|absence|free|cannot|except\w*|unless|excluding|other than)\b")
GUARD = re.compile(
    r"(?:\A|[.;:] ?)(?:\W*)(?:the |all )?(?:patients?|participants?|subjects?|those|individuals?|women|men)\b(?: (?:with|who have|having|who had|diagnosed with|must have|whose))[^.;:]*$"
)
GUARDED = re.compile(
    r"(?<!who )(?<!that )(?<!which )(?<!whom )(?<!and )\b(?:must|should|required?|requires|need|eligible|allowed|permitted|may|can|will|is|are|have to)\b"
)

_MAIN = ("0", "I", "II", "III", "IV")
_ONE_STAGE = re.compile(r"(?P<main>iv|i{1,3}|[0-4])(?: ?(?P<letter>[abc])(?![a-z]))?\d?")
_LETTER = re.compile(r"[abc](?![a-z])")
_RANGE = re.compile(r"-|\bto\b|through")
_UPWARDS = re.compile(r" (?:or|and) (?:greater|higher|above|more advanced|worse)$")
_KNOWN = frozenset({"0", "I", "II", "III", "IV", "IA", "IB", "IIA", "IIB", "IIIA", "IIIB", "IIIC", "IVA", "IVB"})


def stages_of(written: str) -> tuple[str, ...] | None:
    """Return the stages that a text names, ranges written out; None where one is not known.

    >>> stages_of("ii-iii"), stages_of("iiib/c or iv"), stages_of("iia to iiic")
    (('II', 'III'), ('IIIB', 'IIIC', 'IV'), ('IIA', 'IIB', 'III'))
    >>> stages_of("iiic or greater"), stages_of("ii or higher")
    (('IIIC', 'IV'), ('II', 'III', 'IV'))
    """
    found: list[str] = []
    last: tuple[str, str] | None = None
    at = behind = 0
    text = re.sub(r"\bstage\b", " ", written)
    upwards = _UPWARDS.search(text)
    text = text[: upwards.start()] if upwards else text
    while at < len(text):
        one, bare = _ONE_STAGE.match(text, at), _LETTER.match(text, at)
        if one:
            main, letter = _ROMAN[one["main"]], (one["letter"] or "").upper()
            if last is not None and _RANGE.search(text, behind, at):
                found += _between(last, (main, letter))
            else:
                found.append(main + letter)
            last = (main, letter)
            at = behind = one.end()
        elif bare and last is not None:
            found.append(last[0] + bare[0].upper())
            at = behind = bare.end()
        else:
            at += 1
    if last is not None and upwards:
        found += _between(last, ("IV", ""))
    found = list(dict.fromkeys(found))
    return tuple(found) if found and set(found) <= _KNOWN else None


def _between(first: tuple[str, str], last: tuple[str, str]) -> list[str]:
    """Return the stages behind the first up to the last."""
    out: list[str] = []
    low, high = _MAIN.index(first[0]), _MAIN.index(last[0])
    if low == high:
        return [first[0] + letter for letter in "ABC" if first[1] < letter <= last[1]]
    if first[1]:
        out += [first[0] + letter for letter in "ABC" if letter > first[1] and first[0] + letter in _KNOWN]
    out += list(_MAIN[low + 1 : high])
    if last[1] and last[1] != "C":
        return out + [last[0] + letter for letter in "ABC" if letter <= last[1] and last[0] + letter in _KNOWN]
    return [*out, last[0]]
