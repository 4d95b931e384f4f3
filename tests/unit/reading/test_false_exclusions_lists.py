"""Lists of alternatives that once shut out people whom the trial takes: brackets, bullets, remarks between them."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import When, leaves
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def patient(tumour: str, histology: str | None = None, setting: str = "metastatic", **record) -> dict:
    """Return the record of somebody with a cancer."""
    cancer = {"tumour_type": tumour, "setting": setting} | ({"histology": histology} if histology else {})
    return {"as_of": "2026-06-01", "cancer": cancer} | record


def markers(receptor: str, ihc: str) -> dict:
    """Return hormone receptors and the IHC score of HER2."""
    return {
        "biomarkers": {"er": receptor, "pr": receptor},
        "specimens": [{"id": "s1", "kind": "biopsy", "collected": "2026-05-01", "ihc": {"score": ihc}}],
    }


def kinds_of(reader: Reader, text: str) -> list[set[str]]:
    """Return the kinds that each criterion of a text holds."""
    return [{leaf.kind for leaf in leaves(item.node)} for item in reader.read(text).criteria]


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ("Breast cancer (TNBC, HR-positive/HER2-negative)", patient("breast", **markers("positive", "0")), MET),
        ("Breast cancer (TNBC, HR-positive/HER2-negative)", patient("breast", **markers("negative", "0")), MET),
        ("Breast cancer (TNBC, HR-positive/HER2-negative)", patient("breast", **markers("positive", "3+")), NOT_MET),
        ("Advanced NSCLC, breast cancer (HR+/HER2-, TNBC) or gastric cancer", patient("nsclc"), MET),
        ("Advanced NSCLC, breast cancer (HR+/HER2-, TNBC) or gastric cancer", patient("gastric"), MET),
        ("Advanced NSCLC, breast cancer (HR+/HER2-, TNBC) or gastric cancer", patient("colorectal"), NOT_MET),
        (
            "NSCLC, gastric cancer (HER2-positive), or colorectal cancer",
            patient("nsclc", **markers("negative", "0")),
            MET,
        ),
        (
            "NSCLC, gastric cancer (HER2-positive), or colorectal cancer",
            patient("gastric", **markers("negative", "0")),
            NOT_MET,
        ),
        ("Gastric cancer (HER2+) or NSCLC", patient("gastric", **markers("negative", "0")), NOT_MET),
        # Whether brackets behind the last of a list are meant for all is not said.
        (
            "Endometrial, lung or ovarian cancer (HER2-positive)",
            patient("endometrial", **markers("negative", "0")),
            UNKNOWN,
        ),
        (
            "Endometrial, lung or ovarian cancer (HER2-positive)",
            patient("ovarian", **markers("negative", "0")),
            NOT_MET,
        ),
        ("NSCLC (squamous or non-squamous), SCLC, HNSCC", patient("nsclc", "adenocarcinoma"), MET),
        ("NSCLC (non-squamous) or mesothelioma", patient("lung_squamous"), NOT_MET),
        ("Invasive breast cancer (ductal or lobular)", patient("breast", "invasive lobular carcinoma"), MET),
        ("Invasive breast cancer (ductal or lobular)", patient("breast", "invasive ductal carcinoma"), MET),
        ("Carcinoma of the pharynx, larynx, sinuses and salivary glands or breast cancer", patient("breast"), UNKNOWN),
        ("Gastric or oesophageal cancer", patient("gej"), MET),
    ],
)
def test_cancers_of_a_list_keep_their_own_markers(reader, text, record, expected):
    assert truth(reader, f"{DEMAND}* {text}", record) is expected


BULLETS = """* Cancer of one of the following types:

  * Stomach cancer
  * Adenocarcinoma of the oesophagus or squamous cell carcinoma
  * Triple-negative breast cancer
  * HER2-positive colorectal cancer
