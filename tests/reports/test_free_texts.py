"""Whatever somebody writes in reports can be printed: each field refuses what is no character, and says so."""

import pkgutil
from importlib import import_module

import pytest
from django import forms
from rest_framework import serializers

import reports
from childwelfare.api.bodies import Body
from childwelfare.api.fields import PrintedText
from childwelfare.pages.form_fields import PrintedCharField
from reports.requests.services import drafting
from tests.builders import fresh, sign_in
from tests.reports.requests.world import MONTH, SWIM, an_asking_county

STRANGE = "安全\ue000"
WORDS = "不是能印出来的字"
# what names something that is there and is kept nowhere as it was sent, or is read by its question
KEYS = {"period", "hash", "seen", "sheet", "category", "columns", "values", "hashes", "pin", "password"}
MODULES = [
    import_module(found.name)
    for found in pkgutil.walk_packages(reports.__path__, "reports.")
    if found.name.rsplit(".", 1)[-1] in ("forms", "api", "api_fields")
]


def _declared(kind: type) -> list[type]:
    found = {each for module in MODULES for each in vars(module).values() if isinstance(each, type)}
    return sorted((each for each in found if issubclass(each, kind) and each.__module__.startswith("reports.")),
                  key=lambda each: f"{each.__module__}.{each.__qualname__}")  # fmt: skip


FORMS, BODIES = _declared(forms.BaseForm), _declared(Body)


def test_there_are_such_forms_and_bodies():
    assert len(FORMS) > 5 and len(BODIES) > 8


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__qualname__)
def test_a_text_of_a_form_is_one_that_can_be_printed(form):
    texts = {name: field for name, field in form.base_fields.items() if type(field) is not forms.UUIDField}
    texts = {name: field for name, field in texts.items() if isinstance(field, forms.CharField)}
    for name, field in texts.items():
        assert isinstance(field, PrintedCharField), name
        with pytest.raises(forms.ValidationError, match=WORDS):
            field.clean(STRANGE)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__qualname__)
def test_a_text_of_a_body_is_one_that_can_be_printed(body):
    for name, field in body().fields.items():
        while isinstance(field, serializers.ListField | serializers.DictField):
            field = field.child
        if isinstance(field, serializers.CharField) and not isinstance(field, serializers.UUIDField):
            assert name in KEYS or isinstance(field, PrintedText), name


@pytest.mark.django_db
def test_page_and_api_say_so_at_the_field_and_where_a_reason_is_given(client):
    place = an_asking_county()
    request = place.asked()
    day = drafting.usual_answers(fresh(place.officer))["due_on"].isoformat()
    sign_in(client, place.officer)
    said = {"title": "防溺水", "purpose": "暑期安全", "document": "", "period": MONTH, "level": "4", "due_on": day}
    for name in ("title", "purpose", "document"):
        page = client.post("/requests/new/", said | {name: STRANGE})
        assert page.status_code == 422 and WORDS in page.context["form"].errors[name][0]
        body = said | {name: STRANGE, "level": 4}
        told = client.post("/api/v1/requests/", body, content_type="application/json")
        assert told.status_code == 400 and WORDS in told.json()[name][0]
    for name in ("name", "meaning", "measure"):
        body = said | {"level": 4, "questions": [SWIM | {name: STRANGE}]}
        told = client.post("/api/v1/requests/", body, content_type="application/json")
        assert told.status_code == 400 and WORDS in told.text
    where = f"/requests/{request.pk}/withdraw/"
    refused = client.post(where, {"version": request.version, "reason": STRANGE})
    assert refused.status_code == 422 and WORDS in refused.text
    body = {"version": request.version, "reason": STRANGE}
    told = client.post(f"/api/v1{where}", body, content_type="application/json")
    assert told.status_code == 400 and WORDS in told.json()["reason"][0]
    taken = client.post(where, {"version": request.version, "reason": "重复\u0007了\uffff"}, follow=True)
    assert "重复了" in taken.text  # what is no character at all is left out
