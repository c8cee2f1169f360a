"""A small town's newspaper that answers conditional requests, and whose articles change, move and go."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.internet import Answer, Asked, Internet, Script
from tests.samples import picture

TOWN = "https://town.example"
NEWS = f"{TOWN}/news/"
PER_PAGE = 5
DEFINITION = """\
domains: [town.example, m.town.example]
language: en
channels:
  news: {start: https://town.example/news/, categories: [web, town, news]}
listing: {item: li.card, link: a, date: time, next: a.next}
article: {title: h1, body: div.body, date: time}
"""
SENTENCE = "The council of the town met on the quay and spoke about story number {number} for three hours. "


@dataclass
class Story:
    """An article of the town."""

    number: int
    when: datetime
    title: str = ""
    text: str = ""
    advert: str = "Buy a boat!"
    head: str = ""
    image: bool = False
    path: str = ""

    @property
    def url(self) -> str:
        return f"{NEWS}{self.path or f'story-{self.number}.html'}"

    @property
    def picture(self) -> str:
        return f"{TOWN}/pictures/{self.number}.png"

    def page(self) -> str:
        text = self.text or "".join(SENTENCE.format(number=self.number) for _ in range(4))
        image = f'<img src="{self.picture}">' if self.image else ""
        return (
            f"<!doctype html><html><head><title>t</title>{self.head}</head><body><aside>{self.advert}</aside>"
            f'<h1>{self.title or f"Story {self.number}"}</h1><time datetime="{self.when.isoformat()}"></time>'
            f'<div class="body"><p>{text}</p>{image}</div></body></html>'
        )


def stories(count: int, newest: datetime | None = None) -> list[Story]:
    """So many articles, newest first, an hour apart; the newest is two hours old where nothing else is said."""
    newest = newest or datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    return [Story(number, newest - timedelta(hours=count - number)) for number in range(count, 0, -1)]


def conditional(body: str) -> Script:
    """An answer with an `ETag`; 304 to who has it."""
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body, headers={"ETag": etag})

    return answer


@dataclass
class Town:
    """The newspaper's site; `publish` puts it online as it is now."""

    internet: Internet
    folder: Path
    stories: list[Story] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "sites").mkdir(exist_ok=True)
        (self.folder / "sites" / "town.yaml").write_text(DEFINITION, "utf-8")

    def publish(self) -> None:
        for number, start in enumerate(range(0, max(len(self.stories), 1), PER_PAGE), 1):
            self.internet.pages[self.page_url(number)] = conditional(self.listing(start, number))
        for story in self.stories:
            self.internet.pages[story.url] = conditional(story.page())
            self.internet.pages[story.picture] = Answer(picture("PNG"), type="image/png")

    def page_url(self, number: int) -> str:
        return NEWS if number == 1 else f"{NEWS}page/{number}"

    def listing(self, start: int, number: int) -> str:
        items = "".join(
            f'<li class="card"><a href="{story.url}">{story.title or story.number}</a>'
            f'<time datetime="{story.when.isoformat()}"></time></li>'
            for story in self.stories[start : start + PER_PAGE]
        )
        more = f'<a class="next" href="{self.page_url(number + 1)}">' if start + PER_PAGE < len(self.stories) else ""
        return f"<!doctype html><html><body><ul>{items}</ul>{more}</body></html>"
