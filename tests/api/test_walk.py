"""Who walks the pages of a list while others write misses nothing."""

import datetime

import pytest
from django.utils import timezone

from childwelfare.api.pages import NumberedPages, Pages, order_of
from orgs.reorganisation.rules import Part
from orgs.units.models import OrgUnit
from registry.changes.services import approve_change
from registry.child.models import ChildFile
from registry.family.models import Guardian
from registry.findings.services.decide import decide_finding
from tests.builders import a_change, a_finding, a_unit, a_visit, an_approved_file, sign_in
from tests.orgs.reorganisation.world import ordered
from tests.routes import routes
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


def walk(client, where: str, meanwhile) -> list[str]:
    found: list[str] = []
    while where:
        page = client.get(where).json()
        found += [row["id"] for row in page["results"]]
        meanwhile(found)
        where = page["next"]
    return found


@pytest.mark.both
def test_a_walk_through_children_misses_none_while_they_are_changed_closed_and_added(client, clerk, village):
    files = [an_approved_file(village, by=None) for _n in range(9)]
    sign_in(client, clerk)

    def meanwhile(found):
        """What was not seen yet moves to the top of what was changed last; others come in."""
        for file in ChildFile.objects.exclude(pk__in=found)[:2]:
            file.save()
        an_approved_file(village)

    found = walk(client, "/api/v1/children/?page_size=2", meanwhile)
    assert {str(file.pk) for file in files} <= set(found) and len(found) == len(set(found))


def test_a_walk_through_visits_misses_none_while_their_days_are_mended(client, clerk, village):
    visits = [a_visit(an_approved_file(village)) for _n in range(7)]
    sign_in(client, clerk)

    def meanwhile(found):
        for visit in Visit.objects.exclude(pk__in=found)[:2]:
            Visit.objects.filter(pk=visit.pk).update(visited_on=timezone.localdate() + datetime.timedelta(days=1))

    found = walk(client, "/api/v1/visits/?page_size=2", meanwhile)
    assert set(found) == {str(visit.pk) for visit in visits} and len(found) == 7


def test_a_walk_through_units_misses_none_while_codes_change(client, officer):
    township = a_unit(officer.unit)
    units = [a_unit(township) for _n in range(6)]
    sign_in(client, officer)

    def meanwhile(found):
        for unit in OrgUnit.objects.exclude(uid__in=found).filter(level=4)[:1]:
            OrgUnit.objects.filter(pk=unit.pk).update(code=f"0000000{unit.pk:05}")

    found = walk(client, "/api/v1/units/?level=4&page_size=2", meanwhile)
    assert {str(unit.uid) for unit in units} <= set(found) and len(found) == len(set(found))


def test_every_list_of_the_api_is_walked_by_what_never_changes():
    numbered, walked = set(), 0
    for path, name, view in routes():
        viewset = getattr(view, "cls", None)
        if "format" in path or "list" not in (getattr(view, "actions", None) or {}).values():
            continue
        paged = getattr(viewset, "pagination_class", None)
        if paged is NumberedPages:
            numbered.add(name)
        elif paged is not None:
            assert paged is Pages, name
            column, key = order_of(viewset.queryset.model, viewset)
            assert (
                column in ("made_at", "asked_at", "created_at", "sent_at", "id")
                and key == viewset.queryset.model._meta.pk.name
            )
            assert not viewset.queryset.model._meta.get_field(column).null, name
            walked += 1
    assert walked > 12 and numbered == {"api-review-list", "api-figure-list"}


def test_back_and_forth_shows_the_same_rows_and_what_is_no_page_is_said(client, clerk, village):
    for _n in range(5):
        an_approved_file(village)
    sign_in(client, clerk)
    first = client.get("/api/v1/children/?page_size=2").json()
    second = client.get(first["next"]).json()
    assert first["previous"] is None and first["count"] == second["count"] == 5
    assert client.get(second["previous"]).json()["results"] == first["results"]
    for asked in ("page=2", "cursor=x", "cursor=W10"):
        answer = client.get(f"/api/v1/children/?{asked}")
        assert answer.status_code == 404 and "next" in answer.json()["detail"], asked
    for size, rows in (("0", 5), ("x", 5), ("-1", 5), ("9" * 30, 5), ("3", 3)):
        assert len(client.get("/api/v1/children/", {"page_size": size}).json()["results"]) == rows, size


