"""`match` from the outside: why a trial ranks, what to find out, what if."""

import json

import pytest
from typer.testing import CliRunner

from her2nav.app.answers import MatchAnswer
from her2nav.cli.main import commands


@pytest.fixture(scope="module")
def run(root):
    runner = CliRunner()

    def call(*arguments):
        return runner.invoke(commands(["match"]), ["match", str(root / "examples/gej-equivocal.yaml"), *arguments])

    return call


def test_the_json_keeps_its_documented_form(run):
    found = run("--format", "json", "--what-if", "ish=positive", "--what-if", "start trastuzumab 2026-02-01")
    data = MatchAnswer.model_validate_json(found.stdout)
    assert [one.what for one in data.what_if] == ["ish = positive", "starting trastuzumab on 2026-02-01"]
    assert data.what_if[1].summary.startswith("Starting trastuzumab")
    assert data.doors
    assert data.smallest_sets
    assert data.most_useful_next_facts


def test_places_and_verdicts_agree(run):
    data = json.loads(run("--format", "json").stdout)
    words = {"fits": "eligible", "may_fit": "possible"}
    for one in data["matches"]:
        assert one["verdict"] == words.get(one["place"], "ineligible")
        assert bool(one["rank"]) == (one["verdict"] != "ineligible")


def test_the_parts_of_the_rank_are_shown_on_request(run):
    assert "Ranked here:" in run().stdout
    assert "certainty 0." in run("--why-rank").stdout
    assert "Rank" not in run("--plain").stdout


def test_what_if_prints_a_table_before_the_trials(run):
    text = run("--what-if", "lvef=35", "--status", "all").stdout
    assert text.index("What if: lvef = 35") < text.index("On the record as it stands") < text.index("May fit")
    assert "does not fit" in text


def test_what_if_says_the_her2_status_then_and_counts_trials_that_take_nobody(run):
    text = run("--what-if", "ish=positive").stdout
    assert "HER2 then: HER2-positive" in text
    assert "Not counted: " in text


def test_a_supposition_that_is_not_understood_stops_with_one_line(run):
    found = run("--what-if", "what now")
    assert found.exit_code != 0
    assert "is not understood" in str(found.exception)
