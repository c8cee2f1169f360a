"""What the documents name exists, and the other way round."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from archiver import errors
from archiver.cli import COMMANDS, cli
from archiver.cli.configuration import KEYS
from archiver.notifying import PASSWORD, TOKEN, WEBHOOK
from archiver.outcomes import BUG, INTERRUPTED, MEANINGS, UNREACHABLE

ROOT = Path(__file__).parents[1]
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")


def parameters() -> list[click.Parameter]:
    return [parameter for command in commands(cli) for parameter in command.params]


def commands(group: click.Group) -> Iterator[click.Command]:
    context = click.Context(group)
    for command in filter(None, (group.get_command(context, name) for name in group.list_commands(context))):
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def test_every_command_option_and_variable_is_told() -> None:
    for name in COMMANDS:
        assert f"`archiver {name}" in RUNNING
    for parameter in parameters():
        if isinstance(parameter, click.Option):
            assert any(f"`{option}" in RUNNING for option in parameter.opts), parameter.opts
            assert parameter.envvar is None or f"`{parameter.envvar}`" in RUNNING
    for key in KEYS:
        assert f"| `{key}`" in RUNNING


def test_every_option_and_variable_that_is_told_exists() -> None:
    options = {option for parameter in parameters() for option in parameter.opts} | {"--version"}
    variables = {parameter.envvar for parameter in parameters()} | {WEBHOOK, TOKEN, PASSWORD}
    assert set(re.findall(r"`(--[a-z-]+)", RUNNING)) <= options
    assert set(re.findall(r"`(ARCHIVER_[A-Z_]+)`", RUNNING)) <= variables


def test_every_outcome_and_exit_code_is_told() -> None:
    for outcome in MEANINGS:
        assert f"\n| {outcome} |" in RUNNING
    codes = {0, BUG, INTERRUPTED, UNREACHABLE}
    kinds = (
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ArchiverError)
    )
    codes |= {kind.exit_code for kind in kinds}
    assert {int(code) for code in re.findall(r"\n\| (\d+) \|", RUNNING)} == codes


def test_the_readme_names_files_that_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in re.findall(r"`((?:archiver|docs|tests)/[\w/.-]+?)/?`", readme):
        assert (ROOT / name).exists(), name
    assert "sh setup.sh test" in readme
    assert "sh setup.sh test" in (ROOT / ".ci" / "run").read_text("utf-8")
