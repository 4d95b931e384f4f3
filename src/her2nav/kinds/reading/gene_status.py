"""Genes by name: wild type, mutated, amplified or rearranged; lists of genes that hold HER2 too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.gene_words import DENIED, Said, joined, other_genes, said
from her2nav.kinds.reading.her2_mutation import her2_alteration, mutation_classes
from her2nav.kinds.reading.her2_status import her2_stretches
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Node, Not, leaves

_DOMAIN = (
    r"(?:(?: (?:in|of|within))? (?:the )?(?:(?:tyrosine )?kinase domain(?: \(tkd\))?|tkd|exons? \d{1,2}(?:[ ,]*(?:and|or|,|/|to|-|&)? ?\d{1,2})*)(?: (?:in|of) (?:exons? \d{1,2}(?:[ ,]*(?:and|or|,|/|to|-|&)? ?\d{1,2})*))?)?"
    r"(?: ?\((?![^()]*express)[^()]{0,60}\))?(?: ?[:(-] ?(?:(?:p\.)?[a-z]\d{2,4}[a-z]?\b\)?(?:[ ,/]|\bor\b|\band\b)*)+)?"
    r"(?:[ ,]|\b(?:as|assessed|determined|confirmed|detected|identified|documented|found|by|of|on|in|from|via|with|using|a|an|or|and|and/or|tissue|tumou?r|plasma|blood|ctdna|local|locally|central|centrally|test(?:ing|s)?|assays?|molecular|"
    r"status|validated|sequencing|clia|certified|laborator(?:y|ies)|lab|analysis|based|sample|samples|biopsy|liquid)\b|METHOD)*"
)


@lru_cache(maxsize=2)
def _domain(knowledge: Knowledge) -> re.Pattern[str]:
    """Return what may stand behind an alteration of HER2: the domain, variants, and how it was found."""
    words = dictionary(knowledge)
    marks = "".join(dict.fromkeys("".join(words.marks(name) for name in ("ngs", "ctdna", "guideline"))))
    return re.compile(_DOMAIN.replace("METHOD", f"[{marks}]++"))


_JOINED = re.compile(
    r"[ ]*(?:[,;/][ ]*)?(?:\b(?:and ?/ ?or|or|and|as well as)\b[ ]*)?(?:\b(?:an?|any|the|other|known)\b[ ]*)*"
)
_MANY = 3
"""So many alterations listed one after the other are alternatives, whatever joins the last."""
_SECOND = re.compile(
    r"(?: ?/ ?|,? or | and/or )(?P<what>mutations?|amplifications?|fusions?|rearrangements?|translocations?|alterations?)\b"
)


_OR_CHANGES = re.compile(
    r"\b(?:or|and/or) (?:other )?(?:genetic|genomic|other) (?:\w+ )?(?:alterations?|mutations?|variants?)\Z"
)
_WHICH = re.compile(
    r"(?: (?:conferring|leading to|associated with|resulting in|causing|in|of|within)\b[^.;()]{0,100})?(?: ?\([^()]*\))*"
)


def _other_changes(text: str, start: int, end: int) -> int:
    """Return where words end that name more alterations behind an "or": "BRCA and/or genetic alterations causing …"."""
    if _OR_CHANGES.search(text, start, end) is None:
        return 0
    found = _WHICH.match(text, end)
    return found.end() if found is not None and found.end() > end else 0


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    """Yield what is said of genes; a long list of alterations as one proposition."""
    run: list[tuple[Stretched, bool]] = []
    for item in _each(sentence):
        if run and not (
            item[0].start >= run[-1][0].end and _JOINED.fullmatch(sentence.text, run[-1][0].end, item[0].start)
        ):
            yield from _listed(run, sentence.text)
            run = []
        run.append(item)
    yield from _listed(run, sentence.text)


_NEGATIVE_FOR = re.compile(r"negative(?: [a-z]+){0,4} (?:for|of|on|regarding)\b")


def _listed(run: list[tuple[Stretched, bool]], text: str) -> Iterator[Stretched]:
    """Yield a list as alternatives where it is long; what only counts within a list falls away elsewhere."""
    if len(run) > 1 and _NEGATIVE_FOR.match(text, run[0][0].start):
        # "Negative for EGFR mutation and ALK rearrangement": of none of them.
        nodes = [item.node if _absent(item.node) else Not(item.node) for item, _ in run]
        yield Stretched(run[0][0].start, run[-1][0].end, AllOf(tuple(nodes)))
        return
    if len(run) >= _MANY and not any(_absent(item.node) for item, _ in run):
        yield Stretched(run[0][0].start, run[-1][0].end, AnyOf(tuple(item.node for item, _ in run)))
    else:
        yield from (item for item, alone in run if alone)


def _absent(node: Node) -> bool:
    """Whether it says that an alteration is not there."""
    if isinstance(node, Not):
        return True
    return any(getattr(item.params, "status", None) in ("wild_type", "negative") for item in leaves(node))


def _each(sentence: Sentence) -> Iterator[tuple[Stretched, bool]]:
    """Yield each thing said, and whether it stands alone: HER2 amplification beside no other gene is read elsewhere."""
    for item in said(sentence):
        end = item.end
        around = ""
        if item.her2:
            behind = _domain(sentence.knowledge).match(sentence.masked, end)
            around = sentence.text[end : behind.end()] if behind else ""
        node, alone = _node(item, sentence, around), True
        if node is None and item.her2 and not item.genes and item.what.startswith("amplif"):
            node, alone = leaf("her2_amplification"), False
        if node is None:
            continue
        others = _other_changes(sentence.text, item.start, end) if not around else 0
        if others:
            open_ = leaf("unread", note="which other alterations are meant")
            yield Stretched(item.start, others, AnyOf((node, open_))), True
            continue
        more = _SECOND.match(sentence.text, end) if not around else None
        second = _node(replace(item, what=more["what"]), sentence, "") if more else None
        if more and second is not None:
            yield Stretched(item.start, more.end(), joined([node, second])), True
            continue
        if around:
            end += len(around.rstrip(" ,"))
            end -= len(re.search(r"(?:\b(?:or|and|with|in|an?|as|by|on|from)\b| )*$", sentence.text[item.end : end])[0])  # type: ignore[index]
        yield Stretched(item.start, end, node), alone


def _node(item: Said, sentence: Sentence, around: str) -> Node | None:
    if item.what.startswith(DENIED):
        node = _node(replace(item, what=item.what.removeprefix(DENIED)), sentence, around)
        return Not(node) if node is not None else None
    nodes: list[Node] = []
    if item.her2:
        node = her2_alteration(item, sentence.knowledge, around)
        if node is None or (item.what.startswith("amplif") and not item.genes):
            return None
        nodes.append(node)
    if item.genes:
        other = other_genes(item, sentence.knowledge)
        if other is None:
            return None
        nodes.append(other)
    return joined(nodes) if nodes else None


_ALK = {"gene_status": {"genes": "alk", "status": "rearranged"}}
_BESIDE = re.compile(r"[ ]*(?:[,;/][ ]*)?(?:\b(?:and ?/ ?or|or|and)\b[ ]*)?(?:\b(?:an?|any|the|her2|gene)\b[ ]*)*")
_WORD = re.compile(
    r"[ ]*(?:[,/][ ]*)?(?:\b(?:and ?/ ?or|or)\b[ ]*)?(?:an? )?(?:(?:activating|gene|somatic) )*(?:mutations?|mutated|mutant)\b(?! (?:status|test))"
)
"""A mutation behind other results of HER2, whose name is not said again."""


def _scan_her2(sentence: Sentence) -> Iterator[Stretched]:
    """Yield "HER2 mutation, amplification or overexpression" as alternatives; beside "and" they stand alone."""
    lists = list(_scan(sentence))
    own = [item for item in lists if _of_her2(item.node, "her2_mutation")]
    others = [item for item in lists if not _of_her2(item.node, "her2_mutation")]
    found = sorted([*own, *her2_stretches(sentence)], key=lambda item: (item.start, -item.end))
    run: list[Stretched] = []
    for item in found:
        if run and item.start < run[-1].end:
            continue
        if any(other.start < item.end and item.start < other.end for other in others):
            # It is one of a list of genes.
            continue
        if run and not _BESIDE.fullmatch(sentence.text, run[-1].end, item.start):
            yield from _alternatives(run, sentence.text)
            run = []
        run.append(item)
        word = _WORD.match(sentence.text, item.end)
        if word and _of_her2(item.node, "her2_status"):
            classes, _ = mutation_classes(word[0], sentence.knowledge)
            run.append(Stretched(item.end, word.end(), leaf("her2_mutation", any_of=classes or ["any"])))
    yield from _alternatives(run, sentence.text)


def _of_her2(node: Node, kind: str) -> bool:
    return all(item.kind in (kind, "her2_amplification") for item in leaves(node))


def _alternatives(run: list[Stretched], text: str) -> Iterator[Stretched]:
    kinds = {item.kind for one in run for item in leaves(one.node)}
    if len(run) < 2 or "her2_mutation" not in kinds or kinds == {"her2_mutation"}:
        return
    written = text[run[0].start : run[-1].end]
    gaps = [text[one.end : other.start] for one, other in pairwise(run)]
    words = " ".join((*gaps, *(text[one.start : one.end] for one in run)))
    if (
        re.search(r"\bor\b|/", words)
        and not any(re.search(r"\band\b(?! ?/)", gap) for gap in gaps)
        and written.count("(") == written.count(")")
    ):
        yield Stretched(run[0].start, run[-1].end, AnyOf(tuple(one.node for one in run)))


_KRAS = {"gene_status": {"genes": "kras", "status": "mutated"}}

_POSITIVE = {"her2_status": {"any_of": [{"status": "positive"}]}}
_MUTATED = {"her2_mutation": {"any_of": "any"}}

SCANNERS = (
    Scanner(
        "her2_mutation.or_status",
        ("her2",),
        _scan_her2,
        priority=6,
        texts=(
            ("HER2 mutation, HER2 amplification or HER2 overexpression", {"any_of": [_MUTATED, _POSITIVE]}),
            ("HER2 overexpression, amplification, or mutation", {"any_of": [_POSITIVE, _MUTATED]}),
            ("HER2 overexpression (IHC 3+) or HER2 activating mutation", {"any_of": [{"her2_status": {"any_of": [{"ihc": "3+"}]}}, {"her2_mutation": {"any_of": "activating"}}]}),
        ),
    ),
    Scanner(
        "gene_status.list",
        ("gene", "her2"),
        _scan,
        priority=4,
        texts=(
            ("KRAS mutation", _KRAS),
            ("RAS wild-type", {"gene_status": {"genes": "ras", "status": "wild_type"}}),
            ("BRAF V600E mutation", {"gene_status": {"genes": "braf", "status": "mutated", "variants": "V600E"}}),
            ("EGFR exon 19 deletion", {"gene_status": {"genes": "egfr", "status": "mutated", "variants": "exon 19 deletion"}}),
            ("sensitising mutations in EGFR", {"other_driver": {"genes": "egfr"}}),
            ("ALK or ROS1 rearrangement", {"gene_status": {"genes": ["alk", "ros1"], "status": "rearranged"}}),
            ("ALK-positive", {"gene_status": {"genes": "alk", "status": "rearranged"}}),
            ("germline BRCA1/2 mutation", {"gene_status": {"genes": "brca", "status": "mutated", "origin": "germline"}}),
            ("activating HER2 mutation in the kinase domain", {"her2_mutation": {"any_of": "tkd_activating"}}),
            ("HER2 exon 20 insertion", {"her2_mutation": {"any_of": "exon20_insertion"}}),
            ("ERBB2 mutations", {"her2_mutation": {"any_of": "any"}}),
            ("HER2 mutations in exon 19 or 20", {"her2_mutation": {"any_of": ["exon_19", "exon_20"]}}),
            ("HER2 S310F mutation", {"her2_mutation": {"names": "S310F"}}),
            ("ROS1 fusion negative", {"not": {"gene_status": {"genes": "ros1", "status": "rearranged"}}}),
            ("EGFR inhibitor", None),
            ("tissue for the analysis of PIK3CA mutation", None),
            ("PIK3CA mutation may be assessed in plasma", None),
            ("KRAS mutation, HER2 amplification and ALK fusion", {"any_of": [_KRAS, {"her2_amplification": {}}, _ALK]}),
            ("MET amplification/mutation", {"any_of": [{"gene_status": {"genes": "met", "status": "amplified"}}, {"gene_status": {"genes": "met", "status": "mutated"}}]}),
            ("driver mutations such as EGFR and ALK", {"other_driver": {}}),
            ("driver mutation (EGFR, ALK or ROS1)", {"other_driver": {"genes": ["egfr", "alk", "ros1"]}}),
            ("Kirsten rat sarcoma viral oncogene homolog (KRAS) mutation", _KRAS),
            ("eGFR ≥ 60 mL/min", None),
        ),
    ),
)  # fmt: skip
