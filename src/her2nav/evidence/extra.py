"""The libraries of the optional extra `evidence`, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from her2nav.model.errors import InputError

EXTRA = "evidence"


def need(module: str, what: str) -> ModuleType:
    """Return a library of the extra.

    Raises:
        InputError: It is not installed; the message says what needs it and how to install it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as absent:
        raise InputError(
            f"{what} needs {(absent.name or module).partition('.')[0]}, which is not installed",
            allowed=f"pip install 'her2nav[{EXTRA}]'",
            code="missing_extra",
        ) from None
