"""The fetcher that reads an archive instead of the web. Nothing here touches the network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from tools.archive.reader import EPOCH, Archive, Entry
from tools.documents import FetchFailure
from tools.fetching.addresses import is_address
from tools.fetching.answers import (
    MAX_BODY,
    MAX_REDIRECTS,
    Exchange,
    judge,
    redirect_loop,
    too_large,
)
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.fetching.inflate import BodyDamaged, BodyTooLarge
from tools.fetching.memo import SingleFlight
from tools.fetching.rendering import rendering_key, with_html
from tools.fetching.urls import join_url, key_of, parse_url

_INDEX: Final = b"/index.html"
_NOT_RENDERED: Final = "the archive holds no text that its scripts made; record it again with the extra account-dossier[browser] and Chromium installed"


class ReplayFetcher:
    """Answers from one archive, under the same rules as live; an async context manager like `LiveFetcher`.

    What is not in the archive is a `FetchFailure(not_in_archive)`. A URL is looked up as asked, then with
    the other of http and https, then with or without its trailing slash, then with or without `www.`
    (noted as a redirect), and last with or without a final `index.html`, which saved sites put in their
    links. robots.txt is not consulted: whoever recorded was allowed to.
    """

    def __init__(self, archive: Archive | str | Path) -> None:
        self._archive = archive if isinstance(archive, Archive) else Archive(archive)
        self._pages: SingleFlight[Response | FetchFailure] = SingleFlight()

    @property
    def archive(self) -> Archive:
        """The archive beneath."""
        return self._archive

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Forget what was read."""
        await self._pages.close()

    def now(self) -> datetime:
        """Return the date of the newest answer in the archive (UTC); 1970 for one without answers."""
        return self._archive.latest or EPOCH

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        """Return what the archive holds for a request, its redirects followed."""
        try:
            key = f"{request.accept} {key_of(request)}"
        except ValueError:
            return FetchFailure(
                url=request.url, reason="parse", detail="not an http or https URL; check the address"
            )
        answer = await self._pages.get(key, lambda: self._fetch_once(request))
        return answer if answer.url == request.url else answer.model_copy(update={"url": request.url})

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        """Return the archived answer to one DNS question."""
        plain = name.rstrip(".").lower()
        entry = self._archive.find_dns(plain, record_type)
        if entry is None:
            detail = f"the archive holds no {record_type} answer for {plain}"
            return FetchFailure(url=f"dns:{plain}?type={record_type}", reason="not_in_archive", detail=detail)
        if entry.failure is not None:
            return entry.failure
        return DnsAnswer(name=plain, record_type=record_type, answers=entry.answers, fetched_at=entry.date)

    async def render(self, url: str) -> Response | FetchFailure:
        """Return a page as its scripts had made it when the archive was recorded."""
        page = await self.fetch(FetchRequest(url=url))
        if isinstance(page, FetchFailure):
            return page
        entry = self._archive.find(rendering_key(url))
        if entry is None:
            return FetchFailure(url=url, reason="not_in_archive", detail=_NOT_RENDERED)
        if entry.failure is not None:
            return entry.failure.model_copy(update={"url": url})
        try:
            answer = self._archive.read(entry)
        except (BodyTooLarge, BodyDamaged):
            answer = None
        if answer is None:
            return FetchFailure(url=url, reason="parse", detail="its record in the archive is damaged")
        return with_html(page, answer.body)

    async def _fetch_once(self, request: FetchRequest) -> Response | FetchFailure:
        key, redirects, visited = key_of(request), list[str](), set[str]()
        for _ in range(MAX_REDIRECTS + 1):
            entry, url = self._look_up(key)
            if entry is None:
                return _not_archived(request, redirects, key)
            if entry.failure is not None:
                return entry.failure.model_copy(update={"url": request.url})
            if entry.url != url and parse_url(entry.url).host != parse_url(url).host:
                redirects.append(url)
            try:
                answer = self._archive.read(entry, key.partition(" ")[0])
            except BodyTooLarge:
                return too_large(request.url, MAX_BODY)
            except BodyDamaged:
                answer = None
            if answer is None:
                return FetchFailure(
                    url=request.url, reason="parse", detail="its record in the archive is damaged"
                )
            step = _redirect_target(answer)
            if step is None:
                return judge(request, answer, tuple(redirects))
            if step in visited and entry.url != url:
                return _not_archived(request, redirects, key)
            if step in visited:
                return redirect_loop(request.url, len(redirects))
            visited.add(step)
            redirects.append(answer.url)
            key = f"POST {step} {key.split(' ')[2]}" if _keeps_method(answer, key) else f"GET {step}"
        return redirect_loop(request.url, len(redirects))

    def _look_up(self, key: str) -> tuple[Entry | None, str]:
        """Return the outcome of a request key and the URL that was looked up."""
        method, url, *body = key.split(" ")
        for candidate in _spellings(url):
            entry = self._archive.find(" ".join((method, candidate, *body)))
            if entry is not None:
                return entry, url
        return None, url


def _redirect_target(answer: Exchange) -> str | None:
    """Return where an archived redirect leads; `None` for an answer that is none, or leads nowhere."""
    if answer.location is None:
        return None
    try:
        return join_url(answer.url, answer.location)
    except ValueError:
        return None


def _keeps_method(answer: Exchange, key: str) -> bool:
    return answer.status in (307, 308) and key.startswith("POST ")


def _spellings(url: str) -> list[str]:
    """Return the URLs an archive may hold a page under, the one asked for first."""
    parsed = parse_url(url)
    path = parsed.raw_path
    paths = [path]
    if b"?" not in path and path != b"/":
        paths.append((path.rstrip(b"/") or b"/") if path.endswith(b"/") else path + b"/")
    spellings = _elsewhere(parsed, paths)
    if b"?" in path:
        return spellings
    if path.endswith(_INDEX):
        folder = path.removesuffix(_INDEX[1:])
        return spellings + _elsewhere(parsed, [folder, folder.rstrip(b"/") or b"/"])
    return spellings + _elsewhere(parsed, [path.rstrip(b"/") + _INDEX])


def _elsewhere(parsed: httpx.URL, paths: list[bytes]) -> list[str]:
    """Return paths under both schemes, then under both again with or without `www.`."""
    schemes = (parsed.scheme, "http" if parsed.scheme == "https" else "https")
    host = parsed.host
    hosts = [host]
    if not is_address(host):
        hosts.append(host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    return [
        str(parsed.copy_with(scheme=scheme, host=name, raw_path=path))
        for name in hosts
        for path in paths
        for scheme in schemes
    ]


def _not_archived(request: FetchRequest, redirects: list[str], key: str) -> FetchFailure:
    where = f"; it redirects to {key.split(' ')[1]}, which is not there either" if redirects else ""
    return FetchFailure(
        url=request.url, reason="not_in_archive", detail=f"the archive does not hold this page{where}"
    )
