from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.documents import Account, FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.technographics import Sighting, match_dns
from tools.technographics.catalogue import marks
from tools.technographics.dns import SUBDOMAINS, dns_documents

NOBODY = frozenset({"acme.example"})
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ACCOUNT = Account(
    domain="acme.example", final_domain="acme.example", status="live", home_url="https://acme.example/"
)

RECORDS = """acme.example MX 10 aspmx.l.google.com.
acme.example TXT "v=spf1 include:_spf.google.com include:_spf.salesforce.com include:mktomail.com ~all"
acme.example TXT "atlassian-domain-verification=abc123"
acme.example TXT "google-site-verification=zzz"
acme.example TXT "docusign=0f-11"
acme.example NS ns-12.awsdns-01.com.
_dmarc.acme.example TXT "v=DMARC1; p=reject; rua=mailto:d@rua.dmarcian.com,mailto:it@acme.example"
help.acme.example CNAME acme.zendesk.com.
status.acme.example CNAME abc.stspg-customer.com.
careers.acme.example CNAME acme.teamtailor.com.
go.acme.example CNAME ab12.mktoweb.com.
acme.example A 23.227.38.65"""


class FakeDns:
    """A resolver that knows some answers, fails on some names, and has none for the rest."""

    def __init__(
        self, answers: dict[tuple[str, str], tuple[str, ...]], failing: frozenset[str] = frozenset()
    ) -> None:
        self.answers, self.failing = answers, failing
        self.asked: list[tuple[str, str]] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        raise AssertionError(f"DNS documents fetch no page, but asked for {request.url}")

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        self.asked.append((name, record_type))
        if record_type in self.failing or name in self.failing:
            return FetchFailure(
                url=f"dns:{name}?type={record_type}", reason="timeout", detail="no answer in 3 s"
            )
        return DnsAnswer(
            name=name,
            record_type=record_type,
            answers=self.answers.get((name, record_type), ()),
            fetched_at=NOW,
        )

    def now(self) -> datetime:
        return NOW


def seen(text: str, own: frozenset[str] = NOBODY) -> dict[str, Sighting]:
    return {sighting.product: sighting for sighting in match_dns(text, own)}


def test_realistic_records_give_products_and_short_quotes() -> None:
    quotes = {name: RECORDS[s.start : s.end] for name, s in seen(RECORDS).items()}
    assert quotes == {
        "Google Workspace": "acme.example MX 10 aspmx.l.google.com.",
        "Salesforce": "include:_spf.salesforce.com",
        "Marketo Engage": "include:mktomail.com",
        "Atlassian": "atlassian-domain-verification=abc123",
        "Google Search Console": "google-site-verification=zzz",
        "DocuSign": "docusign=0f-11",
        "Amazon Route 53": "acme.example NS ns-12.awsdns-01.com.",
        "dmarcian": "mailto:d@rua.dmarcian.com",
        "Zendesk": "help.acme.example CNAME acme.zendesk.com.",
        "Statuspage": "status.acme.example CNAME abc.stspg-customer.com.",
        "Teamtailor": "careers.acme.example CNAME acme.teamtailor.com.",
        "Shopify": "acme.example A 23.227.38.65",
    }


def test_verification_tokens_of_search_and_advertising_stay_weak() -> None:
    found = seen('a.example TXT "facebook-domain-verification=x"\na.example TXT "google-site-verification=y"')
    assert {s.strength for s in found.values()} == {"weak"}
    assert seen('a.example TXT "MS=ms123"')["Microsoft 365"].strength == "weak"
    confirmed = 'a.example TXT "MS=ms123"\na.example TXT "v=spf1 include:spf.protection.outlook.com -all"'
    assert seen(confirmed)["Microsoft 365"].strength == "strong"


