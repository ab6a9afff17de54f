"""A page's form sends back the version that its reader saw: whatever else comes in is no version, and no fault."""

import pytest
from django.urls import reverse

from registry.changes.models import Change
from registry.child.models import ChildFile
from tests.builders import a_change, a_file, a_post, a_village, a_visit, an_approved_file, sign_in
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db

NONSENSE = ["", "x", "-1", "1.0", "²", "9" * 5000]


@pytest.mark.parametrize("version", NONSENSE)
def test_no_version_submits_nothing(client, version):
    village = a_village()
    post = a_post(village)
    draft = a_file(village, by=post)
    answer = sign_in(client, post).post(reverse("child-submit", args=[draft.pk]), {"version": version})
    assert answer.status_code == 302 and ChildFile.objects.get().state == "draft"


@pytest.mark.parametrize("version", NONSENSE)
def test_no_version_decides_nothing(client, version):
    file = an_approved_file(a_village(), address="三组")
    change, visit = a_change(file, address="五组"), a_visit(file)
    sign_in(client, a_post(file.township))
    for kind, record, action in (("change", change, "approve"), ("visit", visit, "accept")):
        answer = client.post(reverse("review-decide", args=[kind, record.pk, action]), {"version": version})
        assert answer.status_code == 409
    assert (Change.objects.get().state, Visit.objects.get().state) == ("submitted", "submitted")


@pytest.mark.parametrize("shown", ["", "x", "x:1", "{pk}", "{pk}:x", "{pk}:²"])
def test_no_pair_of_visit_and_version_accepts_nothing(client, shown):
    visit = a_visit(an_approved_file(a_village()))
    sign_in(client, a_post(visit.township))
    answer = client.post(reverse("review-accept-many"), {"visit": [shown.format(pk=visit.pk)]})
    assert answer.status_code == 302 and Visit.objects.get().state == "submitted"


def test_another_writing_of_the_visit_is_the_same_visit(client):
    visit = a_visit(an_approved_file(a_village()))
    sign_in(client, a_post(visit.township))
    client.post(reverse("review-accept-many"), {"visit": [f"{visit.pk.hex}:{visit.version}"]})
    assert Visit.objects.get().state == "accepted"


@pytest.mark.parametrize("version", NONSENSE)
def test_no_version_merges_nothing(client, version):
    village = a_village()
    survivor, other = an_approved_file(village), an_approved_file(village)
    sign_in(client, a_post(village.township))
    sent = {"other": other.pk, "version": version, "its": version}
    answer = client.post(reverse("child-merge", args=[survivor.pk]), sent)
    assert answer.status_code == 409 and not ChildFile.objects.exclude(merged_into=None).exists()


@pytest.mark.both
@pytest.mark.parametrize("before", NONSENSE)
def test_no_number_pages_the_trail_from_its_beginning(client, before):
    sign_in(client, a_post(a_village().city, "auditor"))
    assert client.get(reverse("audit-list"), {"before": before}).status_code == 200
