"""A small hospital and its trials, made up."""

from datetime import date
from pathlib import Path

import pytest

from screen.cohort import Ward


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    """A folder with a few patients and own trials, to be screened on 21 November 2026."""
    return Ward(tmp_path, date(2026, 11, 21))
