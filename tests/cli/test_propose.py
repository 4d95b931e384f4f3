"""`propose` against a loopback server that speaks the protocol: seen before sent, checked, accepted by people only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from chat_server import ChatServer, Reply, chat_server, proposals
from her2nav.app.propose_answers import ProposeAnswer

pytest.importorskip("pydantic_ai", reason="the llm extra is not installed")

NOTE = """Letter of 12 March 2025
Patient: Mrs Anna Berglund
68 year old lady with gastric adenocarcinoma, liver metastases. HER2 IHC 2+.
She is up and about all day, which we grade as 1 of 4. The tumour was found in May 2024, stage was four A (IVA).
"""
GOOD = {"path": "/cancer/diagnosed", "value": "2024-05", "quote": "found in May 2024"}
INVENTED = {"path": "/cancer/measurable_disease", "value": True, "quote": "measurable lesions in the liver"}
DECIDING = {"path": "/specimens/-", "value": {"ihc": {"score": "3+"}}, "quote": "HER2 IHC 3+"}


def her2nav(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "her2nav", "propose", *arguments],
        input=stdin, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def note(tmp_path: Path) -> str:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return str(path)


def seen(chat: ChatServer, *what: str) -> str:
    shown = her2nav(*what, "--endpoint", chat.url, "--model", "m", "--format", "json")
    assert shown.returncode == 0, shown.stderr
    answer = json.loads(shown.stdout)
    assert not answer["sent"]
    return answer["digest"]


def test_nothing_is_sent_before_it_was_seen(note: str) -> None:
    with chat_server(proposals(GOOD)) as chat:
        shown = her2nav("values", note, "--endpoint", chat.url, "--model", "m")
        guessed = her2nav("values", note, "--endpoint", chat.url, "--model", "m", "--send", "00000000")
    assert shown.returncode == 0
    assert "gastric adenocarcinoma" in shown.stdout
    assert "Berglund" not in shown.stdout
    assert "Nothing was sent" in shown.stdout
    assert guessed.returncode == 2
    assert chat.requests == []


def test_what_is_sent_is_what_was_shown(note: str) -> None:
    with chat_server(proposals(GOOD, INVENTED, DECIDING)) as chat:
        digest = seen(chat, "values", note)
        sent = her2nav(
            "values", note, "--endpoint", chat.url, "--model", "m", "--send", digest, "--format", "json",
            HER2NAV_LLM_KEY="sesame",
        )  # fmt: skip
    answer = json.loads(sent.stdout)
    ProposeAnswer.model_validate(answer)
    assert answer["sent"]
    assert len(chat.requests) == 1
    assert chat.keys == ["Bearer sesame"]
    words = json.dumps(chat.requests[0], ensure_ascii=False)
    assert "Berglund" not in words
    assert [one["path"] for one in answer["proposals"]] == ["/cancer/diagnosed"]
    assert all(one["machine_read"] and not one["decides"] for one in answer["proposals"])
    assert {one["path"]: one["code"] for one in answer["refused"]} == {
        "/cancer/measurable_disease": "invented_quote",
        "/specimens/-": "not_asked",
    }


def test_only_a_persons_yes_writes_a_proposal(note: str, tmp_path: Path) -> None:
    stage = {"path": "/cancer/stage", "value": "IVA", "quote": "(IVA)"}
    with chat_server(proposals(GOOD, stage)) as chat:
        digest = seen(chat, "values", note)
        out = tmp_path / "patient.yaml"
        arguments = ("values", note, "--endpoint", chat.url, "--model", "m", "--send", digest, "--out", str(out))
        done = her2nav(*arguments, stdin="\ny\n")
        again = her2nav(*arguments, stdin="y\ny\n")
    assert done.returncode == 0, done.stderr
    patient = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert patient["cancer"]["stage"] == "IVA"
    assert "diagnosed" not in patient["cancer"]
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_kept_answers_are_found_again_by_content_and_checked_again(note: str, tmp_path: Path) -> None:
    keep = tmp_path / "kept"
    with chat_server(proposals(GOOD, INVENTED)) as chat:
        digest = seen(chat, "values", note)
        common = ("values", note, "--endpoint", chat.url, "--model", "m", "--keep", str(keep), "--format", "json")
        her2nav(*common, "--send", digest)
        from_kept = json.loads(her2nav(*common).stdout)
        Path(note).write_text(NOTE + "More words.\n", encoding="utf-8")
        other = json.loads(her2nav(*common).stdout)
    assert len(chat.requests) == 1
    assert from_kept["from_kept"]
    assert not from_kept["sent"]
    assert len(from_kept["proposals"]) == 1
    assert len(from_kept["refused"]) == 1
    assert not other["from_kept"]
    assert other["digest"] != digest
    file = next(keep.iterdir())
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{", encoding="utf-8")
    Path(note).write_text(NOTE, encoding="utf-8")
    with chat_server(proposals(GOOD)):
        damaged = json.loads(her2nav(*common).stdout)
    assert not damaged["from_kept"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=401, body=b'{"error": {"message": "no"}}'), "refused the request (HTTP 401)"),
        (Reply(status=500, body=b"oops"), "HTTP 500"),
        (Reply("I cannot help with that."), "another form"),
        (Reply('{"proposals": [{"path": "/x"}]}'), "another form"),
        (Reply(body=b"<html>not the protocol</html>"), "another form"),
        (Reply(body=b'{"choices": []}'), "another form"),
        (Reply(body=b""), "another form"),
    ],
    ids=["key", "server", "refusal", "incomplete", "html", "empty choices", "nothing"],
)
def test_a_bad_answer_is_one_line(note: str, reply: Reply, said: str) -> None:
    with chat_server(reply) as chat:
        digest = seen(chat, "values", note)
        failed = her2nav("values", note, "--endpoint", chat.url, "--model", "m", "--send", digest)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr
    assert said in failed.stderr
    assert "gastric" not in failed.stderr


def test_a_slow_answer_ends_in_time(note: str) -> None:
    never = threading.Event()
    with chat_server(Reply("{}", delay=never)) as chat:
        digest = seen(chat, "values", note)
        failed = her2nav("values", note, "--endpoint", chat.url, "--model", "m", "--send", digest, "--timeout", "1")
        never.set()
    assert failed.returncode == 1
    assert "no answer" in failed.stderr


def test_nobody_there_is_one_line(note: str) -> None:
    with chat_server(proposals()) as chat:
        digest = seen(chat, "values", note)
    failed = her2nav("values", note, "--endpoint", chat.url, "--model", "m", "--send", digest)
    assert failed.returncode == 1
    assert "nobody answers there" in failed.stderr


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1",
        "ftp://127.0.0.1",
        "https://user:pass@example.org",
        "127.0.0.1",
        "http://127.0.0.1.example.org/",
    ],
)
def test_addresses_that_would_carry_words_in_the_open_are_not_taken(note: str, url: str) -> None:
    failed = her2nav("values", note, "--endpoint", url, "--model", "m")
    assert failed.returncode == 2
    assert "--endpoint" in failed.stderr


def test_readings_of_unread_stretches(tmp_path: Path) -> None:
    text = tmp_path / "criteria.txt"
    text.write_text(
        "Inclusion Criteria:\n\n* ECOG 0 or 1\n* The moon has seen no more than two lines of therapy\n", "utf-8"
    )
    tree = {"lines_of_therapy": {"max": 2}}
    good = {"number": 1, "tree": tree, "quote": "moon"}
    wrong = {"number": 1, "tree": {"astrology": {}}, "quote": "moon"}
    with chat_server(lambda _: proposals(wrong)) as chat:
        digest = seen(chat, "readings", "--text", str(text))
        common = ("readings", "--text", str(text), "--endpoint", chat.url, "--model", "m", "--format", "json")
        refused = json.loads(her2nav(*common, "--send", digest).stdout)
        chat.answer = lambda _: proposals({**good, "tree": {"performance_status": {"scale": "ecog"}}})
        kept = json.loads(her2nav(*common, "--send", digest).stdout)
    assert refused["proposals"] == []
    assert refused["refused"][0]["code"] == "not_a_tree"
    assert "moon" in chat.requests[0]["messages"][-1]["content"]
    assert len(kept["proposals"]) + len(kept["refused"]) == 1


def test_criteria_that_are_read_are_not_asked_about(tmp_path: Path) -> None:
    text = tmp_path / "criteria.txt"
    text.write_text("Inclusion Criteria:\n\n* ECOG 0 or 1\n", encoding="utf-8")
    done = her2nav("readings", "--text", str(text), "--endpoint", "http://127.0.0.1:9/v1", "--model", "m")
    assert done.returncode == 2
    assert "every stretch" in done.stderr
