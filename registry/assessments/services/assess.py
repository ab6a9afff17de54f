"""Assessing a child: one sending, or the correction of one that came back."""

import datetime
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.writing import created_once, first_sending
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import Level
from registry.assessments import codes
from registry.assessments.models import Assessment, AssessmentState
from registry.assessments.services.answers import Before, Given, clean_reason, read_answers
from registry.assessments.services.danger import tell_of_danger
from registry.assessments.services.dues import next_date
from registry.assessments.workflow import ASSESSMENT, Correction, Notice
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_whole_file
from registry.instruments.definition import Definition
from registry.instruments.facts import facts_of
from registry.instruments.models import Instrument, InstrumentState
from registry.instruments.scoring import Result, score

# longest texts, in characters
LIMITS = {
    "participants": 100, "child_view": 300, "guardian_view": 300, "strengths": 300, "level_reason": 200,
    "danger_words": 300,
}  # fmt: skip
NO_INSTRUMENT = gettext_lazy("评估那天还没有启用评估体系，请核对日期；市里发布评估体系以后才能评估。")
DAY = datetime.timedelta(days=1)


def assess_child(file: ChildFile, *, by: Appointment, given: Given, pk: uuid.UUID | None = None) -> Assessment:
    """Send an assessment of ``file`` to its station, by the assessment system in force on the day of it.

    A yes of the urgent screen opens an urgent report at once. ``pk`` comes from the form or the phone: sent twice, it
    is one assessment. Raises PermissionDenied, Refused, or ValidationError by field (``answers.<indicator>``,
    ``screen.<question>``, ``worse_because.<indicator>`` among them); then nothing is saved.
    """
    asked, file = file, file.survivor  # a phone may not know yet that the file was merged
    if not by.may("assess_child", file):
        raise PermissionDenied
    pk = pk or uuid.uuid4()
    earlier = Assessment.objects.filter(pk=pk, made_by=by.person)

    def says(first: Assessment) -> bool:
        return first.child_id == file.pk and _says(first, given)

    if same := first_sending(earlier, says=says):
        return same
    refuse_unregistered(file)
    assessment = Assessment(pk=pk, child=file, made_by=by.person, made_in=by)
    for name, value in _columns(file, by, given, None).items():
        setattr(assessment, name, value)
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再评一次。")) as sending:
        here = lock_whole_file(file.pk)  # moved or closed since it was read
        refuse_unregistered(here)
        assessment.child = here
        assessment.sent_for = asked if asked.pk != here.pk else None
        assessment.place(here)
        assessment.save(force_insert=True)
        assessment.events.create(action="make", was="", now=assessment.state, person=by.person, post=by)
        record_act(by, "assess_child", assessment)
        tell_of_danger(assessment, by=by)
    return sending.first or assessment


def correct_assessment(assessment: Assessment, *, by: Appointment, seen_version: int, given: Given) -> Assessment:
    """Send again what came back, with all its answers. Raises as ``assess_child``, and Stale."""
    if not by.may("assess_child", assessment):
        raise PermissionDenied
    ASSESSMENT.refuse_moved_since("resubmit", assessment, seen_version=seen_version)
    columns = _columns(assessment.child, by, given, assessment)
    ASSESSMENT.apply("resubmit", assessment, by=by, seen_version=seen_version, payload=Correction(columns))
    return assessment


def recall_assessment(assessment: Assessment, *, by: Appointment, seen_version: int) -> Assessment:
    """Take back what one sent and nobody confirmed yet, to correct it."""
    ASSESSMENT.apply("recall", assessment, by=by, seen_version=seen_version)
    return assessment


def withdraw_assessment(assessment: Assessment, *, by: Appointment, seen_version: int) -> Assessment:
    """Take back for good what one sent and nobody confirmed yet."""
    ASSESSMENT.apply("withdraw", assessment, by=by, seen_version=seen_version)
    return assessment


def record_notice(
    assessment: Assessment, *, by: Appointment, seen_version: int, on: datetime.date | None
) -> Assessment:
    """Write down when the family was told in writing."""
    if on is None:
        raise ValidationError({"notified_on": [_("请填写日期。")]})
    if on > timezone.localdate():
        raise ValidationError({"notified_on": [_("日期在今天之后，请核对。")]})
    ASSESSMENT.apply("notify", assessment, by=by, seen_version=seen_version, payload=Notice(on))
    return assessment


def withdraw_with_file(file: ChildFile, *, by: Appointment) -> None:
    """End what waits of ``file``, which is being closed. Called inside the closing's transaction, which holds it."""
    for assessment in Assessment.objects.filter(child=file).waiting():
        assessment.child = file
        assessment.place(file)
        ASSESSMENT.follow("end_with_file", assessment, by=by)


