"""The body of an article is found on pages of every build, in every script, and nothing that stands around it."""

# ruff: noqa: E501  (markup stands as servers send it)

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.content import Content, find_content

FERRY = (
    "After three weeks in the dock the old ferry crossed the river again on Monday morning.",
    "Some forty people stood on the quay in the rain, and a band of two played until the ropes were cast off.",
    "The new engine, the captain said, burns a third less than the one it replaces, and it is quieter by far.",
    "Not everybody is content: the fare has gone up by ten cents, which the council calls a small price to pay.",
    "In winter the boat will run every hour, in summer every half an hour, and on market days until midnight.",
)
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in FERRY)
MENU = "<nav><ul><li><a href=/>Home</a><li><a href=/news>News desk</a><li><a href=/about>About the paper</a></ul></nav>"


def found(markup: str, **hints: str) -> Content:
    return find_content(LexborHTMLParser(markup), **hints)


def text(content: Content) -> str:
    node = LexborHTMLParser(f"<body>{content.markup}").body
    assert node is not None
    return " ".join(node.text(separator=" ").split())


WORDPRESS = f"""<html><head><title>The ferry runs again – Town Blog</title></head>
<body class="post-template-default single single-post has-sidebar tag-ferry">{MENU}
<div id=page class="site has-sidebar"><div id=content class=site-content><main id=main>
<article id=post-12 class="post-12 post type-post category-news tag-ferry hentry">
<header class=entry-header><h1 class=entry-title>The ferry runs again</h1>
<div class=entry-meta>Posted on <time>March 9, 2026</time> by <a href=/author/ada>Ada Ferry</a></div></header>
<div class=entry-content>{STORY}
<h2>What the captain says</h2><blockquote><p>She is a good boat, and she was never as quiet as this.</p></blockquote>
<ul class=wp-block-list><li>Every hour in winter<li>Every half an hour in summer</ul>
<figure class=wp-block-image><img src=quay.jpg><figcaption>The quay on Monday</figcaption></figure>
<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li><a href=#>Twitter</a></ul></div>
<div class=jp-relatedposts><h3>Related</h3><a href=/bridge>The bridge is closed once more</a></div></div>
<footer class=entry-footer>Tagged <a href=/tag/ferry>ferry</a></footer></article>
<div class=author-box><p>Ada Ferry has written about boats for twenty years, and lives on one with two cats.</p></div>
<div id=comments class=comments-area><h2>2 thoughts on the ferry</h2><ol class=comment-list>
<li class=comment><p>I took it this morning and was very happy with the new seats and the friendly crew.</p>
<li class=comment><p>Ten cents more for the same old boat, I call that an impertinence and nothing else!</p></ol></div>
</main><aside id=secondary class=widget-area><h2>Recent Posts</h2><ul><li><a href=/a>A new mayor</a></ul></aside></div></div>"""

GHOST = f"""<title>The ferry runs again</title><div class=gh-viewport>{MENU}<main class=gh-main>
<article class="gh-article post"><header class=gh-article-header><h1>The ferry runs again</h1>
<p class=gh-article-excerpt>Three weeks late, a third more thrifty: the old boat is back.</p>
<div class=gh-article-meta><h4 class=gh-article-author-name><a href=/ada>Ada Ferry</a></h4> 9 Mar 2026 — 3 min read</div></header>
<section class="gh-content gh-canvas">{STORY}<pre><code class=language-sh><span class=comment># leave the quay</span>
ferry --start</code></pre>
<div class="kg-card kg-signup-card"><h2>Sign up for our letters</h2><p>Every Friday, the best of the river by mail, and free.</p></div>
</section></article><section class=gh-read-next><h2>Read more</h2><article class=gh-card><a href=/x>
<h3>The bridge is closed</h3><p>For the third time this year nobody can cross on foot, which angers all of us.</p></a></article></section>
</main><footer class=gh-foot>Town © 2026</footer></div>"""

