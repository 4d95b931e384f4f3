"""Host, origin, token, size, rate, and the headers of every answer."""

import base64

import pytest

from her2nav.model.errors import InputError
from her2nav.web.forms import check, sign
from her2nav.web.guard import Rates
from her2nav.web.settings import Settings

URL = "/api/health"
TOKEN = "a-token-of-some-length"


def test_headers_of_every_answer(client):
    for answer in (client.get(URL), client.get("/nowhere"), client.get(URL, headers={"host": "evil.example"})):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers


def test_only_its_own_names(client, serve):
    assert client.get(URL, headers={"host": "localhost:8022"}).status_code == 200
    assert client.get(URL, headers={"host": "rebound.example"}).status_code == 421
    assert serve(hosts=frozenset({"her2.hospital"})).get(URL, headers={"host": "her2.hospital"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:9"},
    ],
)
def test_another_site_may_not_send(client, headers):
    answer = client.post("/api/interpret", json={"text": "HER2"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "cross_origin"
    assert "access-control-allow-origin" not in answer.headers


def test_a_named_origin_may_call(serve, patient):
    server = serve(cors_origins=frozenset({"https://ehr.example"}))
    origin = {"origin": "https://ehr.example"}
    before = server.options("/api/interpret", headers=origin)
    answer = server.post("/api/interpret", json={"text": patient}, headers=origin)
    assert before.status_code == 204
    assert answer.status_code == 200
    assert before.headers["access-control-allow-origin"] == answer.headers["access-control-allow-origin"]
    assert answer.headers["access-control-allow-origin"] == "https://ehr.example"


def test_the_token(serve):
    server = serve(token=TOKEN)
    basic = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    assert server.get(URL).status_code == 401
    assert "www-authenticate" in server.get(URL).headers
    assert server.get(URL, headers={"authorization": "Bearer wrong"}).status_code == 401
    assert server.get(URL, headers={"authorization": "Basic ###"}).status_code == 401
    assert server.get(URL, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert server.get(URL, headers={"authorization": f"Basic {basic}"}).status_code == 200


def test_size_is_refused_before_it_is_read_and_while_it_arrives(serve):
    server = serve(max_body=2000)
    assert server.post("/api/interpret", content=b"x" * 3000).status_code == 413
    assert server.post("/api/interpret", content=iter([b"x" * 1500, b"x" * 1500])).status_code == 413


def test_a_browser_gets_a_page(serve):
    answer = serve(max_body=10).post("/read", content=b"x" * 30, headers={"accept": "text/html,*/*"})
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "Go back and try again" in answer.text


def test_rate(serve):
    server = serve(requests_a_minute=3)
    assert [server.get(URL).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_rates_fill_again_and_forget_the_oldest():
    rates = Rates(60)
    assert all(rates.allow("a", 0.0) for _ in range(60))
    assert not rates.allow("a", 0.0)
    assert rates.allow("a", 1.5)
    for number in range(10_001):
        rates.allow(str(number), 2.0)
    assert rates.allow("a", 2.0)


def test_forms_are_signed_and_age():
    settings, other = Settings(), Settings()
    token = sign(settings, now=1000.0)
    check(settings, token, now=1000.0 + 29 * 60)
    for wrong, server, now in ((token, settings, 1000.0 + 31 * 60), (token, other, 1000.0), ("x", settings, 1.0)):
        with pytest.raises(InputError):
            check(server, wrong, now=now)
