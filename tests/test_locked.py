"""The lock files hold what pyproject.toml asks for, each file by its hash, and nothing that is known to be broken."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ADVISORIES: dict[str, dict[str, str]] = tomllib.loads((ROOT / "tests" / "advisories.toml").read_text("utf-8"))
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?(?: \\)?$", re.MULTILINE)


def locked(file: str) -> dict[str, Version]:
    """Package -> version, of what this Python installs."""
    text = (ROOT / file).read_text("utf-8")
    return {
        it["name"]: Version(it["version"])
        for it in ENTRY.finditer(text)
        if not it["marker"] or Marker(it["marker"]).evaluate()
    }


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        (
            "requirements-cluster.txt",
            [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["cluster"]],
        ),
        ("requirements-dev.txt", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
    ],
)
def test_what_is_asked_for_is_locked(file: str, wanted: list[str]) -> None:
    versions = locked(file)
    for requirement in map(Requirement, wanted):
        assert versions[canonical(requirement.name)] in requirement.specifier, f"run .ci/lock --keep: {requirement}"
    assert {"hatchling", "editables"} <= versions.keys()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-cluster.txt", "requirements-dev.txt"])
def test_each_package_has_hashes(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text("utf-8").splitlines() if line.strip()]
    names = [number for number, line in enumerate(lines) if not line.startswith((" ", "#"))]
    assert len(names) > 50
    for number in names:
        assert ENTRY.match(lines[number]), lines[number]
        assert lines[number + 1].strip().startswith("--hash=sha256:"), lines[number]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-cluster.txt"])
def test_all_files_lock_the_same_versions(file: str) -> None:
    few, many = locked(file), locked("requirements-dev.txt")
    assert few == {name: many.get(name) for name in few}


def test_nothing_that_is_known_to_be_vulnerable_is_locked() -> None:
    versions = locked("requirements-dev.txt")
    assert ADVISORIES.keys() <= versions.keys(), "a package is gone: take its advisories away, too"
    behind = [
        f"{name} {versions[name]}: {advisory} is mended in {fixed}"
        for name, advisories in ADVISORIES.items()
        for advisory, fixed in advisories.items()
        if versions[name] < Version(fixed)
    ]
    assert behind == []
