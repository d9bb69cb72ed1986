"""Measure what reading one page whole costs, against a bare selectolax parse of the same pages.

    python -m evals.bench.page_reading FOLDER_OF_HTML_PAGES

Whole means: charset, parse, visible text, links, structured data, marks, dates, flags, and a pass of the
technology fingerprints. CPU time of this process, best of several runs a page, so that a busy machine
does not decide. Exit 1 when the ratio is over the target.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from tools.fetching.api import Response
from tools.pages.parse import parse_page
from tools.technographics.markup import match_markup

TARGET: Final = 12.0
_ROUNDS: Final = 15


def main(arguments: Sequence[str]) -> int:
    """Print the ratio over the pages of the folder named first; return 0 when it is within the target."""
    folder = Path(arguments[0]) if arguments else Path("../shared/fixtures/pages/homepages")
    files = sorted(folder.glob("*.htm*")) if folder.is_dir() else []
    if not files:
        print(f"skipped: no saved pages in {folder}; pass a folder of .html files")
        return 0
    responses = [_response(file) for file in files]
    for response in responses:  # tables, models and caches are built once a process, not once a page
        _read_whole(response)
    whole = bare = 0.0
    for response in responses:
        text = response.body.decode("utf-8", "replace")
        bare += _best(lambda text=text: LexborHTMLParser(text))  # type: ignore[misc]  # lambda default
        whole += _best(lambda response=response: _read_whole(response))  # type: ignore[misc]
    ratio = whole / bare
    pages = len(responses)
    print(f"{pages} pages, {sum(len(response.body) for response in responses) / 1e6:.1f} MB")
    print(f"bare selectolax parse  {1000 * bare / pages:7.2f} ms a page")
    print(
        f"read whole             {1000 * whole / pages:7.2f} ms a page ({pages / whole:.0f} pages a second)"
    )
    verdict = "met" if ratio <= TARGET else "missed"
    print(f"reading a page whole: ratio {ratio:.1f}, target <= {TARGET:.0f}, verdict {verdict}")
    return 0 if ratio <= TARGET else 1


def _read_whole(response: Response) -> None:
    page = parse_page(response)
    match_markup(page.markup, frozenset())


def _best(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _response(file: Path) -> Response:
    url = f"https://{file.stem.split('__')[0]}/"
    return Response(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html"),),
        body=file.read_bytes(),
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
