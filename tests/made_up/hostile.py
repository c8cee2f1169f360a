"""odd.example: a section that links pages in every charset, pages that are none, and pages that nobody can read."""

# ruff: noqa: E501  (markup stands as servers send it)

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from tests.internet import Answer, Asked, Script
from tests.made_up import Block, Story, compose
from tests.made_up.words import BOATS, INDUSTRY, KITCHEN, REPORTAGE, Prose

HOME = "https://odd.example"
START = f"{HOME}/news/"
CALENDAR = f"{HOME}/news/calendar/2024-01/"
MONTHS = 120
"""More than any crawl has a reason to look at."""
FIRST = datetime(2024, 5, 20, 9, 0, tzinfo=UTC)
MEGABYTES = 10

TRADITIONAL = (
    "碼頭旁的老茶樓今天重新開門，老闆林清泉說，招牌還是三十年前的那一塊。一早就有街坊拿著保溫瓶排隊，有人只是想看看樓梯有沒有換。",
    "他記得小時候漁船一靠岸，整條街都是魚腥味，如今遊客多了，卻很少有人知道對面的倉庫曾經是電影院。他打算把舊海報掛回牆上。",
    "茶樓的點心仍由七十歲的師傅主理，每天凌晨四點開始揉麵。師傅說手藝不難，難的是有人願意早起。下個月他會開一個小小的班，只收六個學生。",
)
JAPANESE = (
    "港町の小さな時計店が、今年で創業九十年を迎えた。店主の森川さんは、朝七時になると潮の音を聞きながらシャッターを開ける。",
    "店には漁師から預かった古い懐中時計が並び、どれも海水で錆びている。「動かすより、止まった理由を聞くほうが楽しい」と森川さんは笑う。",
    "最近は遠くの町から若い客も訪れるようになった。修理を待つあいだ、彼らは裏の防波堤でおにぎりを食べ、夕方の船を見送って帰っていく。",
)
KOREAN = (
    "항구 뒤편의 오래된 책방이 다음 달에 다시 문을 연다. 주인 한정우 씨는 지난겨울 내내 젖은 책을 한 장씩 말렸다고 한다.",
    "책방에는 뱃사람들이 두고 간 편지와 지도가 가득하다. 그는 그것을 팔지 않고 벽에 붙여 두었는데, 이제는 그 지도를 보러 오는 사람이 더 많다.",
    "토요일 저녁에는 작은 낭독회가 열린다. 의자는 열두 개뿐이지만 비가 오는 날이면 계단까지 사람들로 가득 찬다.",
)
RUSSIAN = (
    "Старый маяк на мысе снова горит: смотритель Павел Орлов заменил лампу, которую не меняли почти двадцать лет. Говорят, рыбаки заметили это раньше, чем городские власти.",
    "Зимой к маяку можно добраться только пешком, по льду, и Павел каждый раз оставляет на берегу записку. В ней он пишет, сколько у него осталось чая и когда ждать его обратно.",
    "Весной сюда привезут школьников, и смотритель уже готовит для них подзорную трубу. Он уверен, что хотя бы один из них захочет остаться.",
)
FRENCH = (
    "À l’extrémité du quai, l’atelier de Léonie Garnier ne désemplit pas : on y répare des voiles, des parapluies et, le jeudi, des accordéons.",
    "Elle a appris le métier auprès de son grand-père, qui cousait sans lunettes jusqu’à quatre-vingt-six ans. « Le fil sait où il va », répétait-il à qui voulait l’entendre.",
    "L’été dernier, un équipage égaré lui a laissé une grand-voile déchirée et une caisse de pêches. La voile est repartie en septembre, réparée ; les pêches, bien sûr, n’ont pas tenu jusque-là.",
)


@dataclass(frozen=True, slots=True)
class Charset:
    """A page in a charset, and who says so."""

    codec: str
    title: str
    text: tuple[str, ...]
    header: str = ""
    meta: str = ""


