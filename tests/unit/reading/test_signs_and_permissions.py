"""What must not be asked for: turned signs, permissions, remarks, and one of several alternatives."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Not, When
from her2nav.model.trial import Role

_HEADS = {"in": "Inclusion Criteria:\n\n* ", "ex": "Exclusion Criteria:\n\n* "}


def criteria(section: str, entry: str):
    return reader(load_knowledge()).read(_HEADS[section] + entry).criteria


def _held(node, target, value: bool) -> bool | None:
    """The truth of a tree of which one leaf is known and everything else unknown."""
    match node:
        case Leaf():
            return value if node is target else None
        case Not(part=part):
            inner = _held(part, target, value)
            return None if inner is None else not inner
        case When(when=when, then=then):
            known = [_held(when, target, value), _held(then, target, value)]
            known[0] = None if known[0] is None else not known[0]
            return True if True in known else None if None in known else False
    known = [_held(part, target, value) for part in node.parts]
    if isinstance(node, AnyOf):
        return True if True in known else None if None in known else False
    if isinstance(node, AllOf):
        return False if False in known else None if None in known else True
    assert isinstance(node, AtLeast)
    return None


def shut(section: str, entry: str, *, value: bool) -> set[str]:
    """Kinds of which one answer, whatever else is known, shuts the patient out."""
    found = set()

    def walk(node, root):
        if isinstance(node, Leaf):
            if node.kind not in ("unread", "judgement") and _held(root, node, value) is False:
                found.add(node.kind)
            return
        for part in (
            (node.part,) if isinstance(node, Not) else (node.when, node.then) if isinstance(node, When) else node.parts
        ):
            walk(part, root)

    for criterion in criteria(section, entry):
        if criterion.role is Role.DECIDES:
            walk(criterion.node, criterion.node)
    return found


def demanded(section: str, entry: str) -> set[str]:
    """Kinds without which a patient is shut out for certain."""
    return shut(section, entry, value=False)


def denied(section: str, entry: str) -> set[str]:
    """Kinds with which a patient is shut out for certain."""
    return shut(section, entry, value=True)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("Irradiation in the past month; except 8 Gy against pain, then a week should be kept", "procedure"),
        ("Chemotherapy within 21 days or non-cranial radiotherapy within 14 days of entry", "procedure"),
        ("not fit for reconstruction of the breast on that day age less than 18 declines the expander", "age"),
        ("Patients who must receive docetaxel and have neuropathy above grade 2", "prior_therapy"),
        ("Earlier irradiation of the field that is required to treat the tumour", "procedure"),
        ("Creatinine above 1.5 x ULN; only when creatinine > 1.5 x ULN the clearance needs to be known", "x"),
        ("Leukocytes above 50 x 10^9/L; the first 3 patients enrolled will be required to be 18 or older", "age"),
        ("Any earlier cancer of which the patient has not been disease-free for 3 years or more", "age"),
        ("Women of child-bearing potential or less than a year postmenopausal must have a test", "menopausal_status"),
    ],
)
def test_an_exclusion_does_not_ask_for_what_it_shuts_out(entry: str, kind: str) -> None:
    assert kind not in demanded("ex", entry)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("Those who have not had chemotherapy", "prior_therapy"),
        ("No earlier taxane", "prior_therapy"),
        ("Patients who have not had at least one earlier line of chemotherapy", "lines_of_therapy"),
        ("No measurable disease", "measurable_disease"),
    ],
)
def test_an_exclusion_still_asks_for_what_it_denies_the_lack_of(entry: str, kind: str) -> None:
    nodes = [item.node for item in criteria("ex", entry)]
    assert nodes
    assert kind in demanded("ex", entry) or "unread" in repr(nodes)


def test_those_not_eligible_are_shut_out_by_what_stands_behind() -> None:
    entry = "Patients are not eligible who have received an earlier PARP inhibitor"
    assert denied("ex", entry) == denied("in", entry) == {"prior_therapy"}


def test_a_limit_that_will_exclude_nobody_excludes_nobody() -> None:
    entry = "Where bone metastases are present a high phosphatase will not exclude the patient"
    assert denied("ex", entry) == demanded("ex", entry) == set()


@pytest.mark.parametrize(
    "entry",
    [
        "Radiotherapy before allowed to less than 30% of the marrow",
        "Prior radiotherapy not to exceed 30 Gy to the spinal cord",
        "Prior radiotherapy to no more than 40% of the marrow",
        "Prior irradiation subject to limits of dose",
        "Earlier chemotherapy is not a requirement, but allowed if it ended a year ago",
        "Patients can have received bevacizumab providing that the last dose is half a year old",
        "The following earlier treatments are permitted:\n  * Tamoxifen\n  * Radiotherapy of a bone",
        "Biopsies of choice are allowed in:\n  * Patients with liver metastases",
        "Participants may have received:\n  * Tamoxifen\n  * A transplant of stem cells",
        "Bone metastases require other disease that can be measured",
        "Bone metastases and effusions are unacceptable as sole target lesions",
        "Liver metastases < 60% of the organ",
    ],
)
def test_what_is_allowed_or_limited_is_not_asked_for(entry: str) -> None:
    assert not demanded("in", entry) & {"prior_therapy", "procedure", "metastatic_site", "lines_of_therapy"}


def test_metastases_that_must_be_there_are_asked_for() -> None:
    assert demanded("in", "Bone metastases must be present") == {"metastatic_site"}


def test_a_limit_in_what_is_allowed_binds() -> None:
    entry = "The following earlier treatments are permitted:\n  * No more than two lines of chemotherapy"
    assert "lines_of_therapy" in demanded("in", entry)
    entry = "The following earlier treatments are permitted:\n  * Surgery more than four weeks ago"
    assert "procedure" in denied("in", entry)


def test_an_entry_that_permits_is_no_demand_of_its_list() -> None:
    entry = "A solid tumour that:\n  * cannot be cured\n  * Untreated metastatic cancer of the pancreas allowed"
    assert "lines_of_therapy" not in demanded("in", entry)


def test_sites_that_are_eligible_are_alternatives() -> None:
    entry = "The following sites are eligible:\n  * Breast cancer\n  * Gastric cancer"
    assert demanded("in", entry) == set()


@pytest.mark.parametrize(
    "entry",
    [
        "NOTE: Hodgkin's lymphoma is named by the newer scheme",
        "The terminology of high-grade lymphoma will be replaced by aggressive lymphoma",
        "Tumours with HER2 gene amplification will receive trastuzumab as well",
        "Patients with HER2-positive breast cancer will be assigned to the second group",
        "Indolent lymphoma is closed to accrual",
    ],
)
def test_remarks_ask_for_nothing(entry: str) -> None:
    assert demanded("in", entry) == set()


def test_what_is_required_of_the_old_is_asked_of_them_alone() -> None:
    assert demanded("in", "A normal echocardiogram required for all patients over 40 years") == set()
    ages = "At least 18 years old\n* ECOG 0-1 (patients aged over 65 years)"
    found = criteria("in", ages)
    assert {leaf.params.min for item in found for leaf in _leaves_that_shut(item.node)} == {18}


def _leaves_that_shut(node):
    parts = node.parts if isinstance(node, AllOf) else (node,)
    return [part for part in parts if isinstance(part, Leaf) and part.kind == "age"]


def test_the_lowest_of_several_ages_is_the_trials() -> None:
    found = criteria("in", "Age 18 years or older\n* Age 65 years or older in good health")
    assert [leaf.params.min for item in found for leaf in _leaves_that_shut(item.node)] == [18]


@pytest.mark.parametrize(
    "entry",
    [
        "Stage IV disease, excluding patients with liver metastases",
        "Stage IV disease (excluding bone-only disease)",
        "Stage IV disease with the exclusion of liver metastases",
    ],
)
def test_what_a_demand_excludes_is_shut_out(entry: str) -> None:
    assert "metastatic_site" in denied("in", entry)
    assert "disease_setting" in demanded("in", entry)


def test_an_exception_to_a_limit_frees() -> None:
    entry = "Bilirubin up to 1.5 x ULN, excluding patients with Gilbert syndrome"
    assert denied("in", entry) == set()


def test_entries_of_a_list_in_one_line_are_alternatives() -> None:
    entry = "At least one of the following: T3 or T4 tumour; node-positive disease; grade 3"
    assert demanded("in", entry) == set()
    entry = "At least one of the following: T3 or T4 tumour; node-positive disease. ECOG 0 or 1"
    assert demanded("in", entry) == {"performance_status"}


def test_a_judgement_binds_its_examples() -> None:
    entry = "Findings that, in the opinion of the investigator, would prevent treatment, such as neuropathy"
    assert denied("ex", entry) == set()
    assert "peripheral_neuropathy" in denied("ex", "Neuropathy")


def test_a_formula_for_women_asks_for_no_sex() -> None:
    assert "sex" not in demanded("in", "Females: 0.85 x weight x (140 - age)")
    assert "sex" not in demanded("in", "Females:")
    assert "sex" in demanded("in", "Female")


@pytest.mark.parametrize("section", ["in", "ex"])
def test_no_carcinoma_at_all_shuts_out_nobody(section: str) -> None:
    entry = {"in": "No atypical hyperplasia or carcinoma", "ex": "Atypical hyperplasia or carcinoma"}[section]
    assert "tumour_type" not in denied(section, entry)


def test_a_mutation_in_the_family_is_not_the_patients() -> None:
    assert "gene_status" not in demanded("in", "First-degree relative of somebody in a family with a BRCA1 mutation")
    assert "gene_status" in demanded("in", "A BRCA1 mutation")


def test_the_limit_of_a_definition_holds_for_the_word() -> None:
    entry = "Negative for hormone receptors. (Negative defined as ER and PR in less than 10% of cells)"
    limits = {str(leaf.params.cutoff_percent) for item in criteria("in", entry) for leaf in _receptors(item.node)}
    assert limits == {"10"}


def _receptors(node):
    if isinstance(node, Leaf):
        return [node] if node.kind == "hormone_receptor" else []
    parts = (node.part,) if isinstance(node, Not) else getattr(node, "parts", ())
    return [item for part in parts for item in _receptors(part)]


@pytest.mark.parametrize(
    "entry",
    [
        "Stage IV breast cancer. Measurable stage III disease, stage II disease with four nodes",
        "Disease of stage I (T1miN0), IIA-IIIA (T1-3 N1-N2a) or worse",
    ],
)
def test_one_of_several_stages_is_not_asked_for(entry: str) -> None:
    assert "disease_setting" not in demanded("in", entry)
    assert "disease_setting" in demanded("in", "Stage IV breast cancer")


def test_a_count_of_treatments_binds_those_with_the_cancer_in_front() -> None:
    entry = "For ovarian cancer, one prior treatment with chemotherapy"
    assert "lines_of_therapy" not in demanded("in", entry)
    (found,) = criteria("in", entry)
    assert isinstance(found.node, When)


def test_a_permission_in_brackets_is_an_exception_to_the_denial() -> None:
    assert denied("in", "No prior chemotherapy (adjuvant chemotherapy allowed)") == set()
    assert demanded("in", "No uncontrolled CNS metastases (treated CNS metastases eligible)") == set()
    assert demanded("in", "Hemoglobin at least 9 g/dL (transfusions allowed)") == {"lab_value"}


def test_conditions_of_those_let_in_bind_nobody_else() -> None:
    entry = (
        "If there is a history of treated brain metastases the patient is eligible, provided that all of these hold: "
        "measurable disease outside the brain; no steroids; brain metastases stable for four weeks"
    )
    assert "cns_metastases" not in demanded("in", entry) or "none" in repr(criteria("in", entry))
    assert "measurable_disease" not in demanded("in", entry)


def test_a_test_of_her2_in_brackets_leaves_the_other_test() -> None:
    entry = "HER2 overexpression by immunohistochemistry (3+, kit; maker) or HER2 gene amplification by FISH"
    assert demanded("in", entry) == set()


def test_who_is_unfit_for_a_drug_is_defined_and_not_asked_for() -> None:
    assert demanded("in", "Platinum ineligibility is defined as a clearance of creatinine below 30 mL/min") == set()


def test_a_lead_that_denies_shuts_out_its_list_even_where_it_is_not_understood() -> None:
    entry = "No spread beyond the belly, including the following:\n  * Metastasis of the lung\n  * Liver metastasis"
    assert demanded("in", entry) == set()
    assert denied("in", entry) == {"metastatic_site"}


def test_what_may_hold_at_most_is_not_asked_for() -> None:
    assert demanded("in", "No more than two of the following:\n  * Lung metastasis\n  * Liver metastasis") == set()


def test_brain_metastases_that_must_not_be_the_only_lesion_are_not_asked_for() -> None:
    entry = "At least one measurable lesion (a brain metastasis must not be the only measurable lesion)"
    assert demanded("in", entry) == {"measurable_disease"}
    assert demanded("in", "Patients must have brain metastases") == {"cns_metastases"}
