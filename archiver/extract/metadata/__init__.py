"""What a page tells about its article: what it declares in JSON-LD, Open Graph and other tags, and what it shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from types import MappingProxyType
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.dates import parse_date
from archiver.extract.metadata.authors import declared_names, is_newsroom, is_organisation
from archiver.extract.metadata.byline import date_in_address, date_in_data, editors_in, visible_authors, visible_date
from archiver.extract.metadata.canonical import plausible_canonical
from archiver.extract.metadata.declared import Declared, read_declared
from archiver.extract.metadata.headline import Sites, Title, choose_title, sites_of
from archiver.extract.metadata.pictures import Picture, declared_pictures, rank, shown_pictures
from archiver.extract.metadata.structured import Structured, text_of
from archiver.extract.metadata.surroundings import Surroundings, look_around
from archiver.extract.metadata.wording import fold, plain

HOME = (
    *("home", "homepage", "home page", "start", "startseite", "accueil", "à la une", "a la une", "inicio", "início"),
    *(
        "hjem",
        "forside",
        "forsíða",
        "etusivu",
        "главная",
        "головна",
        "首页",
        "首頁",
        "ホーム",
        "トップ",
        "トップページ",
    ),
    *("홈", "trang chủ", "beranda", "anasayfa", "ana sayfa", "strona główna", "úvod", "domov"),
)
MOST = 100  # of tags and sections
DAY = timedelta(days=1)
TITLES = '[class*="title" i], [id*="title" i], [class*="headline" i], h4, h5'


@dataclass(frozen=True, slots=True)
class Metadata:
    """Each field is None or empty where the page does not say."""

    title: str | None = None
    """Plain text, without the site's name."""
    published: datetime | None = None
    """Aware."""
    modified: datetime | None = None
    """Aware."""
    authors: tuple[str, ...] = ()
    """Names, in the page's order."""
    images: tuple[str, ...] = ()
    """Candidates for the header image, best first: absolute http(s) addresses, none twice."""
    summary: str | None = None
    """Plain text of one line."""
    language: str | None = None
    """BCP 47, as the page writes it."""
    tags: tuple[str, ...] = ()
    """Keywords."""
    sections: tuple[str, ...] = ()
    """The page's own categories, from the widest to the narrowest."""
    site_name: str | None = None
    """What the site calls itself."""
    canonical: str | None = None
    """The address that the page gives itself, where that is plausible."""
    kinds: tuple[str, ...] = ()
    """What the page declares itself to be, as often as it does: `og:type`, types of JSON-LD and microdata."""
    article_body: str = ""
    """Text of the article as structured data repeat it."""
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    """Field -> where its value stands on the page."""
    doubtful: frozenset[str] = field(default=frozenset(), compare=False)
    """Fields whose value gives way to what the page shows."""

    @property
    def image_url(self) -> str | None:
        """The best candidate for the header image."""
        return self.images[0] if self.images else None


def read_metadata(page: LexborHTMLParser, url: str, zone: tzinfo = UTC) -> Metadata:
    """What a page declares: JSON-LD is trusted before meta tags, and these before `<time>`, `<title>` and `<h1>`.

    Dates without a zone are taken in `zone`. Each value's source is in `reasons`; what `complete_metadata` may replace
    is in `doubtful`.
    """
    declared = read_declared(page, url)
    sites = sites_in(declared, url)
    reasons: dict[str, str] = {}
    doubtful: set[str] = set()

    title = title_of(declared, sites)
    published, is_doubtful_date, reasons["published"] = published_in(declared, zone)
    authors, is_doubtful_author, reasons["authors"] = authors_in(declared, sites)
    pictures = pictures_in(declared)
    for name, is_doubtful in (
        ("title", title is None or title.is_doubtful),
        ("published", published is None or is_doubtful_date),
        ("authors", not authors or is_doubtful_author),
        ("images", not pictures or pictures[0].is_doubtful),
    ):
        if is_doubtful:
            doubtful.add(name)
    reasons["title"] = title.reason if title else ""
    reasons["images"] = pictures[0].reason if pictures else ""
    summary, reasons["summary"] = first_of(
        text_value(declared, "description", "abstract"), declared.contents("summary")
    )
    language, reasons["language"] = language_of(declared)
    tags, reasons["tags"] = tags_in(declared)
    sections = sections_in(declared, title.text if title else "", sites)
    modified, reasons["modified"] = modified_in(declared, zone)
    canonical = plausible_canonical((declared.links.get("canonical"), declared.content("address")[1]), url)
    reasons["canonical"] = "link or og:url" if canonical else ""
    return Metadata(
        title=title.text if title else None,
        published=published,
        modified=modified,
        authors=authors,
        images=tuple(picture.address for picture in pictures),
        summary=summary,
        language=language,
        tags=tags,
        sections=sections,
        site_name=next(iter(site_names(declared)), None),
        canonical=canonical,
        kinds=(*(kind for _, kind in declared.contents("kinds")), *declared.structured.kinds),
        article_body=article_body(declared.structured),
        reasons=MappingProxyType({name: reason for name, reason in reasons.items() if reason}),
        doubtful=frozenset(doubtful),
    )


