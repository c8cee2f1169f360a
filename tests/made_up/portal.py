"""gangkou-xinwen.example: a Chinese portal in GBK, called gb2312 in its pages only; numbered lists, articles in parts."""

# ruff: noqa: E501  (markup stands as servers send it)

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape

from tests.internet import Answer, Script
from tests.made_up import Block, Site, Story, compose, paged
from tests.made_up.pictures import blank, shown
from tests.made_up.words import INDUSTRY, Prose

HOME = "https://www.gangkou-xinwen.example"
START = f"{HOME}/chanye/"
BRANCH = f"{START}gangji/"
IMAGES = "//img.gangkou-xinwen.example"
NAME = "港口新闻网"
ZONE = UTC
"""The pages name no zone, and nothing else tells it."""
PER_PAGE = 10
TITLES = {
    "chanye": """东澜港上线无人集卡 夜班只剩两个人
一条航线如何改变一座县城的早餐
“潮信”芯片流片成功，造船厂成了第一个客户
岸电改造进入第三年：谁在买单？
冷库里的春天：水产企业抢滩预制菜
二手集装箱涨价了，卖家却不着急
老船长的新考卷
从木材到光伏，北角码头换了主角
数字提单试点满月：快了，也更安静了
造船订单排到2028年，焊工去哪儿找
一吨矿石的旅行
海石物流拆分仓储业务
修船厂里的“点云”：扫描一艘船要多久
青石湾港区二期开工 新增泊位八个
拖轮改电，码头上少了一种声音
粮食船的候泊时间缩短一半
船用涂料价格连降四周
望潮岛灯塔退役之后
自动化堆场的第一个冬天
船闸检修四十天，货主们的账本
一家绳缆厂的出海路
航运保险悄悄涨价
保税仓里的直播间
老码头改造：留下吊车，拆掉围墙
内河小船主的最后一班
港口数据能不能卖""".splitlines(),
    "gangji": """岸桥司机转岗记
国产防摇系统装上第一百台吊机
起重机的钢丝绳多久换一次
一台龙门吊的远行
港机租赁兴起，小码头松了口气""".splitlines(),
    "tiyu": """港口杯龙舟赛周末开桨
码头工人足球队三连胜
环岛夜跑报名人数破万
帆船少年的第一枚奖牌""".splitlines(),
}
FOLDERS = {"chanye": "chanye", "gangji": "chanye/gangji", "tiyu": "tiyu"}
CHANNELS = (
    *(("首页", ""), ("要闻", "yaowen/"), ("产业", "chanye/"), ("体育", "tiyu/"), ("财经", "caijing/")),
    *(("社会", "shehui/"), ("图片", "tupian/"), ("视频", "shipin/")),
)
AUTHORS = (("李喆远",), ("王小满",), ("陈砚", "周望"), (), ("赵听雨",))
EDITORS = ("孙桥", "吴帆", "郑一鸣")
PLANS = ("p p p p", "p h3 p p h3 p p", "p p p p p", "p p h3 p p")
TWO_PARTS, THREE_PARTS = "一条航线如何改变一座县城的早餐", "造船订单排到2028年，焊工去哪儿找"
WITHOUT_PICTURE = ("海石物流拆分仓储业务", "航运保险悄悄涨价")
FIRST = datetime(2024, 5, 13, 8, 30, tzinfo=ZONE)
DAYS = {"chanye": 7, "gangji": 9, "tiyu": 3}
NEVER = (
    "热点推荐",
    "相关阅读",
    "相关新闻",
    "网友评论",
    "我要评论",
    "分享到",
    "微信扫一扫",
    "字号",
    "打印本页",
    "上一篇",
    "下一篇",
    "下一页",
    "尾页",
    "广告合作",
    "京ICP备",
    "版权声明",
    "凡本网注明",
    "设为首页",
    "新闻客户端下载",
    "购房节",
    "这个报道写得很细",
    "首页",
)


def number_of(section: str, at: int) -> int:
    """The number that the editing system gave to an article."""
    return {"chanye": 123500, "gangji": 98200, "tiyu": 45100}[section] - at * 17


