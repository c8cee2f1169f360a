"""What the names of elements and the lines of a page say about its parts: tables, many languages, no sites."""

import re


def rows(table: str) -> str:
    """The alternatives that a table lists, as one regular expression; a row that begins with `#` is a heading."""
    lines = (line.strip() for line in table.splitlines())
    return "|".join(line for line in lines if line and not line.startswith("# "))


def words(table: str) -> re.Pattern[str]:
    """Finds the whole words of a table in names that have been split into words of small letters."""
    return re.compile(rf"\b(?:{rows(table)})\b")


def beginnings(table: str) -> re.Pattern[str]:
    """Matches lines that begin as a table says."""
    return re.compile(rows(table), re.IGNORECASE)


# Names: the words of a class, an id, a test id or a custom tag.

# What is never the article's own.
FOREIGN = words(r"""
    comments?|commentlist|commenting|disqus|livefyre|respond|replies
    sidebars?|side bar|right (?:rail|col|column|side)|rail
    related\w*|recommend\w*|recirc\w*|suggest(?:ed|ions?)|similar|you may|also (?:like|read)|readalso|readmore
    more (?:from|stories|news|articles?|on|posts|like|by|in)|most (?:read|popular|viewed|shared|commented|recent)
    trending|read (?:more|also|next|on|too)|see also|up next|next (?:article|post|story|up)|onward
    latest (?:news|posts?|stories|articles)|recent (?:posts?|news|articles|entries|comments)
    hot (?:news|list|articles?)|promo|promos|promotion|promoted|outbrain|taboola|mgid|revcontent|zergnet|popin
    link ?card
    shar(?:e|es|er|ing|ebar|edaddy)|social\w*|sns|addthis|addtoany|bdsharebuttonbox|sociable|a2a|jiathis
    newsletters?|subscri(?:be|ption|ptions)|sign ?up|mailing list|mailchimp|opt ?in|donat(?:e|ion|ions)
    ads?|adv|advert\w*|adsense|adsbygoogle|ad ?(?:unit|slot|box|wrap|wrapper|container|block)|dfp|gpt|sponsor\w*
    banners?|commercial|google ads?|guanggao
    nav|navi|navs|navbar|navigation|menus?|breadcrumbs?|bread crumbs?|crumbs?|pagination|pager|paging|paginator
    page ?links?|toolbar|top ?bar|skip ?(?:link|to)\w*|mianbao\w*
    footer|site ?header|masthead|colophon
    cookies?|consent|gdpr|cmp|onetrust|didomi|usercentrics|cookiebot|truste
    pop ?up|modal|dropdown|tooltip|toast|snackbar|offcanvas|off canvas
    hashtags?|tag ?(?:list|cloud|links?)|tags|cat links
    print ?only|no ?print|screen reader\w*|sr only|visually hidden
    login|log ?in|sign ?in|register|search ?(?:form|box|bar)?|app ?(?:download|promo)|qr ?code|erweima
    vote|votes|voting|ratings?|polls?|quiz|audio ?player|player ?bar|speech|tts|text to speech
    gutter|line ?numbers?|linenos?
    author (?:bio|box|card|info|details?|profile|description)|about (?:the )?author|post author|biography
""")
# Of what is foreign, what may hold more text than the article itself.
CROWD = words(r"""
    comments?|commentlist|disqus|livefyre|respond|replies|sidebars?|side bar|related\w*|recommend\w*|recirc\w*
    more (?:from|stories|news|articles?|posts)|most (?:read|popular|viewed)|trending|read (?:more|also|next)|up next
    latest (?:news|posts?|stories|articles)|recent (?:posts?|news|articles|entries|comments)|outbrain|taboola|footer
""")
# What often stands within an article, and goes where it holds no sentence.
MINOR = words(r"""
    authors?|authored|byline\w*|bio|contributors?|writers?|reporters?|journalists?|profile|avatar|editors?
    bianji|zuozhe
    meta|metadata|infos?|date|dates|time|times|timestamp|datetime|published|pub ?date|dateline|posted|views?|counters?
    reading|duration|source|laiyuan|copyright|disclaimer|shengming|licen[cs]e|rights
    tag|topics?|categor(?:y|ies)|labels?|keywords?|section ?(?:name|label)|kicker|eyebrow|rubric|flag
    widget|toolbox|tools?|actions?|buttons?|btns?|controls?|icons?|options|likes?|bookmark|favou?rites?|print|save
    prev|previous|next|toc|table of contents|latest|overlay|hidden|hide|follow|subscribers?
    paywall|premium|support|cta|call to action|feedback|report|correction|listen
    weixin|wechat|weibo|telegram|whatsapp|back to top
""")
# Within a line of text: marks beside headings, words for screen readers, what opens when pointed at.
ASIDE_IN_LINE = words(r"""
    edit ?section|header ?link|heading anchor|anchor ?link|perma ?link|screen reader\w*|sr only|visually hidden
    tooltip\w*|no ?print|print only|back ?link|footnote backref
""")
CAPTION = words(r"""
    (?:fig)?captions?|legend|cutline|credits?|figures?|photos?|images?|imgs?|pictures?|pics?|galler(?:y|ies)
    thumb\w*|media|video|slides?|slider|slideshow|carousel
""")
# The paragraph below a headline that sums an article up, as the desks of various countries call it.
LEAD = words(r"""
    leads?|lede|leadin|stand ?first|summar(?:y|ies)|sub ?titles?|sub ?head(?:line|ing)?s?|deks?|deck|intro\w*|excerpt
    preamble|ingress|sapo|chapeau|chapo|sumario|entradilla|bajada|copete|descriptions?|desc|abstract|vorspann
    sottotitolo|sommario|occhiello|catenaccio|linha fina|bigode|lid|onderkop|spot|perex|anons|annotation
    zhaiyao|daodu
""")
# The article's text.
OWN = re.compile(
    r"\b(?:(?:article|story|post|entry|news|content|blog|main|page|detail|body|rich)s?"
    r" ?(?:body|contents?|text|copy|detail)(?: (?:wrapper|container|inner|wrap|area|box|block|main))?"
    r"|prose|markdown|hentry|artibody|wysiwyg)$"
)
# What holds all kinds of things: says nothing about them.
VESSEL = re.compile(
    r"\b(?:article|content|main|body|wrapper|wrap|container|layout|grid|page|row|primary|site|app|root|inner)$"
)
# "has-sidebar", "no-comments", "comments-open": how a page is laid out, not what the element is.
LAYOUT = words("""
    has|have|with|without|no|not|non|is|hide|show|when|open|closed|enabled|disabled|layout|below|above
""")


