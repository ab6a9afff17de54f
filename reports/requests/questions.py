"""What may be asked, and how an answer is read: of a question declared once, for page and API alike."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_text, clean_whole
from reports.requests.codes import PERSONAL
from reports.requests.models import MEANING_LONGEST, MEASURE_LONGEST, NAME_LONGEST, DataQuestion
from reports.requests.states import QuestionKind

MOST_QUESTIONS, MOST_CHOICES, FEWEST_CHOICES = 12, 12, 2
CHOICE_LONGEST, TEXT_LONGEST, LARGEST = 20, 60, 999_999_999
YES_NO = ("yes", "no")
LONG_NUMBER = re.compile(r"\d(?:[\s,，./·—–-]?\d){9,}[\s,，./·—–-]?[\dXx]")  # of a person, a phone, an account


def problems_of(facts: Mapping[str, Any]) -> dict[str, list[str]]:
    """{field: what is wrong} with a question as it is to be declared: kind, name, meaning, measure, choices."""
    problems: dict[str, list[str]] = {}
    for field, most in (("name", NAME_LONGEST), ("meaning", MEANING_LONGEST)):
        if said := _problem_of_text(facts[field], most):
            problems[field] = [said]
    if len(facts["measure"]) > MEASURE_LONGEST:
        problems["measure"] = [_too_long(facts["measure"], MEASURE_LONGEST)]
    elif facts["kind"] == QuestionKind.NUMBER and not facts["measure"]:
        problems["measure"] = [_("请写数的单位，如人、元、户。")]
    if facts["kind"] not in QuestionKind.values:
        problems["kind"] = [_("请选怎么填。")]
    if facts["kind"] == QuestionKind.CHOICE and (said := _problem_of_choices(facts["choices"])):
        problems["choices"] = [said]
    for field in ("name", "meaning", "choices"):
        text = facts[field] if isinstance(facts[field], str) else "\n".join(facts[field])
        if field not in problems and (found := personal_in(text)):
            problems[field] = [words_of_personal(found)]
    return problems


def personal_in(text: str) -> str:
    """What in ``text`` asks who a child is, or tells a number of a person; blank for nothing."""
    found = PERSONAL.search(text) or LONG_NUMBER.search(text)
    return found[0] if found else ""


def words_of_personal(said: str) -> str:
    return _("这里只收各单位的数，不收孩子的个人信息（“%(said)s”）。要名单的，请到“导出”里导出花名册。") % {
        "said": said
    }


def _problem_of_text(text: str, most: int) -> str:
    if not text:
        return _("请填写这一项。")
    return _too_long(text, most) if len(text) > most else ""


def _too_long(text: str, most: int) -> str:
    return _("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": most, "n": len(text)}


def _problem_of_choices(choices: Sequence[str]) -> str:
    if not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        limits = {"least": FEWEST_CHOICES, "most": MOST_CHOICES, "n": len(choices)}
        return _("请写 %(least)s 到 %(most)s 个可选的答案，一行一个，现在有 %(n)s 个。") % limits
    if len(set(choices)) < len(choices):
        return _("可选的答案有重复的。")
    longest = max(choices, key=len)
    return _too_long(longest, CHOICE_LONGEST) if len(longest) > CHOICE_LONGEST else ""


def read_values(
    questions: Iterable[DataQuestion], given: Mapping[str, Any], *, note: str, complete: bool
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """({key of a question: answer}, {field: what is wrong}) of what was ``given`` by the questions' fields.

    ``complete``: it is to be sent: what is left blank needs a ``note`` that says why.
    """
    values: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for question in questions:
        raw = given.get(question.field)
        try:
            text = check_text("" if raw is None else str(raw))
        except ValidationError as error:
            problems[question.field] = error.messages
            continue
        if not text:
            if complete and not note:
                problems[question.field] = [_("请填这一项；确实没有的，空着并在说明里写明原因。")]
            continue
        try:
            values[str(question.pk)] = _read(question, text)
        except ValueError as error:
            problems[question.field] = [str(error)]
    if LONG_NUMBER.search(note):
        problems["note"] = [_no_numbers_of_people()]
    return values, problems


def _read(question: DataQuestion, text: str) -> Any:
    """Raises ValueError with what is wrong, in words."""
    if question.kind == QuestionKind.NUMBER:
        text = clean_whole(text)
        if not (text.isascii() and text.isdigit()):
            raise ValueError(_("请填整数，没有就填 0。"))
        if int(text) > LARGEST:
            raise ValueError(_("这个数太大了，请核对；最大 %(most)s。") % {"most": LARGEST})
        return int(text)
    if question.kind == QuestionKind.YES_NO:
        said = {"true": "yes", "false": "no"}.get(text.lower(), text.lower())
        if said not in YES_NO:
            raise ValueError(_("请选是或否。"))
        return said
    if question.kind == QuestionKind.CHOICE:
        if text not in question.choices:
            raise ValueError(_("请从可选的答案里选一项。"))
        return text
    if len(text) > TEXT_LONGEST:
        raise ValueError(_too_long(text, TEXT_LONGEST))
    if LONG_NUMBER.search(text):
        raise ValueError(_no_numbers_of_people())
    return text


def _no_numbers_of_people() -> str:
    return _("这里像是写了证件号、电话或账号；只填数和几个字，不要写个人信息。")


def in_words(question: DataQuestion, value: Any) -> str:
    """An answer as a sheet shows it; blank where there is none."""
    if value is None:
        return ""
    if question.kind == QuestionKind.YES_NO:
        return _("是") if value == "yes" else _("否")
    return str(value)


def words_of_total(question: DataQuestion, total: int | None) -> str:
    """What the answers of a column come to; blank where they have no sum."""
    if total is None:
        return ""
    return _("是 %(n)s") % {"n": total} if question.kind == QuestionKind.YES_NO else str(total)
