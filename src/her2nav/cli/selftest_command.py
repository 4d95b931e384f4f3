"""`her2nav selftest`."""

from __future__ import annotations


def selftest() -> None:
    """Run every golden row."""
