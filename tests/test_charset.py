"""Pages in any charset, whatever they say it is."""

import random
import time

import pytest

from archiver.charset import charset_of, decode, encoded_once, is_guessed, is_illegible, lost_characters
from archiver.errors import PageError
from archiver.extract.page import parse
from archiver.legibility import legibility

HEAD = "<html><head><title>x</title></head><body class='main page'><div id='menu'><a href='/'>Home</a></div>" * 3
CHINESE = "港口新闻记者昨日从集团了解到，新建的第三号码头已经通过验收，下个月就会投入使用。" * 4
TAIWANESE = "港口新聞記者昨日從集團了解到，新建的第三號碼頭已經通過驗收，下個月就會投入使用。" * 4
JAPANESE = "港の新しい埠頭が来月から使えるようになると、市の担当者が昨日の会見で明らかにした。" * 4
KOREAN = "항구의 새 부두가 다음 달부터 사용될 예정이라고 시 관계자가 어제 밝혔다." * 4
RUSSIAN = "Новый причал порта будет открыт в следующем месяце, сообщил вчера представитель города. " * 4
POLISH = "Nowe nabrzeże portu zostanie otwarte w przyszłym miesiącu, a łódź źle płynie. " * 4
CZECH = "Nové molo přístavu bude otevřeno příští měsíc, řekl včera zástupce města. " * 4
FRENCH = "Le nouveau quai du port sera ouvert à l’été, où qu’il soit, a déclaré hier un représentant. " * 4
THAI = "ท่าเรือแห่งใหม่จะเปิดใช้งานในเดือนหน้า เจ้าหน้าที่ของเมืองกล่าวเมื่อวานนี้ " * 4
ARABIC = "سيفتح الرصيف الجديد للميناء في الشهر المقبل، كما قال ممثل المدينة أمس. " * 4
GREEK = "Η νέα προβλήτα του λιμανιού θα ανοίξει τον επόμενο μήνα, δήλωσε χθες εκπρόσωπος. " * 4
TURKISH = "Limanın yeni iskelesi gelecek ay açılacak, dedi dün şehrin temsilcisi. " * 4
HEBREW = "הרציף החדש של הנמל ייפתח בחודש הבא, אמר אתמול נציג העיר. " * 4
PLACES = (
    *(("gb18030", CHINESE), ("big5", TAIWANESE), ("cp932", JAPANESE), ("euc_jp", JAPANESE), ("iso2022_jp", JAPANESE)),
    *(("cp949", KOREAN), ("cp1251", RUSSIAN), ("koi8_r", RUSSIAN), ("cp1250", POLISH), ("iso8859_2", POLISH)),
    *(("cp1250", CZECH), ("cp1252", FRENCH), ("cp874", THAI), ("cp1256", ARABIC), ("cp1253", GREEK)),
    *(("cp1254", TURKISH), ("cp1255", HEBREW), ("utf-8", CHINESE), ("utf-8", FRENCH)),
)


def page(text: str) -> str:
    return f"{HEAD}<p>{text}</p></body></html>"


@pytest.mark.parametrize(("charset", "text"), PLACES)
def test_a_page_that_says_nothing_is_recognised(charset: str, text: str) -> None:
    assert decode(page(text).encode(charset)) == page(text)


@pytest.mark.parametrize(("charset", "text"), [place for place in PLACES if place[0] not in ("utf-8", "iso2022_jp")])
def test_a_page_that_says_utf_8_and_is_not(charset: str, text: str) -> None:
    assert decode(page(text).encode(charset), "text/html; charset=utf-8") == page(text)


@pytest.mark.parametrize("label", ["gbk", "big5", "iso-8859-1", "shift_jis", "windows-1251", "nonsense"])
def test_a_page_that_is_utf_8_and_says_it_is_not(label: str) -> None:
    assert decode(page(CHINESE).encode(), f"text/html; charset={label}") == page(CHINESE)


