"""Lesions that a scan measured: the newest size of each, in advanced disease, and no other lengths."""

import pytest

from unit.intake.note_helpers import patient

HEAD = "Oncology clinic 30 August 2026\nMetastatic colon cancer.\n"


def lesions(words, head=HEAD):
    told = patient(head + words).get("cancer", {}).get("measurable_disease")
    return told if isinstance(told, list) else []


def sizes(words, head=HEAD):
    return [(one["site"], one.get("longest_diameter_mm") or one.get("short_axis_mm")) for one in lesions(words, head)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("CT 20/08/2026: liver metastases smaller, the largest 18 mm (41 mm in June).", [("liver", "18")]),
        ("CT 20/08/2026: liver lesion in segment 6 now 4.1 cm (was 2.6 cm).", [("liver", "41")]),
        ("CT of 20 August 2026: the right upper lobe mass has grown from 29 to 44 mm.", [("lung", "44")]),
        ("CT 20/08/2026: PD, liver (segment 6 31 mm -> 42 mm), bones stable.", [("liver", "42")]),
        (
            "CT 20/08/2026: progression in the liver. Segment VI 34 mm (was 18), new lesion segment IVa 15 mm.",
            [("liver", "34"), ("liver", "15")],
        ),
        (
            "Target lesions on CT of 20/08/2026: liver, segment V, 58 mm; right lung, lower lobe, 19 mm.",
            [("liver", "58"), ("lung", "19")],
        ),
        ("CT 20/08/2026: new lung nodules and a 3.4 cm pelvic mass.", [("pelvis", "34")]),
        ("CT 20/08/2026: retroperitoneal node 21 mm short axis.", [("lymph_node", "21")]),
        ("CT 20/08/2026: new peritoneal nodules on the liver capsule, largest 27 mm.", [("peritoneum", "27")]),
        ("MRI liver 20/08/2026: metastasis in segment 4, 22 x 18 mm.", [("liver", "22")]),
    ],
)
def test_the_newest_size_of_lesions(words, expected):
    assert sizes(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        "CT 20/08/2026: retroperitoneal node 21 mm.",
        "CT 20/08/2026: simple liver cyst 12 mm.",
        "CT 20/08/2026: liver metastases, 14 mm haemangioma unchanged.",
        "CT 20/08/2026: no liver lesion above 10 mm.",
        "CT 20/08/2026: liver metastases gone; spleen 12 cm.",
        "Ultrasound 20/08/2026: liver metastasis 22 mm.",
        "On examination liver palpable 3 cm below the costal margin. CT 20/08/2026 awaited.",
        "MRI brain 20/08/2026: frontal metastasis 14 mm.",
        "CT-guided biopsy of the liver metastasis 20/08/2026: core of 14 mm.",
        "CT 20/08/2024: liver metastases, largest 22 mm.",
        "CT 20/08/2026: pleural effusion, depth 30 mm, with metastases.",
        "Plan\nCT in October; stop if the liver lesions are above 30 mm.",
        "Resected specimen: tumour 42 mm. CT 20/08/2026: no metastases.",
        "CT 20/08/2026: L3 metastasis, lytic, 22 mm.",
        "CT 20/08/2026: liver lesion 18 mm, indeterminate.",
        "CT last year: liver metastasis 30 mm.",
    ],
)
def test_other_lengths(words):
    assert sizes(words) == []


def test_an_older_scan_gives_way():
    told = lesions("CT 20/04/2026: liver metastasis 22 mm.\nCT 20/08/2026: liver metastasis 31 mm.")
    assert [(one["longest_diameter_mm"], str(one["date"])) for one in told] == [("31", "2026-08-20")]


def test_a_mass_before_an_operation_is_no_measured_lesion():
    early = "Oncology clinic 30 August 2026\nBreast cancer, cT2 N1 M0. Metastatic work-up negative.\n"
    assert sizes("Breast MRI 20/08/2026: 36 mm mass in the left breast.", early) == []


def test_a_statement_stands_before_lengths():
    told = patient(HEAD + "No measurable disease by RECIST. CT 20/08/2026: lung nodules up to 4 mm.")
    assert told["cancer"]["measurable_disease"] is False


def test_a_heading_over_lesions_states_nothing():
    told = lesions(
        "E. MEASURABLE DISEASE (CT 20 August 2026)\nLeft lower lobe nodule 28 mm | Node 4R 22 mm short axis\n"
    )
    assert [one["site"] for one in told] == ["lung", "lymph_node"]


@pytest.mark.parametrize(
    "later",
    [
        "Wedge resection of the lung 26/08/2026: metastasis of colon cancer.",
        "24/08/2026 resection of a lung metastasis.",
        "Lung metastasectomy on 27 August 2026.",
    ],
)
def test_a_lesion_of_an_organ_operated_since_the_scan_may_be_gone(later):
    assert lesions(f"CT 20/08/2026: lung metastasis 21 mm.\n{later}") == []


@pytest.mark.parametrize(
    "other",
    [
        "Lung metastasectomy on 27 June 2025.",
        "Biopsy of the lung lesion 26/08/2026: metastasis of colon cancer.",
        "Liver resection 14/03/2024.",
    ],
)
def test_an_operation_before_the_scan_or_a_biopsy_leaves_the_lesion(other):
    assert sizes(f"{other}\nCT 20/08/2026: lung metastasis 21 mm.") == [("lung", "21")]
