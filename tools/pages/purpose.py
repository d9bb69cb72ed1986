"""Guess what a page is for from its address and the words of the link to it, in a dozen languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from tools.documents import PagePurpose

# Words as they stand in paths and links: lower case, accents removed, hyphens for spaces.
# en, de, fr, es, it, pt, nl, pl, sv/da/no, fi, cs, tr.
_WORDS: Final[dict[PagePurpose, str]] = {
    "about": """
        about about-us aboutus about-company about-the-company company our-company the-company who-we-are our-story
        story mission our-mission team our-team leadership management board history values what-we-do corporate
        ueber-uns uber-uns uberuns ueberuns unternehmen das-unternehmen wir wer-wir-sind firma geschichte
        firmenprofil a-propos apropos qui-sommes-nous notre-histoire entreprise l-entreprise societe la-societe
        notre-equipe equipe groupe sobre sobre-nosotros quienes-somos nosotros empresa la-empresa nuestra-historia
        chi-siamo azienda l-azienda la-nostra-storia storia sobre-nos quem-somos a-empresa nossa-historia
        over-ons over organisatie ons-verhaal ons-team bedrijf wie-zijn-wij o-nas o-firmie kim-jestesmy nasza-historia
        om om-oss om-os om-foretaget foretaget virksomheden om-virksomheden selskapet vores-historie
        meista yritys tietoa-meista o-spolecnosti hakkimizda kurumsal
    """,
    "careers": """
        careers career jobs job join-us joinus work-with-us work-at workwithus we-are-hiring were-hiring hiring
        open-positions positions vacancies open-roles openings opportunities life-at employment recruitment
        career-opportunities job-openings current-openings join-our-team
        karriere stellenangebote offene-stellen stellen arbeiten-bei jobs-karriere karriere-jobs carrieres carriere
        recrutement nous-rejoindre rejoignez-nous emplois emploi offres-d-emploi nous-recrutons empleo empleos
        trabaja-con-nosotros unete carreras vacantes lavora-con-noi carriera carriere posizioni-aperte
        trabalhe-conosco carreiras vagas trabalhe-connosco junte-se-a-nos
        werken-bij vacatures werkenbij kom-bij-ons werken kariera praca oferty-pracy dolacz-do-nas
        karriar jobba-hos-oss lediga-jobb lediga-tjanster ledige-stillinger jobb ledige-jobs stillinger
        tyopaikat rekry avoimet-tyopaikat kariera volna-mista
    """,
    "pricing": """
        pricing prices price plans plans-pricing pricing-plans plans-and-pricing subscription packages buy editions fees
        preise preis kosten tarife tarif preisliste tarifs prix nos-tarifs offres abonnements precios precio planes
        tarifas prezzi prezzo listino piani precos planos planos-e-precos prijzen prijs tarieven cennik ceny cena
        priser pris prislista hinnat hinnasto cenik fiyatlar fiyatlandirma
    """,
    "customers": """
        customers customer customer-stories case-studies case-study casestudies success-stories our-customers clients
        our-clients testimonials references our-work work portfolio projects stories reviews use-cases who-we-serve
        kunden referenzen kundenstimmen erfolgsgeschichten fallstudien unsere-kunden anwendungsbeispiele projekte
        clients-references nos-clients references-clients etudes-de-cas temoignages realisations cas-clients
        clientes casos-de-exito casos nuestros-clientes testimonios clienti casi-di-successo casi-studio referenze
        storie-di-successo casos-de-sucesso cases depoimentos klanten referenties klantverhalen klantcases onze-klanten
        klienci realizacje referencje case-study historie-klientow kunder referenser kundcase kundeberetninger
        kundehistorier referencer referanser asiakkaat referenssit reference zakaznici musteriler referanslar
    """,
    "product": """
        product products platform features solutions services service our-services solution industries overview
        how-it-works technology capabilities software what-we-offer our-products offerings tour enterprise applications
        produkt produkte loesungen losungen leistungen dienstleistungen plattform funktionen branchen angebot software
        produits produit services solutions plateforme fonctionnalites prestations nos-services nos-solutions expertise
        expertises metiers secteurs productos producto servicios soluciones plataforma funcionalidades industrias sectores
        prodotti prodotto servizi soluzioni piattaforma funzionalita settori produtos produto servicos solucoes
        funcionalidades recursos producten diensten oplossingen functies platform branches
        produkty uslugi rozwiazania funkcje oferta platforma produkter tjanster losningar tjenester ydelser funktioner
        loesninger plattformen tuotteet palvelut ratkaisut sluzby reseni urunler hizmetler cozumler
    """,
    "press": """
        press newsroom news media press-releases press-room pressroom media-center media-centre in-the-news announcements
        press-center latest-news company-news news-and-events news-events investors investor-relations
        presse pressemitteilungen neuigkeiten aktuelles nachrichten medien presse-medien pressebereich
        actualites actualite communiques communiques-de-presse espace-presse prensa noticias sala-de-prensa comunicados
        stampa notizie comunicati comunicati-stampa rassegna-stampa area-stampa imprensa sala-de-imprensa
        pers nieuws persberichten prasa aktualnosci biuro-prasowe nyheter nyheder pressmeddelanden pressemeddelelser
        pressrum uutiset tiedotteet ajankohtaista aktuality basin haberler
    """,
    "security": """
        security trust trust-center trust-centre compliance data-security data-protection gdpr soc-2 certifications
        security-and-compliance security-compliance information-security
        sicherheit datensicherheit zertifizierungen zertifikate securite conformite certifications seguridad cumplimiento
        certificaciones sicurezza certificazioni seguranca conformidade certificacoes beveiliging veiligheid certificeringen
        bezpieczenstwo certyfikaty sakerhet sikkerhed sikkerhet certifieringar tietoturva bezpecnost guvenlik
        qualitaet qualitat qualite calidad qualita qualidade kwaliteit quality
    """,
    "contact": """
        contact contact-us contacts contactus get-in-touch locations offices our-offices find-us where-we-are
        kontakt kontaktieren-sie-uns standorte ansprechpartner nous-contacter contactez-nous implantations agences contacto
        contactanos contactenos oficinas ubicaciones contatti contattaci sedi dove-siamo contato contacto fale-conosco
        contacte-nos onde-estamos contacteer-ons vestigingen skontaktuj-sie-z-nami lokalizacje kontakta-oss kontakt-os
        kontakta kontakt-oss ota-yhteytta yhteystiedot kontakty iletisim
    """,
    "partners": """
        partners partner partnerships partner-program become-a-partner resellers integrations affiliates affiliate-program
        technology-partners partner-network marketplace app-marketplace
        partnerprogramm partner-werden integrationen partenaires partenariat devenir-partenaire integrations socios
        partners-programa integraciones aliados programa-de-socios partner-program diventa-partner integrazioni
        parceiros parcerias integracoes partnerprogramma integraties partnerzy integracje partnerzy-program samarbetspartners
        partnere integrationer kumppanit partneri is-ortaklari
    """,
    "faq": """
        faq faqs f-a-q frequently-asked-questions frequent-questions common-questions questions-and-answers
        questions-answers q-a q-and-a company-faq
        haeufige-fragen haufige-fragen haeufig-gestellte-fragen haufig-gestellte-fragen fragen-und-antworten
        fragen-antworten foire-aux-questions questions-frequentes vos-questions questions-reponses la-faq
        preguntas-frecuentes preguntas-y-respuestas domande-frequenti perguntas-frequentes veelgestelde-vragen
        veel-gestelde-vragen vraag-en-antwoord vragen-en-antwoorden najczestsze-pytania
        najczesciej-zadawane-pytania czesto-zadawane-pytania pytania-i-odpowiedzi vanliga-fragor fragor-och-svar
        ofte-stillede-spoergsmaal ofte-stillede-sporgsmal ofte-stilte-sporsmal usein-kysyttya ukk caste-dotazy
        casto-kladene-dotazy sikca-sorulan-sorular sss
    """,
    "legal": """
        imprint impressum legal-notice mentions-legales aviso-legal note-legali colofon site-notice company-information
        legal-information informations-legales informacion-legal informazioni-legali tietosuojaseloste
        terms terms-of-service terms-of-use terms-and-conditions privacy privacy-policy legal datenschutz agb
        politique-de-confidentialite politica-de-privacidad politica-de-privacidade privacybeleid polityka-prywatnosci
    """,
    "blog": """
        blog insights articles resources knowledge ideas magazine journal perspectives stories-blog learn library
        ratgeber magazin wissen ressources articulos recursos risorse approfondimenti artigos kennis kennisbank
        wiedza baza-wiedzy artykuly kunskap blogg viden blogi
    """,
}
_ANCHORS_ONLY: Final[dict[PagePurpose, str]] = {
    "about": "关于我们|關於我們|会社概要|会社情報|회사소개|о-компании|о-нас|من-نحن|关于|企業情報",
    "careers": "招聘|加入我们|採用情報|採用|채용|вакансии|карьера|الوظائف",
    "pricing": "价格|料金|요금|цены|тарифы|الأسعار",
    "customers": "客户|導入事例|事例|고객|клиенты|кейсы|عملاؤنا",
    "product": "产品|解决方案|製品|サービス|제품|продукты|услуги|решения|المنتجات|خدماتنا",
    "press": "新闻|ニュース|プレスリリース|뉴스|новости|пресс-центр|الأخبار",
    "contact": "联系我们|お問い合わせ|문의|контакты|اتصل-بنا",
    "faq": "常见问题|常見問題|よくある質問|よくあるご質問|자주-묻는-질문|частые-вопросы|вопросы-и-ответы|الأسئلة-الشائعة",
}
_STRONG: Final[dict[PagePurpose, frozenset[str]]] = {
    "about": frozenset(["about", "about-us", "company", "our-story", "who-we-are", "unternehmen", "ueber-uns", "uber-uns", "a-propos", "chi-siamo"]),
    "careers": frozenset(["careers", "career", "jobs", "karriere", "open-positions", "recrutement", "vacatures", "kariera", "carriere", "empleo"]),
    "legal": frozenset(["imprint", "impressum", "legal-notice", "mentions-legales", "aviso-legal", "note-legali", "colofon"]),
    "press": frozenset(["press", "newsroom", "news", "presse", "press-releases", "prensa", "stampa", "pers", "prasa", "nyheter"]),
    "customers": frozenset(["customers", "case-studies", "customer-stories", "success-stories", "referenzen", "kunden", "clients"]),
    "product": frozenset(["product", "products", "platform", "solutions", "services", "features", "produkte", "loesungen", "leistungen"]),
}  # fmt: skip
_LOOKUP: Final[dict[str, PagePurpose]] = {}
for _purpose, _text in _WORDS.items():
    for _word in _text.split():
        _LOOKUP.setdefault(_word, _purpose)
for _purpose, _text in _ANCHORS_ONLY.items():
    for _word in _text.split("|"):
        _LOOKUP.setdefault(_word, _purpose)

_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?\Z", re.I)
_LANGUAGES: Final = frozenset(
    [
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "sv",
        "da",
        "no",
        "nb",
        "fi",
        "cs",
        "sk",
        "hu",
        "ro",
        "bg",
        "el",
        "tr",
        "ru",
        "uk",
        "ja",
        "ko",
        "zh",
        "ar",
        "he",
        "th",
        "vi",
        "id",
        "hr",
        "sl",
        "lt",
        "lv",
        "et",
        "ca",
        "us",
        "gb",
        "uk",
        "br",
        "mx",
        "jp",
        "cn",
        "kr",
        "in",
        "au",
        "nz",
        "ie",
        "at",
        "ch",
        "be",
        "dk",
        "se",
        "cz",
        "int",
        "global",
        "world",
        "emea",
        "apac",
        "latam",
    ]
)
_NOT_A_PAGE: Final = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|avif|ico|css|js|json|xml|rss|zip|gz|tar|exe|dmg|msi|apk|mp[34]|avi|mov|webm|docx?|xlsx?|"
    r"pptx?|csv|txt|woff2?|ttf|ics|vcf|epub)\Z",
    re.I,
)
_NOISE: Final = re.compile(
    r"/(?:login|log-in|signin|sign-in|signup|sign-up|register|logout|cart|checkout|basket|account|wp-login|wp-admin|wp-json|"
    r"search|suche|tag|tags|category|categories|author|page/\d+|feed|rss|cdn-cgi|download|downloads|unsubscribe|forgot|password|"
    r"docs|documentation|api|help|support|webinars?|ebooks?|templates?|changelog|status|forum|community|glossary|compare|vs|"
    r"cookies?|cookie-policy|sitemap|accessibility)(?:[/.?]|\Z)",
    re.I,
)


class PurposeGuess(NamedTuple):
    """A page's likely purpose and how sure the guess is; above 0, higher is surer."""

    purpose: PagePurpose
    score: float


