"""A telephone number that a visit noticed and that was taken back with it is never sent out again in clear: left blank
it goes along as it was, by page and by phone."""

import html
import json
import subprocess

import pytest

from childwelfare.workflow.refusals import Refused
from registry.changes.services import approve_change
from registry.child.models import ChildFile
from tests.builders import a_post, an_approved_file, answers, sign_in
from tests.visits.offline.scripts import copy_of_scripts
from tests.visits.phones.test_sync import Phone
from tests.visits.visit.test_log_visit import form_of
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit, log_visit, recall_visit

pytestmark = pytest.mark.django_db
ON_FILE, NUMBER, ANOTHER, MASKED = "13800004321", "13911122233", "13911122244", "139****2233"
NOTICED = {"guardian_phone": {"base": ON_FILE, "value": NUMBER}, "school": {"base": "", "value": "第二小学"}}


@pytest.fixture
def child(post):
    return an_approved_file(post.unit, by=post)


@pytest.fixture
def recalled(child, post) -> Visit:
    """A visit that noticed a guardian's number and a school, taken back, as it is read next."""
    visit = log_visit(child, by=post, answers=answers(), hazards_looked_at=True, changes=NOTICED)
    recall_visit(visit, by=post, seen_version=visit.version)
    return Visit.objects.get()


def proposed(visit) -> dict:
    """What waits for the station of what ``visit`` noticed."""
    return {field.name: field.value for change in visit.noticed.open() for field in change.fields.all()}


def sent_again(client, visit, **typed):
    page = client.get(f"/visits/{visit.pk}/edit/").context["form"]
    shown = {f"changes-{name}": page[f"changes-{name}"].value() or "" for name in NOTICED}
    said = {"noticed": "yes", "base": page["base"].value()} | shown | typed
    given = form_of(pk=str(visit.pk), version=visit.version) | said
    return client.post(f"/visits/{visit.pk}/edit/", given, follow=True)


@pytest.mark.parametrize("who", ["her", "a colleague", "the station"])
def test_the_form_has_it_masked_beside_a_blank_field(client, recalled, post, clerk, who):
    reader = {"her": post, "a colleague": a_post(post.unit), "the station": clerk}[who]
    page = sign_in(client, reader).get(f"/visits/{recalled.pk}/edit/")
    text = html.unescape(page.text)
    assert page.status_code == 200 and NUMBER not in text
    assert f"撤回的是 {MASKED}，空着就照它再送" in text and 'value="第二小学"' in text


@pytest.mark.both
def test_left_blank_it_goes_along_as_it_was(client, recalled, post):
    page = sent_again(sign_in(client, post), recalled)
    assert "已改好，重新送到工作站" in page.text and Visit.objects.get().state == "submitted"
    assert proposed(recalled) == {"guardian_phone": NUMBER, "school": "第二小学"}


def test_it_goes_along_where_nothing_else_changed(client, child, post):
    only = {"guardian_phone": NOTICED["guardian_phone"]}
    visit = log_visit(child, by=post, answers=answers(), hazards_looked_at=True, changes=only)
    recall_visit(visit, by=post, seen_version=visit.version)
    sent_again(sign_in(client, post), Visit.objects.get(), **{"changes-school": child.school})
    assert proposed(visit) == {"guardian_phone": NUMBER}


def test_another_number_takes_its_place(client, recalled, post):
    sent_again(sign_in(client, post), recalled, **{"changes-guardian_phone": ANOTHER})
    assert proposed(recalled)["guardian_phone"] == ANOTHER


@pytest.mark.parametrize(
    "typed", [{"noticed": "no"}, {"changes-guardian_phone": ON_FILE}], ids=["no change", "the file's own"]
)
def test_who_says_that_it_was_wrong_sends_it_no_more(client, recalled, post, typed):
    sent_again(sign_in(client, post), recalled, **typed)
    assert Visit.objects.get().state == "submitted" and "guardian_phone" not in proposed(recalled)


def test_sent_twice_it_is_told_as_sent(recalled, post):
    given = {"answers": answers(), "hazards_looked_at": True, "changes": {"school": NOTICED["school"]}}
    for _time in range(2):
        correct_visit(Visit.objects.get(), by=post, seen_version=recalled.version, **given)
    assert proposed(recalled)["guardian_phone"] == NUMBER and recalled.noticed.open().count() == 1


