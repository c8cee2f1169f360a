"""The cases, as their file has them: data, read and never changed."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[3] / "shared" / "attacks" / "cases.yaml"
"""It lies beside the project, not in it: who has only the project has no cases."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; the head of the file says what each field means."""

    id: str
    group: str
    kind: str
    expect: dict[str, Any]
    serve: tuple[dict[str, Any], ...] = ()
    entry: str = ""
    run: str = "crawl"
    setup: tuple[dict[str, Any], ...] = ()
    then: tuple[dict[str, Any], ...] = ()
    dns: dict[str, Any] = field(default_factory=dict)
    robots: dict[str, Any] | None = None
    note: str = ""

    def step(self, name: str) -> Any:
        """What a step of the setup says; None: there is no such step."""
        return next((step[name] for step in self.setup if name in step), None)


@cache
def cases() -> tuple[Case, ...]:
    """All of them, in the order of the file."""
    found = []
    for values in with_words(yaml.safe_load(FILE.read_text("utf-8")))["cases"]:
        values.pop("stock", None)
        many = {name: tuple(values.get(name) or ()) for name in ("serve", "setup", "then")}
        found.append(Case(**{**values, **many}))
    return tuple(found)


def with_words(values: Any) -> Any:
    """YAML 1.1 reads the key `on` as true; here it is a word again."""
    if isinstance(values, dict):
        return {"on" if key is True else key: with_words(value) for key, value in values.items()}
    return [*map(with_words, values)] if isinstance(values, list) else values