BLOGGER = f"""<title>Town Blog: The ferry runs again</title><div class=content-outer><div class="main section" id=main>
<div class=date-outer><h2 class=date-header>Monday, 9 March 2026</h2><div class="post hentry uncustomized-post-template">
<h3 class="post-title entry-title">The ferry runs again</h3><div class="post-body entry-content" itemprop=articleBody>
{"<br><br>".join(FERRY)}<br><br>So long.</div><div class=post-footer>Posted by Ada at 07:30 <a href=#c>3 comments:</a></div></div>
<div class=comments id=comments><dl><dd><p>What a fine boat that is, I have always said so and I always will, believe me.</p></dl></div>
</div></div><div class="column-right-outer"><div class="widget BlogArchive"><h2>Blog Archive</h2><ul><li><a href=/2025>2025</a></ul></div></div></div>"""

DRUPAL = f"""<title>The ferry runs again | Town</title><div class="region region-content"><div class="node node--type-article" role=article>
<h1 class=page-title><span class="field field--name-title">The ferry runs again</span></h1>
<div class="field field--name-field-teaser"><p>Three weeks late, a third more thrifty: the old boat is back.</p></div>
<div class="clearfix text-formatted field field--name-body field--type-text-with-summary"><div class="field__item even">{STORY}
<p><em>Also read: <a href=/bridge>The bridge is closed once more, and for longer</a></em></p></div></div>
<div class="field field--name-field-tags"><div class=field__label>Tags</div><a href=/t/ferry>Ferry</a></div></div></div>
<div class="region region-sidebar-second"><div class="view view-most-read"><ul><li><a href=/b>The bridge</a></ul></div></div>"""

PORTAL = """<title>渡轮重新开航_小城新闻网</title><table><tr><td><a href=/>首页</a> <a href=/news>新闻</a> &gt; 正文</td></tr></table>
<table width=960><tr><td width=660 valign=top><h1>渡轮重新开航</h1><div class=info>2026年03月09日 07:30　来源：小城日报</div>
<div id=zoom>　　经过三个星期的修理，老渡轮星期一早上又一次驶过了河面，码头上站着四十多位居民。<br><br>
　　船长说，新的发动机比旧的省油三分之一，而且安静得多，乘客们在甲板上可以轻声交谈。<br><br>
　　并不是所有人都满意：船票涨了一毛钱，镇议会认为这是很小的代价，老人们却不这么看。<br><br>
　　冬天每小时一班，夏天每半小时一班，赶集的日子一直开到半夜。<table border=1><tr><td>冬天</td><td>每小时</td></tr></table></div>
<div>（责任编辑：王小船）</div><div>相关阅读：<a href=/1>大桥再次关闭</a> <a href=/2>新镇长上任</a></div></td>
<td width=300><b>热门文章</b><ul><li><a href=/3>码头扩建工程下月动工，预计两年内完工</a><li><a href=/4>河水水位创新高</a></ul></td></tr></table>
<div align=center>版权所有 小城新闻网 京ICP备00000000号</div>"""

JAPANESE = """<title>渡し船が再開 | 町の新聞</title><div id=wrap><div id=header><a href=/>ホーム</a></div><h1>渡し船が再開</h1>
<p class=date>2026年3月9日 07時30分</p><div class=txt>三週間の修理を終えて、古い渡し船が月曜日の朝、再び川を渡った。岸には四十人ほどが集まった。
<br><br>船長によると、新しいエンジンは燃料を三分の一節約でき、音もずっと静かだという。<br><br>
運賃は十円値上げされた。町議会は「わずかな負担だ」と説明している。</div>
<div class=sns><a href=#>シェアする</a></div><h2>関連記事</h2><ul><li><a href=/1>橋がまた通行止めに</a><li><a href=/2>新しい町長</a></ul></div>"""

THAI = """<title>เรือข้ามฟากกลับมาแล้ว</title><div class=wrap><h1>เรือข้ามฟากกลับมาแล้ว</h1><div class=body-news>
<p>หลังจากซ่อมแซมนานสามสัปดาห์ เรือข้ามฟากลำเก่าก็แล่นข้ามแม่น้ำอีกครั้งในเช้าวันจันทร์ มีผู้คนราวสี่สิบคนยืนรออยู่บนท่าเรือท่ามกลางสายฝน</p>
<p>กัปตันบอกว่าเครื่องยนต์ใหม่ประหยัดน้ำมันกว่าเดิมถึงหนึ่งในสามและเงียบกว่าเดิมมาก ผู้โดยสารสามารถคุยกันบนดาดฟ้าได้อย่างสบาย</p>
<p>อ่านเพิ่มเติม: <a href=/1>สะพานปิดอีกครั้ง</a></p></div><div class=footer-menu><a href=/>หน้าแรก</a></div></div>"""