def complete_metadata(
    declared: Metadata,
    page: LexborHTMLParser,
    url: str,
    zone: tzinfo = UTC,
    *,
    container: LexborNode | None = None,
    now: datetime | None = None,
) -> Metadata:
    """Fills in what a page does not declare, or doubtfully, from what it shows around its headline and its body.

    `container` is the element that holds the article's body, where it is known. The page is not changed.
    """
    now = now or datetime.now(UTC)
    said = read_declared(page, url)
    reasons = dict(declared.reasons)
    title = declared.title
    sites = sites_in(said, url)
    if "title" in declared.doubtful and (found := shown_title(page, said, sites)):
        title, reasons["title"] = found.text, found.reason
    around = look_around(page, title, container)
    if around is None:
        return declared
    authors, reasons["authors"] = better_authors(declared, around, page, sites)
    published, reasons["published"] = better_date(declared, around, page, url, zone, now)
    pictures = rank(pictures_in(said), shown_pictures(around, said.base))
    reasons["images"] = pictures[0].reason if pictures else ""
    return replace(
        declared,
        title=title,
        authors=authors,
        published=published,
        images=tuple(picture.address for picture in pictures),
        reasons=MappingProxyType({name: reason for name, reason in reasons.items() if reason}),
        doubtful=frozenset(),
    )


def shown_title(page: LexborHTMLParser, said: Declared, sites: Sites) -> Title | None:
    """A title that something on the page confirms which is called a title, though it is no `h1`."""
    texts = [plain(node.text()[:1000]) for node in page.css(TITLES)[:MOST] if node.tag not in ("body", "html")]
    found = title_of(replace(said, others=[*said.others, *texts]), sites)
    return found if found is not None and not found.is_doubtful else None


def better_authors(
    declared: Metadata, around: Surroundings, page: LexborHTMLParser, sites: Sites
) -> tuple[tuple[str, ...], str]:
    """Authors that are declared, unless doubtfully or as editors; then those that are shown, if any."""
    authors, reason = declared.authors, declared.reasons.get("authors", "")
    editors = editors_in([*around.head, *around.foot])
    is_edited = bool(authors) and all(fold(name) in editors for name in authors)
    if "authors" in declared.doubtful or is_edited:
        shown, where = visible_authors(around, page)
        if names := tuple(name for name in shown if fold(name) not in editors and not is_site(name, sites)):
            return names, where
    if is_edited and reason.startswith("meta"):
        return (), "the page names an editor only"
    return authors, reason


def better_date(
    declared: Metadata, around: Surroundings, page: LexborHTMLParser, url: str, zone: tzinfo, now: datetime
) -> tuple[datetime | None, str]:
    """The declared date, unless doubtful or to come; then the one that is shown, unless the address differs."""
    published, reason = declared.published, declared.reasons.get("published", "")
    if published is not None and "published" not in declared.doubtful and published <= now + DAY:
        return published, reason
    shown, where = visible_date(around, zone, now)
    day = date_in_address(url, zone)
    for found, why in ((shown, where), (published, reason)):
        if found is not None and found <= now + DAY and (day is None or abs(found - day) <= 2 * DAY):
            return found, why
    if day is not None and day <= now + DAY:
        return day, "date in the address"
    if (found := date_in_data(page, zone)) is not None and found <= now + DAY:
        return found, "date in the page's data"
    return published, reason


def site_names(declared: Declared) -> tuple[str, ...]:
    """What the site is called, as it is told."""
    said = [plain(content) for name, content in declared.contents("site_name") if not content.startswith("@")]
    return tuple(
        dict.fromkeys(name for name in (*said, *declared.structured.sites) if name and not name.startswith("http"))
    )


