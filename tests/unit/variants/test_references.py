"""Changes written on another version or isoform of the reference."""

import pytest

from her2nav.variants.call import VariantCall
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.read import read_variants


def one(text: str, variants: VariantKnowledge) -> tuple[VariantCall, set[str]]:
    (call,) = read_variants(text, variants, gene=None)
    return call, {item.code for item in call.warnings}


def test_the_reference_is_stated_with_its_version(variants: VariantKnowledge) -> None:
    assert (variants.protein.transcript, variants.protein.protein) == ("NM_004448.4", "NP_004439.2")


@pytest.mark.parametrize(
    "text", ["NM_004448.4:c.929C>T", "NP_004439.2:p.S310F", "NM_004448:c.929C>T", "ENST00000269571.10:c.929C>T"]
)
def test_the_shipped_version_needs_no_warning(text: str, variants: VariantKnowledge) -> None:
    call, codes = one(text, variants)
    assert call.short == "S310F"
    assert not codes


@pytest.mark.parametrize(
    "text", ["NM_004448.3:c.929C>T", "NP_004439.1:p.S310F", "nm_004448.2(ERBB2):c.929C>T (p.Ser310Phe)"]
)
def test_another_version_is_read_with_a_warning(text: str, variants: VariantKnowledge) -> None:
    call, codes = one(text, variants)
    assert call.short == "S310F"
    assert codes == {"other_version"}
    assert not call.needs_confirmation


@pytest.mark.parametrize(
    ("text", "short", "coding"),
    [
        ("NM_001005862.2:c.839C>T", "S310F", "c.929C>T"),
        ("NP_001005862.1:p.S280F", "S310F", None),
        ("NM_001005862.3:c.2223_2234dup", "Y772_A775dup", "c.2313_2324dup"),
    ],
)
def test_an_isoform_is_converted(text: str, short: str, coding: str | None, variants: VariantKnowledge) -> None:
    call, codes = one(text, variants)
    assert call.short == short
    assert call.hgvs_c == coding
    assert "isoform_converted" in codes


def test_a_transcript_of_unknown_numbering_must_be_confirmed(variants: VariantKnowledge) -> None:
    call, codes = one("NM_001289936.1:c.929C>T", variants)
    assert call.needs_confirmation
    assert "other_reference" in codes