KOREAN = """<title>나룻배가 다시 다닌다 - 읍내신문</title><div id=container><h3 class=tit_view>나룻배가 다시 다닌다</h3>
<div class=view_info><span>김나루 기자</span> <span>입력 2026.03.09 07:30</span></div><div class=article_view>
<p>삼 주 동안의 수리를 마친 낡은 나룻배가 월요일 아침 다시 강을 건넜다. 선착장에는 마흔 명 남짓한 주민이 모였다.</p>
<p>선장은 새 기관이 기름을 삼분의 일이나 아낀다고 말했다. 소리도 훨씬 조용해졌다고 했다.</p>
<p>뱃삯은 백 원 올랐다. 군의회는 작은 부담이라고 설명했다.</p></div>
<p class=copyright>저작권자 ⓒ 읍내신문 무단전재 및 재배포 금지</p><div class=related_news><a href=/1>다리가 또 막혔다</a></div></div>"""

DOCS = f"""<title>Mooring — Ferry 2.0 documentation</title><div class=related role=navigation><a href=i>index</a></div>
<div class=document><div class=documentwrapper><div class=bodywrapper><div class=body role=main><section id=comments>
<h1>Mooring<a class=headerlink href=#mooring>¶</a></h1><p>{FERRY[2]}</p>
<div class="highlight-python notranslate"><div class=highlight><pre><span class=c1># comments are code too</span>
<span class=n>ferry</span><span class=o>.</span><span class=n>moor</span>()</pre></div></div>
<section id=related-work><h2>Related work</h2><p>{FERRY[4]}</p></section>
<table class=docutils><tr><th>Rope</th><td>Length</td></tr><tr><th>bow</th><td>12 m</td></tr></table>
<p>The ropes are described in:</p><ul><li><a href=bow>The bow rope</a><li><a href=stern>The stern rope</a></ul></section></div></div></div>
<div class=sphinxsidebar role=navigation><h3>Table of Contents</h3><ul><li><a href=#>Mooring</a></ul></div></div>"""

LISTICLE = (
    "<title>Ten boats to see</title><main><article><h1>Ten boats to see</h1><p>These ten have a story, we have seen them all.</p>"
    + "".join(
        f"<h2>{n}. Boat {n}</h2><figure><img src={n}.jpg><figcaption>Boat {n} at its pier</figcaption></figure>"
        f"<p>Boat number {n} was built by hand, and it can carry some forty people on a calm day.</p>"
        + ("<div class=ad-slot>Advertisement</div>" if n % 3 == 0 else "")
        for n in range(1, 11)
    )
    + "</article><section class=more-stories><h2>More stories</h2><p>The bridge is closed once more, and it will be for long.</p></section></main>"
)

LIVE = (
    "<title>Storm: live</title><main><h1>Storm: live</h1><div class=live-feed>"
    + "".join(
        f"<div class=post><time>{h}:15</time><h3>Report {h}</h3><p>At {h} the wind blew from the west, and the ferry stayed at the quay for an hour.</p></div>"
        for h in range(8, 16)
    )
    + "</div></main><aside class=sidebar><h3>Most read</h3><a href=/b>The bridge is closed once more</a></aside>"
)

INTERVIEW = (
    "<title>“I like fog”</title><div class=site><article><h1>“I like fog”</h1><div class=text><p>The captain of the ferry speaks about her first year.</p>"
    + "".join(f"<p><strong>Question {n}?</strong></p><p>Yes, {n} times.</p>" for n in range(1, 12))
    + "<p>And that was that.</p></div></article><div class=teaserlist><a href=/b><h3>The bridge</h3></a></div></div>"
)

GALLERY = (
    "<title>The ferry in pictures</title><main><h1>The ferry in pictures</h1><div class=gallery>"
    + "".join(
        f"<figure class=slide><img src={n}.jpg><figcaption>Picture {n}: the ferry in the morning, seen from the tower of the church.</figcaption></figure>"
        for n in range(1, 9)
    )
    + "</div></main><footer><p>The town paper is printed every day but Sunday, since the year 1890.</p></footer>"
)

