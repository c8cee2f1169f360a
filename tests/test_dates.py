"""Dates in any notation, and the two that a post uses."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.dates import (
    find_date,
    from_epoch_ms,
    parse_bound,
    parse_date,
    parse_standard,
    to_crawl_time,
    to_rfc1123,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
BANGKOK = ZoneInfo("Asia/Bangkok")
EAST = timezone(timedelta(hours=8))
MOMENT = datetime(2026, 3, 9, 7, 30, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = "2022-03-03"
MINUTE = "2022-03-03 14:57"
SECOND = "2022-03-03 14:57:37"


def at(text: str, *, hours: float = 0) -> datetime:
    """`2022-03-03 14:57` so many hours east of Greenwich."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=hours)))


# Expected moment -> texts that mean it. Where a text names a zone, the moment is given in that zone.
STANDARD = {
    at(SECOND): [
        "2022-03-03T14:57:37Z",
        "2022-03-03t14:57:37z",
        "20220303T145737Z",
        "20220303145737",
        "2022/03/03 14:57:37",
        "2022-03-03 14:57:37 UTC",
        "2022-03-03 14:57:37 +0000 UTC",
        "Thu, 03 Mar 2022 14:57:37 GMT",
        "Thursday, 03-Mar-22 14:57:37 GMT",
        "Thu Mar  3 14:57:37 2022",
        "Thu Mar 3 14:57:37 UTC 2022",
        "3/Mar/2022:14:57:37 +0000",
    ],
    at(SECOND, hours=8): [
        "2022-03-03T14:57:37+08:00",
        "20220303T145737+0800",
        "2022-03-03 14:57:37 +0800",
        "Thu, 3 Mar 2022 14:57:37 +0800",
        "Thu Mar 03 2022 14:57:37 GMT+0800 (China Standard Time)",
    ],
    at(MINUTE): ["2022-03-03T14:57", "2022.03.03 14:57", "202203031457", "03 Mar 22 14:57 GMT", "  2022-03-03 14:57\n"],
    at(MINUTE, hours=-5): ["2022-03-03T14:57-05:00", "2022-03-03 14:57 -05:00", "2022-03-03 14:57-05:00"],
    at(DAY): ["2022-03-03", "2022-3-3", "2022/3/3", "20220303", "2022-03-03Z", "2022-Mar-03"],
    at(DAY, hours=8): ["2022-03-03+08:00"],
    at("2022-03-03 14:57:37.123"): ["2022-03-03T14:57:37.123Z", "2022-03-03T14:57:37,123Z"],
    at("2022-03-03 14:57:37.123456"): ["2022-03-03T14:57:37.1234567Z"],
    at("2022-03-04"): ["2022-03-03T24:00:00"],
    at("2022-03-03 14:57:59"): ["2022-03-03T14:57:60Z"],
    at("2022-03-03 09:05"): ["2022-3-3 9:5"],
    at("2022-03-03 14:57:37"): ["1646319457", "1646319457000"],
    MOMENT: ["1773041405", "2026-03-09T07:30:05Z", "Mon, 09 Mar 2026 07:30:05 -0000"],
    at("2026-03-09"): ["2026年3月9日", "09/03/2026"],
}
ENGLISH = {
    at(DAY): [
        "Mar 3, 2022",
        "March 3 2022",
        "MARCH 3, 2022",
        "Mar. 3rd, 2022",
        "3 Mar 2022",
        "3rd March, 2022",
        "the 3rd of March, 2022",
        "Thursday, March 3, 2022",
        "12am, March 3, 2022",
    ],
    at(MINUTE): [
        "3 March 2022 14:57 GMT",
        "14:57, 3 March 2022",
        "Thursday 3 March 2022 14.57",
        "Mar. 3, 2022 2:57 PM",
    ],
    at("2022-03-03 12:00"): ["March 3, 2022 12:00 PM"],
    at("2022-03-03 00:30"): ["March 3, 2022 12:30 AM"],
    at("2022-09-03"): ["Sept. 3, 2022", "3 Sept 2022"],
    at(MINUTE, hours=-5): [
        "March 3, 2022 2:57 PM EST",
        "March 3rd, 2022 at 2:57 p.m. ET",
        "2:57 PM EST, Thu March 3, 2022",
    ],
    at("2022-07-03 14:57", hours=-4): ["July 3, 2022 at 2:57 p.m. ET"],
}
EUROPEAN = {
    at(DAY): [
        "Donnerstag, 3. März 2022",
        "3. Mär. 2022",
        "3. 3. 2022",
        "jeudi 3 mars 2022",
        "jueves, 3 de marzo de 2022",
        "marzo 3, 2022",
        "quinta-feira, 3 de março de 2022",
        "donderdag 3 maart 2022",
        "3 mrt 2022",
        "czwartek, 3 marca 2022",
        "3 марта 2022 года",
        "3 березня 2022 року",
        "3 Mart 2022 Perşembe",
        "torsdag 3 mars 2022",
        "3. března 2022",
        "Πέμπτη, 3 Μαρτίου 2022",
        "2022. március 3., csütörtök",
        "2022 m. kovo 3 d.",
        "3 de març de 2022",
    ],
    at(MINUTE): [
        "3. März 2022, 14:57 Uhr",
        "03.03.2022 - 14.57 Uhr",
        "Veröffentlicht am 3. März 2022 um 14:57",
        "3 mars 2022 à 14h57",
        "3 de marzo del 2022 a las 14:57 hs",
        "3 de março de 2022 às 14:57",
        "giovedì 3 marzo 2022 alle 14:57",
        "3 maart 2022 om 14:57",
        "3 marca 2022 r., godz. 14:57",
        "3 марта 2022 г. в 14:57",
        "14:57 03.03.2022",
        "3 березня 2022, 14:57",
        "3 mars 2022 kl. 14.57",
        "3. marts 2022 kl. 14.57",
        "3. maaliskuuta 2022 klo 14.57",
        "3. března 2022 v 14:57",
        "03/03/2022 2:57 μ.μ.",
        "3 martie 2022, 14:57",
        "2022. március 3. 14:57",
    ],
    at("2022-03-01"): ["1er mars 2022", "1º de março de 2022"],
    at("2022-02-03"): ["3 février 2022", "3 fevrier 2022"],
    at("2022-08-03"): ["3 Ağustos 2022"],
    at("2022-11-03"): ["3 KASIM 2022"],
    at("2022-09-03"): ["3 września 2022"],
    at("2022-12-03"): ["3 décembre 2022", "3 de diciembre de 2022", "3. desember 2022"],
    at(MINUTE, hours=1): ["03 mar 2022 - 14:57 CET"],
    at(MINUTE, hours=3): ["3 марта 2022, 14:57 МСК"],
}
ASIAN = {
    at(DAY): [
        "2022年3月3日 星期四",
        "二〇二二年三月三日",
        "民國111年3月3日",
        "令和4年3月3日",
        "2022年3月3日木曜日",
        "2022년 3월 3일",
        "2022. 3. 3.",
        "ngày 3 tháng 3 năm 2022",
        "3 Tháng Ba, 2022",
        "วันพฤหัสบดีที่ 3 มีนาคม พ.ศ. 2565",
        "๓ มีนาคม ๒๕๖๕",
        "3 มีนาคม 2022",
        "3 มี.ค. 65",
        "3 มี.ค. 22",
        "३ मार्च २०२२",
        "3 Mac 2022",
        "３／３／２０２２",
    ],
    at(MINUTE): [
        "2022年03月03日14:57",
        "2022年3月3日下午2时57分",
        "2022-03-03 下午 02:57",
        "2022年3月3日（星期四）14:57",
        "２０２２年３月３日　１４：５７",
        "2022/03/03(木) 14:57",
        "2022年3月3日 午後2時57分",
        "2022.03.03. 오후 2:57",
        "2022년 3월 3일 14시 57분",
        "2022-03-03 (목) 14:57",
        "2022.03.03.14:57",
        "14h57 ngày 3/3/2022",
        "วันที่ 3 มีนาคม 2565 เวลา 14.57 น.",
        "3 มี.ค. 65 14:57 น.",
    ],
    at(SECOND): ["2022年3月3日 14时57分37秒", "2022/03/03 下午 02:57:37"],
    at("2022-12-21"): ["二〇二二年十二月二十一日"],
    at("2019-05-01"): ["令和元年5月1日"],
    at("2019-04-30"): ["平成31年4月30日"],
    at("2022-03-03 01:20"): ["2022-03-03 凌晨1:20"],
    at("2022-03-03 12:20"): ["2022-03-03 中午12:20"],
    at("2022-08-03"): ["3 Ogos 2022"],
    at(MINUTE, hours=7): ["Kamis, 03 Mar 2022 14:57 WIB", "Thứ năm, 3/3/2022, 14:57 (GMT+7)"],
    at(MINUTE, hours=9): ["2022/3/3 14:57 (JST)"],
    at(MINUTE, hours=8): ["2022年3月3日 14:57 CST"],
}
WEST_ASIAN = {
    at(DAY): ["٣ مارس ٢٠٢٢", "3 مارس، 2022", "۱۲ اسفند ۱۴۰۰", "۱۴۰۰/۱۲/۱۲", "3 במרץ 2022"],
    at(MINUTE): ["الخميس 3 مارس 2022 - 14:57", "پنجشنبه ۱۲ اسفند ۱۴۰۰ - ۱۴:۵۷"],
    at("2022-04-03"): ["3 أبريل 2022"],
}
LABELLED = {
    at(DAY): [
        "Published: March 3, 2022",
        "Posted on March 3, 2022",
        "Updated on 3 March 2022",
        "发布于 2022-03-03",
        "公開日：2022年3月3日",
        "2022.03.03 更新",
    ],
    at(MINUTE): [
        "Last updated: Thu 3 Mar 2022 14.57 GMT",
        "Stand: 03.03.2022 14:57 Uhr",
        "Publié le 03/03/2022 à 14:57",
        "发布时间2022-03-03 14:57",
        "時間：2022/03/03 14:57",
        "입력 2022.03.03 14:57",
        "기사입력 2022.03.03. 오후 2:57",
    ],
    at(SECOND): ["发布时间：2022-03-03 14:57:37", "입력 : 2022-03-03 14:57:37", "2022-03-03 14:57:37 来源"],
}
AGO = {
    timedelta(hours=3): [
        "3 hours ago",
        "3h ago",
        "Posted 3 hours ago by Jane Doe",
        "vor 3 Stunden",
        "il y a 3 heures",
        "hace 3 horas",
        "há 3 horas",
        "3 ore fa",
        "3 uur geleden",
        "3 godziny temu",
        "3 часа назад",
        "3 години тому",
        "3 saat önce",
        "för 3 timmar sedan",
        "for 3 timer siden",
        "3 tuntia sitten",
        "před 3 hodinami",
        "πριν 3 ώρες",
        "acum 3 ore",
        "3 jam yang lalu",
        "3 giờ trước",
        "3 ชั่วโมงที่แล้ว",
        "منذ 3 ساعات",
        "۳ ساعت پیش",
        "3 घंटे पहले",
        "3小时前",
        "3 个小时前",
        "3小时前发布",
        "3時間前",
        "3시간 전",
    ],
    timedelta(hours=1): ["an hour ago"],
    timedelta(minutes=30): ["半小时前"],
    timedelta(minutes=5): ["Updated 5 mins ago", "5 分钟前", "5分鐘前", "5分前"],
    timedelta(days=3): ["三天前"],
    timedelta(days=60): ["2个月前"],
    timedelta(0): ["just now", "刚刚"],
}
NEARBY_DAYS = {
    at("2026-11-23 08:30"): ["Today, 08:30", "heute 08:30", "今天 08:30"],
    at("2026-11-22 08:30"): [
        "Yesterday at 8:30 AM",
        "gestern, 08:30 Uhr",
        "hier à 08:30",
        "ieri alle 08:30",
        "wczoraj, 08:30",
        "вчера в 08:30",
        "igår 08:30",
        "昨天08:30",
        "昨日 08:30",
        "어제 08:30",
    ],
    at("2026-11-22"): ["yesterday", "Published yesterday", "昨天"],
    at("2026-11-21"): ["前天"],
}
WITHOUT_YEAR = {
    at("2026-03-03"): ["March 3", "Published on Thursday, March 3", "3月3日", "3月3日 星期二"],
    at("2025-12-03"): ["3 December"],
    at("2026-03-03 14:57"): ["Mar 3, 14:57", "03-03 14:57", "3月3日 14:57", "3/3(火) 14:57", "03.03. 14:57"],
    at("2025-12-03 14:57"): ["12月3日 14:57"],
}
TABLES = {
    "standards": STANDARD,
    "English": ENGLISH,
    "languages of Europe": EUROPEAN,
    "languages of East and South Asia": ASIAN,
    "languages of West Asia": WEST_ASIAN,
    "a label before or behind": LABELLED,
    "so long ago": {NOW - passed: texts for passed, texts in AGO.items()},
    "today and yesterday": NEARBY_DAYS,
    "the year left out": WITHOUT_YEAR,
}
NOTATIONS = [
    pytest.param(text, moment, id=f"{name}: {text.strip()}")
    for name, table in TABLES.items()
    for moment, texts in table.items()
    for text in texts
]


