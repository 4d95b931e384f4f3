"""Build hook: compiles the fact files of `src/her2nav/data`, and the trials among them, before a wheel is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = Path("src", "her2nav", "data")
STEPS = (
    ("her2nav.catalogue.compile", DATA / "_compiled.json"),
    ("her2nav.app.shipped", DATA / "_compiled_trials.json"),
)
"""What is made, one after the other: the module that writes a file, and the file."""


class CompileData(BuildHookInterface[Any]):
    """Runs the package's own compilers, so that build and program share one definition of the data."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the data for a wheel, editable ones included; a source archive carries only the sources."""
        if self.target_name != "wheel":
            return
        for module, file in STEPS:
            self._compile(module, file)
            # Files that git ignores are left out of a wheel unless they are named.
            build_data["artifacts"].append(file.as_posix())

    def _compile(self, module: str, file: Path) -> None:
        root = Path(self.root)
        compiled = root / file
        compiled.unlink(missing_ok=True)
        # `-m` finds the package in the working folder. PYTHONPATH would not do: pip's isolated builds take what is
        # installed in the environment off the path, and with an editable installation that is `src` itself.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
        environment["PYTHONUTF8"] = "1"
        command = [sys.executable, "-m", module]
        done = subprocess.run(
            command, cwd=root / "src", env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode != 0:
            problem = "cannot be imported" if "No module named" in done.stderr else "reported a fault in the data"
            details = "\n".join(part.strip() for part in (done.stdout, done.stderr) if part.strip())
            self.app.abort(f"her2nav: the data cannot be compiled: {module} {problem}.\n{details}")
        if not compiled.is_file():
            self.app.abort(f"her2nav: {module} ended without an error but did not write {file.as_posix()}.")
        self.app.display_info(done.stdout.strip())
