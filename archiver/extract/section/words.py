"""What the links of a page and the names of its parts say about them: tables of words in many languages, no sites."""

import re

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
UNSEEN = frozenset("script style noscript template svg select option datalist head iframe object textarea".split())
BLOCKS = frozenset(
    "body main header footer nav aside figcaption p div li td dd section article blockquote pre h1 h2 h3 h4 h5 h6 ul ol"
    " table tr form".split()
)
POSITIONAL = frozenset("odd even first last active current selected alt on cur hover".split())
TITLE_NAMES = frozenset("title headline heading tit subject caption".split())
# Parts of a page that are around its own list or text, by the words of class names and ids.
ASIDE_NAMES = frozenset(
    "sidebar sidenav nav navbar navigation menu topnav breadcrumb breadcrumbs crumb crumbs footer related recommend"
    " recommended recommendation recommendations popular mostread trending ranking rank hot comment comments share"
    " sharing social cookie cookies consent newsletter pagination pager paging tagcloud copyright friendlink"
    " friendlinks sponsored advert advertisement toplist aside".split()
)
ASIDE_TAGS = frozenset("nav aside footer menu dialog".split())
ASIDE_ROLES = frozenset("navigation complementary contentinfo banner search dialog".split())
# What such a part is called where only its heading tells; compared with the beginning of a short heading.
ASIDE_HEADING = re.compile(
    r"\W*(?:most (?:read|popular|viewed|shared|commented)|popular|trending|related|recommended|you may (?:also )?like"
    r"|also (?:read|on)|don.t miss|sponsored|partner|advert|tags?$|follow us"
    r"|categories$|archives?$|recent (?:comments|posts)|comments?$|share|newsletter|blogroll|links$"
    r"|.{0,8}(?:排行|榜$|ランキング)|热门|热文|推荐(?:阅读|新闻|文章)|相关|猜你喜欢|大家都在看|最热|友情链接"
    r"|熱門|推薦閱讀|相關|延伸閱讀|延伸阅读|人氣"
    r"|人気|関連|おすすめ|많이 본|인기|관련|추천"
    r"|meistgelesen|beliebt|das könnte|mehr zum thema|les plus lus|à lire aussi|sur le même sujet|populaires?"
    r"|lo más (?:leído|visto)|más (?:leídas?|vistos?)|te puede interesar|relacionad[oa]s|più letti|i più|leggi anche"
    r"|mais lidas|leia (?:também|mais)|самое читаемое|популярн"
    r"|читайте также|meest gelezen|najczęściej czytane|mest läst"
    r"|en çok okunan|đọc nhiều|terpopuler)",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(
    r"\d{1,4}\s?[-/.年월月]\s?\d{1,2}(?!\d{3})|\d{1,2}:\d{2}|\b\d{1,2}\.? [^\W\d]{3,12}\.? (?:19|20)\d\d"
    r"|\b[^\W\d]{3,12}\.? \d{1,2},? (?:19|20)\d\d|\b(?:minutes?|hours?|days?|weeks?|mins?|hrs?) ago|yesterday|today"
    r"|[分时時日天周月]\s?(?:钟|間)?前|昨[天日]|今[天日]|[일시간분주] ?전",
    re.IGNORECASE,
)
# What a link says that is all of a calendar's cell: a number (of a page, too), a weekday, a month.
NUMBER_OR_DAY = re.compile(
    r"\W*(?:\d{1,4}(?:st|nd|rd|th|\s?[年月日号일월])?|(?:星期|周|週|礼拜)[一二三四五六日天]|[一二三四五六日月火水木金土]曜?日?"
    r"|[월화수목금토일](?:요일)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{4})?"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?: \d{4})?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so"
    r"|lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|segunda|terça|quarta|quinta|sexta"
    r"|(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|пн|вт|ср|чт|пт|сб|вс"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\W*",
    re.IGNORECASE,
)
# What a link says that only repeats the title beside it.
MORE_WORDS = re.compile(
    r"\W*(?:(?:continue|keep) reading|read (?:more|on|the (?:full )?(?:article|story|post))|more|learn more|full story"
    r"|details|view (?:more|post|article|details)|load more|show more|see (?:more|all)|view all"
    r"|comments?|\d+ comments?|leave a comment"
    r"|阅读更多|阅读全文|查看全文|查看详情|全文|详细|详情|更多|更多内容|繼續閱讀|閱讀更多|閱讀全文"
    r"|続きを読む|もっと見る|もっと読む|記事を読む|詳細"
    r"|더보기|더 보기|자세히|weiterlesen|mehr(?: lesen| erfahren)?"
    r"|zum artikel|lire (?:la suite|plus|l.article)|en savoir plus"
    r"|leer más|seguir leyendo|ver más|más|leggi(?: tutto| di più| l.articolo)?"
    r"|continua(?: a leggere)?|ler mais|leia mais"
    r"|saiba mais|continue lendo|читать(?: далее| дальше| полностью)?|подробнее|далее|ещё|lees (?:verder|meer)|meer"
    r"|czytaj (?:więcej|dalej)|więcej|läs mer|les mer|læs mere|lue lisää|devamı(?:nı oku)?|đọc (?:tiếp|thêm)|xem thêm"
    r"|selengkapnya|baca selengkapnya|อ่านต่อ|อ่านเพิ่มเติม|اقرأ المزيد|المزيد)\W*",
    re.IGNORECASE,
)
NEXT_WORDS = re.compile(
    r"(?:the )?next(?: page| posts?| entries| articles| \d+)?"
    r"|(?:older|earlier|previous)(?: posts?| entries| articles| stories| news)"
    r"|older|more (?:posts|stories|articles|news|entries|results)|(?:load|show|see|view) more(?: \w+)?|page suivante"
    r"|下一?[页頁]|后一[页頁]|後一頁|次へ|次の?ページ(?:へ)?|次の\d+件"
    r"|다음(?: ?페이지)?|더 ?보기|加载更多|載入更多|查看更多|もっと見る"
    r"|weiter|n[äa]chste(?: seite)?|[äa]ltere (?:beitr[äa]ge|artikel)|mehr (?:laden|anzeigen|artikel)|vor"
    r"|suivante?s?|articles (?:plus anciens|suivants|précédents)|plus d.articles|siguientes?|p[áa]gina siguiente"
    r"|(?:entradas|artículos|noticias) (?:antiguas|anteriores)"
    r"|más (?:noticias|artículos)|pr[óo]xim[ao](?: p[áa]gina)?"
    r"|p[áa]gina seguinte|seguinte|(?:posts|artigos|notícias) (?:mais )?antig[ao]s"
    r"|mais (?:notícias|artigos)|carregar mais"
    r"|(?:pagina )?successiv[ao]|avanti|articoli (?:precedenti|meno recenti)"
    r"|далее|вперёд|вперед|следующая(?: страница)?"
    r"|ещё|показать ещё|volgende(?: pagina)?|oudere (?:berichten|artikelen)"
    r"|następn[aey](?: strona)?|dalej|starsze wpisy"
    r"|nästa(?: sida)?|neste(?: side)?|næste(?: side)?|äldre inlägg"
    r"|eldre innlegg|seuraava(?: sivu)?|sonraki(?: sayfa)?"
    r"|trang (?:sau|tiếp|kế)|tiếp(?: theo)?|sau|berikutnya|selanjutnya|halaman berikutnya|ถัดไป|หน้าถัดไป"
    r"|التالي|الصفحة التالية"
    r"|הבא|अगला|επόμεν[ηο]|další|ďalšie|következő|următor(?:ul|oarea)|наступна|следваща",
    re.IGNORECASE,
)
ARROWS = re.compile(r"[\s›»→>＞》⟩❯▶⇒»\ue000-\uf8ff]+")
FORWARD = re.compile(r"\s*[›→>＞⟩❯▶⇒»》]{1,2}\s*")
CURRENT_NAMES = frozenset("current active on cur selected thisclass pagenow".split())
MORE_ATTRIBUTES = (
    "data-next-url data-next-page-url data-nextpage data-next data-load-more-url data-loadmore-url data-load-more"
    " data-more-url data-ajax-url data-api-url data-api data-endpoint data-feed-url data-source data-url data-href"
    " data-action hx-get data-infinite-scroll-url"
).split()
MORE_NAMES = re.compile(r"more|load|next|infinit|feed|stream|scroll|list|paginat|ajax", re.IGNORECASE)
MORE_STATE = re.compile(
    r"""["']?(?:next_?(?:page)?_?(?:url|link|href)|(?:load_?)?more_?(?:posts_?|articles_?)?(?:url|endpoint|api))["']?"""
    r"""\s{0,5}[:=]\s{0,5}["']((?:https?:|\\?/|\?)[^"'\s<>]{1,500})["']""",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    r"\$?\{{1,2}\s?(?:page|p|next|pageNum\w*)\s?\}{1,2}|%7Bpage%7D|%page%|__PAGE__|:page\b", re.IGNORECASE
)
