"""Guidance of guardians and agreements of entrusted care: rules, pages, API."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.disclosure.document import document
from registry.guidance.models import Entrustment, Guidance
from registry.guidance.services import end, entrust, guide_guardian, notify
from registry.printing.file import file_sheet
from registry.printing.pieces import span_of
from tests.builders import (
    a_file,
    a_post,
    a_unit,
    a_village,
    an_agreement,
    an_approved_file,
    an_entrustment,
    an_upload,
    sign_in,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def file():
    return an_approved_file(a_village(), name="欧阳小满")


@pytest.fixture
def director(file):
    return a_post(file.village)


def talk(**given):
    return {"given_on": today(), "guardian": "李桂英", "topics": ["safety"], "advice": "水井加盖"} | given


# --- guidance


def test_what_a_guardian_was_told_is_kept_once(file, director):
    pk = uuid.uuid4()
    for _ in range(2):
        guide_guardian(file, by=director, pk=pk, answers=talk())
    guidance = Guidance.objects.get()
    assert (guidance.advice, guidance.village) == ("水井加盖", file.village)
    assert "水井加盖" in str(document(file)["guidance"])


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("given_on", {"given_on": None}),
        ("given_on", {"given_on": timezone.localdate() + 2 * DAY}),
        ("guardian", {"guardian": " "}),
        ("guardian", {"guardian": "李7"}),
        ("topics", {"topics": ["x"], "advice": ""}),
        ("advice", {"advice": "长" * 501}),
    ],
)
def test_a_talk_says_what_is_wrong(file, director, field, given):
    with pytest.raises(ValidationError) as refused:
        guide_guardian(file, by=director, answers=talk(**given))
    assert list(refused.value.message_dict) == [field] and not Guidance.objects.exists()


def test_only_who_keeps_the_file_guides(file):
    for post in (a_post(a_village()), a_post(file.county), a_post(a_unit(file.county)), a_post(file.city)):
        with pytest.raises(PermissionDenied):
            guide_guardian(file, by=post, answers=talk())
    with pytest.raises(Refused, match="不在册"):
        guide_guardian(a_file(file.village), by=a_post(file.village), answers=talk())


# --- entrusted care


@pytest.mark.parametrize("ground", ["offence", "vice", "neglect", "other"])
def test_whom_the_law_calls_unfit_is_refused(file, director, ground):
    with pytest.raises(ValidationError) as refused:
        entrust(file, by=director, answers=an_agreement(), unfit=[ground])
    assert list(refused.value.message_dict) == ["unfit"]
    with pytest.raises(ValidationError, match="核对"):
        entrust(file, by=director, answers=an_agreement(), unfit=None)
    assert not Entrustment.objects.exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("by_name", {"by_name": ""}),
        ("by_relation", {"by_relation": "friend"}),
        ("reason", {"reason": ""}),
        ("reason", {"reason": "长" * 201}),
        ("carer_name", {"carer_name": "<b>"}),
        ("carer_relation", {"carer_relation": ""}),
        ("carer_phone", {"carer_phone": "138"}),
        ("since", {"since": None}),
        ("until", {"until": None}),
        ("until", {"until": timezone.localdate() - DAY}),
        ("until", {"until": timezone.localdate() + 4000 * DAY}),
        ("signed_on", {"signed_on": timezone.localdate() + 2 * DAY}),
        ("school_told_on", {"school_told_on": timezone.localdate() + 2 * DAY}),
        ("village_told_on", {"village_told_on": timezone.localdate() + 2 * DAY}),
    ],
)
def test_an_agreement_says_what_is_wrong(file, director, field, given):
    with pytest.raises(ValidationError) as refused:
        entrust(file, by=director, answers=an_agreement(**given), unfit=[])
    assert list(refused.value.message_dict) == [field] and not Entrustment.objects.exists()


@pytest.mark.both
def test_two_agreements_never_hold_on_one_day(file, director):
    first = an_entrustment(file, by=director)
    with pytest.raises(ValidationError, match="重叠"):
        an_entrustment(file, by=director, since=first.until, until=first.until + 30 * DAY)
    an_entrustment(file, by=director, since=first.until + DAY, until=first.until + 30 * DAY)


def test_ended_early_the_next_may_begin(file, director):
    first = an_entrustment(file, by=director, since=today() - 30 * DAY)
    with pytest.raises(ValidationError):
        end(first, by=director, seen_version=1, on=first.until + DAY, reason="父亲回家")
    end(first, by=director, seen_version=1, on=today(), reason="父亲回家")
    assert not first.in_force and not file.entrustments.in_force().exists()
    an_entrustment(file, by=director)
    with pytest.raises(Stale):
        end(first, by=director, seen_version=1, on=today(), reason="又一次")


def test_the_law_asks_for_written_notice_and_the_file_for_the_paper(file, director):
    agreement = an_entrustment(file, by=director)
    assert agreement.lacking == ["没有书面告知学校", "没有书面告知村（居）委会", "没有上传委托照护书"]
    with pytest.raises(ValidationError):
        notify(agreement, by=director, seen_version=1, answers={})
    notify(
        agreement, by=director, seen_version=1, upload=an_upload(size=(60, 40)),
        answers={"school_told_on": today(), "village_told_on": today()},
    )  # fmt: skip
    assert agreement.lacking == [] and agreement.paper.kind == "custody_agreement"
    with pytest.raises(Stale):
        notify(agreement, by=director, seen_version=1, answers={"school_told_on": today()})


def test_a_guardian_reads_in_the_copy_of_the_file_to_whom_the_care_was_entrusted(director, file):
    an_entrustment(file, by=director)
    (row,) = document(file)["entrustments"]["rows"]
    assert (row["carer_name"]["text"], row["reason"]["text"]) == ("李桂英", "父母在广东务工")
    assert "13800004321" not in str(row), "the carer's phone is the carer's own"


def test_outside_school_nobody_is_told_there(director, file):
    file.schooling = "dropped_out"
    assert "没有书面告知学校" not in an_entrustment(file, by=director).lacking


def test_a_broken_paper_keeps_nothing(file, director):
    with pytest.raises(ValidationError):
        entrust(file, by=director, answers=an_agreement(), unfit=[], upload=an_upload(content=b"no picture"))
    assert not Entrustment.objects.exists()


def test_the_pages_from_talk_to_end(client, file, director):
    sign_in(client, director)
    page = f"/children/{file.pk}/guidance/"
    assert 'data-show-when="advice="' in client.get(page).text, "one of the two is needed"
    assert client.post(page, talk() | {"pk": uuid.uuid4()}).status_code == 302
    refused = client.post(page, {"advice": "只写了建议"})
    assert refused.status_code == 422 and "只写了建议" in refused.text
    form = f"/children/{file.pk}/entrust/"
    wrong = client.post(form, an_agreement(looked="some", unfit=["vice"], carer_phone=""))
    assert wrong.status_code == 422 and "请与监护人另选他人" in wrong.text
    sent = an_agreement(looked="none", file=an_upload(size=(60, 40)))
    assert client.post(form, sent).status_code == 302
    agreement = Entrustment.objects.get()
    assert agreement.paper and "李桂英" in client.get(page).text
    assert "没有书面告知学校" in client.get(f"/children/{file.pk}/").text
    told = {"version": 1, "school_told_on": today()}
    assert client.post(f"/entrustments/{agreement.pk}/notify/", told).status_code == 302
    assert client.post(f"/entrustments/{agreement.pk}/notify/", told).status_code == 409
    bare = client.post(f"/entrustments/{agreement.pk}/end/", {"version": 2})
    assert bare.status_code == 422 and bare.text.count('class="errors"') == 1
    over = {"version": 2, "on": today(), "reason": "母亲回家"}
    assert client.post(f"/entrustments/{agreement.pk}/end/", over).status_code == 302
    late = client.post(f"/entrustments/{agreement.pk}/end/", over | {"reason": "父亲也回来了"})
    assert late.status_code == 409
    assert "父亲也回来了" in late.text.partition("没有存上，可以从这里复制")[2]
    acts = {"guide_guardian", "entrust", "notify_entrustment", "end_entrustment", "view_guidance"}
    assert acts <= set(Audit.objects.values_list("action", flat=True))


def test_the_api_keeps_an_agreement(client, file, director):
    sign_in(client, director)

    def send(path, data):
        return client.post(f"/api/v1/{path}", data, content_type="application/json")

    dates = {name: str(value) for name, value in an_agreement().items() if isinstance(value, datetime.date)}
    sent = an_agreement(**dates) | {"child": str(file.pk), "id": str(uuid.uuid4()), "unfit": []}
    assert send("entrustments/", sent | {"unfit": ["vice"]}).json().keys() == {"unfit"}
    assert send("entrustments/", {name: value for name, value in sent.items() if name != "unfit"}).status_code == 400
    made = send("entrustments/", sent)
    assert made.status_code == 201 and send("entrustments/", sent).json() == made.json()
    told = send(f"entrustments/{sent['id']}/notify/", {"version": 1, "village_told_on": str(today())})
    assert told.json()["version"] == 2 and len(told.json()["lacking"]) == 2
    over = {"version": 2, "on": str(today()), "reason": "母亲回家"}
    assert send(f"entrustments/{sent['id']}/end/", over).json()["in_force"] is False
    said = {"child": str(file.pk), "given_on": str(today()), "guardian": "李桂英", "topics": ["safety"]}
    assert send("guidance/", said).status_code == 201
    for wrong in ({"topics": "safety"}, {"given_on": "soon"}, {"guardian": 5}, {"child": "x"}, {"agreed": "maybe"}):
        assert send("guidance/", said | wrong).status_code == 400, wrong
    sign_in(client, a_post(a_village()))
    assert client.get("/api/v1/guidance/").json()["count"] == 0
    assert send("guidance/", said).status_code == 404


def test_the_file_and_the_panel_say_the_same_of_entrusted_care(client, file, director):
    """The registered agreement is what holds; a period that only the file names is said to be no more than that."""
    file.guardians.update(entrusted_from=today() - 900 * DAY, entrusted_to=today() + 30 * DAY)
    sign_in(client, director)
    page = client.get(f"/children/{file.pk}/").text
    assert "档案写有委托照护书" in page and "没有委托照护书" not in page and "档案所写，还没有登记" in page
    assert f"/children/{file.pk}/entrust/" in page, "with the way to register it"
    page = client.get(f"/children/{file.pk}/guidance/").text
    assert "档案写有委托照护书" in page and "没有委托照护书" not in page

    agreement = an_entrustment(file, by=director)
    page = client.get(f"/children/{file.pk}/").text
    assert "照护至" in page and "还没有登记" not in page
    span = f"{date_format(agreement.since)} — {date_format(agreement.until)}"
    assert span in page and date_format(today() - 900 * DAY) not in page
    printed = str(file_sheet(ChildFile.objects.get()))
    assert span_of(agreement.since, agreement.until) in printed and span_of(today() - 900 * DAY, None) not in printed

    end(agreement, by=director, seen_version=agreement.version, on=today(), reason="母亲回家")
    page = client.get(f"/children/{file.pk}/").text
    assert "委托照护书不在期内" in page and "（不在期内）" in page and "照护至" not in page


def test_a_file_that_a_colleague_closed_meanwhile_takes_no_agreement_and_keeps_what_was_written(client, village, clerk):
    file = an_approved_file(village)
    where, sent = f"/children/{file.pk}/entrust/", an_agreement() | {"looked": "none"}
    close_file(file, by=a_post(village.township), seen_version=file.version, reason="moved", on=timezone.localdate())
    page = sign_in(client, clerk).post(where, sent)
    assert page.status_code == 409 and "这次没有存上" in page.text and "不在册" in page.text
    assert "父母在广东务工" in page.text and 'form="entrust"' not in page.text
    assert "不能办理“登记委托照护书”" in client.get(where, follow=True).text


def test_what_a_colleague_added_is_told_before_what_the_form_lacks(file, director):
    agreement = an_entrustment(file, by=director)
    notify(agreement, by=director, seen_version=1, answers={"school_told_on": today()})
    with pytest.raises(Stale):
        notify(agreement, by=director, seen_version=1, answers={})
    with pytest.raises(Stale):
        end(agreement, by=director, seen_version=1, on=None, reason="")
