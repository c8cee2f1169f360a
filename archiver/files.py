"""Files of an archive: they appear whole or not at all, and who writes them holds a lock."""

import errno
import fcntl
import hashlib
import itertools
import logging
import os
import re
import secrets
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archiver.bucket import BucketPath, Place
from archiver.errors import LockedError, MachineError

logger = logging.getLogger(__name__)
TEMPORARY = ".archiver-tmp-"
"""Every file we are still writing begins so."""
DURABILITIES = ("safe", "fast")
"""`safe`: what is written outlives a power cut. `fast`: it outlives a kill, and the system writes it when it likes."""
NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""How a file system answers that cannot sync a folder."""
LOOK = 0.2
"""Seconds between two looks at a lock that another run has."""
HOLDER = re.compile(r"process (\d+) since \S+ on ([^\s,]+)")


def write_whole(target: Place, data: bytes, *, is_safe: bool = True) -> None:
    """The file appears under its name with all its bytes, or not at all; an existing one is replaced the same way.

    Within an archive that is open, `Writer.write` is the one to use: what a kill leaves of it is swept.
    """
    if isinstance(target, BucketPath):
        target.write_bytes(data)
        return
    put_file(target.with_name(f"{TEMPORARY}{secrets.token_hex(4)}-0"), target, data, is_safe=is_safe)


def put_file(temporary: Path, target: Path, data: bytes, *, is_safe: bool) -> None:
    """As `write_whole`, by way of a file beside the target that must not be there yet."""
    folder = target.parent
    created = missing_parents(folder)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if is_safe:
                sync(file)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if is_safe:
        sync_folders((folder, *(path.parent for path in created)))


def sync(file: BinaryIO) -> None:
    """What was written to a file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folders(folders: Iterable[Path]) -> None:
    """The names in folders are on the disk, where their file system knows how to promise that."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in NO_SYNC:
                raise
        finally:
            os.close(handle)


def refuse_outside(root: Path, path: Path) -> None:
    """Raises MachineError where a link on the way from `root` to `path` leads out of it; `root` itself may be one."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise MachineError(f"{path} leads out of {root}, to {path.resolve()}: a link that nobody has vouched for")


def read_if_there(path: Place) -> bytes | None:
    """The bytes of a file; None: there is none. Raises OSError."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


@contextmanager
def refusals(path: Place) -> Iterator[None]:
    """Turns the system's refusal of a write into a MachineError that names the file."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"{error.filename or path}: {error.strerror or error}") from error


def lock(path: Path, *, note: bool = True, wait: float = 0, is_shared: bool = False) -> int:
    """Takes the lock of an archive for this process; the system gives it back when the process ends, however it ends.

    One that is shared keeps out only those who want it alone. With `note`, the lock file tells who has it, or who was
    the last to share it. Another process that has it is waited for so many seconds; then raises LockedError, naming
    the holder.
    """
    kind = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
    last_moment, is_told = time.monotonic() + wait, False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = holder_in(os.pread(handle, 200, 0).decode(errors="replace"))
            os.close(handle)
            if time.monotonic() >= last_moment:
                raise LockedError(f"{path.parent.parent} is in use by {holder}") from error
            if not is_told:
                logger.warning("%s is in use by %s; waiting for it to end", path.parent.parent, holder)
            is_told = True
            time.sleep(LOOK)
            continue
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            break
        os.close(handle)  # its last holder has just removed it
    if note:
        now, others = datetime.now(UTC).isoformat(timespec="seconds"), ", perhaps with others" if is_shared else ""
        text = f"process {os.getpid()} since {now} on {socket.gethostname()}{others}"
        os.ftruncate(handle, 0)
        os.pwrite(handle, text.encode(), 0)
    return handle


def try_alone(handle: int) -> bool:
    """Has nobody else a lock that is held? One that was shared is held alone then, or not at all any more."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def forget_holder(handle: int) -> None:
    """Takes this process's note out of a lock file; that of another one which shares the lock stays."""
    found = HOLDER.match(os.pread(handle, 200, 0).decode(errors="replace"))
    if found is None or (found[1], found[2]) == (str(os.getpid()), socket.gethostname()):
        os.ftruncate(handle, 0)


def holder_in(note: str) -> str:
    """Who has a lock, by its text; a run that was killed may have left that, while the one that has it is beginning."""
    found = HOLDER.match(note)
    if found is None or (found[2] == socket.gethostname() and not is_alive(int(found[1]))):
        return "another run"
    return note.strip()


def is_alive(process: int) -> bool:
    """Does a process of this machine run?"""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def missing_parents(folder: Path) -> list[Path]:
    """The folders that would have to be created for this one, innermost first."""
    return list(itertools.takewhile(lambda path: not path.exists(), (folder, *folder.parents)))


def sha256(data: bytes) -> str:
    """Hexadecimal."""
    return hashlib.sha256(data).hexdigest()
