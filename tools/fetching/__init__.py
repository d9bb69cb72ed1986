"""The one place that fetches what a prospect controls, live or from an archive."""
