"""The reading grade by the Flesch-Kincaid formula."""

import pytest

from her2nav.report.reading_grade import grade, page_grade, text_of

EASY = "The cat sat on the mat. It was a good day."
HARD = "Interstitial pneumonitis necessitates immediate discontinuation of anticancer immunotherapy administration."


def test_the_formula_on_a_text_counted_by_hand():
    # 11 words, 2 sentences, 11 syllables.
    assert grade([EASY]) == pytest.approx(0.39 * 11 / 2 + 11.8 * 11 / 11 - 15.59)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("cancer", 2),
        ("treatment", 2),
        ("trial", 1),
        ("make", 1),
        ("needed", 2),
        ("called", 1),
        ("table", 2),
        ("tested", 2),
    ],
)
def test_syllables_of_common_words(word, syllables):
    # "trial" and its like are counted one short: two vowels that are spoken apart look like one group.
    assert grade([word]) == pytest.approx(0.39 + 11.8 * syllables - 15.59)


def test_hard_words_and_long_sentences_raise_it():
    assert grade([HARD]) > 12 > 8 > grade([EASY])
    assert grade(["We test the tissue and then we wait and then we tell you and then you choose."]) > grade(
        ["We test the tissue.", "Then we wait.", "Then we tell you.", "Then you choose."]
    )


def test_names_count_as_one_short_word():
    named = "You could have trastuzumab deruxtecan now."
    assert grade([named], ["trastuzumab deruxtecan"]) == pytest.approx(grade(["You could have it now."]))
    assert grade(["Ask about NCT04585958 and HER2."]) == pytest.approx(grade(["Ask about it and it."]))
    assert grade([named]) > grade([named], ["trastuzumab deruxtecan"])


def test_nothing_to_read_has_no_grade():
    assert grade([]) == 0
    assert grade(["", "42 %"]) < 1


def test_the_text_of_a_page_is_read_block_by_block():
    page = (
        "<html><head><title>T</title><style>p {color: red}</style></head><body><h1>One two</h1><p>Three <b>four</b>"
        "</p><ul><li>Five</li></ul><svg><text>six</text></svg><p data-name>Seven</p><p>Eight<br>nine</p></body></html>"
    )
    assert text_of(page) == ["One two", "Three four", "Five", "Eightnine"]


def test_labels_do_not_make_a_page_look_easy():
    page = f"<p>{HARD}</p>" + "<p>Ask.</p>" * 50
    assert page_grade(page) == pytest.approx(grade([HARD]))
