"""What holds of the repository as a whole."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import her2nav

PACKAGE = Path("src", "her2nav")
DEMO = "./scripts/demo"
TESTS = "./scripts/test"

# Put together here, so that this file does not contain what it looks for.
MACHINE_PATH = "/" + "work/"
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("conda", "anaconda", "org"),
    )
)


def files_in_git(root: Path) -> list[Path]:
    """Tracked files and those that would be added by `git add`."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("not a git checkout")
    command = [git, "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for name in listing.split("\0") if name and (path := root / name).is_file()]


def code_folders(root: Path) -> list[Path]:
    """The folders of the package that hold Python files."""
    package = root / PACKAGE
    return sorted({path.parent for path in package.rglob("*.py") if path.parent != package / "data"})


def documents(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def test_imports_go_down_only(root: Path) -> None:
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert tool, "lint-imports is not installed beside this Python"
    done = subprocess.run([tool, "--no-cache"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_says_in_one_sentence_what_lives_there(root: Path) -> None:
    faults = []
    for folder in code_folders(root):
        init = folder / "__init__.py"
        docstring = ast.get_docstring(ast.parse(init.read_text("utf-8"))) if init.is_file() else None
        name = folder.relative_to(root).as_posix()
        if not docstring:
            faults.append(f"{name}: no docstring in __init__.py")
        elif not docstring.endswith(".") or re.search(r"\n\s*\n|[.!?]\s+[A-Z]", docstring):
            faults.append(f"{name}: not one sentence: {docstring!r}")
    assert not faults, "\n".join(faults)


def test_no_file_names_a_machine_path_or_a_registry_host(root: Path) -> None:
    faults = []
    for path in files_in_git(root):
        text = path.read_bytes().decode("utf-8", errors="replace")
        faults += [f"{path.relative_to(root)}: {word}" for word in (MACHINE_PATH, *REGISTRY_HOSTS) if word in text]
    assert not faults, "\n".join(faults)


def test_there_is_one_version(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == her2nav.__version__


def test_the_changelog_knows_the_version(root: Path) -> None:
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(her2nav.__version__)}\]", changelog, re.MULTILINE)


def test_readme_shows_the_commands_that_ci_runs(root: Path) -> None:
    commands = [
        line.strip()
        for block in re.findall(
            r"```(?:sh|bash|console)?\n(.*?)```", (root / "README.md").read_text("utf-8"), re.DOTALL
        )
        for line in block.splitlines()
        if line.strip()
    ]
    assert commands[:2] == [DEMO, TESTS]
    ci = (root / ".ci" / "run").read_text("utf-8")
    assert re.search(rf"^timed \S+ {re.escape(TESTS)} \|\|", ci, re.MULTILINE), "CI runs exactly the README's command"


def test_the_scripts_can_be_run(root: Path) -> None:
    for name in ("scripts/demo", "scripts/test", "scripts/check", "scripts/tool", "scripts/bench", ".ci/run"):
        script = root / name
        assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n"), name
        assert script.stat().st_mode & 0o111, f"{name} is not executable"


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    faults = []
    for document in documents(root):
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
            path = target.partition("#")[0]
            if path and "://" not in target and not (document.parent / path).exists():
                faults.append(f"{document.relative_to(root)}: {target}")
    assert not faults, "\n".join(faults)


def test_every_decision_record_has_the_same_parts_and_a_place_in_the_index(root: Path) -> None:
    index = (root / "docs" / "index.md").read_text("utf-8")
    records = sorted((root / "docs" / "adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text("utf-8")
        assert f"adr/{record.name}" in index, f"{record.name} is not in docs/index.md"
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{record.name}: no {heading}"
