"""Files as people have them: encodings, PDF, Word, empty, noise, much too long."""

import io

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
