"""Accounts: opened with a one-time password that must be changed at the first sign-in."""

import secrets
import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _

from childwelfare.security.sealing import blind_index
from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused
from orgs.accounts.models import ApiToken, Person

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no look-alikes: it is read out and typed on phones


def one_time_password() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def lockout_minutes() -> int:
    """For how long a name is locked after too many wrong passwords."""
    return int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


def login_name(typed: str) -> str:
    """The login name as the account has it, in whatever case and width it was typed; as typed where nobody has it.

    Asked before the password is: wrong ones then count for one name, however it is written."""
    cleaned = unicodedata.normalize("NFKC", clean_text(typed))
    names = list(Person.objects.filter(username__iexact=cleaned).values_list("username", flat=True)[:2])
    if cleaned in names or len(names) != 1:  # two accounts of older days may differ by case alone
        return cleaned
    return names[0]


def name_on_record(typed: str) -> str:
    """What stands for a login name where a failed sign-in is written down: the name, where an account has it, else a
    keyed digest. What nobody has may be a password in the wrong field."""
    if Person.objects.filter(username=typed).exists():
        return typed
    return f"login:{blind_index(typed, 'login')[:16]}"


def open_account(username: str, name: str, phone: str = "") -> tuple[Person, str]:
    """The account of that login name and "", or a new one and its one-time password.

    Raises Refused when the login name belongs to somebody of another name.
    """
    person = Person.objects.filter(username__iexact=username).first()
    if person and person.name != name:
        raise Refused(_("登录名“%(login)s”已属于另一个人，请换一个。") % {"login": username})
    if person:
        return person, ""
    person = Person(username=username, name=name, phone=phone)
    return person, set_one_time_password(person)


def set_one_time_password(person: Person) -> str:
    """Give ``person`` a new password to be changed at once; its API tokens end."""
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    person.save()
    ApiToken.objects.revoke(person)
    return password