def stories() -> tuple[Story, ...]:
    """All channels, newest first; 产业 goes back over the turn of the year."""
    made = []
    for section, titles in TITLES.items():
        for at, title in enumerate(titles):
            published = FIRST - timedelta(days=at * DAYS[section], minutes=at * 7 + (at % 4) * 90)
            number = number_of(section, at)
            plan = PLANS[at % len(PLANS)] + (" p p p p" if title in (TWO_PARTS, THREE_PARTS) else "")
            image = f"https:{IMAGES}/{published:%Y/%m%d}/{number}.jpg"
            made.append(
                Story(
                    url=f"{HOME}/{FOLDERS[section]}/{published:%Y/%m%d}/t{number}.html",
                    title=title,
                    section=section,
                    published=published,
                    authors=AUTHORS[at % len(AUTHORS)],
                    blocks=compose(Prose(INDUSTRY, title), plan),
                    images=() if title in WITHOUT_PICTURE else (image,),
                )
            )
    return tuple(sorted(made, key=lambda story: story.published or FIRST, reverse=True))


def when(story: Story) -> datetime:
    """Its time, as the portal writes it."""
    assert story.published is not None
    return story.published.astimezone(ZONE)


def in_gbk(html: str) -> Answer:
    """Bytes as the portal's server sends them: it says nothing of the charset, and the page says the wrong one."""
    return Answer(html.encode("gb18030"), type="text/html")


