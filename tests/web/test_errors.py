"""Errors: pages for people, one object for programs, one sentence for mCODE clients; nothing entered is lost."""

import html
import re
import time

import pytest

from her2nav.web import forms
from web.test_mcode import BUNDLE

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        ("GET", "/api/nothing", {}, 404, "not_found"),
        ("GET", "/explore/nothing", {}, 404, "not_found"),
        ("PUT", "/api/interpret", {}, 405, "bad_method"),
        ("DELETE", "/explore", {}, 405, "bad_method"),
        ("POST", "/api/interpret", {"content": b"HER2", "headers": {"content-type": "text/plain"}}, 415, "media_type"),
        ("POST", "/read", {"json": {"text": "HER2"}}, 415, "media_type"),
        ("POST", "/result", {"json": {"text": "HER2"}}, 415, "media_type"),
        (
            "POST",
            "/api/interpret",
            {"content": b'{"text', "headers": {"content-type": "application/json"}},
            422,
            "bad_json",
        ),
        ("POST", "/api/interpret", {"json": {"text": 1}}, 422, "bad_input"),
        ("GET", "/explore/trials?page=x", {}, 422, "bad_input"),
        ("GET", "/explore/trials?tumour=moon", {}, 400, "bad_input"),
    ],
)
def test_a_program_gets_the_object_and_a_browser_a_page(client, method, path, more, status, code):
    headers = more.get("headers", {})
    rest = {name: value for name, value in more.items() if name != "headers"}
    program = client.request(method, path, **rest, headers={**headers, "accept": "application/json"})
    assert program.status_code == status
    assert program.json()["error"]["code"] == code
    assert set(program.json()["error"]) == {"code", "message", "file", "place", "allowed"}
    person = client.request(method, path, **rest, headers={**headers, **BROWSER})
    assert person.status_code == status
    assert person.text.count("<h1") == 1
    assert "To the start page" in person.text
    assert ("allow" in person.headers) == (status == 405)


def test_refusals_of_the_guard_are_pages_too(serve):
    server = serve(requests_a_minute=1, prefix="/her2")
    assert server.get("/her2/explore", headers=BROWSER).status_code == 200
    assert server.get("/her2/static/style.css").status_code == 200, "what a page is made of is not counted"
    refused = server.get("/her2/explore", headers=BROWSER)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "<h1>Too many requests</h1>" in refused.text
    assert 'href="/her2/"' in refused.text
    assert server.get("/her2/api/health").json()["error"]["code"] == "too_many"


def test_what_can_be_read_can_be_asked_for_without_its_body(client, serve):
    for path in ("/", "/api/health", "/static/style.css"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
    refused = serve(token="t" * 20).head("/")
    assert (refused.status_code, refused.content) == (401, b"")


@pytest.mark.parametrize("content", [b"{{{", b"5", b'"x"'])
def test_what_is_no_bundle_is_told_as_the_contract_says(client, content):
    for path in ("/mcode/getClinicalTrial", "/fhir/ResearchStudy/$match"):
        answer = client.post(path, content=content, headers={"content-type": "application/fhir+json"})
        assert answer.status_code == 400
        assert isinstance(answer.json()["error"], str)
    assert client.get("/mcode/nothing").json() == {"error": "there is nothing at this address"}


def test_a_searchset_in_parts_is_the_whole(client):
    whole = client.post("/mcode/getClinicalTrial", json=BUNDLE).json()
    assert "link" not in whole
    names, url = [], "/mcode/getClinicalTrial?_count=50"
    while url:
        part = client.post(url, json=BUNDLE).json()
        assert part["total"] == whole["total"]
        assert len(part["entry"]) <= 50
        names += [one["resource"]["identifier"][0]["value"] for one in part["entry"]]
        url = next((one["url"] for one in part["link"] if one["relation"] == "next"), None)
    assert names == [one["resource"]["identifier"][0]["value"] for one in whole["entry"]]
    assert [one["relation"] for one in part["link"]] == ["self", "previous"]
    body = {"resourceType": "Parameters", "parameter": [{"name": "trialMatchClinicalData", "resource": BUNDLE}]}
    operation = client.post("/fhir/ResearchStudy/$match?_count=5&_offset=10", json=body).json()
    assert operation["parameter"][0]["resource"]["entry"] == whole["entry"][10:15]
    assert client.post("/mcode/getClinicalTrial?_count=0", json=BUNDLE).status_code == 422


def test_a_form_that_lay_too_long_is_sent_again_with_what_was_entered(client, monkeypatch):
    token = html.unescape(re.search(r'name="csrf" value="([^"]*)"', client.get("/").text)[1])
    now = time.time()
    monkeypatch.setattr(forms.time, "time", lambda: now + 31 * 60)
    for path, name in (("/read", "text"), ("/questions", "q_her2")):
        answer = client.post(path, data={"csrf": token, name: 'HER2 IHC 3+ "core"'})
        assert answer.status_code == 400
        assert f'action="{path}"' in answer.text
        fields = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', answer.text))
        assert html.unescape(fields[name]) == 'HER2 IHC 3+ "core"'
        assert fields["csrf"] != token
        again = client.post(path, data={one: html.unescape(value) for one, value in fields.items()})
        assert "score 3+" in again.text
    assert "Send it again" not in client.post("/read", data={"csrf": "1.2.3", "text": "x"}).text
