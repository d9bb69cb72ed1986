"""What people and their CRMs call the columns of an account list.

Names are compared by letters and digits alone, so `# Employees`, `Number of Employees` and
`number_of_employees` need one entry each at most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BETWEEN_PRODUCTS = re.compile(r"\s*[,;|]\s*")
"""What separates the products in one cell of technologies; no product's name holds it."""
_PLAIN = re.compile(r"[^a-z0-9]+")

ROLES: Mapping[str, tuple[str, ...]] = {
    "domain": (
        "domain", "companydomain", "companydomainname", "domainname", "primarydomain", "website",
        "companywebsite", "websiteurl", "companyurl", "url", "web", "webseite", "homepage", "accountwebsite",
        "companydomainurl", "organizationdomain", "organizationwebsite", "site", "siteweb", "sitioweb",
    ),
    "email": ("email", "emailaddress", "workemail", "contactemail", "businessemail", "mail"),
    "name": (
        "companyname", "accountname", "company", "account", "name", "organization", "organisation",
        "organizationname", "companynameforemails", "firma",
    ),
    "employee_count": (
        "numberofemployees", "employees", "employeecount", "noofemployees", "headcount", "companysize", "size",
        "employeerange", "numemployees", "employeesize", "companyheadcount", "mitarbeiter",
    ),
    "industry": ("industry", "primaryindustry", "companyindustry", "sector", "branche", "industryname"),
    "country": (
        "country", "companycountry", "countryregion", "billingcountry", "billingcountryregion", "hqcountry",
        "billingaddresscountry", "headquarterscountry", "land", "countrycode", "billingcountrycode",
    ),
    "region": (
        "companystate", "stateregion", "state", "billingstate", "billingstateprovince", "hqstate", "billingstatecode",
    ),
    "city": ("companycity", "city", "billingcity", "hqcity", "headquarterscity"),
    "revenue": (
        "annualrevenue", "revenue", "companyrevenue", "estimatedrevenue", "revenuerange",
        "annualrevenuerange", "estimatedannualrevenue", "companyrevenuerange", "estimatedrevenuerange",
        "annualrevenueusd",
    ),
    "technology": ("technologies", "technology", "techstack", "webtechnologies", "technologystack", "techused"),
    "founded_year": ("foundedyear", "yearfounded", "founded", "foundingyear"),
    "total_funding": ("totalfunding", "totalmoneyraised", "fundingtotal"),
    "currency": (
        "currency", "currencycode", "currencyisocode", "accountcurrency", "companycurrency",
        "annualrevenuecurrency",
    ),
}  # fmt: skip
"""Role to the names it goes by, best first. `email` is used where a row has no domain."""


def plain_name(name: str) -> str:
    """Return a column's name as names are compared: its letters and digits in lower case."""
    return _PLAIN.sub("", name.casefold())
