"""Small true worlds in a few calls: ``a_village()``, ``a_post(unit)``, ``a_file(village)``, ``a_visit(child)``."""

import datetime
import io
import itertools

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from orgs.access.scope import TIERS
from orgs.accounts.models import Person
from orgs.holidays.models import Holiday
from orgs.posts.models import Appointment, Role
from orgs.posts.services import appoint
from orgs.units.models import OrgUnit
from registry.child.id_number import check_character
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.child.workflow import FILE
from registry.findings.models import Finding
from registry.papers.models import Paper
from registry.papers.services import add_paper
from registry.variants.models import RuleVariant
from visits.schedule.models import ExtraVisit, VisitRound, VisitRule
from visits.visit.models import Visit
from visits.visit.services.log import log_visit

PASSWORD = "long-enough-here-1"
ROLE_AT = {1: Role.CITY_OFFICER, 2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}
NAMES = {1: "郑州市", 2: "荥阳市", 3: "高村乡", 4: "刘沟村委会"}
_serial = itertools.count(1)


def a_unit(parent: OrgUnit | None = None, *, name: str = "", code: str | None = None) -> OrgUnit:
    """The next tier below ``parent``; a city without one."""
    number, level = next(_serial), parent.level + 1 if parent else 1
    unit = OrgUnit(parent=parent, level=level, name=name or f"{NAMES[level]}{number}", code=code)
    if parent:
        unit.city_id, unit.county_id, unit.township_id = parent.city_id, parent.county_id, parent.township_id
    unit.save()
    setattr(unit, f"{TIERS[level - 1]}_id", unit.pk)
    unit.save()
    return OrgUnit.objects.with_path().get(pk=unit.pk)


def a_city() -> OrgUnit:
    return a_unit()


def a_county(city: OrgUnit | None = None) -> OrgUnit:
    return a_unit(city or a_city())


def a_township(county: OrgUnit | None = None) -> OrgUnit:
    return a_unit(county or a_county())


def a_village(township: OrgUnit | None = None) -> OrgUnit:
    """A village, with a township, county and city of its own unless told."""
    return a_unit(township or a_township())


def a_person(name: str = "王秀兰") -> Person:
    return Person.objects.create_user(f"p{next(_serial)}", password=PASSWORD, name=name)


def a_post(unit: OrgUnit, role: str = "", *, person: Person | None = None, since=None) -> Appointment:
    """Somebody in the usual role of the unit's tier."""
    since = since or datetime.date(2020, 1, 1)
    post = appoint(person or a_person(), unit, role or ROLE_AT[unit.level], since=since)
    return Appointment.objects.with_unit().get(pk=post.pk)


def fresh(post: Appointment) -> Appointment:
    """The same post as the next request reads it."""
    return Appointment.objects.with_unit().get(pk=post.pk)


def an_id_number(birth_date=datetime.date(2017, 3, 15), sex: str = "female") -> str:
    """A number with a true checksum under a county code that was never issued."""
    serial = (next(_serial) * 2 + (sex == "male")) % 1000
    first = f"410199{birth_date:%Y%m%d}{serial:03}"
    return first + check_character(first)


def facts(**child) -> dict:
    """What the registration form hands to ``make_file``."""
    number = child.pop("id_number", None)
    birth_date, sex = child.pop("birth_date", datetime.date(2017, 3, 15)), child.pop("sex", "female")
    number = an_id_number(birth_date, sex) if number is None else number
    categories = child.pop("categories", {"left_behind": {"since": datetime.date(2024, 3, 1)}})
    child = {
        "name": "张子涵", "id_number": number, "birth_date": birth_date, "sex": sex, "nation": "01",
        "guardianship": "fair", "schooling": "primary", "phone": "13800001234", "incomes": [], "flags": [],
        "no_id_reason": "" if number else "not_yet",
    } | child  # fmt: skip
    guardian = {"name": "李桂英", "relation": "paternal_grandmother", "phone": "13800004321"}
    return {"child": child, "categories": categories, "guardian": guardian}