@pytest.mark.parametrize(
    ("line", "product"),
    [
        ("a.example MX 0 a-example.mail.protection.outlook.com.", "Microsoft 365"),
        ("a.example MX 10 mxa-001.gslb.pphosted.com.", "Proofpoint"),
        ("a.example MX 10 eu-smtp-inbound-1.mimecast.com.", "Mimecast"),
        ("a.example MX 10 mx.zoho.eu.", "Zoho Mail"),
        ('a.example TXT "stripe-verification=1"', "Stripe"),
        ('a.example TXT "v=spf1 include:amazonses.com -all"', "Amazon SES"),
        ('a.example TXT "v=spf1 include:sendgrid.net -all"', "SendGrid"),
        ("a.example NS NS1-03.AZURE-DNS.com.", "Azure DNS"),
        ("a.example NS ada.ns.cloudflare.com.", "Cloudflare DNS"),
        ("go.a.example CNAME go.pardot.com.", "Pardot"),
        ("info.a.example CNAME 1234.group34.sites.hubspot.net.", "HubSpot"),
        ("www.a.example CNAME cname.vercel-dns.com.", "Vercel"),
        ("k1._domainkey.a.example CNAME dkim.mcsv.net.", "Mailchimp"),
    ],
)
def test_record_names_its_product(line: str, product: str) -> None:
    assert product in seen(line)
    assert seen(line)[product].where == "dns"


def test_rules_cover_dns_widely() -> None:
    kinds = {"mx", "ns", "cname", "a", "spf", "txt", "dmarc"}
    assert len([mark for mark in marks() if mark.kind in kinds]) >= 60


def test_lookalike_host_is_not_the_product() -> None:
    assert seen("help.a.example CNAME acme.notzendesk.com.") == {}
    assert seen("help.a.example CNAME zendesk.com.evil.example.") == {}


def test_vendors_own_records_are_no_evidence() -> None:
    assert "Zendesk" not in seen("help.zendesk.com CNAME x.zendesk.com.", frozenset({"zendesk.com"}))


@pytest.mark.parametrize(
    "text", ["", "\n", "a.example MX", "a.example TXT ", "MX 10 aspmx.l.google.com.", "\x00"]
)
def test_empty_and_malformed_records_give_nothing(text: str) -> None:
    assert match_dns(text, NOBODY) == ()


_LINE = st.one_of(st.text(max_size=60), st.sampled_from(RECORDS.split("\n")))


@given(st.lists(_LINE, max_size=10).map("\n".join))
def test_any_text_gives_slices_of_itself(text: str) -> None:
    for sighting in match_dns(text, NOBODY):
        quote = text[sighting.start : sighting.end]
        assert quote
        assert "\n" not in quote


async def test_document_lists_the_answers_verbatim() -> None:
    fetcher = FakeDns(
        {
            ("acme.example", "MX"): ("10 aspmx.l.google.com.",),
            ("acme.example", "TXT"): ('"v=spf1 -all"', '"forged\nacme.example MX 1 mx.zoho.com."'),
            ("status.acme.example", "CNAME"): ("abc.stspg-customer.com.",),
        }
    )
    result = await dns_documents(ACCOUNT, fetcher)
    (document,) = result.documents
    assert document.text.split("\n") == [
        "acme.example MX 10 aspmx.l.google.com.",
        'acme.example TXT "v=spf1 -all"',
        'acme.example TXT "forged acme.example MX 1 mx.zoho.com."',
        "status.acme.example CNAME abc.stspg-customer.com.",
    ]
    assert (document.kind, document.provider, document.tier) == ("dns", "dns", "first-party-structured")
    assert document.fetched_at == NOW
    assert result.answered == ("MX", "TXT", "CNAME")
    assert result.failures == ()
    assert {s.product for s in match_dns(document.text, NOBODY)} == {"Google Workspace", "Statuspage"}


async def test_domain_without_records_gives_no_document_but_was_asked() -> None:
    result = await dns_documents(ACCOUNT, FakeDns({}))
    assert result.documents == ()
    assert result.failures == ()
    assert result.asked


async def test_failed_questions_are_data_and_subdomains_fail_as_one() -> None:
    failing = frozenset({"MX", "CNAME"})
    fetcher = FakeDns({("acme.example", "NS"): ("ns1.dnsimple.com.",)}, failing)
    result = await dns_documents(ACCOUNT, fetcher)
    assert [failure.url for failure in result.failures] == [
        "dns:acme.example?type=MX",
        "dns:acme.example?type=CNAME",
    ]
    assert f"{len(SUBDOMAINS)} of {len(SUBDOMAINS)}" in result.failures[1].detail
    assert result.answered == ("NS",)


async def test_unreachable_dns_is_not_an_empty_answer() -> None:
    failing = frozenset({"MX", "TXT", "NS", "A", "CNAME"})
    result = await dns_documents(ACCOUNT, FakeDns({}, failing))
    assert result.documents == ()
    assert not result.asked
    assert len(result.failures) == 6
