"""Names of authors in what declarations and bylines hold: split, without labels, roles, agencies and addresses."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from archiver.extract.metadata.loose_json import Thing
from archiver.extract.metadata.structured import folded_types, text_of
from archiver.extract.metadata.wording import plain

# What stands before a name, in the languages of the web. A word that is also a name or a noun needs its colon.
BY = (
    "written by|posted by|published by|submitted by|words by|story by|text by|reported by|authored by|article by"
    "|report by|by|geschrieben von|ein artikel von|ein beitrag von|von|écrit par|publié par|propos recueillis par|par"
    "|escrito por|publicado por|publicada por|por|scritto da|a cura di|pubblicato da|di|geschreven door|door"
    "|skrevet av|skrevet af|skriven av|av|af|oleh|ditulis oleh|bởi|przez|napsal|napsala|yazan|โดย|بقلم|كتب|كتبت|מאת"
    "|από"
)
NOUNS = (
    "authors?|writers?|reporters?|words|story|text|byline|autor(?:e|es|en|in|innen|a|as|i|ka)?|auteurs?|autrice|texte"
    "|texto|testo|tekst|tekijä|teksti|forfatter|författare|journalist|penulis|pewarta|reporter|wartawan|laporan"
    "|yazar|haber|muhabir|автор(?:ы|ка)?|текст|журналист|тəуір|tác giả|szerző|autoři|συντάκτης|του|كتب|بقلم|الكاتب"
    "|เขียนโดย|โดย|लेखक|作者|原作者|撰文|撰稿|撰稿人|撰寫|文字|文|執筆|著者|筆者|取材・文|ライター|글|글쓴이|작성자|기자"
)
LABEL = re.compile(rf"\s*(?:(?:{BY})\s*[:：]?\s+|(?:{NOUNS})\s*[:：/／|︱｜丨=＝]\s*)", re.IGNORECASE)
# What names somebody who did not write the article.
OTHERS = (
    "责任编辑|責任編輯|责编|責編|编辑|編輯|主编|主編|审核|审校|校对|监制|编审|总监制|编导|美编|图|图片|圖|摄影|摄|攝影|攝|供图|来源|來源|译|翻译"
    "|編集|撮影|写真|출처|사진|편집|editor|edited|redaktur|penyunting|redaktör|redaktor|redakteur|redaktion|redazione"
    "|photo|photos|photograph|photography|photographer|picture|pictures|image|images|foto|fotos|illustration|video"
    "|source|quelle|fuente|fonte|sumber|kaynak|translated|translation|translator|traduction|übersetzung|editör"
    "|редактор|фото|источник|reviewed|medically reviewed|fact checked|produced|sponsored"
)
OTHER = re.compile(rf"\s*(?:{OTHERS})(?:\s+by)?\b\s*[:：/／|︱｜丨]?\s*", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,64}(?:\.[\w\-]{1,64}){1,5}|https?://\S+|www\.\S+", re.IGNORECASE)
HANDLE = re.compile(r"(?<!\w)@\w{2,40}")
# An account's name behind the name that is shown: `Ada Ferry (adaferry)`.
ACCOUNT = re.compile(r"\s*[(（][a-z0-9_.\-]{2,40}[)）]\s*\Z")
TAIL = re.compile(
    r"\s+(?:on behalf of|for the|reporting from|in collaboration with|is an?|published|(?:last )?updated|posted)\b.*"
    r"|\s+(?:on|am|le|el|il|den|pada)\s+(?=\d|\w+\s+\d).*|\s*(?:發表|发表|發布|发布|撰写|投稿)(?:在|於|于)?\b.*"
    r"|\s+in\s+(?-i:[A-Z]).*|\s+[–—-]\s+.*|\s*[|｜•·–—\-]\s*\d.*|\s+\d{1,4}[./\-年]\s?\d{1,2}.*|\s+\d+\s+(?:min|hour|day|minute)s?\b.*"
    r"|[／/]\s*[^／/]{0,12}(?:報導|报道|報道|電|讯|訊|外電|專電)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
NUMBER = re.compile(r"(?<!\w)\d+(?!\w)")  # of a date, or of minutes to read
CONJUNCTION = re.compile(r"\s+(?:and|und|et|y|e|og|och|en|i|и|та|ve|dan|&|và|ja|και|és)\s+", re.IGNORECASE)
HARD = re.compile(r"\s*(?:[;；、|｜•\n]|\s[·/]\s|，)\s*")
SLASH = re.compile(r"\s*[/／]\s*")
# A degree or a suffix belongs to the name before its comma.
DEGREE = re.compile(
    r"(?:M\.?D|Ph\.?\s?D|D\.?O|R\.?N|R\.?D|J\.?D|Esq|Jr|Sr|MBA|MPH|MSc?|MA|BA|BSc?|DDS|DVM|LCSW|CFP|CPA|FACP|II|III|IV"
    r"|PharmD|PsyD|RDN|MS|LMFT|APRN|NP)\.?\*?"
)
ROLE = re.compile(
    r"\b(?:editor|reporter|writer|correspondent|journalist|columnist|contributor|contributing|staff|chief|director|bureau"
    r"|senior|freelance|professor|lecturer|founder|ceo|manager|producer|analyst|fellow|researcher|redakteur(?:in)?"
    r"|korrespondent(?:in)?|journaliste|periodista|giornalista|redactora?|jornalista|repórter|correspondant|wartawan"
    r"|muhabir|journalistin|reporterin)\b",
    re.IGNORECASE,
)
HONORIFIC = re.compile(
    r"^[\u4e00-\u9fff]{0,12}?\s?(?:记者|記者|通讯员|通訊員|评论员|評論員|特派員|撰稿人)[\s:：]*(?=\S)"
    r"|^(?:dr|prof|mr|mrs|ms)\.\s+(?=\w+\s*\Z)",
    re.IGNORECASE,
)
KOREAN_ROLE = re.compile(
    r"(?<=[가-힣])\s*(?:선임|인턴|전문|수습|객원)?\s*(?:기자|특파원|논설위원|칼럼니스트|위원|에디터|앵커|PD)(?:\s*=)?\s*\Z"
)
JAPANESE_ROLE = re.compile(r"(?<=[\u3040-\u30ff\u4e00-\u9fff])\s*(?:記者|編集委員|論説委員|特派員|氏|さん)\s*\Z")
# Newsrooms, agencies and accounts: who wrote is not said.
NEWSROOM = re.compile(
    r"\b(?:admin|administrator|webmaster|developer|redaktion\w*|redazione|rédaction|redacción|redacao|redação|newsroom"
    r"|news ?desk|web ?desk|editorial|agencies|agenturen|agencias|agences|agenzie|anonymous|press release|redaksi"
    r"|toimitus|редакция|staff (?:reporter|writer)s?)\b"
    r"|编辑部|編輯部|編集部|新闻网|新聞網|快讯|快訊|新聞部|中心|综合|綜合|小编|小編|通讯社|通訊社|日报|日報|晚报|晚報|网站|網站|电视台|新华网"
    r"|新华社|中新网|人民网|報導|报道|취재팀|온라인|뉴스팀|편집부",
    re.IGNORECASE,
)
NOBODY = frozenset(
    "unknown none null undefined n/a author wire online desk red team guest staff editor editors agentur user root"
    " default 佚名 未知 匿名 网络 網路 本站 原创".split()
)
AGENCIES = frozenset(
    "reuters afp ap dpa apa epa efe ansa upi tass itar-tass interfax xinhua kyodo pti ani ians belga tt ntb ritzau stt"
    " lusa antara bernama sda ats sid kna cna yonhap aap pap mti ctk anadolu".split()
)
NOT_NAMES = frozenset(
    "read more share this sign all rights reserved comments comment views view follow us subscribe news home getty"
    " print images email facebook twitter whatsapp linkedin telegram copy link save listen min watch photo photos"
    " updated advertisement published posted date time about contact menu search login register log in latest top"
    " stories story the blog opinion sports business politics world technology health science culture category tags"
    " tag release press study update updates product products company research security engineering design guide guides"
    " tutorial tutorials announcement announcements event events media insights resources customer success estate east"
    " states kingdom county related contact next previous episode podcast newsletter minutes".split()
)
PARTICLES = frozenset(
    "de da do dos das del della di du des la le van von der den ter ten zu zum zur bin ibn al el abu af av y e i and"
    " san st. mc mac o' 't op ap ben bint binti dela las los bt".split()
)
NO_NAMES = frozenset(
    "留言 人氣 人气 评论 評論 阅读 閱讀 浏览 瀏覽 收藏 分享 转发 举报 关注 編輯 编辑 來源 来源 首页 首頁 正文"
    " 返回 字号 打印 原创 转载 作者 记者 記者 公開 更新 共有 保存 댓글 구독".split()
)
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,10}")
SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭肖程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧"
    "蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾鐘汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易"
    "常武乔喬贺賀赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛焦向柳邢路岳齐齊梅莫庄莊辛管祝左涂"
    "祁时時舒耿牟卜詹关關苗凌费費纪紀靳盛童欧歐甄项項曲成游阳陽裴席卫衛查屈鲍鮑位覃霍翁隋甘景薄单單包司柏宁寧柯阮桂闵闵巫简簡古"
)
COMPOUND = re.compile("欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|皇甫|尉迟|公孙|慕容|令狐|范姜|張簡|张简|夏侯|司徒|端木")


def declared_names(value: Any) -> Iterator[str]:
    """Names of the authors of structured data: texts, persons, organisations, or a list of these."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict) and isinstance(part.get("name"), list):
            yield from declared_names(part["name"])
        elif name := text_of(part):
            yield from split_names(name)


