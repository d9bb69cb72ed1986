"""Lists as people and CRMs write them: read as they come, bad rows set apart, never a traceback."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.batch.accounts import ListedRow, RejectedListRow, read_accounts
from agent.batch.cells import safe_cell
from agent.batch.columns import find_columns, parse_choice
from agent.batch.imported import imported_document
from agent.batch.result import ResultRow, ranking
from agent.errors import InputError
from agent.extraction.rules import extract_by_rules
from agent.grounding.check import ground_all
from agent.models import Account

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def read(path: Path, content: str | bytes, **wanted: str) -> tuple[list[ListedRow], list[RejectedListRow]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rows = list(read_accounts(path, wanted).rows)
    return (
        [row for row in rows if isinstance(row, ListedRow)],
        [row for row in rows if isinstance(row, RejectedListRow)],
    )


@pytest.mark.parametrize(
    "header",
    [
        "Record ID,Company name,Company Domain Name,Website URL,Number of Employees",  # HubSpot
        "Company,Company Name for Emails,Website,# Employees,Annual Revenue",  # Apollo
        "Name,Account ID,Website,Employees,Billing Country",  # Salesforce
        "Name,Owner,Domain,Size,Country",  # Clay
        "who,what,web site of it,x,y",  # told by what is in it
        "a;b;Homepage;d;e",
    ],
)
def test_the_domain_column_of_known_exports_is_found(tmp_path: Path, header: str) -> None:
    comma = ";" if ";" in header else ","
    row = comma.join(["1", "Acme", "https://www.acme.example/en", "340", "x"])
    rows, rejects = read(tmp_path / "list.csv", f"{header}\n{row}\n")
    assert [entry.domain for entry in rows] == ["acme.example"]
    assert rows[0].number == 2
    assert rejects == []


def test_an_email_address_names_an_account_only_when_it_is_a_companys(tmp_path: Path) -> None:
    rows, rejects = read(tmp_path / "l.csv", "Email,Name\nann@acme.example,Ann\nbob@gmail.com,Bob\n")
    assert [row.domain for row in rows] == ["acme.example"]
    assert "mailbox" in rejects[0].reason
    assert rejects[0].number == 3


def test_one_column_without_a_header_is_a_list_of_domains(tmp_path: Path) -> None:
    rows, rejects = read(tmp_path / "l.txt", "acme.example\nhttps://zeta.example/x\nnonsense\n")
    assert [(row.number, row.domain) for row in rows] == [(1, "acme.example"), (2, "zeta.example")]
    assert [row.number for row in rejects] == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_from_the_bytes(tmp_path: Path, encoding: str) -> None:
    rows, _ = read(tmp_path / "l.csv", "Domain;Firma\nacme.example;Müller & Söhne\n".encode(encoding))
    assert rows[0].cells == ["acme.example", "Müller & Söhne"]


def test_a_file_glued_from_two_encodings_keeps_both(tmp_path: Path) -> None:
    mixed = "domain,name\na.example,Müller\n".encode() + "b.example,Söhne\n".encode("cp1252")
    rows, _ = read(tmp_path / "l.csv", mixed)
    assert [row.cells[1] for row in rows] == ["Müller", "Söhne"]


def test_an_opened_quotation_mark_costs_its_row_and_not_the_file(tmp_path: Path) -> None:
    lines = ["domain,name", 'a.example,"never closed'] + [f"c{n}.example,x" for n in range(500)]
    rows, rejects = read(tmp_path / "l.csv", "\n".join(lines) + "\n")
    assert len(rows) == 500
    assert "never closed" in rejects[0].reason


def test_a_cell_over_several_lines_is_one_cell(tmp_path: Path) -> None:
    rows, rejects = read(tmp_path / "l.csv", 'domain,note\na.example,"one\ntwo"\nb.example,x\n')
    assert [row.cells[1] for row in rows] == ["one\ntwo", "x"]
    assert rejects == []


def test_json_lines_and_arrays_are_tables(tmp_path: Path) -> None:
    lines = '{"domain": "a.example", "tech": ["x", "y"]}\nnot json\n{"website": "b.example"}\n'
    rows, rejects = read(tmp_path / "l.jsonl", lines)
    assert [row.domain for row in rows] == ["a.example", "b.example"]
    assert rows[0].cells[1] == "x, y"
    assert rejects[0].number == 2
    rows, _ = read(tmp_path / "l.json", json.dumps([{"domain": "a.example"}, {"domain": "b.example"}]))
    assert len(rows) == 2


LIST = [["Website", "Employees"], ["acme.example", 340]]


def test_a_workbook_is_read_from_its_first_filled_sheet(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "l.xlsx", workbook({"Cover": [], "List": LIST}))
    assert [(row.number, row.domain, row.cells[1]) for row in rows] == [(2, "acme.example", "340")]


COVER = [["Accounts of the north"], ["made by sales operations"], ["see the next sheet"]]


def test_a_cover_sheet_of_text_is_passed_over_and_the_sheet_that_was_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    path.write_bytes(workbook({"Cover": COVER, "Named accounts": LIST, "Old": [["domain"], ["old.example"]]}))
    listed = read_accounts(path)
    assert [row.domain for row in listed.rows if isinstance(row, ListedRow)] == ["acme.example"]
    assert listed.sheet == "sheet 'Named accounts' (beside it: 'Cover', 'Old'; --sheet NAME reads another)"


def test_a_hidden_sheet_is_read_only_where_no_other_names_accounts(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    sheets = {"Old": [["domain"], ["old.example"]], "List": LIST}
    path.write_bytes(workbook(sheets, hidden="Old"))
    assert [row.domain for row in read_accounts(path).rows if isinstance(row, ListedRow)] == ["acme.example"]
    path.write_bytes(workbook(sheets | {"List": COVER}, hidden="Old"))
    assert [row.domain for row in read_accounts(path).rows if isinstance(row, ListedRow)] == ["old.example"]


def test_a_sheet_can_be_chosen_by_name(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    path.write_bytes(workbook({"List": LIST, "Old": [["domain"], ["old.example"]]}))
    rows = [row for row in read_accounts(path, sheet=" old").rows if isinstance(row, ListedRow)]
    assert [row.domain for row in rows] == ["old.example"]


@pytest.mark.parametrize(
    ("sheets", "chosen", "said"),
    [
        ({"Cover": COVER}, "", r"sheet 'Cover': no column of the list names a domain"),
        ({"Cover": COVER, "Notes": COVER}, "", r"it has 'Cover', 'Notes'; choose one with --sheet NAME"),
        ({"Cover": COVER, "List": LIST}, "Cover", r"sheet 'Cover': no column of the list names a domain"),
        (
            {"Cover": COVER, "List": LIST},
            "Lists",
            r"--sheet 'Lists': .* no such sheet; it has 'Cover', 'List'",
        ),
        ({"Cover": [], "List": LIST}, "Cover", r"sheet 'Cover' of .* is empty"),
        ({"Cover": [], "More": []}, "", r"has no filled sheet"),
    ],
)
def test_a_workbook_without_the_list_says_which_sheets_there_are(
    tmp_path: Path, sheets: dict[str, list[list[object]]], chosen: str, said: str
) -> None:
    path = tmp_path / "l.xlsx"
    path.write_bytes(workbook(sheets))
    with pytest.raises(InputError, match=said):
        read_accounts(path, sheet=chosen)


def test_a_sheet_of_a_file_without_sheets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("domain\nacme.example\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no workbook; leave --sheet out"):
        read_accounts(path, sheet="List")


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: str = "") -> bytes:
    """Return a minimal workbook of these sheets, each a list of rows of texts and numbers."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers, state = range(1, len(sheets) + 1), ' state="hidden"'
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    named = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"{state if name == hidden else ""}/>'
        for n, name in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
    }
    for n, rows in enumerate(sheets.values(), start=1):
        cells = "".join(f'<row r="{at}">{_cells(row, at)}</row>' for at, row in enumerate(rows, start=1))
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return packed.getvalue()


