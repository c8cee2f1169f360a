"""The verdict on a case that was played: what its `expect` says, and the invariants that hold in every case."""

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import html5lib
import yaml
from PIL import Image

from archiver.archive import Archive
from archiver.files import TEMPORARY
from archiver.layout import Layout
from archiver.outcomes import PROBLEMS, Outcome
from archiver.survey import look
from archiver.verification import judge as verify
from tests.attacks.lab import HOSTS, Lab
from tests.attacks.play import MOST_SECONDS, Played
from tests.attacks.words import CODES, WAIVED, is_told

MOST_MEMORY = 600
MOST_STALL = 2.0
STALL = "the event loop stood still"
KEYS: dict[str, tuple[type, ...]] = {
    "title": (str,),
    "headimg": (str,),
    "thumbnail": (str,),
    "date": (str, datetime),
    "categories": (list,),
    "author": (str,),
    "comments": (bool,),
}
"""Of a front matter, with their types (docs/post-format.md); nobody has asked for what else might stand there."""
ACTIVE = {"script", "iframe", "frame", "base", "meta", "form", "object", "embed", "applet", "link", "math", "svg"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "background", "srcset", "xlink:href"}
SCHEME = re.compile(r"[\x00-\x20]*(javascript|vbscript|data:text|data:image/svg|data:application)", re.IGNORECASE)
EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif", "BMP": ".bmp"}
TITLE_SIGNS = str.maketrans(dict.fromkeys(":/\\?*“”<>[]|", "_"))
"""What the format has in a title in the place of some signs (docs/post-format.md)."""
LARGEST_IMAGE = 32 << 20
SECRET = b"S3CR3T-"
ARTICLES = [str(outcome) for outcome in Outcome if outcome not in (Outcome.STORED, Outcome.MISSING)]


def verdict(played: Played, lab: Lab) -> list[str]:
    """What is wrong; empty: nothing."""
    checks: tuple[Callable[[Played, Lab], Iterator[str]], ...] = (
        *(outcome, error, more, contained, no_temporary, front_matter, clean, canary, bounded, accounted),
        *(no_secret, images_real, index_agrees, no_phone_home),
    )
    return [*played.broken, *(wrong for check in checks for wrong in check(played, lab))]


def is_waived(played: Played, what: str) -> bool:
    return (played.case.id, what) in WAIVED


def posts(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.endswith(".md")}


def images(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.startswith("images/")}


def is_edited(played: Played) -> bool:
    """Does the case write into the posts as a user may?"""
    return any("edit" in step for step in played.case.then)


# What a case expects.


def outcome(played: Played, lab: Lab) -> Iterator[str]:
    """Is it the outcome that the case names?"""
    expect, wanted = played.case.expect, played.case.expect["outcome"]
    final, code = played.final, played.runs[-1].code
    count = expect.get("articles", 1)
    if wanted in ("archived", "archived_no_image") and len(posts(final)) != count:
        yield f"{len(posts(final))} articles where {count} were expected"
    if wanted == "archived_no_image" and images(final):
        yield f"an image was stored: {', '.join(images(final))}"
    if wanted in ("rejected", "deferred") and final:
        yield f"something was written: {', '.join(final)}"
    if wanted == "kept" and final != played.first:
        yield "what was archived has changed"
    if wanted == "kept" and not posts(final):
        yield "there is no article that could have been kept"
    if wanted == "resumed" and final != played.wanted:
        yield "the archive is not that of an undisturbed run"
    if wanted in CODES and code not in CODES[wanted] and not is_waived(played, "exit"):
        yield f"exit code {code}"
    if "exit" in expect and played.runs[0].code != expect["exit"] and not is_waived(played, "exit"):
        yield f"exit code {played.runs[0].code} where {expect['exit']} was expected"
    if any(run.code in (70, -9) or run.code < 0 for run in played.runs):
        yield f"the program crashed, or was killed: {[run.code for run in played.runs]}"


def error(played: Played, lab: Lab) -> Iterator[str]:
    """Is the error told that the case names, in our words?"""
    findings = played.findings()
    for name in ("error", "warning"):
        wanted = played.case.expect.get(name)
        codes = [wanted] if isinstance(wanted, str) else wanted or []
        if codes and not any(is_told(code, findings) for code in codes) and not is_waived(played, name):
            told = sorted(f"{word}: {reason}" for word, reason in findings if word != "log") or ["nothing"]
            yield f"not told: {' or '.join(codes)}; but {'; '.join(told)[:300]}"


def more(played: Played, lab: Lab) -> Iterator[str]:
    """All else that a case expects."""
    for name, wanted in played.case.expect.items():
        check = EXPECTED.get(name)
        if check is not None and not check(played, lab, wanted) and not is_waived(played, name):
            yield f"{name}: {wanted!r}"


def names(played: Played) -> list[str]:
    return [Path(name).name for name in posts(played.final)]


