"""Scrapy settings: few lines, each with its reason. Parts are named as strings."""

from archiver import __version__

BOT_NAME = "archiver"
SPIDER_MODULES: list[str] = []
SPIDER_LOADER_CLASS = "archiver.spiders.SiteLoader"  # one spider per site definition
USER_AGENT = f"archiver/{__version__} (keeps articles for their readers; one request at a time)"
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

# The archive. The command line sets these; `scrapy crawl NAME -s ARCHIVER_OUTPUT=DIR` does too.
ARCHIVER_OUTPUT = "output"
ARCHIVER_IMAGES = ""  # empty: OUTPUT/images
ARCHIVER_IMAGE_LINKS = "remote"  # as the existing archive has it
ARCHIVER_IMAGE_PREFIX = "/images"
ARCHIVER_INSECURE_IMAGE_PREFIX = ""  # the old archive's proxy is somebody's, and may be gone
ARCHIVER_FILENAME = "slug"
ARCHIVER_INDEX = ""  # empty: OUTPUT/.archiver/index.sqlite
ARCHIVER_DURABILITY = "safe"  # docs/performance.md: what it costs is little beside the pause between two pages
ARCHIVER_WAIT = 0
ARCHIVER_REFRESH = "7d"  # articles younger than that are asked again, once a day: later corrections are rare
ARCHIVER_FORCE = False
ARCHIVER_TRIAL = False
ARCHIVER_KEEP_RUN = True  # `archiver crawl` keeps all its sites as one run itself
ARCHIVER_ALONE = False  # `archiver images` asks hosts of all sites: no crawl goes on beside it
ARCHIVER_WAYBACK = False  # `archiver images` asks archive.org only where somebody wants it
ARCHIVER_VIDEO_HOSTS = ""  # beside those of archiver/body.py, with spaces between
ARCHIVER_SITES = ""  # empty: ./sites

# Polite: one request at a time per host, with a pause; a site's definition or -s may set another.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 4  # a site, its API and its images; what is taken up is finished when a run is interrupted
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.5
RETRY_TIMES = 3  # after pauses of about 1, 2 and 4 seconds
RETRY_PAUSE = 1.0
RETRY_AFTER_MAX = 120.0  # a host that asks for more is asked again by the next run
CRAWL_DELAY_MAX = 30.0  # seconds that a robots.txt may ask for between two requests; with more a night is over
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the outcome is logged, once
BLOCKED_PAUSE = 2.0

# Bounded: whatever a page is, it costs so much and no more.
DOWNLOAD_TIMEOUT = 30  # of the whole response, to its last byte
DOWNLOAD_MAXSIZE = 16 * 1024**2  # as it comes and once unpacked; a page of news is 50 to 500 kB
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5  # RFC 9309's figure; browsers give up after 20
ARCHIVER_MOST_HEADERS = 128 * 1024  # bytes of all headers of an answer; browsers take 256 KiB, sites send 2
ARCHIVER_MOST_PAGES = 10_000  # of one listing: a hundred thousand articles and more
ARCHIVER_MOST_ARTICLES = 200_000  # of one run, two days at a page a second; what is left is for the next
ARCHIVER_MOST_LINKS = 50_000  # of one page, the limit of sitemaps.org
ARCHIVER_MOST_DEPTH = 5  # of listings within listings; --depth says how many of them are wanted
ARCHIVER_MOST_LEVELS = 3  # of sitemap indexes within each other; the standard knows one
ARCHIVER_MOST_NESTED = 1_000  # elements within each other; browsers stop at 512
ARCHIVER_MOST_ATTRIBUTES = 500  # of one tag; real ones have up to 40, and parsers are quadratic in them
ARCHIVER_LONGEST_TAG = 64 * 1024  # bytes, without what stands in quotes
ARCHIVER_LARGEST_FEED = 10_000_000  # bytes; a feed holds the newest entries
ARCHIVER_LARGEST_SITEMAP = 50 * 1024**2  # bytes once unpacked, the limit of sitemaps.org
ARCHIVER_MOST_IMAGE_BYTES = 32 * 1024**2  # header images have 20 kB to 3 MB
ARCHIVER_MOST_PIXELS = 64_000_000  # of one frame, looked at before it is decoded: 256 MB of memory
ARCHIVER_MAX_MEMORY = 1024  # MiB of this process, where a night's crawl takes 150 to 300; then the run ends
ARCHIVER_MAX_BYTES = 0  # fetched or written by a run; 0: as many as there are
ARCHIVER_MAX_TIME = 0.0  # seconds of a run; 0: as long as it takes
MEMUSAGE_ENABLED = False  # Scrapy's looks at the largest use ever, even of the process that started this one
METAREFRESH_ENABLED = False  # an article's own <meta refresh> would replace it
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # newest first, as listings have them
CONCURRENT_ITEMS = 2  # of one response; ours gives one article, and each costs a task
WARN_ON_GENERATOR_RETURN_VALUE = False  # reads the source of a callback for each page; mypy has looked already

# Closed: nothing listens, only http and https are fetched, certificates are verified, no identity is kept.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("file", "data", "ftp", "s3")),
    **dict.fromkeys(("http", "https"), "archiver.handler.BoundedHandler"),
}
DOWNLOAD_VERIFY_CERTIFICATES = True
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False  # the first cookie would make tldextract fetch the public-suffix list
REFERER_ENABLED = False  # an image request carries its own; pages need none

TWISTED_DNS_RESOLVER = "archiver.resolver.GuardedResolver"  # no connection leads into a private network
DNS_TIMEOUT = 10  # a name server that is silent for longer stays so
ARCHIVER_ALLOW_ADDRESS: list[str] = []  # IP:PORT of an intranet's sites
ARCHIVER_RESOLVE_FOR_PROXY = True  # where a proxy asks, this machine still looks whether a name is a private one

DOWNLOADER_MIDDLEWARES = {
    "archiver.middlewares.guard.AddressGuardMiddleware": 40,  # before robots.txt (100) is asked for
    "archiver.middlewares.guard.ConnectionGuardMiddleware": 860,  # once all headers and the proxy (750) are known
    "archiver.middlewares.robots.RobotsMiddleware": 100,
    "archiver.middlewares.bounds.MarkupBoundsMiddleware": 570,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "archiver.middlewares.redirect.KeepRefererRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # images lie on other hosts; spiders check pages
    "archiver.middlewares.charset.CompressedCharsetMiddleware": 595,
    "archiver.middlewares.freshness.FreshnessMiddleware": 585,  # keeps listings unpacked
    "archiver.middlewares.charset.CharsetMiddleware": 580,  # once decompressed (590), before anybody reads the text
    "archiver.middlewares.politeness.PolitenessMiddleware": 550,
    "archiver.middlewares.backlog.BacklogMiddleware": 540,
}
SPIDER_MIDDLEWARES = dict.fromkeys(  # what nobody here reads, and every response would pass through
    ("scrapy.spidermiddlewares.depth.DepthMiddleware", "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware")
)
EXTENSIONS = {"archiver.limits.RunLimits": 0, "archiver.observer.Observer": 0, "archiver.keeper.RunKeeper": 0}
ITEM_PIPELINES = {
    "archiver.pipelines.normalise.NormalisePipeline": 100,
    "archiver.pipelines.header_image.HeaderImagePipeline": 300,
    "archiver.pipelines.export.ExportPipeline": 800,
}
LOG_FORMATTER = "archiver.log_formatter.ArchiverLogFormatter"
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
