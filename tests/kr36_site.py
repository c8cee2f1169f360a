"""36kr.com as its pages are built (../shared/KR36.md), with articles that we made up."""

import base64
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from tests.internet import Answer, Asked, Internet

SITE = "https://36kr.com"
NEWS = f"{SITE}/information/web_news/"
FLASHES = f"{SITE}/newsflashes"
GATEWAY = "https://gateway.36kr.com/api/mis/nav"
PAGE_SIZE = 30
FIRST = datetime(2022, 3, 1, 6, 30, tzinfo=UTC)
ADVERT = {"itemId": 9, "itemType": 0, "route": "webview?url=ads", "templateMaterial": {"widgetTitle": "广告"}}
THEME = {"itemId": 8, "itemType": 5000, "route": "detail_theme?themeId=8", "templateMaterial": {"widgetTitle": "专题"}}
SOFT_BLOCK = '<!DOCTYPE html><html><body><script>window.initialState={"isSpider":true}</script></body></html>'
CHALLENGE = "<!DOCTYPE html><html><head><script>var _wafchallenge='x';</script></head><body></body></html>"
ENCRYPTED = '{"state":"c2VjcmV0","isEncrypt":true}'


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 36)) -> bytes:
    """A real image."""
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


@dataclass
class Story:
    """An article or newsflash that 36kr has."""

    number: int
    kind: str = "p"  # or "newsflashes"
    title: str = ""
    body: str | None = None
    when: datetime = field(default=FIRST)

    @property
    def url(self) -> str:
        return f"{SITE}/{self.kind}/{self.number}"

    @property
    def image(self) -> str:
        return f"https://img.36krcdn.com/20220301/v2_{self.number:032x}_img_png"

    @property
    def milliseconds(self) -> int:
        return int(self.when.timestamp() * 1000)

    def content(self) -> str:
        if self.body is not None:
            return self.body
        if self.kind == "newsflashes":
            return f"36氪获悉，第{self.number}家咖啡馆今日开业。"
        return f'<p>第{self.number}家店&nbsp;开了。</p> \n<p class="image-wrapper"><img src="{self.image}"></p>'

    def card(self) -> dict[str, Any]:
        route = "detail_article" if self.kind == "p" else "detail_newsflash"
        material = {"itemId": self.number, "widgetTitle": self.title, "publishTime": self.milliseconds}
        return {"itemId": self.number, "itemType": 10, "route": f"{route}?itemId=1", "templateMaterial": material}

    def data(self) -> dict[str, Any]:
        return {
            "itemId": self.number,
            "widgetTitle": self.title,
            "publishTime": self.milliseconds,
            "widgetContent": self.content(),
            "author": "小满",
        }

    def page(self) -> str:
        if self.kind == "newsflashes":
            return page({"newsflashDetail": {"detailData": {"code": 0, "data": self.data()}}})
        return page({"articleDetail": {"articleDetailData": {"code": 0, "data": self.data()}}})


def stories(count: int, kind: str = "p", first: int = 1000) -> list[Story]:
    """So many articles, newest first, an hour apart."""
    whole = range(count, 0, -1)
    return [Story(first + n, kind, f"第{n}则{kind}的故事", when=FIRST + timedelta(hours=n)) for n in whole]


def page(state: dict[str, Any], markup: str = "", head: str = "") -> str:
    """A page as the server renders it."""
    text = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>36氪</title>{head}</head><body>'
        f'<div id="app">{markup}</div><script>window.__GATEWAY_SIGN__="n";window.initialState={text};</script>'
        "</body></html>"
    )


def flow(chosen: list[Story], start: int) -> dict[str, Any]:
    """One page of a listing; each but the first begins with the last story of the one before."""
    items = [story.card() for story in chosen[max(start - 1, 0) : start + PAGE_SIZE]]
    callback = base64.b64encode(json.dumps({"lastId": start + PAGE_SIZE}).encode()).decode()
    return {
        "itemList": [*items[:1], ADVERT, THEME, *items[1:]] if items else [],
        "pageCallback": callback,
        "hasNextPage": int(start + PAGE_SIZE < len(chosen)),
    }


def put_online(internet: Internet, articles: list[Story], flashes: list[Story] | None = None) -> None:
    """The whole site: listings, paging API, pages and images."""
    flashes = flashes or []

    def gateway(chosen: list[Story]) -> Any:
        def answer(asked: Asked) -> Answer:
            callback = json.loads(asked.body)["param"]["pageCallback"]
            start = json.loads(base64.b64decode(callback))["lastId"]
            return Answer(json.dumps({"code": 0, "data": flow(chosen, start)}), type="application/json")

        return answer

    internet.pages |= {
        NEWS: page({"information": {"informationList": flow(articles, 0)}}),
        FLASHES: page({"newsflashCatalogData": {"data": {"newsflashList": {"data": flow(flashes, 0)}}}}),
        f"{GATEWAY}/ifm/subNav/flow": gateway(articles),
        f"{GATEWAY}/newsflash/flow": gateway(flashes),
        **{story.url: story.page() for story in (*articles, *flashes)},
        **{story.image: Answer(picture(), type="image/png") for story in articles},
    }