def is_organisation(value: Any) -> bool:
    """Are all authors of structured data organisations?"""
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(part, dict) and is_organised(part) for part in parts)


def is_organised(part: Thing) -> bool:
    """Is a thing of structured data an organisation?"""
    return any("organization" in kind or kind == "website" for kind in folded_types(part))


def split_names(text: str) -> tuple[str, ...]:
    """The names in a text that should be one or several names; empty where it is an address or holds none."""
    text = HANDLE.sub("", ADDRESS.sub(" ", plain(text[:500])))
    text = unlabelled(text.strip(" \u3000"))
    return tuple(dict.fromkeys(name for part in parts_of(text) if (name := bare_name(part))))


def unlabelled(text: str) -> str:
    """A byline without what stands before its names."""
    for _ in range(2):  # "Text: By Ada Ferry"
        if (found := LABEL.match(text)) and not is_own_word(found[0], text[found.end() :]):
            text = text[found.end() :]
    return text


def is_own_word(label: str, rest: str) -> bool:
    """Is what looks like a label part of the name? `Von Trapp` and `Di Maria` have nothing but one word behind it."""
    return label.strip().lower() in ("von", "di", "por", "par", "av", "af", "door") and len(rest.split()) < 2


def parts_of(text: str) -> Iterator[str]:
    """The single names of a list, in any punctuation."""
    for piece in HARD.split(text):
        for part in SLASH.split(TAIL.sub("", piece)):
            found = [name for some in split_commas(part) for name in split_conjunctions(some)]
            yield from (name for some in found for name in split_spaces(some))


