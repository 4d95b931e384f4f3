"""Side effects in patients' own words: "my fingertips are numb since the oxaliplatin", "hands and feet red and peeling"."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.intake.notes.context import context, of_family
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit, Term

_PART = r"(?:fingers?|fingertips?|finger tips|toes?|feet|foot|soles?|hands?|palms?)"
_PARTS = rf"(?:my |her |his |the |both |in |of )*{_PART}(?:(?:,| and|/| or|, and) ?(?:the |my |her |his |in )*{_PART}){{0,3}}"
_NUMB = (
    r"(?:numb(?:ness)?|tingl(?:y|ing|es|e)|pins and needles|prickl(?:y|ing)|dead|without feeling|lost (?:the )?feeling)"
)
_SORE = r"(?:(?:red|sore|raw|peel(?:ing|s)?|blister(?:ed|ing|s)?|cracked|cracking|burning)(?:,? (?:and )?)?){1,4}"
_FILL = r"(?:(?:is|are|was|were|has|have|been|still|a|bit|quite|very|slightly|all|gone|went|feel|feels|felt|remain|remains|get|gets|now|got|that|which|always|often)\s){0,5}"
EFFECTS = Gated(
    rf"\b(?P<peripheral_neuropathy>{_NUMB}(?:(?:,| and|/| or) {_NUMB})?\s(?:in |of |to )?{_PARTS}\b|{_PARTS}\s{_FILL}{_NUMB}\b)"
    rf"|\b(?P<hand_foot_syndrome>(?:hands? and feet|palms? and soles?|feet and hands?|soles? and palms?|hands?, feet|feet|soles)\s{_FILL}{_SORE}|{_SORE}\s(?:hands? and feet|palms? and soles?|soles? and palms?|feet and hands?))"
    r"|\b(?P<mucositis>(?:sore|raw) mouth|mouth\s(?:is |was |still |very |so ){0,3}(?:sore|raw))\b"
    r"|\b(?P<diarrhoea>loose motions?|loose stool|watery (?:stools?|motions?)|the runs|loose bowels)\b"
    r"|\b(?P<fatigue____>tired)\b(?=[^.;\n]{0,60}[\s(,](?:ctcae )?(?:grade|gr|g)\s?[1-4]\b)"
    r"|\b(?:feels?|is|am|feeling|quite|very|more|gets?) (?P<fatigue>tired)\b|\b(?P<fatigue_>tiredness)\b"
    r"|(?<=sick and )(?P<fatigue__>tired)\b|\b(?P<fatigue___>tired) (?:most of|all|for (?:about |around )?(?:\w+ )?(?:days?|weeks?)|the (?:first|second|whole))\b"
    r"|\b(?:feels?|feeling|felt|gets?|am|is) (?P<nausea>sick)(?= (?:and tired )?(?:for|after|each|every|on the|with each|with every)\b)|(?<=[:,;] )(?P<nausea_>sick) (?:for|after|each|every|on the)\b"
    r"|\bhair (?:(?:has|is|was|went|gone|got|getting|also|all|very|quite|a bit) ){0,4}(?P<alopecia>thin(?:ner|ned|ning)?|falling out|fell out|fallen out|came out|coming out|gone)\b|\blost (?:all |most of |some of )?(?:my|her|his|the) (?P<alopecia_>hair)\b"
)


def told_effects(note: Note, sentence: Sentence) -> Iterator[Hit]:
    """Yield side effects that a sentence tells in plain words."""
    for match in EFFECTS.finditer(note.plain, sentence.start, sentence.end):
        said = context(note, *match.span())
        if said.negated or said.family or of_family(note, sentence, match.start()):
            continue
        yield Hit(*match.span(), (Term("toxicity", str(match.lastgroup).rstrip("_")),))
