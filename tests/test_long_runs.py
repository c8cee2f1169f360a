"""Runs that last, and runs that are many: short versions of `measure_memory`, `soak` and `fuzz`."""

from pathlib import Path

import pytest

from tests.fuzz import TARGETS, Target, fuzz
from tests.measure_memory import measure
from tests.soak import soak


def test_a_run_grows_neither_in_memory_nor_in_files_threads_and_tasks(tmp_path: Path) -> None:
    measured = measure(tmp_path, 300)
    assert (measured.code, measured.posts) == (0, 300)
    assert measured.growth < 20  # MB; 2 were seen
    assert [fault for fault in measured.faults if "longer" not in fault] == []


def test_a_site_that_changes_and_fails_is_archived_as_it_is(tmp_path: Path) -> None:
    result = soak(tmp_path, 2, seed=12)
    assert result.differences == []
    assert result.codes[1] > 0  # something failed
    assert result.posts >= result.live > 0


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_the_documented_errors_comes_out(name: str) -> None:
    assert fuzz(TARGETS[name], 1, 60) == ""


def test_what_breaks_a_rule_is_found_and_made_small() -> None:
    def refuse_braces(text: str) -> None:
        assert "{{" not in text, "braces"

    assert "'{{'" in fuzz(Target(TARGETS["body"].inputs, refuse_braces), 1)
