"""The store keeps what it was given, notices damage, and says what is wrong in one line."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import StoreError
from agent.models import Account, Fact, Findings, SourceDocument, text_id
from agent.store.store import Store
from agent.store.upkeep import delete_account, verify_store
from tools.fetching.api import Response

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_document(
    text: str, url: str = "https://acme.example/", body: bytes = b"<p>raw</p>"
) -> SourceDocument:
    return SourceDocument(
        id=text_id(text),
        url=url,
        final_url=url,
        kind="website",
        source="website",
        tier="first-party-text",
        title="Acme",
        text=text,
        fetched_at=NOW,
        body=body,
    )


def test_a_body_that_the_page_cache_has_is_kept_once_and_found_by_its_document(tmp_path: Path) -> None:
    body = b"<p>raw</p>" * 100
    url = "https://acme.example/"
    with Store(tmp_path) as store:
        store.save("key", Response(url=url, final_url=url, status=200, body=body, fetched_at=NOW))
        new = make_document("Two", "https://acme.example/two", body=b"<p>new</p>")
        document = make_document("One", body=body)
        store.save_documents("acme.example", [document, new], now=NOW)
        assert store.read("SELECT COUNT(*) FROM bodies") == [(2,)]
        assert [store.load_document(each.id) for each in (document, new)] == [document, new]


def test_a_log_that_a_thread_brings_in_loses_nothing_and_needs_no_lock_to_be_read(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.engine.checkpoint_beside()
        store.engine.checkpoint_beside()  # a second worker on the same store
        with store.transaction():
            store.save_completion("key", "kept", now=NOW)
            with Store(tmp_path) as other:  # opens while the first is writing
                assert other.load_completion("key") is None
        deadline = time.monotonic() + 20
        file, before = tmp_path / "dossier.sqlite3", b"kept"
        while store.pack(before) not in file.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert store.pack(before) in file.read_bytes()  # in the file itself, not only in its log
    assert [thread for thread in threading.enumerate() if thread.name == "checkpoints"] == []
    with Store(tmp_path) as store:
        assert store.load_completion("key") == "kept"


def test_a_document_comes_back_as_it_was(tmp_path: Path, database_url: str | None) -> None:
    document = make_document("Wir sind 85 Leute. \u2066שלום\u2069 🙂")
    with Store(tmp_path, database_url) as store:
        store.save_documents("acme.example", [document], now=NOW)
        assert store.load_document(document.id) == document
        assert store.load_document(document.id).body == b"<p>raw</p>"  # type: ignore[union-attr]
        assert store.load_text(document.id) == document.text


def test_one_text_found_by_two_accounts_keeps_each_accounts_entry(
    tmp_path: Path, database_url: str | None
) -> None:
    with Store(tmp_path, database_url) as store:
        store.save_documents("acme.example", [make_document("same", "https://acme.example/a")], now=NOW)
        store.save_documents("zeta.example", [make_document("same", "https://zeta.example/z")], now=NOW)
        for domain, url in (
            ("acme.example", "https://acme.example/a"),
            ("zeta.example", "https://zeta.example/z"),
        ):
            found = store.load_document(text_id("same"), domain)
            assert found is not None
            assert found.url == url


def test_a_damaged_text_is_noticed_not_quoted(tmp_path: Path, database_url: str | None) -> None:
    document = make_document("about 340 people")
    with Store(tmp_path, database_url) as store:
        store.save_documents("acme.example", [document], now=NOW)
        store.save_documents("acme.example", [make_document("about 341 people")], now=NOW)
        store.write(
            "UPDATE texts SET text = (SELECT text FROM texts WHERE id = ?) WHERE id = ?",
            [(text_id("about 341 people"), document.id)],
        )
    with Store(tmp_path, database_url) as store, pytest.raises(StoreError, match="no longer matches its id"):
        store.load_text(document.id)


def test_any_damaged_value_is_one_clear_error(tmp_path: Path, database_url: str | None) -> None:
    with Store(tmp_path, database_url) as store:
        store.save_completion("key", "{}", now=NOW)
        store.write("UPDATE completions SET entry = ?", [(b"\x28\xb5\x2f\xfd damaged",)])
        with pytest.raises(StoreError, match="damaged"):
            store.load_completion("key")


def test_a_file_of_16_kb_pages_as_older_releases_wrote_goes_on(tmp_path: Path) -> None:
    old, new = make_document("from an older release"), make_document("of today", "https://acme.example/new")
    with Store(tmp_path) as store:
        store.save_documents("acme.example", [old], now=NOW)
    with contextlib.closing(sqlite3.connect(tmp_path / "dossier.sqlite3", isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = DELETE")  # pages change their size in no other mode
        file.execute("PRAGMA page_size = 16384")
        file.execute("VACUUM")
    with Store(tmp_path) as store:
        store.save_documents("acme.example", [new], now=NOW)
        assert [store.load_document(each.id) for each in (old, new)] == [old, new]
        assert list(verify_store(store)) == []
        delete_account(store, "acme.example")
        assert store.load_document(old.id) is None
    with contextlib.closing(sqlite3.connect(tmp_path / "dossier.sqlite3")) as file:
        assert file.execute("PRAGMA page_size").fetchone() == (16384,)


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(StoreError, match="set DOSSIER_HOME"):
        Store(blocker / "home")


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "dossier.sqlite3").write_bytes(b"not a database at all" * 500)
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "dossier.sqlite3") as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(StoreError, match="newer dossier"):
        Store(tmp_path)


def test_a_cached_page_is_served_until_it_is_too_old(tmp_path: Path, database_url: str | None) -> None:
    response = Response(
        url="https://acme.example/",
        final_url="https://acme.example/",
        status=200,
        body=b"hello",
        fetched_at=NOW,
    )
    with Store(tmp_path, database_url) as store:
        store.save("key", response)
        found = store.load("key", not_before=NOW - timedelta(days=1))
        assert found is not None
        assert found.body == b"hello"
        assert found.from_cache
        assert store.load("key", not_before=NOW + timedelta(seconds=1)) is None
        assert store.load("other", not_before=NOW - timedelta(days=1)) is None


def test_completions_come_back_byte_for_byte(tmp_path: Path, database_url: str | None) -> None:
    with Store(tmp_path, database_url) as store:
        store.save_completion("k", '{"text": "ü"}', now=NOW)
        assert store.load_completion("k") == '{"text": "ü"}'
        assert store.load_completion("absent") is None


def test_a_failed_transaction_leaves_nothing_behind(tmp_path: Path, database_url: str | None) -> None:
    def save_and_die(store: Store) -> None:
        with store.transaction():
            store.save_documents("acme.example", [make_document("half")], now=NOW)
            raise RuntimeError("killed")

    with Store(tmp_path, database_url) as store:
        with pytest.raises(RuntimeError, match="killed"):
            save_and_die(store)
        assert store.load_text(text_id("half")) is None


@pytest.mark.parametrize("prefix", ["", "%", "_", "zz", "ABC"])
def test_an_id_prefix_that_is_not_hex_finds_nothing(
    tmp_path: Path, database_url: str | None, prefix: str
) -> None:
    with Store(tmp_path, database_url) as store:
        store.save_documents("acme.example", [make_document("text")], now=NOW)
        assert store.document_ids(prefix) == []


def test_findings_are_iterated_by_domain_in_pages(tmp_path: Path, database_url: str | None) -> None:
    fact = Fact(attribute="founded_year", value=2014, status="supported", evidence=())
    with Store(tmp_path, database_url) as store:
        domains = [f"company-{number:03}.example" for number in range(230)]
        for domain in reversed(domains):
            account = Account(
                domain=domain, final_domain=domain, status="live", home_url=f"https://{domain}/"
            )
            store.save_findings(account, Findings(facts=(fact,)), as_of=NOW.date(), now=NOW)
        found = list(store.iterate_findings())
        assert [domain for domain, _ in found] == domains
        assert found[0][1].facts == (fact,)
        stored = store.load_findings("company-007.example")
        assert stored is not None
        assert stored.account.domain == "company-007.example"
        assert store.count_accounts() == 230
