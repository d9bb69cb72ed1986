"""Canonical forms: countries, money, numbers, industries, dates. Pure."""
