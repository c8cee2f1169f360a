"""36kr from its first page to the last, as its users will see it."""

from pathlib import Path

from PIL import Image

from tests.conftest import FAST, Archiver
from tests.internet import Internet
from tests.kr36_site import GATEWAY, put_online, stories

NEWS_FOLDER = "新媒体/36kr/资讯"
POST = """
---
title: '第1则p的故事'
categories: 
 - 新媒体
 - 36kr
 - 资讯
headimg: 'https://img.36krcdn.com/20220301/v2_000000000000000000000000000003e9_img_png'
author: 36kr
comments: false
date: Tue, 01 Mar 2022 07:30:00 GMT
thumbnail: 'https://img.36krcdn.com/20220301/v2_000000000000000000000000000003e9_img_png'
---

<div>   
<p>第1001家店\u00a0开了。</p> 
<p class="image-wrapper"><img src="https://img.36krcdn.com/20220301/v2_000000000000000000000000000003e9_img_png" referrerpolicy="no-referrer"></p>  
</div>
            """  # noqa: E501, W291


def test_an_article_and_its_header_image_land_side_by_side(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(1))
    run = archiver.crawl("--channel", "资讯")
    assert (run.code, run.counts()) == (0, {"new": 1, "stored": 1})
    assert run.files() == [f"images/{NEWS_FOLDER}/第1则p的故事.png", f"{NEWS_FOLDER}/第1则p的故事.md"]
    assert (run.output / NEWS_FOLDER / "第1则p的故事.md").read_text("utf-8") == POST
    with Image.open(run.output / "images" / NEWS_FOLDER / "第1则p的故事.png") as image:
        image.load()
    asked = {request.url: request.headers for request in internet.asked}
    image_request = asked[stories(1)[0].image]
    assert image_request["referer"] == "https://36kr.com/p/1001"
    assert image_request["accept"].startswith("image/")
    assert image_request["user-agent"].startswith("archiver/")
    assert internet.asked[0].url == "https://36kr.com/robots.txt"


def test_a_second_run_writes_nothing_and_fetches_no_image_again(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(3), stories(2, "newsflashes", 5000))
    archiver.crawl()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tree(archiver.output)}
    internet.asked.clear()
    run = archiver.crawl()
    assert (run.code, run.counts()) == (0, {"known": 5})
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tree(archiver.output)} == before
    assert internet.urls("img.36krcdn.com") == []


def tree(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and ".archiver" not in path.parts)


def test_paging_goes_on_to_the_end_and_fetches_nothing_twice(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(95), stories(31, "newsflashes", 5000))
    run = archiver.crawl()
    assert (run.code, run.counts()) == (0, {"new": 126, "stored": 95})
    assert len(list(run.output.rglob("*.md"))) == 126
    assert len(internet.urls("/p/")) == len(set(internet.urls("/p/"))) == 95
    flows = [request for request in internet.asked if request.url.startswith(GATEWAY) and request.method == "POST"]
    assert len(flows) == 3 + 1
    assert {request.headers["origin"] for request in flows} == {"https://36kr.com"}


def test_limit_pages_since_and_until_are_exact(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(70))
    news = ("--channel", "资讯")
    assert archiver.crawl(*news, "--limit", "40", "-o", "limit").counts() == {"new": 40, "stored": 40}
    assert archiver.crawl(*news, "--pages", "1", "-o", "pages").counts() == {"new": 30, "stored": 30}
    internet.asked.clear()
    span = archiver.crawl(*news, "--since", "2022-03-03", "--until", "2022-03-03T03:30:00", "-o", "span")
    assert span.counts() == {"new": 4, "stored": 4}
    assert internet.urls("/p/") == [f"https://36kr.com/p/{1000 + n}" for n in (45, 44, 43, 42)]
    assert len(internet.urls("/flow")) == 1  # the second page is older throughout: nothing beyond it is asked


def test_a_page_is_archived_by_its_address(internet: Internet, archiver: Archiver) -> None:
    put_online(internet, stories(2), stories(1, "newsflashes", 5000))
    internet.pages["https://www.36kr.com/p/1002"] = internet.pages["https://36kr.com/p/1002"]
    run = archiver(
        "page", "https://www.36kr.com/p/1002?utm_source=rss", "https://36kr.com/newsflashes/5001", "--json", *FAST
    )
    assert run.counts() == {"new": 2, "stored": 1}
    assert [name for name in run.files() if name.endswith(".md")] == [
        "新媒体/36kr/快讯/第1则newsflashes的故事.md",
        "新媒体/36kr/资讯/第2则p的故事.md",
    ]
