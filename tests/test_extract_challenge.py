"""A challenge that stands in place of a page is recognised, and a page is never taken for one."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.body import Body
from archiver.errors import BlockedError, PageError
from archiver.extract.article import examine
from archiver.extract.challenge import MARKS, SHORT, challenge_in
from archiver.extract.page import parse
from archiver.extract.selectors import NO_RULES, ArticleRules, parse_selector
from archiver.extract.standin import KINDS, Kind, refuse_title, stand_in
from archiver.post import parse as read_post
from tests.samples import FOLDER, for_each_sample, needs_samples


@pytest.mark.parametrize("status", [401, 403, 429, 451])
def test_a_refusal_is_a_block_whatever_it_says(status: int) -> None:
    assert challenge_in(status, "") == f"HTTP {status}"
    assert challenge_in(status, "<h1>g-recaptcha</h1>") == f"HTTP {status}"


@pytest.mark.parametrize("status", [200, 404, 410, 500, 503])
def test_any_other_answer_without_a_mark_is_none(status: int) -> None:
    assert challenge_in(status, "<h1>The ferry runs again</h1>") is None
    assert challenge_in(status, "") is None


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ('<script>window._wafchallenge = "x"</script>', "a WAF challenge"),
        ('<script src="/_waf_/check.js"></script>', "a WAF challenge"),
        ('<meta name="aliyun_waf_aa" content="x">', "a WAF challenge"),
        ('<form class="cf-browser-verification">', "a Cloudflare challenge"),
        ("<script>window._cf_chl_opt = {}</script>", "a Cloudflare challenge"),
        ('<script src="/cdn-cgi/challenge-platform/x.js">', "a Cloudflare challenge"),
        ('<div id="px-captcha"></div>', "a PerimeterX challenge"),
        ('<script src="https://ct.captcha-delivery.com/c.js">', "a DataDome challenge"),
        ('<iframe src="/_Incapsula_Resource?x=1">', "an Imperva challenge"),
        ('<div class="geetest_panel">', "a captcha"),
        ('<script src="/TencentCaptcha.js">', "a captcha"),
        ('<div class="g-recaptcha">', "a captcha"),
        ('<div class="H-CAPTCHA">', "a captcha"),
    ],
)
@pytest.mark.parametrize("status", [200, 503])
def test_a_challenge_is_a_block_with_the_name_of_what_asks(status: int, markup: str, reason: str) -> None:
    assert challenge_in(status, f"<html>{markup}</html>") == reason


@pytest.mark.parametrize("mark", MARKS)
def test_a_long_page_that_holds_a_mark_is_a_page(mark: str) -> None:
    assert challenge_in(200, mark + "x" * (SHORT - len(mark) - 1)) == MARKS[mark]
    assert challenge_in(200, mark + "x" * (SHORT - len(mark))) is None


def test_an_article_about_captchas_is_a_page() -> None:
    assert challenge_in(200, "<p>Why every captcha asks for the same bus, and how a WAF works</p>") is None


# Whatever stands in an article's place with status 200.

SENTENCE = "The harbour office counted the boats again and found that two of them had never been there. "
SITE = "<title>{title} - The Town</title><h1>{title}</h1><article>{body}</article>"
CHROME = "<nav><a href=/>Home</a> <a href=/news/>News</a></nav>{page}<footer>© The Town, all rights reserved</footer>"


def page(title: str, body: str = "", more: str = "") -> LexborHTMLParser:
    markup = SITE.format(title=title, body=f"<p>{body}</p>{more}")
    return LexborHTMLParser(f"<html><body>{CHROME.format(page=markup)}</body></html>")


def reason(found: Kind | None) -> str | None:
    return found.reason if found is not None else None


TITLES = [(kind, title) for kind in KINDS for title in sorted(kind.titles)]


@pytest.mark.parametrize(("kind", "title"), TITLES, ids=[title for _, title in TITLES])
def test_a_whole_title_tells_what_a_short_page_is(kind: Kind, title: str) -> None:
    first = next(other for other in KINDS if title in other.titles)
    assert reason(stand_in(page(title, "Sorry."), "Sorry.")) == first.reason
    assert stand_in(page(f"{title} as a word in the headline of an article", SENTENCE), SENTENCE) is None
    assert stand_in(page(title, SENTENCE * 20), SENTENCE * 20) is None


PHRASES = {
    "a challenge": (
        "Checking your browser before accessing the-town.example.",
        "Enable JavaScript and cookies to continue",
        "Our systems have detected unusual traffic from your computer network.",
        "Verify you are human by completing the action below.",
        "请完成安全验证后继续访问",
        "为了保护网站，请完成下方验证",
        "您的访问过于频繁，请稍后再试",
        "当前环境异常，完成验证后即可继续访问。",
        "請完成驗證",
        "ロボットではないことを確認してください",
        "Bitte bestätigen Sie, dass Sie ein Mensch sind.",
        "Подтвердите, что вы не робот",
    ),
    "a consent wall": (
        "Please accept all cookies to continue reading.",
        "To continue, please agree to our use of cookies.",
        "Mit Werbung weiterlesen oder ein Abo wählen",
        "Accepter et continuer",
        "Aceptar y continuar",
        "同意并继续",
    ),
    "a login wall": (
        "Please log in to read this article.",
        "You must be logged in to view this page.",
        "请登录后查看全文",
        "登录后阅读更多内容",
        "請先登入後繼續閱讀",
        "ログインして続きを読む",
        "Bitte einloggen, um fortzufahren",
        "Войдите, чтобы продолжить",
    ),
    "a paywall": (
        "Subscribe to continue reading",
        "This article is reserved for our subscribers.",
        "The rest of this story is available to premium members.",
        "You have reached your free article limit.",
        "开通会员即可阅读全文",
        "本文为付费内容，购买后可阅读",
        "剩余80%未读",
        "解锁全文",
        "この記事は有料会員限定です",
        "구독하고 전체 기사를 읽어보세요",
        "Jetzt abonnieren und weiterlesen",
        "Cet article est réservé aux abonnés",
        "Il vous reste 80 % de cet article à lire.",
        "Contenido exclusivo para suscriptores",
        "Conteúdo exclusivo para assinantes",
        "Contenuto riservato agli abbonati",
        "Только для подписчиков",
    ),
    "an error page": (
        "The page you are looking for could not be found.",
        "Sorry, we can't find that page.",
        "This article has been removed.",
        "This story is no longer available.",
        "您访问的页面不存在或已被删除",
        "该内容已被发布者删除",
        "此文章因违规无法查看",
        "文章不存在",
        "您要找的頁面不存在",
        "お探しのページは見つかりませんでした",
        "요청하신 페이지를 찾을 수 없습니다",
        "Die gesuchte Seite existiert nicht mehr.",
        "La page que vous cherchez est introuvable.",
        "La página que buscas no existe.",
        "La pagina che cerchi non esiste.",
        "Страница не найдена",
    ),
    "a parked domain": (
        "The domain the-town.example is for sale!",
        "This domain may be for sale.",
        "Buy this domain",
        "该域名正在出售",
        "此域名可出售，请联系",
        "网站已关闭访问",
        "Diese Domain steht zum Verkauf",
        "Ce nom de domaine est à vendre",
        "Этот домен продаётся",
    ),
}
EACH_PHRASE = [(kind, phrase) for kind, phrases in PHRASES.items() for phrase in phrases]


@pytest.mark.parametrize(("kind", "phrase"), EACH_PHRASE, ids=[phrase for _, phrase in EACH_PHRASE])
def test_a_phrase_tells_what_a_page_with_little_text_is(kind: str, phrase: str) -> None:
    assert reason(stand_in(page("The ferry runs again", phrase), phrase)) == kind
    assert stand_in(page("The ferry runs again", SENTENCE * 20 + phrase), SENTENCE * 20 + phrase) is None


@pytest.mark.parametrize(("kind", "phrase"), EACH_PHRASE, ids=[phrase for _, phrase in EACH_PHRASE])
def test_a_dated_page_is_an_article_though_perhaps_not_a_whole_one(kind: str, phrase: str) -> None:
    found = reason(stand_in(page("The ferry runs again", phrase), phrase, is_dated=True))
    assert found == (kind if kind in ("a login wall", "a paywall") else None)


def test_a_sentence_as_heading_tells_too_where_there_is_no_text() -> None:
    heading = "Sorry, the page you are looking for doesn't exist"
    assert reason(stand_in(page(heading, "Back to the front page"), "Back to the front page")) == "an error page"


def test_a_wall_stands_at_the_end_of_a_stub_or_is_marked() -> None:
    stub, wall = SENTENCE * 6, "Subscribe to continue reading"
    assert reason(stand_in(page("The ferry runs again", stub + wall), stub + wall)) == "a paywall"
    assert reason(stand_in(page("The ferry", stub, f"<div class=c-Paywall>{wall}</div>"), stub)) == "a paywall"
    assert stand_in(page("The ferry runs again", stub, f"<div class=box>{wall}</div>"), stub) is None
    assert stand_in(page("The ferry runs again", stub, "<div class=paywall>The crew</div>"), stub) is None
    assert stand_in(page("The ferry runs again", wall + SENTENCE * 6), wall + SENTENCE * 6) is None


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://img.sedoparking.com/js/x.js"></script>',
        '<a href="https://www.hugedomains.com/domain_profile.cfm?d=x">x</a>',
    ],
)
def test_the_advertisements_of_parked_domains_are_known(markup: str) -> None:
    assert reason(stand_in(page("the-town.example", "", markup), "")) == "a parked domain"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Why every captcha asks for the same bus", SENTENCE),
        ("Cookies with chocolate", "Bake them for ten minutes. " * 5),
        ("Login page of the harbour office redesigned", SENTENCE),
        ("The town's paywall falls", "From March on every article is free, the Town says. " * 3),
        ("404 boats counted", SENTENCE),
        ("快讯：东澜港今日恢复通航", "东澜港今日上午恢复通航，首班渡轮八时离港。"),
        ("某平台整改登录验证流程", "该平台称，将简化用户的登录流程。"),
        ("Domain names cost more", "The registry raises the price of a domain by a tenth. " * 3),
    ],
)
def test_an_article_on_any_of_this_is_one(title: str, text: str) -> None:
    assert stand_in(page(title, text), text) is None


@pytest.mark.parametrize("kind", KINDS, ids=[kind.reason for kind in KINDS])
@pytest.mark.parametrize(
    "rules", [NO_RULES, ArticleRules(body=(parse_selector("article"),))], ids=["found", "selected"]
)
def test_a_new_article_is_not_made_of_it(kind: Kind, rules: ArticleRules) -> None:
    title = min(kind.titles)
    markup = page(title, PHRASES[kind.reason][0]).html or ""
    expected = BlockedError if kind.is_block else PageError
    with pytest.raises(expected, match=f"{kind.reason} stands there now") as caught:
        examine(
            markup.encode(), "https://town.example/news/2026/the-ferry-runs-again", rules=rules, must_be_article=True
        )
    assert isinstance(caught.value, BlockedError) == kind.is_block


def test_what_has_no_page_is_judged_by_its_title() -> None:
    with pytest.raises(PageError, match="an error page"):
        refuse_title("页面不存在", Body("<p>页面不存在</p>"))
    with pytest.raises(BlockedError, match="a challenge"):
        refuse_title("Just a moment...", Body(""))
    refuse_title("页面不存在", Body(f"<p>{SENTENCE * 20}</p>"))
    refuse_title("The ferry runs again", Body(""))


PUBLIC = FOLDER.parents[1] / "eval" / "public_sample" / "pages"


@pytest.mark.skipif(not PUBLIC.exists(), reason=f"no pages at {PUBLIC}")
@pytest.mark.parametrize("path", sorted(PUBLIC.glob("*.html")), ids=lambda path: path.stem)
def test_no_real_article_is_taken_for_anything_else(path: Path) -> None:
    tree = parse(path.read_bytes())
    text = LexborHTMLParser(examine(path.read_bytes(), f"https://{path.stem}.example/a").article.body).text()
    assert stand_in(tree, text) is None
    assert stand_in(tree, text[:400]) is None


@needs_samples
@for_each_sample
def test_no_post_of_the_old_archive_is_either(path: Path) -> None:
    post = read_post(path.read_bytes().decode())
    refuse_title(post.title, Body(post.body))
    text = LexborHTMLParser(post.body, is_fragment=True).text()
    assert stand_in(page(post.title, text), text) is None
