"""Ask a firmographic provider for what nothing public answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tools.documents import Account, FetchFailure, Gathered, Quarantined, SourceState
from tools.fetching.api import Fetcher
from tools.providers.api import FirmographicProvider
from tools.registries.lines import fact_document
from tools.registries.tie import speaks_for


class ProviderReply(NamedTuple):
    """What came of a question. `answered`: a company came back, which is what providers charge for."""

    gathered: Gathered
    answered: bool = False
    from_cache: bool = False


async def ask_provider(
    account: Account,
    open_attributes: Iterable[str],
    fetcher: Fetcher,
    key: str,
    provider: FirmographicProvider,
) -> ProviderReply:
    """Return one provider's answer as a third-party document, or why there is none.

    It is asked at most once, and only with a key and while an attribute it may know is open; the caller
    decides whether the run's budget allows it. An answer for another domain is quarantined.
    """
    name = provider.name
    if not key:
        return _none("not_looked", f"{name} not asked: no key")
    if not provider.answers.intersection(open_attributes):
        return _none("not_looked", f"{name} not asked: nothing it knows is open")
    request = provider.request(account, key)
    answer = await fetcher.fetch(request)
    if isinstance(answer, FetchFailure):
        if answer.status == 404:
            return _none("read_nothing_found", f"{name}: knows no company at {account.domain}")
        if answer.reason == "not_in_archive":
            return _none("not_looked", f"{name} not asked: the archive holds no answer of it", answer)
        failure = answer.model_copy(update={"detail": _WHY.get(answer.status or 0) or answer.detail})
        why = failure.detail or failure.reason
        return _none("unreadable", f"{name} gave no answer: {why}", failure)
    parsed = provider.parse(answer.body)
    if parsed is None:
        failure = FetchFailure(url=request.url, reason="parse", detail=f"{name} answered no company")
        return _none("unreadable", f"{name} gave no answer that can be read", failure)
    title = f"{name}: {parsed.title}"
    if not any(speaks_for(account, site) for site in parsed.websites):
        named = parsed.websites[0] if parsed.websites else "no website"
        reason = f"the answer is about {named}, not {account.domain}"
        aside = Quarantined(url=request.url, kind="registry", title=title, reason=reason)
        gathered = Gathered(
            source="registries",
            state="read_nothing_found",
            detail=f"{name}: set aside, {reason}",
            quarantined=(aside,),
        )
        return ProviderReply(gathered, answered=True, from_cache=answer.from_cache)
    document = fact_document(parsed.lines, response=answer, title=title, provider=name, tier="third-party")
    gathered = Gathered(
        source="registries",
        state="read",
        detail=f"{name}: read",
        documents=(document,) if document else (),
    )
    return ProviderReply(gathered, answered=True, from_cache=answer.from_cache)


def _none(state: SourceState, detail: str, failure: FetchFailure | None = None) -> ProviderReply:
    failures = () if failure is None else (failure,)
    return ProviderReply(Gathered(source="registries", state=state, detail=detail, failures=failures))


_WHY = {
    401: "the key was refused (401); check it, or unset it to go without",
    402: "its credits are used up (402)",
    403: "the key does not allow this question (403); check what it covers",
    429: "it asks for fewer requests (429); try again later",
}
