"""Our words and those of the cases, in one table each: what we say where a case names an error, and what is waived."""

import re

ERRORS: dict[str, tuple[tuple[str, str], ...]] = {
    "blocked-address": (("failed|missing|blocked", r"refused: blocked-(address|userinfo)\b"),),
    "blocked-port": (("failed|missing|blocked", r"refused: blocked-port\b"),),
    "blocked-scheme": (("failed|missing|blocked", r"refused: (blocked-scheme\b|not http or https)"),),
    "robots-unavailable": (("failed|blocked", r"robots\.txt: (HTTP 5|HTTP 429|timeout|connection|host|refused)"),),
    "robots-denied": (("failed", r"refused: Forbidden by robots\.txt"),),
    "offsite-redirect": (("failed", r"redirected to http://evil\.test/"),),
    "redirect-loop": (("failed", r"refused: (max redirections reached|too many redirects)"),),
    "no-title": (("dropped|failed", r"no title|the selector .*title.* finds nothing"),),
    "too-large": (("failed|missing", r"too large(?!.*pixels)"),),
    "bad-response": (("failed|missing", r"connection failed: no HTTP answer|too large: .*header"),),
    "image-bomb": (("missing", r"too large: .*pixels|not an image|cut short or damaged"),),
    "image-format-refused": (("missing", r"not an image|refused: .*(SVG|format)"),),
    "image-truncated": (("missing", r"cut short or damaged"),),
    "not-an-image": (("missing", r"not an image|empty"),),
    "parse-limits": (("failed", r"refused: parse-limits|not read within"),),
    "bad-xml": (
        ("failed|blocked", r".*(DOCTYPE|DTD|document type|entit|not XML|no sitemap|no feed|no article in this)"),
    ),
    "trap-limit": (("failed|stopped", r".*trap-limit\b"),),
    "timeout": (("failed|missing", r"timeout"),),
    "truncated-body": (("failed", r"cut short"),),
    "connection-failed": (("failed", r"connection failed|connection refused"),),
    "dns-failure": (("failed", r"(robots\.txt: )?host not found"),),
    "rate-limited": (("failed|blocked", r"HTTP (429|503)"),),
    "proxy-failed": (("failed", r"(robots\.txt: )?connection (refused|failed)"),),
    "tls-failure": (("failed", r"(robots\.txt: )?connection failed: .*(TLS|certificate|SSL)"),),
    "bad-charset": (("notice|failed", r".*(names no charset|illegible|characters? (lost|replaced)|lost)"),),
    "empty-article": (("held", r"no |much shorter"),),
    "shrunk": (("held", r"much shorter|a paywall stands there"),),
    "soft-404": (("held|failed", r"an error page|.*(not found|error page)"),),
    "identity-changed": (("held", r"(another|a different) (article|title|date)|.*title and date"),),
    "http-410": (("gone", r"HTTP 410"),),
    "user-edited": (("edited", r".*"),),
    "path-unsafe": (("log|stopped", r".*leads out of"),),
    "disk-full": (("log|stopped", r".*(No space left on device|disk is full)"),),
    "read-only": (("log|stopped", r".*(Read-only file system|readonly database)"),),
    "locked": (("log", r".*is in use by process \d+"),),
    "index-corrupt": (("log", r".*(malformed|not a database).*made anew"),),
}
"""Error of a case -> (our outcomes, how our reason begins), each pair enough. An outcome of our own in another's place
would be a wrong behaviour that passes: so both are asked for."""

CODES = {"deferred": (1, 5), "blocked": (1,), "rejected": (1, 5), "archived_no_image": (1,)}
"""Exit codes by outcome. 5 is ours: nothing answered at all (docs/running.md)."""

WAIVED: dict[tuple[str, str], str] = {
    ("keep-410", "exit"): "an article that is gone is no problem of the run: 0 (docs/running.md)",
    ("trap-pagination", "error"): "a listing without any article is a failure at its first page: nothing is paged",
    ("ssrf-dns-rebind", "error"): "a link to another host is none of the site's articles: its name is never looked up",
    **{
        ("scheme-file-image", what): "what is no web address is no image of an article: it has none, and lacks none"
        for what in ("error", "exit")
    },
}
"""(case, what is expected) -> why our documented behaviour stands in its place."""

PENDING: dict[str, str] = {}
"""Case -> which work it waits for. Such a case may fail; it is to be taken out of here once it passes."""


def is_told(error: str, findings: set[tuple[str, str]]) -> bool:
    """Did the program say so, in its own words?"""
    return any(
        re.fullmatch(outcomes, outcome) and re.match(reason, told)
        for outcomes, reason in ERRORS[error]
        for outcome, told in findings
    )
