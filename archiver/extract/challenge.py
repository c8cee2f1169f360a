"""Is this the page that was asked for, or a challenge that stands in its place? Recognised, never solved.

By status and by marks in the markup, before anything is read; `standin` knows by their words what these do not catch.
"""

import re

# Marks of the challenges and refusals of common protections, in the markup that a browser would run.
MARKS = {
    "_wafchallenge": "a WAF challenge",
    "_waf_": "a WAF challenge",
    "aliyun_waf": "a WAF challenge",
    "cf-browser-verification": "a Cloudflare challenge",
    "cf_chl_opt": "a Cloudflare challenge",
    "challenge-platform": "a Cloudflare challenge",
    "px-captcha": "a PerimeterX challenge",
    "captcha-delivery.com": "a DataDome challenge",
    "_incapsula_resource": "an Imperva challenge",
    "awswafcookiedomainlist": "an AWS challenge",
    "sucuri_cloudproxy_js": "a Sucuri challenge",
    "/.well-known/ddos-guard": "a DDoS-Guard challenge",
    "x5secdata": "an Alibaba challenge",
    "wappass.baidu.com/static/captcha": "a captcha",
    "geetest_": "a captcha",
    "tencentcaptcha": "a captcha",
    "g-recaptcha": "a captcha",
    "h-captcha": "a captcha",
}
MARK = re.compile("|".join(map(re.escape, MARKS)), re.IGNORECASE)
SHORT = 20_000
"""Characters. Challenge pages are short; an article page that merely holds a captcha for its comments is long."""
REFUSALS = {401: "HTTP 401", 403: "HTTP 403", 429: "HTTP 429", 451: "HTTP 451"}


def challenge_in(status: int, text: str) -> str | None:
    """Why an answer is a block; None: it is none. `text` may be empty for what is no text, or longer than SHORT."""
    if status in REFUSALS:
        return REFUSALS[status]
    mark = MARK.search(text) if len(text) < SHORT else None
    return MARKS[mark[0].lower()] if mark else None
