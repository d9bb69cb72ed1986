"""What the environment configures, read once at the edge and passed on as a value.

| variable | meaning |
|---|---|
| DOSSIER_HOME | the data folder (default: the per-user data folder of the platform) |
| DOSSIER_DATABASE_URL | `postgresql://USER@HOST/DATABASE`: the store lies there, for many machines |
| OPENAI_API_KEY, OPENAI_BASE_URL | the model endpoint; any OpenAI-compatible server |
| DOSSIER_MODEL | the model's name at that endpoint |
| DOSSIER_LOCAL_MODEL | a GGUF file, or the name of a known small model, for `--extractor local` |
| DOSSIER_CONTACT | an address for the User-Agent; the SEC requires one |
| DOSSIER_CACHE_DAYS | how old a cached page may be (default 7; 0 never reuses) |
| DOSSIER_TAVILY_KEY, DOSSIER_BRAVE_KEY, DOSSIER_PDL_KEY | keyed news search and firmographic providers |
| DOSSIER_PDL_PRICE | what one answer of People Data Labs costs you, in US dollars (default: not known) |
| DOSSIER_PDL_REQUESTS | the most questions one run, a list included, puts to it (default 100; 0 never asks) |
| DOSSIER_SOURCES | opt-in sources by name, comma-separated (`google-news`) |
| DOSSIER_TEST_HOSTS | tests only: `host=127.0.0.1:port,...`, loopback addresses only; `https://host=...` for an endpoint |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from agent.errors import InputError
from tools.documents import Frozen

DEFAULT_MODEL = "gpt-4.1-mini"
MOST = 99_999
"""The largest whole number a setting takes."""


class Settings(Frozen):
    """The configuration of one run. Empty strings in the environment count as not set; `0` is a value."""

    home: Path
    database_url: str | None = Field(default=None, repr=False)
    openai_api_key: str | None = None
    openai_base_url: str | None = None
    model: str | None = None
    local_model: str | None = None
    contact: str | None = None
    cache_days: int = 7
    tavily_key: str | None = None
    brave_key: str | None = None
    people_data_labs_key: str | None = None
    people_data_labs_price: float | None = None
    people_data_labs_requests: int = 100
    opt_in_sources: tuple[str, ...] = ()
    test_hosts: str | None = None

    @property
    def has_model(self) -> bool:
        """Tell whether a model endpoint is configured: a key, or a base URL of a keyless server."""
        return bool(self.openai_api_key or self.openai_base_url)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; a value that makes no sense is an `InputError` naming the variable."""

        def text(name: str) -> str | None:
            value = environ.get(name, "").strip()
            return value or None

        home = text("DOSSIER_HOME")
        return cls(
            home=_folder("DOSSIER_HOME", home) if home else default_home(),
            database_url=text("DOSSIER_DATABASE_URL"),
            openai_api_key=text("OPENAI_API_KEY"),
            openai_base_url=text("OPENAI_BASE_URL"),
            model=text("DOSSIER_MODEL"),
            local_model=text("DOSSIER_LOCAL_MODEL"),
            contact=text("DOSSIER_CONTACT"),
            cache_days=_whole_number(
                "DOSSIER_CACHE_DAYS", text("DOSSIER_CACHE_DAYS"), default=7, unit="days", example=7
            ),
            tavily_key=text("DOSSIER_TAVILY_KEY"),
            brave_key=text("DOSSIER_BRAVE_KEY"),
            people_data_labs_key=text("DOSSIER_PDL_KEY"),
            people_data_labs_price=_dollars("DOSSIER_PDL_PRICE", text("DOSSIER_PDL_PRICE")),
            people_data_labs_requests=_whole_number(
                "DOSSIER_PDL_REQUESTS",
                text("DOSSIER_PDL_REQUESTS"),
                default=100,
                unit="questions",
                example=100,
            ),
            opt_in_sources=tuple(
                sorted(
                    {part.strip() for part in environ.get("DOSSIER_SOURCES", "").split(",") if part.strip()}
                )
            ),
            test_hosts=text("DOSSIER_TEST_HOSTS"),
        )


def default_home() -> Path:
    """Return the per-user data folder of this platform."""
    import platformdirs

    return Path(platformdirs.user_data_dir("dossier", appauthor=False))


def _folder(name: str, value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise InputError(f"{name}={value!r} names a user whose home folder is not known") from error


def _whole_number(name: str, value: str | None, *, default: int, unit: str, example: int) -> int:
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > len(str(MOST)):
        raise InputError(
            f"{name}={value[:40]!r} is not a whole number from 0 to {MOST}; give {unit}, for example {example}"
        )
    return int(value)


def _dollars(name: str, value: str | None) -> float | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", value):
        raise InputError(f"{name}={value[:40]!r} is not an amount in US dollars; write it like 0.28")
    return float(value)
