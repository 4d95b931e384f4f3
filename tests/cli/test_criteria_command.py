"""What `her2nav criteria` is given."""

import pytest

from her2nav.cli.criteria_command import trial_of
from her2nav.model.errors import InputError


def test_a_file_without_its_option_is_told_the_option(tmp_path):
    path = tmp_path / "criteria.txt"
    path.write_text("Inclusion Criteria:\n- Age 18 or over\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        trial_of(str(path), None, None)
    assert "--text FILE" in (caught.value.allowed or "")
    assert trial_of(None, None, path).eligibility.text.startswith("Inclusion Criteria")


def test_an_empty_text_is_told(tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="empty"):
        trial_of(None, None, path)
