"""What all tests share: the folder of test data, Hypothesis profiles, a store that is nobody's own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

SLOW_IS_FINE = [HealthCheck.too_slow]
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile(
    "ci", max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW_IS_FINE
)
settings.register_profile("soak", max_examples=5000, deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "dev")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test data, which is not part of the repository.

    HER2NAV_SHARED names it; the default is `../shared`. A test that needs it is skipped where it is absent, and
    fails there when HER2NAV_REQUIRE_DATA is 1.
    """
    folder = Path(os.environ.get("HER2NAV_SHARED") or ROOT.parent / "shared")
    if folder.is_dir():
        return folder
    reason = "the shared test data is absent: name its folder in HER2NAV_SHARED"
    if os.environ.get("HER2NAV_REQUIRE_DATA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the user's store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HER2NAV_HOME", str(tmp_path_factory.mktemp("home")))
        yield
