"""What a site yields, measured by its own history: articles for each run, and how many have author, date and image."""

from collections.abc import Iterator, Mapping, Sequence

from archiver.outcomes import FIELDS, WRITTEN
from archiver.records import RunRecord

EXPECTED = 10
"""Articles: a site that ought to have brought so many by now, and has brought none, has gone silent."""
FEW = 5
"""Articles: of fewer, shares say nothing."""
HISTORY = 60
"""Runs that are looked at."""


def complaints(runs: Sequence[RunRecord]) -> Iterator[tuple[str, str]]:
    """(kind, what is unusual) in the last of a site's runs, which come the oldest first. None: too little is known."""
    counts = [dict(run.counts) for run in runs]
    written = [sum(found.get(name, 0) for name in WRITTEN) for found in counts]
    yield from silence(written)
    yield from losses(written, counts)


def silence(written: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Has a site stopped to bring articles? The first run, which brought all that there was, says nothing of it."""
    later = written[1:]
    quiet = next((number for number, count in enumerate(reversed(later)) if count), len(later))
    before = later[: len(later) - quiet]
    expected = sum(before) / len(before) * quiet if before else 0
    if expected >= EXPECTED:
        yield "silent", f"no article in {quiet} runs, where {expected:.0f} were to be expected"


def losses(written: Sequence[int], counts: Sequence[Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """Have the last articles no author, date or image any more, where earlier ones had?"""
    start = len(written)
    while start and sum(written[start:]) < FEW:
        start -= 1
    last, earlier = sum(written[start:]), sum(written[:start])
    if last < FEW or earlier < 2 * FEW:
        return
    for name in FIELDS:
        before = sum(found.get(name, 0) for found in counts[:start]) / earlier
        now = sum(found.get(name, 0) for found in counts[start:]) / last
        if before >= 0.5 and now < before / 2:
            yield name, f"{now:.0%} of the last {last} articles have `{name}`, {before:.0%} had"
