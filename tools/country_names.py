"""Countries' names in forty languages, as a table that is read in a millisecond.

    python -m tools.country_names        write the table anew, after an upgrade of Babel

Loading forty of Babel's locales costs half a second of every process, and what is taken from them never
changes while we run: `data/countries.txt` holds it, one country a line, and a test compares the two.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

_LANGUAGES: Final = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "bg", "el", "tr", "ru", "uk", "hr", "sl", "et", "lv", "lt", "is", "ga", "ca", "eu", "id", "vi", "ms", "th", "ja", "ko", "zh", "zh_Hant", "ar", "he", "fa", "hi",
)  # fmt: skip
_NOT_COUNTRIES: Final = frozenset(
    ["EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"]
)
_TABLE: Final = "countries.txt"


class Country(NamedTuple):
    """One country: ISO 3166 codes, its English name, and its names in all languages, folded.

    `alpha3` holds former codes too. A name that is another country's in some language is nobody's.
    """

    code: str
    alpha3: tuple[str, ...]
    name: str
    folded: tuple[str, ...]


def fold_name(text: str) -> str:
    """Return a name in the form names are compared in: no case, accents, dots or leading article."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace(".", "")
    plain = " ".join(plain.replace("&", " and ").replace("-", " ").split())
    return plain.removeprefix("the ")


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Return every country by its ISO 3166 alpha-2 code."""
    table = (files("tools") / "data" / _TABLE).read_text(encoding="utf-8")
    found: dict[str, Country] = {}
    for line in table.splitlines():
        code, alpha3, name, *folded = line.split("|")
        found[code] = Country(code, tuple(alpha3.split()), name, tuple(folded))
    return found


def compile_countries() -> dict[str, Country]:
    """Return the same from Babel's locales. English wins; other languages must agree."""
    from babel import Locale
    from babel.core import get_global

    english = {
        str(code): name
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    names: dict[str, str] = {}
    disputed: set[str] = set()
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            folded = fold_name(name)
            if code not in english or len(folded) < 2:
                continue
            if names.setdefault(folded, code) != code and language != "en":
                disputed.add(folded)
    kept = {name: code for name, code in names.items() if name not in disputed}
    kept |= {fold_name(name): code for code, name in english.items()}
    alpha3: dict[str, list[str]] = {}
    for old, new in sorted(get_global("territory_aliases").items()):
        if len(old) == 3 and old.isalpha() and len(new) == 1:
            alpha3.setdefault(new[0], []).append(old)
    folded_names: dict[str, list[str]] = {}
    for folded, code in kept.items():
        folded_names.setdefault(code, []).append(folded)
    return {
        code: Country(code, tuple(alpha3.get(code, ())), name, tuple(sorted(folded_names.get(code, ()))))
        for code, name in sorted(english.items())
    }


def main() -> None:
    """Write the table beside this module."""
    lines = (
        "|".join((each.code, " ".join(each.alpha3), each.name, *each.folded))
        for each in compile_countries().values()
    )
    path = Path(__file__).parent / "data" / _TABLE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