def parts(data: bytes) -> tuple[str, str]:
    """Front matter and body. Raises ValueError."""
    text = data.decode().removeprefix("\n").removeprefix("---\n")
    front, line, body = text.partition("\n---\n")
    if not line:
        raise ValueError("no front matter")
    return front, body


def matter(data: bytes) -> dict[str, Any]:
    """The front matter of a post. Raises ValueError, yaml.YAMLError."""
    found = yaml.safe_load(parts(data)[0])
    if not isinstance(found, dict):
        raise ValueError("no mapping")
    return found


def titles(played: Played) -> list[Any]:
    return [matter(data).get("title") for data in posts(played.final).values()]


def logs(played: Played) -> str:
    runs = [*played.runs, *([played.second] if played.second else [])]
    return "".join(run.stdout + run.stderr for run in runs)


def evil_headers(lab: Lab) -> str:
    return "\n".join(
        f"{name}: {value}".replace(lab.case.id, "")  # stands in the Referer
        for asked in lab.asked
        if asked.role == "evil"
        for name, value in asked.headers.items()
    ).lower()


def title_kept(played: Played, lab: Lab, wanted: object) -> bool:
    """Is the title there, as the format has titles, signs that nobody sees and white space aside?"""
    served = played.case.serve[0]["body"]
    text = served.get("title") or served.get("raw_title", "")
    return [plain(found) for found in titles(played)] == [plain(text.translate(TITLE_SIGNS))]


def plain(text: object) -> str:
    text = str(text).replace("&#123;", "{").replace("&#125;", "}")  # over the whole file, so the format has it
    return "".join(sign for sign in text if unicodedata.category(sign)[0] not in "CZ")


def distinct(played: Played, lab: Lab, wanted: object) -> bool:
    found = {unicodedata.normalize("NFC", name).casefold() for name in posts(played.final)}
    return len(found) == len(posts(played.final))


def same_pixels(played: Played, lab: Lab, wanted: object) -> bool:
    """Are the stored bytes the served ones?"""
    served = lab.answer(f"/c/{played.case.id}/i.jpg")[2]
    return list(images(played.final).values()) == [served]


def image_has_no(played: Played, lab: Lab, wanted: str) -> bool:
    """Is there an image, and is that in none? Where none is stored the case would ask nothing."""
    found = images(played.final).values()
    return bool(found) and all(wanted.encode() not in data for data in found)


def is_utf8(played: Played, lab: Lab, wanted: object) -> bool:
    try:
        return all(data.decode() is not None for data in posts(played.final).values())
    except UnicodeDecodeError:
        return False


def second(played: Played, lab: Lab, wanted: dict[str, Any]) -> bool:
    run = played.second
    return run is not None and run.code == wanted["exit"] and is_told(wanted["error"], run.findings())


EXPECTED: dict[str, Callable[[Played, Lab, Any], bool]] = {
    "images": lambda played, lab, wanted: len(images(played.final)) == wanted,
    "image_ext": lambda played, lab, wanted: {Path(name).suffix for name in images(played.final)} == {wanted},
    "image_has_no": image_has_no,
    "image_same_pixels": same_pixels,
    "name_has_no": lambda played, lab, wanted: not any(part in name for part in wanted for name in names(played)),
    "name_not_in": lambda played, lab, wanted: not set(wanted) & set(names(played)),
    "name_bytes_max": lambda played, lab, wanted: max(len(name.encode()) for name in names(played)) <= wanted,
    "title": lambda played, lab, wanted: titles(played) == [wanted],
    "title_type": lambda played, lab, wanted: all(isinstance(title, str) for title in titles(played)),
    "title_kept": title_kept,
    "distinct_when": distinct,
    "valid_utf8": is_utf8,
    "body_has": lambda played, lab, wanted: all(p.encode() in b for p in wanted for b in posts(played.final).values()),
    "log_has_no": lambda played, lab, wanted: not any(part in logs(played) for part in wanted),
    "evil_headers_have_no": lambda played, lab, wanted: not any(p.lower() in evil_headers(lab) for p in wanted),
    "requests_max": lambda played, lab, wanted: len(lab.pages()) <= wanted,
    "second": second,
    "identical_across": lambda played, lab, wanted: all(one == played.outputs[0] for one in played.outputs),
}
"""What an expectation asks for; what is not in here is a note, or checked by Hexo (`--hexo`)."""


# What holds in every case.


def contained(played: Played, lab: Lab) -> Iterator[str]:
    """G1."""
    if played.outside:
        yield f"outside the archive: {', '.join(played.outside)}"


