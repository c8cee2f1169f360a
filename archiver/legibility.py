"""How much a text looks as if somebody had written it, rather than as bytes that were read in the wrong charset."""

import re
from collections.abc import Iterable

# The most frequent characters of Chinese in both scripts, and of Japanese; in a text of its own two thirds of all.
HAN = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经"
    "么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三"
    "又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先"
    "海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管"
    "期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死"
    "张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑飞风步改收根干造言联持组每济车亲极林服快办议往元英士证近失转夫令准布始怎"
    "亿元股企业投融公司市场用户平台数据产品技术网络服务增长发布消息记者报道港口码头昨日集团使用验收通"
    "這個們來為國說時會對發後裡過經麼學現當沒動還進開從實軍無長機關點業將兩間問應戰頭體見產話內給門兒東聲員論處義幾認條氣題爾變總電數報"
    "結務場計區隊決馬書聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運飛風濟車親極辦議證轉億碼號驗並樣種樂與麗灣啟臺媒體網"
    "円気駅県売読書込払様続対応当変広価実際予約参加開始発表関係者担当会見新聞市町村私達何彼女思言行出入見食飲来月埠頭使明民意図"
)
HANGUL = frozenset(
    "이다는을의에가고하지도로기사들서리아어자시나대인스그일라한해정전수상제있게보부오조장여구동주원선성공학문화생방무경미소비신국위유안연"
    "관세진영남북중과만모물요적체치등했된되할며면것으니까습입합음은를와마바파카타차거너더러머버저처터허너무우두루후추초속각간감개결계내년단"
    "달당던데람래려력령료록류르를마말명받발밝별분불새설식실심양역예용월음응의인작재절점접종지직질집채청출통특편표품항행현형호회획후힘될때또"
)
CHARACTERS = re.compile("[\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
# Letters of alphabets, word by word: Latin, Greek, Cyrillic, Hebrew, Arabic, Thai and whatever else.
WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]+")
SCRIPTS = tuple(
    re.compile(f"[{letters}]+") for letters in ("A-Za-zªºÀ-ɏḀ-ỿ\u0300-\u036f", "Ͱ-Ͽἀ-῿", "Ѐ-ԯ", "֐-׿", "؀-ۿﭐ-﻿", "฀-๿")
)
ACCENTED = re.compile("[À-ɏ]{3,}")  # nobody writes with nothing else
# Signs within words, half-width syllables, frames, private and replaced characters: what wrong charsets are full of.
STRAY = re.compile(
    r"(?<=[^\W\d_])[\xa1-\xac\xae-\xb6\xb8-\xbf×÷]|[\x80-\x9f\u2500-\u259f\ue000-\uf8ff\uff61-\uff9f\ufffd]"
)
SHOUTED = 0.4
"""What a word all in capitals is worth: they are rare, but for Cyrillic that is read in another Cyrillic charset."""


def legibility(text: str) -> float:
    """The share of its characters beyond ASCII that are common, or stand in a word as they should: 0.0 to 1.0.

    Of a text as it was meant half and more; of one in a wrong charset a third and less. ASCII alone has 1.0.
    """
    characters = CHARACTERS.findall(text)
    good = float(sum(character in HAN or character in HANGUL for character in characters))
    total = len(characters) + len(STRAY.findall(text))
    for word, foreign in foreign_words(WORD.findall(text)):
        total += foreign
        good += foreign * worth(word)
    return good / total if total else 1.0


def foreign_words(words: Iterable[str]) -> Iterable[tuple[str, int]]:
    """The words with letters beyond ASCII, and how many."""
    return ((word, sum(letter > "\x7f" for letter in word)) for word in words if not word.isascii())


def worth(word: str) -> float:
    """1.0 for a word in one script, in small letters but for the first; 0.0 for a jumble."""
    if not any(script.fullmatch(word) for script in SCRIPTS) or ACCENTED.fullmatch(word):
        return 0.0
    if word[1:] == word[1:].lower():
        return 1.0
    return SHOUTED if word == word.upper() else 0.0