def a_file(village: OrgUnit, *, by: Appointment | None = None, **child) -> ChildFile:
    """A draft."""
    return make_file(by=by or a_post(village), village=village, **facts(**child))


def a_submitted_file(village: OrgUnit, *, by: Appointment | None = None, **child) -> ChildFile:
    by = by or a_post(village)
    file = a_file(village, by=by, **child)
    FILE.apply("submit", file, by=by, seen_version=file.version)
    return file


def an_approved_file(village: OrgUnit, *, on: datetime.date | None = None, by=None, clerk=None, **child) -> ChildFile:
    """A file in the registry since ``on`` (30 days ago)."""
    from visits.schedule.services.dues import reschedule

    file = a_submitted_file(village, by=by, **child)
    FILE.apply("approve", file, by=clerk or a_post(village.township), seen_version=file.version)
    day = on or timezone.localdate() - datetime.timedelta(days=30)
    ChildFile.objects.filter(pk=file.pk).update(approved_on=day)
    file = ChildFile.objects.get(pk=file.pk)
    file.dues.all().delete()
    reschedule(file)
    return file


ROUTINE = {
    "method": "home", "outcome": "seen", "carer": "same", "care": "good", "living": "good",
    "attendance": "in_school", "health": "good", "mood": "cheerful", "hazards": [],
}  # fmt: skip


MET_NOBODY = {
    "not_found": {"next_step": "ask_around"},
    "refused": {"next_step": "together", "whereabouts": "奶奶不让进门"},
    "away": {"next_step": "stay", "whereabouts": "去了外婆家，到下月底"},
    "wrong_address": {"next_step": "tell_station", "whereabouts": "邻居说搬到镇上了"},
}


def answers(**given) -> dict:
    """A routine visit, or one that met nobody and says so."""
    outcome = given.get("outcome", "seen")
    said = ROUTINE if outcome == "seen" else {"method": "home", "hazards": []} | MET_NOBODY[outcome]
    return said | {"visited_on": timezone.localdate()} | given


def a_visit(child: ChildFile, *, by: Appointment | None = None, **given) -> Visit:
    """A visit to an approved child, waiting for review."""
    return log_visit(child, by=by or a_post(child.village), answers=answers(**given), hazards_looked_at=True)


def a_finding(child: ChildFile, kind: str = "unregistered", category: str = "difficulty", **given) -> Finding:
    """Something that the rules found about an approved child."""
    day = timezone.localdate()
    finding = Finding(child=child, kind=kind, category=category, rule_version="2016-36", digest="0" * 32,
                      first_seen=day, last_seen=day, **given)  # fmt: skip
    finding.place(child)
    finding.save()
    return finding


def a_variant(unit, category: str = "left_behind", *, since=datetime.date(2021, 1, 1), **parameters) -> RuleVariant:
    """What a county or city says differently from the national rules."""
    variant = RuleVariant(unit=unit, category=category, parameters=parameters or {"min_months": 3}, since=since,
                          document="粤〔2021〕1号")  # fmt: skip
    variant.full_clean()
    variant.save()
    return variant


def a_report(**given) -> dict:
    """What a director says of a child in danger who has no file."""
    return {
        "situations": ["many_injuries"], "child_words": "八九岁的男孩，姓周",
        "call": "made", "called_at": timezone.now(), "where": "村东桥头", "seen": "胳膊上有好几处青紫",
    } | given  # fmt: skip


def an_alert(village: OrgUnit | None = None, *, by: Appointment | None = None, file: ChildFile | None = None, **given):
    """A mandatory report by the director of ``village``, of ``file``'s child or an unknown one."""
    from visits.alerts.services.raising import raise_alert

    by = by or a_post(village or (file.village if file else a_village()))
    given = {"child": file.pk, "child_words": ""} | given if file else given
    return raise_alert(by=by, answers=a_report(**given))


def an_agreement(**given) -> dict:
    """What an agreement of entrusted care says."""
    day = timezone.localdate()
    return {
        "by_name": "张建国", "by_relation": "father", "reason": "父母在广东务工",
        "carer_name": "李桂英", "carer_relation": "paternal_grandmother", "carer_phone": "13800004321",
        "since": day, "until": day + datetime.timedelta(days=365), "signed_on": day,
    } | given  # fmt: skip


