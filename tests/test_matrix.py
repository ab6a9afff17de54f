"""Every URL and every API action against every role at its own unit, a sibling and a parent: nobody reaches what the
declared table does not give. One world, built once and only read; each cell names itself."""

import datetime
import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from orgs.access.declarations import PUBLIC, SIGNED_IN
from orgs.access.permissions import ACTIONS, MATRIX
from orgs.posts.models import Appointment
from tests.builders import (
    a_change,
    a_city,
    a_finding,
    a_holiday,
    a_paper,
    a_person,
    a_post,
    a_round,
    a_rule,
    a_stay,
    a_unit,
    a_variant,
    a_visit,
    an_alert,
    an_approved_file,
    an_entrustment,
    an_extra_visit,
    sign_in,
)

ROLES = {
    "village_director": "village", "township_clerk": "township", "county_officer": "county",
    "city_officer": "city", "city_admin": "city", "auditor": "city",
}  # fmt: skip


def routes(resolver=None, prefix=""):
    """(path pattern, name, view) of every URL."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.name, pattern.callback


PAGES = [(path, name, view) for path, name, view in routes() if not path.startswith("api/")]
API = [(path, name, view) for path, name, view in routes() if path.startswith("api/") and "format" not in path]
# Django's own views, which show nothing of the registry
FOREIGN = {"set_language"}


@pytest.mark.parametrize(("path", "name", "view"), PAGES, ids=[name or path for path, name, _ in PAGES])
def test_every_page_declares_who_may_open_it(path, name, view):
    if name in FOREIGN:
        return
    declared = getattr(view, "permissions", None)
    assert declared, f"{path} says not who may open it: decorate it with needs, signed_in or public"
    assert set(declared) <= set(ACTIONS) | {PUBLIC, SIGNED_IN}


@pytest.mark.parametrize(("path", "name", "view"), API, ids=[name or path for path, name, _ in API])
def test_every_api_action_declares_its_permission(path, name, view):
    declared = view.cls.permissions
    actions = getattr(view, "actions", None) or {"get": "get" if "schema" in path or "docs" in path else "post"}
    for action in actions.values():
        names = declared.get(action)
        assert names, f"{path} {action} declares no permission"
        assert set([names] if isinstance(names, str) else names) <= set(ACTIONS) | {PUBLIC, SIGNED_IN}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two counties of one city, each with a township, a village, an approved file and a visit; everybody in place."""
    from django.db import transaction

    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        city, made = a_city(), []
        for name in ("欧阳此处", "司马彼处"):
            village = a_unit(a_unit(a_unit(city)))
            file = an_approved_file(village, name=name)
            change = a_change(file, by=a_post(village.township), address="五组")
            record = {"village": village, "file": file, "visit": a_visit(file), "change": change}
            record |= {"paper": a_paper(file), "finding": a_finding(file), "stay": a_stay(file)}
            record |= {"alert": an_alert(file=file), "entrustment": an_entrustment(file)}
            record |= {"rule": a_rule(village.county), "round": a_round(village.county), "extra": an_extra_visit(file)}
            day = datetime.date(2031, 1, len(made) + 1)
            record |= {"holiday": a_holiday(day, day)}
            made.append(record | {"variant": a_variant(village.county)})
        posts = {
            role: a_post(city if tier == "city" else getattr(made[0]["village"], tier), role)
            for role, tier in ROLES.items()
        }
        posts["nobody"] = a_person()
        yield {"here": made[0], "there": made[1], "city": city, "posts": posts}
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