def sites_in(declared: Declared, url: str) -> Sites:
    """What is known of the site's names."""
    handles = (content for _, content in declared.contents("site_name") if content.startswith("@"))
    return sites_of(url, (*site_names(declared), *handles), declared_sections(declared))


def declared_sections(declared: Declared) -> list[str]:
    """Names of sections, before any is left out."""
    said = [*each(declared.structured.values("articleSection")), *(text for _, text in declared.contents("sections"))]
    return [*said, *way_to(declared)]


def way_to(declared: Declared) -> list[str]:
    """Names on the way to the page, without its own."""
    titles = {fold(plain(content)) for _, content in declared.contents("title")}
    titles |= {fold(text) for value in declared.structured.values("headline", "name") if (text := text_of(value))}
    crumbs = [crumb for crumb in declared.structured.crumbs if fold(crumb) not in titles]
    return crumbs[:-1] if crumbs and fold(crumbs[-1]) in map(fold, declared.headings) else crumbs


def title_of(declared: Declared, sites: Sites) -> Title | None:
    """The title, by what declares it and by the headings that show it."""
    structured = declared.structured
    said = [("JSON-LD headline", text) for value in structured.values("headline") if (text := text_of(value))]
    if not said:
        said = [("JSON-LD name", text) for value in structured.values("name") if (text := text_of(value))]
    said = said[:1]
    said += [(name, plain(content)) for name, content in declared.contents("title")]
    return choose_title(said, declared.document, declared.headings, declared.others, sites)


def published_in(declared: Declared, zone: tzinfo) -> tuple[datetime | None, bool, str]:
    """Publication date, whether it is doubtful, and where it stands."""
    said = [
        *(("JSON-LD datePublished", text_of(value)) for value in declared.structured.values("datePublished")),
        *((f"meta {name}", content) for name, content in declared.contents("published")),
        *(("JSON-LD dateCreated", text_of(value)) for value in declared.structured.values("dateCreated", "uploadDate")),
        *(("JSON-LD WebPage", text_of(page.get("datePublished"))) for page in declared.structured.pages),
        *(("<time pubdate>", time.attributes.get("datetime")) for time in declared.times if is_pubdate(time)),
    ]
    if found := first_date(said, zone):
        return found[1], False, found[0]
    times = [("the first <time>", time.attributes.get("datetime")) for time in declared.times[:1]]
    found = first_date(times, zone)
    return (found[1], True, found[0]) if found else (None, True, "")


def is_pubdate(time: LexborNode) -> bool:
    """Does a `<time>` say that it is the article's?"""
    attributes = time.attributes
    words = (attributes.get("class") or "").lower().split()
    return (
        "pubdate" in attributes
        or attributes.get("itemprop") == "datePublished"
        or bool({"published", "entry-date", "dt-published", "post-date", "entry-time"} & set(words))
    )


def modified_in(declared: Declared, zone: tzinfo) -> tuple[datetime | None, str]:
    """Date of the last change, and where it stands."""
    found = first_date(
        (
            *(("JSON-LD dateModified", text_of(value)) for value in declared.structured.values("dateModified")),
            *((f"meta {name}", content) for name, content in declared.contents("modified")),
        ),
        zone,
    )
    return (found[1], found[0]) if found else (None, "")


def first_date(said: Iterable[tuple[str, str | None]], zone: tzinfo) -> tuple[str, datetime] | None:
    """The first text that is a date, with its reason."""
    return next(((reason, found) for reason, text in said if text and (found := parse_date(text, zone))), None)


def authors_in(declared: Declared, sites: Sites) -> tuple[tuple[str, ...], bool, str]:
    """Authors, whether they are doubtful, and where they stand.

    Persons in structured data, then persons in meta tags; an organisation that structured data name as the author is
    kept for want of a person, the site itself in a meta tag is not.
    """
    structured = declared.structured
    organised: tuple[str, ...] = ()
    for value in structured.values("author", "creator"):
        names = tuple(dict.fromkeys(declared_names(value)))
        persons = tuple(name for name in names if not is_newsroom(name) and not is_site(name, sites))
        if persons and not is_organisation(value):  # an agency may have written along, the site itself is no author
            return tuple(name for name in names if not is_site(name, sites)), False, "JSON-LD author"
        organised = organised or names
    said = list(declared.contents("author"))
    signed: tuple[str, ...] = ()
    for key in dict.fromkeys(key for key, _ in said):
        names = tuple(
            dict.fromkeys(name for other, content in said if other == key for name in declared_names(content))
        )
        persons = tuple(name for name in names if not is_newsroom(name) and not is_site(name, sites))
        if persons:
            return persons, False, f"meta {key}"
        # A blog may be called as who writes it; a publisher's address is made of its name.
        signed = signed or tuple(name for name in names if not is_newsroom(name) and fold(name) not in sites.hosts)
    for page in structured.pages:
        if persons := tuple(name for name in declared_names(page.get("author")) if not is_newsroom(name)):
            return persons, True, "JSON-LD WebPage author"
    if signed:
        return signed, True, "meta author, who is the site"
    return organised, True, "JSON-LD author, no person" if organised else ""


