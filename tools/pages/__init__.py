"""Reading one page: visible text, links, structured data, marks and dates."""