def guess_purpose(url: str, anchor: str = "") -> PurposeGuess | None:
    """Return what the page at `url` is for, from its path and the link's words, or `None` when nothing tells."""
    segments, penalty = _segments_of(url)
    if penalty is None:
        return None
    best: PurposeGuess | None = None
    depth = len(segments)
    for position, segment in enumerate(segments):
        purpose = _LOOKUP.get(segment)
        if purpose is None:
            continue
        last = position == depth - 1
        if purpose == "faq" and not last:
            continue  # one question of many: the list of them is the page to read
        score = (6.0 if last else 2.0) - 0.7 * position - 0.4 * (depth - 1 - position)
        if last and segment in _STRONG.get(purpose, ()):
            score += 0.6
        if best is None or score > best.score:
            best = PurposeGuess(purpose, score)
    words = _slug(anchor)
    by_anchor = _LOOKUP.get(words)
    if by_anchor is not None:
        score = 4.5 - 0.5 * depth
        if best is None:
            best = PurposeGuess(by_anchor, score)
        elif best.purpose == by_anchor:
            best = PurposeGuess(by_anchor, best.score + 1.5)
        elif score > best.score:
            best = PurposeGuess(by_anchor, score)
    elif best is None and segments:
        best = _from_parts(segments[-1], depth)
    if best is None:
        return None
    return PurposeGuess(best.purpose, best.score - penalty) if best.score - penalty > 0 else None


