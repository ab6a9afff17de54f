"""Writing down what is wanted, before anybody is asked."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_texts
from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import claim, created_once, has_values
from orgs.audit.services import record_act
from orgs.holidays.working_days import WorkingDays
from orgs.posts.models import Appointment
from orgs.reorganisation.models import successors_of
from orgs.stale_figures.keys import Kind
from orgs.units.models import Level, OrgUnit
from reports.indicators.table import BY_KEY
from reports.indicators.templates import MOST_COLUMNS
from reports.requests.likeness import like
from reports.requests.models import DOCUMENT_LONGEST, PURPOSE_LONGEST, TITLE_LONGEST, DataQuestion, DataRequest
from reports.requests.moves import first_day_due
from reports.requests.questions import MOST_QUESTIONS, personal_in, problems_of, words_of_personal
from reports.requests.states import QuestionKind, RequestState
from reports.requests.units import lies_in_place_of, names_of, units_then
from reports.requests.workflow import asker_of, asks
from reports.rollup.periods import Period

USUAL_DAYS, MOST_DAYS = 5, 60  # working days that are proposed; days that it may take at most


def may_ask(post: Appointment) -> bool:
    """Whether ``post`` has units below to ask."""
    return post.unit.level < Level.VILLAGE and post.may("ask_figures", post.unit)


def save_request(
    *, by: Appointment, request: DataRequest | None = None, pk: uuid.UUID | None = None, seen_version: int = 0,
    within: Iterable[OrgUnit] = (), **facts: Any,
) -> DataRequest:  # fmt: skip
    """Write a new draft, or what a draft says: title, purpose, document, period (a month), level, due_on; ``within``:
    the units that are asked, or all whose place is in one of them; none for all.

    A last day that is a day off moves on to the next working one. Raises PermissionDenied, ValidationError by field,
    Stale; then nothing is kept.
    """
    if not may_ask(by):
        raise PermissionDenied
    facts |= check_texts({name: facts[name] for name in ("title", "purpose", "document")})
    chosen = list(within)
    if problems := _problems(asker_of(by, request), facts, chosen):
        raise ValidationError(problems)
    facts["due_on"] = working_day_from(facts["due_on"])
    if request is not None:
        with transaction.atomic():
            _take_draft(request, by, seen_version)
            DataRequest.objects.filter(pk=request.pk).update(**facts)
            request.within.set(chosen)
            record_act(by, "save_data_request", request, unit=request.unit)
        return fresh(request)
    return _make(by, pk or uuid.uuid4(), facts, chosen)


def _make(by: Appointment, pk: uuid.UUID, facts: dict[str, Any], chosen: list[OrgUnit], **more: Any) -> DataRequest:
    made = DataRequest(pk=pk, unit=by.unit, made_by=by.person, made_in=by, **facts, **more)
    earlier = DataRequest.objects.filter(pk=pk, made_by=by.person, unit=by.unit)
    refusal = _("这个编号已经用过，请重新打开页面再填。")
    told = {each.pk for each in chosen}

    def says_the_same(first: DataRequest) -> bool:
        return has_values(**facts)(first) and set(first.within.values_list("pk", flat=True)) == told

    with created_once(earlier, says=says_the_same, refusal=refusal) as sending:
        made.save(force_insert=True)
        made.within.set(chosen)
        made.events.create(action="make", was="", now=made.state, person=by.person, post=by)
        record_act(by, "save_data_request", made, unit=made.unit)
    kept: DataRequest = sending.first or made
    return kept


def set_columns(request: DataRequest, keys: Iterable[str], *, by: Appointment, seen_version: int) -> DataRequest:
    """The columns that exist and are wanted, in their order. Raises as ``save_request``."""
    keys = list(dict.fromkeys(keys))
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown:
        raise ValidationError({"columns": [_("没有“%(key)s”这一栏。") % {"key": str(unknown[0])[:40]}]})
    if len(keys) > MOST_COLUMNS:
        words = {"most": MOST_COLUMNS, "n": len(keys)}
        raise ValidationError({"columns": [_("最多选 %(most)s 栏，现在有 %(n)s 栏；再多印出来看不清。") % words]})
    with transaction.atomic():
        _take_draft(request, by, seen_version)
        DataRequest.objects.filter(pk=request.pk).update(columns=keys)
        record_act(by, "save_data_request", request, unit=request.unit, columns=len(keys))
    return fresh(request)


def add_question(
    request: DataRequest, *, by: Appointment, seen_version: int, kind: str, name: str, meaning: str, measure: str = "",
    choices: Iterable[str] = (), though_alike: bool = False,
) -> DataQuestion:  # fmt: skip
    """A column that is not there yet. Where one that is close exists it is named, unless the asker has seen that
    (``though_alike``). Raises as ``save_request``, and Refused beyond MOST_QUESTIONS."""
    offered = "\n".join(choices)
    said = check_texts({"name": name, "meaning": meaning, "measure": measure, "choices": offered})
    facts: dict[str, Any] = {"kind": kind, "name": said["name"], "meaning": said["meaning"]}
    facts["measure"] = said["measure"] if kind == QuestionKind.NUMBER else ""
    listed = [line.strip() for line in said["choices"].splitlines() if line.strip()]
    facts["choices"] = listed if kind == QuestionKind.CHOICE else []
    if problems := problems_of(facts):
        raise ValidationError(problems)
    if not though_alike and (found := like(facts["name"], facts["meaning"], root=root_of(request.unit))):
        names = _("、").join(f"“{each.label}”" for each in found)
        raise ValidationError(
            {"name": [_("已有 %(names)s，先看是不是同一个数；确实不同的再单独要。") % {"names": names}]}
        )
    with transaction.atomic():
        _take_draft(request, by, seen_version)
        here = list(request.questions.all())
        if any(each.name == facts["name"] for each in here):
            raise ValidationError({"name": [_("这张表里已经有同名的栏目。")]})
        if len(here) >= MOST_QUESTIONS:
            raise Refused(_("最多要 %(most)s 个系统里没有的栏目。") % {"most": MOST_QUESTIONS})
        position = max((each.position for each in here), default=0) + 1
        made = DataQuestion.objects.create(request=request, position=position, **facts)
        record_act(by, "save_data_request", request, unit=request.unit, questions=len(here) + 1)
    return made


def remove_question(request: DataRequest, question: DataQuestion, *, by: Appointment, seen_version: int) -> None:
    with transaction.atomic():
        _take_draft(request, by, seen_version)
        question.delete()
        record_act(by, "save_data_request", request, unit=request.unit, questions=request.questions.count())


def ask_again(former: DataRequest, *, by: Appointment) -> DataRequest:
    """A draft that says what ``former`` said, of the month after it: one press more and it goes out. Twice pressed it
    is the same draft. Raises PermissionDenied, Refused."""
    if not asks(by, former) or not may_ask(by):
        raise PermissionDenied
    if former.state not in (RequestState.SENT, RequestState.CLOSED):
        raise Refused(_("只有发出过的，才能照样再要一次。"))
    with transaction.atomic():
        DataRequest.objects.select_for_update(of=("self",)).get(pk=former.pk)
        waiting: DataRequest | None = former.repeated.filter(state=RequestState.DRAFT).first()
        if waiting:
            return waiting
        names = ("title", "purpose", "document", "level", "columns")
        facts = {name: getattr(former, name) for name in names} | {"period": _month_after(former)}
        due_on = _usual_day()
        made = _make(by, uuid.uuid4(), facts | {"due_on": due_on}, _chosen_today(former), repeats=former)
        for each in former.questions.all():
            said = {name: getattr(each, name) for name in ("position", "kind", "name", "meaning", "measure", "choices")}
            DataQuestion.objects.create(request=made, **said)
    return made


def _chosen_today(former: DataRequest) -> list[OrgUnit]:
    """The units that ``former`` chose; in the place of one that was closed since, those that took over from it."""
    chosen = list(former.within.all())
    heirs = successors_of([each.pk for each in chosen if each.valid_to])
    found = OrgUnit.objects.filter(pk__in={pk for after in heirs.values() for pk in after})
    return [*(each for each in chosen if not each.valid_to), *found]


def _month_after(former: DataRequest) -> str:
    following = former.month_asked.back(-1)
    return min(following, Period.of().key)


def _usual_day() -> datetime.date:
    today = timezone.localdate()
    return WorkingDays(today, today).after(today, USUAL_DAYS)


def usual_answers(post: Appointment) -> dict[str, Any]:
    """What the form proposes: the last month that is over, the next tier, a week."""
    month = Period.of()
    return {"period": month.back(1), "level": post.unit.level + 1, "due_on": _usual_day()}


def working_day_from(day: datetime.date) -> datetime.date:
    """``day``, or the next working day."""
    return WorkingDays(day, day).first_from(day)


def root_of(unit: OrgUnit) -> OrgUnit:
    return unit.city or unit.county or unit


def fresh(request: DataRequest) -> DataRequest:
    """As the database has it now."""
    found: DataRequest = DataRequest.objects.with_all().get(pk=request.pk)
    return found


def _take_draft(request: DataRequest, by: Appointment, seen_version: int) -> None:
    if not asks(by, request) or not by.may("ask_figures", request):
        raise PermissionDenied
    if not request.is_draft:
        raise Stale(_("已经发出或收结，不能再改。"))
    claim(request, seen_version, state=RequestState.DRAFT)


def _problems(asker: OrgUnit, facts: Mapping[str, Any], chosen: list[OrgUnit]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for name, most in (("title", TITLE_LONGEST), ("purpose", PURPOSE_LONGEST), ("document", DOCUMENT_LONGEST)):
        text = facts[name]
        if not text and name != "document":
            problems[name] = [_("请填写这一项。")]
        elif len(text) > most:
            problems[name] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": most, "n": len(text)}]
        elif found := personal_in(text):
            problems[name] = [words_of_personal(found)]
    if not asker.level < facts["level"] <= Level.VILLAGE:
        problems["level"] = [_("只能向下级要数，请重新选择。")]
    try:
        if Period.of(facts["period"]).kind != Kind.MONTH:
            problems["period"] = [_("请选一个月份。")]
    except ValueError as error:
        problems["period"] = [str(error)]
    today = timezone.localdate()
    if facts["due_on"] < first_day_due():
        problems["due_on"] = [_("至少给下面两个工作日：%(day)s或以后。") % {"day": short_day(first_day_due())}]
    elif facts["due_on"] > today + datetime.timedelta(days=MOST_DAYS):
        problems["due_on"] = [_("最晚 %(days)s 天以内。") % {"days": MOST_DAYS}]
    beyond = [each for each in chosen if each.level > facts["level"] or not _is_below(each, asker)]
    if beyond:
        words = {"unit": beyond[0].short_name}
        problems["within"] = [_("“%(unit)s”不在下级，或比要数的那一级还低，请重新选择。") % words]
    return problems or _problems_of_then(asker, Period.of(facts["period"]), facts["level"], chosen)


def _problems_of_then(asker: OrgUnit, month: Period, level: int, chosen: list[OrgUnit]) -> dict[str, list[str]]:
    """Units that were not there yet, or lay elsewhere, in the month asked."""
    found = units_then(asker, month, level, chosen)
    if not chosen:
        words = {"month": month.label}
        said = _("%(month)s这一级在本单位还没有单位，没有可以要的数；请换一个月份。") % words
        return {} if found else {"period": [said]}
    missing = [each for each in chosen if not any(lies_in_place_of(unit, each) for unit in found)]
    if not missing:
        return {}
    told = {"units": names_of(missing), "month": month.label}
    return {"within": [_("%(month)s，%(units)s还没有设立或还不属于本单位，请去掉，或换一个月份。") % told]}


def _is_below(unit: OrgUnit, above: OrgUnit) -> bool:
    return unit.pk != above.pk and above.pk in (unit.city_id, unit.county_id, unit.township_id)
