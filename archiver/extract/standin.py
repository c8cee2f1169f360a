"""What stands in an article's place, though the server says 200: a challenge, a wall, an error page, nothing at all.

A table in several languages: whole titles, phrases and marks in the markup, each kind with the word that is told. Only
where there is little text is any of them believed: an article about captchas, cookies or lost pages is an article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.body import Body
from archiver.content import is_error, shown, words
from archiver.errors import BlockedError, PageError
from archiver.extract.section.kind import NONE
from archiver.extract.section.links import weight

UNSEEN = frozenset("script style noscript template svg head title h1 -comment".split())
SEPARATOR = re.compile(r"\s+[-–—|·:»_]+\s+|\s*[|｜_]\s*")
MOST_SEEN = 4_000
"""Weight of all the text of a page, up to which a phrase anywhere in it tells what the page is."""
END = 300
"""Characters at the end of a text, in which a wall says what is missing."""
MOST_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that may stand in an article's place."""

    reason: str
    """In words."""
    is_block: bool
    """Will the article be there for others, or later? Then the page is blocked, else it failed."""
    most: int
    """Weight of the text from which on a page is believed to be what was asked for."""
    titles: frozenset[str] = frozenset()
    """Whole headings, or titles with or without the site's name, in the form of `archiver.content.words`."""
    phrases: re.Pattern[str] = re.compile("(?!)")
    marks: str = ""
    """A CSS selector; of a wall, which hides the rest of an article: its phrase ends the text, or stands beside it."""


