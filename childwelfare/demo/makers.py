"""Filling an empty registry with a made-up city. Deterministic by seed, dates counted from today.

Each concept's ``demo.py`` adds what it makes: ``MAKERS.add(make_visits, order=30)``. The small numbers insert rows
directly, those after them call the services as people would.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.demo.accounts import write_accounts
from childwelfare.hooks import Registry, discover
from childwelfare.workflow.refusals import Refused


@dataclass
class Demo:
    """One load. Makers fill the lists for those that come after them; ``made`` counts what was made, by its name."""

    count: int
    rng: random.Random
    today: datetime.date
    villages: list[Any] = field(default_factory=list)  # those that have children, the demo director's first
    posts: dict[tuple[int, str], Any] = field(default_factory=dict)  # (unit, role): the first post there
    children: list[Any] = field(default_factory=list)
    accounts: list[dict] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)


MAKERS: Registry[Callable[[Demo], object]] = Registry("makers of the demo")


def load_demo(children: int, seed: int) -> dict[str, int]:
    """Load everything or nothing; return what was made. Raises Refused in production, where the registry is not empty,
    or has no divisions yet."""
    if not settings.CWR_EMBEDDED:  # its accounts have one password, which the sign-in page shows
        raise Refused(_("演示数据只能载入 ./dev run 的内嵌模式，不能载入正式系统。"))
    discover("demo")
    demo = Demo(children, random.Random(seed), timezone.localdate())
    with transaction.atomic():
        for make in MAKERS:
            make(demo)
    write_accounts(demo.accounts)
    return demo.made