def split_commas(text: str) -> Iterable[str]:
    """`Ada Ferry, Ben Quay` are two; in `Ada Ferry, MD` and `Ada Ferry, political editor` one."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found: list[str] = []
    for part in parts:
        if found and DEGREE.fullmatch(part):
            found[-1] += f", {part}"
        elif not found or not ROLE.search(part):
            found.append(part)
    return found


def split_conjunctions(text: str) -> list[str]:
    """`Ada Ferry and Ben Quay` are two; `Ortega y Gasset` is one: both sides must be whole names, or CJK."""
    parts = CONJUNCTION.split(re.sub(r"^(?:and|und|et|&)\s+", "", text, flags=re.IGNORECASE))
    whole = all(len(part.split()) > 1 or CJK.search(part) for part in parts)
    english = re.search(r"\s(?:and|und|&)\s", text, re.IGNORECASE)
    return parts if whole or english else [text]


def split_spaces(text: str) -> list[str]:
    """Chinese names stand side by side: `罗博 萧海川`; a name may be spread out: `张 三`."""
    text = HONORIFIC.sub("", text.strip())
    words = text.split()
    if len(words) == 2 and len(words[0]) == len(words[1]) == 1 and CJK.match(text):
        return ["".join(words)]
    # A Japanese name stands between spaces too: `山田 太郎` is one.
    if len(words) > 1 and all(HAN_NAME.fullmatch(word) and is_chinese(word) for word in words):
        return words
    return [text]


def bare_name(text: str) -> str | None:
    """One name without honours, roles, accounts and punctuation; None: it is none."""
    text = ACCOUNT.sub("", text.strip())
    text = JAPANESE_ROLE.sub("", KOREAN_ROLE.sub("", HONORIFIC.sub("", text)))
    is_initial = bool(re.search(r"\s\w\.\Z", text))
    text = text.strip(' \u3000,.;:：*†‡|/／–—-_[]【】〔〕<>"“”') + "." * is_initial
    if text.startswith(("(", "（")) or (text.endswith((")", "）")) and "(" not in text and "（" not in text):
        text = text.strip("()（） ")
    if not text or len(text) > 80 or not any(map(str.isalpha, text)) or NUMBER.search(text):
        return None
    return None if OTHER.match(text) and (":" in text or "：" in text) else text


def is_chinese(name: str) -> bool:
    """Does a name begin with a Chinese family name?"""
    return name[0] in SURNAMES or bool(COMPOUND.match(name))


def is_newsroom(name: str) -> bool:
    """Does a byline name a newsroom, an agency or an account instead of a person?"""
    return name.lower() in AGENCIES or name.lower() in NOBODY or bool(NEWSROOM.search(name))


def is_person(name: str, *, labelled: bool = False) -> bool:
    """Does a text look like the name of a person? `labelled`: something says that it is one, so a pen name will do."""
    if is_newsroom(name) or any(map(str.isdigit, name)) or len(name) > 60:
        return False
    if CJK.search(name):
        if labelled:
            return len(name) <= 14 and not re.search(r"[，。！？：；]", name) and name not in NO_NAMES
        return bool(HAN_NAME.fullmatch(name)) and is_chinese(name) and len(name) <= (4 if COMPOUND.match(name) else 3)
    words = re.sub(r"\(.*?\)|,.*", "", name).split()
    if not words or len(words) > 6 or any(word.lower().strip(".,:!?") in NOT_NAMES for word in words):
        return False
    if len(words) == 1:
        return labelled and len(name) > 1 and name[0].isupper()
    if name.lower() == name.upper():  # a script without capitals
        return labelled and len(words) <= 5
    is_spelt = all(word[0].isupper() or word.lower() in PARTICLES or not word[0].isalpha() for word in words)
    return is_spelt and words[0][0].isupper()
