"""What is named in a sentence about treatment: drugs, classes, procedures, medicines by the enzyme they act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from her2nav.kinds.reading.base import Sentence
from her2nav.knowledge.load import Knowledge
from her2nav.language.beginnings import starting
from her2nav.language.dictionary import Hit, Term
from her2nav.language.sought import Signals, Sought
from her2nav.model.base import Frozen
from her2nav.model.values import Several

PROCEDURES = "criteria/procedure_words.csv"


class Treatment(Frozen):
    """A treatment that is named: a drug or class, or a procedure.

    Attributes:
        drugs: Ids; one of them. Empty with no procedure: any systemic anticancer therapy.
        together: Drugs given in the same course.
        procedure: Kind of procedure, None for drugs.
        params: Further parameters of the procedure, as pairs.
        medicine: It is no anticancer therapy.
        unknown: A name that no vocabulary holds, as it is written.
        narrow: Words that narrow it and that no parameter holds.
        without: Classes that are not meant: "non-hormonal therapy".
    """

    drugs: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    procedure: str | None = None
    params: tuple[tuple[str, Any], ...] = ()
    medicine: bool = False
    unknown: str = ""
    narrow: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


_HEAD = re.compile(
    r"(?P<names>(?:cdk ?4/6|(?:anti[- ]?)?[a-z0-9()-]{2,18})(?:(?:,? (?:and|or|and/or) |, ?|/)(?:(?:an )?(?:cdk ?4/6|(?:anti[- ]?)?[a-z0-9()-]{2,18})(?: \([^)]{1,20}\))?)){1,5})(?:,? |-)(?P<head>inhibitors?|antibod(?:y|ies)|agonists?)\b"
)


_SPELLED = re.compile(
    r"(?:(?!(?:with|an?|the|any|or|and|prior|previous|treatment|therapy|known|other|to|for|use|received?|inhibitors?|both|either)\b)[a-z0-9αβ/-]+(?: ?\([a-z -]{2,14}\))?[ -]+){1,6}\((?P<short>[a-z0-9/-]{2,12})\)[ -]*(?P<head>inhibitors?|antagonists?|antibod(?:y|ies)|agonists?)\b"
)
"""A target spelled out, its short name in brackets: "poly(ADP-ribose) polymerase (PARP) inhibitor"."""


def spelled_out(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Read a class by the short name in the brackets."""
    found = _SPELLED.match(sentence.text, at)
    if found is None:
        return None
    head = found["head"].removesuffix("s").replace("bodie", "body")
    known = sentence.knowledge.drugs.classes_named(f"{found['short']} {head}")
    return (found.end(), Treatment(drugs=known)) if len(known) == 1 else None


_NOUNS = r"(?:therap(?:y|ies)|treatments?|agents?|drugs?|medications?|products?|regimens?)"
_SORTS = r"(?:investigational|experimental|cytotoxic|chemotherapeutic|hormonal|hormone|anti-?hormonal|endocrine|biologic(?:al)?|immunologic(?:al)?|immune|targeted|anti-?neoplastic|anti-?cancer|anti-?tumou?r)"
_ADJECTIVE = re.compile(
    rf"(?P<name>{_SORTS})(?= ?(?:,|/|or\b|and\b)(?: ?(?:,|/|\bor\b|\band/or\b|\band\b|\bother\b|\bany\b|\bconcomitant\b|\bconcurrent\b|\bradiotherapy\b|\bradiation\b|{_SORTS}))* (?:{_NOUNS}|(?:chemo|radio|immuno)therap(?:y|ies))\b)"
)
"""One of several adjectives before a noun they share: "investigational or anticancer agents"."""


