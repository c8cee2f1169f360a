"""Site definitions as Scrapy spiders: `SiteLoader` is the project's `SPIDER_LOADER_CLASS`."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archiver.errors import ConfigurationError
from archiver.sites import Site, load_sites
from archiver.spiders.article import ArticleSpider

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings

Names = list[str]


def to_spider(site: Site) -> type[ArticleSpider]:
    """The spider class of a definition. Raises ConfigurationError when it names no such class."""
    module, _, name = site.spider.partition(":")
    try:
        base = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"{site.source}: `spider`: no class at {site.spider} ({error})") from error
    if not (isinstance(base, type) and issubclass(base, ArticleSpider)):
        raise ConfigurationError(f"{site.source}: `spider`: {site.spider} is no ArticleSpider")
    if site.extractor is not None:
        check_function(site.extractor, site.source)
    return type(
        base.__name__,
        (base,),
        {"name": site.name, "site": site, "custom_settings": dict(site.settings or {})},
    )


def check_function(path: str, source: str) -> None:
    """Raises ConfigurationError when a definition's `extractor` names no function."""
    module, _, name = path.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"{source}: `extractor`: no function at {path} ({error})") from error
    if not callable(found):
        raise ConfigurationError(f"{source}: `extractor`: {path} is no function")


class SiteLoader:
    """Gives Scrapy one spider per site definition."""

    def __init__(self, settings: "BaseSettings") -> None:
        folder = settings.get("ARCHIVER_SITES")
        self.sites = load_sites(Path(folder) if folder else None)

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> Self:
        return cls(settings)

    def load(self, spider_name: str) -> "type[Spider]":
        if spider_name not in self.sites:
            raise KeyError(f"Spider not found: {spider_name}")
        return to_spider(self.sites[spider_name])

    def list(self) -> Names:
        return [*self.sites]

    def find_by_request(self, request: "Request") -> Names:
        return [name for name, site in self.sites.items() if site.owns(request.url)]
