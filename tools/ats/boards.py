"""Find the job boards a page links or embeds, and tell which of them may be read.

A token is only ever taken from an address on the page, never made up from a company's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tools.ats.api import Adapter, Board
from tools.ats.ashby import Ashby
from tools.ats.greenhouse import Greenhouse
from tools.ats.jazzhr import JazzHR
from tools.ats.lever import Lever
from tools.ats.personio import Personio
from tools.ats.recruitee import Recruitee
from tools.ats.rippling import Rippling
from tools.ats.smartrecruiters import SmartRecruiters
from tools.ats.teamtailor import Teamtailor
from tools.ats.workable import Workable
from tools.ats.workday import Workday

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (
        Greenhouse(),
        Lever(),
        Ashby(),
        Workable(),
        SmartRecruiters(),
        Recruitee(),
        Personio(),
        Teamtailor(),
        Workday(),
        Rippling(),
        JazzHR(),
    )
}

DECLINED = "its terms decline automated reading"
NO_READER = "no reader for this board yet"


class UnreadBoard(NamedTuple):
    """A board that was recognised and is not read, and why."""

    vendor: str
    why: str
    url: str


class BoardsFound(NamedTuple):
    """What a page shows: boards to read, the most certain first, and boards that are not read."""

    boards: tuple[Board, ...]
    unread: tuple[UnreadBoard, ...]


_HOSTS: dict[str, tuple[str, ...]] = {
    "greenhouse": ("greenhouse.io",),
    "lever": ("lever.co",),
    "ashby": ("ashbyhq.com",),
    "workable": ("workable.com",),
    "smartrecruiters": ("smartrecruiters.com",),
    "recruitee": ("recruitee.com",),
    "personio": ("jobs.personio.",),
    "teamtailor": ("teamtailor.com",),
    "workday": ("myworkdayjobs.com", "myworkdaysite.com"),
    "rippling": ("rippling.com",),
    "jazzhr": ("applytojob.com", "app.jazz.co"),
}
_T = r"(?P<token>[A-Za-z0-9][\w.%+~-]{0,80})"
_SUB = r"(?P<token>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
_LOCALE = r"(?:[a-z]{2}(?:-[A-Za-z]{2})?/)?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (provider, re.compile(rf"(?<![\w.-]){pattern}", re.IGNORECASE))
    for provider, pattern in (
        ("greenhouse", rf"boards-api\.(?P<host>eu\.)?greenhouse\.io/v1/boards/{_T}"),
        (
            "greenhouse",
            rf"(?:job-)?boards\.(?P<host>eu\.)?greenhouse\.io/embed/job_(?:board|app)(?:/js)?\?[^\s\"'<>]{{0,200}}?\bfor={_T}",
        ),
        ("greenhouse", rf"(?:job-)?boards\.(?P<host>eu\.)?greenhouse\.io/(?!embed\b){_T}"),
        ("lever", rf"(?:jobs|api)\.(?P<host>eu\.)?lever\.co/(?:v0/postings/)?{_T}"),
        ("ashby", rf"jobs\.ashbyhq\.com/{_T}"),
        ("ashby", rf"api\.ashbyhq\.com/posting-api/job-board/{_T}"),
        ("workable", rf"(?:www|apply)\.workable\.com/api/(?:v\d/)?(?:widget/)?accounts/{_T}"),
        ("workable", rf"apply\.workable\.com/{_T}(?=[/?#]|$)"),
        ("workable", rf"(?!www\.|apply\.|jobs\.|help\.|resources\.|api\.|get\.){_SUB}\.workable\.com"),
        ("smartrecruiters", rf"api\.smartrecruiters\.com/v1/companies/{_T}"),
        ("smartrecruiters", rf"(?:careers|jobs)\.smartrecruiters\.com/{_T}"),
        ("recruitee", rf"{_SUB}\.recruitee\.com"),
        ("personio", r"(?P<host>(?P<token>[a-z0-9][a-z0-9-]{0,62})\.jobs\.personio\.(?:de|com))"),
        ("teamtailor", r"(?P<host>(?P<token>[a-z0-9][a-z0-9-]{0,62})(?:\.[a-z]{2})?\.teamtailor\.com)"),
        (
            "workday",
            r"(?P<host>(?P<token>[a-z0-9_-]+)\.wd\d{1,4}\.myworkdayjobs\.com)/wday/cxs/[\w-]+/(?P<site>[\w-]+)",
        ),
        (
            "workday",
            rf"(?P<host>(?P<token>[a-z0-9_-]+)\.wd\d{{1,4}}\.myworkdayjobs\.com)/{_LOCALE}(?!wday/)(?P<site>[\w-]+)",
        ),
        (
            "workday",
            rf"(?P<host>wd\d{{1,4}}\.myworkdaysite\.com)/{_LOCALE}(?:recruiting|wday/cxs)/(?P<token>[\w-]+)/(?P<site>[\w-]+)",
        ),
        ("rippling", rf"ats\.rippling\.com/api/v\d/board/{_T}"),
        ("rippling", rf"api\.rippling\.com/platform/api/ats/v1/board/{_T}"),
        ("rippling", rf"ats\.rippling\.com/{_LOCALE}(?!api/|embed\b){_T}"),
        ("jazzhr", rf"app\.jazz\.co/(?:widgets/basic/create|feeds/export/jobs)/{_T}"),
        ("jazzhr", rf"{_SUB}\.applytojob\.com"),
    )
)

_UNREAD: tuple[tuple[str, str, str, re.Pattern[str]], ...] = tuple(
    (vendor, why, host, re.compile(rf"(?<![\w.-])(?:{pattern})", re.IGNORECASE))
    for vendor, why, host, pattern in (
        (
            "BambooHR",
            DECLINED,
            "bamboohr",
            r"[a-z0-9-]+\.bamboohr\.(?:com|co\.uk)/(?:careers|jobs|hiring|js/embed)",
        ),
        ("Breezy", DECLINED, "breezy.hr", r"(?!www\.|app\.|api\.|assets)[a-z0-9-]+\.breezy\.hr"),
        ("Pinpoint", DECLINED, "pinpointhq", r"(?!www\.|app\.|cdn)[a-z0-9-]+\.pinpointhq\.com"),
        ("iCIMS", NO_READER, "icims.com", r"(?!www\.)[a-z0-9-]+\.icims\.com"),
        ("Jobvite", NO_READER, "jobvite.com", r"(?:jobs|careers|app)\.jobvite\.com/[\w-]"),
        ("Paylocity", NO_READER, "paylocity.com", r"recruiting\.paylocity\.com/"),
        ("ADP", NO_READER, "adp.com", r"(?:workforcenow|recruiting\d?|myjobs)\.adp\.com/"),
        ("UKG", NO_READER, "recruiting", r"recruiting\d?\.ultipro\.(?:com|ca)/"),
        (
            "SAP SuccessFactors",
            NO_READER,
            "successfactors",
            r"(?:career|jobs|performancemanager)[a-z0-9-]*\.successfactors\.(?:com|eu)",
        ),
        (
            "Oracle Recruiting",
            NO_READER,
            "oraclecloud",
            r"[a-z0-9.-]+\.oraclecloud\.com/hcmUI/CandidateExperience",
        ),
        ("Taleo", NO_READER, "taleo.net", r"[a-z0-9-]+\.taleo\.net/"),
        ("Eightfold", NO_READER, "eightfold.ai", r"(?!www\.)[a-z0-9-]+\.eightfold\.ai/careers"),
        ("Phenom", NO_READER, "phenompeople", r"cdn\.phenompeople\.com/"),
        ("Avature", NO_READER, "avature.net", r"[a-z0-9-]+\.avature\.net/"),
        ("JOIN", NO_READER, "join.com", r"join\.com/companies/[\w-]"),
        ("Gem", NO_READER, "gem.com", r"jobs\.gem\.com/[\w-]"),
        ("Comeet", NO_READER, "comeet.co", r"(?:www\.)?comeet\.(?:com/jobs|co/careers-api)/"),
        ("softgarden", NO_READER, "softgarden.io", r"(?!www\.)[a-z0-9-]+\.softgarden\.io"),
        ("Zoho Recruit", NO_READER, "zohorecruit", r"[a-z0-9-]+\.zohorecruit\.(?:com|eu|in)"),
        ("Freshteam", NO_READER, "freshteam", r"(?!www\.)[a-z0-9-]+\.freshteam\.com/jobs"),
        ("Factorial", NO_READER, "factorialhr", r"(?!www\.|app\.)[a-z0-9-]+\.factorialhr\.[a-z.]{2,6}"),
        ("Homerun", NO_READER, "homerun.co", r"(?!www\.|app\.)[a-z0-9-]+\.homerun\.co(?=[/\s\"']|$)"),
        ("Dover", NO_READER, "dover.", r"app\.dover\.(?:com|io)/(?:apply|jobs)/"),
        ("Paycom", NO_READER, "paycomonline", r"(?:www\.)?paycomonline\.(?:net|com)/"),
        ("Paycor", NO_READER, "recruitingbypaycor", r"recruitingbypaycor\.com/"),
        ("Cornerstone", NO_READER, "csod.com", r"[a-z0-9-]+\.csod\.com/"),
        ("Trakstar Hire", NO_READER, "trakstar", r"[a-z0-9-]+\.hire\.trakstar\.com"),
        ("HiBob", NO_READER, "hibob.com", r"[a-z0-9-]+\.careers\.hibob\.com"),
        ("Gusto", NO_READER, "gusto.com", r"jobs\.gusto\.com/"),
        ("Welcome Kit", NO_READER, "welcomekit", r"[a-z0-9-]+\.welcomekit\.co"),
        ("d.vinci", NO_READER, "dvinci", r"[a-z0-9-]+\.dvinci-hr\.com|[a-z0-9-]+\.dvinci\.de"),
        ("rexx", NO_READER, "rexx-systems", r"[a-z0-9-]+\.rexx-systems\.com"),
        ("Jobylon", NO_READER, "jobylon", r"(?:emp|cdn|feed)\.jobylon\.com/"),
        ("ClearCompany", NO_READER, "clearcompany", r"[a-z0-9-]+\.clearcompany\.com/careers"),
        ("CATS", NO_READER, "catsone", r"[a-z0-9-]+\.catsone\.com/careers"),
        ("Keka", NO_READER, "keka.com", r"[a-z0-9-]+\.keka\.com/careers"),
        ("Darwinbox", NO_READER, "darwinbox", r"[a-z0-9-]+\.darwinbox\.(?:in|com)/"),
        ("Polymer", NO_READER, "polymer.co", r"jobs\.polymer\.co/"),
    )
)

_RESERVED = frozenset(
    (
        "api", "app", "apply", "assets", "blog", "boards", "careers", "cdn", "companies", "company", "developers",
        "docs", "embed", "en", "help", "images", "j", "job", "job_app", "job_board", "jobs", "js", "login",
        "media", "my", "oneclick-ui", "partners", "privacy", "search", "static", "status", "support", "terms",
        "try", "users", "v0", "v1", "v2", "v3", "widget", "widgets", "www", "wday", "public", "integrations",
    )
)  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.&+~' -]{0,80}")
_ESCAPED_SLASH = re.compile(r"\\u002[fF]|\\/")
_SUFFIX = re.compile(r"\.(?:com|co|io|net|hr|ai|de|eu|in|ca)")
"""The suffixes of every board's host; one vendor has a host in each of its countries."""
_ANY_SUFFIX = "factorialhr"
_LONGEST_HOST = 60
"""Characters before a suffix in which a vendor's name stands."""
_BREAK = re.compile(r"[\s\"'<>]")
_LONGEST_START = 300
_LONGEST = 2_000_000
_MOST_ADDRESSES = 4_000