def _cells(row: Sequence[object], at: int) -> str:
    return "".join(
        f'<c r="{letter}{at}"><v>{value}</v></c>'
        if isinstance(value, int)
        else f'<c r="{letter}{at}" t="inlineStr"><is><t>{value}</t></is></c>'
        for letter, value in zip("ABCDEFGH", row, strict=False)
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"name,city\nAcme,Berlin\n", "--column domain=NAME"),
        (b"PK\x03\x04broken", "no workbook"),
        (b"\x7fELF\x00\x00\x00\x00", "binary file"),
        (b"\xd0\xcf\x11\xe0old", "old Excel file"),
        (b"[1, 2", "is not JSON"),
        (b'{\n  "domain": "a.example"\n}\n', "one a line"),
    ],
)
def test_what_is_no_list_is_one_clear_line(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        read(tmp_path / "l.csv", content)


def test_a_missing_file_and_a_missing_column_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the list"):
        read_accounts(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="no such column"):
        read(tmp_path / "l.csv", "site,x\na.example,1\n", domain="Webseite")
    with pytest.raises(InputError, match="no field 'phone'"):
        parse_choice("phone=Tel")
    assert parse_choice("Web page") == ("domain", "Web page")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_break(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("list") / "l.csv"
    path.write_bytes(content)
    try:
        for row in read_accounts(path).rows:
            assert isinstance(row, (ListedRow, RejectedListRow))
    except InputError:
        pass


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="ab,\"'\n\r;=", max_size=12), min_size=1, max_size=6))
def test_every_row_that_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    import csv

    written = io.StringIO(newline="")
    csv.writer(written).writerows(
        [["domain", "note"], *([f"a{n}.example", cell] for n, cell in enumerate(cells))]
    )
    path = tmp_path_factory.mktemp("list") / "l.csv"
    path.write_bytes(written.getvalue().encode())
    rows = [row for row in read_accounts(path).rows if isinstance(row, ListedRow)]
    assert [row.cells[1] for row in rows] == cells


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 1234", "'+49 30 1234"),
        (" \t=HYPERLINK()", "' \t=HYPERLINK()"),
        ("\uff1dcmd", "'\uff1dcmd"),
        ("-5", "-5"),
        ("+3.5%", "+3.5%"),
        ("a=b", "a=b"),
        ("x\x00y\x07", "xy"),
        (True, "true"),
        (None, ""),
        (61.25, "61.25"),
        (100.0, "100"),
    ],
)
def test_no_cell_is_a_formula(cell: str | float | None, safe: str) -> None:
    assert safe_cell(cell) == safe


