"""Odd input gives an answer, never a traceback; equal proteins get equal names."""

import json

from hypothesis import given
from hypothesis import strategies as st

from her2nav.model.truth import Truth
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.match import matches
from her2nav.variants.protein import Change, mutate, name
from her2nav.variants.read import read_variants
from her2nav.variants.resolve import canonical

LETTERS = "ACDEFGHIKLMNPQRSTVWY"
PIECES = st.sampled_from(
    [
        *("ERBB2", "HER2", "EGFR", "TP53", "p.", "(", ")", "c.", "A775", "_", "G776", "ins", "del", "dup", "delins"),
        *(
            "fs",
            "*",
            "=",
            ">",
            "YVMA",
            "exon 20",
            "insertion",
            "mutation",
            ",",
            " and ",
            "/",
            " ",
            "c.2264T>C",
            "S310F",
        ),
        *("9999", "0", "-", "no ", "VAF 12%", "NM_004448.4", "NP_001005862", "rs1136201", "fusion", "::", "Ser310Phe"),
        *("X", "ter", "?", "activating", "١", "²"),
    ]
)
WANTED = ("activating", "any", "exon20_insertion", "tkd_activating", "20", "YVMA", "S310F", "exon 20 insertion")
GENES = st.sampled_from([None, "ERBB2", "EGFR", ""])


def check(text: str, gene: str | None, variants: VariantKnowledge) -> None:
    calls = read_variants(text, variants, gene=gene)
    assert calls
    for call in calls:
        json.loads(call.model_dump_json())
        for wanted in WANTED:
            if matches(call, wanted, variants) is Truth.MET:
                assert call.gene == "ERBB2"
                assert not (call.confidence and call.confidence.unverified)


@given(text=st.text(max_size=80), gene=GENES)
def test_any_text(text: str, gene: str | None, variants: VariantKnowledge) -> None:
    check(text, gene, variants)


@given(pieces=st.lists(PIECES, max_size=12), gene=GENES)
def test_text_made_of_the_notation(pieces: list[str], gene: str | None, variants: VariantKnowledge) -> None:
    check("".join(pieces), gene, variants)


@given(gene=st.text(max_size=30))
def test_any_gene_name(gene: str, variants: VariantKnowledge) -> None:
    check("S310F", gene, variants)


@given(wanted=st.text(max_size=30))
def test_any_wish(wanted: str, variants: VariantKnowledge) -> None:
    call = read_variants("S310F", variants, gene="ERBB2")[0]
    assert matches(call, wanted, variants) in Truth


@given(first=st.integers(1, 1255), length=st.integers(0, 6), new=st.text(LETTERS, max_size=6))
def test_a_name_leads_back_to_its_protein(first: int, length: int, new: str, variants: VariantKnowledge) -> None:
    reference = variants.reference
    named = name(reference, change := Change(first, min(first + length - 1, len(reference)), new))
    at_the_edge = named.kind == "insertion" and named.first == named.last
    if not at_the_edge and mutate(reference, change):
        for text in (named.short, named.hgvs_p):
            again = canonical(text, reference)
            assert again is not None, text
            assert (again.short, again.hgvs_p) == (named.short, named.hgvs_p)


@given(after=st.integers(700, 1000), new=st.text(LETTERS, min_size=1, max_size=5), turns=st.integers(-6, 6))
def test_one_insertion_has_one_name(after: int, new: str, turns: int, variants: VariantKnowledge) -> None:
    reference, other = variants.reference, after + turns
    mutant = mutate(reference, Change(after + 1, after, new))
    if mutant[:other] == reference[:other] and mutant[other + len(new) :] == reference[other:]:
        moved = Change(other + 1, other, mutant[other : other + len(new)])
        assert name(reference, moved) == name(reference, Change(after + 1, after, new))


def test_long_text_is_read(variants: VariantKnowledge) -> None:
    for piece in ("A", "A775_", "ins ", "1 ", "S310F, ", "exon 20/", "((((", "del", "c.1_", "YVMA ", "no "):
        assert read_variants(piece * (20_000 // len(piece)), variants, gene="ERBB2")
