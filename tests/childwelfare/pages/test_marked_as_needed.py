"""Each form is sent without each of its fields: what is refused then is marked as needed, and nothing else is."""

import datetime
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from childwelfare.pages.needed import needed_of
from registry.categories.services import open_membership
from registry.closing.services import close_file
from registry.transfers.services import ask_transfer
from tests.builders import (
    a_finding,
    a_post,
    a_stay,
    a_township,
    a_variant,
    a_village,
    a_visit,
    an_agreement,
    an_alert,
    an_approved_file,
    an_entrustment,
    sign_in,
)
from visits.alerts.models import Alert
from visits.oversight.services import draw_checks

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate()
SOON = str(TODAY + 9 * DAY)
CLOSING = {"text": "已核实", "outcome": "temporary", "grounds": ["t1"], "placement": "foster"}


@pytest.fixture
def file(village):
    return an_approved_file(village, on=TODAY - 30 * DAY)


def posts_of(village) -> dict:
    return {"village": a_post(village), "station": a_post(village.township), "county": a_post(village.county)}


def stay(file):
    there = a_village(file.village.township)
    answers = {"village": str(there.uid), "since": str(TODAY), "reason": "祖母住院", "pk": str(uuid.uuid4())}
    return "station", f"/children/{file.pk}/stay/", answers | {"version": file.version, "host_name": "张桂花"}


def end_of_stay(file):
    made = a_stay(file, a_village(file.village.township))
    return "station", f"/stays/{made.pk}/end/", {"reason": "已回家", "version": made.version}


def transfer(file):
    there = a_village(file.village.township)
    answers = {"village": str(there.uid), "reason": "随父母迁居", "pk": str(uuid.uuid4()), "version": file.version}
    return "station", f"/children/{file.pk}/transfer/", answers


def refusal_of_transfer(file):
    there = a_village(a_township(file.village.county))
    station = a_post(file.village.township)
    asked = ask_transfer(file, by=station, target=there, reason="迁居", seen_version=file.version)
    return a_post(there.township), f"/transfers/{asked.pk}/refuse/", {"version": asked.version, "reason": "查无此人"}


def closing(**answers):
    def prepare(file):
        return "station", f"/children/{file.pk}/close/", {"version": file.version, "on": str(TODAY)} | answers

    return prepare


def reopening(**answers):
    def prepare(file):
        clerk = a_post(file.village.township)
        open_membership(file, "difficulty", by=clerk, since=TODAY, difficulty="poverty", grounds="入户核实")
        file.refresh_from_db()
        close_file(file, by=clerk, seen_version=file.version, reason="moved", on=TODAY)
        sent = {"version": file.version, "reason": "回来了", "grounds": "父母外出"} | answers
        return "station", f"/children/{file.pk}/reopen/", sent

    return prepare


def talk(file):
    answers = {"given_on": str(TODAY), "guardian": "李桂英", "topics": ["safety"], "advice": "多打电话"}
    return "village", f"/children/{file.pk}/guidance/", answers | {"pk": str(uuid.uuid4())}


def entrusting(file):
    answers = {name: str(value) for name, value in an_agreement().items()}
    return "village", f"/children/{file.pk}/entrust/", answers | {"looked": "none", "pk": str(uuid.uuid4())}


def end_of_entrusting(file):
    made = an_entrustment(file)
    return "village", f"/entrustments/{made.pk}/end/", {"on": str(TODAY), "reason": "母亲回家", "version": made.version}


def disclosure(**answers):
    def prepare(file):
        sent = {"asked_by": "李桂英", "relation": "paternal_grandmother", "safe": "on", "pk": str(uuid.uuid4())}
        return "station", f"/children/{file.pk}/disclosure/", sent | answers

    return prepare


def end_of_variant(file):
    return "county", f"/eligibility/rules/{a_variant(file.village.county).pk}/end/", {"until": SOON}


def finding(kind, category, **answers):
    def prepare(file):
        found = a_finding(file, kind, category)
        sent = {"version": found.version, "reason": "已核实", "on": str(TODAY)}
        return "station", f"/eligibility/findings/{found.pk}/", sent | answers

    return prepare


def activity(file):
    answers = {"held_on": str(TODAY), "where": "村部", "topic": "防溺水", "audience": ["children"], "people": "30"}
    return "village", "/publicity/new/", answers | {"note": "看片", "pk": str(uuid.uuid4())}


def extra_visit(file):
    answers = {"due_on": str(TODAY + DAY), "reason": "奶奶住院", "pk": str(uuid.uuid4())}
    return "station", f"/children/{file.pk}/extra-visit/", answers


def spot_check(**answers):
    def prepare(file):
        a_visit(file)
        (check,) = draw_checks(a_post(file.village.township), TODAY.replace(day=1))
        return "station", f"/visits/checks/{check.pk}/", answers

    return prepare


