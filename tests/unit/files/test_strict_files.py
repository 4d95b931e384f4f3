"""Bad files give one clear line with file, place and what is allowed."""

import pytest

from her2nav.files.csvfile import parse_csv
from her2nav.files.jsonfile import parse_json, parse_record
from her2nav.files.reading import read_text
from her2nav.files.yamlfile import parse_yaml
from her2nav.model.errors import FileError, SyntaxProblem


def test_scalars_stay_as_written():
    data = parse_yaml("a: no\nb: 0\nc: 2.40\nd: 2026-01-05\ne: 3+\nf:\ng: 'null'\nh: ~\n", "x.yaml").data
    assert data == {"a": "no", "b": "0", "c": "2.40", "d": "2026-01-05", "e": "3+", "f": None, "g": "null", "h": None}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "the key 'a' stands twice (first in line 1)", "line 3"),
        ("a: &x 1\nb: *x\n", "anchors and aliases", None),
        ("a: [1, 2\nb: 3\n", "not valid YAML", None),
        ("a: 1\n---\nb: 2\n", "not valid YAML", None),
        ("? [a]\n: 1\n", "a key is not plain text", "line 1"),
        ("[" * 700 + "]" * 700, "nested too deeply", None),
        ("{a: " * 100 + "1" + "}" * 100, "nested too deeply", "line 1"),
    ],
)
def test_yaml_traps_are_caught(text, message, line):
    with pytest.raises(SyntaxProblem) as caught:
        parse_yaml(text, "x.yaml")
    assert message in str(caught.value)
    assert caught.value.file == "x.yaml"
    if line:
        assert caught.value.place == line
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["two.ndjson", "two.json", "two"])
def test_several_records_one_a_line_are_named_as_such(name):
    with pytest.raises(SyntaxProblem, match="it holds 3 records, one a line") as caught:
        parse_record('{"id": "A"}\n\n{"id": "B"}\n{"id": "C"}\n', name)
    assert "her2nav screen" in str(caught.value)
    assert parse_record('{"id": "A"}\n', name).data == {"id": "A"}


def test_places_of_nested_values_are_known():
    document = parse_yaml("a:\n  - b: 1\n    c: 2\n  - d: 3\n", "x.yaml")
    assert document.place(("a", 0, "c")) == "line 3, key 'a/0/c'"
    assert document.place(("a", 1, "zzz")) == "line 4, key 'a/1/zzz'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "stands twice"),
        ('{"a": NaN}', "not a JSON value"),
        ('{"a": }', "not valid JSON"),
        ('{"a": 1', "not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_json_traps_are_caught(text, message):
    with pytest.raises(SyntaxProblem, match=message):
        parse_json(text, "x.json")


def test_json_numbers_keep_their_digits():
    assert parse_json('{"a": 2.40, "b": 1e3, "c": true}', "x.json").data == {"a": "2.40", "b": "1e3", "c": True}


def test_json_is_told_from_yaml_by_its_first_character():
    assert parse_record('{"a": [1, "x"]}', "x.txt").data == {"a": ["1", "x"]}
    assert parse_record("{a: 1}", "flow.yaml").data == {"a": "1"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\t ", "empty_file"),
        (b"a: \0 1", "binary_file"),
        (b"a: \xff\xfa", "bad_encoding"),
        ("a: 1".encode("utf-16"), "bad_encoding"),
    ],
)
def test_unreadable_files_are_refused(tmp_path, content, code):
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_text(path)
    assert caught.value.code == code


def test_large_missing_and_folder(tmp_path):
    big = tmp_path / "big.yaml"
    with big.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    for path, code in ((big, "too_large"), (tmp_path / "none.yaml", "no_such_file"), (tmp_path, "is_folder")):
        with pytest.raises(FileError) as caught:
            read_text(path)
        assert caught.value.code == code


def test_byte_order_mark_is_not_content(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_text(path)[0] == "a: 1"


def test_csv_rows_know_their_lines():
    assert parse_csv("a,b\n1,2\n\n3,4\n", "x.csv") == [(2, {"a": "1", "b": "2"}), (4, {"a": "3", "b": "4"})]
    with pytest.raises(SyntaxProblem, match="3 cells where the header has 2"):
        parse_csv("a,b\n1,2,3\n", "x.csv")
    with pytest.raises(SyntaxProblem, match="stands twice"):
        parse_csv("a,a\n1,2\n", "x.csv")
    with pytest.raises(SyntaxProblem, match="'c' is absent"):
        parse_csv("a,b\n1,2\n", "x.csv", required=("c",))