def board_of(url: str) -> Board | None:
    """Return the readable board an address belongs to, or `None`."""
    return next(iter(find_boards([url]).boards), None)


def find_boards(addresses: Iterable[str], embeds: Iterable[str] = (), source: str = "") -> BoardsFound:
    """Find boards in a page's link addresses, its embeds (scripts, iframes) and its raw `source`.

    Boards come back with embedded ones first, then by how often they are named.
    """
    weights: Counter[Board] = Counter()
    unread: dict[str, UnreadBoard] = {}
    listed = [address for address, _ in zip(addresses, range(_MOST_ADDRESSES), strict=False)]
    embedded = [address for address, _ in zip(embeds, range(_MOST_ADDRESSES), strict=False)]
    raw = _ESCAPED_SLASH.sub("/", source[:_LONGEST])
    for text, weight in (("\n".join(embedded), 1000), ("\n".join(listed), 10), (raw, 1)):
        places = _Places(text)
        for provider, pattern in _PATTERNS:
            for start, end in dict.fromkeys(place for host in _HOSTS[provider] for place in places.of(host)):
                for match in pattern.finditer(text, start, end):
                    board = _board(provider, match)
                    if board is not None:
                        weights[board] += weight
        for vendor, why, host, pattern in _UNREAD:
            found = next(filter(None, (pattern.search(text, *place) for place in places.of(host))), None)
            if found:
                unread.setdefault(vendor, UnreadBoard(vendor, why, f"https://{found[0]}"))
    ranked = sorted(weights, key=lambda board: (-weights[board], board))
    return BoardsFound(_one_each(ranked), tuple(unread.values()))