def titles(*rows: str) -> frozenset[str]:
    """Titles in the form in which they are compared, from rows with `/` between them."""
    return frozenset(words(title) for row in rows for title in row.split("/"))


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Finds any of some phrases; a space stands for any white space."""
    return re.compile("|".join(alternatives).replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


KINDS = (
    Kind(
        "a challenge",
        True,
        600,
        titles(
            "just a moment/attention required/one more step/please wait/checking your browser/security check",
            "verify you are human/are you a robot/are you human/robot check/human verification/bot verification",
            "pardon our interruption/access to this page has been denied/client challenge/captcha/ddos guard",
            "please verify you are a human/sucuri website firewall/request unsuccessful/security verification",
            "安全验证/人机验证/验证码/请完成验证/滑动验证/安全检测/访问验证/环境异常/百度安全验证/机器人检测/身份验证",
            "安全驗證/人機驗證/請稍候/请稍候/请稍等/お待ちください/ロボットではありません/보안 확인/로봇이 아닙니다",
            "einen moment bitte/sicherheitsüberprüfung/un instant/vérification de sécurité/un momento",
            "comprobación de seguridad/verificação de segurança/проверка безопасности/проверка браузера/вы не робот",
        ),
        phrases(
            r"checking (?:if the site connection is secure|your browser)|enable javascript and cookies to continue",
            r"verif(?:y|ying) (?:that )?you are (?:a )?(?:human|not a (?:robot|bot))|unusual traffic from your",
            r"complete the (?:security check|captcha)|press (?:&|and) hold to confirm you are|ddos protection by",
            r"(?:请|請)?(?:完成|进行|進行|通过|通過)(?:下方|以下|安全|人机|人機|滑动|滑動|图形|圖形)*(?:验证|驗證)",
            r"访问(?:过于|太)频繁|您的访问(?:出现)?异常|正在进行安全(?:检测|检查|验证)|环境异常|存在异常访问|拖动(?:滑块|下方滑块)",
            r"ロボットではないことを確認|セキュリティ(?:チェック|確認)を完了|로봇이 아님을 (?:확인|증명)|자동화된 접근",
            (
                r"bestätigen sie,? dass sie (?:ein mensch|kein roboter)|vérifi(?:er|ons) que vous (?:êtes (?:un )?hu"
                r"main|n.êtes pas un robot)"
            ),
            (
                r"verifi(?:ca|que|car) que (?:no )?(?:eres|es|você)[^.]{0,20}(?:humano|robot|robô)|подтвердите,? что"
                r" вы не робот"
            ),
        ),
    ),
    Kind(
        "a consent wall",
        True,
        600,
        titles(
            (
                "before you continue/before you continue to google/before you continue to youtube/cookie consent/pr"
                "ivacy gate"
            ),
            "we value your privacy/we care about your privacy/your privacy/your privacy matters/privacy settings",
            "manage your privacy/manage cookies/consent/cookies/cookie settings/cookie wall/tracking consent",
            (
                "bevor sie fortfahren/vor dem weiterlesen/datenschutz/datenschutzeinstellungen/privatsphäre einstel"
                "lungen"
            ),
            "avant de continuer/votre vie privée/nous respectons votre vie privée/gestion des cookies",
            "antes de continuar/tu privacidad/su privacidad/valoramos su privacidad/sua privacidade",
            "prima di continuare/la tua privacy/voordat je verder gaat/uw privacy",
            "隐私设置/隐私声明/同意を管理/개인정보 설정",
        ),
        phrases(
            (
                r"(?:accept|agree to|consent to) (?:all |our |the |use of )*(?:cookies|terms)[^.]{0,60} to (?:continu"
                r"e|proceed|access|read)"
            ),
            (
                r"to (?:continue|proceed|access)[^.]{0,60} (?:accept|agree to|consent to) (?:all |our |the |use of )*"
                r"cookies"
            ),
            (
                r"mit werbung weiterlesen|weiter mit (?:werbung|tracking)|zustimmen und weiter(?:lesen)?|cookies akz"
                r"eptieren und weiter"
            ),
            (
                r"accepter (?:et|pour) continuer|continuer (?:sans accepter|avec publicité)|aceptar y continuar|acei"
                r"tar e continuar"
            ),
            r"accetta e (?:continua|chiudi)|akkoord en doorgaan|同意并继续|同意後繼續|同意して続行|동의하고 계속",
        ),
    ),
    Kind(
        "a login wall",
        True,
        400,
        titles(
            (
                "log in/login/sign in/sign up/register/create an account/log in to continue/sign in to continue/acc"
                "ount login"
            ),
            "login required/members only/member login/please log in/please sign in/sign in to your account",
            "登录/请登录/用户登录/会员登录/登录注册/登录 注册/立即登录/登錄/登入/會員登入/请先登录/微信登录/扫码登录",
            "ログイン/会員登録/会員限定/로그인/회원가입/회원 로그인/anmelden/anmeldung/einloggen/registrieren",
            "connexion/se connecter/s identifier/inscription/iniciar sesión/inicia sesión/acceder/entrar/fazer login",
            "accedi/inloggen/вход/войти/авторизация/регистрация",
        ),
        phrases(
            r"(?:log|sign) ?in (?:or (?:register|sign up|subscribe) )?to (?:continue|read|view|see|access)",
            r"(?:you (?:must|need to) (?:be logged in|log in|sign in|register)) to (?:continue|read|view|see|access)",
            r"(?:请|請)?(?:先)?(?:登录|登錄|登入)(?:后|後|以|才能|方可|即可)(?:继续|繼續|查看|阅读|閱讀|浏览|瀏覽|可见|可見)",
            r"登录(?:后)?(?:查看|阅读)(?:全文|更多|完整)|(?:ログイン|会員登録)(?:して|すると|後に)[^。]{0,20}(?:続き|全文|閲覧)",
            r"로그인 ?(?:후|하여|하시면)[^.]{0,20}(?:이용|열람|보실|읽)",
            r"(?:einloggen|anmelden),? um (?:weiterzulesen|fortzufahren)",
            r"connectez-vous pour (?:continuer|lire|accéder)|inicia sesión para (?:continuar|leer|ver)",
            r"войдите,? чтобы (?:продолжить|прочитать|читать)",
        ),
        "[class*=loginwall i], [class*=login-wall i], [class*=login-required i], [class*=need-login i]",
    ),
    Kind(
        "a paywall",
        True,
        1_500,
        titles(
            "subscribe/subscribe to continue/subscribers only",
            "订阅/付费内容/会员专享/付费阅读/有料会員限定/abonnieren/s abonner",
        ),
        phrases(
            (
                r"subscribe (?:now )?to (?:read|continue|keep reading|unlock|access|view)|to (?:continue|keep) readi"
                r"ng[^.]{0,60} subscri"
            ),
            (
                r"(?:this|the full|rest of (?:this|the)) (?:article|story|content)[^.]{0,40}(?:for|to|reserved for|a"
                r"vailable (?:only )?to) (?:our )?(?:paying |premium )?(?:subscribers|members)"
            ),
            (
                r"subscribers? only|already a subscriber|start your (?:free )?trial to (?:read|continue)|you have re"
                r"ached your (?:free )?(?:article )?limit"
            ),
            r"(?:开通|購買|购买|成为|加入|升级)[^。]{0,12}(?:会员|會員|vip|订阅|訂閱|付费|付費)[^。]{0,12}(?:阅读|閱讀|查看|解锁|解鎖|观看)",
            r"(?:本文|该文|此文|以下|剩余)[^。]{0,10}(?:为|為|是)?(?:付费|付費|会员|會員|订阅|訂閱)[^。]{0,8}(?:内容|內容|文章|专享|專享|可读|可見)",
            r"(?:付费|付費|订阅|訂閱|购买|購買)(?:后|後|即可|才能)[^。]{0,8}(?:阅读|閱讀|查看|解锁|解鎖)|解锁全文|解鎖全文|(?:剩余|还剩)\d+%(?:未读|的?内容|的?精彩)",
            r"(?:有料|会員)(?:会員|限定)(?:の)?(?:記事|限定)|この記事は(?:有料|会員)|続きを読むには[^。]{0,30}(?:登録|購読|会員)",
            r"유료 ?(?:회원|구독)[^.]{0,15}(?:기사|전용|이용)|구독(?:하고|하시면|자 전용)",
            (
                r"(?:jetzt )?(?:abonnieren|abo (?:abschließen|testen))[^.]{0,30}(?:weiter(?:zu)?lesen|lesen)|weiterl"
                r"esen mit [^.]{0,20}(?:abo|plus|\+)|nur für abonnenten"
            ),
            (
                r"(?:article|contenu) (?:est )?réservé (?:à nos |aux )abonnés|abonnez-vous pour (?:lire|continuer|ac"
                r"céder)|il vous reste [\d.,]+ ?% de cet article"
            ),
            (
                r"(?:contenido|artículo) (?:exclusivo|solo) para suscriptores|suscríbete para (?:leer|seguir|continu"
                r"ar)|(?:conteúdo )?exclusivo para assinantes|assine para (?:ler|continuar)"
            ),
            (
                r"(?:contenuto|articolo) riservato agli abbonati|abbonati per (?:leggere|continuare)|только для подп"
                r"исчиков|оформите подписку,? чтобы"
            ),
        ),
        "[class*=paywall i], [id*=paywall i], [class*=regwall i], [class*=premium-wall i], [class*=subscribe-wall i],"
        " [class*=piano-], [class*=payment-wall i], [class*=article-locked i], [class*=metered i], [class*=fufei i]",
    ),
    Kind(
        "an error page",
        False,
        1_500,
        titles(
            "404/404 not found/404 error/error 404/page not found/not found/410 gone/500/502 bad gateway/503",
            (
                "page not found 404/nothing found/nothing here/no longer available/content unavailable/article unav"
                "ailable"
            ),
            "this page isn t available/this page is not available/page no longer available/this page does not exist",
            "we can t find that page/we couldn t find that page/the page you requested was not found/page missing",
            "sorry this page isn t available/sorry we couldn t find that page/access denied/service unavailable",
            (
                "article removed/article deleted/this article has been removed/this content is not available/remove"
                "d/deleted"
            ),
            "页面不存在/文章不存在/内容不存在/页面找不到了/页面丢失/页面已失效/链接已失效/您访问的内容不存在/该文章已下线",
            "该内容已被发布者删除/此内容因违规无法查看/此帐号已被屏蔽/内容已下架/文章已下架/出错了/出错啦/系统错误",
            "您访问的页面不存在或已删除/抱歉 您访问的页面不存在/抱歉 您要访问的页面不存在/对不起 您访问的页面不存在",
            "页面出错",
            "找不到網頁/此頁面不存在/文章已刪除/您所瀏覽的頁面不存在/ページが存在しません/お探しのページは見つかりませんでした",
            "お探しのページが見つかりません/記事が見つかりません/この記事は削除されました",
            "삭제된 기사입니다/페이지를 찾을 수 없습니다",
            (
                "seite nicht gefunden/artikel nicht gefunden/fehler 404/diese seite existiert nicht/inhalt nicht ve"
                "rfügbar"
            ),
            "page introuvable/page non trouvée/erreur 404/cette page n existe pas/article introuvable",
            "página no encontrada/error 404 página no encontrada/contenido no disponible/página não encontrada",
            "pagina non trovata/errore 404/pagina niet gevonden/страница не найдена/ошибка 404/статья не найдена",
            (
                "strona nie została znaleziona/sayfa bulunamadı/không tìm thấy trang/الصفحة غير موجودة/halaman tida"
                "k ditemukan"
            ),
        ),
        phrases(
            (
                r"the (?:page|article|story|content) (?:that )?you(?:'re| are|’re)? (?:were )?(?:looking for|request"
                r"ed|trying to (?:reach|access))[^.]{0,60}(?:not|n't|n’t|no longer|moved|removed|missing)"
            ),
            r"(?:we|sorry)[^.]{0,30}(?:can(?:not|'t|’t)|could(?:n't|n’t| not)) find (?:the|that|this) (?:page|article)",
            (
                r"this (?:page|article|story|post) (?:has been|was|is) (?:removed|deleted|taken down|unpublished|no "
                r"longer available|not available)"
            ),
            r"this (?:page|article|story|post) (?:does not|doesn't|doesn’t|no longer) exists?",
            (
                r"(?:您|你)?(?:访问|訪問|要找|查找|寻找|浏览|瀏覽|请求)的(?:页面|頁面|网页|網頁|文章|内容|內容|信息|"
                r"链接)[^。]{0,16}(?:不存在|已删除|已刪除|被删除|找不到|失效|下线|丢失|走丢)"
            ),
            r"(?:该|此|本)(?:文章|页面|内容|篇文章|文|貼文|帖子|頁面|內容)(?:已经|已|因)[^。]{0,16}(?:删除|刪除|下线|下架|屏蔽|失效|无法查看|不存在)",
            r"(?:文章|页面|頁面|内容|內容)(?:不存在|已被删除|已被刪除|已下线)|お探しのページ[^。]{0,20}(?:見つかり|存在し|削除)|(?:記事|ページ)は(?:削除|存在し)",
            r"(?:요청하신|찾으시는) (?:페이지|기사)[^.]{0,20}(?:없|삭제)|(?:삭제된|존재하지 않는) (?:기사|페이지)",
            (
                r"(?:die|diese) (?:gesuchte |angeforderte )?seite[^.]{0,40}(?:nicht (?:gefunden|mehr|existiert|verfü"
                r"gbar)|existiert nicht)"
            ),
            (
                r"(?:la|cette) page (?:que vous [^.]{0,30})?(?:est introuvable|n.existe (?:pas|plus)|n.est (?:pas|pl"
                r"us) disponible)"
            ),
            (
                r"la página (?:que [^.]{0,30})?no (?:existe|se (?:ha )?encontr|está disponible)|a página (?:que [^."
                r"]{0,30})?não (?:existe|foi encontrada)"
            ),
            (
                r"la pagina (?:che [^.]{0,30})?non (?:esiste|è (?:stata trovata|disponibile))|(?:страница|статья)[^."
                r"]{0,30}(?:не найдена|не существует|удалена)"
            ),
        ),
    ),
    Kind(
        "a parked domain",
        False,
        1_500,
        titles(
            (
                "domain for sale/this domain is for sale/domain name for sale/buy this domain/domain parked/parked "
                "domain"
            ),
            (
                "this domain may be for sale/account suspended/website suspended/site suspended/domain expired/comi"
                "ng soon"
            ),
            "welcome to nginx/apache2 debian default page/apache2 ubuntu default page/it works/default web site page",
            "域名出售/该域名正在出售/域名转让/此域名可出售/域名已过期/网站已关闭/网站暂停访问/站点创建成功/没有找到站点",
            "ドメイン販売/このドメインは売り出し中です/domain steht zum verkauf/ce domaine est à vendre",
            "este dominio está en venta/домен продаётся/домен продается",
        ),
        phrases(
            (
                r"(?:this |the )?domain (?:name )?[\w.\-]{0,60} ?(?:is|may be) (?:for sale|available for (?:purchase"
                r"|sale))|buy this domain"
            ),
            (
                r"(?:domain|website) (?:is )?(?:parked|has expired|registered at)[^.]{0,40}(?:parking|registrar|free"
                r"|courtesy)"
            ),
            (
                r"the sponsored listings displayed above are served automatically|inquire about (?:this|buying) (?:t"
                r"his )?domain"
            ),
            (
                r"(?:该|此|本)?域名[^。]{0,12}(?:正在出售|可(?:以)?出售|转让|待售|已过期|出售中)|网站(?:已(?:经)?|暂"
                r"时?)(?:关闭|停止|过期)[^。]{0,10}(?:访问|服务|备案|续费)?"
            ),
            (
                r"(?:diese|die) domain (?:steht|ist)[^.]{0,20}(?:verkauf|geparkt)|ce (?:nom de )?domaine est (?:à ve"
                r"ndre|peut-être à vendre)"
            ),
            r"(?:このドメイン|当ドメイン)は[^。]{0,20}(?:販売|売り|お名前)|(?:домен|сайт)[^.]{0,20}(?:продаётся|продается|припаркован)",
        ),
    ),
)
MOST = max(kind.most for kind in KINDS)
"""Weight of a text that is an article, whatever it says."""
PARKING = (
    "script[src*='sedoparking'], script[src*='parkingcrew'], script[src*='bodis.com'], a[href*='dan.com/buy-domain'],"
    " a[href*='afternic.com/forsale'], a[href*='hugedomains.com'], a[href*='sedo.com/search/details'],"
    " iframe[src*='parkingcrew'], script[src*='parklogic'], script[src*='above.com/']"
)
"""What holds the advertisements of domains that nobody uses."""


def refuse_stand_in(page: LexborHTMLParser, text: str, *, is_dated: bool = False) -> None:
    """Raises BlockedError or PageError, with the kind in words, where a page is none of its site's articles.

    `text` is what was taken for the article's; empty: nothing was. What `is_dated` is an article, if perhaps not whole.
    """
    kind = stand_in(page, text, is_dated=is_dated)
    if kind is not None:
        raise (BlockedError if kind.is_block else PageError)(f"{kind.reason} stands there now")


def refuse_title(title: str, body: Body) -> None:
    """The same by the title of an article alone, for what was read in another way than from a page's tree."""
    if kind_of_title([title], 0) is None:
        return
    text, _, _ = shown(body)
    kind = kind_of_title([title], weight(text))
    if kind is not None:
        raise (BlockedError if kind.is_block else PageError)(f"{kind.reason} stands there now")


