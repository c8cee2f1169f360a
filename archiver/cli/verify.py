"""`archiver verify`: is the archive as it should be?"""

from contextlib import closing
from itertools import groupby
from json import dumps

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.archive import Archive
from archiver.cli.options import JSON, existing, layout_options
from archiver.cli.sites import LINE
from archiver.interruption import Interruption
from archiver.layout import Layout
from archiver.mending import mend
from archiver.outcomes import INTERRUPTED
from archiver.survey import look
from archiver.verification import MEANINGS, Finding, Verdict, judge

SHOWN = 20
"""Notes of one kind."""


@click.command()
@click.option(
    "--fix",
    is_flag=True,
    help="Put right what is safe: leftovers go, index and journal agree again, images that are damaged or gone are "
    "noted as missing. No post is touched.",
    envvar="ARCHIVER_FIX",
)
@layout_options
@JSON
def verify(layout: Layout, fix: bool, json: bool) -> int:
    """Looks at every post, image and record of an archive, and tells what is wrong."""
    with closing(Archive(existing(layout), mode="read")) as archive:
        survey = look(archive)
        verdict = judge(archive, survey)
    mended: list[Finding] = []
    is_interrupted = False
    if fix and (verdict.faults or verdict.notes):
        with closing(Archive(layout)) as archive:
            with Interruption() as interruption:
                mended = [*interruption.steps(mend(archive, survey))]
            is_interrupted = interruption.is_asked
            verdict = judge(archive, look(archive))
    if json:
        print_json(verdict.to_dict() | ({"mended": [found.to_dict() for found in mended]} if fix else {}))
    else:
        print_verdict(verdict, mended)
    return INTERRUPTED if is_interrupted else 1 if verdict.faults else 0


def print_json(found: object) -> None:
    """One JSON object on stdout; what is no UTF-8 in a name of a file is escaped."""
    click.echo(dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def print_verdict(verdict: Verdict, mended: list[Finding]) -> None:
    """A line for each finding, and what was looked at."""
    console = Console(width=LINE)
    for title, findings in (("mended", mended), ("faults", verdict.faults), ("notes", few(verdict.notes))):
        if findings:
            console.print(to_table(title, findings))
    for kind in dict.fromkeys(found.kind for found in (*verdict.faults, *verdict.notes)):
        console.print(f"{kind}: {MEANINGS[kind]}", highlight=False)
    counts = ", ".join(f"{count} {name}" for name, count in verdict.checked.items())
    console.print(f"{counts} checked: {len(verdict.faults)} faults, {len(verdict.notes)} notes", highlight=False)


def few(notes: list[Finding]) -> list[Finding]:
    """The first of each kind, and how many more there are: no post of an archive may be in the index."""
    shown: list[Finding] = []
    for kind, together in groupby(notes, lambda note: note.kind):
        some = [*together]
        more = [Finding(kind, "…", f"and {len(some) - SHOWN} more; --json has all")] if len(some) > SHOWN else []
        shown += [*some[:SHOWN], *more]
    return shown


def to_table(title: str, findings: list[Finding]) -> Table:
    """Findings, one in a line."""
    table = Table("kind", "path", "what", title=title, title_justify="left", box=None, pad_edge=False)
    for found in findings:
        table.add_row(
            *(Text(text.encode("utf-8", "backslashreplace").decode()) for text in (found.kind, found.path, found.what))
        )
    return table
