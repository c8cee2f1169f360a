"""Files of an archive: they appear whole or not at all, and one process at a time writes them."""

import fcntl
import hashlib
import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from archiver.errors import LockedError, MachineError

TEMPORARY = ".archiver-tmp-"
"""Every file we are still writing begins so."""
UMASK = os.umask(0)  # the system tells it only by setting it
os.umask(UMASK)


def write_whole(target: Path, data: bytes) -> None:
    """The file appears under its name with all its bytes, or not at all; an existing one is replaced the same way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~UMASK)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def refuse_outside(root: Path, path: Path) -> None:
    """Raises MachineError where a link on the way from `root` to `path` leads out of it; `root` itself may be one."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise MachineError(f"{path} leads out of {root}, to {path.resolve()}: a link that nobody has vouched for")


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turns the system's refusal of a write into a MachineError that names the file."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"{error.filename or path}: {error.strerror or error}") from error


def lock(path: Path, *, note: bool = True) -> int:
    """Takes the lock of an archive for this process; the system gives it back when the process ends, however it ends.

    With `note`, the lock file tells who has it. Raises LockedError, naming the holder, when another process has it.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another run"
            os.close(handle)
            raise LockedError(f"{path.parent.parent} is in use by {holder}") from error
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            break
        os.close(handle)  # its last holder has just removed it
    if note:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} since {datetime.now(UTC).isoformat(timespec='seconds')}".encode(), 0)
    return handle


def missing_parents(folder: Path) -> list[Path]:
    """The folders that would have to be created for this one, innermost first."""
    return list(itertools.takewhile(lambda path: not path.exists(), (folder, *folder.parents)))


def sha256(data: bytes) -> str:
    """Hexadecimal."""
    return hashlib.sha256(data).hexdigest()
