"""Ask a firmographic provider for what nothing public answered."""

from __future__ import annotations

from collections.abc import Iterable

from tools.documents import Account, FetchFailure, Gathered, Quarantined
from tools.fetching.api import Fetcher
from tools.providers.api import FirmographicProvider
from tools.providers.people_data_labs import PeopleDataLabs
from tools.registries.lines import fact_document
from tools.registries.tie import speaks_for


async def ask_provider(
    account: Account,
    open_attributes: Iterable[str],
    fetcher: Fetcher,
    key: str,
    provider: FirmographicProvider | None = None,
) -> Gathered:
    """Return one provider's answer as a third-party document, or why there is none.

    It is asked at most once, and only with a key and while an attribute it may know is open; the caller
    decides whether the run's budget allows it. `provider` is People Data Labs unless another is given.
    An answer for another domain is quarantined.
    """
    provider = provider or PeopleDataLabs()
    if not key:
        return Gathered(source="registries", state="not_looked", detail=f"{provider.name} not asked: no key")
    if not provider.answers.intersection(open_attributes):
        detail = f"{provider.name} not asked: nothing it knows is open"
        return Gathered(source="registries", state="not_looked", detail=detail)
    request = provider.request(account, key)
    answer = await fetcher.fetch(request)
    if isinstance(answer, FetchFailure):
        if answer.status == 404:
            detail = f"{provider.name}: knows no company at {account.domain}"
            return Gathered(source="registries", state="read_nothing_found", detail=detail)
        detail = f"{provider.name} could not be asked ({answer.reason})"
        return Gathered(source="registries", state="unreadable", detail=detail, failures=(answer,))
    parsed = provider.parse(answer.body)
    if parsed is None:
        failure = FetchFailure(url=request.url, reason="parse", detail=f"{provider.name} answered no company")
        return Gathered(source="registries", state="unreadable", detail=failure.detail, failures=(failure,))
    title = f"{provider.name}: {parsed.title}"
    if not any(speaks_for(account, site) for site in parsed.websites):
        named = parsed.websites[0] if parsed.websites else "no website"
        reason = f"the answer is about {named}, not {account.domain}"
        aside = Quarantined(url=request.url, kind="registry", title=title, reason=reason)
        return Gathered(
            source="registries",
            state="read_nothing_found",
            detail=f"{provider.name}: {reason}",
            quarantined=(aside,),
        )
    document = fact_document(
        parsed.lines, response=answer, title=title, provider=provider.name, tier="third-party"
    )
    documents = (document,) if document else ()
    return Gathered(source="registries", state="read", detail=f"{provider.name}: read", documents=documents)
