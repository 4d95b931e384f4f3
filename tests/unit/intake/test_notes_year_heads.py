"""Days without their year under a year that opens the line."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient

HEAD = "Clinic 11 May 2026. Metastatic breast cancer.\n"


@pytest.mark.parametrize(
    ("story", "days"),
    [
        ("2016. Core biopsy 8 March: HER2 1+.", ["2016-03-08"]),
        ("2016: core biopsy 8 March HER2 1+, mastectomy 5 April HER2 0.", ["2016-03-08", "2016-04-05"]),
        ("2016 - Core biopsy 8 March: HER2 1+.", ["2016-03-08"]),
        ("2016\nCore biopsy 8 March: HER2 1+.\n2023\nLiver biopsy 20 June: HER2 2+.", ["2016-03-08", "2023-06-20"]),
        ("2016. Core biopsy 8 March 2017: HER2 1+.", ["2017-03-08"]),
        ("2016\n\nCore biopsy 8 March: HER2 1+.", ["2026-03-08"]),
    ],
)
def test_the_year_that_opens_the_line_is_that_of_its_days(story, days):
    assert sorted(one["collected"] for one in patient(HEAD + story)["specimens"]) == days