@pytest.mark.parametrize(("text", "moment"), NOTATIONS)
def test_a_date_in_any_usual_notation(text: str, moment: datetime) -> None:
    found = parse_date(text, now=NOW)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


# What a page shows where a date may stand, and is none.
NO_DATE = {
    "nothing": ["", " \n", "\x00"],
    "words": ["Invalid Date", "By Jane Doe in London", "Monday", "May", "a day", "Mon", "in 3 days"],
    "a part of a date": ["2026", "March 2022", "2022-03", "2022年3月", "12/2022", "Sat 12", "10:30", "14:57"],
    "a day that is not": ["2026-13-09", "2026-02-30", "99/99/2022", "29. Februar 2023", "12月32日 10:30"],
    "a time that is not": ["2026-03-09T25:00:00Z", "Mon, 99 Mar 2026 07:30:05 GMT"],
    "a placeholder": ["0001-01-01T00:00:00Z", "0000-00-00 00:00:00", "1822年3月3日", "2099-01-01", "2028-12-01"],
    "a span": ["2022-03-03 ~ 2022-03-05", "March 3-5, 2022", "2022 2023"],
    "counts": ["5", "100%", "12 comments", "5 min read", "5 stars", "24 hours", "3 of 5", "Part 1 of 12", "1/2"],
    "versions and addresses": ["1.2.3", "v1.2.2024", "Version 1.2.2024", "Python 3.11.12", "192.168.1.12"],
    "telephones and scores": ["+49 170 1234567", "Tel. 01-02-2024 555", "won 6-4, 3-6", "12-34-56"],
    "seasons and prices": ["2022/23 season", "$12.03.2024", "Rs 12.03.2022", "€ 1.299,00"],
    "books": ["ISBN 978-3-16-148410-0", "Matthew 5:12", "Chapter 3 March of progress"],
    "months that are words": ["12 May street", "Set 12 goals", "In May 12 people died", "Top 10 iPhone 13 Pro 2022"],
    "a story": ["It opened 3 years ago.", "3 years ago, the shop burned", "他刚刚宣布", "三年前他离开", "昨天的会议"],
    "long digits": ["1234567890123456", "0123456789", "9999999999999", "9" * 5000],
}


