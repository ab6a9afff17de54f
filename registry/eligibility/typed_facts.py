"""Facts that somebody typed or sent, checked and made into Facts. Nothing is stored."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.child.codes import Capacity, Guardianship, Life
from registry.eligibility.facts import PARENTS, Facts, ParentFacts, SituationFacts

OLDEST = 150
PLAIN = (
    "birth_date", "age", "student", "registration", "guardianship", "with_guardian", "low_income", "disabled",
    "serious_illness", "registered_region", "living_region", "across_county", "here_since",
)  # fmt: skip


def facts_from(given: dict, *, on: datetime.date) -> Facts:
    """``given`` holds cleaned values as ``Facts`` names them; ``father`` and ``mother`` are dicts, their situations
    lists of dicts, ``guardian`` a dict with relation and capacity. What is left out, blank or "unknown" is not known.

    A parent who is away for work is taken to be alive unless told otherwise. Raises ValidationError by field for a
    day that can't be: ``father.situations`` names the list, ``father.away_since`` a day.
    """
    problems: dict[str, list] = {}
    _past(problems, "birth_date", given.get("birth_date"), on)
    _past(problems, "here_since", given.get("here_since"), on)
    birth_date, here_since = given.get("birth_date"), given.get("here_since")
    if birth_date and here_since and here_since < birth_date and not problems:
        problems["here_since"] = [_("早于孩子的出生日期，请核对。")]
    parents: dict[str, Any] = {}
    for parent in PARENTS:
        parents[parent] = _parent(parent, given.get(parent) or {}, on, problems)
    if problems:
        raise ValidationError(problems)
    plain: dict[str, Any] = {name: None if given.get(name) == "" else given.get(name) for name in PLAIN}
    guardian = given.get("guardian") or {}
    if guardian.get("relation") and plain["with_guardian"] is None:
        plain["with_guardian"] = True
    if guardian.get("capacity") == Capacity.NONE and plain["guardianship"] is None:
        plain["guardianship"] = Guardianship.POOR
    return Facts(**plain, **parents)


def _parent(name: str, given: dict, on: datetime.date, problems: dict) -> ParentFacts:
    _past(problems, f"{name}.away_since", given.get("away_since"), on)
    state = given.get("state") or None
    state = None if state == Life.UNKNOWN else state
    if state is None and given.get("away"):
        state = Life.ALIVE
    situations = given.get("situations")
    if situations is not None:
        situations = tuple(_situation(name, one, on, problems) for one in situations)
    return ParentFacts(
        state=state,
        situations=situations,
        away=given.get("away"),
        away_since=given.get("away_since"),
        away_across=given.get("away_across"),
        unable=given.get("unable"),
    )


def _situation(parent: str, given: dict, on: datetime.date, problems: dict) -> SituationFacts:
    since, until = given.get("since"), given.get("until")
    _past(problems, f"{parent}.since", since, on)
    if since and until and until < since:
        problems[f"{parent}.until"] = [_("期限届满的日期早于开始的日期，请核对。")]
    blank = {name: given.get(name) or None for name in ("disability", "grade", "proof")}
    return SituationFacts(given["kind"], since, until, **blank)


def _past(problems: dict, field: str, day: datetime.date | None, on: datetime.date) -> None:
    if day and day > on:
        problems[field] = [_("日期在今天之后，请核对。")]
    elif day and day.year < on.year - OLDEST:
        problems[field] = [_("日期太早，请核对年份。")]
