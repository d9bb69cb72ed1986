"""Reports: the public JSON, the terminal's text, Markdown, HTML, and the check that they hold."""
