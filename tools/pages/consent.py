"""Leave out the lines of a consent banner that nothing in the markup marks as one.

Most banners are told by their container's name. The rest are a sentence about cookies and its buttons, in the
words that every site uses. A page about cookies keeps its text.
"""

from __future__ import annotations

import re
from typing import Final

_MOST_LINES: Final = 12
"""A page with more lines about cookies is about them."""
_LONGEST: Final = 700
_SAYS: Final = re.compile(
    r"(?:this|our|the)\s+(?:web)?site\s+(?:uses?|stores?)\s+(?:[\w-]+\s+){0,2}cookies|we(?:\s+and\s+our\s+\w+)?\s+use\s+(?:[\w-]+\s+){0,3}cookies"
    r"|by\s+(?:continuing|using|clicking|browsing)\b[^.]{0,90}\bcookies|(?:diese|unsere)\s+(?:web)?(?:seite|site)\s+(?:verwendet|nutzt|benutzt)\s+cookies"
    r"|wir\s+(?:verwenden|nutzen|setzen|benutzen)\s+(?:[\w-]+\s+){0,3}cookies|(?:ce|notre)\s+site\s+(?:web\s+|internet\s+)?utilise\s+des\s+cookies|nous\s+utilisons\s+(?:des|les)\s+cookies"
    r"|(?:este|nuestro|nuestra|esta)\s+(?:sitio|web|página)\s+(?:web\s+)?(?:utiliza|usa)\s+cookies|(?:utilizamos|usamos)\s+cookies"
    r"|(?:deze|onze)\s+(?:web)?site\s+(?:gebruikt|maakt\s+gebruik\s+van)\s+(?:\w+\s+)?cookies|(?:wij|we)\s+gebruiken\s+(?:\w+\s+){0,2}cookies"
    r"|questo\s+sito\s+(?:web\s+)?(?:utilizza|usa)\s+(?:i\s+)?cookie|utilizziamo\s+(?:i\s+)?cookie",
    re.I,
)
_BUTTON: Final = re.compile(
    r"(?:accept|allow|reject|decline|deny|refuse)(?:\s+all)?(?:\s+cookies)?|(?:got\s+it|i\s+agree|accept\s+(?:&|and)\s+close)|(?:manage|customi[sz]e)\s+(?:cookies|consent|cookie\s+(?:settings|preferences))"
    r"|cookies?\s+(?:settings|preferences|options|consent)|do\s+not\s+sell(?:\s+or\s+share)?\s+my\s+(?:personal\s+)?(?:information|info|data)|your\s+privacy\s+choices"
    r"|(?:strictly\s+necessary|functional|performance|targeting|analytics|marketing)\s+cookies"
    r"|alle(?:\s+cookies)?\s+(?:akzeptieren|ablehnen|zulassen)|nur\s+notwendige(?:\s+cookies)?|cookie[- ]einstellungen|(?:tout|tous)\s+(?:accepter|refuser)|gestion\s+des\s+cookies|param[èé]trer\s+les\s+cookies"
    r"|(?:aceptar|rechazar)(?:\s+tod[ao]s?)?(?:\s+las)?(?:\s+cookies)?|configurar\s+(?:las\s+)?cookies|alles?(?:\s+cookies)?\s+(?:accepteren|weigeren)|cookie-?instellingen|(?:accetta|rifiuta)\s+tutt[io]|preferenze\s+(?:sui\s+)?cookie",
    re.I,
)


def without_consent(lines: str) -> str:
    """Return the lines of a text without those of a consent banner; most texts have none, quickly known."""
    if "ookie" not in lines and "OOKIE" not in lines and "rivacy" not in lines and " Sell " not in lines:
        return lines
    whole = lines.split("\n")
    if sum("cookie" in line.lower() for line in whole) > _MOST_LINES:
        return lines
    return "\n".join(line for line in whole if not _is_banner(line))


def _is_banner(line: str) -> bool:
    bare = line.strip(" ✓✔×✕|>•·.!")
    return len(bare) <= _LONGEST and bool(_SAYS.match(bare) or _BUTTON.fullmatch(bare))
