"""The exceptions this program owns, each with the exit code that it ends a run with.

    ArchiverError                     1
    ├── ConfigurationError            2   an option, `archiver.yaml` or a site definition is wrong: file, line, key
    ├── MachineError                  3   the disk is full, the folder read-only, permission missing
    ├── LockedError                   4   another run holds the archive
    ├── PostFormatError               1   a post file does not follow the format: line, expectation
    ├── PageError                     1   a page could not be read as what it should be; the run goes on
    │   ├── BlockedError              1   the site answered with a challenge or a refusal instead of the page
    │   └── NoArticleError            1   the page is something else than an article: a listing, a login, a shop page
    └── ImageError                    1   an address did not give a usable image; the article goes on without

The run itself ends with 5 when nothing could be reached and 130 when it was interrupted (`outcomes.py`);
70 is an exception that is none of these: a bug.
"""


class ArchiverError(Exception):
    """Something went wrong that the user can understand and often mend; the text says what and where."""

    exit_code = 1


class ConfigurationError(ArchiverError):
    """Names the file, the line and the key where there is one, and what was expected there."""

    exit_code = 2


class MachineError(ArchiverError):
    """The machine refused a write; names the file and the system's reason. The run stops by itself."""

    exit_code = 3


class LockedError(ArchiverError):
    """Names the archive and who holds it."""

    exit_code = 4


class PostFormatError(ArchiverError):
    """A text is not a post of the format; `line` counts from 1."""

    def __init__(self, line: int, expectation: str) -> None:
        super().__init__(f"line {line}: {expectation}")
        self.line = line
        self.expectation = expectation


class PageError(ArchiverError):
    """A page that holds no article; the text is the reason, without the URL."""


class BlockedError(PageError):
    """A challenge, soft block or refusal. Never archived, never solved: the crawl backs off."""


class NoArticleError(PageError):
    """A listing, a search form, a shop page; the text says what. No loss, unless just this page was asked for."""


class ImageError(ArchiverError):
    """Why an address gave no image: `http 404`, `cut short`, `not an image`, `too large`, `refused`, …"""