def an_entrustment(file: ChildFile, *, by: Appointment | None = None, **given):
    from registry.guidance.services import entrust

    return entrust(file, by=by or a_post(file.village), answers=an_agreement(**given), unfit=[])


def sign_in(client, post: Appointment):
    """Let the test client act in ``post``."""
    client.force_login(post.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["post"] = post.pk
    session.save()
    return client


def a_change(file: ChildFile, *, by: Appointment | None = None, **values):
    """A change of ``values`` (by flat field names), based on what the file says now, waiting for review."""
    from registry.changes.services import propose_change
    from registry.child.fields import content_of

    content = content_of(ChildFile.objects.get(pk=file.pk))
    fields = {name: {"base": content[name], "value": value} for name, value in values.items()}
    return propose_change(file, by=by or a_post(file.village), fields=fields)


def an_upload(
    name: str = "证件.jpg", content: bytes | None = None, *, colour="teal", size=(2400, 1200), kind="JPEG", **save
):
    """A file as a browser sends it: a picture unless ``content`` says otherwise."""
    if content is None:
        written = io.BytesIO()
        Image.new("RGB", size, colour).save(written, kind, **save)
        content = written.getvalue()
    return SimpleUploadedFile(name, content, "image/jpeg")


def a_paper(file: ChildFile, *, by: Appointment | None = None, kind: str = "id_card", upload=None, **given) -> Paper:
    """A small picture in the file."""
    upload = upload or an_upload(size=(60, 40))
    return add_paper(file, by=by or a_post(file.village), upload=upload, kind=kind, **given)


def a_stay(file: ChildFile, village: OrgUnit | None = None, *, days: int = 0, by: Appointment | None = None, **given):
    """A stay at ``village``, as if it had been registered ``days`` ago."""
    from registry.stays.models import Stay
    from registry.stays.services import begin_stay
    from visits.schedule.services.dues import reschedule

    file = ChildFile.objects.get(pk=file.pk)
    given = {"since": timezone.localdate(), "reason": "祖母住院，由姑姑照看"} | given
    village = village or a_village(file.township)
    stay = begin_stay(file, by=by or a_post(file.township), village=village, seen_version=file.version, **given)
    if days:
        on = timezone.localdate() - datetime.timedelta(days=days)
        Stay.objects.filter(pk=stay.pk).update(since=on, begun_on=on, made_at=timezone.now() - datetime.timedelta(days))
        reschedule(file)
    return Stay.objects.get(pk=stay.pk)


def a_rule(county=None, *, days: int = 20, since=datetime.date(2020, 1, 1), **given) -> VisitRule:
    """How often directors of ``county`` visit children of general risk; everywhere, without one."""
    given = {"risk": "general", "document": "测民〔2020〕1号"} | given
    return VisitRule.objects.create(county=county, days=days, since=since, **given)


def a_holiday(since: datetime.date, until: datetime.date, *, name: str = "测试节", person=None) -> Holiday:
    return Holiday.objects.create(
        name=name, since=since, until=until, document="测发〔2026〕1号", made_by=person or a_person()
    )


def a_round(unit, *, days: int = 30, **given) -> VisitRound:
    """A special round of a county or city that began a week ago."""
    since = timezone.localdate() - datetime.timedelta(days=7)
    given = {"name": "暑期走访", "since": since, "until": since + datetime.timedelta(days=days)} | given
    return VisitRound.objects.create(unit=unit, made_by=a_person(), **given)


def an_extra_visit(child: ChildFile, *, by: Appointment | None = None, days: int = 3, reason="奶奶住院") -> ExtraVisit:
    """The station asks for a visit within ``days``."""
    from visits.schedule.services.extra_visits import order_extra

    day = timezone.localdate() + datetime.timedelta(days=days)
    return order_extra(child, by=by or a_post(child.township), due_on=day, reason=reason)