FORUM = f"""<title>How do I moor a ferry? - Boats Q&amp;A</title><div id=mainbar><h1><a href=/q/1>How do I moor a ferry?</a></h1>
<div class=question id=question><div class=votecell>5</div><div class="s-prose js-post-body" itemprop=text><p>{FERRY[0]} How would you moor her?</p>
<p>{FERRY[1]}</p></div><div class="comments js-comments-container"><ul><li class=comment><span>Did you try a rope of hemp? It holds better than any other.</span></ul></div></div></div>
<div id=sidebar><h4>Hot questions</h4><a href=/2>Why do boats float</a></div>"""

DIVS = (
    "<title>The ferry runs again</title><div class=top><a href=/>Home</a></div><div class=a1><h1>The ferry runs again</h1><div class=b7>"
    + "".join(f"<div class=x9>{paragraph}</div>" for paragraph in ("Hello all.", *FERRY, "So long."))
    + "</div></div><div class=c3><a href=/1>The bridge</a><a href=/2>The mayor</a></div>"
)

PIECES = f"""<title>The ferry runs again</title><main><h1>The ferry runs again</h1><div class=widgets>
<div class="block block-text"><div class=w><p>{FERRY[0]}</p><p>{FERRY[1]}</p></div></div>
<div class="block block-image"><img src=quay.jpg></div>
<div class="block block-related_articles"><a href=/b>The bridge is closed once more</a></div>
<div class="block block-text"><div class=w><p>{FERRY[2]}</p><p>{FERRY[3]}</p><p>{FERRY[4]}</p></div></div></div></main>"""

COMMENTED = f"""<title>The ferry runs again</title><div class=story><h1>The ferry runs again</h1><div class=txt>{STORY}</div></div>
<div id=comment-box class=user-posts>{"".join(f"<div class=entry><b>Ben {n}</b><p>{FERRY[n % 5]} I say so for the {n}th time and shall say it again tomorrow.</p></div>" for n in range(60))}</div>"""

FLASH = (
    """<title>Ferry delayed</title><div class=wrap><main><article><h1>Ferry delayed</h1><p>The ten o'clock ferry leaves at eleven today.</p></article></main>
<div class=sidebar>"""
    + "".join(
        f"<div class=item><h4><a href=/{n}>Headline number {n}</a></h4><p>A teaser of some length that sums up what is behind headline {n}, and more.</p></div>"
        for n in range(20)
    )
    + "</div></div>"
)

TABLES = f"""<html><head><title>Town Paper: The ferry runs again</title></head><body bgcolor=white><center><table width=760 border=0><tr><td colspan=3><img src=logo.gif></td></tr>
<tr><td width=120 valign=top><font size=1><a href=a.htm>News</a><br><a href=b.htm>Sports</a><br><a href=c.htm>Weather</a></font></td>
<td width=500 valign=top><font size=5><b>The ferry runs again</b></font><br><font size=2>{"<br><br>".join(FERRY)}</font></td>
<td width=140 valign=top><font size=1>Advertisement<br><a href=d.htm>Buy a boat</a></font></td></tr></table></center></body></html>"""

SECTIONS = (
    "<title>A guide to the river</title><article class=guide><header><h1>A guide to the river</h1></header>"
    + "".join(
        f"<section class='chapter c{n}' id=latest-news-{n}><h2>Reach {n}</h2><p>{FERRY[n]}</p><p>{FERRY[n - 1]} That is reach {n}.</p></section>"
        for n in range(1, 5)
    )
    + "<aside class=related><h2>Read next</h2><p>The bridge is closed once more, and it will be for long.</p></aside></article>"
)

PRODUCT = f"""<title>Rope, 12 m – Boat Shop</title><header class=site-header><a href=/cart>Cart</a></header><main><h1>Rope, 12 m</h1><div class=price>9.90</div>
<button>Add to cart</button><div class=product-description>{STORY}<table><tr><th>Length</th><td>12 m</td></tr></table></div>
<div class=recommendations><h2>Others bought</h2><a href=/2>Anchor, 4 kg</a></div></main>"""