def alert(name, *, state="handled", **answers):
    def prepare(file):
        made, now = an_alert(file=file), timezone.now()
        outcome = {"outcome": "not_confirmed", "closed_at": now} if state == "closed" else {}
        Alert.objects.filter(pk=made.pk).update(state=state, handled_at=now, answered_at=now, **outcome)
        return "county", f"/alerts/{made.pk}/{name}/", {"version": made.version} | answers

    return prepare


FORMS = {
    "stay": stay,
    "end of a stay": end_of_stay,
    "transfer": transfer,
    "refusal of a transfer": refusal_of_transfer,
    "closing": closing(reason="dead", note="病故"),
    "closing for another reason": closing(reason="other", note="父亲接走"),
    "closing of what was entered by mistake": closing(reason="entry_error"),
    "reopening": reopening(categories=["left_behind"]),
    "reopening in difficulty": reopening(categories=["difficulty"], difficulty="poverty"),
    "talk": talk,
    "entrusting": entrusting,
    "end of entrusting": end_of_entrusting,
    "disclosure": disclosure(checked="id_card", note="带了户口簿"),
    "disclosure, checked otherwise": disclosure(checked="other", note="村主任认识"),
    "end of a local rule": end_of_variant,
    "finding that is opened": finding("unregistered", "difficulty", decision="agree", difficulty="poverty"),
    "finding that is ended": finding("ended", "left_behind", decision="agree", exit_reason="not_eligible"),
    "finding that is kept": finding("ended", "left_behind", decision="keep", exit_reason="not_eligible"),
    "finding for later": finding("ended", "left_behind", decision="later", ask_again_on=SOON),
    "publicity": activity,
    "extra visit": extra_visit,
    "spot check": spot_check(happened="yes", asked_who="李桂英", note="都好"),
    "spot check without an answer": spot_check(happened="unreached", asked_who="李桂英"),
    "closing of a report": alert("close", **CLOSING),
    "closing of a report that was none": alert("close", text="邻居误会", outcome="not_confirmed"),
    "step": alert("step", kind="seen", text="到场", done_at=f"{timezone.localtime():%Y-%m-%dT%H:%M}"),
    "step to another organ": alert("step", kind="handed_over", organ="police", text="移交"),
    "news of a report": alert("reopen", state="closed", text="又听见哭声"),
}


@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize("name", FORMS)
def test_what_is_refused_when_missing_is_marked(client, file, name):
    post, address, answers = FORMS[name](file)
    sign_in(client, post if not isinstance(post, str) else posts_of(file.village)[post])
    form = _refused(client, address, {"sent": "1"})
    assert form is not None, "sent empty it is refused"
    assert not _errors(client, address, answers), "sent whole it is taken"
    marked, refused = set(), set()
    for field in (name for name in form.fields if name in answers and name not in ("pk", "version")):
        rest = {key: value for key, value in answers.items() if key != field} | {"sent": "1"}
        refused |= {field} if _errors(client, address, rest) else set()
        needed = needed_of(form.fields[field])
        marked |= {field} if needed and _holds(needed.rule, rest) else set()
    assert marked == refused


@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize("name", FORMS)
def test_what_was_written_is_kept_until_it_is_sent(client, file, name):
    post, address, answers = FORMS[name](file)
    sign_in(client, post if not isinstance(post, str) else posts_of(file.village)[post])
    again = client.post(address, {"sent": "1"}).text
    assert client.session.get("draft_done") is None, "refused: what was written stays"
    client.post(address, answers)
    assert f'data-draft="{client.session["draft_done"]}"' in again


def _errors(client, address, answers) -> dict:
    form = _refused(client, address, answers)
    return form.errors if form else {}


def _refused(client, address, answers):
    """The form as the page shows it again; None where it was taken. Nothing that was sent stays."""
    with transaction.atomic():
        answer = client.post(address, answers)
        transaction.set_rollback(True)
    forms = [] if answer.context is None else [answer.context.get("form"), *answer.context.get("forms", {}).values()]
    for agreement in (answer.context or {}).get("agreements", []):
        forms += [agreement.notify, agreement.end]
    return next((form for form in forms if form is not None and form.is_bound and form.errors), None)


def _holds(rule: str, answers: dict) -> bool:
    """As static/js/fields.js reads a rule."""
    if not rule:
        return True
    name, _sign, values = rule.partition("=")
    said = answers.get(name, [])
    return not set([said] if isinstance(said, str) else said).isdisjoint(values.split("|"))


def test_a_mark_is_said_to_the_browser_too(client, file):
    """``required`` where it always is; where it depends on an answer the script sets it with the mark."""
    sign_in(client, a_post(file.village.township))
    page = client.get(f"/children/{file.pk}/close/").text
    assert 'data-needed="reason=other"' in page
    page = client.get(f"/children/{file.pk}/stay/").text
    area = page[page.index('<textarea name="reason"') :]
    assert "required" in area[: area.index(">")] and "请填写：为什么去那里住。" in page
