"""YAML files that people write (`archiver.yaml`, site definitions), read so that a mistake is named with its line.

A check turns a node of the YAML tree into a value, or raises `MistakeError` with what was expected there.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from archiver.errors import ConfigurationError

Check = Callable[[yaml.Node], Any]


class MistakeError(Exception):
    """What is wrong at a node of a file."""

    def __init__(self, node: yaml.Node, expectation: str) -> None:
        super().__init__(expectation)
        self.line = node.start_mark.line + 1
        self.keys: tuple[str, ...] = ()
        """From the outermost key to the one that is wrong."""


def load(path: Path, check: Check) -> Any:
    """The checked content of a file. Raises ConfigurationError with file, line, key and expectation."""
    try:
        node = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}, line {line}: {error.problem or error}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    try:
        return check(node or yaml.MappingNode("tag:yaml.org,2002:map", [], EMPTY, EMPTY))
    except MistakeError as mistake:
        key = f"`{'.'.join(mistake.keys)}`: " if mistake.keys else ""
        raise ConfigurationError(f"{path}, line {mistake.line}: {key}{mistake}") from mistake


EMPTY = yaml.Mark("", 0, 0, 0, None, 0)


def mapping(checks: Mapping[str, Check], *, required: Iterable[str] = ()) -> Check:
    """A mapping of known keys, each with its own check; an unknown key is told its nearest neighbour."""

    def check(node: yaml.Node) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in pairs(node):
            name = key_name(key)
            if name not in checks:
                near = difflib.get_close_matches(name, checks, 1, 0.5)
                raise MistakeError(
                    key,
                    f"unknown key `{name}`"
                    + (f", perhaps `{near[0]}`?" if near else f"; known are {', '.join(checks)}"),
                )
            if name in values:
                raise MistakeError(key, f"key `{name}` stands here twice")
            values[name] = named(name, checks[name], value)
        for name in required:
            if name not in values:
                raise MistakeError(node, f"key `{name}` is missing")
        return values

    return check


def mapping_of(check_value: Check, *, check_key: Check | None = None) -> Check:
    """A mapping with keys of the user's choice, in the file's order."""

    def check(node: yaml.Node) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in pairs(node):
            name = key_name(key)
            if name in values:
                raise MistakeError(key, f"key `{name}` stands here twice")
            if check_key is not None:
                check_key(key)
            values[name] = named(name, check_value, value)
        if not values:
            raise MistakeError(node, "expected at least one entry")
        return values

    return check


def list_of(check_value: Check, *, size: int | None = None) -> Check:
    """A list; with `size`, of just so many."""

    def check(node: yaml.Node) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode) or (size is not None and len(node.value) != size):
            raise MistakeError(node, f"expected a list of {size}" if size else "expected a list")
        return tuple(check_value(value) for value in node.value)

    return check


def one_or_more(check_value: Check) -> Check:
    """A value, or a list of such values, as a tuple that is not empty."""
    several = list_of(check_value)

    def check(node: yaml.Node) -> tuple[Any, ...]:
        values: tuple[Any, ...] = several(node) if isinstance(node, yaml.SequenceNode) else (check_value(node),)
        if not values:
            raise MistakeError(node, "expected at least one")
        return values

    return check


def text(node: yaml.Node) -> str:
    """Words, not empty."""
    value = scalar(node)
    if value is None or isinstance(value, bool) or not str(node.value).strip():
        raise MistakeError(node, "expected a text")
    return str(node.value)


def anything(node: yaml.Node) -> Any:
    """Any scalar, as YAML reads it."""
    return scalar(node)


def flag(node: yaml.Node) -> bool:
    """`true` or `false`."""
    value = scalar(node)
    if not isinstance(value, bool):
        raise MistakeError(node, "expected true or false")
    return value


def positive(node: yaml.Node) -> int:
    """A whole number from 1 up."""
    value = scalar(node)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise MistakeError(node, "expected a whole number from 1 up")
    return value


def seconds(node: yaml.Node) -> float:
    """A number from 0 up to a day."""
    value = scalar(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 86400:
        raise MistakeError(node, f"expected a number of seconds, not `{node.value}`")
    return value


def one_of(choices: Iterable[str]) -> Check:
    """One of a few words."""
    words = tuple(choices)

    def check(node: yaml.Node) -> str:
        value = str(scalar(node))
        if value not in words:
            near = difflib.get_close_matches(value, words, 1, 0.5)
            raise MistakeError(
                node, f"expected one of {', '.join(words)}" + (f"; perhaps `{near[0]}`?" if near else "")
            )
        return value

    return check


def converted(convert: Callable[[str], Any], expectation: str) -> Check:
    """A text that `convert` takes without a ValueError."""

    def check(node: yaml.Node) -> Any:
        try:
            return convert(text(node))
        except (ValueError, KeyError, OSError) as error:
            raise MistakeError(node, f"expected {expectation}, not `{node.value}`") from error

    return check


def judged(convert: Callable[[str], Any]) -> Check:
    """A text that `convert` takes; what is wrong with any other is said by its ValueError."""

    return lambda node: told(convert, text(node), node)


def judged_key(convert: Callable[[str], Any]) -> Check:
    """As `judged`, for a key of the user's choice, which is a text whatever YAML takes it for."""
    return lambda node: told(convert, key_name(node), node)


def told(convert: Callable[[str], Any], value: str, node: yaml.Node) -> Any:
    """A converted text; its ValueError says what is wrong at the node."""
    try:
        return convert(value)
    except ValueError as error:
        raise MistakeError(node, str(error)) from error


def pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    """Keys and values of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        raise MistakeError(node, "expected `key: value` lines")
    found: list[tuple[yaml.Node, yaml.Node]] = node.value
    return found


def scalar(node: yaml.Node) -> Any:
    """What YAML reads: text, number, boolean, date or None."""
    if not isinstance(node, yaml.ScalarNode):
        raise MistakeError(node, "expected a single value")
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, KeyError, AttributeError) as error:
        raise MistakeError(node, f"YAML cannot read `{node.value}` here; put it in quotes") from error


def key_name(node: yaml.Node) -> str:
    """A key as the file has it: `on` and `007` are names, not values."""
    if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:merge":
        raise MistakeError(node, "expected a name as key")
    return str(node.value)


def mistake_at(node: yaml.Node, name: str, expectation: str) -> MistakeError:
    """A mistake at a key of a mapping, which is there."""
    key = next((key for key, _ in pairs(node) if key_name(key) == name), node)
    mistake = MistakeError(key, expectation)
    mistake.keys = (name,)
    return mistake


def named(name: str, check: Check, node: yaml.Node) -> Any:
    """The check of a value, its mistakes prefixed with the key."""
    try:
        return check(node)
    except MistakeError as mistake:
        mistake.keys = (name, *mistake.keys)
        raise
