"""`python -m archiver` is the `archiver` command."""

import os
import sys


def main() -> None:
    """Runs the command; imported late, so that a process that reads pages need not load the command line.

    In a locale whose file names are in ASCII (`LC_ALL=C`), Python is started again in its UTF-8 mode.
    """
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606
    from archiver.cli import main as run

    run()


if __name__ == "__main__":
    main()
