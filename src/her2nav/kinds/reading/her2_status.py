"""HER2 status: where a sentence speaks of it, and what around it says how and on which sample it was found.

A stretch of HER2 words is cut into atoms (a score, an ISH result, a status word, amplification) and the connectors
between them; what they add up to is `her2_definitions`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.her2_conditions import asked_of_a_score
from her2nav.kinds.reading.her2_definitions import definitions
from her2nav.kinds.reading.her2_run import (
    Run,
    with_confirmation,
    with_other_word,
    with_sign_before,
    without_method_before,
)
from her2nav.kinds.reading.her2_tokens import OPENERS, Grammar, atom, grammar
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, leaves

_LOOSE_END = re.compile(r"(?:\b(?:or|and|with|in|the|an?|of|as|by|on|to|from|is|was|at|per|using|via|any|according|based|upon)\b|[ ,/-])*$")  # fmt: skip
_TREATMENT = re.compile(
    r"[ -]*(?:(?:gene|receptor|positive|protein)[ -]*)?(?:target\w*|direct\w*|inhibit\w*|block\w*|therap\w*|treatment|antibod\w*|adc|agent|drug|vaccin\w*|"
    r"tki|tyrosine|based|primed|containing|medic\w*|kinase|regimen|ligand|peptide|car\b|conjugate|sensitiz\w*|antagonist)"
)
"""Behind the gene: it names a treatment, not a status."""
_HOW = re.compile(
    r"[ -]*(?:status )?(?:must|should|has to|is to|will|needs to)(?: also)? be (?:document|determin|confirm|assess|defin|establish|evaluat|prov|test|shown)"
)
_PER = re.compile(
    r"[ -]*(?:[\ue000-\uf8ff]+)?[ ]*(?:status )?(?:will|should|must) be (?:as )?(?:per|according to|defined (?:as per|according to|by (?:local|institut|the (?:local|institut)))|(?:determined|assessed|evaluated) (?:per|according))\b"
)
_DEMAND = re.compile(
    r"\b(?:demonstrat\w+|with|ha(?:s|ve)|show\w*|confirm\w*|documented|evidence of|positive|determined|detect\w+|known)(?: (?:for|of|the|a|an|any|tumou?r|known|documented))* $"
)
_UNSURE = re.compile(r"\bcentral(?:ly)?\b")


_NOT_ASKED = re.compile(
    r"[ \w]{0,20}\bnot (?:a )?(?:required|necessary|mandatory|requirement|needed)\b"
    r"|[ \w]{0,24}\b(?:sufficient|enough|adequate)(?: by itself)? (?:to|for) (?:determin|establish|defin|assess|diagnos|confirm)"
)


_CONFIRMED = re.compile(
    r"\b(?:(?:histo|cyto|patho|histopatho)\w*(?:[ ,/]|\band/or\b|\bor\b|\band\b)*){1,3}(?:(?:ly|confirmed|confirmation|documented|proven|diagnosed|diagnosis|evidence|of|a|an|the)[ -]+)+$"
)


def confirmed_from(text: str, start: int) -> int:
    """Return where "histologically or cytologically confirmed" begins before a status, or the start itself."""
    begin = max(0, start - 120)
    found = _CONFIRMED.search(text[begin:start])
    return begin + found.start() if found else start


_GENE = re.compile(r"\b(?:either )?(?:gene|protein)[ -]+\Z")


def _from_gene(text: str, start: int) -> int:
    """Return where "gene amplification" begins before its second word."""
    found = _GENE.search(text, max(0, start - 20), start)
    return found.start() if found else start


_SAMPLE = re.compile(
    r"(?:(?:in|on|of) )?\b(?:the |their |a )?primary(?: (?:breast |gastric )?(?:tumou?rs?|lesions?|cancers?|site|disease))?,? ?(?:and/or|or|and|/) ?(?:the |an? |their )?metasta(?:tic|sis|ses)(?: (?:tumou?rs?|lesions?|sites?|disease|cancers?))?(?: (?:tissue|samples?|specimens?|biops(?:y|ies)))?"
    r"[ ,]*(?:\b(?:must|should|has to|have to|needs? to|to|be|is|are|has|have|with|which|that|an?|the|documented|confirmed|shows?|demonstrat\w+)\b[ ]*)*\Z"
)
_PRIMARY = re.compile(
    r"\b(?:the |their )?primary (?:invasive )?(?:breast |gastric )?(?:tumou?rs?|lesions?|cancers?)(?: \([^()]{1,20}\))? (?:(?:must|should|has to|have to|needs? to|to|be|is|are|was|were|confirmed|documented|shown)[ ]+)+\Z"
)
_ASKED_AT = re.compile(
    r"\b(?:(?:prospective|retrospective)(?:ly)? )?(?:(?:central|local)(?:ly)?|central(?: or local| and local)?|local (?:or|and/or) central)(?:[ -](?:lab(?:oratory)?|review|test(?:ed|ing)|patholog\w+))*[ -](?:and )?(?:confirm(?:ed|ation)|tested|assessed|determined|documented|proven|verified|reviewed)(?: (?:as|of|to be|be|the|their|an?|for|that|is|are|tumou?rs?|disease|having|have))*[ ]*\Z"
)


def _from_sample(text: str, start: int) -> int:
    """Return where "primary tumour or metastasis must" or "centrally confirmed" begins before a status."""
    for before in (_SAMPLE, _PRIMARY, _ASKED_AT):
        found = before.search(text, max(0, start - 110), start)
        start = found.start() if found else start
    return start


def her2_stretches(sentence: Sentence) -> Iterator[Stretched]:
    """Yield every HER2 status of a sentence, in order."""
    words = grammar(sentence.knowledge)
    text = sentence.masked
    at = 0
    while at < len(text):
        run = _run(words, text, at)
        if run is None:
            return
        end = run.end
        with_sign_before(run, text)
        without_method_before(run, text)
        with_other_word(run, text)
        with_confirmation(run)
        node = _meaning(run, sentence) if run.named or _about_her2(run, sentence) else None
        if node is not None and _DENIED.search(text, 0, run.start) and _both_signs(node):
            # "Not HER2 3+ or FISH negative": the "not" reaches over the first alone.
            node = None
        if node is not None and _LACKING.search(text, 0, run.start) and _any_negative(node):
            # "A lack of overexpression by IHC (< 3+)": the limit says negative, and the "lack" says it again.
            node = None
        if node is not None and _is_treatment(run, sentence.text):
            node = None
        if node is not None and not (_NOT_ASKED.match(text, run.end) or _only_how(run, text) or _is_about(run, text)):
            end = _with_tail(words, text, run.start, run.end)
            asked_when = asked_of_a_score(run.atoms, text, run.start)
            if asked_when is not None:
                yield Stretched(asked_when.start, end, asked_when.node)
                at = max(end, at + 1)
                continue
            start = _from_sample(sentence.text, _from_gene(sentence.text, run.start))
            start = confirmed_from(sentence.text, start)
            yield Stretched(start, end, _placed(node, sentence.text[start:end]))
            yield from _behind(words, sentence, end, node)
        at = max(end, at + 1)


_LACKING = re.compile(r"\b(?:not|non|no|without|neither|lack(?:s|ing)?|absence)(?: of)?(?: [\ue000-\uf8ff]+)?[ -]*\Z")


def _any_negative(node: Node) -> bool:
    """Whether a definition holds a result that means negative."""
    entries = [entry for item in leaves(node) if item.kind == "her2_status" for entry in item.params.any_of]
    return any(entry.ish == "negative" or (entry.ihc and "3+" not in entry.ihc) for entry in entries)


def _is_treatment(run: Run, plain: str) -> bool:
    """Whether a dash behind the gene joins it to a treatment: "HER2- tyrosine kinase inhibitor" is no negative."""
    return plain[: run.end].rstrip().endswith("-") and _TREATMENT.match(plain, run.end) is not None


_DENIED = re.compile(r"\b(?:not|non|no|without|neither)[ -]*\Z")


def _both_signs(node: Node) -> bool:
    """Whether a definition holds a positive result and a negative one."""
    entries = [entry for item in leaves(node) if item.kind == "her2_status" for entry in item.params.any_of]
    over = any(
        entry.status == "positive" or entry.amplified or entry.ish == "positive" or "3+" in entry.ihc
        for entry in entries
    )
    return over and any(entry.status == "negative" or entry.ish == "negative" for entry in entries)


_OPENS_HOW = re.compile(
    r"\b(?:determined|confirmed|assessed|documented|evaluated|tested|measured|verified|defined by|by|per|according to|based on)\b"
)
_HOW_WORDS = re.compile(r"\bcentral|\blocal|\blaborator|\basco\b|\bguideline|\bbiops|\bpatholog")
_BETWEEN = frozenset({"tumour", "histology", "tumour_site", "site", "spread", "condition", "toxicity"})
_NEAR = 90


def _behind(words: Grammar, sentence: Sentence, end: int, node: Node) -> Iterator[Stretched]:
    """How the status was found, behind the name of the cancer: "HER2-positive breast cancer confirmed centrally"."""
    text = sentence.masked
    opening = _OPENS_HOW.search(text, end, end + _NEAR)
    if opening is None or re.search(r"[.;:()]|\b(?:or|and|with|who|if)\b", text[end : opening.start()]):
        return
    if any({term.category for term in hit.terms} - _BETWEEN for hit in sentence.between(end, opening.start())):
        return
    tail = words.tail.match(text, opening.start())
    if tail is None:
        return
    stop = opening.start() + len(_LOOSE_END.sub("", text[opening.start() : tail.end()]))
    written = sentence.text[opening.start() : stop]
    if _HOW_WORDS.search(written):
        yield Stretched(opening.start(), stop, _placed(node, written))


def _only_how(run: Run, text: str) -> bool:
    """Read "HER2 positivity must be documented by FISH" and "overexpression will be per guideline" say how, not that."""
    found = re.compile(r"\bpositivity\b").search(text, run.start, run.end)
    if found is not None and _HOW.match(text, found.end()) is not None:
        return True
    last = run.atoms[-1] if run.atoms else None
    return last is not None and last.kind in ("status", "amp") and _PER.match(text, last.end) is not None


_OF_A_TEST = re.compile(
    r"\b(?:(?:sufficient|enough|adequate|necessary|required|used|performed|done|suitable|able)(?: by itself)? (?:to|for) (?:determin\w+|establish\w*|defin\w+|assess\w*|evaluat\w+|diagnos\w+|detect\w*|test\w*|confirm\w*)"
    r"|(?:is|are|be|was|were) (?:also )?(?:required|mandatory|recommended|performed|done|necessary|needed|obtained) (?:for|in|on)(?: (?:all|any|each|patients|participants|subjects|cases|those|with|who|have|tumou?rs))*)(?: (?:the|a|an|all|any|of))*[ ]*\Z"
)
"""What a test is good for and of whom it is asked: "FISH is required for all 2+ tumours" asks for no score."""
_MEANS = re.compile(r"(?:\+|\bpositive|\bnegative|-)\)? (?:is|means|equals|=) (?:considered )?[\ue000-\uf8ff]")


def _is_about(run: Run, text: str) -> bool:
    """Whether the words say what a test is for, or what a result means."""
    return (
        _OF_A_TEST.search(text, max(0, run.start - 110), run.start) is not None
        or _MEANS.search(text, run.start, run.end) is not None
    )


def _with_tail(words: Grammar, text: str, start: int, end: int) -> int:
    """Take in how and where the status was found; brackets only where they hold nothing else."""
    tail = words.tail.match(text, end)
    if tail:
        end = tail.end()
    end -= len(_LOOSE_END.search(text[start:end])[0])  # type: ignore[index]
    bracket = re.match(r" ?\(", text[end:])
    if bracket:
        inside = words.tail.match(text, end + bracket.end())
        if inside and text[inside.end() : inside.end() + 1] == ")":
            return inside.end() + 1
    return end


def _about_her2(run: Run, sentence: Sentence) -> bool:
    """Whether scores without the gene's name are HER2's: the last gene or marker named before is HER2, or none is.

    Where none is named only a score beside an ISH result, or a score by IHC that no percentage follows, is taken.
    """
    if re.search(r"\b(?:er|pr|pgr|estrogen|progesterone|hormone|pd-?l1|cps|tps|h-score)\b", sentence.text[: run.start]):
        last = max((hit.start for hit in sentence.hits if hit.id("her2") and hit.end <= run.start), default=-1)
        if last < 0 or re.search(r"\b(?:er|pr|pgr|pd-?l1|cps|tps)\b", sentence.text[last : run.start]):
            return False
    if run.atoms and run.atoms[0].kind == "amp":
        last = max((hit.end for hit in sentence.hits if hit.id("her2") and hit.end <= run.start), default=-1)
        if last < 0 or not re.search(r"\bdefin|\bi\.e|:|\bor (?:gene )?$", sentence.text[last : run.start]):
            return False
    named = [hit for hit in sentence.hits if hit.end <= run.start and (hit.id("gene") or hit.id("marker") or hit.id("her2"))]  # fmt: skip
    if named:
        return named[-1].id("her2") is not None
    if any(hit.id("gene") or hit.id("marker") for hit in sentence.hits if not hit.id("her2")):
        return False
    if any(hit.id("her2") for hit in sentence.hits):
        return True
    kinds = {item.kind for item in run.atoms}
    if "ihc" not in kinds:
        return "ish" in kinds and (run.end - run.start) * 10 >= len(sentence.text) * 6
    by_ihc = any(item.kind == "method" and item.value == ("ihc",) for item in run.atoms)
    return ("ish" in kinds or by_ihc) and "%" not in sentence.text[run.end : run.end + 30]


def _run(words: Grammar, text: str, at: int) -> Run | None:
    """Return the next stretch: its atoms and the connectors before each."""
    first = next((m for m in words.token.finditer(text, at) if m.lastgroup in OPENERS), None)
    if first is None:
        return None
    run = Run(start=first.start(), end=first.end())
    pending: set[str] = set()
    place, depth, near = first.start(), 0, False
    while (found := words.token.match(text, place)) is not None:
        name = found.lastgroup or ""
        place = found.end()
        if name == "closes":
            depth -= 1
            if depth < 0:
                break
            run.end = place if run.atoms else run.end
            continue
        if name in ("opens", "or", "and"):
            depth += name == "opens" and found[0] in "(["
            pending.add("comma" if found[0] in ",;" else "slash" if found[0] == "/" else name)
            continue
        if name == "frame" and run.atoms and ". " in found[0]:
            # The next sentence is another definition.
            break
        if name in ("which", "given"):
            pending.add(name)
        if name in ("frame", "pct", "ratioword", "which", "given"):
            continue
        if name == "her2" and _TREATMENT.match(text, place):
            break
        if name.startswith("her2") and not run.named and run.atoms and run.atoms[0].kind == "amp":
            break
        if name.startswith("her2") or name == "before":
            run.named = True
        made = atom(name, found, words.ish)
        if made is None:
            near = near or name == "her2"
            waits = name == "her2" and bool(run.atoms) and bool(pending & {"or", "and", "comma"})
            run.end = place if (run.atoms or name == "her2") and not waits else run.end
            continue
        if name in ("bare", "plain") and not _scored(run, text, made.start):
            break
        if made.kind == "word" and not (near or _beside(run, pending) or _by_method(words, text, place)):
            break
        near = False
        run.end = place
        run.atoms.append(made)
        run.joints.append(pending)
        pending = pending & {"given"} if made.kind in ("method", "status") else set()
        if name == "before":
            near = False
    return run


def _beside(run: Run, pending: set[str]) -> bool:
    """Whether a bare "positive" continues results: "IHC positive", "positive or negative"."""
    if not run.atoms:
        return False
    return run.atoms[-1].kind in ("method", "status", "word", "any") or (
        run.atoms[-1].kind in ("ihc", "ish") and bool(pending & {"or", "and", "opens", "comma", "slash"})
    )


_SCORE_AHEAD = re.compile(r"(?:\bscores?|\bstaining|\bintensity)\W*(?:of |is |was )?\W*\Z")


def _scored(run: Run, text: str, start: int) -> bool:
    """Whether a number without its plus is an IHC score: it follows the method, a score, or the word "score"."""
    last = run.atoms[-1] if run.atoms else None
    if last is None:
        return False
    close = (
        re.fullmatch(r"[ ,/(:;-]*(?:\b(?:or|and|of|scores?|is|as|with)\b[ ,/(]*)*", text[last.end : start]) is not None
    )
    return (close and (last.kind == "ihc" or last.value == ("ihc",))) or _SCORE_AHEAD.search(text, 0, start) is not None


def _by_method(words: Grammar, text: str, place: int) -> bool:
    """Whether "by FISH" follows."""
    frame = re.compile(r"(?:[ (]|\b(?:by|on|per|for|via|using|in)\b)*").match(text, place)
    found = words.token.match(text, frame.end()) if frame else None
    return found is not None and (found.lastgroup or "") in ("ihc", "ish", "ishres")


def _meaning(run: Run, sentence: Sentence) -> Node | None:
    """What a stretch says: its pieces together, or expression alone."""
    return definitions(run.atoms, run.joints) if run.atoms else _expression(run, sentence)


def _expression(run: Run, sentence: Sentence) -> Leaf | None:
    """Read "Documented HER2 expression" without a score."""
    match = re.compile(r"[ -]*(?:protein )?expression\b(?! (?:status|level|testing|test|analysis|will|and))").match(
        sentence.text, run.end
    )
    if match is None or not _DEMAND.search(sentence.text[: run.start]):
        return None
    run.end = match.end()
    return leaf("her2_status", any_of=[{"status": "expressing"}])


def _placed(node: Node, written: str) -> Node:
    """Add the laboratory and which specimen counts."""
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(_placed(part, written) for part in node.parts), node.span)
    if not isinstance(node, Leaf) or node.kind != "her2_status":
        return node
    extra: dict[str, Any] = {}
    if _UNSURE.search(written) and not re.search(r"\blocal(?:ly)?\b", written):
        extra["laboratory"] = "central"
    if re.search(r"\bmost recent(?:ly)? (?:\w+ )?(?:biops|tumou?r|sample|specimen|tissue)|\blatest (?:biops|tumou?r|sample|tissue)", written):  # fmt: skip
        extra["specimens"] = "current"
    if not extra:
        return node
    return leaf("her2_status", **{**node.params.model_dump(mode="json", exclude_defaults=True), **extra})


SCANNERS = (
    Scanner(
        "her2_status.definition",
        ("her2", "ihc", "ish"),
        her2_stretches,
        priority=3,
        texts=(
            ("HER2-positive, that is IHC 3+ or IHC 2+ with ISH positive", {"her2_status": {"any_of": [{"ihc": ["3+"]}, {"ihc": ["2+"], "ish": "positive"}]}}),
            ("HER2 negative (IHC 0, 1+ or 2+/ISH-)", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ihc": ["2+"], "ish": "negative"}]}}),
            ("HER2-low tumour (IHC 1+, or IHC 2+ and ISH not amplified)", {"her2_status": {"any_of": [{"ihc": ["1+"]}, {"ihc": ["2+"], "ish": "negative"}]}}),
            ("her-2/neu overexpression or amplification", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("HER2 IHC 2+ or 3+ by central testing", {"her2_status": {"any_of": [{"ihc": ["2+", "3+"]}], "laboratory": "central"}}),
            ("3+ by IHC or FISH-amplified for HER2", {"her2_status": {"any_of": [{"ihc": ["3+"]}, {"ish": "positive"}]}}),
            ("disease that does not overexpress HER2", {"her2_status": {"any_of": [{"status": "negative"}]}}),
            ("HER2-low or HER2-ultralow disease", {"her2_status": {"any_of": [{"status": "low"}, {"status": "ultralow"}]}}),
            ("HER2 negative with IHC < 2+ or a FISH ratio < 2.0", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ish": "negative"}]}}),
            ("regardless of HER2 status", {"her2_status": {"any_of": [{"status": "positive"}, {"status": "negative"}]}}),
            ("HER2 +/- disease", {"her2_status": {"any_of": [{"status": "positive"}, {"status": "negative"}]}}),
            ("HER2 amplification by NGS or FISH", {"her2_status": {"any_of": [{"amplified": True}]}}),
            ("HER2 positivity by FISH", {"her2_status": {"any_of": [{"ish": "positive"}]}}),
            ("documented HER2 expression", {"her2_status": {"any_of": [{"status": "expressing"}]}}),
            ("Primary tumor or metastasis must overexpress HER2", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("The primary tumour must be HER2-negative", {"her2_status": {"any_of": [{"status": "negative"}]}}),
            ("HER2 IHC0 or IHC1+", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}]}}),
            ("overexpression of the HER2 protein in primary or metastatic tumour tissue", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("over-expression and/or amplification of HER2 in the invasive component", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("HER2 negative by IHC (0, 1) or FISH non-amplified", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ish": "negative"}]}}),
            ("HER2 IHC score 0-1", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}]}}),
            ("HER2 IHC 0 or1+", {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}]}}),
            ("HER2-positive, 1 or 2 earlier lines", {"her2_status": {"any_of": [{"status": "positive"}]}}),
            ("centrally confirmed HER2-positive disease", {"her2_status": {"any_of": [{"status": "positive"}], "laboratory": "central"}}),
            ("HER2 amplification by NGS, copy number >= 6", {"her2_amplification": {"min_copy_number": "6"}}),
            ("Overexpression of HER2 will be per the guideline of the trial", None),
            ("HER2-negative tumour, negative for ALK", {"her2_status": {"any_of": [{"status": "negative"}]}}),
            ("prior HER2-directed therapy", None),
            ("HER2 status must be known", None),
            ("PD-L1 by IHC 3+", None),
        ),
    ),
)  # fmt: skip
