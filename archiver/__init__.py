"""Archives the articles of news sites and blogs as front-matter Markdown files, header images included."""

__version__ = "0.1.0"
