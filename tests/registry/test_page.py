"""The landing page: what it says, and that it stands on its own."""

import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from her2nav.app.registry import Imported
from her2nav.app.registry_page import page
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError, UnknownName
from her2nav.registry.page_settings import page_settings
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter
from registry.records import v2

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 21)


class Outline(HTMLParser):
    """Headings, ids and what an element refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.asked: list[str] = []
        self.levels: list[int] = []
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.asked += str(given.get("aria-labelledby") or "").split()
        if (given.get("href") or "").startswith("#"):
            self.asked.append(str(given["href"])[1:])
        if tag in ("link", "img", "script", "iframe", "object") or given.get("src"):
            self.loaded.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def make(folder: Path, tumour: str = "stomach cancer", country: str | None = None) -> str:
    with StoreReader(folder) as store, store.one_state():
        return page(store, KNOWLEDGE, tumour, country=country, today=lambda: TODAY)


@pytest.fixture
def folder(run: Callable[..., Imported], tmp_path: Path) -> Path:
    records = [
        v2("NCT00000001"),
        v2("NCT00000002", title="HER2-positive gastric cancer, first-line <b>treatment</b>", update="2026-08-01"),
        v2("NCT00000003", title="Completed trial of T-DXd", status="COMPLETED"),
    ]
    plain = v2("NCT00000004", title="Immune treatment in gastric cancer")
    plain["protocolSection"]["conditionsModule"]["keywords"] = []
    plain["protocolSection"]["armsInterventionsModule"] = {}
    records[1]["protocolSection"]["conditionsModule"]["keywords"] = []
    run(a=b"\n".join(json.dumps(record).encode() for record in (*records, plain)))
    return tmp_path / "store"


def test_trials_stand_under_their_setting_with_dated_status(folder: Path) -> None:
    text = make(folder)
    low, first = text.index('id="group-low"'), text.index('id="group-first_line"')
    assert low < text.index("NCT00000001") < first < text.index("NCT00000002")
    assert "<strong>Recruiting on 30 Oct 2026 (22 days ago)</strong>" in text
    assert "Recruiting on 1 Aug 2026 (112 days ago: check)" in text
    assert "<strong>Recruiting on 1 Aug" not in text, "an old status is not stressed"
    assert "NCT00000003" not in text, "it does not recruit"
    assert "NCT00000004" not in text, "it mentions HER2 in its criteria only"
    assert "1 more name HER2 only among their criteria" in text
    assert "&lt;b&gt;treatment" in text, "what a record says is text, never markup"
    assert "snapshot 2026-11-21.1" in text


def test_it_stands_on_its_own_and_is_sound(folder: Path) -> None:
    outline = Outline(make(folder))
    assert outline.loaded == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.asked) <= set(outline.ids)
    assert outline.levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert {"main", "header", "footer", "nav", "th"} <= outline.tags


def test_standard_of_care_is_dated_and_for_the_tumour(folder: Path) -> None:
    text = make(folder)
    assert "regular approval since 19 Mar 2025; first approved 5 May 2021" in text
    assert "PD-L1 CPS 1 or more" in text
    assert "tucatinib" not in text.casefold(), "a label for another tumour"
    assert "unverified: check the label" in text
    assert make(folder, country="Germany").index("European Union (EMA") < make(folder, country="DE").index(
        "United States (FDA"
    )


def test_safety_lines_and_questions(folder: Path) -> None:
    text = make(folder)
    for line in ("not_only_marker", "do_not_delay", "lung_warning"):
        assert KNOWLEDGE.words.safety_lines[line].plain in text
    assert "claudin 18.2" in text
    assert "hormone receptors" not in text
    assert "claudin" not in make(folder, "breast cancer")


def test_no_trial_is_not_no_trial_in_the_world(folder: Path) -> None:
    assert "This says nothing of trials that the store does not hold" in make(folder, "lung cancer")


def test_plain_sentences_hold_no_banned_word() -> None:
    settings = page_settings(KNOWLEDGE)
    texts = [item.text for item in (*settings.testing, *settings.questions)]
    texts += [text for group in settings.groups for text in (group.title, group.says)]
    for text in texts:
        for word in KNOWLEDGE.words.banned_plain:
            assert not re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE), (word, text)


def test_unknown_names_and_an_empty_store(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="tumour type"):
        make(folder, "xyzzy")
    with pytest.raises(UnknownName, match="country"):
        make(folder, country="Nowhere")
    with StoreWriter(tmp_path / "empty"):
        pass
    with pytest.raises(InputError, match="no snapshot"):
        make(tmp_path / "empty")
