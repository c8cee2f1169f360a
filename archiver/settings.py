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
ARCHIVER_REFRESH = "7d"  # articles younger than that are asked again, once a day: later corrections are rare
ARCHIVER_FORCE = False
ARCHIVER_TRIAL = False
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
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the outcome is logged, once
BLOCKED_PAUSE = 2.0

# Bounded: a page of news is 50 to 500 kB.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024**2
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # an article's own <meta refresh> would replace it
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # newest first, as listings have them
CONCURRENT_ITEMS = 8  # of one response; ours gives one article

# Closed: nothing listens, only http and https are fetched, certificates are verified, no identity is kept.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
DOWNLOAD_VERIFY_CERTIFICATES = True
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False  # the first cookie would make tldextract fetch the public-suffix list
REFERER_ENABLED = False  # an image request carries its own; pages need none

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "archiver.middlewares.redirect.KeepRefererRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # images lie on other hosts; spiders check pages
    "archiver.middlewares.charset.CompressedCharsetMiddleware": 595,
    "archiver.middlewares.freshness.FreshnessMiddleware": 585,  # keeps listings unpacked
    "archiver.middlewares.charset.CharsetMiddleware": 580,  # once decompressed (590), before anybody reads the text
    "archiver.middlewares.politeness.PolitenessMiddleware": 550,
}
ITEM_PIPELINES = {
    "archiver.pipelines.normalise.NormalisePipeline": 100,
    "archiver.pipelines.header_image.HeaderImagePipeline": 300,
    "archiver.pipelines.export.ExportPipeline": 800,
}
LOG_FORMATTER = "archiver.log.ArchiverLogFormatter"
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
