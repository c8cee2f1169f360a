"""What of the faults of an archive is put right safely: no post is touched, and no file that is not ours."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import PurePosixPath

from archiver.adoption import AT_ONCE, image_of, records_of
from archiver.archive import Archive
from archiver.errors import PostFormatError
from archiver.files import TEMPORARY, refusals
from archiver.image_records import header_image, to_image_record, whole_image
from archiver.records import ArticleRecord, ImageRecord, Record
from archiver.survey import Survey, key_of
from archiver.verification import FAULTS, Finding, Judgement


def mend(archive: Archive, survey: Survey) -> Iterator[Finding]:
    """Puts right what can be, in an archive that was surveyed before; tells what it did. Raises MachineError."""
    judgement = Judgement(archive, survey)
    yield from mend_index(archive, survey)
    yield from mend_journal(archive, survey)
    yield from remove_leftovers(archive, survey)
    yield from note_missing(judgement)
    yield from note_posts(judgement)
    yield from note_images(judgement)


def mend_index(archive: Archive, survey: Survey) -> Iterator[Finding]:
    """Makes the index anew from the journal where they disagree; what damaged lines have lost is noted again."""
    if not survey.stale:
        return
    archive.index.restore()
    yield Finding("stale", ".", "the index was made anew from the journal")
    lost = [indexed for noted, indexed in survey.stale.values() if noted is None and indexed is not None]
    if survey.unreadable and lost:
        known = {key_of(record) for kind in {type(record) for record in lost} for record in archive.index.all(kind)}
        records = [record for record in lost if key_of(record) not in known]
        archive.index.put(*records)
        yield Finding("stale", ".", f"records that only the index had, noted in the journal: {len(records)}")


def mend_journal(archive: Archive, survey: Survey) -> Iterator[Finding]:
    """Writes a journal with damaged lines anew; the old one stays beside it."""
    if any(f"/{archive.index.journal.stem}" in path for path, _ in survey.unreadable):
        archive.index.renew_journal()
        yield Finding("unreadable", archive.path_in(archive.index.journal), "written anew, the old one is kept beside")


def remove_leftovers(archive: Archive, survey: Survey) -> Iterator[Finding]:
    """Removes what a killed run of ours has left: this one holds the archive, so nobody is writing it."""
    for path in survey.leftovers:
        file = archive.file_of(path)
        with refusals(file):
            if file.name.startswith(TEMPORARY) and file.is_file():
                file.unlink()
                yield Finding("leftover", path, "removed")


def note_missing(judgement: Judgement) -> Iterator[Finding]:
    """Notes images that are damaged or gone as missing, so that `archiver images` asks for them; the files stay."""
    archive = judgement.archive
    for post in sorted(judgement.survey.posts):
        for record in judgement.images[post]:
            seen = judgement.survey.images.get(record.path or "")
            is_bad = seen is None or (seen.problem and seen.facts is None)
            if record.path and is_bad and archive.whole(record) is None:
                archive.index.put(missing(record, seen.problem if seen else "it was deleted"))
                kind = "damaged" if seen else "lost"
                yield Finding(
                    kind, judgement.image_place(record.path), "noted as missing: `archiver images` fetches it"
                )


def missing(record: ImageRecord, reason: str) -> ImageRecord:
    """An image that has to be fetched again."""
    return ImageRecord(record.post, record.url, record.link, reason=reason)


def note_posts(judgement: Judgement) -> Iterator[Finding]:
    """Notes the posts that the index does not know, as if they were taken over; not those that are at fault."""
    archive, now, noted = judgement.archive, datetime.now(UTC), 0
    wrong = {fault.path for fault in judgement.findings() if fault.kind in FAULTS}
    unknown = iter(sorted(judgement.survey.posts.keys() - judgement.articles.keys() - wrong))
    while some := [*islice(unknown, AT_ONCE)]:
        records: list[Record] = []
        for post in some:
            with suppress(PostFormatError, OSError, UnicodeError):  # it was good when it was looked at
                records += records_of(archive, post, now)
        archive.index.put(*records)
        noted += sum(isinstance(record, ArticleRecord) for record in records)
    if noted:
        yield Finding("unindexed", ".", f"posts that the index knows now: {noted}")


def note_images(judgement: Judgement) -> Iterator[Finding]:
    """Notes the good images that lie beside the names of posts and are not known."""
    archive, recorded = judgement.archive, judgement.recorded()
    known = (
        {image.path for image in archive.index.all(ImageRecord)} if judgement.survey.images.keys() - recorded else ()
    )
    for path in judgement.survey.images.keys() - recorded - {*known}:
        post = judgement.owner(path)
        if post is None or judgement.survey.images[path].facts is None:
            continue
        record = record_of(archive, post, path, judgement.articles.get(post))
        if record is not None and record.path == path:
            archive.index.put(record)
            yield Finding("unrecorded", judgement.image_place(path), f"noted in the index: {record.url}")


def record_of(archive: Archive, post: str, path: str, article: ArticleRecord | None) -> ImageRecord | None:
    """What is to be noted of the header image of a post; None: nobody knows where it comes from."""
    facts = whole_image(archive.layout.images / path)
    with suppress(PostFormatError, OSError):
        found = image_of(archive, post, archive.read(post))
        if found is not None or article is None or article.image is None or facts is None:
            return found
        stem = str(PurePosixPath(path).with_suffix(""))
        return replace(to_image_record(post, header_image(article.image, stem, facts)), path=path)
    return None
