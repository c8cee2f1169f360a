"""A signal ends a command between two steps; a second one at once."""

import os
import signal
import subprocess
import sys

import pytest

from archiver.interruption import Interruption


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_step_in_which_a_signal_comes_is_the_last(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    done = []
    with Interruption() as interruption:
        for step in interruption.steps(range(9)):
            if step == 3:
                os.kill(os.getpid(), number)
            done.append(step)
    assert (done, interruption.is_asked) == ([0, 1, 2, 3], True)
    assert signal.getsignal(number) == before


def test_without_a_signal_all_steps_are_taken() -> None:
    with Interruption() as interruption:
        assert [*interruption.steps("abc")] == ["a", "b", "c"]
    assert not interruption.is_asked


def test_the_second_signal_ends_a_step_and_what_is_open_is_closed() -> None:
    with Interruption() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        assert interruption.is_asked
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_command_that_waits_is_ended_by_either_signal_with_exit_code_130() -> None:
    program = (
        "import os, signal, sys, time, archiver.cli.sites\n"
        "def wait(): os.kill(os.getpid(), signal.SIGTERM); time.sleep(20)\n"
        "sys.modules['archiver.cli.sites'].load_sites = wait\n"
        "archiver.cli.main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program, "sites"], timeout=15, capture_output=True, check=False)
    assert (run.returncode, run.stdout, run.stderr.strip()) == (130, b"", b"")
