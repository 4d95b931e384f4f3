"""Signed forms: a page's form can be sent back to this server for half an hour, and by no other page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping

from her2nav.model.errors import InputError
from her2nav.web.settings import Settings


class OldForm(InputError):
    """A form that this server made lay too long; what it holds can be sent again by whoever sees it.

    Attributes:
        fields: What was entered.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("this form lay too long", allowed="send it again", code="form")
        self.fields = {name: value for name, value in fields.items() if name != "csrf"}


def sign(settings: Settings, now: float | None = None) -> str:
    """Return the token that a form carries."""
    said = f"{int(now if now is not None else time.time())}.{secrets.token_hex(8)}"
    return f"{said}.{_mac(settings, said)}"


def check(settings: Settings, token: str, now: float | None = None) -> None:
    """Check the token of a form that came back.

    Raises:
        InputError: It is not ours, or the form lay too long.
    """
    said, _, mac = token.rpartition(".")
    if not hmac.compare_digest(mac, _mac(settings, said)):
        raise InputError(
            "this form was not made by this server", allowed="go back and load the page again", code="form"
        )
    age = (now if now is not None else time.time()) - int(said.split(".")[0])
    if age > settings.form_minutes * 60:
        raise OldForm({})


def _mac(settings: Settings, said: str) -> str:
    return hmac.new(settings.secret, said.encode(), hashlib.sha256).hexdigest()