def stand_in(page: LexborHTMLParser, text: str, *, is_dated: bool = False) -> Kind | None:
    """What stands there instead of an article whose text would be this; None: the page is what it seems."""
    if len(text) >= MOST or (size := weight(text)) >= MOST:
        return None
    by_title = kind_of_title(list(title_parts(page)), size)
    if by_title is not None:
        return by_title
    if page.css_first(PARKING) is not None:
        return KINDS[-1]
    everything = seen(page)
    wide = everything if weight(everything) <= MOST_SEEN else text
    if size < NONE and (heading := page.css_first("h1")) is not None:
        wide += f" {heading.text()}"
    likely = (kind for kind in KINDS if size < kind.most and (kind.marks or not is_dated))
    return next((kind for kind in likely if tells(kind, page, text, wide)), None)


def kind_of_title(parts: list[str], size: int) -> Kind | None:
    """The kind whose titles hold one of these; `size` is the weight of the text."""
    names = list(map(words, parts))
    for kind in KINDS:
        if size < kind.most and any(name in kind.titles for name in names):
            return kind
    return ERROR if size < ERROR.most and any(map(is_error, names)) else None


ERROR = next(kind for kind in KINDS if kind.reason == "an error page")


def tells(kind: Kind, page: LexborHTMLParser, text: str, wide: str) -> bool:
    """Does a phrase tell that a page is of this kind? Of a wall, one at the end of the text, or beside its mark."""
    if kind.marks:
        return kind.phrases.search(text[-END:]) is not None or (
            kind.phrases.search(wide) is not None and page.css_first(kind.marks) is not None
        )
    return weight(text) < kind.most / 2 and kind.phrases.search(wide) is not None


def title_parts(page: LexborHTMLParser) -> Iterator[str]:
    """The page's first heading and its title, whole and without the name of its site."""
    for node in (page.css_first("h1"), page.css_first("title")):
        name = node.text().strip() if node is not None else ""
        if name:
            yield name
            parts = SEPARATOR.split(name)
            yield from parts if len(parts) == 2 else parts[:1]


def seen(page: LexborHTMLParser) -> str:
    """The text of a page that is shown, as far as it matters."""
    found: list[str] = []
    nodes = 0
    node: LexborNode | None = page.body
    stack: list[LexborNode] = []
    while node is not None and nodes < MOST_NODES:
        nodes += 1
        if node.is_text_node:
            found.append(node.text_content or "")
        child = node.first_child if node.tag not in UNSEEN else None
        if child is not None:
            stack.append(node)
            node = child
            continue
        while node.next is None and stack:
            node = stack.pop()
        node = node.next if stack or node.next is not None else None
    return " ".join(" ".join(found).split())
