"""JSON as pages have it: within comments or CDATA, escaped as HTML, with wrong commas, quotes or escapes."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any

Thing = dict[str, Any]

LONGEST_SCRIPT = 2_000_000  # characters; live blogs, the largest there are, have some 300,000


def read_json(text: str) -> Any:
    """A JSON text as pages have it: within comments or CDATA, escaped as HTML, with wrong commas, quotes or escapes.

    None where nothing can be made of it.
    """
    if len(text) > LONGEST_SCRIPT:
        return None
    cdata = text.find("<![CDATA[", 0, 200)
    text = text[cdata + len("<![CDATA[") if cdata >= 0 else 0 :]
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
    start = min((at for mark in "{[" if (at := text.find(mark)) >= 0), default=None)
    if start is None:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except RecursionError:
        return None
    except ValueError:
        return Repair(text, start).read()


BETWEEN = re.compile(r"(?:[\s,;]|/\*[\s\S]*?\*/|//[^\n]*|<!--|-->)*")  # not possessive: Python 3.11.2 errs there
NO_VALUE = re.compile(r"\s*+(?:[,}\]]|\Z)")
SCALAR = re.compile(r"[^\s,}\]{\[]{1,64}")
KEY = re.compile(r"""["']?([@\w:.\-]{1,80})["']?\s*+:""")
# A quote ends a text only where what follows may follow a text; in an object that is a key, in a list another value.
ENDS_MEMBER = re.compile(
    r'"(?=\s*+(?:[}\]]|$|,\s*+(?:"[@\w:.\- ]{1,60}"\s*+:|[}\]]|//|/\*|$)|//|/\*|"[@\w:.\-]{1,60}"\s*+:))'
)
ENDS_ENTRY = re.compile(r'"(?=\s*+(?:[}\]]|$|,\s*+(?:["{\[}\]\d]|//|/\*|$)|//|/\*))')
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
DEEPEST_REPAIR = 60


@dataclass(slots=True)
class Repair:
    """Reads broken JSON: commas too many or missing, comments, quotes and escapes inside of texts, a cut-off end."""

    text: str
    at: int

    def read(self) -> Any:
        """The value; None where nothing can be made of it."""
        try:
            return self.value(0, ENDS_ENTRY)
        except (ValueError, RecursionError):
            return None

    def skip(self) -> str:
        """Passes over what may stand between values; the character that follows, empty at the end."""
        if found := BETWEEN.match(self.text, self.at):
            self.at = found.end()
        return self.text[self.at : self.at + 1]

    def value(self, depth: int, ends: re.Pattern[str]) -> Any:
        """The value that begins here."""
        if depth > DEEPEST_REPAIR:
            raise ValueError("too deep")
        mark = self.skip()
        if mark == '"':
            return self.string(ends)
        if mark not in ("{", "["):
            return self.scalar()
        self.at += 1
        found = self.members(depth) if mark == "{" else self.entries(depth)
        self.at += 1
        return found

    def members(self, depth: int) -> Thing:
        """What an object holds."""
        found: Thing = {}
        while self.skip() not in ("}", ""):
            key = KEY.match(self.text, self.at)
            if key is None:
                raise ValueError(f"no key at {self.at}")
            self.at = key.end()
            if not NO_VALUE.match(self.text, self.at):
                found[key[1]] = self.value(depth + 1, ENDS_MEMBER)
        return found

    def entries(self, depth: int) -> list[Any]:
        """What a list holds."""
        found = []
        while self.skip() not in ("]", "}", ""):
            found.append(self.value(depth + 1, ENDS_ENTRY))
        return found

    def string(self, ends: re.Pattern[str]) -> str:
        """The text that begins here."""
        start = at = self.at + 1
        while True:
            end = self.text.find('"', at)
            if end < 0:
                end = len(self.text)
                break
            slashes = 0
            while end - slashes > start and self.text[end - slashes - 1] == "\\":
                slashes += 1
            if slashes % 2 == 0 and ends.match(self.text, end):
                break
            at = end + 1
        self.at = end + 1
        return ESCAPE.sub(self.unescape, self.text[start:end])

    @staticmethod
    def unescape(match: re.Match[str]) -> str:
        """The character that an escape stands for; a wrong one stands for itself."""
        return chr(int(match[1], 16)) if match[1] else ESCAPED.get(match[2], match[2])

    def scalar(self) -> Any:
        """The number or word that begins here; None for what is neither."""
        found = SCALAR.match(self.text, self.at)
        if found is None:
            raise ValueError(f"no value at {self.at}")
        self.at = found.end()
        try:
            return json.loads(found[0])
        except ValueError:
            return None