class _Places:
    """Where in a page the addresses stand that name a vendor's host: a pattern over a whole page is dear."""

    def __init__(self, text: str) -> None:
        self._text, self._low = text, text.lower()
        hosts = [self._low[max(0, m.start() - _LONGEST_HOST) : m.end()] for m in _SUFFIX.finditer(self._low)]
        self._hosts = "\n".join([*hosts, _ANY_SUFFIX] if _ANY_SUFFIX in self._low else hosts)
        self._known: dict[str, list[tuple[int, int]]] = {}

    def of(self, host: str) -> list[tuple[int, int]]:
        """Return begin and end of each address that holds `host`, two characters after it included."""
        if host not in self._hosts:
            return []
        if host not in self._known:
            self._known[host] = self._find(host)
        return self._known[host]

    def _find(self, host: str) -> list[tuple[int, int]]:
        text, low = self._text, self._low
        if len(low) != len(
            text
        ):  # a letter whose small form is two letters: places in one are not those in the other
            return [(0, len(text))]
        found: list[tuple[int, int]] = []
        end, at = 0, low.find(host)
        while at >= 0:
            if at >= end:
                begin = at - len(_BREAK.split(text[max(0, at - _LONGEST_START) : at])[-1])
                after = _BREAK.search(text, at)
                end = after.start() if after else len(text)
                found.append((begin, end + 2))
            at = low.find(host, max(end, at + 1))
        return found


