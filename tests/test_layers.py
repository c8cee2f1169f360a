"""The picture of ARCHITECTURE.md, drawn from the code: imports run one way."""

import ast
from pathlib import Path

import archiver

ROOT = Path(archiver.__file__).parent
# Each line may import from the lines below it and from its own; files and folders of `archiver/`.
LAYERS = (
    ("__main__", "cli"),
    ("cluster",),
    ("demo", "spiders", "scheduler", "units"),
    ("notifying",),
    ("accounts", "answers", "frontier"),
    (
        "settings",
        "log_formatter",
        "pipelines",
        "middlewares",
        "limits",
        "observer",
        "keeper",
        "handler",
        "resolver",
        "health",
    ),
    (
        "ledger",
        "missing",
        "adoption",
        "relinking",
        "survey",
        "verification",
        "mending",
        "schedule",
        "yields",
        "reports",
        "metrics",
    ),
    ("sites",),
    ("archive", "extract"),
    ("holding", "bucket_index"),
    ("leases", "index", "changes", "image_records"),
    ("tables", "layout"),
    ("post", "journal", "content"),
    ("body", "images", "failures", "responses"),
    (
        *("items", "errors", "dates", "charset", "urls", "names", "lazy", "outcomes", "config", "workers"),
        *("records", "files", "writer", "interruption", "freshness", "ways", "log"),
        *("database", "addresses", "masking", "bucket", "markup", "legibility", "sanitiser", "style", "__init__"),
    ),
)
HEIGHT = {name: -number for number, names in enumerate(LAYERS) for name in names}


def arrows() -> list[tuple[str, str]]:
    """(importing file, imported module) for every import of ours."""
    found = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if names == ["archiver"] and isinstance(node, ast.ImportFrom):
                names = [f"archiver.{alias.name}" for alias in node.names]
            found += [(str(path.relative_to(ROOT)), name) for name in names if name.startswith("archiver.")]
    return found


def test_imports_run_one_way() -> None:
    assert len(arrows()) > 100
    for path, module in arrows():
        name = module.split(".")[1]
        height = HEIGHT.get(name, HEIGHT["__init__"])  # `from archiver import __version__`
        assert height <= HEIGHT[Path(path).parts[0].removesuffix(".py")], (
            f"{path} imports {module}, which lies above it"
        )


def test_every_module_has_its_place() -> None:
    top = {
        path.name.removesuffix(".py")
        for path in ROOT.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert top == set(HEIGHT)


def test_extraction_knows_no_scrapy() -> None:
    for path in (ROOT / "extract").rglob("*.py"):
        assert "scrapy" not in path.read_text("utf-8").replace("no Scrapy", "").lower(), path


def test_classes_end_in_their_role() -> None:
    for folder, role in (
        ("pipelines", "Pipeline"),
        ("middlewares", ("Middleware", "Error")),
        ("spiders", ("Spider", "Loader", "Page")),
    ):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.parse(path.read_text("utf-8")).body:
                assert not isinstance(node, ast.ClassDef) or node.name.endswith(role), f"{path}: {node.name}"