def document(title: str, head: str, main: str, whole: Sequence[Story]) -> Answer:
    """A page with the portal's menus, advertisements and side columns."""
    chance = random.Random(title)  # noqa: S311
    menu = "".join(f'<li><a href="/{path}">{name}</a></li>' for name, path in CHANNELS)
    hot = [
        *chance.sample([s for s in whole if s.section == "tiyu"], 3),
        *chance.sample([s for s in whole if s.section == "chanye"], 2),
    ]
    hot_list = "".join(
        f'<li><em>{n}</em><a href="{s.url}" target="_blank">{s.title}</a></li>' for n, s in enumerate(hot, 1)
    )
    pictures = "".join(
        f'<li><a href="{s.url}"><img src="{s.images[0].removeprefix("https:")}" width="140"><p>{s.title}</p></a></li>'
        for s in whole
        if s.section == "tiyu" and s.images
    )
    return in_gbk(f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{title}</title>
{head}
<link rel="stylesheet" href="/css/main.css" type="text/css" />
<script type="text/javascript" src="/js/jquery.js"></script>
</head>
<body>
<div class="topbar"><span id="today"></span><a href="#" onclick="setHome(this)">设为首页</a> | <a href="/app/">新闻客户端下载</a> | <a href="/user/login.html">登录</a> | <a href="/user/reg.html">注册</a></div>
<div class="header"><a href="/"><img src="/images/logo.gif" alt="{NAME}" /></a>
<form action="/search/" method="get"><input name="q" /><input type="submit" value="搜索" /></form></div>
<div class="nav"><ul>{menu}</ul></div>
<div class="ad"><a href="https://ads.example/click?id=7" target="_blank"><img src="https://ads.example/banner.gif" alt="海景新城购房节" />海景新城购房节</a></div>
<div class="wrap">
<div class="left">
{main}
</div>
<div class="right">
<div class="box"><h3><a href="/hot/">热点推荐</a></h3><ul class="hot">{hot_list}</ul></div>
<div class="ad"><a href="https://ads.example/click?id=8">广告</a></div>
<div class="box"><h3>图片新闻</h3><ul class="pics">{pictures}</ul></div>
</div>
</div>
<div class="footer"><p><a href="/about/">关于我们</a> | <a href="/about/ad.html">广告合作</a> | <a href="/sitemap.html">网站地图</a> | <a href="/about/job.html">诚聘英才</a></p>
<p>版权声明：凡本网注明“来源：{NAME}”的作品，未经授权不得转载。</p><p>京ICP备00000000号</p></div>
<script>document.getElementById("today").innerHTML = new Date().toLocaleDateString();</script>
</body>
</html>""")


def parts_of(story: Story) -> list[tuple[Block, ...]]:
    """The blocks of each part."""
    count = {TWO_PARTS: 2, THREE_PARTS: 3}.get(story.title, 1)
    size = -(-len(story.blocks) // count)
    return [story.blocks[start : start + size] for start in range(0, len(story.blocks), size)]


def part_name(story: Story, part: int) -> str:
    """`t123483.html`, `t123483_2.html`."""
    stem = story.url.rpartition("/")[2].removesuffix(".html")
    return f"{stem}.html" if part == 1 else f"{stem}_{part}.html"


def pager(story: Story, part: int, count: int) -> str:
    """Links to the parts: with words, or with numbers only; the last of three leads back to the first."""
    if count == 1:
        return ""
    numbers = " ".join(
        f"<span>{n}</span>" if n == part else f'<a href="{part_name(story, n)}">{n}</a>' for n in range(1, count + 1)
    )
    if story.title == THREE_PARTS:
        again = f' <a href="{part_name(story, 1)}">下一页</a>' if part == count else ""
        return f'<div class="page">{numbers}{again}</div>'
    before = f'<a href="{part_name(story, part - 1)}">上一页</a> ' if part > 1 else ""
    after = f' <a href="{part_name(story, part + 1)}">下一页</a>' if part < count else ""
    return f'<div class="page">{before}{numbers}{after}</div>'


def markup(block: Block) -> str:
    """A block as the editor of TRS leaves it: indented with ideographic spaces."""
    text = escape(block.text, quote=False)
    if block.kind == "h3":
        return f"<p>　　<strong>{text}</strong></p>"
    return f'<p style="text-indent: 2em">　　{text}</p>'


def page_of(story: Story, whole: Sequence[Story], part: int = 1) -> Answer:
    """One part of an article."""
    parts = parts_of(story)
    own = [s for s in whole if s.section == story.section]
    at = own.index(story)
    before = f'上一篇：<a href="{own[at + 1].url}">{own[at + 1].title}</a>' if at + 1 < len(own) else "上一篇：没有了"
    after = f'下一篇：<a href="{own[at - 1].url}">{own[at - 1].title}</a>' if at else "下一篇：没有了"
    picture = (
        f'<p align="center"><img src="/images/blank.gif" data-src="{story.images[0].removeprefix("https:")}" '
        'width="600" border="0" /></p>\n'
        if story.images and part == 1
        else ""
    )
    channel = {"chanye": "产业", "gangji": "港机", "tiyu": "体育"}[story.section]
    people = f"作者：{' '.join(story.authors)}　" if story.authors else ""
    reading = "".join(
        f'<li><a href="{s.url}" target="_blank">{s.title}</a><span>{when(s):%m-%d}</span></li>'
        for s in [other for other in whole if other is not story][at % 7 : at % 7 + 4]
    )
    suffix = f"({part})" if part > 1 else ""
    text = "\n".join(map(markup, parts[part - 1]))
    main = f"""<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/{FOLDERS[story.section]}/">{channel}</a> &gt; 正文</div>
<div class="article">
<h1>{story.title}{suffix}</h1>
<div class="info">{when(story):%Y年%m月%d日 %H:%M}　来源：{NAME}　{people}责任编辑：{EDITORS[at % 3]}　<span class="size">字号：<a href="javascript:size(16)">大</a> <a href="javascript:size(14)">中</a> <a href="javascript:size(12)">小</a></span> <a href="javascript:window.print()">打印本页</a></div>
<div class="TRS_Editor">
{picture}{text}
</div>
{pager(story, part, len(parts))}
<div class="share"><span>分享到：</span><a href="https://service.weibo.com/share/share.php?url={story.url}">微博</a> <a href="#" class="weixin">微信扫一扫</a><img src="/images/erweima.png" alt="二维码" width="120" /></div>
<div class="prevnext"><p>{before}</p><p>{after}</p></div>
<div class="related"><h3>相关阅读</h3><ul>{reading}</ul></div>
<div class="comment"><h3>网友评论</h3><form><textarea></textarea><input type="button" value="我要评论" /></form><dl><dt>手机网友</dt><dd>这个报道写得很细，希望多跟进。</dd></dl></div>
</div>"""
    head = (
        f'<meta name="keywords" content="{channel},港口,物流" />\n'
        f'<meta name="description" content="{escape(story.says[0][:60])}" />'
    )
    return document(f"{story.title}{suffix}_{channel}频道_{NAME}", head, main, whole)


def listing(base: str, channel: str, number: int, last: int, some: Sequence[Story], whole: Sequence[Story]) -> Answer:
    """A page of a channel's list: days without their year, titles cut where the column ends."""

    def cut(title: str) -> str:
        return title if len(title) <= 16 else f"{title[:15]}…"

    rows = "".join(
        f'<li><span>{when(s):%m-%d}</span><a href="./{s.url.removeprefix(base)}" target="_blank" title="{escape(s.title)}">'
        f"{escape(cut(s.title))}</a></li>\n" + ('<li class="line"></li>\n' if n % 5 == 0 else "")
        for n, s in enumerate(some, 1)
    )

    def name(n: int) -> str:
        return "index.html" if n == 1 else f"index_{n}.html"

    numbers = " ".join(
        f'<span class="cur">{n}</span>' if n == number else f'<a href="{name(n)}">{n}</a>' for n in range(1, last + 1)
    )
    after = f' <a href="{name(number + 1)}">下一页</a> <a href="{name(last)}">尾页</a>' if number < last else ""
    before = f'<a href="{name(1)}">首页</a> <a href="{name(number - 1)}">上一页</a> ' if number > 1 else ""
    branches = (
        '<div class="sub"><a href="/chanye/gangji/">港机</a> <a href="/tiyu/">体育</a></div>' if base == START else ""
    )
    pages = f'<div class="pages">{before}{numbers}{after}</div>' if last > 1 else ""
    main = f"""<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="{base}">{channel}</a></div>
{branches}<div class="list"><h2>{channel}</h2><ul>
{rows}</ul>
{pages}
</div>"""
    return document(f"{channel}频道_{NAME}", f'<meta name="keywords" content="{channel}" />', main, whole)


def site() -> Site:
    """The portal, complete."""
    whole = stories()
    pages: dict[str, Script] = {}
    for story in whole:
        for part in range(1, len(parts_of(story)) + 1):
            pages[story.url.rpartition("/")[0] + "/" + part_name(story, part)] = page_of(story, whole, part)
        pages |= {url: shown(story.title, url) for url in story.images}
    for section, channel in (("chanye", "产业"), ("gangji", "港机"), ("tiyu", "体育")):
        base = f"{HOME}/{FOLDERS[section]}/"
        lists = [*paged((s for s in whole if s.section == section), PER_PAGE)]
        for number, some in lists:
            page = listing(base, channel, number, len(lists), some, whole)
            pages[base + ("index.html" if number == 1 else f"index_{number}.html")] = page
        pages[base] = pages[f"{base}index.html"]
    for path, title in (
        ("user/login.html", "用户登录"),
        ("about/", "关于我们"),
        ("sitemap.html", "网站地图"),
        ("app/", "客户端"),
    ):
        pages[f"{HOME}/{path}"] = document(title, "", f"<h1>{title}</h1><p>请稍候。</p>", whole)
    pages[f"{HOME}/images/blank.gif"] = Answer(blank(), type="image/gif")
    pages[f"{HOME}/images/logo.gif"] = shown("logo", "logo.gif", (240, 60))
    pages[f"{HOME}/images/erweima.png"] = shown("erweima", "erweima.png", (240, 240))
    pages[f"{HOME}/robots.txt"] = Answer("not here", 404)
    return Site(
        start=START,
        section="chanye",
        pages=pages,
        stories=whole,
        never=NEVER,
        unwanted=("/user/", "/search/", "/app/", "ads.example", "/about/"),
    )