CHARSETS = {
    "GBK that its meta calls gb2312": Charset("gb18030", "陶喆远与码头的清晨", (), meta="gb2312"),
    "GBK that nobody tells": Charset("gb18030", "夜航船上的修表人", ()),
    "Big5 by its meta": Charset("big5", "老茶樓重新開門", TRADITIONAL, meta="big5"),
    "Shift_JIS by its meta": Charset("cp932", "港町の時計店、九十年", JAPANESE, meta="Shift_JIS"),
    "EUC-KR by its header": Charset("cp949", "항구 뒤편의 책방", KOREAN, header="euc-kr"),
    "windows-1251 by its header": Charset("cp1251", "Маяк снова горит", RUSSIAN, header="windows-1251"),
    "windows-1251 that nobody tells": Charset("cp1251", "Смотритель и его чай", RUSSIAN),
    "ISO-8859-1 that nobody tells": Charset("cp1252", "L’atelier où l’on répare l’été", FRENCH),
    "UTF-8 with a byte order mark": Charset("utf-8-sig", "Über Nacht stieg das Wasser", ()),
    "UTF-16 with a byte order mark": Charset("utf-16", "The naïve ferryman’s ledger", ()),
}


def page(title: str, main: str, head: str = "") -> str:
    """A plain page."""
    return (
        f"<!DOCTYPE html>\n<html><head>{head}<title>{escape(title)} | Odd News</title></head>\n<body>"
        f'<nav><a href="/">Front page</a> <a href="/news/">News</a> <a href="/contact/">Contact</a></nav>\n{main}\n'
        "<footer><p>Odd News, Quay 9. All rights reserved.</p></footer></body></html>"
    )


def article(title: str, published: datetime, text: str) -> str:
    """The middle of an article's page."""
    return (
        f'<main><article><h1>{escape(title, quote=False)}</h1><p class="meta"><time datetime="{published.isoformat()}">'
        f"{published:%Y-%m-%d %H:%M}</time></p>\n<div class=body>{text}</div></article></main>"
    )


def paragraphs(texts: tuple[str, ...]) -> str:
    """Texts as paragraphs."""
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def in_charset(story: Story, charset: Charset) -> Answer:
    """A page, its bytes, and what the server says of them."""
    assert story.published is not None
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset.meta}">' if charset.meta else ""
    text = page(story.title, article(story.title, story.published, paragraphs(story.says)), meta)
    kind = f"text/html; charset={charset.header}" if charset.header else "text/html"
    return Answer(text.encode(charset.codec), type=kind)


def texts_of(charset: Charset) -> tuple[Block, ...]:
    """The article in a charset."""
    if charset.text:
        return tuple(Block("p", text) for text in charset.text)
    topic = {"gb18030": INDUSTRY, "utf-8-sig": REPORTAGE, "utf-16": BOATS}[charset.codec]
    return compose(Prose(topic, charset.title), "p p p")


def readable() -> dict[str, tuple[Story, Answer]]:
    """Pages that must become posts: those in charsets, and two that are as they should be."""
    made = {}
    for number, (case, charset) in enumerate(CHARSETS.items()):
        published = FIRST - timedelta(days=number)
        url = f"{START}{published:%Y/%m}/charset-{number}.html"
        blocks = texts_of(charset)
        story = Story(url=url, title=charset.title, section="news", published=published, blocks=blocks)
        made[case] = (story, in_charset(story, charset))
    for number, title in enumerate(("A kettle for the night watch", "The bread boat is late again"), 20):
        published = FIRST - timedelta(days=number)
        blocks = compose(Prose(KITCHEN, title), "p p p p")
        url = f"{START}{published:%Y/%m}/fine-{number}.html"
        story = Story(url=url, title=title, section="news", published=published, blocks=blocks)
        made[title] = (story, in_charset(story, Charset("utf-8", title, (), header="utf-8")))
    return made


