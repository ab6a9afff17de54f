"""A form's key sent twice, even at once, is one record; another person's key is refused in words and tells nothing."""

import io
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from childwelfare.workflow.refusals import Refused
from tests.builders import a_post, a_report, a_village, a_visit, an_alert, an_approved_file, answers, fresh, sign_in
from tests.threads import at_once
from visits.alerts.models import Alert, AlertStep
from visits.alerts.services.handling import add_step
from visits.alerts.services.raising import raise_alert
from visits.schedule.models import ExtraVisit, VisitRound
from visits.schedule.services.extra_visits import order_extra
from visits.schedule.services.rounds import add_round
from visits.visit.models import Visit, VisitPhoto
from visits.visit.services.log import log_visit
from visits.visit.services.photos import MAX_PHOTOS, add_late_photo

# on PostgreSQL alone: SQLite has one writer at a time and hides races
pytestmark = pytest.mark.django_db(transaction=True)
SENDINGS = 4


def soon():
    return timezone.localdate() + timedelta(days=5)


def a_jpeg(red: int = 0) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (red, 128, 128)).save(content, "JPEG")
    return content.getvalue()


def sealed_files(settings) -> set:
    return {path for path in (settings.MEDIA_ROOT / "photos").rglob("*") if path.is_file()}


def test_a_step_of_an_alert():
    alert = an_alert(a_village())
    clerk, pk = a_post(alert.township), uuid.uuid4()

    def send():
        return add_step(Alert.objects.get(pk=alert.pk), by=fresh(clerk), kind="seen", text="已到现场", pk=pk).pk

    assert at_once(*[send] * SENDINGS) == [pk] * SENDINGS
    alert.refresh_from_db()
    assert AlertStep.objects.count() == 1 and alert.version == 2, "one step counts the version on once"


def test_a_special_round():
    officer, pk = a_post(a_village().county), uuid.uuid4()

    def send():
        return add_round(by=fresh(officer), name="暑期走访", since=timezone.localdate(), until=soon(), pk=pk).pk

    assert at_once(*[send] * SENDINGS) == [pk] * SENDINGS
    assert VisitRound.objects.count() == 1


def test_an_extra_visit():
    child = an_approved_file(a_village())
    clerk, pk = a_post(child.township), uuid.uuid4()

    def send():
        return order_extra(child, by=fresh(clerk), due_on=soon(), reason="几天没上学", pk=pk).pk

    assert at_once(*[send] * SENDINGS) == [pk] * SENDINGS
    assert ExtraVisit.objects.count() == 1


def test_the_last_photo_that_a_visit_takes():
    post = a_post(a_village())
    visit, pk = a_visit(an_approved_file(post.unit), by=post), uuid.uuid4()
    for number in range(1, MAX_PHOTOS):
        add_late_photo(visit, by=post, pk=uuid.uuid4(), content=a_jpeg(80 * number))

    content = a_jpeg()

    def send():
        return add_late_photo(Visit.objects.get(pk=visit.pk), by=fresh(post), pk=pk, content=content).pk

    assert at_once(*[send] * SENDINGS) == [pk] * SENDINGS
    assert VisitPhoto.objects.count() == MAX_PHOTOS


def test_another_persons_key_of_a_step_is_refused_in_words(client):
    village = a_village()
    theirs, mine = an_alert(village), an_alert(village)
    clerk = a_post(village.township)
    step = add_step(theirs, by=clerk, kind="seen", text="李奶奶家没有人")
    sign_in(client, a_post(village.township))
    sent = {"pk": str(step.pk), "kind": "seen", "text": "已到现场"}
    page = client.post(f"/alerts/{mine.pk}/step/", sent, follow=True)
    assert "没有存上" in page.text and "李奶奶" not in page.text
    sent = {"id": str(step.pk), "kind": "seen", "text": "已到现场"}
    answer = client.post(f"/api/v1/alerts/{mine.pk}/step/", sent, content_type="application/json")
    assert answer.status_code == 422 and "李奶奶" not in answer.text
    assert AlertStep.objects.get().text == "李奶奶家没有人"


def test_another_persons_key_of_a_round_is_refused_in_words(client):
    county = a_village().county
    given = {"name": "清明走访", "since": timezone.localdate(), "until": soon()}
    theirs = add_round(by=a_post(county), **given)
    sign_in(client, a_post(a_village().county))
    sent = {"pk": str(theirs.pk), "name": "春节走访", "since": given["since"].isoformat(), "until": soon().isoformat()}
    page = client.post("/visits/rounds/new/", sent)
    assert page.status_code == 422 and "没有存上" in page.text and "清明走访" not in page.text
    body = {"id": sent.pop("pk"), **sent}
    answer = client.post("/api/v1/visit-rounds/", body, content_type="application/json")
    assert answer.status_code == 422 and "清明走访" not in answer.text
    assert VisitRound.objects.get().name == "清明走访"


def test_another_persons_key_of_an_extra_visit_is_refused_in_words(client):
    village = a_village()
    theirs, mine = an_approved_file(village), an_approved_file(village)
    extra = order_extra(theirs, by=a_post(village.township), due_on=soon(), reason="邻居来电")
    sign_in(client, a_post(village.township))
    sent = {"pk": str(extra.pk), "due_on": soon().isoformat(), "reason": "几天没上学"}
    page = client.post(f"/children/{mine.pk}/extra-visit/", sent)
    assert page.status_code == 422 and "没有存上" in page.text and "邻居来电" not in page.text
    body = {"id": sent.pop("pk"), **sent}
    answer = client.post(f"/api/v1/children/{mine.pk}/extra-visit/", body, content_type="application/json")
    assert answer.status_code == 422 and "邻居来电" not in answer.text
    assert ExtraVisit.objects.get().reason == "邻居来电"


def test_the_key_of_a_photo_of_another_visit_is_refused_in_words(settings):
    post, other = a_post(a_village()), a_post(a_village())
    theirs = add_late_photo(
        a_visit(an_approved_file(other.unit), by=other), by=other, pk=uuid.uuid4(), content=a_jpeg()
    )
    mine, before = a_visit(an_approved_file(post.unit), by=post), sealed_files(settings)
    with pytest.raises(Refused, match="没有收下"):
        add_late_photo(mine, by=post, pk=theirs.pk, content=a_jpeg())
    assert not mine.photos.exists()
    assert sealed_files(settings) == before, "nor is its file kept"


def test_another_persons_key_of_a_visit_or_a_report_is_refused_in_words():
    one, other = a_post(a_village()), a_post(a_village())
    visit, alert = a_visit(an_approved_file(one.unit), by=one), an_alert(one.unit, by=one)
    with pytest.raises(Refused, match="没有存上"):
        log_visit(an_approved_file(other.unit), by=other, pk=visit.pk, answers=answers(), hazards_looked_at=True)
    with pytest.raises(Refused, match="没有存上"):
        raise_alert(by=other, pk=alert.pk, answers=a_report())
    assert Visit.objects.get().made_by == one.person and Alert.objects.get().made_by == one.person