def test_what_a_colleague_sends_on_unseen_is_not_decided_by_who_wrote_it(child, clerk):
    """The clerk noticed it as the village's director; the colleague only sent it."""
    director = a_post(child.village, person=clerk.person)
    visit = log_visit(child, by=director, answers=answers(), hazards_looked_at=True, changes=NOTICED)
    recall_visit(visit, by=director, seen_version=visit.version)
    colleague, visit = a_post(child.village), Visit.objects.get()
    correct_visit(visit, by=colleague, seen_version=visit.version, answers=answers(), hazards_looked_at=True)
    change = visit.noticed.open().get()
    assert change.fields.get(name="guardian_phone").amended_by == clerk.person
    with pytest.raises(Refused):
        approve_change(change, by=clerk, seen_version=change.version)


def test_what_the_station_noticed_and_its_director_sends_on_stays_marked_as_the_station_s(client, child, clerk):
    """Its county looks through what stations wrote themselves."""
    visit = log_visit(child, by=clerk, answers=answers(), hazards_looked_at=True, changes=NOTICED)
    recall_visit(visit, by=clerk, seen_version=visit.version)
    director, visit = a_post(child.village), Visit.objects.get()
    correct_visit(visit, by=director, seen_version=visit.version, answers=answers(), hazards_looked_at=True)
    change = visit.noticed.open().get()
    assert change.made_by == director.person and change.station_made
    page = sign_in(client, a_post(child.village.county)).get("/changes/?view=station").text
    assert f"/changes/{change.pk}/" in page


def test_where_no_change_can_be_proposed_any_more_the_visit_has_it_masked(recalled, post):
    ChildFile.objects.update(closed_on=recalled.visited_on, close_reason="moved", state="closed")
    correct_visit(recalled, by=post, seen_version=recalled.version, answers=answers(), hazards_looked_at=True)
    assert MASKED in Visit.objects.get().family_change and NUMBER not in Visit.objects.get().family_change


# --- on the phone


def test_the_phone_gets_it_masked_and_its_correction_takes_it_along(client, recalled, post):
    phone = Phone(client, post)
    (row,) = phone.pull()["returned"]
    assert NUMBER not in json.dumps(row) and row["kept"] == {"guardian_phone": MASKED}
    assert set(row["answers"]["changes"]) == {"school"}
    given = {"visit": row["visit"], "version": row["version"], **row["answers"], "hazards": []}
    assert phone.verdict(phone.item(json.dumps(given), kind="correction", schema=2))["verdict"] == "accepted"
    assert proposed(recalled) == {"guardian_phone": NUMBER, "school": "第二小学"}


def test_on_the_phone_nothing_changed_takes_it_along_no_more(client, recalled, post):
    phone = Phone(client, post)
    (row,) = phone.pull()["returned"]
    given = {"visit": row["visit"], "version": row["version"], **row["answers"], "hazards": [], "changes": {}}
    assert phone.verdict(phone.item(json.dumps(given), kind="correction", schema=2))["verdict"] == "accepted"
    assert proposed(recalled) == {}


READ = """
import { readFileSync } from "fs";
import { pathToFileURL } from "url";
const [folder] = process.argv.slice(-1);
globalThis.self = globalThis;
await import(pathToFileURL(folder + "/offline/outbox_rules.js"));
const { readVisit } = await import(pathToFileURL(folder + "/offline/answers.js"));
const { cases, held, kept } = JSON.parse(readFileSync(0, "utf8"));
const read = cases.map((entries) => readVisit(entries, { questions: [] }, held, kept).changes ?? null);
process.stdout.write(JSON.stringify(read));
"""


def test_the_phone_names_what_was_typed_and_not_what_goes_along(tmp_path):
    blank = ["changes-guardian_phone", ""]
    typed = {number: ["changes-guardian_phone", number] for number in (ON_FILE, ANOTHER)}
    said = {
        "held": {"guardian_phone": ON_FILE},
        "kept": {"guardian_phone": MASKED},
        "cases": [[["noticed", "yes"], each] for each in (blank, *typed.values())] + [[["noticed", "no"], blank], []],
    }
    command = ["node", "--input-type=module", "-e", READ, str(copy_of_scripts(tmp_path))]
    done = subprocess.run(command, input=json.dumps(said), capture_output=True, text=True, check=True)
    named = [{"guardian_phone": {"base": ON_FILE, "value": number}} for number in typed]
    assert json.loads(done.stdout) == [None, *named, {}, None]
