"""`archiver adopt`: another program's archive becomes one that crawls go on with."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from archiver.adoption import Adoption, adopt
from archiver.archive import Archive
from archiver.cli.options import JSON, layout_options
from archiver.interruption import Interruption
from archiver.layout import Layout
from archiver.outcomes import INTERRUPTED
from archiver.records import RunRecord


@click.command("adopt")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@layout_options
@JSON
def adopt_command(folder: Path, layout: Layout, json: bool) -> int:
    """Takes over the posts below DIR, which another program wrote: crawls do not archive them again.

    DIR is the archive, or a part of the one that -o names; posts that lie elsewhere are known by where they lie. The
    files are read and never touched.
    """
    start, started = datetime.now(UTC), time.monotonic()
    archive = Archive(layout_at(folder, layout))
    try:
        with Interruption() as interruption:
            adoption = adopt(archive, folder, interruption.steps)
        code = 1 if adoption.refused or not (adoption.adopted or adoption.known) else 0
        code = INTERRUPTED if interruption.is_asked else code
        if adoption.adopted:
            archive.index.put(RunRecord(start, "adopt", "", datetime.now(UTC), to_counts(adoption), code))
    finally:
        archive.close()
    print_adoption(adoption, {}, time.monotonic() - started, as_json=json)
    if code == 1 and not adoption.refused:
        click.echo(f"{folder}: there are no posts", err=True)
    return code


def layout_at(folder: Path, layout: Layout) -> Layout:
    """The layout of the archive; it lies at the folder itself, unless somebody said where."""
    source = click.get_current_context().get_parameter_source
    if source("output") is not ParameterSource.DEFAULT:
        return layout
    is_given = source("images") is not ParameterSource.DEFAULT
    return replace(layout, output=folder, images=layout.images if is_given else folder / "images")


def to_counts(adoption: Adoption) -> tuple[tuple[str, int], ...]:
    """What became of the posts, in numbers."""
    return (("adopted", adoption.adopted), ("known", adoption.known), ("refused", len(adoption.refused)))


def print_adoption(adoption: Adoption, more: dict[str, int], seconds: float, *, as_json: bool) -> None:
    """What could not be taken over, and the counts, with `more` before them; or all that as one JSON object."""
    counts: dict[str, Any] = more | dict(to_counts(adoption))
    if as_json:
        refused = [{"file": printable(str(it.file)), "line": it.line, "reason": it.reason} for it in adoption.refused]
        text = dumps({**counts, "seconds": round(seconds, 3), "problems": refused}, ensure_ascii=False)
    else:
        numbers = ", ".join(f"{count} {name}" for name, count in counts.items())
        text = printable("\n".join([*map(str, adoption.refused), f"{numbers}, {seconds:.1f} s"]))
    click.echo(text)


def printable(text: str) -> str:
    """A text that may hold names which are not UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()
