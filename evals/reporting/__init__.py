"""Show results: terminal, JUnit XML, a GitHub step summary, one HTML file."""