PAGES = [
    pytest.param(WORDPRESS, ("the captain said", "She is a good boat", "Every half an hour in summer", "The quay on Monday", "What the captain says"), ("Share", "bridge", "Posted", "Tagged", "twenty years", "impertinence", "mayor", "Home"), id="WordPress"),
    pytest.param(GHOST, ("the captain said", "a third more thrifty", "# leave the quay"), ("Every Friday", "angers", "min read", "©"), id="Ghost"),
    pytest.param(BLOGGER, ("the captain said", "So long."), ("comments:", "What a fine boat", "Archive", "Posted"), id="Blogger, text between line breaks"),
    pytest.param(DRUPAL, ("the captain said", "a third more thrifty"), ("bridge", "Tags", "Ferry"), id="Drupal"),
    pytest.param(PORTAL, ("码头上站着四十多位居民", "一直开到半夜", "每小时"), ("首页", "王小船", "大桥再次关闭", "水位", "版权所有", "来源"), id="Chinese portal, tables and line breaks"),
    pytest.param(JAPANESE, ("四十人ほどが集まった", "わずかな負担だ"), ("シェア", "通行止め", "関連記事"), id="Japanese"),
    pytest.param(THAI, ("เรือข้ามฟากลำเก่า", "คุยกันบนดาดฟ้า"), ("สะพานปิด", "หน้าแรก"), id="Thai"),
    pytest.param(KOREAN, ("선착장에는", "작은 부담이라고"), ("무단전재", "다리가 또"), id="Korean"),
    pytest.param(DOCS, ("burns a third less", "# comments are code too", "Related work", "every half an hour", "bow", "12 m", "The stern rope"), ("index", "Table of Contents"), id="documentation"),
    pytest.param(LISTICLE, ("These ten", "1. Boat 1", "Boat 10 at its pier", "Boat number 10"), ("Advertisement", "bridge"), id="long list of headings and pictures"),
    pytest.param(LIVE, ("At 8 the wind", "Report 15", "At 15 the wind"), ("bridge",), id="live blog"),
    pytest.param(INTERVIEW, ("her first year", "Question 1?", "Yes, 11 times.", "And that was that."), ("bridge",), id="interview of short paragraphs"),
    pytest.param(GALLERY, ("Picture 1:", "Picture 8:"), ("since the year",), id="gallery"),
    pytest.param(FORUM, ("How would you moor her?", "a band of two"), ("hemp", "Why do boats"), id="question"),
    pytest.param(DIVS, ("Hello all.", "the captain said", "So long."), ("Home", "bridge"), id="every paragraph a div"),
    pytest.param(PIECES, ("After three weeks", "the captain said", "quay.jpg"), ("bridge",), id="text in several siblings"),
    pytest.param(COMMENTED, ("After three weeks", "until midnight"), ("tomorrow",), id="more comments than article"),
    pytest.param(FLASH, ("leaves at eleven",), ("teaser", "Headline"), id="one sentence beside a sidebar"),
    pytest.param(TABLES, ("After three weeks", "until midnight"), ("Sports", "Buy a boat"), id="table layout of 2003"),
    pytest.param(SECTIONS, ("Reach 1", "That is reach 1.", "Reach 4", "That is reach 4."), ("bridge",), id="chapters"),
    pytest.param(PRODUCT, ("the captain said", "12 m"), ("Anchor", "Cart", "Add to cart"), id="product"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "kept", "lost"), PAGES)
def test_a_page_gives_its_article_and_nothing_else(markup: str, kept: tuple[str, ...], lost: tuple[str, ...]) -> None:
    page = LexborHTMLParser(markup)
    before = page.html
    content = find_content(page)
    shown = text(content) + content.markup
    assert [words for words in kept if words not in shown] == []
    assert [words for words in lost if words in text(content)] == []
    assert page.html == before
    assert content.container is not None
    assert content.reason


WECHAT = f"""<title>渡轮</title><div class=rich_media_area><h1 class=rich_media_title id=activity-name>渡轮重新开航</h1><div class=rich_media_meta_list><span>小城日报</span></div>
<div class=rich_media_content id=js_content style="visibility: hidden;"><section><section><section>{"".join(f"<section><section><p><span>第{n}段：经过三个星期的修理，老渡轮又一次驶过了河面。</span></p></section></section>" for n in range(1, 6))}</section></section>
<section><p>船长说，新的发动机比旧的省油三分之一，而且安静得多。</p></section></section></div></div><div class=qr_code_pc><p>微信扫一扫关注该公众号</p></div>"""

