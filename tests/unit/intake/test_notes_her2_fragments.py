"""Short pieces of reports and what they say of HER2: `her2_fragments.tsv`, one piece a line.

Line ends and tabs of a piece are written `\\n` and `\\t`. Each sample is one phrase: score, percentage of cells,
intensity, completeness, `z0` or `zf` for a score 0 without or with faint staining, antibody, ISH result with ratio `r`,
copies `c`, CEP17 `e` and cells `n`, call and copy number `cn` of sequencing, variants, and `rep` for a word only;
samples are parted by semicolons.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from unit.intake.note_helpers import patient

with (Path(__file__).parent / "her2_fragments.tsv").open(encoding="utf-8") as _table:
    ROWS = list(csv.DictReader(_table, delimiter="\t"))
ZERO = {"no_staining": "z0", "faint_le10": "zf"}
CALLS = {"amplified": "ngs:amp", "not_amplified": "ngs:not", "equivocal": "ngs:equivocal"}


def phrase(sample: dict[str, Any]) -> str:
    """Return a sample as the table writes it."""
    ihc, ish, ngs = (sample.get(test, {}) for test in ("ihc", "ish", "ngs"))
    score = ihc.get("score")
    words = ["/".join(score) if isinstance(score, list) else score]
    words += [f"{ihc['percent_cells']}%"] if "percent_cells" in ihc else []
    words += [f"cl{ihc['cluster_cells']}"] if "cluster_cells" in ihc else []
    words += [ihc.get("intensity"), ihc.get("completeness"), ZERO.get(str(ihc.get("zero_subtype"))), ihc.get("assay")]
    words += ["central"] if ihc.get("laboratory") == "central" else []
    words += [f"ish:{ish['result'][:3]}"] if "result" in ish else []
    for key, sign in (
        ("her2_cep17_ratio", "r"), ("her2_copy_number", "c"), ("cep17_copy_number", "e"), ("cells_counted", "n"),
    ):  # fmt: skip
        words += [f"{sign}{ish[key]}"] if key in ish else []
    words += ["single"] if ish.get("method") == "single_probe" else []
    words += [CALLS.get(str(ngs.get("amplification_call")))]
    words += [f"cn{ngs['erbb2_copy_number']}"] if "erbb2_copy_number" in ngs else []
    for one in ngs.get("variants", []):
        share = f"@{one['vaf_percent']}" if isinstance(one, dict) and "vaf_percent" in one else ""
        written = one if isinstance(one, str) else one.get("name") or f"{one['gene']}:{one['hgvs']}"
        words += [f"{written}{share}"]
    words += [f"rep:{sample['her2_reported'][:3]}"] if "her2_reported" in sample else []
    return " ".join(word for word in words if word)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:60])
def test_fragment(row):
    text = row["text"].replace("\\n", "\n").replace("\\t", "\t")
    if row["head"] == "en":
        text = "Oncology clinic 12 November 2026.\nInvasive breast cancer.\n" + text
    found = sorted(phrase(sample) for sample in patient(text).get("specimens", []))
    assert [one for one in found if one] == sorted(one.strip() for one in row["samples"].split(";") if one.strip())
