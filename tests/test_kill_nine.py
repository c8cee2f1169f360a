"""Every command that writes, killed at random moments, ends as a run that nobody disturbed."""

from pathlib import Path

import pytest

from archiver.cli import COMMANDS
from tests.kill_nine import SCENARIOS, kill_nine


@pytest.mark.parametrize("command", [name for name in SCENARIOS if name in COMMANDS])
def test_a_command_that_is_killed_again_and_again_ends_as_one_that_is_not(tmp_path: Path, command: str) -> None:
    times = 5 if command == "crawl" else 3
    result = kill_nine(command, times, seed=9, folder=tmp_path)
    assert result.differences == []
    assert result.kills == times or result.ends
