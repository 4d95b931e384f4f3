"""What would change a group that is not met."""

from datetime import date

import pytest

from her2nav.matching.explain import hardest
from her2nav.model.finding import Change, ChangeBy

SOON = Change(ChangeBy.DATE, "wait", date=date(2026, 12, 1))
LATER = Change(ChangeBy.DATE, "wait", date=date(2027, 1, 1))
TEST = Change(ChangeBy.TEST, "a new test")
NEVER = Change(ChangeBy.NEVER, "what is on record")


@pytest.mark.parametrize(
    ("changes", "head", "wanted"),
    [
        ([SOON, LATER], "all_of", LATER),
        ([SOON, TEST], "all_of", TEST),
        ([SOON, TEST], "any_of", SOON),
        ([SOON, None], "any_of", SOON),
        ([SOON, None], "all_of", None),
        ([TEST, None], "all_of", None),
        ([SOON, NEVER, None], "all_of", NEVER),
        ([None], "all_of", None),
        ([], "any_of", None),
    ],
)
def test_no_date_is_promised_where_nobody_knows_what_changes_the_rest(changes, head, wanted):
    assert hardest(changes, head) is wanted
