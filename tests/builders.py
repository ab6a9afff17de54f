"""Small true worlds in a few calls: ``a_village()``, ``a_post(unit)``, ``a_file(village)``, ``a_visit(child)``."""

import datetime
import functools
import io
import itertools
import json

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import BigAutoField
from django.utils import timezone
from PIL import Image

from childwelfare.tables.prepared import Parameter, Prepared
from orgs.access.permissions import MATRIX, ROLE_LEVELS
from orgs.access.scope import TIERS
from orgs.accounts.models import Person
from orgs.audit.models import Audit, AuditPending
from orgs.audit.services import label_of
from orgs.holidays.models import Holiday
from orgs.inbox.models import Message
from orgs.posts.models import Appointment, Role
from orgs.posts.services import appoint, unit_permissions
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import OrgUnit, UnitGrant
from registry.categories.models import CategoryMembership
from registry.child.codes import Category
from registry.child.id_number import check_character
from registry.child.models import ChildFile, FileSerial
from registry.child.models import FileState as S
from registry.child.validation import check_identity
from registry.family.models import Guardian
from registry.findings.models import Finding
from registry.papers.models import Paper
from registry.papers.services import add_paper
from registry.plans.models import Plan
from registry.plans.services.writing import write_plan
from registry.quality import Case, keys_of
from registry.quality.case import held_among, region_of
from registry.quality.models import FileIssue
from registry.status.measures import measured
from registry.status.models import ChildStatus
from registry.status.services import first_statuses
from registry.variants.models import RuleVariant
from reports.amendments.models import Amendment
from reports.indicators.table import definitions_hash
from reports.periods.deadlines import deadlines_after
from reports.periods.models import ReportingPeriod
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import asking, drafting
from reports.rollup.periods import Period
from reports.snapshots.content import sheet_of_village
from reports.snapshots.models import Snapshot, SnapshotKind
from reports.snapshots.rosters import Roster
from reports.snapshots.services import take
from reports.submissions.models import Submission
from reports.submissions.opening import expect
from visits.schedule.models import ExtraVisit, VisitDue, VisitRound, VisitRule
from visits.schedule.services.dues import plan_visits
from visits.visit.models import Visit
from visits.visit.questions import needed_answers
from visits.visit.services.log import log_visit

PASSWORD = "long-enough-here-1"
ROLE_AT = {1: Role.CITY_OFFICER, 2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}
NAMES = {1: "郑州市", 2: "荥阳市", 3: "高村乡", 4: "刘沟村委会"}
_serial = itertools.count(1)


def a_unit(parent: OrgUnit | None = None, *, name: str = "", code: str | None = None) -> OrgUnit:
    """The next tier below ``parent``; a city without one."""
    number, level = next(_serial), parent.level + 1 if parent else 1
    above = {tier: getattr(parent, tier) for tier in TIERS[: level - 2]} | {TIERS[level - 2]: parent} if parent else {}
    unit = OrgUnit(parent=parent, level=level, name=name or f"{NAMES[level]}{number}", code=code, **above)
    unit.save(force_insert=True)
    setattr(unit, TIERS[level - 1], unit)
    with connection.cursor() as cursor:  # a queryset takes longer to put together than the insertion before it
        cursor.execute(_ITSELF[level], [unit.pk])
    return unit


_ITSELF = {
    level: f"UPDATE {OrgUnit._meta.db_table} SET {OrgUnit._meta.get_field(tier).column} = id WHERE id = %s"
    for level, tier in enumerate(TIERS, 1)
}


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
    since, role = since or datetime.date(2020, 1, 1), role or ROLE_AT[unit.level]
    if person or unit.valid_to or unit.level not in ROLE_LEVELS[role]:
        post = appoint(person or a_person(), unit, role, since=since)
    else:
        post = _newly_appointed(a_person(), unit, role, since)
        if set(TIERS[: unit.level]) <= unit._state.fields_cache.keys():  # nothing of it has to be asked for
            return post
    return fresh(post)


def _newly_appointed(person: Person, unit: OrgUnit, role: str, since: datetime.date) -> Appointment:
    """The rows that ``appoint`` leaves of somebody who held no post."""
    post = Appointment.objects.create(person=person, unit=unit, role=role, valid_from=since)
    _grant(person, unit, role)
    _acts([_act(None, "appoint", post, unit=unit.pk, role=role)])
    return post


