import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.technographics import canonical_product, names_product, product_categories, products
from tools.technographics.catalogue import marks

NEEDED_CATEGORIES = [
    "crm",
    "marketing_automation",
    "sales_engagement",
    "email",
    "email_delivery",
    "data_warehouse",
    "database",
    "cloud",
    "cdn",
    "hosting",
    "ci_cd",
    "source_control",
    "observability",
    "support",
    "chat",
    "payments",
    "billing",
    "analytics",
    "product_analytics",
    "tag_manager",
    "advertising",
    "ab_testing",
    "cdp",
    "cms",
    "ecommerce",
    "security",
    "identity",
    "hr",
    "ats",
    "payroll",
    "erp",
    "finance",
    "bi",
    "data_integration",
    "ml_ai",
    "collaboration",
    "project_management",
    "video",
    "search",
    "maps",
    "consent",
    "web_framework",
    "javascript_library",
    "programming_language",
    "devops",
    "container",
    "messaging_queue",
    "communications",
    "esign",
    "scheduling",
    "forms",
    "survey",
    "reviews",
    "personalization",
    "fonts",
]


def test_catalogue_has_the_promised_breadth() -> None:
    assert len(products()) >= 350
    assert len({product.vendor for product in products()}) >= 250
    assert len({mark.product.vendor for mark in marks()}) >= 250
    assert set(NEEDED_CATEGORIES) <= set(product_categories())


def test_every_product_stands_once_and_has_a_category() -> None:
    names = [product.name for product in products()]
    assert len(names) == len(set(names))
    assert all(product.category and product.vendor for product in products())


def test_no_name_means_two_products() -> None:
    owners: dict[str, str] = {}
    for product in products():
        for name in (product.name, *product.aliases):
            assert owners.setdefault(name, product.name) == product.name


def test_every_product_with_marks_names_its_vendors_domain() -> None:
    without = {mark.product.name for mark in marks() if not mark.product.domains}
    assert without == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hubspot", "HubSpot"),
        ("G Suite", "Google Workspace"),
        ("amazon web services", "AWS"),
        ("nodejs", "Node.js"),
        ("Zoho", "Zoho CRM"),
        ("as400", "AS/400"),
        ("C++", "C++"),
        ("segment.io", "Segment"),
        ("Dynamics-365", "Microsoft Dynamics 365"),
    ],
)
def test_names_people_write_find_the_product(name: str, expected: str) -> None:
    product = canonical_product(name)
    assert product is not None
    assert product.name == expected


@pytest.mark.parametrize("name", ["", " ", "Frobnicator 3000", "C--", "x" * 100_000])
def test_unknown_name_is_no_product(name: str) -> None:
    assert canonical_product(name) is None


@pytest.mark.parametrize(
    ("quote", "product", "expected"),
    [
        ("js.hs-scripts.com/123.js", "HubSpot", True),
        ("we use HubSpot", "HubSpot", True),
        ("our G Suite accounts", "Google Workspace", True),
        ("acme.example MX 10 aspmx.l.google.com.", "Google Workspace", True),
        ("we use HubSpot", "Salesforce", False),
        ("our forcefield", "Salesforce", False),
        ("Javascript", "Java", False),
        ("an in-house tool named Frob", "Frob", True),
    ],
)
def test_quote_names_its_product_by_name_or_mark(quote: str, product: str, expected: bool) -> None:
    assert names_product(quote, product) is expected


@given(st.text(max_size=80), st.text(max_size=200))
def test_lookup_never_raises(name: str, quote: str) -> None:
    canonical_product(name)
    names_product(quote, name)
