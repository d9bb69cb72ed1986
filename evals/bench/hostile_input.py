"""Measure how the cost of hostile input grows: time for twice the input over time for it, in one run.

    python -m evals.bench.hostile_input [--only WORDS]

A page's author chooses what we read. Whatever is repeated there must cost time in proportion to its length
(about 2 for twice of it), never its square (4): each case is one repetition that once was slow, or that a
pattern of ours invites. CPU time of this process, best of several runs, both lengths in turn. Exit 1 when a
ratio is over the limit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from agent.canonical.sector_words import kinds_of_company
from agent.extraction.rules import extract_by_rules
from agent.facts import resolve_facts
from agent.grounding import ground
from agent.grounding.locate import TextIndex
from agent.grounding.sentences import split_sentences
from agent.models import Account, Evidence, RejectedClaim, SourceDocument, text_id
from tools.ats.boards import find_boards
from tools.fetching.api import Response
from tools.occupations import department_of, names_a_job, seniority_of
from tools.pages.injection import injection_flags
from tools.pages.parse import parse_page
from tools.places import country_code
from tools.technographics.markup import match_markup
from tools.technographics.prose import match_prose

LIMIT: Final = 3.0
"""Between linear and quadratic, as far from both as noise allows."""
_ROUNDS: Final = 3
_LEAST_SECONDS: Final = 0.004
"""What is done in less is repeated, so that the clock can tell the two lengths apart."""
_DAY: Final = datetime(2026, 6, 1, tzinfo=UTC)
_ACCOUNT: Final = Account(
    domain="halvard.example",
    final_domain="halvard.example",
    status="live",
    home_url="https://halvard.example/",
    name="Halvard",
    names=("Halvard", "Halvard GmbH"),
)


class Case(NamedTuple):
    """One reader and one repetition for it; `characters` is the shorter of the two lengths."""

    reader: str
    part: str
    characters: int
    read: Callable[[str], object]


def main(argv: list[str] | None = None) -> int:
    """Print each case's ratio; return 0 when none is over the limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="readers whose name holds this")
    options = parser.parse_args(argv)
    ratios: list[float] = []
    for case in _cases():
        if options.only not in case.reader:
            continue
        once, ratio = _growth(case)
        ratios.append(ratio)
        mark = "" if ratio <= LIMIT else "  OVER"
        print(f"{case.reader:>14}  {case.part[:24]!r:<28} {1000 * once:9.2f} ms  x{ratio:.1f}{mark}")
    if not ratios:
        parser.error(f"no reader's name holds {options.only!r}")
    over = sum(ratio > LIMIT for ratio in ratios)
    print(
        f"hostile input: {len(ratios)} cases, worst ratio {max(ratios):.1f}, limit <= {LIMIT:.0f}, "
        f"verdict {'missed' if over else 'met'}"
    )
    return 1 if over else 0


def _growth(case: Case) -> tuple[float, float]:
    """Return the seconds for the input, and how many times as long twice of it takes."""
    times = case.characters // len(case.part) + 1
    short, long = case.part * times, case.part * (2 * times)
    case.read(short)  # tables and patterns are made once
    repeats = max(1, int(_LEAST_SECONDS / max(_seconds(case.read, short, 1), 1e-6)))
    once, twice = (
        min(pair)
        for pair in zip(
            *(
                (_seconds(case.read, short, repeats), _seconds(case.read, long, repeats))
                for _ in range(_ROUNDS)
            ),
            strict=True,
        )
    )
    return once / repeats, twice / max(once, 1e-6)


def _seconds(read: Callable[[str], object], text: str, repeats: int) -> float:
    begin = time.process_time()
    for _ in range(repeats):
        read(text)
    return time.process_time() - begin


