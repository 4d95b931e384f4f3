"""Files as people have them: encodings, PDF, Word, empty, noise, much too long."""

import io
import zipfile

import pytest

from her2nav.intake.notes.source import MAX_CHARACTERS, note_of, read_note
from her2nav.model.errors import FileError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "note.txt"
    path.write_bytes("Informe: paciente de 55 años, HER2 3+".encode(encoding))
    assert "años" in read_note(path).text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\t ", "empty_file"),
        (b"\x00\x01\x02\x03" * 50, "binary_file"),
        (b"1 2 3 +++ ...", "no_text"),
        (b"%PDF-1.4 broken", "bad_pdf"),
        (b"PK\x03\x04 broken", "bad_docx"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path, content, code):
    if code == "bad_pdf":
        pytest.importorskip("pypdf", reason="the extra `documents` is not installed")
    if code == "bad_docx":
        pytest.importorskip("docx", reason="the extra `documents` is not installed")
    path = tmp_path / "note"
    path.write_bytes(content)
    with pytest.raises(FileError) as problem:
        read_note(path)
    assert problem.value.code == code
    assert "\n" not in str(problem.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_note(tmp_path / "absent.txt")
    with pytest.raises(FileError, match="folder"):
        read_note(tmp_path)


def test_a_word_document(tmp_path):
    docx = pytest.importorskip("docx", reason="the extra `documents` is not installed")
    document = docx.Document()
    document.add_paragraph("Breast cancer, ECOG 1")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "HER2 IHC", "3+"
    buffer = io.BytesIO()
    document.save(buffer)
    path = tmp_path / "note.docx"
    path.write_bytes(buffer.getvalue())
    assert read_note(path).text == "Breast cancer, ECOG 1\nHER2 IHC\t3+"


def test_a_pdf_without_text_says_so(tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="the extra `documents` is not installed")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=100, height=100)
    path = tmp_path / "scan.pdf"
    with path.open("wb") as stream:
        writer.write(stream)
    with pytest.raises(FileError, match="no text"):
        read_note(path)


def test_a_note_that_is_too_long_is_partial():
    note = note_of("HER2 negative\n" * 400_000, "long")
    assert len(note.text) <= MAX_CHARACTERS
    assert note.partial
    assert "characters were read" in note.partial


def test_noise_is_partial():
    note = note_of("HER2 3+ " + "\ufffd" * 50, "noise")
    assert note.partial == "much of it is not readable text"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"resourceType": "Bundle", "entry": []}', "FHIR"),
        ('\ufeff \n{"resourceType": "Patient"}\n{"resourceType": "Observation"}', "FHIR"),
        ('[{"resourceType": "Patient"}]', "FHIR"),
        ('{"resourceType": "Bundle", "entry": [{"broken', "FHIR"),
        ('{"patient": "breast cancer, HER2 3+"}', "JSON"),
        ('{"a": 1}\n{"b": "HER2 3+"}', "JSON"),
        ('[{"note": "HER2 3+"}]', "JSON"),
        ("[" * 200_000, "JSON"),
        ('<Bundle xmlns="http://hl7.org/fhir"/>', "FHIR as XML"),
        ("<?xml version='1.0'?>\n<Patient xmlns='http://hl7.org/fhir'><id/></Patient>", "FHIR as XML"),
        ("<?xml version='1.0'?><note>HER2 3+</note>", "XML"),
        ('<ClinicalDocument xmlns="urn:hl7-org:v3">', "XML"),
        ("MSH|^~\\&|LAB|\rPID|1||12345||Doe^Jane\rOBX|1|TX|HER2||3+", "an HL7 version 2 message"),
    ],
)
def test_data_is_no_note(text, what):
    with pytest.raises(FileError) as problem:
        note_of(text, "-")
    assert str(problem.value).startswith(f"-: this is {what} on standard input and no note (allowed: ")


@pytest.mark.parametrize(
    "text",
    [
        "[1] Breast cancer, HER2 3+",
        "{draft} Breast cancer, HER2 3+",
        "[2026-11-03] seen in clinic",
        "<5% of cells stained, HER2 1+",
        "< 1 % ER, HER2 0",
        "MSH2 and MSH6 retained; HER2 2+",
        '"resourceType" is no word of a note',
    ],
)
def test_a_note_may_begin_with_a_bracket(text):
    assert note_of(text, "note.txt").text == text


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/workbook.xml", "a spreadsheet (XLSX)"),
        ("ppt/presentation.xml", "a presentation (PPTX)"),
        ("content.xml", "an OpenDocument file"),
        ("Patient.ndjson", "a ZIP archive of 1 files"),
    ],
)
def test_an_archive_is_called_what_it_is(tmp_path, part, what):
    path = tmp_path / "export.json"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(FileError) as problem:
        read_note(path)
    assert problem.value.message == f"the file is {what} and no note"


@pytest.mark.parametrize(("name", "what"), [("a.json", "no FHIR"), ("a.ndjson", "no FHIR"), ("a.yaml", "a record")])
def test_files_of_records_are_no_notes(tmp_path, name, what):
    (tmp_path / name).write_text("breast: cancer", encoding="utf-8")
    with pytest.raises(FileError, match=f"this is {what}.* and no note"):
        read_note(tmp_path / name)
