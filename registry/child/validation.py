"""Rules between the fields of a file, for forms, API and imports alike. Each problem is named at its field."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.child.ages import age_on, birthday
from registry.child.codes import CATEGORY_AGE_LIMIT, Category, Difficulty, Schooling
from registry.child.fields import fields
from registry.child.id_number import read_id_number

UPPER_AGE = 18
# said by the form before it is sent and by the rules here; of a field of its table the entry has the words
NO_CATEGORY = gettext_lazy("请至少选择一个儿童类别。")
NO_DIFFICULTY = gettext_lazy("请选择困境类型。")


def check_identity(data: dict, *, on: datetime.date, entering: bool = True, unfinished: bool = False) -> dict:
    """Check number, birth date and sex against each other, and complete the two from the number.

    ``data`` holds cleaned values of id_number, no_id_reason, birth_date, sex. ``entering``: the child is to come into
    the registry, for which it may be too old; what is true of one who is there already may be written in any case
    (``closing_by_age`` says what follows). ``unfinished``: number and sex may be missing still, not the birth date, by
    which files are told apart. Returns the completed copy; raises ValidationError by field.
    """
    data, problems = dict(data), {}
    number = data.get("id_number") or ""
    if number:
        try:
            facts = read_id_number(number)
        except ValidationError as error:
            problems["id_number"] = error.messages
        else:
            data["id_number"], data["no_id_reason"] = facts.number, ""
            data["birth_date"] = data.get("birth_date") or facts.birth_date
            data["sex"] = data.get("sex") or facts.sex
            if data["birth_date"] != facts.birth_date:
                text = _("与身份证号不符：号码里是 %(day)s。请核对号码或日期。")
                problems["birth_date"] = [text % {"day": date_format(facts.birth_date, "DATE_FORMAT")}]
            if data["sex"] != facts.sex:
                problems["sex"] = [_("与身份证号不符：号码第 17 位表示另一性别。请核对。")]
    elif not data.get("no_id_reason") and not unfinished:
        problems["id_number"] = [fields()["id_number"].words_if_missing]
    if "birth_date" not in problems:
        problems |= _birth_problems(data.get("birth_date"), on, entering)
    if not data.get("sex") and "id_number" not in problems and not unfinished:
        problems["sex"] = [fields()["sex"].words_if_missing]
    if problems:
        raise ValidationError(problems)
    return data


def check_categories(
    categories: dict[str, dict],
    birth_date: datetime.date | None,
    *,
    on: datetime.date,
    entering: bool = True,
    unfinished: bool = False,
) -> None:
    """Dates and ages of the categories a file claims: {category: {since, difficulty, …}}. ``entering``: they are new;
    what is corrected in one that the child holds is not held against its age. ``unfinished``: there may be none yet."""
    if not categories and not unfinished:
        raise ValidationError({"categories": [NO_CATEGORY]})
    for category, given in categories.items():
        label, since = Category(category).label, given.get("since") or on
        if since > on:
            raise ValidationError({"categories": [_("“%(label)s”的起始日期在今天之后。") % {"label": label}]})
        if birth_date and since < birth_date:
            raise ValidationError({"categories": [_("“%(label)s”的起始日期早于出生日期。") % {"label": label}]})
        if entering and is_too_old_for(category, birth_date, on=on):
            said = {"age": CATEGORY_AGE_LIMIT[category], "label": label}
            raise ValidationError({"categories": [_("孩子已满 %(age)s 周岁，不能登记为“%(label)s”。") % said]})
        is_unsaid = unfinished and not given.get("difficulty")
        if category == Category.DIFFICULTY and given.get("difficulty") not in Difficulty.values and not is_unsaid:
            raise ValidationError({"difficulty": [NO_DIFFICULTY]})


def is_too_old_for(category: str, birth_date: datetime.date | None, *, on: datetime.date) -> bool:
    """Whether a child enters ``category`` no more ``on``."""
    return birth_date is not None and age_on(birth_date, on) >= CATEGORY_AGE_LIMIT[category]


def check_past(data: dict, fields: Iterable[str], *, on: datetime.date) -> None:
    """None of these dates may lie after today."""
    late = {name: [_("日期在今天之后，请核对。")] for name in fields if data.get(name) and data[name] > on}
    if late:
        raise ValidationError(late)


def check_schooling(data: dict) -> None:
    """辍学 needs since when: who left compulsory schooling is reported."""
    if data.get("schooling") == Schooling.DROPPED_OUT and not data.get("out_of_school_since"):
        raise ValidationError({"out_of_school_since": [fields()["out_of_school_since"].words_if_missing]})


def closing_by_age(birth_date: datetime.date | None, *, begun_on: datetime.date | None, on: datetime.date) -> str:
    """How the file of a child is closed who is of age by this birth date, in the registry since ``begun_on``; "" for
    one who is not."""
    if birth_date is None or age_on(birth_date, on) < UPPER_AGE:
        return ""
    of_age = birthday(birth_date, UPPER_AGE)
    day = date_format(of_age, "DATE_FORMAT")
    if begun_on and of_age < begun_on:
        text = _("按这个日期，孩子登记时已满 %(n)s 周岁（%(day)s）。通过后请工作站办理结案，原因选“录入错误”。")
    else:
        text = _("按这个日期，孩子 %(day)s已满 %(n)s 周岁。通过后请工作站办理结案，原因选“超龄”，结案日期填那一天。")
    return text % {"n": UPPER_AGE, "day": day}


def _birth_problems(birth_date: datetime.date | None, on: datetime.date, entering: bool) -> dict:
    if birth_date is None:
        return {"birth_date": [fields()["birth_date"].words_if_missing]}
    if birth_date > on:
        return {"birth_date": [_("出生日期在今天之后，请核对。")]}
    if entering and (age := age_on(birth_date, on)) >= UPPER_AGE:
        text = _("孩子已满 %(age)s 周岁；只登记未满 %(upper)s 周岁的儿童。请核对日期。")
        return {"birth_date": [text % {"age": age, "upper": UPPER_AGE}]}
    return {}