ASPNET = f"""<title>The ferry runs again</title><form id=aspnetForm action=a.aspx><input type=hidden name=__VIEWSTATE value=xyz>{MENU}
<div id=ctl00_Main><h1>The ferry runs again</h1><div id=ctl00_Main_adsFreeText>{STORY}</div><select><option>Choose a language</option></select></div></form>"""

PAYWALL = f"""<title>The ferry runs again</title><article><h1>The ferry runs again</h1><div class=article-intro><p>{FERRY[0]}</p></div>
<div class="article-body is-premium paywall-content">{STORY.replace(FERRY[0], "Nobody had missed her.")}</div><div class=paywall-offer><h2>Subscribe to read on</h2></div></article>"""

INTERVIEW_ZH = (
    "<title>船长访谈</title><h1>船长访谈</h1><div class=con>"
    + "".join(f"<p>记者：第{n}个问题，您怎么看这条河上的渡轮？</p><p>船长：我看很好。</p>" for n in range(1, 6))
    + "<p>来源：小城日报</p><p>（编辑：王小船）</p></div>"
)

INTERVIEW_TAIL = f"""<title>The ferry runs again</title><main><h1>The ferry runs again</h1><div class=body>{STORY}
<p><strong>Read more:</strong> <a href=/b>The bridge is closed once more</a></p><p>{FERRY[0][:-1]}, says the mayor.</p>
<p><a href=/c>Ten things to know about the mayor</a></p><p>Further reading:</p><ul><li><a href=/d>The dock in 1890</a></ul>
<p>Follow us on Facebook for more of it.</p><p>© 2026 Town Paper. All rights reserved.</p></div></main>"""

MEDIA = f"""<title>The ferry runs again</title><article><h1>The ferry runs again</h1><div class=post-content>{STORY}
<figure><a href=big.jpg><img src=small.jpg></a><figcaption>The quay <button>Open image</button></figcaption></figure>
<iframe src="https://www.youtube.com/embed/abc"></iframe><iframe src="//ads.example/ads/frame?x=1"></iframe>
<p><img data-src=lazy.jpg class=lazy></p><noscript><img src=plain.jpg></noscript>
<details><summary>What does it cost?</summary><p>Ten cents more than before, and half of that for children.</p></details>
<dl><dt>Length</dt><dd>22 m</dd></dl><p>One more<sup><a href=#fn1>1</a></sup> thing.<span class=sr-only>Opens in a new window</span></p>
<section class=footnotes><ol><li id=fn1>It was in the paper of that day. <a href=#r1 class=footnote-backref>↩</a></ol></section></div></article>"""

EVIDENCE = f"""<title>The ferry runs again</title><h1>The ferry runs again</h1><div class=q1>{STORY}</div>
<div class=q2>{"".join(f"<p>Terms of use, number {n}: whoever reads this page agrees to read it to its end, and to read it again.</p>" for n in range(30))}</div>"""

BLOG_CODE = f"""<title>Mooring in code</title><main><h1>Mooring in code</h1><div class=toc><h2>Contents</h2><ul><li><a href=#a>The rope</a></ul></div><div class=prose>
<p>{FERRY[2]}</p><h2 id=share>Share the rope</h2><p>{FERRY[3]}</p><figure class=highlight><table><tr><td class=gutter><pre>1
2</pre></td><td class=code><pre><span class="line comment">print("moor")  # comment</span></pre></td></tr></table></figure><p>{FERRY[4]}</p></div></main>"""