def no_temporary(played: Played, lab: Lab) -> Iterator[str]:
    """G2. A run that the machine stopped for good may not be able to tidy."""
    state = played.output / ".archiver"
    left = [path.name for path in played.output.rglob(f"{TEMPORARY}*")]
    left += [path.name for path in state.glob("*") if path.name.startswith("writing")]
    lock = state / "lock"
    if lock.exists() and lock.read_bytes():
        left.append("a lock owner")
    if left:
        yield f"left behind: {', '.join(left)}"


def front_matter(played: Played, lab: Lab) -> Iterator[str]:
    """G3, by PyYAML; by hexo-front-matter with `--hexo`."""
    for name, data in posts(played.final).items():
        try:
            found = matter(data)
        except (ValueError, yaml.YAMLError) as wrong:
            yield f"{name}: front matter: {wrong}"
            continue
        for key, value in found.items():
            kinds = KEYS.get(key)
            if kinds is None or not (value is None or isinstance(value, kinds)):
                yield f"{name}: front matter: {key}: {value!r}"


def clean(played: Played, lab: Lab) -> Iterator[str]:
    """G4, by a parser that is not ours; by Hexo itself with `--hexo`."""
    for name, data in posts(played.final).items() if not is_edited(played) else ():
        body = parts(data)[1].strip("\n")
        if re.search(r"\{[{%#]", body):
            yield f"{name}: live template code"
        if re.search(r"\n[ \t]*\n", body):
            yield f"{name}: a blank line in the body"
        yield from (f"{name}: {wrong}" for wrong in active_in(body))


def active_in(body: str) -> Iterator[str]:
    """What a browser would do more with a body than show it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = html5lib.parseFragment(body, treebuilder="lxml", namespaceHTMLElements=False)
    for root in tree:
        for element in root.iter() if hasattr(root, "iter") else ():
            tag = str(element.tag).rpartition("}")[2].lower()
            if tag in ACTIVE and not (tag == "iframe" and "sandbox" in element.attrib):
                yield f"<{tag}>"
            for key, value in element.attrib.items():
                attribute = str(key).rpartition("}")[2].lower()
                if attribute.startswith("on") or attribute == "srcdoc":
                    yield f"<{tag} {attribute}>"
                if attribute in ADDRESSES and SCHEME.match(str(value)):
                    yield f"{attribute}={str(value)[:40]}"


def canary(played: Played, lab: Lab) -> Iterator[str]:
    """G5."""
    if lab.canaries:
        yield f"canaries hit: {', '.join(sorted(set(lab.canaries)))}"


def bounded(played: Played, lab: Lab) -> Iterator[str]:
    """G6."""
    for run in played.runs:
        if run.memory >= MOST_MEMORY:
            yield f"{run.memory} MiB"
        if run.stall > MOST_STALL:
            yield f"{STALL} for {run.stall:.1f} s"
        if run.seconds >= MOST_SECONDS:
            yield f"{run.seconds:.0f} s"


def accounted(played: Played, lab: Lab) -> Iterator[str]:
    """G7: each problem that was counted has address and reason, and no page ends without an outcome."""
    for run in played.runs:
        summary = run.summary
        if not summary or "new" not in summary:
            continue
        count = sum(summary[outcome] for outcome in map(str, PROBLEMS))
        told = summary["problems"]
        if count != len(told) or not all(problem["url"] and problem["reason"] for problem in told):
            yield f"{count} problems counted, {len(told)} told"
        if not sum(summary[outcome] for outcome in ARTICLES):
            yield "a run without any outcome"


def no_secret(played: Played, lab: Lab) -> Iterator[str]:
    """G8."""
    if SECRET.decode() in logs(played):
        yield "a secret in the log"
    for path in played.output.rglob("*"):
        if path.is_file() and SECRET in path.read_bytes():
            yield f"a secret in {path.name}"


def images_real(played: Played, lab: Lab) -> Iterator[str]:
    """G9."""
    for name, data in images(played.final).items():
        try:
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                kind = image.format or ""
        except Exception as wrong:  # whatever Pillow has to say
            yield f"{name}: {wrong}"
            continue
        if EXTENSIONS.get(kind) != Path(name).suffix or len(data) > LARGEST_IMAGE:
            yield f"{name}: a {kind} of {len(data)} bytes"


def index_agrees(played: Played, lab: Lab) -> Iterator[str]:
    """G10: `archiver verify` has nothing to say, where it is there."""
    if is_edited(played):
        return  # `verify` is right to complain of what the case writes behind the body
    state = played.output / ".archiver"
    if (state / "journal.jsonl").exists():
        with closing(Archive(Layout(played.output, played.output / "images"), mode="read")) as archive:
            yield from (f"verify: {found}" for found in verify(archive, look(archive)).faults)


def no_phone_home(played: Played, lab: Lab) -> Iterator[str]:
    """G11."""
    known = {*HOSTS, *played.case.dns, "nx.test", "localhost"}
    if strange := {name for name in lab.names if name not in known}:
        yield f"names looked up: {', '.join(sorted(strange))}"
