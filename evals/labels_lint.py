"""Check labelled cases against their archives, with the product's own reading and its own quote ladder.

A label that the product could not possibly confirm is a fault of the label, and would be counted as a miss
of the product. The test half is locked by hash, so that nobody tunes to it unseen.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from agent.attributes import canonical_value, entry
from agent.errors import DossierError, InputError
from agent.graph.context import Context, Workspace
from agent.graph.gather import gather_sources
from agent.grounding import TextIndex
from agent.models import FetchFailure, GatherLimits
from evals.labels import ACCOUNTS, Case, Label, load_cases
from evals.measures.misses import address
from tools.archive import Archive, ArchiveFault, ReplayFetcher
from tools.pages.reader import Reader

__all__ = ["LOCK", "Texts", "lint_case", "lint_cases", "lock_test_half", "read_texts"]

LOCK = "LOCK.json"


class Texts:
    """What the product stores of one archive: texts by address, each prepared once for looking up quotes."""

    def __init__(self, by_url: dict[str, list[str]], status: str, names: tuple[str, ...]) -> None:
        self.status, self.names = status, names
        self.by_url = by_url
        self._indexes: dict[str, TextIndex] = {}

    def at(self, url: str) -> list[str]:
        """Return the texts stored for an address."""
        return self.by_url.get(address(url), [])

    def holds(self, url: str, quote: str) -> bool:
        """Tell whether the product's ladder finds the quote in a text of that address."""
        return any(self._index(text).locate(quote) is not None for text in self.at(url))

    def where(self, quote: str) -> list[str]:
        """Return the addresses of the texts that hold the quote, as a label may name them."""
        return [url if ":" in url else f"https://{url}" for url in self.by_url if self.holds(url, quote)]

    def mentions(self, words: str) -> str | None:
        """Return an address whose text contains the words, by the same ladder, or `None`."""
        for url, texts in self.by_url.items():
            if any(self._index(text).locate(words) is not None for text in texts):
                return url
        return None

    def _index(self, text: str) -> TextIndex:
        if text not in self._indexes:
            self._indexes[text] = TextIndex(text)
        return self._indexes[text]


def read_texts(archive: Path, domain: str, urls: tuple[str, ...] = ()) -> Texts:
    """Return the texts that gathering the archive gives, and those of further `urls` in it.

    A page the product did not choose to read is still a page of the account: whether it was read is a
    measure, not a fault of the label. Raises `InputError` for an archive that cannot be read.
    """
    try:
        opened = Archive(archive)
    except ArchiveFault as fault:
        raise InputError(f"{archive}: {fault}") from fault
    return asyncio.run(_read(opened, domain, urls))


async def _read(archive: Archive, domain: str, urls: tuple[str, ...]) -> Texts:
    by_url: dict[str, list[str]] = defaultdict(list)
    async with ReplayFetcher(archive) as replay:
        reader = Reader(replay, renderer=replay)
        workspace = Workspace()
        context = Context(
            reader=reader, workspace=workspace, as_of=reader.now().date(), limits=GatherLimits()
        )
        await gather_sources(domain, context)
        for gathered in workspace.gathered.values():
            for document in gathered.documents:
                for url in {address(document.url), address(document.final_url)}:
                    by_url[url].append(document.text)
        for url in urls:
            if address(url) not in by_url:
                page = await reader.read(url)
                if not isinstance(page, FetchFailure):
                    by_url[address(url)].append(page.text)
        await reader.aclose()
    account = workspace.known_account()
    return Texts(dict(by_url), account.status, account.names)


def lint_cases(folder: Path = ACCOUNTS) -> tuple[str, ...]:
    """Return every fault of every case in `folder`, and of the lock of its test half."""
    faults = [fault for case in load_cases(folder) for fault in lint_case(case)]
    return (*faults, *_lock_faults(folder))


def lint_case(case: Case) -> tuple[str, ...]:
    """Return the faults of one case, each as `file: case, field: what is wrong`; empty when it is sound."""
    faults = [*_hash_faults(case), *_contradictions(case), *_gold_faults(case)]
    if not case.archive.is_file():
        return tuple(_named(case, faults))
    urls = tuple(dict.fromkeys(span.url for label in case.truth.labels for span in label.spans))
    try:
        texts = read_texts(case.archive, case.domain, urls)
    except DossierError as error:
        return tuple(_named(case, [*faults, f"archive: {error}"]))
    return tuple(_named(case, [*faults, *_text_faults(case, texts)]))


def _named(case: Case, faults: list[str]) -> Iterator[str]:
    for fault in faults:
        yield f"{case.folder / 'labels.yaml'}: case {case.domain}, {fault}"