def huge() -> str:
    """An article of ten megabytes: half of it state for a script, the rest text."""
    prose = Prose(BOATS, "huge")
    some = [prose.paragraph(4, 6) for _ in range(200)]
    chance = random.Random(1)  # noqa: S311
    text = "\n".join(f"<p>{chance.choice(some)}</p>" for _ in range(MEGABYTES * 1_000_000 // 2 // 420))
    state = (
        '<script type="application/json">{"rows":["' + "0123456789abcdef" * (MEGABYTES * 62_500 // 2) + '"]}</script>'
    )
    return page("The whole log of the ferry", article("The whole log of the ferry", FIRST, text) + state)


def nested() -> str:
    """An article below 100,000 elements that were never closed."""
    return page("All the way down", "<div>" * 100_000 + article("All the way down", FIRST, "<p>Here it is.</p>"))


def multiplying() -> str:
    """Formatting that nobody closes, so that a tree builder must open all of it again in each paragraph.

    20 kB become 50,000 elements, which is a second's work; with four times as many of both it would be 16 seconds'.
    """
    fonts = "".join(f"<font color=c{n}>" for n in range(200))
    text = "".join(f"<p>{n} barrels of tar were landed before noon, and counted twice." for n in range(250))
    return page("Counting barrels", article("Counting barrels", FIRST, f"<p>{fonts}" + text))


def unreadable() -> dict[str, tuple[str, Script]]:
    """What may fail, each with its address: it must then be named."""
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + random.Random(2).randbytes(40_000) + b"\n%%EOF\n"  # noqa: S311
    return {
        "ten megabytes": (f"{START}2024/04/huge.html", lambda _: Answer(huge())),
        "an empty page": (f"{START}2024/04/empty.html", Answer(b"")),
        "100,000 nested tags": (f"{START}2024/04/nested.html", lambda _: Answer(nested())),
        "formatting that multiplies": (f"{START}2024/04/barrels.html", lambda _: Answer(multiplying())),
        "a PDF called text/html": (f"{START}2024/04/report.html", Answer(pdf, type="text/html")),
        "a page that never comes": (f"{START}2024/04/silence.html", Answer("too late", delay=2.5)),
    }


def month(asked: Asked) -> str:
    """A month of the calendar, or a day of it, on which nothing happens; it links the next month."""
    year, _, number = asked.url.split("/")[5].partition("-")
    at = int(year) * 12 + int(number) - 1

    def address(n: int) -> str:
        return f"/news/calendar/{n // 12}-{n % 12 + 1:02}/"

    days = "".join(f'<td><a href="{address(at)}{day}/">{day}</a></td>' for day in range(1, 29))
    return page(
        f"Events in {year}-{number}",
        f"<h1>Events in {year}-{number}</h1><table class=calendar><tr>{days}</tr></table><p>No events this month.</p>"
        f'<div class="pagination"><a rel="prev" href="{address(at - 1)}">‹ Previous</a> <a rel="next" href="{address(at + 1)}">Next ›</a></div>',
    )


def calendar() -> Iterator[str]:
    """Addresses of its months and days."""
    for at in range(2024 * 12, 2024 * 12 + MONTHS):
        base = f"{HOME}/news/calendar/{at // 12}-{at % 12 + 1:02}/"
        yield base
        yield from (f"{base}{day}/" for day in range(1, 29))


def pages() -> dict[str, Script]:
    """The whole site: two pages of a listing, what they link, and the calendar."""
    fine = readable()
    odd = unreadable()
    links = [(story.url, story.title) for story, _ in fine.values()]
    for at, (case, (url, _)) in enumerate(odd.items()):
        links.insert(2 * at + 1, (url, f"A long headline about {case}, as editors write them"))
    made: dict[str, Script] = {story.url: answer for story, answer in fine.values()}
    made |= dict(odd.values())
    for number, some in enumerate((links[:12], links[12:]), 1):
        cards = "\n".join(f'<li class=item><h2><a href="{url}">{escape(title)}</a></h2></li>' for url, title in some)
        onward = '<a class="next" href="/news/page/2/">Next page</a>' if number == 1 else ""
        events = f'<aside class=calendar><h3>May</h3><a rel="next" href="{CALENDAR}" title="Next month">›</a></aside>'
        address = START if number == 1 else f"{START}page/{number}/"
        made[address] = page(
            "News", f"<h1>News</h1><ul class=items>{cards}</ul><div class=pager>{onward}</div>{events}"
        )
    made |= dict.fromkeys(calendar(), month)
    return made