def test_mapped_columns_become_evidence_that_cites_file_and_row(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text(
        "Domain,# Employees,Industry,Country,City,Annual Revenue,Technologies\n"
        'acme.example,340,Logistics and Supply Chain,Germany,Hamburg,45000000,"Salesforce, Unheard Of Thing"\n',
        encoding="utf-8",
    )
    listed = read_accounts(path)
    [row] = list(listed.rows)
    assert isinstance(row, ListedRow)
    without = imported_document(
        listed.columns, [(row.number, row.cells)], file="crm.csv", currency="", read_at=NOW
    )
    assert without is not None
    assert "revenue" not in without.text  # an amount in an unknown currency proves nothing
    document = imported_document(
        listed.columns, [(row.number, row.cells)], file="crm.csv", currency="EUR", read_at=NOW
    )
    assert document is not None
    assert document.url == "import://crm.csv#row=2"
    assert "Source: crm.csv row 2" in document.text
    account = Account(
        domain="acme.example", final_domain="acme.example", status="live", home_url="https://acme.example/"
    )
    stated = {claim.attribute: claim for claim in extract_by_rules(document, account)}
    assert {"employee_count", "industry", "headquarters", "revenue", "technology"} <= set(stated)
    for claim in stated.values():
        assert claim.quote in document.text


def test_cells_that_make_no_sense_are_left_out_of_the_evidence(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text("Domain,Employees,Industry\nacme.example,lots,???\n", encoding="utf-8")
    listed = read_accounts(path)
    [row] = list(listed.rows)
    assert isinstance(row, ListedRow)
    rows = [(row.number, row.cells)]
    assert imported_document(listed.columns, rows, file="crm.csv", currency="", read_at=NOW) is None


@pytest.mark.parametrize(
    ("cell", "currency", "stated"),
    [
        ("$10M-$50M", "", (10_000_000, 50_000_000, "USD")),
        ("10M to 25M", "usd", (10_000_000, 25_000_000, "USD")),
        ("5M–10M", "", None),  # of no known currency
        ("$10-50M", "", None),  # ten dollars, or ten million
        ("$50M-$10M", "", None),
        ("€10M - $50M", "", None),
        ("N/A - N/A", "usd", None),
        ("$1B+", "", None),
    ],
)
def test_a_revenue_range_is_evidence_where_both_ends_are_amounts(
    cell: str, currency: str, stated: tuple[int, int, str] | None
) -> None:
    rows = [["acme.example", cell, "$10M - $25M"]]
    columns = find_columns(["Domain", "Annual Revenue Range", "Total Funding"], rows, {})
    document = imported_document(columns, [(2, rows[0])], file="clay.csv", currency=currency, read_at=NOW)
    if stated is None:
        assert document is None
        return
    assert document is not None
    assert "total_funding" not in document.text  # money raised is one amount
    account = Account(
        domain="acme.example", final_domain="acme.example", status="live", home_url="https://acme.example/"
    )
    claims = extract_by_rules(document, account)
    evidence, rejected = ground_all(claims, {document.id: document}, account, NOW.date())
    assert not rejected
    low, high, unit = stated
    assert [each.value for each in evidence] == [{"low": low, "high": high, "currency": unit, "year": None}]


def test_an_unread_account_stands_behind_read_ones_without_a_tier() -> None:
    def placed(tier: str, score: float, possible: float, *, unread: bool = False) -> str:
        row = ResultRow(
            domain="acme.example", name=None, final_domain="acme.example", status="live", as_of=NOW.date(),
            icp="x", tier=tier, tier_certain=False, score=score, possible=possible, coverage=0.0, run_id="r",
        )  # fmt: skip
        return ranking(row, (), unread=unread)

    order = [
        placed("insufficient_evidence", 0, 60),
        placed("insufficient_evidence", 0, 100, unread=True),
        placed("not_a_fit", 0, 0),
    ]
    assert order == sorted(order)
