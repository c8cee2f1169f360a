"""The attacks of `made_up/vectors.yaml`, each with a name."""

from pathlib import Path

import yaml

from archiver.items import Article
from tests.samples import article

FILE = Path(__file__).parent / "made_up" / "vectors.yaml"
PAGE = "https://town.example/news/ferry"
OUTSIDE = "evil.example"
"""The host that the attacks would ask."""


def load() -> dict[str, str]:
    """Name -> markup, in the file's order."""
    found = {}
    for group in yaml.safe_load(FILE.read_text("utf-8")):
        for number, markup in enumerate([*group["lines"].splitlines(), *group.get("texts", ())], 1):
            found[f"{group['name']}-{number}"] = markup
    return found


FIELDS = {
    "a line break": "a\npermalink: ../../evil/x.html\nb",
    "a line break of Windows": "a\r\nlayout: false\r\nb",
    "a line separator": "a\u2028permalink: x\u2029y: z",
    "a next line": "a\x85permalink: x",
    "other separators": "a\x0bpermalink: x\x0cy: z\x1c\x1d\x1e",
    "the end of the front matter": "---\npermalink: x\n---",
    "nothing but that": "\n---\n",
    "a tag of YAML": "!!python/object/apply:os.system [id]",
    "another": "!!js/function 'function(){}'",
    "an alias": "*a",
    "an anchor": "&a [*a, *a]",
    "a mapping": "a: b",
    "a comment": "a # b",
    "a list": "- a\n- b",
    "a flow mapping": "{a: b}",
    "a flow list": "[a, b]",
    "a literal": "| a",
    "a folded text": "> a",
    "a quote": "'",
    "quotes at the start": "'a' b",
    "a quote that would close": "a'\nb: 'c",
    "double quotes and a backslash": '"a" \\" b',
    "both quotes": 'it\'s "both"',
    "a backslash": "\\",
    "a backslash at the end": "a\\",
    "nothing": "null",
    "yes": "yes",
    "a number": "1e3",
    "an octal one": "0o17",
    "a day": "2022-01-01",
    "a time": "12:30:45",
    "a merge": "<<",
    "a default": "=",
    "a byte order mark": "\ufeffa",
    "no characters": "\ufffea\uffff",
    "other directions": "a\u202eb\u2066c",
    "half a pair": "\ud83d",
    "a null": "a\x00b",
    "a template": "{{ 7*7 }} {% include 'x' %} {# c #}",
    "markup": "</div>\n\n<script>alert(1)</script>",
    "reserved signs": "%50 @x `y`",
    "a complex key": "? a : b",
    "very much": "a" * 100_000,
}
"""Name -> a text of a page that would say more than itself in front matter."""
VECTORS = load()
ARTICLES = {
    name: article(url=f"https://town.example/{name}", title=f"{name} {markup}", body=markup)
    for name, markup in VECTORS.items()
}
"""Name -> an article that has the attack in its title and its body."""


def with_field(text: str) -> Article:
    """An article that has a text in each of its fields."""
    return article(
        url=f"https://town.example/{text}",
        title=text,
        categories=(text, text, text),
        authors=(text,),
        image_url=f"https://img.example/{text}",
        body=f"<p>{text}</p>",
    )