def language_of_path(url: str) -> str | None:
    """Return the language or market segment a URL's path starts with (`de`, `en-gb`), if any."""
    try:
        first = urlsplit(url).path.lstrip("/").split("/", 1)[0].lower()
    except ValueError:
        return None
    if _LANGUAGE.match(first) and re.split(r"[-_]", first)[0] in _LANGUAGES:
        return first.replace("_", "-")
    return None


def is_pdf(url: str) -> bool:
    """Return whether the URL says that it is a PDF."""
    try:
        return urlsplit(url).path.lower().endswith(".pdf")
    except ValueError:
        return False


@lru_cache(maxsize=8192)
def _segments_of(url: str) -> tuple[tuple[str, ...], float | None]:
    """Return the path's words, language left out, and a penalty; `None` if this is no page to read."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return (), None
    path = parts.path
    if len(path) > 300 or _NOT_A_PAGE.search(path):
        return (), None
    penalty = 0.0
    if _NOISE.search(path):
        penalty += 3.5
    if parts.query:
        penalty += 1.5
    segments = [
        _slug(re.sub(r"\.(?:html?|php|aspx?|jsp)\Z", "", unquote(part), flags=re.I))
        for part in path.split("/")
        if part
    ]
    if segments and language_of_path(url):
        segments = segments[1:]
    if segments and segments[-1] in ("index", "home", "default"):
        segments = segments[:-1]
    label = host.split(".")[0]
    if host.count(".") >= 2 and label in _LOOKUP:
        segments.insert(0, label)
        penalty -= 0.7 * (len(segments) > 1)
    return tuple(segments[:8]), penalty


def _from_parts(segment: str, depth: int) -> PurposeGuess | None:
    """Read a compound last segment such as `about-acme`, `acme-careers`, `life-at-acme`."""
    parts = segment.split("-")
    if not 2 <= len(parts) <= 4 or depth > 2:
        return None
    for chunk in ("-".join(parts[:2]), "-".join(parts[-2:]), parts[0], parts[-1]):
        purpose = _LOOKUP.get(chunk)
        if purpose is not None and (len(chunk) > 3 or purpose == "faq"):
            return PurposeGuess(purpose, 2.0 - 0.5 * depth)
    return None


@lru_cache(maxsize=8192)
def _slug(text: str) -> str:
    """Return words in lower case, without accents, joined by hyphens."""
    text = text[:80].lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("æ", "ae")
    text = text.replace("’", " ").replace("'", " ")
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "-".join(re.findall(r"\w+", folded.replace("_", "-")))
