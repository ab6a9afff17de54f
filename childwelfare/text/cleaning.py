"""One stored form for what people type: names, numbers, dates. Forms, API and imports all call these.

A cleaned name is NFC, each character in its usual code (characters.py), without invisible characters or blanks between
Chinese characters; the middle dot of minority and foreign names, in its several typings, is U+00B7 (GB/T 2312 prints it
as ·).
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from childwelfare.text.characters import strange_in_name, to_known, unprintable_in
from childwelfare.text.days import is_of_our_time

DOTS = dict.fromkeys(map(ord, "·•‧∙・･⋅．。"), "·")
ASCII_DOT_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s*\.\s*(?=[^\x00-\x7f])")
BLANK_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
PHONE_MARKS = re.compile(r"[\s()\[\].·\-‐-―−]")  # what people set between the digits
MOBILE = re.compile(r"1\d{10}")
LANDLINE = re.compile(r"0\d{9,11}")


def clean_text(text: str) -> str:
    """Trim, drop invisible and control characters pasted from chats, keep line breaks; characters in the code by which
    everybody knows them."""
    known = to_known(str(text))
    kept = (c for c in known if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept).replace("\u3000", " ")).strip()


def check_length(text: str, most: int) -> str:
    """``text``, cleaned. Raises ValidationError where it has more than ``most`` characters: it is never cut.

    A line break is one character, as the browser counts it, though it sends two.
    """
    text = clean_text(text)
    if len(text) > most:
        raise ValidationError(_("最多 %(most)s 字，现在有 %(n)s 字。"), params={"most": most, "n": len(text)})
    return text


def check_text(text: str) -> str:
    """Clean a text that is printed and searched, as an address or a school, and refuse what is no character."""
    text = clean_text(text)
    _refuse_strange(unprintable_in(text))
    return text


def check_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """``texts`` by their fields, each as ``check_text`` gives it. Raises ValidationError by field."""
    checked, problems = {}, {}
    for name, text in texts.items():
        try:
            checked[name] = check_text(text)
        except ValidationError as error:
            problems[name] = error.messages
    if problems:
        raise ValidationError(problems)
    return checked


def _refuse_strange(strange: list[str]) -> None:
    if strange:
        codes = " ".join(f"{c}（U+{ord(c):04X}）" for c in strange[:5])
        raise ValidationError(
            _("“%(bad)s”不是能印出来的字，别处看不到，也找不到。请重新输入这个字。"), params={"bad": codes}
        )


def clean_name(text: str) -> str:
    """The stored form of a person's name."""
    name = clean_text(text).replace("\n", " ").replace("\t", " ")
    name = "".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" and c != "．" else c for c in name)
    name = ASCII_DOT_IN_CHINESE.sub("·", name.translate(DOTS))
    name = BLANK_BESIDE_CHINESE.sub("", name)
    return re.sub(r"\s*·\s*", "·", " ".join(name.split()))


def check_name(text: str) -> str:
    """Clean a name and refuse what can't be one."""
    name = clean_name(text)
    if not name:
        raise ValidationError(_("请填写姓名。"))
    if bad := sorted({c for c in name if c.isdigit() or c in '<>{}[]|\\/@#$%^&*=+_~"?？！!；;：:，,、'}):
        raise ValidationError(_("姓名里不应有“%(bad)s”，请改正。"), params={"bad": " ".join(bad)})
    _refuse_strange(strange_in_name(name))
    return name


def check_people(text: str) -> str:
    """Clean words that name people, one or several and what they are to the child ("李桂英，奶奶"), and refuse what
    stands in nobody's name: pictures, symbols, what is no character."""
    text = clean_text(text)
    _refuse_strange(sorted({c for c in text if unicodedata.category(c) == "So"} | set(unprintable_in(text))))
    return text


def clean_whole(text: str) -> str:
    """A whole number as typed on any keyboard, right or wrong: half-width, without what parts thousands."""
    return re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", clean_text(text)))


def clean_digits(text: str) -> str:
    """A number as typed on any keyboard: half-width, without blanks and dashes, upper case."""
    bare = re.sub(r"[\s\-—–]", "", unicodedata.normalize("NFKC", clean_text(text))).upper()
    return unicodedata.normalize("NFKC", bare)  # what the gaps kept apart may join


def clean_phone(text: str) -> str:
    """The digits of a telephone number as they are kept, right or wrong: without the country's code (+86, 0086, 86
    before a mobile) and what stands between digits. The page's script does the same (static/js/phone_number.js)."""
    bare = PHONE_MARKS.sub("", clean_digits(text))
    for code in ("+86", "0086"):
        bare = bare.removeprefix(code)
    return bare[2:] if len(bare) == 13 and bare.startswith("861") else bare


def check_phone(text: str) -> str:
    """A mobile (11 digits) or a landline with area code; "" stays "". Says how many digits are missing."""
    phone = clean_phone(text)
    if not phone or MOBILE.fullmatch(phone) or LANDLINE.fullmatch(phone):
        return phone
    if not phone.isdigit() or not phone.isascii():
        raise ValidationError(_("电话只能是数字，请改正。一时问不到可以先空着，走访时再补。"))
    if phone.startswith("1") and len(phone) < 11:
        raise ValidationError(
            _("少 %(n)s 位：手机号是 11 位，现在只有 %(has)s 位。一时问不到可以先空着，走访时再补。"),
            params={"n": 11 - len(phone), "has": len(phone)},
        )
    if phone.startswith("1"):
        raise ValidationError(_("多 %(n)s 位：手机号是 11 位，请核对。"), params={"n": len(phone) - 11})
    raise ValidationError(_("这不像电话号码：手机 11 位以 1 开头，座机带区号（如 0371）。"))


def clean_date(value: Any) -> datetime.date | None:
    """A date from 2016-03-01, 2016/3/1, 2016.3.1, 2016年3月1日 or 20160301; None for nothing."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = unicodedata.normalize("NFKC", clean_text(value))
    match = DATE.fullmatch(text) or COMPACT_DATE.fullmatch(text)
    if not match:
        raise ValidationError(_("“%(text)s”不是日期，请写成 2016-03-01 这样。"), params={"text": text[:20]})
    try:
        day = datetime.date(*map(int, match.groups()))
    except ValueError:
        raise ValidationError(_("没有“%(text)s”这一天，请核对年月日。"), params={"text": text}) from None
    if not is_of_our_time(day):
        raise ValidationError(_("“%(text)s”的年份不对，请核对年月日。"), params={"text": text})
    return day
