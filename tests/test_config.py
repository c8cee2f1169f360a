"""YAML files that people write: every mistake is named with its file, line and key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from archiver import config
from archiver.errors import ConfigurationError


def half(text: str) -> int:
    """Half a number. Raises ValueError that says what is wrong."""
    if not text.isdecimal() or int(text) % 2:
        raise ValueError(f"expected an even number, not `{text}`")
    return int(text) // 2


def upper(text: str) -> str:
    """A text in capitals."""
    if not text.isupper():
        raise ValueError(f"expected capitals, not `{text}`")
    return text


CHECK = config.mapping(
    {
        "name": config.text,
        "count": config.positive,
        "quiet": config.flag,
        "mode": config.one_of(["slug", "title"]),
        "days": config.converted(int, "a number of days"),
        "colours": config.list_of(config.text),
        "pair": config.list_of(config.text, size=2),
        "starts": config.one_or_more(config.text),
        "pace": config.seconds,
        "half": config.judged(half),
        "settings": config.mapping_of(config.anything, check_key=config.judged(upper)),
        "page": config.mapping({"title": config.text, "body": config.text}, required=("body",)),
    },
    required=("name",),
)


def load(folder: Path, text: str | bytes) -> Any:
    """The checked content of a file with this text."""
    path = folder / "archiver.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(path, CHECK)


def test_a_file_without_mistakes(tmp_path: Path) -> None:
    text = """\
name: 36kr  # a comment
count: 3
quiet: true
mode: title
days: "14"
colours: [红, green]
pair:
  - a
  - b
starts: https://a.example/
pace: 0.5
half: 8
settings:
  DOWNLOAD_DELAY: 0.5
  ROBOTSTXT_OBEY: false
  USER_AGENT: nobody
