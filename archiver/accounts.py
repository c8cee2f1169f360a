"""What becomes of the pages of a crawl that give no article: counted, told, and kept in mind for the next run."""

import logging
from collections.abc import Callable

from archiver.errors import BlockedError, MachineError, NoArticleError, PageError
from archiver.failures import reason_of
from archiver.frontier import Job, Trail
from archiver.ledger import Ledger
from archiver.outcomes import Outcome, Stats, record

logger = logging.getLogger(__name__)
GONE = (404, 410)


class Accounts:
    """Of one crawl."""

    def __init__(
        self, stats: Stats, ledger: Ledger, *, is_named: bool, give_up: Callable[[MachineError], None]
    ) -> None:
        """`is_named`: just these articles were asked for; `give_up` ends a crawl where the machine refuses to write."""
        self.stats, self.ledger = stats, ledger
        self.is_named, self.give_up = is_named, give_up
        self.has_problem = False
        self.failed_listings: set[str] = set()
        """By the addresses of their first pages."""

    def skip(self, job: Job, reason: str) -> None:
        """Passes over a page that is no article of its own, for a while."""
        record(self.stats, Outcome.SKIPPED, job.url, reason)
        self.put_off(job, Outcome.SKIPPED, reason)

    def note_listing(self, error: BaseException | None, url: str, trail: Trail) -> None:
        """As `note`; what was only announced and turns out to be nothing is no loss."""
        if trail.is_announced and not isinstance(error, BlockedError):
            logger.info("announced, but %s: %s", reason_of(error), url)
        else:
            self.failed_listings.add(trail.start)
            self.note(error, url)

    def note_article(self, error: BaseException | None, url: str, job: Job, status: int | None = None) -> None:
        """Counts an article that could not be had, and keeps it in mind; one that is archived is held or gone."""
        stats, reason, archived = self.stats, reason_of(error), job.archived
        is_refusal = isinstance(error, BlockedError) and reason.startswith(("HTTP", "robots.txt", "put off"))
        is_page = isinstance(error, PageError) and not is_refusal
        if archived is not None and status in GONE and url != job.url:
            self.ledger.hold(archived, f"a part of it: {reason}", status)
            record(stats, Outcome.HELD, url, reason)
        elif archived is not None and status in GONE:
            self.ledger.lose(archived, status)
            record(stats, Outcome.GONE, url, reason)
        elif archived is not None and is_page:
            self.ledger.hold(archived, reason, status)
            record(stats, Outcome.HELD, url, reason)
        elif isinstance(error, NoArticleError):
            outcome = Outcome.FAILED if self.is_named else Outcome.SKIPPED
            record(stats, outcome, url, reason)
            self.put_off(job, outcome, reason)
        else:
            self.put_off(job, self.note(error, url), reason)

    def put_off(self, job: Job, outcome: Outcome, reason: str) -> None:
        """Keeps in mind that an article which a listing named is not archived."""
        if job.archived is None and not self.is_named:
            self.ledger.defer(job.url, job.channel.name, job.published, outcome, reason)

    def note(self, error: BaseException | None, url: str) -> Outcome:
        """Counts a page as blocked or failed, with the reason in words."""
        self.has_problem = True
        if isinstance(error, MachineError):
            self.give_up(error)
        outcome = Outcome.BLOCKED if isinstance(error, BlockedError) else Outcome.FAILED
        record(self.stats, outcome, url, reason_of(error))
        return outcome