def address(path: str, record: dict, name: str) -> str | None:
    """The pattern with the record's keys filled in."""
    file, visit, village = record["file"], record["visit"], record["village"]
    pk = visit.pk if name and name.startswith(("visit-detail", "visit-edit", "api-visit")) else file.pk
    pk = record["change"].pk if name and name.startswith(("change-", "api-change")) else pk
    pk = record["paper"].pk if name and name.startswith("api-paper") else pk
    pk = record["finding"].pk if name == "finding-detail" else pk
    variant = record["variant"].pk
    pk = record["stay"].pk if name and name.startswith(("stay-", "api-stay")) else pk
    pk = record["alert"].pk if name and name.startswith(("alert-", "api-alert")) else pk
    pk = record["entrustment"].pk if name and name.startswith(("entrustment-", "api-entrustment")) else pk
    variant = record["rule"].pk if name == "visit-rule-end" else variant
    variant = record["holiday"].pk if name == "holiday-remove" else variant
    pk = record["holiday"].pk if name and name.startswith("api-holiday") else pk
    pk = record["rule"].pk if name and name.startswith("api-schedule-rule") else pk
    pk = record["round"].pk if name and name.startswith(("visit-round", "api-schedule-round")) else pk
    pk = record["extra"].pk if name and name.startswith(("extra-withdraw", "api-extra")) else pk
    filled = path
    for token, value in {
        "<uuid:pk>": pk, "<int:pk>": variant, "<uuid:uid>": village.uid, "<uuid:unit>": village.uid,
        "<slug:kind>": "file",
        "<slug:action>": "approve", "<slug:indicator>": "registered", "<uuid:job>": uuid.uuid4(),
        "<slug:page>": "today", "(?P<uid>[^/.]+)": village.uid,
        "<uuid:paper>": record["paper"].pk, "(?P<child>[^/.]+)": file.pk,
        "(?P<id>[^/.]+)": village.uid if name and "unit" in name else pk, "(?P<id>[0-9]+)": pk,
    }.items():  # fmt: skip
        filled = filled.replace(token, str(value))
    filled = filled.removeprefix("^").replace("$", "").replace("^", "").replace("\\.", ".")
    return None if "<" in filled or "(" in filled else "/" + filled


CELLS = [(role, path, name, view) for role in ROLES for path, name, view in PAGES if name not in FOREIGN]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "path", "name", "view"), CELLS, ids=[f"{role}-{name or path}" for role, path, name, _ in CELLS]
)
def test_no_page_opens_beyond_the_table(client, world, role, path, name, view):
    if set(view.permissions) & {PUBLIC, SIGNED_IN}:
        return
    post = Appointment.objects.with_unit().get(pk=world["posts"][role].pk)
    sign_in(client, post)
    allowed = bool(set(view.permissions) & MATRIX[role])
    here, there = address(path, world["here"], name), address(path, world["there"], name)
    assert here, f"{path}: the matrix does not know how to fill it in"
    answer = client.get(here)
    if not allowed:
        assert answer.status_code == 403
        assert world["here"]["file"].name not in answer.text
    elif here != there and post.unit.level > 1:
        beyond = client.get(there)
        assert beyond.status_code in (302, 403, 404, 405), f"{there} answers {beyond.status_code} to the next county"
        assert world["there"]["file"].name not in beyond.text or beyond.status_code == 405
    if allowed:
        assert answer.status_code in (200, 302, 404, 405), f"{here} answers {answer.status_code}"


API_CELLS = [
    (role, path, name, view, method, action)
    for role in ROLES
    for path, name, view in API
    for method, action in (getattr(view, "actions", None) or {}).items()
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "path", "name", "view", "method", "action"),
    API_CELLS,
    ids=[f"{role}-{name}-{action}" for role, _, name, _, _, action in API_CELLS],
)
def test_no_api_action_answers_beyond_the_table(client, world, role, path, name, view, method, action):
    post = Appointment.objects.with_unit().get(pk=world["posts"][role].pk)
    sign_in(client, post)
    names = view.cls.permissions[action]
    names = set([names] if isinstance(names, str) else names)
    allowed = bool(names & (MATRIX[role] | {SIGNED_IN}))
    here, there = address(path, world["here"], name), address(path, world["there"], name)
    assert here, f"{path}: the matrix does not know how to fill it in"
    send = getattr(client, method)
    answer = send(here, {}, content_type="application/json") if method != "get" else send(here)
    if not allowed:
        assert answer.status_code == 403, f"{method} {here} answers {answer.status_code}"
        return
    assert answer.status_code < 500
    if here != there and post.unit.level > 1:
        beyond = send(there, {}, content_type="application/json") if method != "get" else send(there)
        assert beyond.status_code in (400, 403, 404), f"{method} {there} answers {beyond.status_code}"
        assert world["there"]["file"].name not in beyond.text


SHOWING = [
    (path, name, view) for path, name, view in PAGES if not set(getattr(view, "permissions", [PUBLIC])) & {PUBLIC}
]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "name", "view"), SHOWING, ids=[name or path for path, name, _ in SHOWING])
def test_without_signing_in_every_page_leads_to_the_sign_in_page(client, world, path, name, view):
    answer = client.get(address(path, world["here"], name))
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/")


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "name", "view"), API, ids=[name or path for path, name, _ in API])
def test_without_a_token_the_api_answers_401(client, world, path, name, view):
    if view.cls.permissions.get("post") == PUBLIC:
        return
    assert client.get(address(path, world["here"], name)).status_code in (401, 405)
