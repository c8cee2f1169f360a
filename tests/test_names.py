"""File names: readable, never empty, never reserved, never too long for a file system."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.archive import Archive
from archiver.errors import MachineError
from archiver.images import ImageFacts, inspect
from archiver.layout import Layout
from archiver.names import MAX_BYTES, NAMINGS, as_folder, cut, folded, folder_name, post_name
from tests.samples import article, picture

SUFFIX = "0a1b2c3d"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("The ferry runs again!", "the-ferry-runs-again", id="words in lower case, joined by hyphens"),
        pytest.param("夜读时间：到几点？", "夜读时间-到几点", id="Chinese stays Chinese"),
        pytest.param("Ünïcode et café", "ünïcode-et-café", id="letters with accents are kept"),
        pytest.param("cafe\u0301", "café", id="letters and their marks are composed"),
        pytest.param("ＡＢＣ １２", "abc-12", id="full-width letters become plain ones"),
        pytest.param("C++ & C#", "c-c", id="signs go"),
        pytest.param("10.6% of 1.457", "10-6-of-1-457", id="numbers keep their digits"),
        pytest.param("_draft_", "draft", id="no underscore leads: Hexo would ignore the file"),
        pytest.param("a\u202eb\u200fc", "a-b-c", id="direction marks go"),
        pytest.param("../../etc/passwd", "etc-passwd", id="a path is none"),
        pytest.param("Con", f"con-{SUFFIX}", id="a device of Windows gets the suffix"),
        pytest.param("com¹", f"com1-{SUFFIX}", id="and so does one with a raised digit"),
        pytest.param("console", "console", id="what merely begins like a device"),
        pytest.param("🎉", SUFFIX, id="no word: the suffix alone"),
        pytest.param("", SUFFIX, id="no title: the suffix alone"),
        pytest.param("\ud83d", SUFFIX, id="half a surrogate pair: the suffix alone"),
        pytest.param("a" * 300, "a" * 250, id="cut so that an extension fits"),
        pytest.param("中" * 200, "中" * 83, id="cut between characters"),
        pytest.param("conx" + "\u0345" * 200, f"con-{SUFFIX}", id="a device of Windows once it is cut"),
        pytest.param("\u180b", SUFFIX, id="nothing that every file system sees: the suffix alone"),
    ],
)
def test_names_from_words(title: str, name: str) -> None:
    assert post_name(title, SUFFIX) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("The ferry runs again!", "The ferry runs again!", id="the title itself"),
        pytest.param(" a  b ", " a  b ", id="nothing is trimmed or collapsed"),
        pytest.param("a:b/c\\d?e*f“g”h<i>j[k]l|m", "a_b_c_d_e_f_g_h_i_j_k_l_m", id="_ for what the title has _ for"),
        pytest.param("10.6% of #1\nnow", "106% of 1now", id="without line breaks, # and ."),
        pytest.param("'a' \"b\"", "'a' \"b\"", id="quotes are kept"),
        pytest.param("a\x00b\u2028c\u202ed", "abcd", id="nothing invisible"),
        pytest.param("nul", f"nul-{SUFFIX}", id="a device of Windows gets the suffix"),
        pytest.param(" NUL ", f" NUL -{SUFFIX}", id="also with spaces around"),
        pytest.param("🎉", "🎉", id="an emoji is a name"),
        pytest.param("...", SUFFIX, id="nothing but dots: the suffix alone"),
        pytest.param(" \u3000", SUFFIX, id="nothing but white space: the suffix alone"),
        pytest.param("é" * 200, "é" * 125, id="cut between characters"),
        pytest.param("e\u0301" * 100, "e\u0301" * 83, id="cut between letters with their marks"),
    ],
)
def test_names_as_the_old_archive_has_them(title: str, name: str) -> None:
    assert post_name(title, SUFFIX, naming="title") == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("The ferry", f"the-ferry-{SUFFIX}", id="behind the words"),
        pytest.param("con", f"con-{SUFFIX}", id="once"),
        pytest.param("🎉", SUFFIX, id="alone"),
        pytest.param("中" * 200, "中" * 80 + f"-{SUFFIX}", id="within the limit"),
    ],
)
def test_names_with_the_suffix_that_tells_two_articles_apart(title: str, name: str) -> None:
    assert post_name(title, SUFFIX, always=True) == name


@pytest.mark.parametrize(
    ("category", "folder"),
    [
        pytest.param("新媒体", "新媒体", id="as it is"),
        pytest.param("— 资讯", "— 资讯", id="with a dash and a space"),
        pytest.param("C#", "C#", id="with a sign"),
        pytest.param("AC/DC: live?", "AC_DC_ live_", id="_ for what the title has _ for"),
        pytest.param("..", "_", id="never the parent folder"),
        pytest.param(".", "_", id="never the folder itself"),
        pytest.param("../../etc", "_.._.._etc", id="never a path"),
        pytest.param(".archiver", "_.archiver", id="never hidden, never ours"),
        pytest.param(" a ", "a", id="no spaces around"),
        pytest.param("a..", "a", id="no dots at the end: Windows drops them"),
        pytest.param("", "_", id="never empty"),
        pytest.param("\u200b\x07", "_", id="nor invisible"),
        pytest.param("aux", "_aux", id="never a device"),
        pytest.param("aux.txt", "_aux.txt", id="nor one with an extension"),
        pytest.param("CON .x", "_CON .x", id="nor one with a space behind it"),
        pytest.param("clock$", "_clock$", id="nor an old one"),
        pytest.param("a. . ", "a", id="no dots and spaces in turn at the end"),
        pytest.param('a "b"', "a _b_", id="no quotes: Windows refuses them"),
        pytest.param("a\u202egnp.exe", "agnp.exe", id="nothing that turns letters around"),
        pytest.param("a\u061c\u00ad\u3164\U000e0041\U0001fffeb", "ab", id="nor any other sign that is not seen"),
        pytest.param(". . .", "_", id="nor dots and spaces alone"),
        pytest.param("\u2024\u2024", "\u2024\u2024", id="dots of another kind are letters like others"),
        pytest.param("中" * 100, "中" * 85, id="never over 255 bytes"),
        pytest.param("\u200d", "_\u200d", id="never only what some file systems overlook"),
        pytest.param("\u200d.archiver", "_\u200d.archiver", id="nor hidden, or ours, behind that"),
    ],
)
def test_folders(category: str, folder: str) -> None:
    assert folder_name(category) == folder


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        pytest.param("abc", 3, "abc", id="what fits stays whole"),
        pytest.param("abcd", 3, "abc", id="bytes are counted"),
        pytest.param("aé", 2, "a", id="no half characters"),
        pytest.param("ae\u0301", 3, "a", id="no letter without its mark"),
        pytest.param("a👩\u200d🚀", 8, "a", id="no half of joined emoji"),
        pytest.param("a❤\ufe0f", 5, "a", id="no emoji without its selector"),
        pytest.param("e" + "\u0301" * 9, 5, "e\u0301\u0301", id="unless nothing else would be left"),
    ],
)
def test_cutting(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("A/b.md", "a/B.md", id="by case"),
        pytest.param("STRASSE", "straße", id="by case that changes the length"),
        pytest.param("ΣΑΣ", "σας", id="by the last letter of a Greek word"),
        pytest.param("caf\u00e9", "cafe\u0301", id="by composed letters"),
        pytest.param("\u212b", "\u00e5", id="by letters that are one"),
        pytest.param("\uac00", "\u1100\u1161", id="by Korean syllables"),
        pytest.param("\u01f0", "J\u030c", id="by case and composition"),
        pytest.param("a\u200db", "ab", id="by joiners"),
        pytest.param("❤\ufe0f", "❤", id="by the selector of an emoji"),
    ],
)
def test_names_that_some_file_system_takes_for_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a", "á"), ("a", "ａ"), ("中", "国"), ("a b", "ab")])
def test_names_that_every_file_system_tells_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        pytest.param("the-ferry", "the-ferry", id="as it is"),
        pytest.param("The ferry. ", "The ferry__", id="without the end that Windows drops"),
        pytest.param(" a", " a", id="spaces at the start are kept"),
    ],
)
def test_the_folder_of_a_posts_versions(name: str, folder: str) -> None:
    assert as_folder(name) == folder


TITLES = st.text(max_size=300) | st.text("a中é🎉\u0301 ./#\x00", max_size=400)


@settings(deadline=None, max_examples=200)
@given(TITLES, st.sampled_from([*NAMINGS]), st.booleans())
@example("con.", "title", False)
@example("🎉" * 999, "title", True)
def test_every_title_gives_a_name_that_every_file_system_takes(title: str, naming: str, always: bool) -> None:
    name = post_name(title, SUFFIX, naming=naming, always=always)
    assert name.strip()
    assert not set(name) & set("/\\:*?<>|\0.")
    assert not [char for char in name if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(name) & {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\ufffe"}
    assert len(f"{name}.webp".encode()) <= MAX_BYTES
    assert name.endswith(SUFFIX) >= always


DEVICES = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"}
DEVICES |= {f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789¹²³"}


@settings(deadline=None, max_examples=300)
@given(TITLES | st.text('.. /\\~:"<>|?*conauxnulprn1\u202e\u200b\u0301\ufeff', max_size=40))
@example(" con ")
@example("aux . ")
@example("中" * 84 + "é. .")
@example("." * 300)
def test_every_category_gives_a_folder_that_every_file_system_takes(category: str) -> None:
    name = folder_name(category)
    assert name
    assert name[0] not in ". "
    assert name[-1] not in ". "
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name.partition(".")[0].strip().lower() not in DEVICES
    assert not [char for char in name if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert len(name.encode()) <= MAX_BYTES
    assert len(name.encode("utf-16-le")) <= 2 * MAX_BYTES
    assert folder_name(name) == name


# What somebody has planted in the archive.


def opened(folder: Path, **more: Any) -> Archive:
    return Archive(Layout(folder / "posts", more.get("images", folder / "posts" / "images")))


@pytest.mark.parametrize("name", ["web", "web/town", "web/town/news"])
def test_a_folder_that_leads_out_of_the_archive_is_not_written_to(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside").mkdir()
    link = tmp_path / "posts" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "outside")
    archive = opened(tmp_path)
    with pytest.raises(MachineError, match="leads out of"):
        archive.write(article())
    archive.close()
    assert [*(tmp_path / "outside").iterdir()] == []


def test_a_file_that_leads_out_of_the_archive_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", "utf-8")
    post = tmp_path / "posts" / "web" / "town" / "news" / "the-ferry-runs-again.md"
    post.parent.mkdir(parents=True)
    post.symlink_to(victim)
    archive = opened(tmp_path)
    written = archive.write(article())
    archive.close()
    assert written.path != "web/town/news/the-ferry-runs-again.md"
    assert victim.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["lock", "journal.jsonl", "index.sqlite"])
def test_a_file_of_ours_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", "utf-8")
    state = tmp_path / "posts" / ".archiver"
    state.mkdir(parents=True)
    (state / name).symlink_to(victim)
    with pytest.raises(MachineError, match="leads out of"):
        opened(tmp_path)
    assert victim.read_text("utf-8") == "mine"


def test_the_archive_and_its_images_may_be_links_themselves(tmp_path: Path) -> None:
    for name in ("posts", "images"):
        (tmp_path / f"{name}-there").mkdir()
        (tmp_path / name).symlink_to(tmp_path / f"{name}-there")
    archive = opened(tmp_path, images=tmp_path / "images")
    written = archive.write(article())
    archive.store_image("https://img.example/a.png", "web/a", *image())
    archive.close()
    assert (tmp_path / "posts-there" / written.path).exists()
    assert (tmp_path / "images-there" / "web" / "a.png").exists()


def test_a_folder_of_images_that_leads_out_of_the_archive_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "images").symlink_to(tmp_path / "outside")
    archive = opened(tmp_path)
    with pytest.raises(MachineError, match="leads out of"):
        archive.store_image("https://img.example/a.png", "web/a", *image())
    archive.close()
    assert [*(tmp_path / "outside").iterdir()] == []


def image() -> tuple[bytes, ImageFacts]:
    data = picture("PNG")
    return data, inspect(data)