@pytest.mark.parametrize(
    ("case", "raw", "content_type", "default", "charset"),
    [
        ("gb2312 means gb18030", b'<meta charset="gb2312">\xc4\xe3\xba\xc3', None, None, "gb18030"),
        ("latin-1 means windows-1252", b"caf\xe9 \x93x\x94", "text/html; charset=ISO-8859-1", None, "cp1252"),
        ("http-equiv", b'<meta http-equiv=Content-Type content="a/b; charset=gbk">\xc4\xe3', None, None, "gb18030"),
        ("an XML declaration", b'<?xml version="1.0" encoding="Big5"?>\xa4\xa4\xa4\xe5', None, None, "big5hkscs"),
        ("the header before the page", b"<meta charset=big5>\xc4\xe3\xba\xc3", "a/b; charset=gbk", None, "gb18030"),
        ("a server's own latin-1", b"<meta charset=gbk>\xc4\xe3\xba\xc3", "a/b; charset=iso-8859-1", None, "gb18030"),
        ("a declaration behind much else", b" " * 3000 + b"<meta charset=koi8-r>\xc1\xc2", None, None, "koi8-r"),
        ("a byte order mark beats all", b"\xef\xbb\xbfabc", "a/b; charset=gbk", "big5", "utf-8"),
        ("UTF-16 with its mark", "\ufeffabc".encode("utf-16-le"), None, None, "utf-16-le"),
        ("UTF-16 that a page declares in ASCII", b"<meta charset=utf-16>caf\xc3\xa9", None, None, "utf-8"),
        ("a definition beats the page", b"<meta charset=utf-8>\xc4\xe3", "a/b; charset=utf-8", "gbk", "gb18030"),
        ("an escaped Japanese page", "港の".encode("iso2022_jp"), None, None, "iso2022_jp"),
        ("ASCII", b"abc", None, None, "utf-8"),
        ("nothing", b"", None, None, "utf-8"),
        ("a UTF-8 page with a bad byte", "港口新闻".encode() * 50 + b"\xff", None, None, "utf-8"),
    ],
)  # fmt: skip
def test_who_is_believed(case: str, raw: bytes, content_type: str | None, default: str | None, charset: str) -> None:
    assert charset_of(raw, content_type, default) == charset, case


@pytest.mark.parametrize(
    "label", ["rot13", "zlib", "base64", "punycode", "idna", "unicode_escape", "utf-7", "cp037", "raw_unicode_escape"]
)
def test_what_is_a_codec_to_python_is_no_charset_of_a_page(label: str) -> None:
    raw = page(CHINESE).encode("gb18030")
    declared = f"<meta charset={label}>".encode() + raw
    assert decode(raw, f"text/html; charset={label}") == page(CHINESE)
    assert decode(declared) == declared.decode("gb18030")
    assert decode(raw, "text/html", label) == page(CHINESE)