def adjective_in(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Read an adjective together with the noun it shares; it must name a class with it."""
    found = _ADJECTIVE.match(sentence.text, at)
    if found is None:
        return None
    known: tuple[str, ...] = ()
    for noun in ("therapy", "agent", "drug"):
        known = known or sentence.knowledge.drugs.classes_named(f"{found['name']} {noun}")
    if len(known) != 1:
        return None
    systemic = known[0] == sentence.knowledge.line_rules.systemic
    if known == _ANTIBODIES and found["name"].startswith("biologic"):
        known = _BIOLOGICS
    return found.end(), Treatment() if systemic else Treatment(drugs=known)


_TARGET = r"[a-z][a-z0-9]*(?:[-.][a-z0-9.]+)*(?:/neu)?(?: ?\([a-z0-9/-]{2,9}\))?"
_AND = r"(?: ?/ ?|-?,? (?:and/or|and|or) (?:the )?|, )"
_AT_TARGET = re.compile(
    rf"(?:agents?|drugs?|therap(?:y|ies)|treatments?|inhibitors?|antibod(?:y|ies)|medications?|compounds?)(?: that| which| are| is| and| specifically| directly| selectively| primarily)* (?:target(?:s|ing)?|targeted (?:at|to|against)|directed (?:against|at|to|towards?)|inhibit(?:s|ing)?|block(?:s|ing)?|against|(?<=inhibitors )of|(?<=inhibitor )of) (?:the )?(?P<names>{_TARGET}(?:{_AND}{_TARGET}){{0,3}})(?: (?:receptors?|pathways?|proteins?|kinase activity))?(?![\w-])"
    rf"|(?P<before>{_TARGET}(?:{_AND}{_TARGET}){{0,3}})[ -](?:directed|targeted|targeting|inhibiting|blocking) (?:anti-?cancer |anti-?tumou?r |systemic )?(?P<noun>therap(?:y|ies)|treatments?|agents?|drugs?|medications?|inhibitors?|antibod(?:y|ies)|adcs?|antibody[- ]drug[- ]conjugates?)\b"
)
"""Drugs by what they act on: "agents that target EGFR and/or HER2", "Trop-2-directed therapy"."""
_AIMS = (
    "target",
    "directed",
    "inhibiting",
    "against",
    "blocking",
    "inhibitor of",
    "inhibitors of",
)
_FRONT = re.compile(
    r"^(?:an?|the|any|prior|other|another|with|to|of|or|and|molecularly|previous|treatment|received?|by|cyp\w*|cytochrome|p-gp|p450|hepatic|liver|the|its|this|study)\b"
)


def targets_in(text: str) -> bool:
    """Whether a text may name drugs by what they act on."""
    return any(word in text for word in _AIMS)


def targeted_at(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Read drugs by their targets: classes where all targets are known, else the words as they stand.

    A name that is neither known nor holds a number may be anything ("agents directed against the tumour").
    """
    found = _AT_TARGET.match(sentence.text, at)
    if found is None:
        return None
    written = found["names"] or found["before"]
    if _FRONT.match(written):
        return None
    ontology = sentence.knowledge.drugs
    head = "inhibitor"
    if found["noun"] and re.match("adc|antibody.drug", found["noun"]):
        head = "-directed ADC"
    elif (found["noun"] or found[0]).startswith("antibod"):
        head = "antibody"
    drugs: list[str] = []
    unknown = False
    for name in re.split(_AND, re.sub(r"/neu\b", "", written)):
        short = re.sub(r" ?\([^)]*\)", "", name).strip("- ")
        known: tuple[str, ...] = ()
        for form in (
            f"{short}{head}",
            f"{short} {head}",
            f"{short}-directed therapy" if head == "inhibitor" else short,
        ):
            known = known or ontology.classes_named(form)
        if len(known) != 1:
            if not any(sign.isdigit() for sign in short) and not drugs:
                return None
            unknown = True
        drugs += known
    if unknown:
        return (found.end(), Treatment(unknown=found[0])) if any(map(str.isdigit, written)) else None
    return found.end(), Treatment(drugs=tuple(dict.fromkeys(drugs)))


_TRIAL_PRODUCT = re.compile(
    r"(?:(?:non-?approved|unapproved|un-?licensed|investigational|experimental|investigative)(?:,? (?:and/or|and|or) |, | ))+"
    r"(?:(?:new|anti-?cancer|anti-?tumou?r|therapeutic|diagnostic|medicinal|medical|drug|interventional|pharmacological|systemic|biologic|oncology)(?:,? (?:and/or|and|or) |, |/| ))*(?:agents?|products?|drugs?|therap(?:y|ies|eutics?)|treatments?|compounds?|medications?|medicines?|substances?)(?:\(s\))?(?!\w)(?: (?:and/or|or) (?:investigational |medical )?(?:devices?|procedures?)\b)?"
)


_NOT_APPROVED = re.compile(
    r"(?:agents?|drugs?|products?|medications?|therap(?:y|ies)|treatments?|compounds?|medicines?) (?:that|which) (?:(?:has|have|had|is|are|was|were) )?not (?:(?:yet|been|currently|received) )*(?:(?:fda|ema|regulatory|health authority|us fda|u\.s\. fda)[- ])?(?:approved|approval|licensed|authori[sz]ed)\b"
    r"(?: by (?:the )?(?:(?:us |u\.s\. )?(?:fda|food and drug administration(?: \(fda\))?)|regulatory authorit(?:y|ies)))?(?: for (?:any|use in|human)(?: \w+)?(?: use)?)?(?: \([^()]{3,40}\))?"
)


def trial_product(text: str, at: int) -> int | None:
    """Where a drug under trial ends whose name begins at a place: "investigational or unapproved diagnostic product"."""
    found = _TRIAL_PRODUCT.match(text, at) or ("approv" in text and _NOT_APPROVED.match(text, at)) or None
    return found.end() if found is not None else None


_QT = re.compile(
    r"(?:medications?|drugs?|agents?|medicines?|products?|treatments?)(?: that| which| known| are| is|,)* ?(?:associated with|known to|prolong(?:ing|s)?|with|may|can|could|cause[sd]?|causing|to|likely|prolong|an?|known|potential|induce|risk|of|for|the|significantly|-| )*"
    r"(?:prolong(?:s|ing|ation)?(?: of)?(?: the)? )?(?:(?:corrected )?qtc?f?(?:/qtc?f?\b)?(?: ?\(?qtc?f?\)?)?(?:[- ]intervals?)?(?:[- ]prolong\w*)?|torsades? des? pointes?)\b(?: \(tdp\))?"
)
_AT_A_CHECKPOINT = re.compile(
    r"(?:agents?|drugs?|therap(?:y|ies)|antibod(?:y|ies)) (?:specifically )?(?:directed|targeting|targeted)(?: to| against| at| towards?)? (?:another |other |any other |an? )?(?:co-?)?(?:stimulatory|inhibitory)(?: (?:or|and) (?:co-?)?(?:stimulatory|inhibitory))? (?:t-? ?cell )?(?:receptors?|pathways?|targets?)(?: \((?:e\.? ?g\.?|such as|i\.e\.|including)[^()]{0,80}\))?"
)
_CO_REGULATORY = re.compile(
    r"(?:antibod(?:y|ies)|drugs?|agents?|therap(?:y|ies))(?:(?:/| or | and | and/or )(?:antibod(?:y|ies)|drugs?|agents?))? (?:that targets? |targeting |directed (?:against|at) )(?:the )?t-? ?cell co-?regulatory (?:proteins?|molecules?|receptors?|pathways?)(?: \((?:immune |such as |e\.g\.,? |i\.e\.,? )[^()]{0,60}\))?"
)
_CANCER_THERAPY = re.compile(
    r"other (?:anti-?)?cancer(?:[- ]directed)? (?:therap(?:y|ies)|treatments?|drugs?|agents?|medications?)\b(?:\(s\))?"
)


def effects_in(text: str) -> bool:
    """Whether a text may name medicines by what they do."""
    return (
        "qt" in text
        or "torsade" in text
        or "hibitory" in text
        or "regulatory" in text
        or ("other" in text and "cancer" in text)
    )


def by_effect(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Read medicines by what they do: "drugs known to prolong the QT interval", "other cancer therapy"."""
    text = sentence.text
    if text.startswith("other ", at) and (found := _CANCER_THERAPY.match(text, at)) is not None:
        return found.end(), Treatment()
    if "regulatory" in text and (found := _CO_REGULATORY.match(text, at)) is not None:
        return found.end(), Treatment(drugs=("immune_checkpoint_inhibitor",))
    if "hibitory" in text and (found := _AT_A_CHECKPOINT.match(text, at)) is not None:
        return found.end(), Treatment(unknown=found[0])
    if ("qt" in text or "torsade" in text) and text[at] in "mdapt" and (found := _QT.match(text, at)) is not None:
        known = sentence.knowledge.medication_classes.find("qt_prolonging")
        return (found.end(), Treatment(drugs=(known,), medicine=True)) if known else None
    return None


_NOT_HORMONAL = re.compile(
    r"non-?\s?(?:hormonal|endocrine) (?:(?:systemic|anti-? ?cancer|anti-?neoplastic|anti-?tumou?r) )*(?:therap(?:y|ies)|treatments?|agents?|drugs?|regimens?)\b"
)


def not_hormonal(text: str, at: int) -> tuple[int, Treatment] | None:
    """Read therapy of every sort but one: "non-hormonal anticancer therapy"."""
    found = _NOT_HORMONAL.match(text, at)
    return (found.end(), Treatment(without=("endocrine",))) if found is not None else None


_OPEN = re.compile(
    r"(?P<name>(?:(?:anti[- ]?)?[a-z0-9αβγ]+(?:[-/.][a-z0-9αβγ]+)*(?: \([^()]{1,24}\))?(?:,? (?:and/or|and|or) |, | ?/ ?| )){1,5}?(?:inhibitors?|antagonists?|agonists?|antibod(?:y|ies)|analogu?e?s?|blockers?|modulators?|immunomodulators?|vaccines?|conjugates?|adcs?|tkis?|degraders?|mimetics?|activators?|stimulators?))\b"
    r"|(?P<sort>systemic immuno-?stimulat\w+(?: agents?| drugs?| therap(?:y|ies))?|immuno-?stimulat(?:ory|ing|ants?)(?: agents?| drugs?| therap(?:y|ies))?|chemo-?radio(?:therapy|therapies)|chemo-?radiation(?: therapy)?|radio-?chemotherapy|pharmacologic(?:al)? (?:therap(?:y|ies)|treatments?)|radio-?immunotherap(?:y|ies)|immunomodulat(?:ory|ing) (?:agents?|drugs?|therap(?:y|ies))|biologics|anti-(?!cancer|tumou?r|neoplastic)[a-z0-9-]{2,12} (?:therap(?:y|ies)|agents?|treatments?|drugs?)|(?:medications?|medicines?|drugs?)(?: used)? (?:for|to treat) (?:the )?(?:treatment of )?(?:diabetes|hypertension|fatigue|weight loss|osteoporosis|depression|epilepsy|seizures|asthma|high blood pressure|high cholesterol)|biotherap(?:y|ies)|(?:biologic|biological) (?:cancer therap(?:y|ies)|agents?|drugs?|products?|response modifiers?|(?:anti-?cancer|antitumou?r) (?:therap(?:y|ies)|agents?))|immunomodulators?|(?:cytokine|gene|retinoid|radionuclide|photodynamic|hyperthermia) therap(?:y|ies))\b"
    r"|(?P<code>(?:[a-z]{1,6}[- ]?\d{3,8}[a-z]?|[a-z]{3,}(?:mab|tinib|ciclib|lisib|parib|rafenib|metinib|degib|limus|platin|rubicin|taxel|vastatin|conazole|mycin|navir|tegravir|vedotin|tecan|xaban|gatran|sertib|denib|tamab|leucel))\b)"
)
_NO_OPEN = re.compile(
    r"\b(?:the|an?|any|all|other|another|prohibited|certain|some|specific|specified|directe|cyp(?!1[179])\w*|(?<!cyp17 )(?<!cyp19 )enzymes?|p-?gp|p-glycoprotein|substrates?|with|of|to|for|in|on|at|by|from|use|used|prior|previous(?:ly)?|current|currently|concurrent|concomitant|treatment|treated|therapy|therapies|received?|receiving|taking|taken|strong|moderate|weak|potent|known|both|either|who|which|"
    r"that|are|is|was|were|be|been|no|not|without|including|include|such|as|least|more|less|than|one|two|three|four|drugs?|agents?|medications?|patients?|subjects?|participants?|history|have|has|had|chemotherapy|radiotherapy|surgery|class|same|similar|systemic|"
    r"progress\w*|failed|failure|after|before|during|within|following|targeting|containing|based|combination|unless|except\w*|neo-?adjuvant|adjuvant|metastatic|stage|grade|hypersensitiv\w*|allerg\w*|reaction|mutations?|positive|negative|first|second|third|generation|line|lines|and|or|sensitive|resistan\w*|refractory|intoleran\w*)\b"
)


_OPEN_SIGNS = Signals(
    r"inhibitor|antagonist|agonist|antibod|analog|blocker|modulator|vaccine|conjugate|\badcs?\b|\btkis?\b|degrader|mimetic|activator|stimulator|biologic|biother|pharmacologic|radio-?immuno|anti-[a-z0-9]+ (?:therap|agent|treat|drug)|(?:medications?|medicines?|drugs?)(?: used)? (?:for|to treat) |immuno-?stimul|chemo-?radi|radio-?chemo|[a-z][- ]?\d{3}|(?:mab|nib|clib|sib|rib|mus|tin|cin|cel|zole|vir|can|xaban|tran|leucel)\b|(?:cytokine|gene|retinoid|radionuclide|photodynamic|hyperthermia) therap"
)


def unknown_in(text: str) -> bool:
    """Whether a text may hold the name of a drug or class that no vocabulary has."""
    return _OPEN_SIGNS.occur(text)


def unknown_name(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Read the name of a class or drug that no vocabulary holds: "anti-SEZ6 antibody", "an HSP90 inhibitor"."""
    found = _OPEN.match(sentence.text, at)
    if found is None:
        return None
    written = found[0]
    names = re.sub(r",? (?:and/or|and|or) |, | ?/ ?", " ", written)
    if (found["sort"] is None and _NO_OPEN.search(names)) or re.search(r"\bher-?2|\berbb", written):
        return None
    return found.end(), Treatment(unknown=written)


_HEAD_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789()-")


def heads_in(text: str) -> bool:
    """Whether a text holds a noun that several names may share."""
    return any(noun in text for noun in ("inhibitor", "antibod", "agonist"))


def shared_head(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Read 'PI3K, AKT or mTOR inhibitor': names that share one noun; each must name a class together with it."""
    if sentence.text[at] not in _HEAD_SIGNS:
        return None
    found = _HEAD.match(sentence.text, at)
    if found is None:
        return None
    drugs: list[str] = []
    head = found["head"].removesuffix("s").replace("bodie", "body")
    for name in re.split(r",? (?:and|or|and/or) |, ?|/(?!6\b)", re.sub(r"\([^)]*\)", "", found["names"])):
        short = name.strip(" -").removeprefix("an ")
        known = sentence.knowledge.drugs.classes_named(f"{short} {head}")
        if not known and head == "inhibitor":
            # "Anti-EGFR or HER2 inhibitor" shares its noun with a name that has one sense with "anti" alone.
            known = sentence.knowledge.drugs.classes_named(f"{short.removeprefix('anti-')} {head}")
        if len(known) != 1:
            return None
        drugs += known
    return found.end(), Treatment(drugs=tuple(dict.fromkeys(drugs)))


_CYP = re.compile(
    r"(?P<strength>(?:(?:known|potent|strong|moderate|weak|sensitive)(?: ?(?:,|or|and|and/or|/|to) ?)?)+ )?(?P<first>inhibitors?|inducers?)?(?: ?(?:or|and|and/or|/) ?(?P<second>inhibitors?|inducers?))?"
    r"(?: of(?: the)? )?(?:(?:hepatic |liver )?(?:enzyme )?(?:cytochrome p ?-?450 ?\(?)?)(?P<enzymes>(?:cyp ?-?(?:450 ?)?)?[0-9][a-z][0-9]{0,2}(?:/[0-9]{1,2})?(?:(?: ?(?:,|or|and|and/or|/) ?)(?:cyp ?)[0-9][a-z][0-9]{0,2})*)\)?(?: enzymes?| isoenzymes?)?"
    r"(?P<what>(?:[ -]*(?:,|or|and|and/or|/)? ?(?:strong |moderate |potent )?(?:inhibitors?|inducers?))*)"
)


def enzymes_in(text: str) -> bool:
    """Whether a text names an enzyme."""
    return "cyp" in text or "cytochrome" in text


def enzyme_medicines(sentence: Sentence, at: int) -> tuple[int, Treatment] | None:
    """Medicines that act on an enzyme: "strong CYP3A4 inhibitors or inducers"; only what the vocabulary holds."""
    found = _CYP.match(sentence.text, at)
    if found is None or ("cyp" not in found[0] and "cytochrome" not in found[0]):
        return None
    sorts = re.findall(
        r"inhibitor|inducer",
        " ".join(filter(None, (found["first"], found["second"], found["what"]))),
    )
    enzymes = re.findall(r"[0-9][a-z][0-9]{0,2}", found["enzymes"])
    strength = found["strength"] or ""
    if not sorts or "weak" in strength or "sensitive" in strength:
        return None
    prefix = (
        "strong "
        if re.search("strong|potent", strength + found["what"]) and "moderate" not in strength + found["what"]
        else ""
    )
    names = [
        sentence.knowledge.medication_classes.find(f"{prefix}CYP{'3A4' if enzyme == '3a' else enzyme.upper()} {sort}")
        for enzyme in enzymes
        for sort in sorts
    ]
    if any(name is None for name in names):
        return None
    return found.end(), Treatment(drugs=tuple(dict.fromkeys(name for name in names if name)), medicine=True)


def treatment_of(hit: Hit, sentence: Sentence) -> Treatment | None:
    """Return the treatment that a name means; None where it means another thing too, or none."""
    found = _treatment(hit.terms, " " in sentence.text[hit.start : hit.end], sentence.knowledge)
    if found is not None and found.drugs == _ANTIBODIES and sentence.text.startswith("biologic", hit.start):
        return found.model_copy(update={"drugs": _BIOLOGICS})
    return found


_ANTIBODIES = ("antibody",)
_BIOLOGICS = ("antibody", "immunotherapy")
"""What "biologic therapy" means: cytokines, vaccines and cells as well as antibodies."""


@lru_cache(maxsize=4096)
def _treatment(terms: tuple[Term, ...], several_words: bool, knowledge: Knowledge) -> Treatment | None:
    hit = Hit(0, 0, terms)
    drugs = tuple(dict.fromkeys(hit.ids("drug")))
    medicines = tuple(dict.fromkeys(hit.ids("medication")))
    if medicines and not any(item in knowledge.drugs.drugs for item in drugs):
        return Treatment(drugs=medicines[:1], medicine=True)
    if drugs == ("other_medicine",):
        return None  # "Concomitant medications that are …": what they are follows
    if len(drugs) == 1:
        identifier = drugs[0]
        if identifier == knowledge.line_rules.systemic:
            return Treatment()
        ontology = knowledge.drugs
        systemic = knowledge.line_rules.systemic
        anticancer = (
            systemic in ontology.possible_terms_of(identifier)
            if identifier in ontology.drugs
            else systemic in ontology.class_closure.get(identifier, frozenset())
        )
        sort = (
            identifier == "investigational_agent" or not ontology.members(identifier)
            if identifier in ontology.classes
            else False
        )
        return Treatment(drugs=(identifier,), medicine=not (anticancer or sort))
    regimens = hit.ids("regimen")
    if len(regimens) == 1 and not drugs:
        regimen = knowledge.drugs.regimens[regimens[0]]
        return Treatment(drugs=regimen.drugs[:1], together=regimen.drugs[1:]) if not regimen.either else None
    techniques = hit.ids("technique")
    if len(techniques) == 1 and not drugs:
        technique = knowledge.techniques.techniques[techniques[0]]
        if (len(technique.kinds) == 1 and several_words) or len(technique.id) <= 4:
            return Treatment(procedure=technique.kinds[0], params=(("techniques", technique.id),))
    return None


class ProcedureTerm(Frozen):
    """A row of `data/criteria/procedure_words.csv`: ways to write a procedure.

    Attributes:
        id: The kind of procedure, and behind a point what is told of it: `surgery.major`, `radiotherapy.sites=brain`,
            more than one thing with "&" between them.
        names: How it is written.
    """

    id: str
    names: Several[str]


@lru_cache(maxsize=2)
def procedures(knowledge: Knowledge) -> tuple[Sought, dict[str, Treatment]]:
    """Return an expression of all names of procedures, longest first, and what each means."""
    known = {
        name.lower(): _procedure(row.id) for row in knowledge.table(PROCEDURES, ProcedureTerm) for name in row.names
    }
    longest_first = sorted(known, key=len, reverse=True)
    return Sought(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w| wall|[- ]q?pcr| inhibitors?)"), known


@lru_cache(maxsize=2)
def procedure_begins(knowledge: Knowledge) -> Callable[[str], frozenset[str]]:
    """Return what tells whether the name of a procedure can begin with signs."""
    return starting(procedure=procedures(knowledge)[0].pattern)


def _procedure(identifier: str) -> Treatment:
    kind, _, rest = identifier.partition(".")
    if rest in ("major", "minor"):
        return Treatment(procedure=kind, params=(("major", rest == "major"),))
    told = [part.partition("=") for part in rest.split("&") if part]
    return Treatment(procedure=kind, params=tuple((name, value) for name, _, value in told))


def parameters(item: Treatment) -> dict[str, Any]:
    """Return the parameters of a procedure; those told more than once as a list."""
    out: dict[str, Any] = {}
    for name, value in item.params:
        out[name] = (
            (*out[name], value)
            if name in out and isinstance(out[name], tuple)
            else (value,)
            if isinstance(value, str)
            else value
        )
    return out


_STEROID = "systemic_corticosteroid"


def medicine_classes(drugs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids by which medicines are taken: of steroids the systemic ones."""
    return tuple(_STEROID if drug == "corticosteroid" else drug for drug in drugs)


def within(inner: Sequence[str], outer: Sequence[str], knowledge: Knowledge) -> bool:
    """Whether every drug or class belongs to one of the others; no name means any systemic therapy."""
    if not outer:
        return True
    ontology = knowledge.drugs

    def terms(one: str) -> frozenset[str]:
        if one in ontology.drugs:
            return ontology.possible_terms_of(one) | {one}
        return ontology.class_closure.get(one, frozenset()) | {one}

    if not inner:
        return "systemic_therapy" in outer
    return all(terms(one) & set(outer) for one in inner)