* ECOG 0 or 1
"""


@pytest.mark.parametrize("lead", ["one of the following types", "the following histologies", "the following subtypes"])
def test_bullets_below_a_list_of_cancers_are_alternatives(reader, lead):
    text = DEMAND + BULLETS.replace("one of the following types", lead)
    told = {"performance": {"ecog": 1, "date": "2026-05-20"}}
    assert truth(reader, text, patient("gastric", **told)) is MET
    assert truth(reader, text, patient("breast", **markers("negative", "0"), **told)) is MET
    assert (
        truth(reader, text, patient("breast", "invasive ductal carcinoma", **markers("positive", "0"), **told))
        is NOT_MET
    )
    assert truth(reader, text, patient("gej", **told)) is not NOT_MET
    assert truth(reader, text, patient("nsclc", "adenocarcinoma", **told)) is NOT_MET


def test_a_demand_among_the_cancers_of_a_list_stays_a_demand(reader):
    text = DEMAND + BULLETS.replace("  * HER2-positive", "  * ECOG must be 0\n  * HER2-positive")
    told = {"performance": {"ecog": 1, "date": "2026-05-20"}}
    assert truth(reader, text, patient("gastric", **told)) is NOT_MET


def test_points_within_a_line_are_alternatives(reader):
    text = DEMAND + "* Metastatic cancer of the following types: 1.) ovarian cancer, 2.) sarcoma, and 3.) melanoma"
    assert truth(reader, text, patient("sarcoma")) is not NOT_MET
    assert truth(reader, text, patient("breast")) is NOT_MET


def test_a_remark_between_bullets_has_nothing_under_it(reader):
    text = (
        DEMAND
        + "* Age 18 or older\n\nNote: a record of birth is needed.\n\n* ECOG 0 or 1\n* HER2-positive breast cancer"
    )
    assert kinds_of(reader, text)[1:] == [{"performance_status"}, {"her2_status", "tumour_type"}]
    excluding = (
        SHUTS_OUT + "* Clots within 6 months\n\nNote: clots of a catheter are allowed.\n\n* Pregnancy\n* HIV infection"
    )
    found = kinds_of(reader, excluding)
    assert found[1:] == [{"pregnancy"}, {"viral_infection"}]
    assert "judgement" in found[0]


def test_a_remark_behind_a_nested_list_speaks_of_its_last_entry(reader):
    text = (
        SHUTS_OUT
        + "* Infection:\n\n  * HIV\n  * Hepatitis C\n\nNote: those cured of hepatitis C are eligible.\n\n* Pregnancy"
    )
    cured = {
        "as_of": "2026-06-01",
        "conditions": [{"name": "hepatitis C", "status": "resolved"}],
        "complete": {"conditions": True},
    }
    assert truth(reader, text, cured) is not NOT_MET
    assert kinds_of(reader, text)[-1] == {"pregnancy"}


MARKED = """* Advanced NSCLC and all of these:

  1. Patients without EGFR mutation:

     * Prior platinum
  2. Patients with EGFR mutation:

     * Prior EGFR inhibitor
