"""One way of comparing company names, for boards, registers and pages."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.ats.identity import another_company
from tools.documents import Account
from tools.names import core, may_be_named, name_words, same_core, squash, telling_words
from tools.registries.tie import same_legal_name

ACCOUNT = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url="https://acme-freight.example/",
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight B.V."),
)
NAMES = st.text(alphabet=st.characters(categories=("L", "N", "Zs", "P", "M")), max_size=24)


@pytest.mark.parametrize(
    ("stated", "ties"),
    [
        ("Acme Freight GmbH", True),
        ("ACME", True),
        ("Àcme Fréight", True),
        ("A.F.", False),
        ("Acme Freight Holding Group", True),
        ("Northwind Traders Ltd", False),
        ("Software Solutions International", False),
        ("Group", False),
        ("北方物流", False),
    ],
)
def test_an_employer_ties_by_what_tells_its_name_from_others(stated: str, ties: bool) -> None:
    assert (another_company(stated, None, ACCOUNT) is None) == ties


def test_a_legal_name_in_the_footer_ties_and_so_does_the_own_website() -> None:
    assert (
        another_company("Zebra Transport Beheer", None, ACCOUNT, "© 2026 Zebra Transport Beheer B.V.") is None
    )
    assert another_company("Zebra Transport", "https://acme-freight.example/jobs", ACCOUNT) is None
    assert another_company("Zebra Transport", "https://zebra.example", ACCOUNT) is not None


def test_no_name_is_anothers_when_the_site_gives_none() -> None:
    nameless = ACCOUNT.model_copy(update={"name": None, "names": ()})
    assert another_company("Northwind Traders", None, nameless) is None


@given(NAMES)
def test_a_company_is_never_a_stranger_to_itself(name: str) -> None:
    account = ACCOUNT.model_copy(update={"name": name, "names": (name,)})
    assert another_company(name, None, account) is None
    assert may_be_named(name, (name,), ()) or not core(name)


@given(NAMES, st.sampled_from(["Inc.", "GmbH", "Ltd", "S.A.", "B.V.", "Group"]))
def test_a_legal_form_changes_no_comparison(name: str, form: str) -> None:
    if telling_words(name):
        assert telling_words(f"{name} {form}") == telling_words(name)
        assert may_be_named(f"{name} {form}", (name,), ())


@given(NAMES, NAMES)
@example("\U0001d468", "")  # a mathematical A, which is a plain capital once taken apart
def test_comparing_is_the_same_both_ways_and_case_does_not_matter(left: str, right: str) -> None:
    assert same_core(core(left), core(right)) == same_core(core(right), core(left))
    assert same_legal_name(left, right) <= same_legal_name(right, left)
    assert squash(squash(left)) == squash(left)


@given(NAMES)
def test_words_are_folded_once_and_for_all(name: str) -> None:
    words = name_words(name)
    assert name_words(" ".join(words)) == words
