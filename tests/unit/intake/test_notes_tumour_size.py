"""The size of the primary tumour, and lengths that are something else."""

import pytest

from unit.intake.note_helpers import at, patient


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Ultrasound: 24 mm irregular mass at 2 o'clock, 5 cm from the nipple.", "24"),
        ("Mastectomy: invasive ductal carcinoma 32 mm, margins clear by 4 mm, 0/3 nodes.", "32"),
        ("Margins: tumour is 3 mm from the deep margin.", None),
        ("Left WLE May 2024: 17mm G2 IDC, pT1c pN0.", "17"),
        ("Axillary node metastasis measuring 12 mm.", None),
        ("CT: liver metastases up to 32 mm, breast primary 41 mm.", "41"),
        ("Gastroscopy: ulcerated tumour 5 cm below the cardia.", None),
        ("Rectal cancer 8 cm from the anal verge.", None),
        ("Colonic mass, 4.5 x 3 cm, at the splenic flexure.", "45"),
        ("Tumour invades 14 mm into a wall of 20 mm.", None),
        ("Breast cancer. Lung nodule 6 mm.", None),
        ("Breast cancer with 9 mm brain lesion.", None),
        ("DCIS 25 mm with invasive focus of 2 mm.", None),
        ("Breast carcinoma, 2.2 cm, ER positive.", "22"),
        ("Largest diameter 3,4 cm.", "34"),
        ("Core length 14 mm; carcinoma in 10 mm of the core.", None),
        ("Tumor size: 2.8 x 2.1 x 1.9 cm", "28"),
        ("The tumour shrank from 40 mm to 18 mm on MRI.", None),
        ("Right breast cancer cT2 (34 mm) N1.", "34"),
        ("Primary tumour in the stomach, 6 cm, and two liver lesions of 2 cm.", "60"),
        ("Uterus 11 cm with serous carcinoma of 43 mm, depth 8 mm of 14 mm.", "43"),
        ("Left breast: lump of about 3 cm.", "30"),
        ("Height 162 cm, weight 60 kg.", None),
        ("Ki-67 30%. Tumour 2.6 cm, grade 3.", "26"),
        ("Brain MRI: mass in right frontal lobe 31 mm.", None),
        ("Thyroid adenoma 12 mm. Breast cancer.", None),
        ("Gallbladder carcinoma infiltrating liver bed, 51 mm.", None),
        ("Cancer at 12 cm on flexible sigmoidoscopy.", None),
        ("Adenocarcinoma of the lung, 33 mm, right upper lobe.", None),
        ("5 cm gastric mass with 3 cm perigastric node.", "50"),
        ("Breast tumour was 4 cm, now 1.5 cm after four cycles.", None),
        ("Fibroadenoma 14 mm left; right breast carcinoma 21 mm.", "21"),
    ],
)
def test_only_the_size_of_the_primary_tumour_is_taken(text, size):
    assert at(patient(f"Clinic 8 September 2026\n{text}"), "cancer.tumour_size_mm") == size


def test_the_microscope_counts_for_more_than_a_scan():
    text = "Ultrasound May 2026: 31 mm mass. Lumpectomy June 2026: invasive ductal carcinoma, 26 mm, pT2 pN0."
    assert at(patient(text), "cancer.tumour_size_mm") == "26"


def test_what_treatment_left_is_not_the_size():
    text = "Mastectomy after TCHP: residual invasive carcinoma, 9 mm, ypT1b ypN0."
    assert at(patient(text), "cancer.tumour_size_mm") is None
