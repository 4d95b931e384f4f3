"""Treatment given before: drugs and procedures with their setting, time and outcome.

A sentence is cut into tokens; a stretch without unknown words that names a treatment and says that it was given, when,
or with what outcome is read. Words that narrow the meaning and that no parameter holds end the stretch: they stay
unread beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.treatment_listed import listed
from her2nav.kinds.reading.treatment_narrowing import with_purposes
from her2nav.kinds.reading.treatment_prepared import sited, unshortened
from her2nav.kinds.reading.treatment_stretches import read_stretch
from her2nav.kinds.reading.treatment_tokens import tells, tokens
from her2nav.kinds.reading.treatment_words import Token
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf

_FIRST_WORDS = 40
_ENDS = frozenset({"word", "stop", "deny", "unclear"})
_NOT_THERAPY = Sought(
    r"\bto be treated in the (?:neo-?adjuvant|adjuvant)\b|\brecovered\b[^.;]{0,60}\b(?:effects|toxicit(?:y|ies)) of (?:any |all |the )?(?:prior|previous|earlier)\b|\bchild-? ?bearing\b|\bcontracept|\bcount(?:s|ed)? (?:as|towards?)\b|\b(?:will|is|are|would|shall) (?:not )?(?:be )?considered (?:as )?(?:an? |one |1 )?(?:prior |single |separate |part of )?(?:lines?|regimens?|treatments?|therap(?:y|ies)|courses?)\b(?! for (?:the )?(?:primary )?(?:neoplasm|cancer|tumou?r|malig))|\bsperm\b|^\W*data must\b|\bconsidered (?:to have|as having) (?:failed|had|received|progressed)\b"
    r"|\b(?:oncologist|physician|investigator|doctor|surgeon|cent(?:er|re)|institution)s? (?:must|should|has to|have to)\b|\bmust be (?:after|beyond|past)\b|\bif there (?:was|is|has been) (?:disease )?progression\b[^.;]*\bat least\b"
)
_THERAPY = Sought(r"\b(?:lines?|regimens?) of\b|\bprior (?:therapy|treatment)\b")


def statements(sentence: Sentence) -> Iterator[Stretched]:
    """Read what a sentence tells of treatments."""
    if any(hit.ids("brain_metastases") or hit.ids("leptomeningeal") for hit in sentence.hits) and not _THERAPY.search(
        sentence.text
    ):
        return
    if any(hit.ids("other_cancer") and hit.start < _FIRST_WORDS for hit in sentence.hits):
        return
    if not tells(sentence.text) or _NOT_THERAPY.search(sentence.text):
        return
    run: list[Token] = []
    before: list[Token] = []
    for token in [
        *with_purposes(
            sentence,
            [*sited(sentence.text, [*unshortened(sentence.text, listed(sentence, [*tokens(sentence)]))])],
        ),
        Token("stop", len(sentence.text), len(sentence.text)),
    ]:
        if token.kind not in _ENDS and not _strange_site(token, run) and not _is_label(sentence, token, run):
            run.append(token)
            continue
        yield from (_of_an_earlier_cancer(sentence, one) for one in read_stretch(sentence, run, before))
        before = [*before, *run, token] if token.kind != "stop" else []
        run = []


_EARLIER = Sought(
    r"\A\W*(?:(?:any|a|an|known|personal|past|prior|previous|earlier) )*(?:prior|previous|earlier|past|history of)\b"
    r"(?P<cancer>[^.;:()]{3,60}?)\b(?:(?:that|which) (?:was|were|has been|have been) )?(?:previously |successfully )?treated (?:by|with)\b"
)


def _of_an_earlier_cancer(sentence: Sentence, read: Stretched) -> Stretched:
    """Return what an exclusion says of a cancer of the past, "prior lymphoma treated with chemotherapy", as that one's own."""
    found = _EARLIER.search(sentence.text) if sentence.section == "exclusion" else None
    if found is None or read.start > found.end():
        return read
    if not any(hit.id("tumour") for hit in sentence.between(*found.span("cancer"))):
        return read
    theirs = leaf("judgement", topic="whether it was for the cancer that is named")
    return Stretched(read.start, read.end, AllOf((read.node, theirs)))


