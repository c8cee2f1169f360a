"""Zones of time as pages abbreviate them."""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from archiver.dates.search import AMERICAN_PLACES, Search, is_east_asian, place_of

# Hours east of Greenwich -> abbreviations. EST and CST are meant as written, in summer too.
# ART, Argentina's, is left out: it is a section's name more often.
OFFSETS = {
    0: "z gmt utc ut wet", 1: "bst cet mez west wat", 2: "cest mesz eet sast cat", 3: "eest msk мск trt eat", 4: "gst",
    5: "pkt", 5.5: "ist", 5.75: "npt", 7: "ict wib", 8: "hkt sgt myt pht awst wita 北京时间 北京時間",
    9: "jst kst wit 日本時間 한국시간", 9.5: "acst", 10: "aest", 10.5: "acdt", 11: "aedt", 12: "nzst", 13: "nzdt",
    -2.5: "ndt", -3: "brt adt", -3.5: "nst", -4: "ast edt", -5: "est cdt", -6: "cst mdt", -7: "mst pdt",
    -8: "pst akdt", -9: "akst", -10: "hst",
}  # fmt: skip
PLACES = {"et": "New_York", "ct": "Chicago", "mt": "Denver", "pt": "Los_Angeles"}  # summer or winter, by the day
CHINA = timezone(timedelta(hours=8))
ZONES: dict[str, tzinfo] = {
    name: timezone(timedelta(hours=hours)) for hours, names in OFFSETS.items() for name in names.split()
}


def zone_of(search: Search, match: re.Match[str], moment: datetime) -> tzinfo | None:
    """The zone behind a time; None: there is none. The site's own zone knows best what its abbreviations mean."""
    if match["name"]:
        return named_zone(search, match, moment)
    sign = match["sign"] or match["iso_sign"] or match["short_sign"]
    if sign is None or is_range(match):
        return None
    hours, minutes = (
        match["hours"] or match["iso_hours"] or match["short_hours"],
        match["minutes"] or match["iso_minutes"],
    )
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset) if offset <= timedelta(hours=14) else None


def is_range(match: re.Match[str]) -> bool:
    """Is what looks like an offset the end of a span, as in 10:00-12:00? An offset follows seconds or a T."""
    if match["iso_sign"] != "-" or ":" not in match["zone"] or match["second"] or match[0][0] == "t":
        return False
    return (int(match["iso_hours"]), match["iso_minutes"]) > (
        int(match["hour"] or match["bare_hour"]),
        match["minute"] or "",
    )


def named_zone(search: Search, match: re.Match[str], moment: datetime) -> tzinfo | None:
    """The zone of an abbreviation: in capitals, in brackets or behind AM and PM, for `est` and `et` are words too."""
    name, written = match["name"], search.text[slice(*match.span("name"))]
    marked = match["meridiem"] or match["bare_meridiem"] or "(" in match["zone"]
    if not (written.isupper() or marked or name in ("z", "gmt", "utc") or not name.isascii()):
        return None
    if moment.replace(tzinfo=search.zone).tzname() == written.upper():
        return search.zone
    if name in PLACES and (marked or place_of(search.zone) in AMERICAN_PLACES):  # PT is a language too
        return ZoneInfo(f"America/{PLACES[name]}")
    if name == "cst" and (is_east_asian(match, search) or search.zone.utcoffset(moment) == CHINA.utcoffset(None)):
        return CHINA
    return ZONES.get(name)