HOLDS_A_DAY = {"a span", "a time that is not"}


@pytest.mark.parametrize(
    ("name", "text"),
    [pytest.param(name, text, id=f"{name}: {text[:40]!r}") for name, texts in NO_DATE.items() for text in texts],
)
def test_what_is_no_date(name: str, text: str) -> None:
    assert parse_date(text, now=NOW) is None
    assert name in HOLDS_A_DAY or find_date(text, now=NOW) is None


def test_no_text_is_no_date() -> None:
    assert parse_date(None) is None


FOUND_IN = {
    at(DAY): [
        "By Jane Doe | March 3, 2022 | 5 min read",
        "4 Comments March 3, 2022",
        "Jane Doe, 10 May things, March 3, 2022",
        "Call 555-1234 on 3 March 2022",
        "© 2020 Foo 3 March 2022",
        "Bus 12, 3 March 2022",
        "/news/2022/03/03/title.html",
        "张三 2022年3月3日电",
        "（2022年3月3日）",
        "2022-02-30 and 2022-03-03",
        "发布时间：2022-03-03  浏览次数：10:30",
        "March 3, 2022 5:00 min",
        "x" * 2000 + " 3 March 2022",
    ],
    at(MINUTE): [
        "来源：新华网 2022年03月03日 14:57 责编：王五",
        "Von Max Mustermann, 3. März 2022, 14:57 Uhr",
        "published 3.3.2022 14:57 | updated 4.3.2022 10:00",
        "2022-03-03 14:57-15:57",
        "22.03.03 14:57 입력",
    ],
    at(SECOND): ["阅读 1234 时间 2022-03-03 14:57:37 来源 x", "2022-03-03 14:57:37来源：新华网"],
    at(MINUTE, hours=-5): ["By Jane Doe\n\nUpdated 2:57 PM EST, Thu March 3, 2022"],
    NOW - timedelta(hours=3): ["记者 张三 3小时前 阅读 100", "By Jane Doe · 3 hours ago · 5 min read"],
    at("2026-11-22 08:30"): ["作者：李四 昨天 08:30 评论 5"],
}


