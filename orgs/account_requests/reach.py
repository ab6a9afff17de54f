"""Whose account it is. An account belongs to the tier and unit of its highest running post: who has all of its posts in
reach may appoint it and set its password, who has but one of them may offer it another post."""

import unicodedata

from django.utils import timezone

from orgs.accounts.models import Person
from orgs.posts.models import Appointment, Role

# roles whose holder could open every door, or shut the book in which it would be read
PRIVILEGED = frozenset({Role.CITY_ADMIN, Role.AUDITOR})


def posts_that_count(person: Person) -> list[Appointment]:
    """The posts of ``person`` that run or will run, the highest first; of who left all, the last that ended."""
    posts = list(person.appointments.with_unit().order_by("unit__level", "pk"))
    today = timezone.localdate()
    running = [post for post in posts if post.valid_to is None or post.valid_to > today]
    if running or not posts:
        return running
    last = max(post.valid_to for post in posts if post.valid_to)
    return [post for post in posts if post.valid_to == last]


def is_in_reach(by: Appointment, person: Person) -> bool:
    """Whether every post of ``person`` lies below ``by``. An account that never had a post is nobody's here."""
    posts = posts_that_count(person)
    return bool(posts) and all(by.may("manage_posts", post.unit) for post in posts)


def is_privileged(person: Person) -> bool:
    return any(post.role in PRIVILEGED for post in posts_that_count(person))


def is_oneself(by: Appointment, name: str, phone: str) -> bool:
    """Whether somebody of this name and phone may be ``by`` under a second account, in whatever typing."""
    number = _digits(phone)
    return _letters(name) == _letters(by.person.name) or bool(number and number == _digits(by.person.phone))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def _digits(phone: str) -> str:
    """Without the country's code, the zero before a long-distance number, and what stands between."""
    digits = "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", phone or "")))
    return digits.lstrip("0").removeprefix("86") if len(digits) > 11 else digits.lstrip("0")


def may_be_one(by: Appointment, other: Person) -> bool:
    """Whether ``other`` is who asks, or may be under a second account."""
    return by.person_id == other.pk or is_oneself(by, other.name, other.phone)
