"""Compile `data/` to the file that the program loads: `python -m her2nav.catalogue.compile`."""

from __future__ import annotations

import sys

from her2nav.catalogue.check import check_data
from her2nav.knowledge.bundle import parse_sources, write_compiled
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import Her2NavError


def main() -> int:
    """Parse, check and write; print one line, or one line per fault."""
    try:
        bundle = parse_sources()
        faults = check_data(Knowledge(bundle))
        if faults:
            print("\n".join(faults), file=sys.stderr)
            return 1
        path = write_compiled(bundle)
    except Her2NavError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"compiled {len(bundle.files)} fact files, version {bundle.version}, to {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
