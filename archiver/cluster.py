"""Crawls on many machines: what is due goes through Celery, on Redis, to workers that run each as `archiver crawl`.

A job is placed at least once, and run once: who takes it asks the index whether a run of it has begun since it was due,
and its crawl takes the leases of its site. So a job that is sent or delivered again does no harm.
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from archiver.archive import Archive
from archiver.database import is_postgresql
from archiver.errors import ArchiverError, ConfigurationError, LockedError
from archiver.layout import Layout
from archiver.schedule import Standing, last_run
from archiver.scheduler import RETRY, start_crawl

if TYPE_CHECKING:
    import subprocess

    from celery import Celery
    from redis import Redis

logger = logging.getLogger("archiver")
TASK = "archiver.crawl"
SENDING = 60
"""Seconds for which a job is taken for sent that is being sent: whoever does so may be killed."""
QUEUED = timedelta(days=1)
"""For which it is not sent again, unless a worker has done with it."""
LEASED = 30.0
"""Seconds after which a job is tried again whose site another run is crawling."""
RESTORE = 10
"""Seconds between two looks of a worker for jobs of workers that are gone, at most."""


@dataclass(frozen=True, slots=True)
class Order:
    """A job, and the moment for which it is placed."""

    id: str
    """The same whoever plans, and however often, until a run of it has begun."""
    site: str
    channel: str = ""
    slot: str = ""
    """When it was due, as ISO 8601; empty: the site was never crawled."""

    @classmethod
    def of(cls, standing: Standing) -> "Order":
        slot = standing.next.isoformat(timespec="seconds") if standing.last else ""
        return cls(f"{standing.job.name}@{slot or 'first'}", standing.job.site, standing.job.channel, slot)

    @property
    def arguments(self) -> list[str]:
        """Of `archiver`."""
        return ["crawl", *self.words]

    @property
    def words(self) -> list[str]:
        """Of `archiver crawl`."""
        return [*([f"--channel={self.channel}"] if self.channel else []), "--", self.site]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "arguments": self.arguments}


def is_done(order: Order, layout: Layout) -> bool:
    """Has a run begun since the job was due? Raises ConfigurationError, MachineError."""
    if not layout.is_begun:
        return False
    with closing(Archive(layout, mode="read")) as archive:
        last = last_run(archive.index, order.site, order.channel)
    return last is not None and (not order.slot or last >= datetime.fromisoformat(order.slot))


# The queue.


class Queue:
    """Celery on Redis."""

    def __init__(self, broker: str, visibility: timedelta) -> None:
        """`visibility`: after which a job is delivered again that a worker took and has not done with.

        Raises ConfigurationError.
        """
        if not broker.startswith(("redis://", "rediss://")):
            raise ConfigurationError(
                "the broker is a Redis, as redis://HOST:6379/0; --broker or ARCHIVER_BROKER names it"
            )
        self.visibility = visibility.total_seconds()
        self.app: Celery
        self.redis: Redis
        self.app, self.redis = connect(broker)
        self.app.conf.update(
            task_default_queue="archiver",
            task_serializer="json",
            accept_content=["json"],
            task_ignore_result=True,
            task_acks_late=True,  # a job is the queue's until it is done
            task_reject_on_worker_lost=True,
            worker_prefetch_multiplier=1,
            worker_hijack_root_logger=False,
            worker_redirect_stdouts=False,
            broker_connection_retry_on_startup=True,
            broker_transport_options={
                "visibility_timeout": self.visibility,
                "unacked_restore_interval": max(1, min(RESTORE, int(self.visibility / 4))),
                "unacked_restore_throttle": 1,
            },
        )

    def send(self, orders: Iterable[Order]) -> Iterator[Order]:
        """Sends those that are not on their way already, and gives them back. Raises ConfigurationError."""
        with refusals():
            for order in orders:
                if self.redis.set(mark(order), "sending", nx=True, ex=SENDING):
                    self.app.send_task(TASK, kwargs=asdict(order), task_id=order.id, retry=False)
                    self.redis.set(mark(order), "sent", ex=QUEUED)
                    yield order

    def is_through(self, order: Order) -> None:
        """A worker has done with a job; it is sent again if no run came of it, but not at once."""
        with refusals():
            self.redis.expire(mark(order), RETRY)


def connect(broker: str) -> "tuple[Celery, Redis]":
    """Raises ConfigurationError where Celery is not installed, or the address is none."""
    try:
        from celery import Celery
        from redis import Redis
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"crawls on many machines need {error.name}: pip install 'archiver[cluster]'"
        ) from error
    try:
        return Celery("archiver", broker=broker), Redis.from_url(broker)
    except ValueError as error:
        raise ConfigurationError(f"the broker: {error}") from error


def mark(order: Order) -> str:
    """The key in Redis that says that a job is on its way."""
    return f"archiver:{order.id}"


@contextmanager
def refusals() -> Iterator[None]:
    """Turns what the broker refuses into ConfigurationError."""
    from kombu.exceptions import OperationalError
    from redis import RedisError

    try:
        yield
    except (OperationalError, RedisError) as error:
        raise ConfigurationError(f"the broker cannot be reached: {error}") from error


# The worker.


class Worker:
    """Runs jobs of the queue, so many at a time, each in a process of its own."""

    def __init__(self, layout: Layout, queue: Queue) -> None:
        """Raises ConfigurationError for an archive that several machines cannot share."""
        if not is_postgresql(layout.index):
            raise ConfigurationError("many machines share an archive only where its --index is PostgreSQL")
        self.layout, self.queue = layout, queue
        self.children: set[subprocess.Popen[bytes]] = set()
        self.is_stopping = False
        self._mutex = threading.Lock()

    def work(self, concurrency: int) -> None:
        """Until SIGTERM or SIGINT, which lets crawls finish what is in flight."""
        from celery.exceptions import Reject
        from celery.signals import worker_shutting_down

        @self.queue.app.task(name=TASK, bind=True, max_retries=None)  # type: ignore[untyped-decorator]
        def crawl(task: Any, **values: str) -> None:
            order = Order(**values)
            try:
                is_over = is_done(order, self.layout) or self.crawl(order) != LockedError.exit_code
            except ArchiverError as error:
                logger.error("%s: %s", order.id, error)
                is_over = False
            if self.is_stopping and not is_over:
                raise Reject(requeue=True)
            if not is_over:
                raise task.retry(countdown=min(LEASED, self.queue.visibility / 2))
            self.queue.is_through(order)

        worker_shutting_down.connect(self.stop)
        # Threads: the signal's handler sees the processes of all crawls.
        self.queue.app.Worker(
            pool="threads", concurrency=concurrency, quiet=True, without_gossip=True, without_mingle=True
        ).start()

    def crawl(self, order: Order) -> int:
        """The exit code; that of LockedError, too, where this worker is about to end."""
        with self._mutex:
            if self.is_stopping:
                return LockedError.exit_code
            logger.info("starts: %s", order.id)
            child = start_crawl(order.words, self.layout)
            self.children.add(child)
        code = child.wait()
        with self._mutex:
            self.children.discard(child)
        logger.info("ended: %s, exit code %d", order.id, code)
        return code

    def stop(self, **_: Any) -> None:
        """Nothing new begins, and what goes on is asked to end."""
        with self._mutex:
            self.is_stopping = True
            for child in self.children:
                child.terminate()