def wait_again_with_file(file: ChildFile, *, by: Appointment, since: datetime.datetime) -> None:
    """Let what was ended by the closing of ``file`` at ``since`` wait again. Called inside the transaction that takes
    the closing back."""
    ended = Assessment.objects.filter(child=file, events__action="end_with_file", events__at__gte=since).distinct()
    for assessment in ended.filter(state=AssessmentState.WITHDRAWN):
        assessment.child = file
        ASSESSMENT.follow_undo("end_with_file", assessment, by=by)


def instrument_for(file: ChildFile, on: datetime.date | None = None) -> Instrument | None:
    """By which version ``file`` is assessed on a day, today unless it is said."""
    return Instrument.objects.in_force(on).of_unit(file).first()


def instrument_sent(file: ChildFile, key: str) -> Instrument | None:
    """The published version that a form was made of, where it is of the city of ``file``; None for any other key."""
    published = Instrument.objects.of_unit(file).filter(state=InstrumentState.PUBLISHED)
    return next((each for each in published if str(each.pk) == key), None)


def refuse_unregistered(file: ChildFile) -> None:
    """Raises Refused for a file that is not in the registry."""
    if file.state == FileState.CLOSED:
        text = _("%(name)s的档案已结案，不能评估。眼下有危险的，请紧急报告；孩子还要管的，请先重新在册。")
        raise Refused(text % {"name": file.name})
    if file.state != FileState.APPROVED:
        text = _("%(name)s的档案还没有审核通过，通过以后再评估。眼下有危险的，请紧急报告。")
        raise Refused(text % {"name": file.name})


def before_of(file: ChildFile, *, on: datetime.date, besides: tuple[Any, ...] = ()) -> Assessment | None:
    """The assessment that one of the day ``on`` is compared with: the last in force, without the keys ``besides``."""
    found = Assessment.objects.filter(child=file, assessed_on__lte=on, urgent="").in_force().first_ones()
    return found.exclude(pk__in=[key for key in besides if key]).newest_first().first()


def first_to_compare(file: ChildFile, *, by: Appointment, on: datetime.date) -> Assessment | None:
    """Whom a second assessor is compared with: the newest assessment by somebody else, at most ``SECOND_WITHIN`` days
    apart."""
    within = codes.SECOND_WITHIN * DAY
    found = Assessment.objects.filter(child=file, assessed_on__range=(on - within, on + within)).first_ones()
    others = found.exclude(made_by=by.person_id).exclude(state=AssessmentState.WITHDRAWN)
    return others.exclude(seconds__made_by=by.person_id).newest_first().first()


def work_out(file: ChildFile, *, by: Appointment, given: Given, came_back: Assessment | None = None) -> Assessment:
    """What an assessment of ``given`` would say, not saved: shown before it is sent. Raises as ``assess_child``."""
    if not by.may("assess_child", file):
        raise PermissionDenied
    refuse_unregistered(file)
    return Assessment(child=file, made_by=by.person, made_in=by, **_columns(file, by, given, came_back))


def _columns(file: ChildFile, by: Appointment, given: Given, came_back: Assessment | None) -> dict[str, Any]:
    """What an assessment of ``given`` says, worked out. Raises ValidationError by field."""
    problems: dict[str, list] = {}
    today = timezone.localdate()
    texts = {name: clean_text(getattr(given, name)) for name in LIMITS}
    for name, most in LIMITS.items():
        if len(texts[name]) > most:
            problems[name] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": most, "n": len(texts[name])}]
    if given.occasion not in codes.Occasion.values:
        problems["occasion"] = [_("请选择评估原因。")]
    elif by.unit.level == Level.COUNTY and given.occasion != codes.Occasion.SECOND:
        problems["occasion"] = [_("县级只做第二人评估；这个孩子的评估由村（居）或乡镇来做。")]
    if given.assessed_on is None:
        raise ValidationError(problems | {"assessed_on": [_("请填写评估日期。")]})
    if given.assessed_on > today:
        raise ValidationError(problems | {"assessed_on": [_("日期在今天之后，请核对。")]})
    instrument = _instrument(file, given)
    second_of = _second_of(file, by, given, came_back, problems)
    besides = (came_back and came_back.pk, second_of and second_of.pk)
    before = before_of(file, on=given.assessed_on, besides=besides)
    facts = facts_of(instrument.content, [file], given.assessed_on)[file.pk]
    last = Before(before.answers, before.assessed_on) if before else Before()
    read = read_answers(instrument.content, facts, given, last, problems)
    if problems:
        raise ValidationError(problems)
    result = score(instrument.content, read.screen, read.answers)
    decided = _decide(instrument.content, result, given, texts, is_second=second_of is not None)
    return texts | decided | {
        "instrument": instrument,
        "occasion": given.occasion,
        "assessed_on": given.assessed_on,
        "second_of": second_of,
        "screen": read.screen,
        "urgent": result.urgent,
        "answers": read.answers,
        "computed": read.computed,
        "worse_because": json.dumps(read.worse_because, ensure_ascii=False) if read.worse_because else "",
        "score": result.score,
        "scores": dict(result.scores or {}),
        "unknown": result.unknown,
        "proposed": result.level,
    }  # fmt: skip