"""


@pytest.mark.parametrize(
    ("gene", "drug", "expected"),
    [
        ("wild_type", "carboplatin", MET),
        ("wild_type", "osimertinib", NOT_MET),
        ("mutated", "osimertinib", MET),
        ("mutated", "carboplatin", NOT_MET),
    ],
)
def test_people_named_by_a_marker_are_bound_and_not_asked_for(reader, gene, drug, expected):
    record = patient(
        "nsclc",
        therapies=[{"drugs": [drug], "setting": "metastatic", "start": "2025-01-01", "end": "2025-06-01"}],
        biomarkers={"genes": {"EGFR": gene}},
        complete={"therapies": True},
    )
    assert truth(reader, DEMAND + MARKED, record) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Documented negative test results for EGFR and ALK alterations",
        "Negative results for EGFR mutation and ALK rearrangement",
        "Negative test results for EGFR mutations",
    ],
)
def test_what_a_test_did_not_find_is_not_asked_for(reader, text):
    wild = patient("nsclc", biomarkers={"genes": {"EGFR": "wild_type", "ALK": "wild_type"}})
    assert truth(reader, f"{DEMAND}* {text}", wild) is not NOT_MET
    mutated = patient(
        "nsclc", biomarkers={"genes": {"EGFR": {"status": "mutated", "variants": ["L858R"]}, "ALK": "wild_type"}}
    )
    assert truth(reader, f"{DEMAND}* {text}", mutated) is not MET


def test_one_histology_of_a_cancer_is_bound_and_not_asked_for(reader):
    text = DEMAND + "* Patients with non-squamous NSCLC must have had pemetrexed"
    (criterion,) = reader.read(text, ("nsclc",)).criteria
    assert any(isinstance(part, When) for part in criterion.node.parts)


HER2_LINES = """HER2-positive, defined as:
IHC 3+
-OR- average HER2 copy number above 6
"""


def test_a_line_that_begins_with_or_is_an_alternative(reader):
    scored = patient("breast", **markers("positive", "3+"))
    assert truth(reader, DEMAND + HER2_LINES, scored) is MET


def test_results_in_lines_of_their_own_ask_for_none_of_them(reader):
    text = DEMAND + "* HER2-positive breast cancer\n* IHC 3+\n* IHC 2+ with ISH-positive result"
    assert truth(reader, text, patient("breast", **markers("positive", "3+"))) is UNKNOWN
    assert truth(reader, text, patient("breast", **markers("positive", "0"))) is NOT_MET


def test_results_of_one_line_stay_asked_for(reader):
    text = DEMAND + "* IHC 2+\n* ISH-negative"
    assert truth(reader, text, patient("breast", **markers("positive", "3+"))) is NOT_MET


def test_node_negative_beside_node_positive_is_one_of_two(reader):
    held = patient(
        "breast", cancer={"tumour_type": "breast", "setting": "early", "tnm": {"t": "pT2", "n": "pN1", "m": "M0"}}
    )
    one = "* Adults with node negative disease and a tumour above 2 cm, measurable"
    assert truth(reader, DEMAND + one, held) is NOT_MET
    assert truth(reader, f"{DEMAND}{one}\n* Positive axillary nodes as found in surgery", held) is not NOT_MET


@pytest.mark.parametrize(
    "text",
    [
        "Breast cancer at presentation: early (T2-3, N0-1, M0) or locally advanced (T2-3, N2, M0; T4, any N, M0)",
        "Resectable stage I or IIA disease, or unresectable stage IIIB or IIIC disease",
    ],
)
def test_groups_of_stages_are_alternatives(reader, text):
    early = {"tumour_type": "breast", "setting": "early", "stage": "IIA", "tnm": {"t": "cT2", "n": "cN0", "m": "M0"}}
    assert truth(reader, f"{DEMAND}* {text}", patient("breast", cancer=early)) is not NOT_MET


def test_both_of_two_groups_are_let_in(reader):
    text = "* Patients with no earlier chemotherapy and patients who have received taxanes are eligible."
    treated = patient("breast", therapies=[{"drugs": ["paclitaxel"], "setting": "metastatic", "start": "2025-01-01"}])
    assert truth(reader, DEMAND + text, treated) is not NOT_MET


def test_what_words_mean_in_the_trial_asks_for_nothing(reader):
    text = "* Note: for the purposes of this trial, the urinary tract is defined as kidney, bladder and urethra."
    assert truth(reader, DEMAND + text, patient("breast")) is UNKNOWN


def test_an_entry_with_a_marker_is_one_of_the_list(reader):
    text = (
        DEMAND
        + "* Stage III ovarian cancer of the following types:\n\n  * High-grade serous\n  * Endometrioid\n"
        + "  * Mucinous with a BRCA1 mutation"
    )
    wild = patient("ovarian", "high-grade serous carcinoma", biomarkers={"genes": {"BRCA1": "wild_type"}})
    wild["cancer"]["stage"] = "III"
    assert truth(reader, text, wild) is not NOT_MET


@pytest.mark.parametrize(
    "entries",
    [
        "* NSCLC - progressed on platinum\n* Hsnncc - progressed on platinum\n* Pancreatic cancer - progressed",
        "* NSCLC that progressed\n* One of these: upper abdomen, glands, bladder wall, or neuroendocrine tumours",
    ],
)
def test_an_entry_that_was_not_read_may_name_anybodys_cancer(reader, entries):
    assert truth(reader, DEMAND + entries, patient("head_neck_squamous")) is UNKNOWN


def test_cancers_other_than_those_of_the_list_are_one_of_it(reader):
    text = "* Small cell lung cancer\n* Prostate cancer\n* Has neuroendocrine tumour types other than these"
    assert truth(reader, DEMAND + text, patient("sclc")) is not NOT_MET


def test_a_label_with_a_dash_names_the_part_that_it_binds(reader):
    text = "* ECOG 0 or 1\n* Phase 2a Part 2 i.v. Arm E - lung cancer that is advanced"
    assert [item.scope for item in reader.read(DEMAND + text).criteria] == [(), ("phase-2a", "part-2", "arm-e")]


def test_what_is_left_out_of_words_that_were_not_read_is_not_denied(reader):
    text = "* Participants with zorbling (other than alopecia) due to earlier drugs must have recovered to grade 1"
    bald = patient("breast", conditions=[{"name": "alopecia", "status": "active"}])
    assert truth(reader, SHUTS_OUT + text, bald) is not NOT_MET


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* Cancers:\n\n  * Gastric cancer\n  * Adenocarcinoma of the oesophagus", MET),
        ("* Gastric or oesophageal (junction) adenocarcinoma", MET),
        ("* Gastric or oesophageal cancer, not of the junction", UNKNOWN),
        ("* Gastric cancer", NOT_MET),
    ],
)
def test_what_lies_between_two_cancers_of_a_list(reader, text, expected):
    assert truth(reader, DEMAND + text, patient("gej", "adenocarcinoma")) is expected


@pytest.mark.parametrize(
    "lead", ["except:", "other than:", "apart from:", "but not:", "excluding", "with exceptions of", "Exceptions:"]
)
def test_bullets_behind_an_exception_let_in(reader, lead):
    text = f"{SHUTS_OUT}* Autoimmune disease, {lead}\n\n  * Vitiligo\n  * Alopecia\n* Pregnancy"
    bald = {"as_of": "2026-06-01", "conditions": [{"name": "alopecia", "status": "active"}]}
    lupus = {"as_of": "2026-06-01", "conditions": [{"name": "systemic lupus erythematosus", "status": "active"}]}
    assert truth(reader, text, bald) is not NOT_MET
    assert truth(reader, text, lupus) is NOT_MET


def test_lines_behind_an_exception_that_lost_its_indent_are_open(reader):
    text = f"{SHUTS_OUT}* Autoimmune disease except for the following:\n* Vitiligo\n* Alopecia\n* HIV infection"
    bald = {"as_of": "2026-06-01", "conditions": [{"name": "alopecia", "status": "active"}]}
    assert truth(reader, text, bald) is UNKNOWN
    assert truth(reader, text, bald | {"conditions": [{"name": "HIV infection", "status": "active"}]}) is NOT_MET


def test_cancers_below_a_lead_that_lost_their_indent_are_asked_for(reader):
    text = f"{DEMAND}* Advanced solid tumours of the following types:\n* Breast cancer\n* Ovarian cancer\n* ECOG 0 or 1"
    told = {"performance": {"ecog": 1, "date": "2026-05-20"}}
    assert truth(reader, text, patient("sarcoma", **told)) is NOT_MET
    assert truth(reader, text, patient("ovarian", **told)) is not NOT_MET


def test_a_size_behind_the_last_of_several_extents_may_be_of_it_alone(reader):
    held = {"tumour_type": "breast", "setting": "locally_advanced_unresectable", "tumour_size_mm": "20"}
    text = f"{DEMAND}* Locally advanced, inflammatory, or operable breast cancer (greater than 3 cm)"
    assert truth(reader, text, patient("breast", cancer=held)) is UNKNOWN
    assert truth(reader, f"{DEMAND}* Breast cancer (greater than 3 cm)", patient("breast", cancer=held)) is NOT_MET