@pytest.mark.parametrize(("text", "moment"), [(text, moment) for moment, texts in FOUND_IN.items() for text in texts])
def test_the_first_date_in_a_byline(text: str, moment: datetime) -> None:
    found = find_date(text, now=NOW)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Jane said yesterday that", id="a day word without time"),
        pytest.param("may 5 things happen", id="a day without year and time"),
        pytest.param("It opened 3 years ago in a fire", id="a story goes on behind it"),
        pytest.param("x" * 2000 + " 3 hours ago", id="so long ago, in a long text"),
        pytest.param("score 3-2 12:30", id="a score and a time"),
        pytest.param("Rated 4/5 10:30", id="a rating and a time"),
        pytest.param("the team (20-10-12) won", id="wins, losses and draws"),
        pytest.param("check out 10 2022 cars", id="an English word that is a Portuguese month"),
        pytest.param("call 201012312359 now", id="a telephone of twelve digits"),
        pytest.param("2565-03-03", id="a Thai year without Thai letters"),
        pytest.param("release 2024.12.03.1", id="a version of four parts"),
    ],
)
def test_what_is_no_date_in_prose(text: str) -> None:
    assert find_date(text, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        pytest.param("2026-03-09 15:30:05", SHANGHAI, MOMENT, id="a time without zone is taken in the site's"),
        pytest.param("09 Mar 2026 15:30:05", SHANGHAI, MOMENT, id="in either notation"),
        pytest.param("2026-03-09 07:30:05Z", SHANGHAI, MOMENT, id="one with a zone is not"),
        pytest.param("2026-03-09 03:30:05", NEW_YORK, MOMENT, id="summer time is minded"),
        pytest.param("Jan 9, 2026 3:30 AM", NEW_YORK, at("2026-01-09 08:30"), id="winter time is minded"),
        pytest.param("2026-03-09", SHANGHAI, at("2026-03-09", hours=8), id="a day begins in the site's zone"),
        pytest.param("昨天 08:30", SHANGHAI, at("2026-11-22 08:30", hours=8), id="so does yesterday"),
        pytest.param("2022-03-03 14:57 CST", UTC, at(MINUTE, hours=-6), id="CST is Chicago's"),
        pytest.param("2022-03-03 14:57 CST", SHANGHAI, at(MINUTE, hours=8), id="CST is China's in China"),
        pytest.param("时间 2022-03-03 14:57 CST", UTC, at(MINUTE, hours=8), id="CST is China's in Chinese"),
        pytest.param("2022-07-03 14:57 EDT", NEW_YORK, at("2022-07-03 14:57", hours=-4), id="the site's own zone"),
        pytest.param("2022-03-03 14:57 IST", UTC, at(MINUTE, hours=5.5), id="IST is India's"),
        pytest.param(
            "2022-03-03 14:57 IST", ZoneInfo("Asia/Jerusalem"), at(MINUTE, hours=2), id="IST is Israel's in Israel"
        ),
        pytest.param("2022-03-03 14:57 PT | EN", UTC, at(MINUTE), id="PT is a language without PM"),
        pytest.param("2022-03-03 14:57 est un jeudi", UTC, at(MINUTE), id="est is a French word"),
        pytest.param("2022-03-03 14:57 +1 more", UTC, at(MINUTE), id="a count is no offset"),
    ],
)
def test_the_zone_of_a_date(text: str, zone: tzinfo, moment: datetime) -> None:
    assert find_date(text, zone, now=NOW) == moment