MORE_PAGES = [
    pytest.param(WECHAT, ("第1段", "第5段", "省油三分之一"), ("扫一扫",), id="nested sections that a script unhides"),
    pytest.param(ASPNET, ("After three weeks", "until midnight"), ("News desk", "Choose a language"), id="page in a form"),
    pytest.param(PAYWALL, ("After three weeks", "until midnight"), ("Subscribe to",), id="body behind a lead"),
    pytest.param(INTERVIEW_ZH, ("第1个问题", "第5个问题", "我看很好"), ("来源", "王小船"), id="Chinese interview"),
    pytest.param(INTERVIEW_TAIL, ("says the mayor", "The dock in 1890"), ("bridge", "Ten things", "Facebook", "rights"), id="lines between and behind"),
    pytest.param(MEDIA, ("small.jpg", "The quay", "youtube.com/embed/abc", "lazy.jpg", "plain.jpg", "What does it cost?", "Ten cents more", "22 m", "that day"), ("Open image", "new window"), id="pictures, video, details, notes"),
    pytest.param(BLOG_CODE, ("burns a third", "Share the rope", 'print("moor")  # comment'), ("Contents", "1 2"), id="code with line numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "kept", "lost"), MORE_PAGES)
def test_an_article_keeps_its_own_parts(markup: str, kept: tuple[str, ...], lost: tuple[str, ...]) -> None:
    content = found(markup)
    shown = LexborHTMLParser(f"<body>{content.markup}").text() + content.markup
    assert [words for words in kept if words not in shown] == []
    assert [words for words in lost if words in text(content)] == []


def test_a_lead_is_written_once() -> None:
    for markup in (PAYWALL, GHOST, DRUPAL, PIECES):
        said = text(found(markup))
        assert [said.count(paragraph) for paragraph in FERRY] == [1] * len(FERRY)


def test_an_advertisement_in_a_frame_is_dropped() -> None:
    assert "ads.example" not in found(MEDIA).markup


def test_what_json_ld_calls_the_article_is_the_article() -> None:
    assert "Terms of use" in found(EVIDENCE).markup
    content = found(EVIDENCE, article_body=" ".join(FERRY))
    assert text(content) == " ".join(FERRY)
    assert content.reason == "JSON-LD articleBody matches div.q1"


def test_an_article_body_of_another_page_is_no_evidence() -> None:
    assert "the captain said" in text(found(GHOST, article_body="Something else entirely. " * 40))


@pytest.mark.parametrize("markup", ["", "<p>", "<frameset><frame src=a></frameset>", f"<title>News</title>{MENU}"])
def test_a_page_without_text_gives_none(markup: str) -> None:
    content = found(markup)
    assert content.markup.strip() == ""
    assert content.container is None


def test_the_headline_is_not_repeated_in_the_body() -> None:
    assert "The ferry runs again" not in text(found(WORDPRESS, title="The ferry runs again"))


def test_attributes_stay_as_they_are() -> None:
    markup = f'<h1>Ferry</h1><div>{STORY}<p title="a &quot;b&quot; &amp;amp; c" data-x><span hidden>x</span>See <a href="?a=1&amp;b=2">this</a>.</p></div>'
    assert '<p title="a &quot;b&quot; &amp;amp; c" data-x' in found(markup).markup
    assert '<a href="?a=1&amp;b=2">this</a>' in found(markup).markup


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<h1>Ferry</h1><div>" + STORY * 4_000, id="20,000 paragraphs"),
        pytest.param("<h1>Ferry</h1><p>" + "ferry " * 1_000_000, id="a paragraph of 6 MB"),
        pytest.param("<div>" * 5_000 + STORY, id="5,000 nested elements"),
        pytest.param("<h1>" * 5_000 + "Ferry" + "</h1>" * 5_000 + STORY, id="5,000 nested headings"),
        pytest.param(f"<p>{'ferry ' * 300_000}</p>" + "<ul><li><a href=x>link</a></ul>" * 5_000, id="lists of links behind much text"),
        pytest.param("<div><p>" + f"{STORY}<p>" * 2_000, id="a tree that leans to one side"),
        pytest.param("<h1>Ferry</h1>" + f"<div class=a>{STORY}" * 2_000, id="text on every level"),
        pytest.param("<a href=x>link</a> " * 20_000, id="20,000 links"),
        pytest.param(f"<h1>Ferry</h1><div class='{'share-' * 100_000}'>{STORY}</div>", id="a long name"),
        pytest.param(f"<h1>Ferry</h1><div style='{'display ' * 100_000}'>{STORY}</div>", id="a long style"),
        pytest.param("<h1>Ferry</h1>" + "".join(f"<div class='c{n} x-{n}'>{FERRY[0]}</div>" for n in range(10_000)), id="10,000 names"),
    ],
)  # fmt: skip
def test_a_hostile_page_takes_linear_time(markup: str) -> None:
    page = LexborHTMLParser(markup)
    start = time.process_time()
    find_content(page)
    assert time.process_time() - start < 20
