"""Lists of deals as people export them: read in any usual form, bad rows named, nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest
from deal_tables import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import InputError
from agent.revops.deals import outcome_of, read_accounts, read_deals
from agent.revops.table import read_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_in_any_usual_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    text = f"Company Domain{delimiter}Close-Date{delimiter}Größe\nmüller.example{delimiter}2026-01-02{delimiter}ä\n"
    table = read_table(text.encode(encoding), "x.csv")
    assert table.columns == ("company_domain", "close_date", "größe")
    assert table.rows[0].cells["company_domain"] == "müller.example"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "x.csv: the file is empty"),
        (b"\xef\xbb\xbf\n\n", "x.csv: the file is empty"),
        (b"domain,outcome\n", "a header and no rows"),
        (b"domain,Domain\na,b\n", "the column 'domain' appears twice"),
        (b"PK\x03\x04\x00\x00binary", "not a text file"),
        (b"\xff\xfea", "broken utf-16"),
        (b"domain\n" + b'"' + b"x" * 200_000, "not a CSV line"),
    ],
)
def test_a_file_that_is_no_table_says_so(raw: bytes, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        read_table(raw, "x.csv")


def test_missing_columns_name_what_is_there_and_what_is_read() -> None:
    table = read_table(b"domains,stages\na.example,won\n", "x.csv")
    with pytest.raises(InputError, match=r"no column 'domain'; nearest: domains; it has: domains, stages"):
        read_deals(table)
    with pytest.raises(InputError, match=r"no column 'outcome'.*also read as 'outcome': status, stage"):
        read_deals(read_table(b"domain,x\na.example,won\n", "x.csv"))


@pytest.mark.parametrize(
    ("spelling", "outcome"),
    [
        ("won", "won"),
        ("Closed Won", "won"),
        ("closed-won", "won"),
        ("TRUE", "won"),
        ("1", "won"),
        ("Gewonnen", "won"),
        ("lost", "lost"),
        ("Closed / Lost", "lost"),
        ("no", "lost"),
        ("0", "lost"),
        ("verloren", "lost"),
        ("Churned", "churned"),
        ("cancelled", "churned"),
        ("in progress", "open"),
        ("maybe", None),
        ("", None),
    ],
)
def test_outcomes_are_read_however_they_are_spelled(spelling: str, outcome: str | None) -> None:
    assert outcome_of(spelling) == outcome


def test_rows_that_cannot_be_used_are_named_and_the_rest_goes_on() -> None:
    text = (
        "domain,outcome,date,amount,extra\n"
        'https://www.A.example/x,won,2026-01-02,"1,234.50",\n'
        "a.example,won,2026-01-02,,\n"
        "b.example,perhaps,2026-01-02,,\n"
        "not a domain,won,2026-01-02,,\n"
        "c.example,lost,05/11/2026,,\n"
        "d.example,lost,02.01.2026,1.234,,surplus\n"
        "e.example,open,,,\n"
    )
    deals = read_deals(read_table(text.encode(), "d.csv"))
    assert [(deal.domain, deal.outcome, deal.on) for deal in deals.deals] == [
        ("a.example", "won", date(2026, 1, 2)),
        ("d.example", "lost", date(2026, 1, 2)),
    ]
    assert str(deals.deals[0].value) == "1234.50"
    notes = " | ".join(deals.notes)
    for expected in (
        "d.csv:3: a.example is a duplicate",
        "d.csv:4: unknown outcome 'perhaps'",
        "d.csv:5: 'not a domain' is not a domain",
        "d.csv:6: '05/11/2026' is not a date",
        "d.csv:7: more cells than columns",
        "d.csv:8: e.example is still open",
    ):
        assert expected in notes


def test_a_file_without_one_usable_row_says_why() -> None:
    with pytest.raises(InputError, match=r"not one row has a deal .* unknown outcome 'maybe'"):
        read_deals(read_table(b"domain,outcome\na.example,maybe\n", "d.csv"))
    with pytest.raises(InputError, match="not one row has a domain"):
        read_accounts(read_table(b"domain\n???\n", "d.csv"))


def notes_of(text: str) -> tuple[str, ...]:
    return read_deals(read_table(text.encode(), "d.csv"), today=TODAY).notes


def test_a_deal_that_contradicts_another_or_lies_ahead_is_left_out() -> None:
    rows = (
        "domain,outcome,date\na.example,won,2026-01-02\na.example,lost,2026-01-02\nb.example,won,2031-01-01\n"
    )
    assert notes_of(rows) == (
        "d.csv:3: a.example is lost here and won on the same day in row 2",
        "d.csv:4: b.example is won on 2031-01-01, after today",
    )
    assert notes_of(rows.replace("a.example,lost,2026-01-02", "a.example,lost,2026-03-02")) == (
        "d.csv:4: b.example is won on 2031-01-01, after today",
    )


def test_cells_that_say_neither_yes_nor_no_are_told_once() -> None:
    rows = "domain,outcome,expanded,ltv\n" + "".join(f"a{n}.example,won,maybe,yes\n" for n in range(30))
    assert notes_of(rows) == (
        "d.csv: 30 cells of 'ltv' cannot be read, such as 'yes'; they do not count",
        "d.csv: 30 cells of 'expanded' cannot be read, such as 'maybe'; they do not count",
    )


def test_a_quotation_mark_that_never_closes_is_named() -> None:
    rows = 'domain,outcome\na.example,won\n"b.example,won\nc.example,lost\n'
    assert notes_of(rows) == (
        "d.csv:4: a quotation mark opens before 'b.example,won' and 1 more lines end in it; close it",
    )


def test_a_header_in_full_width_letters_is_the_same_header() -> None:
    assert read_table("ｄｏｍａｉｎ,ＯＵＴＣＯＭＥ\na.example,won\n".encode(), "x.csv").columns == (
        "domain",
        "outcome",
    )


def test_attribute_columns_become_facts_and_duplicate_domains_count_once() -> None:
    text = "domain,employee_count,technology,industry,founded_year\nwww.a.example,51-200,AWS; Salesforce,Logistik,1999\na.example,9,,,\n"
    accounts = read_accounts(read_table(text.encode(), "a.csv"))
    ((domain, findings),) = accounts.accounts
    assert domain == "a.example"
    assert findings is not None
    values = [(fact.attribute, fact.value) for fact in findings.facts]
    assert ("employee_count", {"exact": None, "low": 51, "high": 200}) in values
    assert ("founded_year", 1999) in values
    assert {
        fact.value["product"]
        for fact in findings.facts
        if isinstance(fact.value, dict) and "product" in fact.value
    } == {
        "AWS",
        "Salesforce",
    }
    assert "duplicate" in accounts.notes[0]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_a_table_or_one_line(raw: bytes) -> None:
    try:
        table = read_table(raw, "x.csv")
        read_deals(table)
    except InputError as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said


@pytest.mark.parametrize(
    "column", ["Company Domain Name", "Website URL", "Primary Domain", "Account Website"]
)
def test_domains_are_read_by_the_names_crms_give_their_column(column: str) -> None:
    table = read_table(f"Company,{column},Outcome\nAcme,https://www.acme.example/,won\n".encode(), "x.csv")
    assert [deal.domain for deal in read_deals(table).deals] == ["acme.example"]
    assert [name for name, _ in read_accounts(table).accounts] == ["acme.example"]


def test_attribute_columns_are_read_by_the_names_crms_give_them() -> None:
    table = read_table(
        b"Domain;Outcome;# Employees;Billing City;Billing Country;Tech Stack\n"
        b"a.example;won;300;Ulm;Germany;HubSpot, Stripe|AWS\n",
        "x.csv",
    )
    given = read_deals(table).deals[0].given
    assert given is not None
    values = {fact.attribute: fact.value for fact in given.facts if fact.attribute != "technology"}
    assert values["employee_count"] == {"exact": 300, "low": 300, "high": 300}
    assert values["headquarters"] == {"city": "Ulm", "region": None, "country": "DE"}
    assert [fact.attribute for fact in given.facts].count("technology") == 3


def test_attribute_cells_that_say_nothing_are_counted_and_the_first_three_shown() -> None:
    sizes = ["340", '"1,2,3"', "NaN", "n/a", "-", "NaN", ""]
    rows = "".join(f"a{n}.example,won,{size}\n" for n, size in enumerate(sizes))
    note = "x.csv: 5 cells of 'employees' cannot be read, such as '1,2,3', 'NaN', 'n/a'; they do not count"
    deals = read_deals(read_table(f"domain,outcome,employees\n{rows}".encode(), "x.csv"))
    assert note in deals.notes
    assert [deal.given is not None for deal in deals.deals] == [True] + [False] * 6
    assert note in read_accounts(read_table(f"domain,outcome,employees\n{rows}".encode(), "x.csv")).notes
    one = read_accounts(read_table(b"domain,employees\na.example,NaN\nb.example,9\n", "x.csv")).notes
    assert one[-1] == "x.csv: one cell of 'employees' cannot be read ('NaN'); it does not count"
    tools = b"domain,technology\na.example,HubSpot; Stripe\n"
    assert not [line for line in read_accounts(read_table(tools, "x.csv")).notes if "cannot be read" in line]


def test_columns_that_say_nothing_are_named_once() -> None:
    accounts = read_accounts(read_table(b"domain,employees,colour\na.example,12,red\n", "x.csv"))
    assert accounts.notes == (
        "x.csv: columns not read: 'colour'",
        "x.csv: read 'employees' as employee_count; where filled, it counts instead of what is stored",
    )
    many = ",".join(f"c{at}" for at in range(12))
    assert (
        read_accounts(read_table(f"domain,{many}\na.example\n".encode(), "x.csv"))
        .notes[0]
        .endswith("'c7' and 4 more")
    )
