"""Technographics: which products an account uses, seen in markup, headers, DNS and prose."""

from tools.technographics.catalogue import (
    Product,
    canonical_product,
    names_product,
    product_categories,
    products,
)
from tools.technographics.dns import match_dns
from tools.technographics.markup import match_markup
from tools.technographics.prose import match_prose
from tools.technographics.sightings import Sighting

__all__ = [
    "Product",
    "Sighting",
    "canonical_product",
    "match_dns",
    "match_markup",
    "match_prose",
    "names_product",
    "product_categories",
    "products",
]
