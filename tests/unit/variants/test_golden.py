"""Every row of the golden tables: notation, synonyms, the table of variants, criteria."""

from collections.abc import Callable
from typing import Any

from her2nav.model.truth import Truth
from her2nav.variants.call import Actionability, VariantCall
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.match import matches
from her2nav.variants.read import read_variants


def over(table: str) -> Callable[[Any], Any]:
    def mark(test: Any) -> Any:
        test.table = table
        return test

    return mark


def only(text: str, variants: VariantKnowledge, gene: str | None = "ERBB2") -> VariantCall:
    calls = read_variants(text, variants, gene=gene)
    assert len(calls) == 1, [call.input for call in calls]
    return calls[0]


@over("synonyms.tsv")
def test_equal_proteins_have_one_name(row: dict[str, str], variants: VariantKnowledge) -> None:
    assert only(row["written"], variants).hgvs_p == row["canonical"]


@over("notation.tsv")
def test_notation_as_people_write_it(row: dict[str, str], variants: VariantKnowledge) -> None:
    call = only(row["written"], variants, row["gene"] or None)
    assert (call.short or "", call.effect) == (row["short"], row["effect"])
    codes = {item.code for item in call.warnings}
    expected = set(row["cautions"].split())
    assert codes >= expected
    assert codes - expected <= {"gene_not_stated", "protein_inferred", "exact_change_missing"}
    if call.effect in ("malformed", "wrong_residue", "unreadable"):
        assert call.needs_confirmation
        assert call.activating is Truth.UNKNOWN


@over("table.tsv")
def test_the_table_says_what_the_domain_notes_say(row: dict[str, str], variants: VariantKnowledge) -> None:
    call = only(row["written"], variants)
    assert (call.hgvs_p or "-") == row["hgvs_p"]
    assert ("/".join(map(str, call.exons)) or "-") == row["exon"]
    assert (call.domain or "-") == row["domain"]
    assert call.effect == row["effect"]
    assert call.activating == row["activating"]
    assert matches(call, "tkd_activating", variants) == row["tkd_activating"]
    assert matches(call, "exon20_insertion", variants) == row["exon20_insertion"]
    if row["drugs"] != "*":
        own = [item for item in call.actionability if item.source.source == "domain_variants"]
        assert sorted(map(written_out, own)) == sorted(row["drugs"].split())
    if call.effect not in ("wrong_residue", "malformed"):
        assert call.sources


def written_out(item: Actionability) -> str:
    mark = "!" if item.unverified else ""
    return f"{item.drug}:{item.effect}:{item.level or '-'}:{item.tumour}{mark}"


@over("matches.tsv")
def test_criteria(row: dict[str, str], variants: VariantKnowledge) -> None:
    wanted = row["wanted"].split("|")
    call = only(row["written"], variants)
    assert matches(call, wanted if len(wanted) > 1 else wanted[0], variants) == row["truth"]
    assert matches(call, wanted, variants) == row["truth"]
