"""Takes passwords, keys and tokens out of a text that people read: a log line, a reason, a summary.

Pure, but for the passwords of the proxies, which it knows from the environment.
"""

import re
from base64 import b64encode
from functools import cache
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

MASK = "***"
WORDS = r"token|key(?!w)|secret|passw|pwd|(?<!de)(?<!as)sign|(?:^|[_.\-])sig(?:$|[_.\-])|auth(?!or(?:s|$|[_.\-]))"
SECRET_NAME = re.compile(rf"cookie|credential|session|HTTPAUTH_PASS|_PASS\b|{WORDS}", re.IGNORECASE)
"""Is found in what a header, a setting or a parameter is called whose value nobody else may read."""
NOT_SECRET = re.compile(r"keywords?|authors?|ROBOTSTXT_\w+|HTTPAUTH_DOMAIN", re.IGNORECASE)
USER_INFO = re.compile(r"(?<=://)[^\s/?#\"'<>]*@")
"""A name and password in an address; up to the last `@`, for passwords hold some."""
PARAMETER = re.compile(r"(?<=[?&;#])([^=&;#?\s\"'<>]+)=([^&;#\s\"'<>)\]]+)")
ENTRY = re.compile(
    r"""(?P<name>b?(?P<quote>['"])[\w.\-]{1,80}(?P=quote))(?P<colon>\s*:\s*)"""
    r"""(?P<value>\[?b?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]?)"""
)
"""A name and its value as Python shows them: settings, headers."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What moves the cursor, begins a line or turns its direction: a line must not look like another one."""


def masked(text: str) -> str:
    """A text in which the secrets are `***`."""
    for secret in proxy_secrets():
        text = text.replace(secret, MASK)
    if "://" in text:
        text = USER_INFO.sub(f"{MASK}@", text)
    if "=" in text:
        text = PARAMETER.sub(masked_parameter, text)
    return ENTRY.sub(masked_entry, text) if ":" in text else text


def masked_parameter(match: re.Match[str]) -> str:
    """A parameter of an address; one with a secret's name without its value."""
    return f"{match[1]}={MASK}" if is_secret(unquote(match[1])) else match[0]


def masked_entry(match: re.Match[str]) -> str:
    """A name and its value; a secret's without it."""
    is_hidden = is_secret(match["name"].lstrip("b").strip("'\""))
    return f"{match['name']}{match['colon']}{MASK!r}" if is_hidden else match[0]


def is_secret(name: str) -> bool:
    """Is what is called so nobody else's business?"""
    return SECRET_NAME.search(name) is not None and NOT_SECRET.fullmatch(name) is None


def escaped(text: str) -> str:
    """A text in one line, with its control characters spelled out: `\\n`, `\\x1b`."""
    return CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


@cache
def proxy_secrets() -> tuple[str, ...]:
    """The passwords of the proxies, plain and as they are sent."""
    found: list[str] = []
    for url in getproxies().values():
        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
        except ValueError:
            continue
        if parts.password:
            pair = f"{unquote(parts.username or '')}:{unquote(parts.password)}"
            found += [b64encode(pair.encode()).decode(), parts.password, unquote(parts.password)]
    return tuple(dict.fromkeys(found))
