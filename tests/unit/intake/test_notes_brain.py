"""The brain: what scans showed, what was done, what it makes of its state."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 12 June 2026\nDiagnosis: metastatic breast cancer, HER2 positive.\n"


def cns(words):
    """Return what is read of the brain."""
    return at(patient(HEAD + words), "cancer.cns") or {}


def test_lesions_that_a_list_measures_one_by_one():
    found = cns(
        "MRI brain 2 June 2026: 3 enhancing lesions. Left cerebellar hemisphere 18 mm with oedema, right frontal 9 mm, "
        "left parietal 5 mm. No mass effect. No leptomeningeal dis."
    )
    assert (found["lesions"], found["largest_mm"], found["mass_effect"], found["leptomeningeal"]) == (
        3,
        "18",
        False,
        False,
    )


def test_a_shift_an_older_size_and_another_organ_are_no_size():
    found = cns("MRI brain 2 June 2026: one lesion, 9 mm (was 14 mm), midline shift 3 mm. CT chest: nodule 22 mm.")
    assert found["largest_mm"] == "9"


def test_sizes_that_may_not_hold_the_largest_are_left_out():
    assert "largest_mm" not in cns("MRI brain 2 June 2026: 4 lesions, the one in the left frontal lobe 6 mm.")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Radiosurgery to four brain metastases 5 May 2025.", 4),
        ("Two small brain metastases in March 2026, never counted anew.", 2),
        ("They found 2 spots in the brain, Gamma Knife on 2 April 2026.", 2),
        ("SRS to 3 brain lesions May 2025. Progression in the brain April 2026, 2 new lesions.", None),
        ("Three brain metastases; the largest was resected: craniotomy 3 May 2026.", None),
        ("Two brain metastases in 2024. Five brain metastases in 2026.", None),
        ("Her sister had three brain metastases.", None),
    ],
)
def test_the_number_of_metastases_where_nothing_changed_it(words, number):
    assert cns(words).get("lesions") == number


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2 May 2026 Brain MRI: 5 brain metastases. 9 May 2026 Gamma knife for all of them.", "2026-05-09"),
        ("Craniotomy 3 April 2026 for a brain met, radiotherapy to the resection cavity 28 April 2026.", "2026-04-28"),
        ("Brain metastases. The cerebellar lesion was resected on 18 February 2026.", "2026-02-18"),
        ("Brain metastases. SRS planned 30 June 2026.", None),
    ],
)  # fmt: skip
def test_the_day_of_local_treatment(words, day):
    assert cns(words).get("last_local_therapy") == day


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Brain metastases, SRS 3 March 2026. Repeat MRI 20 May 2026: lesions reduced, nothing new.", "treated_stable"),
        ("Brain metastases, SRS 3 March 2026. MRI brain 20 May 2026: treated lesions larger.", "active_or_progressing"),
        ("MRI brain 2 June 2026: two new foci, 6 and 4 mm. No neurological symptoms.", "untreated_asymptomatic"),
        ("MRI head 2 June 2026: 2 enhancing lesions. Impression: symptomatic brain mets.", "active_or_progressing"),
        ("MRI brain 2 June 2026: 2 enhancing lesions.", None),
        ("Treated brain lesions; MRI brain 2 June 2026: 2 lesions. No headaches or seizures.", None),
        ("Brain MRI 2 June 2026 neg.", "none"),
        ("Brain CT with contrast of 2 June 2026: negative for secondary lesions.", "none"),
        ("They looked at her head with an MRI and it was clear.", "none"),
    ],
)  # fmt: skip
def test_the_state_of_the_brain(words, status):
    assert cns(words).get("status") == status


def test_a_scan_of_another_organ_is_none_of_the_brain():
    words = "No headaches. Surveillance MRI 2 June 2026: new 8 mm focus in the right breast. Brain MRI not done."
    assert cns(words) == {}


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        ("On dexamethasone since 2 June 2026, headache better.", True),
        ("Started dexamethasone 4 mg and levetiracetam.", True),
        ("SRS May 2026. Dex taper, off since 29 May.", False),
        ("Dexamethasone was weaned and stopped on 15 April 2026.", False),
        ("She does not use steroids.", False),
        ("Off steroids since May. Started dexamethasone again on 2 June 2026.", None),
        ("Pneumonitis: started dexamethasone 8 mg.", None),
        ("On dexamethasone for nausea with each cycle.", None),
        ("To be put on dexamethasone if she gets headaches.", None),
    ],
)
def test_steroids_for_the_brain(words, taken):
    assert cns("Two brain metastases.\n" + words).get("on_steroids") is taken


def test_symptoms_that_a_treatment_may_have_relieved_are_not_told_as_present():
    assert "symptomatic" not in cns("Symptomatic brain metastases, SRS 3 March 2026.")
    assert cns("Symptomatic brain metastases since May 2026.")["symptomatic"] is True


def test_a_scan_has_the_day_that_opens_its_row():
    told = patient(
        "18/05/2026\nMetastatic breast cancer.\n- 02/03/2026: Headache. MRI brain: 6 enhancing lesions, up to 22 mm.\n"
        "- 09/03/2026 to 20/03/2026: Whole brain radiotherapy 30 Gy in 10 fractions.\n\n"
        "MRI brain 11/05/2026: all lesions smaller, largest now 11 mm, no new lesion.\n"
    )["cancer"]["cns"]
    assert (told["lesions"], told["largest_mm"], str(told["last_imaging"])) == (6, "11", "2026-05-11")


def test_the_largest_of_counted_metastases_in_a_bracket():
    told = patient(
        "18/05/2026\nMetastatic breast cancer.\nTwo brain metastases (largest 8 mm) had radiosurgery on 18/09/2025.\n"
    )["cancer"]["cns"]
    assert (told["lesions"], told["largest_mm"]) == (2, "8")
