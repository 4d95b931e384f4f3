"""`her2nav report` as a person calls it, and the pages as a reader and a printer take them."""

import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from cli.page_faults import page_faults
from her2nav.app.choice import Choice, TrialSet
from her2nav.app.derived import Derived
from her2nav.app.report import MOST_TRIALS, report_page
from her2nav.app.session import Session
from her2nav.cli import main
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.report.reading_grade import TARGET, text_of

DAY = date(2026, 11, 20)
ROOT = Path(__file__).resolve().parents[2]
PATIENTS = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))
SESSION = Session(today=lambda: DAY)


def run(*arguments):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "report", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


@lru_cache(maxsize=1)
def _derived(name):
    read = read_patient(ROOT / f"examples/{name}.yaml", SESSION.knowledge, DAY, DAY)
    return Derived(SESSION, read, choice=Choice(TrialSet.CATALOGUE))


@lru_cache(maxsize=len(PATIENTS) * 2)
def page(name, register):
    return report_page(_derived(name), register)


@pytest.mark.parametrize("register", ["clinical", "plain"])
@pytest.mark.parametrize("name", PATIENTS)
def test_a_page_is_whole_in_itself_and_well_formed(name, register):
    text = page(name, register)
    assert page_faults(text) == []
    assert "default-src 'none'" in text
    assert "@page { size: A4;" in text


@pytest.mark.parametrize("name", PATIENTS)
def test_a_plain_page_is_plain(name):
    text = page(name, "plain")
    stated = float(re.search(r"Reading grade of this page: (-?[\d.]+) \(Flesch-Kincaid", text)[1])
    assert stated <= TARGET
    body = " ".join(text_of(text))
    banned = re.compile(
        r"\b(?:" + "|".join(map(re.escape, load_knowledge().words.banned_plain)) + r")\b", re.IGNORECASE
    )
    for match in _derived(name).matched.matches:
        body = body.replace(match.trial.record.title, "")
    assert not banned.search(body), banned.search(body)
    assert "HER2 is one of several markers; this page does not cover treatments without it." in body
    assert "Do not delay needed treatment for a trial without asking your team." in body
    assert not re.search(r"\b(?:stop|hold|continue) (?:the|your) (?:drug|treatment|medicine)", body, re.IGNORECASE)


def test_a_clinical_page_holds_every_part(root):
    text = page("gej-equivocal", "clinical")
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", text)
    wanted = ["HER2 status", "Specimens and therapies over time", "What to find out next", "Options", "Trials",
              "Monitoring", "Where the sources disagree", "Sources"]  # fmt: skip
    assert titles == wanted
    assert "HER2 ISH on the same tissue" in re.sub(r"</?button[^>]*>", "", text)  # words that are explained
    assert "Closes trials:" in text
    assert "<svg" in text
    assert "Recruiting on 5 Jan 2026 (319 days ago: check)" in text
    assert re.search(r"her2nav \S+ · knowledge \w{12} · trials catalogue-", text)
    assert "Decision support, not a medical device" in text


def test_the_plain_page_ends_with_the_questions_to_take_along():
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", page("gej-equivocal", "plain"))
    assert titles[0] == "Your HER2 result"
    assert titles[-1] == "Questions to take with you"


@pytest.mark.parametrize("name", PATIENTS)
def test_at_most_so_many_trials_each_with_its_status_and_day(name):
    for register in ("clinical", "plain"):
        text = page(name, register)
        shown = re.findall(r'<h3 id="trial-\d+">', text)
        assert len(shown) <= MOST_TRIALS[register]
        part = text[text.index('id="trials"') : text.index('id="monitoring"')]
        dated = re.findall(r" on \d+ [A-Z][a-z]{2} \d{4}|Status unknown: check the registry", part)
        assert len(dated) >= len(shown)


def test_no_trial_shows_reasons_and_the_nearest_instead():
    name = next((one for one in PATIENTS if not _derived(one).trials), None)
    if name is None:
        derived = _derived("sparse")
        derived.__dict__["trials"] = []
        derived.__dict__["her2_trials"] = []
        text = report_page(derived, "plain")
        _derived.cache_clear()
    else:
        text = page(name, "plain")
    assert "No study in our list fits today. These come nearest:" in text


def test_lung_warning_stands_on_every_page_of_such_a_drug():
    for register, words in (("plain", "New cough, breathlessness or fever: call your cancer team now, day or night"),
                            ("clinical", "Risk of interstitial lung disease")):  # fmt: skip
        assert words in page("colorectal-positive", register)


def test_what_the_patient_file_says_is_escaped(tmp_path):
    patient = tmp_path / "p.yaml"
    patient.write_text(
        'id: "<script>alert(1)</script>"\ncancer: {tumour_type: breast}\n'
        'specimens:\n  - {id: "<i>a</i>", kind: biopsy, collected: 2026-01-05, ihc: {score: "2+", scoring: breast}}\n',
        encoding="utf-8",
    )
    out = tmp_path / "r.html"
    code, told, _ = run(patient, "-o", out, "--trials", "catalogue", "--as-of", DAY)
    text = out.read_text(encoding="utf-8")
    assert (code, told) == (0, f"page: {out}\n")
    assert page_faults(text) == []
    assert "<script>" not in text
    assert "<i>a" not in text


def test_letter_paper_and_numbers(root, tmp_path):
    out = tmp_path / "r.html"
    patient = root / "examples/gastric-positive.yaml"
    assert run(patient, "-o", out, "--paper", "letter", "--trials", "catalogue", "--as-of", DAY)[0] == 0
    assert "@page { size: letter;" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-such.yaml", "-o", "x.html"], "no such file"),
        (["examples/gej-equivocal.yaml"], "--out"),
        (["examples/gej-equivocal.yaml", "-o", "no/such/folder/x.html"], "cannot be written"),
        (["examples/gej-equivocal.yaml", "-o", "x.html", "--paper", "A5"], "A5"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments, says, monkeypatch, root):
    monkeypatch.chdir(root)
    code, out, err = run(*arguments)
    assert code == 2
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in out + err
    assert not (root / "x.html").exists()


def _luminance(colour):
    short = colour.lstrip("#")
    full = "".join(c * 2 for c in short) if len(short) == 3 else short
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_has_the_contrast_of_wcag_aa():
    style = re.search(r"<style>(.*?)</style>", page("gej-equivocal", "clinical"), re.DOTALL)[1]
    pairs = []
    for rule in re.findall(r"\{([^{}]*)\}", style):
        colour = re.search(r"(?<![-\w])color: (#[0-9a-f]{3,6})", rule)
        behind = re.search(r"background: (#[0-9a-f]{3,6})", rule)
        if colour or behind:
            pairs.append((colour[1] if colour else "#111111", behind[1] if behind else "#ffffff"))
    assert len(pairs) > 8
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []
    pictures = re.findall(r'<text[^>]*fill="(#[0-9a-f]{3,6})"', page("gej-equivocal", "clinical"))
    assert [colour for colour in pictures if _contrast(colour, "#ffffff") < 4.5] == []
