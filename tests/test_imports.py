"""Imported evidence: what a CSV may look like, what a row becomes, and how a bad one is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.documents import text_id
from tools.imports import ImportFault, import_documents, read_evidence_csv

AT = datetime(2026, 3, 1, tzinfo=UTC)
PLAIN = "domain,attribute,value,quote,source,date,url\nexample.com,employee_count,450,Headcount 450,CRM,2026-01-31,\n"


def written(folder: Path, content: str | bytes, name: str = "accounts.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_row_becomes_a_dated_sourced_document(tmp_path: Path) -> None:
    imported = import_documents(written(tmp_path, PLAIN), imported_at=AT)
    (document,) = imported.documents["example.com"]
    assert document.text == "employee_count: 450\nHeadcount 450\nSource: CRM, accounts.csv row 2, 2026-01-31"
    assert document.url == "import://accounts.csv#row=2"
    assert (document.kind, document.tier, document.provider) == ("imported", "third-party", "CRM")
    assert (document.published_at, document.fetched_at) == (date(2026, 1, 31), AT)
    assert document.id == text_id(document.text)


def test_the_same_file_imports_to_the_same_documents(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    assert import_documents(path) == import_documents(path)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_of_spreadsheets_are_read(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    rows = [["Value", "DOMAIN", "Attribute"], ["Köln", "https://www.example.com/about", "headquarters"]]
    content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    (row,) = read_evidence_csv(written(tmp_path, content)).rows
    assert (row.domain, row.attribute, row.value, row.row) == ("example.com", "headquarters", "Köln", 2)


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    content = 'domain,attribute,value\nexample.com,note,"two\nlines"\n\nexample.com,note,third\n'
    assert [(row.row, row.value) for row in read_evidence_csv(written(tmp_path, content)).rows] == [
        (2, "two lines"),
        (4, "third"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",employee_count,450,", "no domain"),
        ("example.com,,450,", "no attribute"),
        ("example.com,employee_count,,", "no value"),
        ("example.com", "no attribute"),
        ("localhost,employee_count,450,", "has no top-level domain"),
        ("example.com,employee_count,450,last week", "'last week' is not a date"),
        ("example.com,employee_count,450,03/04/2026", "is not a date"),
        (f"example.com,employee_count,{'4' * 3000},", "longer than 2,000 characters"),
    ],
)
def test_a_bad_row_is_refused_by_number_and_the_rest_is_kept(tmp_path: Path, line: str, reason: str) -> None:
    content = f"domain,attribute,value,date\n{line}\nexample.com,employee_count,450,2026-01-31\n"
    file = read_evidence_csv(written(tmp_path, content))
    assert [row.row for row in file.rows] == [3]
    assert [reject.row for reject in file.rejects] == [2]
    assert reason in file.rejects[0].reason


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"domain,attribute\nexample.com,x\n", "column value missing; the first line has: domain, attribute"),
        (b"example.com,employee_count,450\n", "columns domain, attribute, value missing"),
        (b"PK\x03\x04\x00\x00\x00", "is not a text file"),
        (b'domain,attribute,value\nexample.com,x,"' + b"a" * 200_000, "is not CSV"),
    ],
)
def test_a_file_that_makes_no_sense_is_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ImportFault, match=message) as caught:
        read_evidence_csv(written(tmp_path, content))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("accounts.csv: ")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match=r"none\.csv: cannot be read"):
        read_evidence_csv(tmp_path / "none.csv")


def test_a_cell_cannot_forge_a_second_line(tmp_path: Path) -> None:
    content = 'domain,attribute,value\nexample.com,note,"x\nemployee_count: 9\u2028founded_year: 1900"\n'
    (document,) = import_documents(written(tmp_path, content), imported_at=AT).documents["example.com"]
    assert document.text.split("\n")[0] == "note: x employee_count: 9 founded_year: 1900"


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_rows_or_a_fault(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("any"), b"domain,attribute,value\n" + content)
    with suppress(ImportFault):
        for held in import_documents(path).documents.values():
            assert all(document.text.count("\n") <= 2 for document in held)