def _grant(person: Person, unit: OrgUnit, role: str):
    """All that the role holds, by one statement of the database: rows made in Python, some fifty of them, took longer
    than all the rest of a post."""
    statement, names = _held(tuple(sorted(MATRIX[role])))
    columns = ", ".join(UnitGrant._meta.get_field(name).column for name in ("user", "content_object", "permission"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {UnitGrant._meta.db_table} ({columns})"
            f" SELECT %s, %s, id FROM {Permission._meta.db_table} WHERE id IN ({statement})",
            [person.pk, unit.pk, *names],
        )


@functools.cache
def _held(names: tuple[str, ...]) -> tuple[str, tuple]:
    """The statement, with its parameters, that finds the keys of these permissions."""
    return unit_permissions().filter(codename__in=names).order_by().values("pk").query.sql_with_params()


def _act(by: Appointment | None, action: str, record, *, unit: int, **data) -> Audit:
    at, data = timezone.now().isoformat(timespec="microseconds"), data and json.dumps(data, sort_keys=True)
    return Audit(
        at=at, person_id=by and by.person_id, post=by, unit_id=unit, action=action, record=label_of(record),
        data=data or "",
    )  # fmt: skip


def _acts(rows: list[Audit]):
    AuditPending.objects.bulk_create(AuditPending(audit=row) for row in Audit.objects.bulk_create(rows))


def fresh(post: Appointment) -> Appointment:
    """The same post as the next request reads it."""
    return _POST.one(pk=post.pk)


_POST = Prepared(lambda: Appointment.objects.with_unit().filter(pk=Parameter("pk", BigAutoField())))


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
    return _file_in(S.DRAFT, village, by or a_post(village), child)


def a_submitted_file(village: OrgUnit, *, by: Appointment | None = None, **child) -> ChildFile:
    return _file_in(S.SUBMITTED, village, by or a_post(village), child)


def an_approved_file(village: OrgUnit, *, on: datetime.date | None = None, by=None, clerk=None, **child) -> ChildFile:
    """A file in the registry since ``on`` (30 days ago)."""
    by, clerk = by or a_post(village), clerk or a_post(village.township)
    return _file_in(S.APPROVED, village, by, child, clerk, on or timezone.localdate() - datetime.timedelta(days=30))


def _file_in(state: S, village: OrgUnit, by, child: dict, clerk=None, on: datetime.date | None = None) -> ChildFile:
    """The rows that making, submitting and approving a file leave, the approval dated ``on``; written at once, while
    the services ask about each (tests/test_builders.py holds the two against each other)."""
    given, now, today = facts(**child), timezone.now(), timezone.localdate()
    file = ChildFile(made_by=by.person, made_in=by, **check_identity(given["child"], on=today))
    file.place(village)
    file.save(force_insert=True)  # with its history
    said = sorted(name for name, value in given["child"].items() if value)
    moves = [
        ("make", "", S.DRAFT, by),
        ("submit", S.DRAFT, S.SUBMITTED, by),
        ("approve", S.SUBMITTED, S.APPROVED, clerk),
    ]
    acts = [_act(by, "make_file", file, unit=village.pk, fields=said)]
    guardian, memberships = _people_of(file, given, by, today)
    since = today if state != S.APPROVED else min(today, *(one.since for one in memberships))
    mark_figures_stale(file.county_id, since, villages=[village.pk])
    if state != S.DRAFT:
        file.version, file.submitted_at, file.updated_at = 2, now, now
        acts.append(_act(by, "submit_file", file, unit=village.pk))
    if state == S.APPROVED:
        file.version, file.file_number, file.approved_on = 3, _next_number(village, today.year), on
        acts.append(_act(clerk, "approve_file", file, unit=village.pk, number=file.file_number))
    file.state = state
    mark = guardian.mark(file) | {name: getattr(file, name) for name in WRITTEN_LATER}
    ChildFile.objects.filter(pk=file.pk).update(**mark)
    till = [S.DRAFT, S.SUBMITTED, S.APPROVED].index(state) + 1
    events = file.events.bulk_create(
        file.events.model(record=file, action=action, was=was, now=then, person=post.person, post=post, at=now)
        for action, was, then, post in moves[:till]
    )
    _acts(acts)
    if state == S.APPROVED:
        if by.person_id != clerk.person_id:
            tell_of_approval(file, by, events[-1])
        return _counted_and_due(file, village, guardian, memberships)
    return file


def tell_of_approval(file: ChildFile, by: Appointment, event) -> None:
    """The message that the service leaves its maker."""
    key = f"{file.pk}:{event.pk}"
    Message.objects.create(kind="file_approved", key=key, recipient=by, record=file.pk, sent_at=event.at)


WRITTEN_LATER = ("state", "version", "category_codes", "file_number", "approved_on", "submitted_at", "updated_at")


def _people_of(file: ChildFile, given: dict, by: Appointment, today: datetime.date):
    """The guardian and the memberships, and the codes of these in the file's list column."""
    guardian = Guardian(child=file, **given["guardian"])
    Guardian.objects.bulk_create([guardian])
    held = [
        CategoryMembership(
            child=file, category=category, since=said.get("since") or today, decided_by=by.person,
            grounds=said.get("grounds", ""), difficulty=said.get("difficulty", "") if category == "difficulty" else "",
        )
        for category, said in given["categories"].items()
    ]  # fmt: skip
    for membership in held:
        membership.place(file)
    CategoryMembership.objects.bulk_create(held)
    file.category_codes = ",".join(code for code in Category.values if code in given["categories"])
    return guardian, held


def _next_number(village: OrgUnit, year: int) -> str:
    serial, _made = FileSerial.objects.get_or_create(village_id=village.pk, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return f"{village.code or f'U{village.pk}'}-{year}-{serial.last:04}"


def a_submission(unit: OrgUnit, key: str = "2026-01") -> Submission:
    """That of ``unit`` for a month whose days are over; the month is opened for its whole tree, whoever was registered
    then."""
    root = unit.city or unit.county
    period = ReportingPeriod.objects.filter(root=root, key=key).first()
    if period is None:
        last = Period.of(key).last
        period = ReportingPeriod(root=root, key=key, as_of=last, definitions=definitions_hash())
        period.set_deadlines(deadlines_after(last))
        period.save(force_insert=True)
    expect(period)
    return Submission.objects.with_all().get(period=period, unit=unit)


def a_snapshot(unit: OrgUnit, key: str = "2026-01") -> Snapshot:
    """Of a village in which nothing was counted, as its director signed it."""
    sheet = sheet_of_village(a_submission(unit, key).period, unit, Roster())
    return take(sheet, by=a_post(unit), kind=SnapshotKind.ORIGINAL)


def an_amendment(unit: OrgUnit, key: str = "2026-01", *, by: Appointment | None = None) -> Amendment:
    """Asked for, of a submission of which nothing else is."""
    by = by or a_post(unit)
    made = {"reason": "漏了一人", "document": "荥民〔2026〕3号", "made_by": by.person, "made_in": by}
    amendment = Amendment.objects.create(submission=a_submission(unit, key), **made)
    return Amendment.objects.with_all().get(pk=amendment.pk)


def a_data_request(asker: OrgUnit, *, level: int = 4, by: Appointment | None = None, **given) -> DataRequest:
    """Sent to all units of ``level`` below ``asker``: one column that exists, one question."""
    by = by or a_post(asker)
    facts = {"title": "防溺水排查", "purpose": "暑期安全", "document": "", "period": "2026-01", "level": level}
    facts |= {"due_on": drafting.usual_answers(by)["due_on"]} | given
    request = drafting.save_request(by=by, **facts)
    request = drafting.set_columns(request, ["registered"], by=by, seen_version=request.version)
    asked = {"kind": "number", "name": "会游泳的", "meaning": "月末能独立游二十五米的", "measure": "人"}
    drafting.add_question(request, by=by, seen_version=request.version, though_alike=True, **asked)
    request = drafting.fresh(request)
    asking.send(request, by=by, seen_version=request.version)
    return drafting.fresh(request)


def the_answer(request: DataRequest, unit: OrgUnit) -> DataAnswer:
    """As the database has it now."""
    return DataAnswer.objects.with_all().get(request=request, unit=unit)


def write_statuses(file: ChildFile) -> None:
    """What ``file`` counts as by its rows, as if all of it had been known in time: for rows that no service wrote."""
    ChildStatus.objects.filter(child=file).delete()
    _write_first_statuses(file)


def _write_first_statuses(file: ChildFile) -> ChildFile:
    """The file as the database has it."""
    kept = measured(ChildFile.objects.all()).get(pk=file.pk)
    ChildStatus.objects.bulk_create(first_statuses([kept]))
    return kept


def _counted_and_due(
    file: ChildFile, village: OrgUnit, guardian: Guardian, memberships: list[CategoryMembership]
) -> ChildFile:
    """What the rules of quality find in it, and its first visit; the file as the database has it."""
    case = Case(file, timezone.localdate())
    case.family, case.guardians, case.held = {}, [guardian], held_among(memberships)
    case.living_region = region_of(village.township.code, village.county.code)
    dated, file.approved_on = file.approved_on, case.on  # they were looked for on the day of approval
    issues = [FileIssue(child=file, rule=rule, since=case.on) for rule in sorted(keys_of(case))]
    file.approved_on = dated
    dues = [
        VisitDue(child=file, since=owed.since, days=owed.days, due_on=owed.due_on)
        for owed in plan_visits(file, visits=[])
    ]
    for row in (*issues, *dues):
        row.place(file)
    FileIssue.objects.bulk_create(issues)
    VisitDue.objects.bulk_create(dues)
    return _write_first_statuses(file)


ROUTINE = needed_answers() | {
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


def a_plan(child: ChildFile, *, by: Appointment | None = None, lines=None, **given) -> Plan:
    """A plan of help with one goal, waiting to be approved."""
    by, day = by or a_post(child.village), timezone.localdate()
    later = day + datetime.timedelta(days=60)
    goal = {"goal": "愿意说话，睡得好", "measure": "每两周心理辅导一次", "who": "张红梅", "by_on": later}
    said = {"lead": by.uid, "review_on": later, "child_heard": "想妈妈", "guardian_heard": "愿意"}
    return write_plan(child, by=by, answers=said | given, lines=lines or [goal])


def a_plan_of_high(child: ChildFile, *, by: Appointment | None = None) -> Plan:
    """One that the county approves, as the child's level asks."""
    plan = a_plan(child, by=by)
    Plan.objects.filter(pk=plan.pk).update(approver=child.village.county.level)
    plan.refresh_from_db()
    return plan


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


def search_for(client, where: str, typed: dict[str, str], **options):
    """The page that a search form at ``where`` leads to."""
    return client.post(where, typed | {"find": "1"}, follow=True, **options)


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


def a_need(file: ChildFile, *, by: Appointment | None = None, days: int = 10, **given):
    """What the child of ``file`` needs, held by the unit of ``by``, its director; due in ``days``, negative for a need
    that is overdue."""
    from registry.needs.codes import Kind
    from registry.needs.models import Need

    by, today = by or a_post(file.village), timezone.localdate()
    given = {"kind": "mind.mood", "urgency": "normal", "words": "不愿说话，夜里睡不好", "source": "guardian"} | given
    need = Need(child=file, made_by=by.person, made_in=by, owner=by, holder=by.unit, found_on=today, **given)
    need.system, need.due_on = Kind(given["kind"]).system, today + datetime.timedelta(days=days)
    need.place(file)
    need.save(force_insert=True)
    need.events.create(
        action="record", now=need.state, person=by.person, post=by, holder=need.holder, owner=by, due_on=need.due_on
    )
    _acts([_act(by, "record_need", need, unit=need.village_id, kind=need.kind)])
    return need


def an_instrument(unit: OrgUnit, *, state: str = "published", definition=None, by: Appointment | None = None, **given):
    """A version of the assessment system of ``unit``; in force since long ago unless told."""
    from registry.instruments.example import EXAMPLE
    from registry.instruments.models import Instrument

    by = by or a_post(unit, "city_officer")
    last = Instrument.objects.filter(unit=unit).order_by("number").last()
    said = {"number": last.number + 1 if last else 1, "name": "儿童风险评估", "state": state}
    if state == "published":
        said |= {"since": datetime.date(2020, 1, 1), "document": "郑民〔2020〕1号"}
    content = (definition or EXAMPLE).as_json()
    made = Instrument(unit=unit, definition=content, made_by=by.person, made_in=by, **said | given)
    made.save(force_insert=True)
    made.events.create(action="make", was="", now="draft", person=by.person, post=by)
    return made


def a_definition():
    """A small assessment system: four dimensions, a question that another opens, several hazards."""
    from registry.instruments.definition import (
        Answer,
        Definition,
        Dimension,
        Indicator,
        Level,
        Lift,
        ScreenQuestion,
        When,
        Words,
    )

    duty = Indicator("duty", "履责", "照料人照看得怎么样？", (
        Answer("good", "尽责", 0, "吃住、上学、看病都管"), Answer("weak", "有欠缺", 10, "功课和心事顾不上", "warm"),
        Answer("none", "不尽责", 20, "常不在家，或在家也不管", "danger"),
    ), help="看吃住、上学、看病，问孩子，也问老师")  # fmt: skip
    contact = Indicator("contact", "与父母联系", "多久和父母联系一次？", (
        Answer("often", "常联系", 0, "每周都联系"), Answer("rare", "很少联系", 10, "半年没有联系", "warm"),
    ), when=(When("duty", ("weak", "none")),))  # fmt: skip
    conflict = Indicator("conflict", "家庭冲突", "家里有没有冲突？", (
        Answer("no", "没有", 0), Answer("yes", "有", 20, "常吵架，或动手", "danger"),
    ))  # fmt: skip
    hazards = Indicator("hazards", "隐患", "住处和路上有哪些隐患？", (
        Answer("water", "水边", 15), Answer("fire", "用火用电", 15), Answer("road", "交通", 15),
    ), several=True, at_most=30)  # fmt: skip
    mood = Indicator("mood", "情绪", "孩子情绪怎么样？", (
        Answer("good", "平稳", 0), Answer("low", "低落", 20, "不说话，常哭", "danger"),
    ))  # fmt: skip
    return Definition(
        dimensions=(
            Dimension("care", "监护", 30, (duty, contact)), Dimension("home", "家庭", 20, (conflict,)),
            Dimension("safe", "安全", 30, (hazards,)), Dimension("mind", "心理", 20, (mood,)),
        ),
        levels=(
            Level("high", "高", 45, 1, "三天内会商，报县级", "danger", 5, "county", 3, True, True),
            Level("raised", "较高", 30, 3, "十个工作日内定方案", "warm", 10, "township", 0, True),
            Level("general", "一般", 15, 6, "列出需求", needs_listed=True), Level("watch", "关注", 0, 12),
        ),
        screen=(
            ScreenQuestion("harm", "正受到伤害吗？", "打骂、性侵、被拐骗", "unnatural_harm"),
            ScreenQuestion("alone", "此刻没有人照料吗？", "", "abandoned"),
        ),
        unknown_most=25, lift=Lift(2, 3),
        words=Words("care", ((0, "监护正常"), (10, "监护不足"), (20, "监护失当"))),
    )  # fmt: skip


def a_small_instrument(
    unit: OrgUnit | None = None, *, since=datetime.date(2020, 1, 1), by=None, definition=None, **given
):
    """A published assessment system of a city, in force since long ago."""
    from registry.instruments.models import Instrument

    unit = unit or a_city()
    by = by or a_post(unit)
    number = Instrument.objects.filter(unit=unit).count() + 1
    return Instrument.objects.create(**{
        "unit": unit, "number": number, "name": "儿童风险评估", "state": "published", "since": since,
        "definition": (definition or a_definition()).as_json(), "made_by": by.person, "made_in": by,
    } | given)  # fmt: skip


def found(**given):
    """What an assessor sends of a child of whom nothing is wrong."""
    from registry.assessments.services.answers import Given

    well = {"duty": "good", "conflict": "no", "hazards": [], "mood": "good"} | given.pop("answers", {})
    return Given(**{
        "occasion": "regular", "assessed_on": timezone.localdate(), "screen": {"harm": "no", "alone": "no"},
        "answers": well,
    } | given)  # fmt: skip


HIGH = {"duty": "none", "contact": "rare", "conflict": "yes"}  # 50 points


def an_assessment_to_sign(file: ChildFile, *, by: Appointment | None = None):
    """One of a high level that the station confirmed and that waits for the county."""
    from registry.assessments.workflow import ASSESSMENT

    assessment = an_assessment(file, by=by, answers=HIGH)
    ASSESSMENT.apply("confirm", assessment, by=a_post(assessment.township), seen_version=assessment.version)
    return assessment


def an_assessment(file: ChildFile, *, by: Appointment | None = None, **given):
    """One that waits for its station, by the assessment system of the child's city, which is published if there is
    none."""
    from registry.assessments.services.assess import assess_child, instrument_for

    if instrument_for(file) is None:
        a_small_instrument(file.city or file.county)
    return assess_child(file, by=by or a_post(file.village), given=found(**given))


def a_meeting(by: Appointment, *needs):
    """A meeting of ``by``'s unit, at which each of ``needs`` was to go on."""
    from registry.meetings.models import Meeting

    said = {"held_on": timezone.localdate(), "chair": "刘志强", "present": "派出所李刚", "text": "商量怎么帮"}
    meeting = Meeting.objects.create(unit=by.unit, made_by=by.person, made_in=by, **said)
    for need in needs:
        meeting.items.create(need=need, decision="go_on", text="王秀兰每周去一次", by_on=need.due_on)
    return meeting


def a_try_out(instrument):
    """A count of what a version would change, ordered and not done."""
    from childwelfare.jobs.models import Job
    from registry.instruments.models import TryOut

    job = Job.objects.create(kind="try_out_instrument", title="试算", post=instrument.made_in, due_at=timezone.now())
    return TryOut.objects.create(instrument=instrument, version=1, job=job, made_by=instrument.made_by)
