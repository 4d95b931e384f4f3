"""The attribute view with every group of attributes loaded."""

from __future__ import annotations

import importlib
import pkgutil

from her2nav.criteria import summaries
from her2nav.criteria.attributes import Attributes, attributes
from her2nav.criteria.reader import ReadText

for _info in sorted(pkgutil.iter_modules(summaries.__path__), key=lambda item: item.name):
    importlib.import_module(f"{summaries.__name__}.{_info.name}")


def attribute_view(read: ReadText, nct_id: str | None = None, record: Attributes | None = None) -> Attributes:
    """Return the flat view of read criteria; `record` holds what the record's own fields say."""
    return attributes(read, nct_id, record)