@pytest.mark.parametrize(
    ("text", "zone", "day_first", "moment"),
    [
        pytest.param("04/03/2022", UTC, None, at("2022-03-04"), id="the day comes first"),
        pytest.param("04/03/2022", UTC, True, at("2022-03-04"), id="the caller says so"),
        pytest.param("04/03/2022", UTC, False, at("2022-04-03"), id="the caller says it does not"),
        pytest.param("04/03/2022", NEW_YORK, None, at("2022-04-03", hours=-4), id="in America the month does"),
        pytest.param("04/03/2022", NEW_YORK, True, at("2022-03-04", hours=-5), id="the caller knows better"),
        pytest.param("04/03/2022 2:57 PM", UTC, None, at("2022-04-03 14:57"), id="a PM sounds American"),
        pytest.param("04/03/2022 14:57 EST", UTC, None, at("2022-04-03 14:57", hours=-5), id="and so does EST"),
        pytest.param(
            "04/03/2022 2:57 PM", ZoneInfo("Europe/Athens"), None, at("2022-03-04 14:57", hours=2), id="not in Athens"
        ),
        pytest.param("04.03.2022", NEW_YORK, None, at("2022-03-04", hours=-5), id="dots are not American"),
        pytest.param("13/03/2022", NEW_YORK, False, at("2022-03-13 05:00"), id="13 is no month"),
        pytest.param("03/13/2022", UTC, True, at("2022-03-13"), id="13 is no month on the right"),
        pytest.param("3/4/22", UTC, None, at("2022-04-03"), id="a year of two digits"),
        pytest.param("31/12/99", UTC, None, at("1999-12-31"), id="a year of the last century"),
        pytest.param("22/03/04 14:57 입력", UTC, None, at("2022-03-04 14:57"), id="East Asia begins with the year"),
        pytest.param("03/03/2565 ข่าว", UTC, None, at(DAY), id="a Buddhist year"),
        pytest.param("03/03/65", BANGKOK, None, at(DAY, hours=7), id="a Buddhist year of two digits"),
        pytest.param("03/03/22", BANGKOK, None, at(DAY, hours=7), id="a Christian year of two digits in Thailand"),
    ],
)
def test_which_number_is_what(text: str, zone: tzinfo, day_first: bool | None, moment: datetime) -> None:
    assert parse_date(text, zone, now=NOW, day_first=day_first) == moment


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        pytest.param(at("2027-01-01 00:30"), at("2026-12-31 23:30"), id="yesterday was last year"),
        pytest.param(at("2024-03-01 12:00"), at("2024-02-29 23:30"), id="yesterday was a leap day"),
    ],
)
def test_yesterday_at_the_turn_of_a_month(now: datetime, moment: datetime) -> None:
    assert parse_date("yesterday 23:30", now=now) == moment


