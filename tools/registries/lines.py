"""One fact a line: the text form of a registry's or provider's answer.

    Employees: 4,300 (as of 2025-12-31)
    Headquarters: Utrecht, Netherlands

`label: value`, then ` (as of YYYY[-MM[-DD]])` where the source dates that very statement. A value never
spans lines, so a rule can quote one fact whole and read its date without looking elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tools.documents import SourceDocument, SourceKind, SourceTier, text_id
from tools.fetching.api import Response
from tools.registries.payload import one_line


class FactLine(NamedTuple):
    """One statement of a source: its stable English label, the source's value, and its own date if any."""

    label: str
    value: str
    as_of: str = ""

    def render(self) -> str:
        """Return the line as it is stored and quoted."""
        line = f"{self.label}: {one_line(self.value)}"
        return f"{line} (as of {self.as_of})" if self.as_of else line


def render_lines(lines: Iterable[FactLine]) -> str:
    """Return the lines as one text, empty values and exact repetitions left out."""
    kept = dict.fromkeys(line.render() for line in lines if one_line(line.value))
    return "\n".join(kept)


def fact_document(
    lines: Iterable[FactLine],
    *,
    response: Response,
    title: str,
    provider: str,
    url: str | None = None,
    kind: SourceKind = "registry",
    tier: SourceTier = "registry",
    published_at: date | None = None,
) -> SourceDocument | None:
    """Return the document that holds `lines`, its body the answer as received; `None` without a line."""
    text = render_lines(lines)
    if not text:
        return None
    return SourceDocument(
        id=text_id(text),
        url=url or response.url,
        final_url=response.final_url,
        kind=kind,
        source="registries",
        tier=tier,
        title=one_line(title),
        text=text,
        language="en",
        fetched_at=response.fetched_at,
        published_at=published_at,
        status=response.status,
        purpose="structured_data",
        provider=provider,
        body=response.body,
    )
