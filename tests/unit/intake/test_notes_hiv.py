"""Viral markers with signs, and what is told beside HIV: CD4 cells, viral load, treatment."""

import pytest

from unit.intake.note_helpers import at, patient

DAY = "Date: 18/05/2026\nMetastatic breast cancer.\n"
KNOWN = {"hiv": "positive", "cd4": "402", "hiv_rna": "undetectable", "on_antivirals": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HIV+ since 2016, on TLD. CD4 402 (Jan 2026), VL <50.", KNOWN),
        ("HIV pos since 2013, on ART, CD4 count 402, viral load undetectable.", KNOWN),
        (
            "HIV +ve, taking Biktarvy. HIV RNA not detected.",
            {"hiv": "positive", "hiv_rna": "undetectable", "on_antivirals": True},
        ),
        ("HIV positive. CD4: 250. HIV RNA detectable.", {"hiv": "positive", "cd4": "250", "hiv_rna": "detectable"}),
        ("HIV I & II     Negative", {"hiv": "negative"}),
        ("HIV 1 & 2: non-reactive", {"hiv": "negative"}),
        ("HIV -ve, HCV -ve", {"hiv": "negative", "anti_hcv": "negative"}),
        ("anti-HBc antibody (+), HCV antibody (-)", {"anti_hbc": "positive", "anti_hcv": "negative"}),
        # Not said, or said of something else.
        ("HIV negative. CD4 400.", {"hiv": "negative"}),
        ("The infiltrate is CD4 100 % positive.", {}),
        ("HIV pos. Hepatitis B, VL undetectable.", {"hiv": "positive"}),
        ("HIV positive, nadir CD4 54.", {"hiv": "positive"}),
        ("HIV positive, CD4/CD8 ratio 1.2.", {"hiv": "positive"}),
        ("HIV positive, not on ART.", {"hiv": "positive"}),
        ("HIV positive, CD4 120 in 2014.", {"hiv": "positive"}),
        ("Her brother is HIV+ and on ART, CD4 300.", {}),
        ("HIV + HBV screen to be done.", {}),
        ("VL undetectable.", {}),
    ],
)
def test_markers_and_what_is_told_beside_hiv(text, expected):
    record = at(patient(DAY + text), "serology") or {}
    assert {key: str(value) if key == "cd4" else value for key, value in record.items() if key != "date"} == expected