page: {body: div}
"""
    assert load(tmp_path, text) == {
        "name": "36kr",
        "count": 3,
        "quiet": True,
        "mode": "title",
        "days": 14,
        "colours": ("红", "green"),
        "pair": ("a", "b"),
        "starts": ("https://a.example/",),
        "pace": 0.5,
        "half": 4,
        "settings": {"DOWNLOAD_DELAY": 0.5, "ROBOTSTXT_OBEY": False, "USER_AGENT": "nobody"},
        "page": {"body": "div"},
    }


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param("", "line 1: key `name` is missing", id="an empty file"),
        pytest.param("count: 3\nquiet: no\n", "line 1: key `name` is missing", id="a key that is required"),
        pytest.param("name: a\n\nnmae: b", "line 3: unknown key `nmae`, perhaps `name`?", id="a key misspelt"),
        pytest.param(
            "name: a\nxyz: b",
            "line 2: unknown key `xyz`; known are name, count, quiet, mode, days, colours, pair, starts, pace, half,"
            " settings, page",
            id="a key like none",
        ),
        pytest.param("name: a\ncount: 1\nname: b", "line 3: key `name` stands here twice", id="a key twice"),
        pytest.param("name:", "line 1: `name`: expected a text", id="no text"),
        pytest.param("name: '  '", "line 1: `name`: expected a text", id="a text of spaces"),
        pytest.param("name: yes", "line 1: `name`: expected a text", id="a truth value for a text"),
        pytest.param("name: [a]", "line 1: `name`: expected a single value", id="a list for a text"),
        pytest.param("name: a\ncount: 0", "line 2: `count`: expected a whole number from 1 up", id="zero"),
        pytest.param("name: a\ncount: 1.5", "line 2: `count`: expected a whole number from 1 up", id="a fraction"),
        pytest.param(
            "name: a\ncount: true", "line 2: `count`: expected a whole number from 1 up", id="truth as number"
        ),
        pytest.param(
            "name: a\ncount: many", "line 2: `count`: expected a whole number from 1 up", id="words as number"
        ),
        pytest.param("name: a\nquiet: 1", "line 2: `quiet`: expected true or false", id="a number as truth"),
        pytest.param(
            "name: a\nmode: titel",
            "line 2: `mode`: expected one of slug, title; perhaps `title`?",
            id="a choice misspelt",
        ),
        pytest.param("name: a\nmode: 7", "line 2: `mode`: expected one of slug, title", id="no choice at all"),
        pytest.param("name: a\ndays: two", "line 2: `days`: expected a number of days, not `two`", id="a refused text"),
        pytest.param("name: a\ncolours: red", "line 2: `colours`: expected a list", id="a text for a list"),
        pytest.param("name: a\ncolours:\n - red\n - ''", "line 4: `colours`: expected a text", id="within a list"),
        pytest.param("name: a\npair: [x]", "line 2: `pair`: expected a list of 2", id="a list too short"),
        pytest.param("name: a\npair: {x: y}", "line 2: `pair`: expected a list of 2", id="a mapping for a list"),
        pytest.param("name: a\nsettings: [x]", "line 2: `settings`: expected `key: value` lines", id="no key: value"),
        pytest.param(
            "name: a\nsettings:\n  X: 1\n  Y: [1]", "line 4: `settings.Y`: expected a single value", id="a list in it"
        ),
        pytest.param("name: a\nsettings: {x: 1}", "line 2: `settings`: expected capitals, not `x`", id="a refused key"),
        pytest.param("name: a\nstarts: []", "line 2: `starts`: expected at least one", id="none where one is needed"),
        pytest.param("name: a\nstarts: ['']", "line 2: `starts`: expected a text", id="an empty one among several"),
        pytest.param(
            "name: a\npace: fast", "line 2: `pace`: expected a number of seconds, not `fast`", id="words as seconds"
        ),
        pytest.param("name: a\npace: -1", "line 2: `pace`: expected a number of seconds, not `-1`", id="time back"),
        pytest.param("name: a\npace: .nan", "line 2: `pace`: expected a number of seconds, not `.nan`", id="no time"),
        pytest.param(
            "name: a\npace: yes", "line 2: `pace`: expected a number of seconds, not `yes`", id="truth as time"
        ),
        pytest.param("name: a\nhalf: 3", "line 2: `half`: expected an even number, not `3`", id="its own sentence"),
        pytest.param("name: a\npage:\n  title: h1", "line 3: `page`: key `body` is missing", id="a key in a key"),
        pytest.param(
            "name: a\npage:\n  body: div\n  titel: h1",
            "line 4: `page`: unknown key `titel`, perhaps `title`?",
            id="a key in a key misspelt",
        ),
        pytest.param(
            "name: a\npage:\n  body: ''", "line 3: `page.body`: expected a text", id="a value in a key in a key"
        ),
        pytest.param("just words", "line 1: expected `key: value` lines", id="words"),
        pytest.param("- name: a", "line 1: expected `key: value` lines", id="a list"),
        pytest.param("name: a\n? [x]\n: b", "line 2: expected a name as key", id="a list for a key"),
        pytest.param("name: a: b", "line 1: mapping values are not allowed here", id="YAML: two colons"),
        pytest.param(
            "name: a\n\tcount: 1", "line 2: found character '\\t' that cannot start any token", id="YAML: a tab"
        ),
        pytest.param("name: a\n---\nname: b", "line 2: but found another document", id="YAML: two documents"),
        pytest.param("name: 'a", "line 1: found unexpected end of stream", id="YAML: an open quote"),
        pytest.param("name: *a", "line 1: found undefined alias 'a'", id="YAML: an alias to nothing"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_key(tmp_path: Path, text: str, mistake: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(tmp_path, text)
    assert str(refusal.value) == f"{tmp_path}/archiver.yaml, {mistake}"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param(b"name: \xff", "'utf-8' codec can't decode byte 0xff", id="bytes that are no UTF-8"),
        pytest.param(b"name: \x01", "special characters are not allowed", id="a control character"),
    ],
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, text: bytes, mistake: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(tmp_path, text)
    assert str(refusal.value).startswith(f"{tmp_path}/archiver.yaml: ")
    assert mistake in str(refusal.value)


@pytest.mark.parametrize(("name", "reason"), [("missing.yaml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as refusal:
        config.load(tmp_path / name, CHECK)
    assert str(tmp_path / name) in str(refusal.value)


def test_a_configuration_error_ends_a_run_with_2() -> None:
    assert ConfigurationError.exit_code == 2


@pytest.mark.parametrize(
    ("check", "text", "value"),
    [
        (config.text, "007", "007"),
        (config.text, "2026-03-09", "2026-03-09"),
        (config.text, "' a '", " a "),
        (config.anything, "~", None),
        (config.anything, "0x10", 16),
        (config.flag, "off", False),
        (config.one_or_more(config.text), "[a, b]", ("a", "b")),
        (config.seconds, "2", 2),
    ],
)
def test_values_are_what_the_file_shows(check: Callable[[yaml.Node], Any], text: str, value: object) -> None:
    node = yaml.compose(text, yaml.SafeLoader)
    assert node is not None
    assert check(node) == value


def test_a_mistake_of_two_keys_together_is_told_where_one_stands() -> None:
    node = yaml.compose("a: 1\nb: 2", yaml.SafeLoader)
    assert node is not None
    mistake = config.mistake_at(node, "b", "this and `a` are one too many")
    assert (mistake.line, mistake.keys, str(mistake)) == (2, ("b",), "this and `a` are one too many")