def test_half_a_surrogate_pair_beside_a_date_is_a_sign_like_others() -> None:
    assert parse_date("\ud800 2026-03-09T07:30:05Z", now=NOW) == datetime(2026, 3, 9, 7, 30, 5, tzinfo=UTC)


def test_without_a_now_the_clock_is_asked() -> None:
    before = datetime.now(UTC)
    found = parse_date("just now", SHANGHAI)
    assert found is not None
    assert before <= found <= datetime.now(UTC)


Writer = Callable[[datetime], str]
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()
GERMAN_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
RUSSIAN_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
THAI_MONTHS = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
WRITERS: dict[str, Writer] = {
    "ISO": lambda t: t.isoformat(),
    "slashes": lambda t: f"{t:%Y/%m/%d %H:%M:%S}",
    "RFC 1123": to_rfc1123,
    "crawl time": to_crawl_time,
    "milliseconds since 1970": lambda t: f"{t.timestamp() * 1000:.0f}" if t.year > 2001 else t.isoformat(),
    "English": lambda t: f"{ENGLISH_MONTHS[t.month - 1]} {t.day}, {t.year} at {t:%I:%M:%S %p}",
    "British": lambda t: f"{t.day} {ENGLISH_MONTHS[t.month - 1]} {t.year}, {t:%H:%M:%S}",
    "German": lambda t: f"{t.day}. {GERMAN_MONTHS[t.month - 1]} {t.year}, {t:%H:%M:%S} Uhr",
    "German, in numbers": lambda t: f"{t:%d.%m.%Y, %H:%M:%S} Uhr",
    "Russian": lambda t: f"{t.day} {RUSSIAN_MONTHS[t.month - 1]} {t.year} г. в {t:%H:%M:%S}",
    "Chinese": lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M:%S}",
    "Korean": lambda t: f"{t.year}년 {t.month}월 {t.day}일 {t:%H:%M:%S}",
    "Thai": lambda t: f"{t.day} {THAI_MONTHS[t.month - 1]} {t.year + 543} {t:%H:%M:%S} น.",
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@settings(deadline=None, max_examples=40)
@given(moment=st.datetimes(datetime(1910, 1, 1), datetime(2028, 11, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_any_moment_reads_back(writer: Writer, moment: datetime) -> None:
    second = moment.replace(microsecond=0)
    assert parse_date(writer(second), now=NOW) == second
    assert writer(second).isdigit() or find_date(f"By Jane Doe | {writer(second)} |", now=NOW) == second


@settings(deadline=None, max_examples=200)
@given(st.text() | st.text("0123456789-:TZ+., JanFebMonGMT年月日前昨天", max_size=40))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for found in (parse_date(text), find_date(text), parse_standard(text)):
        assert found is None or found.utcoffset() is not None


def seconds_of(read: Callable[[], object]) -> float:
    """CPU time, which other processes do not lengthen."""
    start = time.process_time()
    read()
    return time.process_time() - start


HOSTILE = ["1", " ", "a", "1-", "1.", "may 1 ", "1 may ", "2022-03-", "2022年", "9999-01-01 ", "31 feb 2022 12:00 "]
HOSTILE += ["1 thang ", "一二", "昨天", "1小时", "\u0316\u0301", "2022-13-03        ,.|", "2028-12-31 12 ", "12:57 "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_of_a_megabyte_takes_linear_time(piece: str) -> None:
    """A quadratic reader needs minutes; ours half a second, and ten are granted to a busy machine."""
    text = piece * (1_000_000 // len(piece))
    assert seconds_of(lambda: find_date(text, now=NOW)) < 10
    assert seconds_of(lambda: parse_date(text, now=NOW)) < 1


@pytest.mark.parametrize("piece", [*HOSTILE, "记者张三报道称今天的会议"])
def test_a_hostile_text_just_short_enough_is_read_at_once(piece: str) -> None:
    """These are the texts that the more costly patterns see; they take about a millisecond."""
    assert seconds_of(lambda: parse_date((piece * 200)[:200], now=NOW)) < 0.25
    assert seconds_of(lambda: find_date((piece * 300)[:300], now=NOW)) < 0.25


def test_what_is_no_date_costs_little() -> None:
    """Ours take 15 µs on average; a site's list has thousands of such texts."""
    texts = [text[:200] for texts in NO_DATE.values() for text in texts]
    taken = seconds_of(lambda: [parse_date(text, now=NOW) for text in texts * 20])
    assert taken / (len(texts) * 20) < 500e-6


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param(1773041405000, MOMENT, id="a number"),
        pytest.param("1773041405000", MOMENT, id="digits"),
        pytest.param(1773041405250.0, MOMENT.replace(microsecond=250_000), id="with milliseconds"),
        pytest.param(0, datetime(1970, 1, 1, tzinfo=UTC), id="zero"),
        pytest.param(-1000, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), id="before 1970"),
        pytest.param(None, None, id="absent"),
        pytest.param("", None, id="empty"),
        pytest.param("soon", None, id="words"),
        pytest.param([1773041405000], None, id="a list"),
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("inf"), None, id="infinite"),
        pytest.param(10**30, None, id="beyond all years"),
        pytest.param(10**400, None, id="beyond all numbers"),
    ],
)
def test_milliseconds_since_1970(value: object, moment: datetime | None) -> None:
    assert from_epoch_ms(value) == moment


@pytest.mark.parametrize("zone", [UTC, SHANGHAI, EAST])
def test_a_post_writes_the_same_moment_in_the_same_way(zone: tzinfo) -> None:
    moment = MOMENT.astimezone(zone)
    assert to_rfc1123(moment) == "Mon, 09 Mar 2026 07:30:05 GMT"
    assert to_crawl_time(moment.replace(microsecond=999_999)) == "2026-03-09 07:30:05"


@settings(deadline=None, max_examples=150)
@given(st.datetimes(datetime(1900, 1, 1), datetime(9998, 12, 1), timezones=st.sampled_from([UTC, EAST])))  # noqa: DTZ001
def test_what_a_post_writes_is_read_as_the_same_second(moment: datetime) -> None:
    second = moment.replace(microsecond=0)
    assert parse_standard(to_rfc1123(moment)) == second
    assert parse_standard(to_crawl_time(moment)) == second


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-03-09T15:30:05+08:00", MOMENT, id="ISO 8601"),
        pytest.param(" 09 Mar 2026 07:30:05 ", MOMENT, id="RFC 2822 without weekday and zone"),
        pytest.param("1822-03-09", datetime(1822, 3, 9, tzinfo=UTC), id="any year"),
        pytest.param("0001-01-01T00:00:00Z", None, id="but the first, which .NET writes for no date"),
        pytest.param("9 March, 2026", None, id="no other notation"),
        pytest.param("2026年3月9日", None, id="in no other language"),
        pytest.param("yesterday", None, id="not a relative one"),
        pytest.param("Mon", None, id="half a date"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_what_machines_write(text: str | None, moment: datetime | None) -> None:
    assert parse_standard(text) == moment


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param(
            "2026-03-09",
            datetime(2026, 3, 9, tzinfo=UTC),
            datetime(2026, 3, 9, 23, 59, 59, 999_999, tzinfo=UTC),
            id="a day from its first to its last moment",
        ),
        pytest.param("2026-03-09T07:30:05", MOMENT, MOMENT, id="a time without zone is UTC"),
        pytest.param("2026-03-09T15:30:05+08:00", MOMENT, MOMENT, id="a time with a zone"),
    ],
)
def test_bounds(text: str, first: datetime, last: datetime) -> None:
    assert (parse_bound(text), parse_bound(text, end=True)) == (first, last)


@pytest.mark.parametrize("text", ["yesterday", "9 March 2026", "2026-3-9"])
def test_what_is_no_bound(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_bound(text)
