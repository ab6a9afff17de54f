"""Resident ID numbers (GB 11643-1999): 18 characters that hold birth date, sex and a check character.

Residence permits of Hong Kong, Macau and Taiwan residents (港澳台居民居住证, rules of the State Council, 2018) are
numbered alike, with 810000, 820000 or 830000 at the head.
"""

import datetime
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from childwelfare.text.cleaning import clean_digits
from registry.child.codes import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


@dataclass(frozen=True)
class IdFacts:
    """What a number says of its holder."""

    number: str
    birth_date: datetime.date
    sex: str

    @property
    def region(self) -> str:
        """The six digits at the head: where the number was given first; no proof of where its holder is registered."""
        return self.number[:6]


def check_character(first_17: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def read_id_number(text: str) -> IdFacts:
    """Clean and read an ID number. Raises ValidationError that says what is wrong, and by how much."""
    number = clean_digits(text)
    if len(number) == 15 and number.isdigit():
        raise ValidationError(_("这是 15 位的旧号码，请填写现在的 18 位身份证号。"))
    if len(number) != 18:
        raise ValidationError(
            _("身份证号是 18 位，现在是 %(has)s 位（%(what)s %(n)s 位）。"),
            params={
                "has": len(number),
                "n": abs(18 - len(number)),
                "what": _("少") if len(number) < 18 else _("多"),
            },
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValidationError(_("身份证号前 17 位只能是数字，最后一位是数字或 X。"))
    try:
        birth_date = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError(
            _("第 7–14 位应是出生日期，“%(part)s”没有这一天。"), params={"part": number[6:14]}
        ) from None
    if check_character(number[:17]) != number[17]:
        raise ValidationError(_("校验位不对：18 位里有输错的数字，请对照证件逐位核对。"))
    return IdFacts(number, birth_date, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def masked(number: str) -> str:
    """As shown on screen: 410199 ******** **20."""
    return f"{number[:6]} ******** **{number[-2:]}" if len(number) == 18 else "*" * len(number)


def masked_phone(phone: str) -> str:
    """138****2046."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)