# Lines: what a block says.

# How a line begins that leads to other pages, in the languages of the web's large newsrooms.
PROMPT = beginnings(r"""
    # English
    (?:also )?read (?:more|also|next|now|our|the (?:full|whole|original))\b|see also\b|also see\b
    related\s*:|related (?:articles?|stor(?:y|ies)|posts?|news|links?|content|coverage|topics?|reading|videos?|items?)\b
    related$|more (?:on|from|about|like|in|stories|news|coverage)\b|more\s*:|watch(?: now| more| live)?\s*:
    listen(?: now)?\s*:|in case you missed|do ?n[o'’]t miss|you (?:may|might) (?:also )?(?:like|be interested)
    recommended(?: (?:for you|reading|articles|stories|posts|videos))?$|trending(?: now)?$|most (?:read|popular)\b
    (?:continue|keep) reading|click here|want (?:more|to read)|up next|next up
    join (?:our|the (?:conversation|discussion))|share (?:this|on|with)|support (?:us|our)
    (?:story|article) continues|(?:this|the) (?:article|story|post) (?:was |is |has )?(?:first|originally|also)\b
    (?:photo|image|picture) gallery|topics?\s*:|tags?\s*:|filed under|categor(?:y|ies)\s*:|posted in|tagged(?: |$)
    about the authors?|have (?:a|any) (?:tip|news tip|story)|view (?:comments|gallery|image|on)|table of contents
    contents$|on this page|in this (?:article|story|post)\s*:?$
    leave a (?:comment|reply)|post a comment|\d* ?comments?$|back to top|previous (?:post|article)|next (?:post|article)
    # German
    lesen sie (?:auch|mehr|hier|dazu|weiter)|lies auch|mehr (?:zum thema|dazu|lesen|aus|von|über)|zum thema\b
    auch interessant|das könnte (?:sie|dich)|weiterlesen|weitere (?:artikel|meldungen|informationen|nachrichten)
    anzeige$|inhalt(?:sverzeichnis)?$|zur startseite|artikel (?:teilen|merken)
    # French
    (?:à )?(?:re)?lire (?:aussi|également|la suite|plus)|(?:à )?voir aussi|à lire|sur le même (?:sujet|thème)
    la suite après|partager (?:sur|cet)|en savoir plus|sommaire$
    # Spanish, Catalan
    (?:lee|lea|leer|leé|mira|mire|ver|ve|vea|escucha) (?:también|además|más)|(?:te|le|os) puede interesar
    también te|te recomendamos|más (?:información|noticias|sobre)|noticias? relacionad|sigue (?:leyendo|a |nuestr)
    llegeix (?:també|més)|comparte (?:en|est[ae]|con tus)
    # Portuguese
    (?:leia|veja|confira|assista) (?:também|mais|ainda|a íntegra)|saiba mais|continua (?:após|depois)
    notícias relacionadas|clique aqui|compartilhe (?:em|no|est[ae])
    # Italian
    (?:leggi|guarda|vedi|ascolta) (?:anche|di più|tutto|l['’])|potrebbe(?:ro)? interessart|approfondi(?:sci|menti)
    condividi (?:su|con|quest)
    # Dutch, Afrikaans
    lees (?:ook|meer|verder|hier)|bekijk ook|meer (?:over|nieuws|lezen)|deel (?:dit|op)
    # Swedish, Norwegian, Danish, Icelandic
    (?:läs|les|læs) (?:också|mer|mere|även|også|hele)|(?:se|hør|hör) (?:också|også|även|mer)|mer om|mere om
    (?:artikeln|artikkelen|saken|artiklen) fortsätter|fortsett å lese|fortsæt med at læse|lesa meira
    # Finnish, Estonian, Latvian, Lithuanian
    lue (?:myös|lisää)|katso myös|juttu jatkuu|loe (?:ka|veel)|lasi arī|taip pat skaitykite|skaitykite
    # Polish, Czech, Slovak, Hungarian, Romanian
    (?:czytaj|zobacz|przeczytaj|sprawdź) (?:też|także|również|więcej|teraz)|polecamy|dalsza część
    (?:čtěte|přečtěte|prečítajte|čítajte) (?:také|si|aj|tiež|více|viac)|mohlo by vás|související|súvisiace
    olvass (?:tovább|még)|olvasd (?:el|tovább)|kapcsolódó
    (?:cite[șşs]te|vezi) (?:și|şi|mai|integral)|articole similare
    # Croatian, Serbian, Slovenian, Bulgarian, Greek
    (?:pročitaj|čitaj|pogledaj)(?:te)? (?:i|još|više)|preberite (?:tudi|še|več)|прочитајте (?:и|још)
    прочетете (?:още|повече)|вижте (?:още|също)|(?:διαβάστε|δείτε) (?:επίσης|ακόμη|ακόμα|και|εδώ)|ακολουθήστε
    # Russian, Ukrainian
    (?:читайте|читай|смотрите|слушайте|дивіться|смотри) (?:также|далее|ещё|еще|також|ще|подробнее|нас|больше)
    (?:также|також|ещё) (?:читайте|по теме)|(?:материалы )?по теме|подробнее|источник\s*:|фото\s*:\s*$|поделиться
    # Turkish, Azerbaijani
    ayrıca (?:oku|bak)|ilgili haber|(?:bunu|bunlar) da (?:oku|gör|izle)|devamı(?:nı)? (?:için|oku)|həmçinin oxu
    # Indonesian, Malay, Filipino
    (?:baca|lihat|simak|tonton|ikuti) (?:juga|selengkapnya|lainnya|berita|artikel|pula)|(?:artikel|berita) terkait
    pilihan editor|basahin
    # Vietnamese
    (?:>+ ?)?(?:xem|đọc) (?:thêm|tiếp|ngay)|(?:tin|bài) (?:liên quan|cùng)
    # Arabic, Persian, Urdu, Hebrew
    (?:اقرأ|إقرأ|اقرا|شاهد|انظر|تابع)\w* (?:أيض|ايض|المزيد|كذلك|على|آخر)|قد يهمك|مواضيع ذات|مقالات ذات|أخبار ذات
    بیشتر بخوانید|همچنین (?:بخوانید|ببینید)|مطالب مرتبط|یہ بھی (?:پڑھ|دیکھ)|مزید پڑھ
    קראו (?:גם|עוד)|עוד בנושא|לקריאה נוספת|כתבות נוספות
    # Hindi, Bengali, Tamil
    (?:यह|ये|इसे) भी (?:पढ़|देख)|और पढ़|आर(?:ও|ো) পড়|আর(?:ও|ো) পড়|மேலும் (?:படிக்க|வாசிக்க)
    # Thai
    อ่าน(?:เพิ่มเติม|ต่อ|ข่าว|ประกอบ)|(?:ข่าว|เรื่อง|บทความ)ที่เกี่ยวข้อง|ติดตาม\S*(?:ได้ที่|ข่าว|อัพเดท)|คลิก
    # Chinese
    (?:相关|相關|延伸|推荐|推薦|更多|扩展|擴展|关联|關聯|往期|精彩|热门|熱門|最新|本文)(?:精彩|更多|的)?(?:视频|視頻)?(?:阅读|閱讀|新闻|新聞)
    (?:相关|相關|延伸|推荐|推薦|更多|扩展|擴展|关联|關聯|往期|精彩|热门|熱門|最新|本文)(?:精彩|更多|的)?(?:视频|視頻)?(?:文章|报道|報導|報道|链接|連結)
    (?:相关|相關|延伸|推荐|推薦|更多|关联|關聯|往期|精彩|热门|熱門|最新|本文)(?:精彩|更多|的)?(?:视频|視頻)?(?:推荐|推薦|内容|內容|视频|點閱|点击)
    (?:相关|相關|延伸|推荐|推薦|更多|关联|關聯|往期|精彩|热门|熱門|最新|本文)(?:精彩|更多|的)?(?:专题|專題|搜索|标签|回顾|資訊|资讯)
    (?:点击|點擊|戳)(?:查看|进入|阅读|图片|下方|這裡|这里|關注|关注)|看更多|看了(?:又|还|還)
    [你您]可能(?:也|还|還|会|會)*(?:喜欢|喜歡|感兴趣|感興趣|想看|想读)|猜你喜[欢歡]|大家都在看
    上一(?:篇|页|頁|则|則)|下一(?:篇|页|頁|则|則)|返回(?:首页|首頁|列表|顶部)|(?:分享|转发|轉發)(?:到|至|给|給|这|本)
    关键[词字]\s*[:：]|關鍵字\s*[:：]|标签\s*[:：]|標籤\s*[:：]|目[录錄次]$|展开全文|阅读全文|閱讀全文|显示全部
    # Japanese
    (?:関連|おすすめ|オススメ|人気|注目|新着|最新)の?(?:記事|ニュース|リンク|キーワード|トピックス|タグ|コンテンツ|動画)
    (?:あわせて|合わせて|併せて)(?:読|お読|どうぞ)|こちらも(?:おすすめ|オススメ|読|チェック|ご覧)|【?関連】
    続きを読む|もっと(?:読む|見る)|全文を読む|次のページ|前のページ|シェア(?:する)?$|フォロー(?:する)?$
    # Korean
    관련\s?(?:기사|뉴스|글|키워드)|더\s?보기|함께\s?(?:볼|보면|읽)|많이\s?본|추천\s?(?:기사|뉴스)|사진\s?확대|크게\s?보기
""")
# What asks the reader to follow, subscribe or download.
CALL = beginnings(r"""
    sign up (?:for|to|here|now|today)|subscribe (?:to|now|here|today|for)|like us on|join us on
    follow (?:us|me|him|her|@\w|[\w ]{1,40} on (?:twitter|x|facebook|instagram))\b
    get (?:our|the) (?:free |daily |weekly |latest (?:news|stories|headlines)|newsletter|app\b)
    download (?:the|our) (?:[\w ]{1,20} )?app\b
    abonnieren sie|jetzt (?:abonnieren|anmelden)|folgen sie uns|abonnez-vous|inscrivez-vous|suivez-nous
    suscr[íi]b(?:ete|ase)|síguenos|únete a|assine (?:o|a|já)\b|siga-nos|siga (?:o|a) canal|receba (?:as|nossas) notícias
    inscreva-se|iscriviti|abbonati|seguici|abonneer|volg ons|följ oss|følg oss
    подпис(?:ывайтесь|ывайся|аться)|підпис(?:уйтесь|уйся)|присоединяйтесь к|следите за наш
    bizi takip|abone ol|ikuti kami|theo dõi (?:chúng tôi|kênh|fanpage|báo)
    (?:关注|關注|追蹤|订阅|訂閱)(?:我们|我們|本)|喜[欢歡][这這]篇|(?:长按|扫|掃|识别).{0,8}(?:码|碼)
    (?:一起)?加入.{0,12}(?:好友|telegram|line|粉絲)
    (?:请|立即|马上|點我|点我|点击|點擊)?(?:下载|下載).{0,12}(?:app|客户端|客戶端)
    フォロー(?:して|する)|登録はこちら|구독하기|팔로우
""")
# A whole line that is a label of the page's own workings.
LABEL = beginnings(r"""
    ad(?:vertisement|vertising|s)?|sponsored(?: content)?|promoted|anzeige|werbung|publicité|publicidad|publicidade
    pubblicità|advertentie|annons|annonse|annonce|mainos|reklama?|реклама|quảng cáo|iklan|إعلان|اعلان|פרסומת|विज्ञापन
    (?:ลง)?โฆษณา.{0,40}|广告|廣告|広告|광고|pr
    loading\W*|正在加载\W*|加载中\W*|share|tweet|pin it|print|email|e-mail|copy(?: link)?|copied\W*|save
    like|reply|report
    facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|instagram|youtube|line|weibo|wechat|微信|微博|qq空间
    teilen|drucken|merken|partager|imprimer|compartir|imprimir|compartilhar|condividi|stampa|delen|dela|del|jaa
    udostępnij|sdílet|поделиться|поширити|paylaş|bagikan|chia sẻ|分享|分享到.{0,40}|打印|收藏|点赞|讚|赞|举报|纠错
    推薦|推荐
    シェア|ツイート|保存|공유|인쇄|스크랩|image|photo|video|foto|图集|视频|圖片
    press enter or click to view image in full size|listen|listen to (?:this )?article|\d+ min(?:ute)?s? read
    show more|vis mer|read more|more|menu|close|expand|back|next|previous|top|open image|view image|enlarge(?: image)?
    zoom|end|完|本文完|全文完
""")
# Who made it and whose it is: looked for where an article begins and ends.
IMPRINT = beginnings(r"""
    (?:责任?编辑|責任?編輯|責編|责编|编辑|編輯|主编|校对|校對|审核|審核|监制|監製|来源|來源|文章来源|稿源|原标题|原標題)(?:声明|说明)?\s*[:：/／丨|]
    (?:原文(?:链接|地址|連結)?|(?:本文|新闻|图片|圖片)来源|作者|撰文|文字|摄影|攝影|编译|編譯|翻译|翻譯|排版|值班.{0,4}|[初复终]审)\s*[:：/／丨|]
    (?:出品|策划|记者|記者|通讯员|投稿|爆料|联系|聯絡|电话|邮箱|微信)\s*[:：/／丨|]
    (?:版权|版權|著作权|免责|免責|声明|聲明|特别声明|转载|轉載|授权)(?:声明|说明)?\s*[:：/／丨|]
    本文(?:来源|來源|系|由|转载|轉載|首发|作者|仅|僅|图片|版权|版權|不代表|原载|原載|刊)|本[网網報报](?:记者|記者|讯|訊)|[未凡][经經本]
    版权所有|版權所有|商务合作|转载请|轉載請|如有侵[权權]|著作権|無断|저작권자|무단|\S{0,20}무단\s?전재
    .{0,60}(?:未经授权|未經授權|不得转载|不得轉載|禁止转载|禁止轉載|责任编辑|責任編輯)|纠错|©|ⓒ|\(c\) ?\d
    copyright\b|all rights reserved|reprinted with|(?:edited|reporting|additional reporting|editing) by\b
    (?:redaktion|redaktör|editor|editing|edición|edição|redazione|редактор|редактура|penyunting)\s*:
    (?:publicerad|publisert|publié|published|posted|submitted|(?:last )?(?:updated|modified)|veröffentlicht)\b.{0,20}\d
    (?:aktualisiert|stand:|erstellt|mis à jour|actualizado|publicado|atualizado|pubblicato|aggiornato)\b.{0,20}\d
    (?:опубликовано|обновлено|diterbitkan)\b.{0,20}\d|編集部|取材・文|文・|写真・
""")
DATE = re.compile(
    r"\d{4}\s?[-/.年년]\s?\d{1,2}|\d{1,2}[:.h]\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\b\d{1,2}\.? (?:de )?[^\W\d]{3,12}\.?,? (?:de )?\d{4}|[^\W\d]{3,12}\.? \d{1,2},? \d{4}"
    r"|\d+ ?(?:min|hours?|days?|分钟|小时|天|時間|日|분|시간)\w{0,9} ?(?:ago|前|전)"
)
# Frames that show no content: advertisements and the buttons of social networks.
FRAME_JUNK = re.compile(
    r"[/_.?&=-](?:ads?|adv|advert\w{0,20}|adserver|banners?|like|follow|share|sharer|comments)(?:[/_.?&=-]|$)",
    re.IGNORECASE,
)