def _is_label(sentence: Sentence, token: Token, run: Sequence[Token]) -> bool:
    """Whether a name with a colon begins the next paragraph: "No prior chemotherapy Endocrine therapy: not specified"."""
    if token.kind != "item" or sentence.text[token.end : token.end + 1] != ":":
        return False
    last = next((one for one in reversed(run) if one.kind != "frame"), None)
    return last is not None and last.kind in (
        "item",
        "noun",
        "setting",
        "disease_name",
        "disease",
    )


def _strange_site(token: Token, run: Sequence[Token]) -> bool:
    """A body site belongs to the statement only behind a procedure: "radiotherapy to the chest"."""
    if token.kind != "site":
        return False
    last = next(
        (item for item in reversed(run) if item.kind not in ("frame", "to", "or", "and", "comma", "site", "narrow")),
        None,
    )
    return not (last is not None and last.kind == "item" and last.value.procedure) or not any(
        item.kind == "to" or item.kind == "site" for item in run[-4:]
    )


SCANNERS = (
    Scanner(
        "prior_therapy.statement",
        ("drug", "regimen", "medication", "technique", "surgery", "surgical", "cyp", "cytochrome", "radiotherapy", "radiation", "irradiation", "therapy", "treatment", "therapies", "treatments", "treated", "lines", "line", "regimens", "regimen", "operation", "transplant", "transplantation", "investigational", "experimental", "vaccine", "biopsy", "trauma", "injury", "vaccines", "vaccination", "xrt", "rt", "target", "targets", "targeting", "directed"),
        statements,
        priority=3,
        texts=(
            ("prior treatment with trastuzumab and a taxane, separately or in combination", {"all_of": [{"prior_therapy": {"drugs": ["trastuzumab"]}}, {"prior_therapy": {"drugs": ["taxane"]}}]}),
            ("No previous agents that target EGFR", {"prior_therapy": {"drugs": ["egfr_inhibitor"]}}),
            ("No earlier topoisomerase I inhibitor (TOPO1) antibody drug conjugate was received", {"prior_therapy": {"drugs": ["topo1_adc"]}}),
            ("No previous paclitaxel and carboplatin combination", {"prior_therapy": {"drugs": ["paclitaxel", "carboplatin"]}}),
            ("No previous combination paclitaxel and carboplatin", {"prior_therapy": {"drugs": ["paclitaxel"], "together_with": ["carboplatin"]}}),
            ("Trastuzumab given for metastatic disease for at least 6 weeks", None),
            ("Previous trastuzumab for at least 6 weeks for metastatic disease", {"all_of": [{"prior_therapy": {"drugs": ["trastuzumab"], "settings": ["metastatic"]}}, {"judgement": {"topic": "whether it was for at least 6 weeks"}}]}),
            ("A minimum of 6 weeks of prior trastuzumab", {"all_of": [{"prior_therapy": {"drugs": ["trastuzumab"]}}, {"judgement": {"topic": "whether it was a minimum of 6 weeks of"}}]}),
            ("Previous doxorubicin not to exceed 300 mg/m2", {"any_of": [{"not": {"prior_therapy": {"drugs": ["doxorubicin"]}}}, {"judgement": {"topic": "whether it was not to exceed 300 mg/m2"}}]}),
            ("Prior radiotherapy must have been completed before registration", {"judgement": {"topic": "to have ended before the study: radiotherapy"}}),
            ("Previous treatment with gemcitabine is prohibited", {"not": {"prior_therapy": {"drugs": ["gemcitabine"]}}}),
            ("Prior biologic therapy allowed and recovered", {"judgement": {"topic": "recovery from the effects of earlier treatment"}}),
            ("More than 3 weeks since last chemotherapy (6 weeks for nitrosoureas; 1 week for capecitabine)", {"all_of": [
                {"washout": {"drugs": ["chemotherapy"], "except_drugs": ["nitrosourea", "capecitabine"], "days": 22}}, {"washout": {"drugs": ["nitrosourea"], "days": 43}}, {"washout": {"drugs": ["capecitabine"], "days": 8}}]}),
            ("At least 7 days since prior and no concurrent amiodarone", {"not": {"concomitant_medication": {"any_of": ["amiodarone"], "within_days": 6}}}),
            ("Previously untreated with any chemotherapy for metastatic disease", {"not": {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["metastatic"]}}}),
            ("Prior systemic therapy", None),
            ("Previously treated with pertuzumab and/or T-DM1", {"prior_therapy": {"drugs": ["pertuzumab", "trastuzumab_emtansine"]}}),
        ),
    ),
)  # fmt: skip
