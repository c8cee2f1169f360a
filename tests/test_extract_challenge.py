"""A challenge that stands in place of a page is recognised, and a page is never taken for one."""

import pytest

from archiver.extract.challenge import MARKS, SHORT, challenge_in


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