def is_site(name: str, sites: Sites) -> bool:
    """Is a name the site's own?"""
    return fold(name) in sites.names


def pictures_in(declared: Declared) -> tuple[Picture, ...]:
    """Header images that are declared."""
    structured = declared.structured
    width = next(iter(declared.meta.get("og:image:width", ())), None)
    said: list[tuple[str, Any]] = [
        (f"meta {name}", {"url": content, "width": width if number == 0 else None})
        for number, (name, content) in enumerate(declared.contents("open_graph_image"))
    ]
    said += [("JSON-LD image", value) for value in structured.values("image")]
    said += [(f"meta {name}", content) for name, content in declared.contents("image")]
    said += [("link image_src", declared.links.get("image_src"))]
    said += [("JSON-LD primaryImageOfPage", page.get("primaryImageOfPage")) for page in structured.pages]
    said += [("JSON-LD thumbnailUrl", value) for value in structured.values("thumbnailUrl")]
    return declared_pictures(said, declared.base, structured.logos)


def text_value(declared: Declared, *names: str) -> Iterator[tuple[str, str]]:
    """(reason, text) of structured data."""
    return (("JSON-LD", text) for value in declared.structured.values(*names) if (text := text_of(value)))


def first_of(*groups: Iterable[tuple[str, str]]) -> tuple[str | None, str]:
    """The first text that says something, and its reason."""
    for group in groups:
        for reason, text in group:
            if found := plain(text):
                return found, reason
    return None, ""


def language_of(declared: Declared) -> tuple[str | None, str]:
    """The article's language, and where it stands."""
    said = [*text_value(declared, "inLanguage"), ("<html lang>", declared.language)]
    found, reason = first_of(said, declared.contents("language"))
    return (found.partition(",")[0].replace("_", "-") if found else None), reason


def tags_in(declared: Declared) -> tuple[tuple[str, ...], str]:
    """Keywords, and where they stand."""
    for value in declared.structured.values("keywords"):
        if found := keywords(value):
            return found, "JSON-LD keywords"
    said = list(declared.contents("tags"))
    for name in dict.fromkeys(name for name, _ in said):
        if found := keywords([content for key, content in said if key == name], split=True):
            return found, f"meta {name}"
    return (), ""


def keywords(value: Any, *, split: bool = False) -> tuple[str, ...]:
    """Keywords: a list, or a text with commas; `split`: commas divide in a list too."""
    texts = value if isinstance(value, list) else [value]
    is_divided = split or len(texts) == 1
    found: list[str] = []
    for part in islice(texts, MOST):
        if text := text_of(part):
            parts = text.replace("，", ",").replace("、", ",").replace(";", ",").split(",") if is_divided else [text]
            found += [kept for one in parts if (kept := one.strip())]
    return tuple(dict.fromkeys(found))[:MOST]


def sections_in(declared: Declared, title: str, sites: Sites) -> tuple[str, ...]:
    """The page's categories: those it names, else the way to it from the home page."""
    said = [*each(declared.structured.values("articleSection"))]
    said = said or [plain(content) for _, content in declared.contents("sections")]
    said = said or way_to(declared)
    kept = (
        text
        for text in said
        if text
        and fold(text) != fold(title)
        and text.lower() not in HOME
        and fold(text) not in sites.names
        and len(text) <= 60
    )
    return tuple(dict.fromkeys(kept))[:10]


def each(values: Iterable[Any]) -> list[str]:
    """The texts of the first value: one, or a list."""
    value = next(iter(values), None)
    return [text for part in (value if isinstance(value, list) else [value]) if (text := text_of(part))]


def article_body(structured: Structured) -> str:
    """The longest text that structured data give as the article's body."""
    texts = [
        part
        for value in structured.values("articleBody", "text")
        for part in (value if isinstance(value, list) else [value])
    ]
    return max((text for text in texts if isinstance(text, str)), key=len, default="")
