"""Tumour tissue told at length: blocks and slides, how many, from where, of when, and for which tests.

All words of such a run belong to the matter. Where it is not said plainly that tissue must be there, the study settles
it with the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.tissue_available import tissue_asked
from her2nav.kinds.reading.word_runs import read_runs
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

FOR_TESTS = "tissue for the tests of the study"
_THING = r"(?:tissues?|specimens?|samples?|blocks?|slides?|biops(?:y|ies)|sections?|material|cores?|aspirates?)"
_KEY = Sought(
    rf"\b(?:tumou?r|archiv\w+|ffpe|paraffin\S*|formalin\S*|fresh|unstained|biopsy|diagnostic|pre-?treatment|pathological|histological|stored|banked)[ ,/-]+(?:[\w,/()-]+ ){{0,5}}?{_THING}\b|\b(?:archiv\w+|fresh) (?:primary )?tumou?rs?\b|\btissue (?:blocks?|available|availability|slides?|samples?|specimens?)\b|\bavailability of tissue\b"
)
_FOR = r"(?:tests?|testing|re-?testing|analys[ei]s|assessments?|re-?assessments?|confirmation|determination|evaluations?|measurements?|review|research|stud(?:y|ies)|purposes?|profiling|sequencing|assays?)"
_WORD = (
    r"(?:archiv\w+|ffpe|formalin|formalin-fixed|formaline|paraffin|paraffin-?embedded|embedded|fixed|fresh|fresh-frozen|frozen|snap|stored|banked|existing|previously|tumou?rs?|tissues?|specimens?|samples?|blocks?|slides?|sections?|material|cores?|unstained|stained|charged|cut|freshly|serial|biops(?:y|ies)|biopsied|needle|excisional|incisional|surgical|resected|resection|diagnostic|aspirates?|"
    r"availab\w+|provision|provid\w+|submit\w*|submission|sent|sufficient|adequate|enough|suitable|acceptable|required|requirement|mandatory|necessary|needed|quantity|quality|amount|viable|content|representative|at|least|minimum|of|approximately|up|to|more|than|preferably|preferred|a|an|the|any|either|or|and|and/or|both|"
    r"must|should|shall|will|can|could|may|be|is|are|have|has|having|had|able|willing\w*|agree\w*|consent\w*|undergo\w*|allow\w*|obtain\w*|collect\w*|taken|performed|done|made|retriev\w*|patients?|participants?|subjects?|individuals?|who|which|that|with|from|for|in|on|by|if|when|not|no|unless|as|per|via|it|their|this|these|those|such|"
    r"primary|metasta\w+|recurren\w+|relapsed?|lesions?|sites?|local|central\w*|laborator(?:y|ies)|lab|sponsor|designated|reference|pathology|reports?|accompanying|corresponding|associated|retrospective|prospective|confirmatory|correlative|translational|exploratory|biomarkers?|markers?|molecular|genomic|genetic|immunohistochemi\w+|ihc|expression|status|levels?|receptors?|hormone|progesterone|o?estrogen|er|pr|pgr|her|compare|response|intra-?tumoral|evaluate|assess|analy[sz]e|amplification|mutations?|"
    rf"{_FOR}|other|further|additional|planned|future|protocol|trial|study-?|most|recent|last|latest|new|newly|initial|original|baseline|screening|pre-?|pre-?treatment|on-?treatment|post-?|before|after|prior|during|within|since|following|time|date|day|diagnosis|disease|cancer|progress\w+|entry|enrol\w+|registration|randomi[sz]ation|treatment|therapy|start\w*|first|dose|initiation|without|intervening|"
    r"old|older|years?|months?|weeks?|days?|optional|possible|feasible|safe(?:ly)?|clinically|indicated|procedures?|instead|otherwise|alternatively|included?|including|e\.?g|i\.?e|cytolog\w+|bone|decalcified|fine|one|two|three|ten|micron|each|every|all|also|been|investigator'?s?|physician|judged|determined|deemed|approved|identified|identification|confirmed|shipped|shipping|received|used|use|medically|exceptions?)"
)
_RUN = re.compile(
    rf"(?:[\s,;:()\[\]/'*<>≥≤=+×&#-]|\.(?!\s)|\d+(?:\.\d+)?|{MACROS['time']}|\b{_WORD}(?![\w])|[\ue000-\uf8ff]+)+"
)
_NAMES = frozenset({"technique", "anchor", "site", "recist"})
_TESTED = frozenset({"her2", "ihc", "ish", "ngs", "gene", "hormone", "receptor", "ctdna", "pd_l1", "pdl1", "marker"})
_TESTED_FOR = re.compile(rf"[\s\w,/()-]{{0,50}}?\b{_FOR}\b")
_TEST_OF = re.compile(
    rf"\b(?:{_FOR[3:-1]}|biomarkers?|markers?|expression(?: levels)?)(?: (?:of|for|such as|including))?[\s(]*(?:[\w-]+[\s,/]+(?:and |or )?){{0,2}}\Z"
)
_OF_THE_MATTER = re.compile(r"metasta|progesterone|o?estrogen")
_HEAD = re.compile(
    r"(?:[\s,;:()\[\]/'*<>≥≤=+×&#.-]|\b(?:and|or|and/or|that|which|in|by|on|for|of|to|is|are|be|if|when|with|disease|cancer|after|before|prior|since|at(?! least)|patients?|participants?|subjects?|who|must|should|have|has|had|will|metasta\w+|primary|recurren\w+|progress\w+|treatment|therapy|status|confirmed)\b)*"
)
_TAIL = re.compile(
    r"(?:[\s,;:(\[/'*<>≥≤=+×&#.-]|\b(?:and|or|and/or|that|which|who|in|by|on|for|of|to|as|per|the|an?|be|is|are|at|with|from|has|have|had|must|should|can|may|will|any|no|not|if|when|patients?|participants?|subjects?|it|without|prior|after|before|within|during|either|unless|disease|all)\b)+\Z"
)
_POSITIVE = re.compile(r"\W*(?:positiv|negativ|overexpress|amplif|show|demonstrat|express|mutant|must show)")


def _whole(sentence: Sentence) -> Iterator[Stretched]:
    """Read sentences on nothing but tissue that must be there."""
    yield from (item for item in _told(sentence) if item.node != leaf("judgement", topic=FOR_TESTS))


def _beside(sentence: Sentence) -> Iterator[Stretched]:
    """Read words on tissue beside others, or where it is not said plainly that it must be there."""
    yield from (item for item in _told(sentence) if item.node == leaf("judgement", topic=FOR_TESTS))


def _told(sentence: Sentence) -> Iterator[Stretched]:
    """Read runs of words about tumour tissue."""
    text = sentence.text

    def read(run: re.Match[str], found: re.Match[str]) -> Stretched | None:
        first, last = _edges(sentence, run, found)
        if last < found.end() or _POSITIVE.match(text, last) or _FOUND_ON.search(text, 0, first):
            return None
        if not _about_tissue(sentence, first, last):
            return None
        said = text[first:last]
        whole = said == text[first:].rstrip(" .;") and _WHO.fullmatch(text, 0, first) is not None
        asked = tissue_asked(said) if sentence.section == "inclusion" and whole else None
        return Stretched(first, last, asked or leaf("judgement", topic=FOR_TESTS))

    return read_runs(sentence, _KEY, _RUN, read)


def _edges(sentence: Sentence, run: re.Match[str], found: re.Match[str]) -> tuple[int, int]:
    """Return a run up to the first name that is none of the matter, without loose words and brackets at its edges."""
    text, first, last = sentence.text, run.start(), run.end()
    if head := _HEAD.match(text, first, found.start()):
        first = head.end()
        first -= text.startswith("(", first - 1) and text.find(")", first, last) >= 0
    for hit in sentence.between(first, last):
        kinds = {term.category for term in hit.terms}
        tested = kinds & _TESTED and (_TESTED_FOR.match(text, hit.end, last) or _TEST_OF.search(text, first, hit.start))
        if kinds & _NAMES or tested or _OF_THE_MATTER.match(text, hit.start):
            continue
        if hit.start >= found.end():
            last = hit.start
            break
        first = max(first, hit.end)
    if tail := _TAIL.search(text, found.end(), last):
        last = tail.start()
    while text.count("(", first, last) > text.count(")", first, last):
        if text[last : last + 1] == ")":
            last += 1
            break
        last = text.rindex("(", first, last)
        if tail := _TAIL.search(text, first, last):
            last = tail.start()
    return first, last


def _about_tissue(sentence: Sentence, first: int, last: int) -> bool:
    said = sentence.text[first:last]
    return said.count("(") == said.count(")") and _DEMAND.search(said) is not None and not _RESULT.search(said)


_FOUND_ON = re.compile(r"\b(?:on|in|from|using|by|of|per|upon)(?: (?:an?|the|any|either|their))?\W*\Z")
"""In front of the sample on which something was found."""
_WHO = re.compile(
    r"(?:[\W\d]|\b(?:the|all|patients?|participants?|subjects?|must|should|will|have|has|be|is|are|who|with|there)\b)*"
)
_RESULT = re.compile(
    r"\b(?:determined|assessed|measured|tested|confirmed|detected|identified|found|documented) (?:centrally |locally )?(?:on|in|from|by|using|per|with)\b"
)
"""A result of which is said on what it was found."""
_DEMAND = re.compile(
    r"\b(?:availab|provision|provid|submi|required|mandatory|must|should|sent|collect|obtain|willing|agree|consent|undergo|archiv|for [\w ,/()-]{0,60}(?:test|analys|assess|confirm|stud|research|biomarker)|sufficient|adequate|blocks?\b|slides?\b)"
)

_CUES = (
    "tissue", "tissues", "specimen", "specimens", "sample", "samples", "block", "blocks", "slides", "biopsy", "biopsies", "tumor", "tumour",
)  # fmt: skip
SCANNERS = (
    Scanner(
        "tissue_available.told",
        _CUES,
        _whole,
        priority=0,
        section="inclusion",
        sought=(_KEY,),
        texts=(
            (
                "Tumour tissue block or at least 10 unstained slides for central HER2 testing",
                {"tissue_available": {"any_of": ["archival"]}},
            ),
            ("HER2-positive in a tissue sample", None),
        ),
    ),
    Scanner(
        "judgement.tissue",
        _CUES,
        _beside,
        priority=-4,
        sought=(_KEY,),
        texts=(("An archival tissue block may be sent", {"judgement": {"topic": FOR_TESTS}}),),
    ),
)