def _hash_faults(case: Case) -> Iterator[str]:
    for field, path, said in (
        ("archive_sha256", case.archive, case.truth.archive_sha256),
        ("clean_sha256", case.clean_archive, case.truth.clean_sha256),
    ):
        if path is None:
            continue
        if not path.is_file():
            yield f"{field}: {path.name} is missing"
        elif (found := file_hash(path)) != said:
            yield f"{field}: {path.name} hashes to {found[:12]}…, the label says {(said or '')[:12]}…"


def _contradictions(case: Case) -> Iterator[str]:
    labels = case.truth.labels
    for place, label in enumerate(labels):
        where = f"labels.{place} ({label.attribute})"
        for value in label.accept:
            if not _fits(label, value):
                yield f"{where}.accept: {json.dumps(value)} has no key of the shape {entry(label.attribute).shape}"
        same = [other for other in labels if other is not label and other.attribute == label.attribute]
        if label.absent and any(other.accept and other.polarity == "asserts" for other in same):
            yield f"{where}.absent: another label gives {label.attribute} a value"
        for other in same:
            clash = next(
                (
                    value
                    for value in label.accept
                    if other.polarity == label.polarity and other.rejects(value)
                ),
                None,
            )
            if clash is not None:
                yield f"{where}.accept: {json.dumps(clash)} is rejected by another label"
        both = next((value for value in label.reject if label.accepts(value)), None)
        if both is not None:
            yield f"{where}.reject: {json.dumps(both)} is also accepted"


def _fits(label: Label, value: object) -> bool:
    """Tell whether an accepted value could equal a canonical one: its shape's keys, or a canonical value itself."""
    shape = entry(label.attribute).shape
    if isinstance(value, dict):
        return bool(value) and all(f"{key}" in shape for key in value)
    return shape[0] != "{" and canonical_value(label.attribute, value) is not None  # type: ignore[arg-type]


def _gold_faults(case: Case) -> Iterator[str]:
    try:
        gold = case.gold
    except InputError as error:
        yield f"gold: {error}"
        return
    if gold is None:
        return
    known = {item.id for item in gold.evidence}
    for fact in gold.facts:
        for missing in [name for name in (*fact.evidence, *fact.against) if name not in known]:
            yield f"gold.facts ({fact.attribute}): cites evidence {missing!r}, which is not there"


def _text_faults(case: Case, texts: Texts) -> Iterator[str]:
    if texts.status != case.truth.account.status:
        yield f"account.status: the label says {case.truth.account.status}, the archive reads as {texts.status}"
    for place, label in enumerate(case.truth.labels):
        where = f"labels.{place} ({label.attribute})"
        for number, span in enumerate(label.spans):
            if not texts.at(span.url):
                yield f"{where}.spans.{number}.url: {span.url} is not in the archive"
            elif not texts.holds(span.url, span.quote):
                yield f"{where}.spans.{number}.quote: not in the text of {span.url}: {span.quote[:100]!r}"
        for alias in label.aliases:
            if (url := texts.mentions(alias)) is not None:
                yield f"{where}.absent: {alias!r} is said at {url}"


def lock_test_half(folder: Path = ACCOUNTS, *, why: str) -> int:
    """Write `LOCK.json`, the hashes of every file of the test half; return how many files it names.

    `why` is kept in the lock beside the hashes: a lock is renewed for a reason, or not at all.
    """
    if not why.strip():
        raise InputError("relocking the test half needs a reason: --relock 'why'")
    files = _test_files(folder)
    lock = {"schema": 1, "why": why.strip(), "files": files}
    (folder / LOCK).write_text(json.dumps(lock, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return len(files)


def _lock_faults(folder: Path) -> Iterator[str]:
    path = folder / LOCK
    found = _test_files(folder)
    try:
        locked = json.loads(path.read_text(encoding="utf-8"))["files"] if found or path.is_file() else {}
        if not isinstance(locked, dict):
            raise TypeError("'files' is no object")
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{path}: the test half is not locked ({error}); lock it with --relock 'why'"
        return
    for name in sorted(locked.keys() | found.keys()):
        if name not in found:
            yield f"{path}: {name} is locked and gone; relock with --relock 'why' if that is meant"
        elif name not in locked:
            yield f"{path}: {name} is in the test half and not locked; relock with --relock 'why'"
        elif locked[name] != found[name]:
            yield f"{path}: {name} changed since it was locked; relock with --relock 'why' if that is meant"


def _test_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for case in load_cases(folder, "test")
        for path in sorted(case.folder.iterdir())
        if path.is_file()
    }


def file_hash(path: Path) -> str:
    """Return the lower-case hex sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