def test_what_changed_since_a_moment(client, clerk, village):
    old, new = an_approved_file(village), an_approved_file(village)
    since = timezone.now()
    ChildFile.objects.filter(pk=old.pk).update(updated_at=since - datetime.timedelta(hours=1))
    new.save()
    sign_in(client, clerk)
    rows = client.get("/api/v1/children/", {"updated_since": since.isoformat()}).json()["results"]
    assert [row["id"] for row in rows] == [str(new.pk)]
    assert client.get("/api/v1/children/", {"updated_since": "gestern"}).status_code == 400
    for naive in (f"{since:%Y-%m-%dT%H:%M:%S}", f"{since:%Y-%m-%d}"):
        answer = client.get("/api/v1/children/", {"updated_since": naive})
        assert answer.status_code == 400 and "时间要带时区" in answer.json()["updated_since"][0], naive


def changed(client, since) -> set[str]:
    page = client.get("/api/v1/children/", {"updated_since": since.isoformat()}).json()
    return {row["id"] for row in page["results"]}


def test_what_changed_beside_the_file_s_own_fields_is_a_change_of_the_file(client, clerk, village):
    """Its categories by a finding, who cares for it: an answer of the API shows them."""
    by_finding, by_carer, other = (an_approved_file(village) for _n in range(3))
    finding = a_finding(by_finding, "unregistered", "difficulty")
    since = timezone.now()
    given = {"decision": "agree", "reason": "已核实", "seen_version": finding.version, "difficulty": "poverty"}
    decide_finding(finding, by=clerk, **given)
    Guardian.objects.get(child=by_carer).save()
    sign_in(client, clerk)
    assert changed(client, since) == {str(by_finding.pk), str(by_carer.pk)}
    assert str(other.pk) in changed(client, since - datetime.timedelta(days=1))


def test_a_file_that_changed_at_the_very_moment_is_told_of(client, clerk, village):
    file = an_approved_file(village)
    sign_in(client, clerk)
    moment = ChildFile.objects.get(pk=file.pk).updated_at
    assert changed(client, moment) == {str(file.pk)}
    assert changed(client, moment + datetime.timedelta(microseconds=1)) == set()


def test_a_unit_that_was_renamed_or_moved_is_a_change_of_itself_and_of_the_files_whose_place_it_is_in(
    client, officer, village
):
    """The list of units tells, and that of children: ``place`` reads otherwise. The file's own moment stands."""
    file, elsewhere = an_approved_file(village), an_approved_file(a_unit(a_unit(officer.unit)))
    as_written = ChildFile.objects.get(pk=file.pk).updated_at
    chain = [unit for unit in village.chain() if unit]
    for unit in (*chain, *elsewhere.village.chain()):
        OrgUnit.objects.filter(pk=unit.pk).update(code=unit.code or f"4199{unit.pk:08}")
    chain = [OrgUnit.objects.get(pk=unit.pk) for unit in chain]
    since = timezone.now()
    sign_in(client, officer)
    assert changed(client, since) == set()
    ordered("rename", Part(village.township, name="新岗镇"), on=timezone.localdate())
    units = client.get("/api/v1/units/", {"updated_since": since.isoformat()}).json()["results"]
    assert {row["id"] for row in units} == {str(village.township.uid), str(village.uid)}
    assert changed(client, since) == {str(file.pk)}
    row = client.get(f"/api/v1/children/{file.pk}/").json()
    assert "新岗镇" in row["place"] and datetime.datetime.fromisoformat(row["updated_at"]) >= since
    assert ChildFile.objects.get(pk=file.pk).updated_at == as_written, "what counts as out of date is not renewed"


def test_the_schema_says_what_counts_as_a_change(client, officer):
    sign_in(client, officer)
    schema = client.get("/api/schema/?format=json").json()
    for resource in ("children", "units"):
        parameters = schema["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]
        (since,) = (each for each in parameters if each["name"] == "updated_since")
        assert "改名" in since["description"] and since["schema"]["format"] == "date-time"
    shown = schema["components"]["schemas"]["ChildOut"]["properties"]
    assert "改名" in shown["updated_at"]["description"] and "village" in shown["place"]["description"]


def test_what_is_learned_of_a_parent_is_a_change_of_the_file(client, clerk, village):
    file, _other = an_approved_file(village), an_approved_file(village)
    change, since = a_change(file, father_name="张建国"), timezone.now()
    approve_change(change, by=clerk, seen_version=change.version)
    sign_in(client, clerk)
    assert changed(client, since) == {str(file.pk)}