@pytest.mark.parametrize(
    ("label", "charset", "text"),
    [
        *(("x-gbk", "gb18030", CHINESE), ("cn-big5", "big5", TAIWANESE), ("windows-949", "cp949", KOREAN)),
        *(("x-cp1251", "cp1251", RUSSIAN), ("iso88592", "iso8859_2", POLISH), ("euc-jp", "euc_jis_2004", "①の埠頭")),
        *(("tis-620", "cp874", THAI), ("iso-8859-9", "cp1254", TURKISH), ("koi8-ru", "koi8_u", RUSSIAN)),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, charset: str, text: str) -> None:
    assert decode(page(text).encode(charset), f"text/html; charset={label}") == page(text)


def test_what_is_far_into_a_page_counts() -> None:
    raw = b"<style>" + b"a{}" * 200_000 + b"</style>" + page(RUSSIAN).encode("cp1251")
    assert decode(raw).endswith(page(RUSSIAN))


def test_the_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfabc") == "abc"
    assert decode("\ufeff港".encode("utf-16-be")) == "港"


ACTUAL = (
    *(("gb18030", CHINESE), ("big5hkscs", TAIWANESE), ("cp932", JAPANESE), ("euc_jp", JAPANESE), ("cp949", KOREAN)),
    *(("utf-8", CHINESE), ("cp1251", RUSSIAN), ("koi8_r", RUSSIAN), ("cp1252", FRENCH), ("cp1250", POLISH)),
    *(("utf-16-le", CHINESE), ("utf-16-be", FRENCH), ("utf-16-le", KOREAN)),
)
SAID = (
    *("gb2312", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-8", "windows-1251", "iso-8859-1", "utf-16", "koi8-r"),
    *("iso-8859-2", "utf-16le", "nonsense"),
)


@pytest.mark.parametrize("part", [1, 4], ids=["one sentence", "four"])
@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize(("actual", "text"), ACTUAL)
def test_whatever_is_declared_the_text_is_what_was_meant(actual: str, text: str, said: str, part: int) -> None:
    if (actual, said) == ("cp1250", "iso-8859-2"):
        pytest.skip("the same but for a few letters")
    whole = page(text[: len(text) // 4 * part])
    assert decode(whole.encode(actual), f"text/html; charset={said}") == whole
    declared = f"<meta charset={said}>{whole}"
    assert decode(declared.encode(actual)) == declared
    assert decode(declared.encode(actual), "text/html; charset=gbk") == declared


@pytest.mark.parametrize("text", [CHINESE, TAIWANESE, JAPANESE, KOREAN, RUSSIAN, FRENCH, POLISH, THAI, GREEK, HEBREW])
@pytest.mark.parametrize("misread", ["cp1252", "latin-1"])
def test_what_was_encoded_twice_is_what_was_meant(text: str, misread: str) -> None:
    once = page(text).encode()
    twice = "".join(bytes([byte]).decode(misread, "ignore") or chr(byte) for byte in once)
    assert decode(twice.encode()) == page(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Où Ã© est é et Ã¨ est è : l’œuvre d’un décodeur étourdi, à la française, l’été dernier.", id="told"
        ),
        pytest.param("São Paulo não é só café; AÇÃO É REAÇÃO, ORGÃO", id="Portuguese capitals"),
        pytest.param("Â° â‚", id="a few odd signs"),
        pytest.param("Ελλάδα, Россия, 中国, ไทย", id="other scripts"),
        pytest.param("plain", id="ASCII"),
    ],
)
def test_what_was_encoded_once_stays(text: str) -> None:
    assert encoded_once(text) == text


@pytest.mark.parametrize("text", [place[1] for place in PLACES])
def test_a_text_as_it_was_meant_is_legible(text: str) -> None:
    assert legibility(text) >= 0.5


@pytest.mark.parametrize(
    ("charset", "misread", "text"),
    [
        *(("gb18030", "big5", CHINESE), ("gb18030", "cp949", CHINESE), ("big5", "gb18030", TAIWANESE)),
        *(("gb18030", "cp1251", CHINESE), ("cp949", "gb18030", KOREAN), ("koi8_r", "cp1251", RUSSIAN)),
        *(("cp1251", "koi8_r", RUSSIAN), ("cp1251", "cp1252", RUSSIAN), ("cp1252", "cp1251", FRENCH)),
        *(("cp932", "gb18030", JAPANESE), ("utf-8", "gb18030", CHINESE), ("utf-8", "cp1252", CHINESE)),
    ],
)
def test_a_text_in_a_wrong_charset_is_not(charset: str, misread: str, text: str) -> None:
    assert legibility(text.encode(charset).decode(misread, "replace")) < 0.5


LOST = "港口\ufffd" * 60


@pytest.mark.parametrize(
    ("text", "lost", "illegible"),
    [
        pytest.param(CHINESE, 0, False, id="none"),
        pytest.param(CHINESE * 9 + "\ufffd" * 60, 60, False, id="some, in a long text"),
        pytest.param("\ufffd" * 49, 49, False, id="few, in a short one"),
        pytest.param(LOST, 60, True, id="many"),
        pytest.param("锟斤拷" * 20 + "港口", 60, True, id="those that were lost before"),
        pytest.param("a\x80" * 60, 60, True, id="controls"),
    ],
)
def test_what_is_lost(text: str, lost: int, illegible: bool) -> None:
    assert (lost_characters(text), is_illegible(text)) == (lost, illegible)


def test_a_page_of_which_too_much_is_lost_is_none() -> None:
    with pytest.raises(PageError, match="in no charset that is known"):
        parse(f"<p>{LOST}</p>".encode(), "text/html; charset=utf-8")


UNITS = {
    "ASCII": b"a",
    "Chinese": "港口新闻".encode("gb18030"),
    "Taiwanese": "港口新聞".encode("big5"),
    "Japanese": "港の新し".encode("cp932"),
    "Korean": "항구".encode("cp949"),
    "French": "é".encode(),
    "every byte": bytes(range(128, 256)),
    "noise": random.Random(1).randbytes(1_000_000),  # noqa: S311
    "half characters": b"\x81\x30",
    "no characters": b"\xff<",
    "tags": b"<a href=x>\xe9</a>",
    "declarations": b"<meta",
    "escapes": b"\x1b$",
    "wide": "港口abc".encode("utf-16-le"),
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
@pytest.mark.parametrize("said", ["", "utf-8", "gbk", "big5", "iso-8859-1"])
def test_no_page_costs_the_event_loop_more_than_a_moment(unit: bytes, said: str) -> None:
    """20 ms on a free core; the best of three, and twice that, for the tests share theirs."""
    raw = (unit * (10_000_000 // len(unit) + 1))[:10_000_000]
    times = []
    for _ in range(3):
        started = time.process_time()
        charset_of(raw, f"text/html; charset={said}" if said else None)
        times.append(time.process_time() - started)
    assert min(times) < 0.04


@pytest.mark.parametrize(
    ("said", "raw", "charset", "guessed"),
    [
        (None, "<p>渡船</p>".encode("gb18030"), "gb18030", True),
        ("text/html; charset=gbk", "<p>渡船</p>".encode("gb18030"), "gb18030", False),
        (None, "<meta charset=gbk><p>渡船</p>".encode("gb18030"), "gb18030", False),
        ("text/html; charset=utf-8", b"<p>caf\xe9</p>", "cp1252", True),
        ("text/html; charset=gbk", "<p>渡船</p>".encode(), "utf-8", False),
        (None, b"<p>ferry</p>", "cp1252", False),
    ],
)
def test_a_charset_that_nobody_names_is_a_guess(said: str | None, raw: bytes, charset: str, guessed: bool) -> None:
    assert is_guessed(raw, said, charset) is guessed
