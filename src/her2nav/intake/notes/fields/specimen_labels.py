"""How reports write the letter, the number or the block of a specimen, and what they say beside it."""

from __future__ import annotations

import re

WORD = (
    r"(?:parts?|specimens?|samples?|tissues?|containers?|blocks?|blks?|cores?|biops(?:y|ies)|bx|sites?|tumou?rs?|lesions?|foci|focus|"
    r"mass(?:es)?|nodules?|cases?|materials?|mat\.?|specs?\.?|preparations?|pots?|jars?|vials?|items?|ad|no\.)"
)
LABEL = r"(?:[IV]{2,4}(?!\w)|[A-La-l]-?\d{1,2}|[A-La-l]|\d{1,2}[A-La-l]\d?|[1-9]|V|[SsPp#][1-9])"
ENTRY = (
    rf"[ \t>*•|-]{{0,6}}(?:(?i:(?P<word>{WORD})[ \t]{{0,2}}[:#]?[ \t]{{0,2}}))?(?P<label>{LABEL})"
    r"(?P<sign>[ \t]{0,2}(?:[.):=|,\]](?=[ \t])|[-–—](?=[ \t]))|\t+|[ ](?=\()|[ ]{1,3}(?=\w))"
)
FIRST = re.compile(ENTRY)
OPENING = re.compile(r"[\n\t(\[.;,:|](?:(?<=[\n\t(\[])|[ ]{1,2})[(\[]?" + ENTRY)
GAPPED = re.compile(r"(?<=\S)[ ](?P<word>(?!))?(?P<label>[1-9]|[A-H])(?P<sign>[.):](?=[ ]))")
"""An entry within a line, which a gap parts from the one before it."""
"""Where an entry begins: "A. ", "Part 1: ", "(A: ", "Block B1 (", "#2 "."""
BARE_SIGN = re.compile(r"[ \t]{0,2}[.):=\]](?:$|[ \t])?|\t+")
DASHES = ("-", "–", "—")
SHORT = re.compile(r"[sp#][1-9]")
BLOCK = re.compile(r"(?P<p>[a-l])-?\d{1,2}|(?P<n>\d{1,2})[a-l]\d?")
ROMAN = re.compile(r"[iv]{1,4}")
RESULT = re.compile(r"\b(?:her-?2|erbb2|ihc|fish|cish|sish|ish|c-?erb)\b|(?<![\w+])[0-3]\s?\+|\n")
HER2 = re.compile(r"\b(?:her-?2|erbb2|ihc|fish|cish|sish|ish)\b")
INDENTED = (" ", "\t", "-", "•", "*")
"""How the lines begin that go on with an entry."""
STOP = re.compile(r"(?<=\w{4})\.\s")
BLOCK_INSIDE = re.compile(r"\b(?:block|blk)s?\s(?P<b>[a-l]-?\d{1,2}|\d{1,2}[a-l]?\d?)\b")
SENTINEL = re.compile(r"\bsentinel\b|\bsln\b")
CELL_BLOCK = re.compile(r"\bcell[- ]?block\b")
FREE = re.compile(
    r"\b(?:negative for (?:\w+ )?(?:tumou?r|carcinoma|malignan\w+|metasta\w+)|no (?:evidence of )?(?:\w+ )?(?:tumou?r|malignan\w+|carcinoma|metasta\w+)|free of (?:tumou?r|carcinoma|disease|malignan\w+)|(?:is|are|was|were)\s(?:also\s|both\s|all\s)?(?:negative|benign|free|clear|uninvolved|not involved)(?=\s?(?:[.,;]|$|of\b))"
    r"|(?:chronic|acute|active|inactive|reactive|erosive)\s(?:\w+\s){0,2}(?:gastritis|colitis|duodenitis|o?esophagitis|cystitis|endometritis)"
    r"|benign|fibroadenoma|not involved|uninvolved|0\s?/\s?\d{1,2})\b"
)
"""What says that a specimen holds no cancer."""
CANCER = re.compile(r"\b(?:\w*carcinoma|\w*sarcoma|cancer|metasta\w+|malignan\w+|idc|ilc|tumou?r cells)\b")
AGAIN = re.compile(
    rf"(?<![\w./-])(?:(?i:(?P<word>{WORD})[ \t]?[#:]?[ \t]?))?(?P<labels>{LABEL}(?:(?:,[ ]|[ ]?/[ ]?|[ ](?:and|&|\+|or)[ ]|[ ]?&[ ]?)(?:(?i:{WORD})[ ])?{LABEL})*)(?![\w%])(?!\s?(?:cm|mm|x\b|of\s\d)|[.,/]\d|\+)"
)
ONE = re.compile(LABEL)
CLONES = frozenset({"4b5", "1e2", "1d5", "6f1", "1a6", "1e1", "2b1", "5h4", "6f4", "8a4", "5a1"})
"""Antibodies that are written as blocks are, whole or as far as a block goes: 4B5 of HER2, 1E2 and 6F11 of the receptors."""
LED = re.compile(
    r"(?:^|[\n\t;:,.(|]\s?|\b(?:in|on|of|from|for|to|and|both|while|whereas|but|only|was|block|specimen|sample|part|her-?2|ihc|d?-?d?(?:fish|cish|sish|ish))\s)$"
)
FOLLOWED = re.compile(
    r"\s?(?:[:=),;|\t\n]|$|\.(?:\s|$)|\((?!\d))|\s(?:[-–]\s|and\b|was\b|is\b|are\b|were\b|scor\w+|show\w*|had\b|has\b|her-?2|ihc|fish|ish|cish|sish|not\b|non|amplif\w*|only\b|neg\w*|pos\w*|equivocal|[0-3]\s?\+|0\b|[0-3]\b)"
)
SCORED = re.compile(r"\s?[:=]?\s?(?:[0-3]\s?\+|0\b)")
BRACKETED = re.compile(r"\)")
TO = re.compile(r"\b(?:to|in|on|of|for|no\.)\s\(?$")
_PLURAL = r"(?:parts|specimens|samples|sites|cores|tumou?rs|lesions|blocks|biopsies|foci)"
ALL = re.compile(
    rf"\b(?:(?P<both>both)(?:\s(?:of\s)?(?:the\s)?{_PLURAL})?|(?P<all>all(?:\s(?:of\s)?(?:them|three|four|five|the)){{0,2}}(?:\s{_PLURAL})|all (?:of them|three|four|five)|(?:(?<=^)|(?<=[\n;:,.(]\s)|(?<=[\n(]))all))(?=\s?(?:[.,;:)]|$)|\s(?:are|were|show\w*|scored?)\b)"
)
HEADS_SPECIMENS = re.compile(
    r"\breceived(?:\son)?[,\s][\d ./-]{6,12}:\s?$|\b(?:specimens?|samples?|materials?|tissues?|parts)(?:\s(?:submitted|received|examined|tested|listed?|reviewed|sent))?\s?(?:\([^()\n]{0,20}\)|,\s[\w ./-]{4,18})?\s?[:=-]*\s*[(\[]?$"
)
NO_FINDINGS = re.compile(
    r"\b(?:plan|recommend\w*|opinion|conclusions?|comments?|summary|problems?|impression|advice|questions?|medic\w+|treatment|therapy|history|decisions?|references?|outcome|actions?|remarks?|discussion|diagnoses)\b"
)
"""Words of a heading whose numbers are not those of the specimens."""
COMPARED = re.compile(
    r"\b(?:from|than|unlike|like|as in|resembl\w+|similar to|identical to|compared (?:with|to)|in contrast to|difference to|differs from|same as)\s(?:that\s(?:of|in)\s|those\s(?:of|in)\s)?(?:the\s)?$"
)
"""Words before a specimen with which another one is compared."""
COMPARED_ONLY = re.compile(r"\b(?:differ\w*|unlike|than|resembl\w+|similar|identical|compared|contrast|like|same)\b")
THIS_ONE = re.compile(
    r"\b(?:this|that|the same|the present)\s(?:block|specimen|sample|part|biopsy|tissue|core|node|lesion|tumou?r)\b"
)
"""Words for the specimen that the paragraph speaks of."""
SAME_EVENT = re.compile(
    r"\b(?:same|that) (?:operation|procedure|session|surgery|specimen|endoscopy|day|date|sitting)\b|\bditto\b"
)
SCOPED = re.compile(r"\b(?:ogd|egd|gastroscopy|colonoscopy|oesophagoscopy|sigmoidoscopy|endoscopy|endoscopic)\b")
FOCUS = re.compile(r"tumou?rs?|lesions?|foci|focus|nodules?|mass(?:es)?")
"""Words for one of several tumours of an organ."""
