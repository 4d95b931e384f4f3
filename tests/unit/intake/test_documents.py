"""PDF and Word files as hospitals make them: broken words, columns, tables, passwords, pictures, tracked changes."""

import io
from collections.abc import Sequence

import pytest

from her2nav.intake.documents import docx_text, mended, pdf_text
from her2nav.intake.notes.source import note_from_bytes
from her2nav.model.errors import FileError


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF with lines of text on its pages; a page without lines holds nothing."""
    count = len(pages)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(count))
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"]
    font = f"<< /Font << /F1 {3 + 2 * count} 0 R >> >>"
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 50 750 Td {shown} ET" if lines else ""
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources {font} /Contents {4 + 2 * number} 0 R >>"
        )
        parts.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    parts.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, part in enumerate(parts, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{part}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


COLUMN = [
    "Specimen: core biopsy of the",
    "liver, left. Estrogen receptor",
    "90 % positive. Trastuzumab from",
    "January 2023 to February 2025,",
    "stopped for progression.",
]
TABLE = ["Marker Result Percent", "ER positive 95 %", "PR positive 20 %", "HER2 IHC 2+ 30 %", "Platelets 210 10^9/L"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("con\ufb01rmed e\ufb03cacy", "confirmed efficacy"),
        ("carci\u00adnoma and immuno\u00ad\nhistochemistry", "carcinoma and immunohistochemistry"),
        ("carci\u2010\nnoma", "carcinoma"),
        ("invasive carci-\nnoma", "invasive carcinoma"),
        ("poorly-\ndifferentiated", "poorly-differentiated"),
        ("HER2-\npositive", "HER2-positive"),
        ("in 10-\n12 cells", "in 10-12 cells"),
        # Two results, one a line: nothing is joined.
        ("ER-\nPR+", "ER-\nPR+"),
        ("HER2: 2+\nER: 90 %", "HER2: 2+\nER: 90 %"),
        ("1. Breast cancer,\n2. Hypertension", "1. Breast cancer,\n2. Hypertension"),
    ],
)
def test_broken_words_are_whole_and_results_stay_apart(text: str, whole: str) -> None:
    assert mended(text) == whole


def test_lines_of_a_column_become_sentences_and_rows_of_a_table_stay_rows() -> None:
    assert mended("\n".join(COLUMN)).count("\n") == 0
    assert mended("\n".join(TABLE)).split("\n") == TABLE
    assert mended("A title\n\n" + "\n".join(TABLE)).split("\n") == ["A title", "", *TABLE]


def test_a_pdf_in_columns_is_read_as_sentences() -> None:
    pytest.importorskip("pypdf", reason="the extra `documents` is not installed")
    text, missing = pdf_text(pdf([COLUMN, TABLE]), "report.pdf")
    assert "Estrogen receptor 90 % positive. Trastuzumab from January 2023 to February 2025, stopped" in text
    assert "\nER positive 95 %\n" in text
    assert missing is None


def test_pages_without_text_make_the_note_partial() -> None:
    pytest.importorskip("pypdf", reason="the extra `documents` is not installed")
    note = note_from_bytes(b"\n" + pdf([COLUMN, [], TABLE, []]), "report.pdf")
    assert note.partial == "pages 2, 4 without text, perhaps pictures, not read"
    assert "HER2 IHC 2+ 30 %" in note.text


@pytest.mark.parametrize("password", ["secret", ""])
def test_a_protected_pdf_says_so_and_one_without_a_password_is_read(password: str) -> None:
    pypdf = pytest.importorskip("pypdf", reason="the extra `documents` is not installed")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([COLUMN])))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    if not password:
        assert "Trastuzumab" in pdf_text(out.getvalue(), "report.pdf")[0]
        return
    with pytest.raises(FileError, match="protected by a password") as problem:
        pdf_text(out.getvalue(), "report.pdf")
    assert problem.value.code == "protected"


def _told(raw: bytes) -> str:
    """Return the text of a PDF, or the line that says why there is none."""
    try:
        return pdf_text(raw, "report.pdf")[0]
    except FileError as problem:
        return f"refused: {problem}"


def test_a_cut_pdf_is_read_or_refused_in_one_line() -> None:
    pytest.importorskip("pypdf", reason="the extra `documents` is not installed")
    whole = pdf([COLUMN])
    told = [_told(whole[:end]) for end in range(10, len(whole), 97)]
    assert all("Trastuzumab" in one or (one.startswith("refused: ") and "\n" not in one) for one in told)
    assert any(one.startswith("refused: ") for one in told)


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Office"),
        (b"{\\rtf1\\ansi HER2 3+", "RTF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\x1f\x8b\x08", "packed"),
    ],
)
def test_other_formats_are_named(start: bytes, what: str) -> None:
    with pytest.raises(FileError, match=what) as problem:
        note_from_bytes(start + b"rest of it" * 20, "scan.x")
    assert problem.value.allowed == "text, PDF or DOCX"


def test_tracked_changes_content_controls_and_text_boxes_of_a_word_document() -> None:
    docx = pytest.importorskip("docx", reason="the extra `documents` is not installed")
    from docx.oxml import parse_xml

    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    both = (
        f'{names} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    tracked = (
        f"<w:p {names}><w:r><w:t>HER2 IHC </w:t></w:r><w:del><w:r><w:delText>3+</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>2+</w:t></w:r></w:ins></w:p>"
    )
    line = "<w:p><w:r><w:t>ECOG</w:t><w:tab/><w:t>1</w:t></w:r></w:p>"
    control = f"<w:sdt {names}><w:sdtContent>{line}</w:sdtContent></w:sdt>"
    box = "<w:txbxContent><w:p><w:r><w:t>LVEF 60 %</w:t></w:r></w:p></w:txbxContent>"
    boxed = (
        f"<w:p {both}><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent><w:t>Heart</w:t></w:r></w:p>"
    )
    document = docx.Document()
    body = document.element.body
    for xml in (tracked, control, boxed):
        body.insert(len(body) - 1, parse_xml(xml))
    table = document.add_table(rows=1, cols=3)
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "Ki-67"
    table.rows[0].cells[2].text = "35\u00a0%"
    buffer = io.BytesIO()
    document.save(buffer)
    text = docx_text(buffer.getvalue(), "letter.docx")
    assert text.split("\n") == ["HER2 IHC 2+", "ECOG\t1", "Heart", "LVEF 60 %", "Ki-67\t35\u00a0%"]
