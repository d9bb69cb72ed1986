"""The data folder: documents, pages, completions and reports in one SQLite file."""
