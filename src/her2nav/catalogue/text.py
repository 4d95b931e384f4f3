"""The digest by which a curated tree knows whether the registry's text has changed."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

_BULLET = re.compile(r"(?m)^[\s]*[*•·‣▪◦●○–—-]+(?=\s)")
_ESCAPE = re.compile(r"\\(?=[^\w\s])")


def canonical_text(text: str) -> str:
    r"""Return the text without what changes without meaning: white space, bullets, backslash escapes, entities.

    Comparison signs stay: a text that lost them is another text.

    >>> canonical_text("* Age \\>= 18")
    'Age>=18'
    """
    plain = html.unescape(text)
    if "\\" in plain:
        plain = _ESCAPE.sub("", plain)
    plain = unicodedata.normalize("NFKC", html.unescape(plain))
    return "".join(_BULLET.sub("", plain).split())


def text_sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of the canonical text."""
    return hashlib.sha256(canonical_text(text).encode()).hexdigest()
