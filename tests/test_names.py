"""File names: readable, never empty, never reserved, never too long for a file system."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.names import MAX_BYTES, NAMINGS, cut, folder_name, post_name

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
        pytest.param("中" * 100, "中" * 85, id="never over 255 bytes"),
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


TITLES = st.text(max_size=300) | st.text("a中é🎉\u0301 ./#\x00", max_size=400)


@settings(deadline=None, max_examples=200)
@given(TITLES, st.sampled_from([*NAMINGS]), st.booleans())
@example("con.", "title", False)
@example("🎉" * 999, "title", True)
def test_every_title_gives_a_name_that_every_file_system_takes(title: str, naming: str, always: bool) -> None:
    name = post_name(title, SUFFIX, naming=naming, always=always)
    assert name.strip()
    assert not set(name) & set("/\\:*?<>|\0.")
    assert not [char for char in name if unicodedata.category(char) in ("Cc", "Cs")]
    assert len(f"{name}.webp".encode()) <= MAX_BYTES
    assert name.endswith(SUFFIX) >= always
