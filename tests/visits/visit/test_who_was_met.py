"""Who was met at the door is named in words that can be read anywhere."""

import pytest
from django.utils import timezone

from tests.builders import a_post, a_village, an_approved_file, answers, sign_in
from tests.visits.visit.test_log_visit import form_of
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["met", "met_relation"])
@pytest.mark.parametrize("strange", ["😀", "❤", "\ue000"])
def test_a_picture_beside_a_name_is_refused_at_its_field(client, name, strange):
    post = a_post(a_village())
    child = an_approved_file(post.unit, by=post)
    sign_in(client, post)
    page = client.post(f"/children/{child.pk}/visit/", form_of(**{name: f"奶奶{strange}"}))
    assert page.status_code == 422 and list(page.context["form"].errors) == [name]
    sent = answers() | {"child": str(child.pk), "visited_on": timezone.localdate().isoformat()}
    answer = client.post("/api/v1/visits/", sent | {name: f"奶奶{strange}"}, content_type="application/json")
    assert answer.status_code == 400 and list(answer.json()) == [name], answer.text
    assert not Visit.objects.exists()
    said = "李桂英，奶奶" if name == "met" else "奶奶（外祖母）"
    answer = client.post("/api/v1/visits/", sent | {name: said}, content_type="application/json")
    assert answer.status_code == 201 and getattr(Visit.objects.get(), name) == said