def _instrument(file: ChildFile, given: Given) -> Instrument:
    """The version in force on the day; a phone may have answered another one, and is told so."""
    instrument = instrument_for(file, given.assessed_on)
    if instrument is None:
        raise ValidationError({"assessed_on": [NO_INSTRUMENT]})
    if given.instrument and given.instrument != instrument.pk:
        sent = Instrument.objects.filter(pk=given.instrument).first()
        if sent is None:
            raise ValidationError({"instrument": [_("没有这一版评估体系。")]})
        assert given.assessed_on  # without a day there is no instrument
        words = {"sent": sent, "held": instrument, "day": date_format(given.assessed_on, "DATE_FORMAT")}
        text = _("这份评估答的是%(sent)s，%(day)s用的是%(held)s。请按那一版重新评估，或核对评估日期。")
        raise ValidationError({"instrument": [text % words]})
    return instrument


def _second_of(
    file: ChildFile, by: Appointment, given: Given, came_back: Assessment | None, problems: dict[str, list]
) -> Assessment | None:
    """The assessment that a second assessor's is compared with."""
    if came_back and came_back.is_second != (given.occasion == codes.Occasion.SECOND):
        problems["occasion"] = [_("第二人评估和其他评估不能互改；评错的请作废，再评一次。")]
    if given.occasion != codes.Occasion.SECOND:
        return None
    if came_back:
        return came_back.second_of
    assert given.assessed_on  # without a day it was refused
    first = first_to_compare(file, by=by, on=given.assessed_on)
    if first is None:
        text = _("没有可以对照的评估：第二人评估要在另一人评估前后 %(n)s 天以内，由没有评过的人来做。")
        problems.setdefault("occasion", []).append(text % {"n": codes.SECOND_WITHIN})
    return first


def _decide(
    definition: Definition, result: Result, given: Given, texts: Mapping[str, str], *, is_second: bool
) -> dict[str, Any]:
    """The level that counts, with why it is another one than the points say, and by when the next one is due."""
    assert given.assessed_on  # without a day it was refused
    level = (given.level or result.level) if result.level and not result.urgent else result.level
    problems: dict[str, list] = {}
    if level and level not in {each.key for each in definition.levels}:
        problems["level"] = [_("请选择这版评估体系里的等级。")]
    elif level != result.level and not texts["level_reason"]:
        problems["level_reason"] = [_("等级和按分数的不同，请写明原因。")]
    words = given.guardianship_words or result.words
    if words and definition.words and words not in {step[1] for step in definition.words.steps}:
        problems["guardianship_words"] = [_("请选择这版评估体系里的说法。")]
    if problems:
        raise ValidationError(problems)
    return {
        "level": "" if is_second else level,
        "level_reason": texts["level_reason"] if level != result.level else "",
        "guardianship_words": words if definition.words and not result.urgent else "",
        "next_on": None if is_second else next_date(definition, level, given.assessed_on),
    }


def _says(first: Assessment, given: Given) -> bool:
    """Whether ``first`` says the same. What the file told then is no part of what was sent."""
    same = {name: getattr(first, name) == clean_text(getattr(given, name)) for name in LIMITS if name != "level_reason"}
    answered = {key: answer for key, answer in first.answers.items() if key not in first.computed}
    return (
        all(same.values())
        and (first.occasion, first.assessed_on) == (given.occasion, given.assessed_on)
        and all(given.screen.get(key) == answer for key, answer in first.screen.items())
        and all(_same(given.answers.get(key), answer) for key, answer in answered.items())
        and all(clean_reason(given.worse_because.get(key)) == why for key, why in first.reasons_given.items())
        and _decides_the_same(first, given)
    )


def _decides_the_same(first: Assessment, given: Given) -> bool:
    """Whether a person decides the same by ``given``: the level, why it is another one than the points say, and what
    the guardianship is called. A blank one is what the points of ``first`` say."""
    content = first.instrument.content
    result = score(content, first.screen, first.answers)
    texts = {"level_reason": clean_text(given.level_reason)}
    try:
        decided = _decide(content, result, given, texts, is_second=first.is_second)
    except ValidationError:  # what the first sending said was taken
        return False
    return all(getattr(first, name) == decided[name] for name in ("level", "level_reason", "guardianship_words"))


def _same(sent: Any, kept: Any) -> bool:
    return set(sent) == set(kept) if isinstance(sent, list | tuple) and isinstance(kept, list) else sent == kept