def _cases() -> Iterator[Case]:
    for part in ("-", "\n", "<", "{", "ignore ", "\u202ex"):
        yield Case("injection", part, 150_000, lambda text: injection_flags(text, text))
    for part in _MARKUP:
        yield Case("page", part, 150_000, _read_page)
    for part in ("a-", "acme.wd", " greenhouse.io icims.com workable.com ", "myworkdayjobs.com"):
        yield Case("job boards", part, 300_000, lambda text: find_boards([], source=text))
    for part in ("inline: //", "script: https://a.", "a.", "link: /x\n"):
        yield Case("marks", part, 200_000, lambda text: match_markup(text, frozenset()))
    for part in (
        "we use ", "our ", "a b ", "Slack, ", "no ", "(", "integrates ", "experience with ", "\n-",
    ):  # fmt: skip
        yield Case("products", part, 40_000, lambda text: match_prose(text, frozenset(), "job"))
    for part in (" - ", "or ", "a.b", "((((", "remote-"):
        yield Case("place", part, 140, country_code)
    yield Case("attributes", "x", 20_000, _read_attributes)
    for part in ("We employ 2{} people. ", "Halvard was founded in {}. ", "We are based in A{}, Germany. "):
        yield Case("statements", part, 24_000, lambda text, part=part: _read_statements(text, part))  # type: ignore[misc]
    for part in ("manager ", "a", "(m/w/d", "chief ", "- "):
        yield Case("job title", part, 2_000, _read_title)
    for part in ("entreprise de ", "energy ", "software-", "a", "Halvard is a "):
        yield Case("industry", part, 2_000, kinds_of_company)
    for part in ("a ", "1 ", "\u0301", "é", "…", "\n"):
        yield Case("quote", part, 40_000, _locate)
    for part in _STATEMENTS:
        yield Case("rules", part, 6_000, _read_by_rules)


_MARKUP: Final = (
    "<div>", "<p><b id=1>", "<rt><rp>", "<a href=x><div>", "<ul><li>", "<table><td>", "<!--", "<script ",
    "<noscript>", '<p style="a:b;a:b">', "<style>.a{display:none}</style>", "<a href='/a/a'>x</a>", "©", "© 2026 ",
    "//a.b", "<script>//a.b.c.d.e</script>", "If no open positions fit, write. ", "<div class=footer>A</div><p>b</p>",
)  # fmt: skip
_STATEMENTS: Final = (
    "Aa", "nicht ", "Halvard (", "Halvard hat Halvard ", "which has 5 ", "entreprise de ", "1,", "$1",
    "We are a team of ", "A A A is ", "Founded by a ", "Headquarters in A, ", '"a":', "SOC 2 ",
    "Series B raised $5M ", "for for ", "\n1\nEmployees", "ISO 27001 certified ", "Halvard ", "energy ", "software-",
)  # fmt: skip


def _read_page(markup: str) -> object:
    url = "https://halvard.example/"
    return parse_page(Response(url=url, final_url=url, status=200, body=markup.encode(), fetched_at=_DAY))


def _read_attributes(names: str) -> object:
    """Read an element with as many attributes as there are characters, each of another name."""
    attributes = " ".join(f"x{number}" for number in range(len(names)))
    return _read_page(f"<div {attributes}>x</div>")


def _read_statements(text: str, part: str) -> object:
    """Resolve the facts of a text of that length that states the same thing with ever another value."""
    sentences = (part.format(1_900 + number) for number in range(len(text) // len(part)))
    outcomes = _read_by_rules("\n".join(sentences))
    return resolve_facts([each for each in outcomes if isinstance(each, Evidence)], _DAY.date())


def _read_title(title: str) -> object:
    return department_of(title), seniority_of(title), names_a_job(title)


def _locate(text: str) -> object:
    index = TextIndex(text)
    return index.locate(text[:3_000]), index.locate("a a a … a a a … a a a"), split_sentences(text)


def _read_by_rules(text: str) -> list[Evidence | RejectedClaim]:
    document = SourceDocument(
        id=text_id(text),
        url="https://halvard.example/x",
        final_url="https://halvard.example/x",
        kind="website",
        source="website",
        tier="first-party-text",
        title="x",
        text=text,
        fetched_at=_DAY,
        purpose="about",
    )
    claims = extract_by_rules(document, _ACCOUNT)
    return [ground(claim, document, _ACCOUNT, date(2026, 6, 1)) for claim in claims]


if __name__ == "__main__":
    raise SystemExit(main())
