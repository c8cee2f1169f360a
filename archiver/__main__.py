"""`python -m archiver` is the `archiver` command."""


def main() -> None:
    """Runs the command; imported late, so that a process that reads pages need not load the command line."""
    from archiver.cli import main as run

    run()


if __name__ == "__main__":
    main()
