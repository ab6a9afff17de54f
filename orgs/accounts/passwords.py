"""Passwords that a stranger would try first here, though no list of common ones has them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.pinyin import name_pinyin
from orgs.accounts.models import Person
from orgs.units.models import Level, OrgUnit

WORDS = (
    *("ertong", "fuli", "dangan", "minzheng", "minzhengju", "mima", "zhuren", "zhongguo", "henan"),
    *("admin", "password", "welcome", "test"),
)


class NoLocalNames:
    """Refuses what is put together of names of the city and its counties, the person's own, her login name, and words
    of the trade: their letters, whatever digits and signs stand between and behind."""

    def validate(self, password: str, user: Person | None = None) -> None:
        typed, login = password.lower(), user.username.lower() if user else ""
        words = f"(?:{'|'.join(map(re.escape, _guessed(user)))})"
        letters = re.sub(r"[^a-z]", "", typed)
        is_guessed = bool(letters) and re.fullmatch(f"{words}+", letters)
        if login and login in typed:  # it has digits of its own: m0284m0284, m0284-2026
            others = re.sub(r"[\W\d_]", "", typed.replace(login, ""))
            is_guessed = is_guessed or re.fullmatch(f"{words}*", others)
        if is_guessed:
            raise ValidationError(
                _("密码里只有登录名、地名、姓名或常用词的拼音，容易被猜到。请换成别人想不到的词。"), code="local"
            )

    def get_help_text(self) -> str:
        return _("不要只用登录名、地名、姓名或常用词的拼音加数字。")


def _guessed(person: Person | None) -> set[str]:
    places = OrgUnit.objects.filter(level__lte=Level.COUNTY).values_list("name", flat=True)
    names = [*places, *(place[:-1] for place in places), person.name if person else ""]  # with and without "city"
    return {letters for name in names if (letters := name_pinyin(name))} | set(WORDS)