def hosted_on(page_url: str, markup: str) -> Board | None:
    """Return the board a career site on the employer's own host is, known by the vendor's marks in it."""
    host = (urlsplit(page_url).hostname or "").lower()
    if not host or not re.fullmatch(r"[a-z0-9.-]{4,253}", host):
        return None
    low = markup[:_LONGEST].lower()
    if "teamtailor-cdn.com" in low or re.search(r"generator[^\n]{0,40}teamtailor", low):
        return Board("teamtailor", host, host)
    if "recruiteecdn.com" in low:
        return Board("recruitee", host, host)
    return None


def _board(provider: str, match: re.Match[str]) -> Board | None:
    groups = match.groupdict()
    token = unquote(groups["token"]).strip().rstrip(".,;")
    host, site = (groups.get("host") or "").lower(), groups.get("site") or ""
    if not _TOKEN.fullmatch(token) or token.lower() in _RESERVED:
        return None
    if provider in ("recruitee", "personio", "teamtailor", "jazzhr", "workday"):
        token = token.lower()
    if provider == "workday" and (site.lower() == "wday" or re.fullmatch(r"[a-z]{2}-[A-Za-z]{2}", site)):
        return None
    if provider in ("greenhouse", "lever"):
        host = "eu" if host else ""
        token = token.lower() if provider == "greenhouse" else token
    return Board(provider, token, host, site)


def _one_each(boards: list[Board]) -> tuple[Board, ...]:
    """Keep one of the boards that differ only in letter case or region."""
    kept: dict[tuple[str, str, str], Board] = {}
    for board in boards:
        kept.setdefault((board.provider, board.token.lower(), board.site.lower()), board)
    return tuple(kept.values())
