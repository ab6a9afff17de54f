"""The description of the API says how each operation refuses, and in which form."""

import jsonschema
import pytest
from django.conf import settings
from drf_spectacular.validation import validate_schema

from orgs.access.api.schema import description
from tests.builders import a_visit, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
APART = {"/api/v1/sync/"}  # describes its own answers, all with the mark of the app
BY_FIELD, IN_WORDS = "#/components/schemas/ErrorsByField", "#/components/schemas/Refusal"


@pytest.fixture(scope="module")
def schema():
    return description(settings.LANGUAGE_CODE)


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if path not in APART:
                yield f"{method} {path}", method, path, operation


def form_of(operation, code) -> str:
    return operation["responses"][code]["content"]["application/json"]["schema"]["$ref"]


def body_of(schema, operation) -> set[str]:
    """Names of the fields that are sent, of several forms those of all."""
    sent = operation.get("requestBody", {}).get("content", {}).values()
    return {name for content in sent for name in names_of(schema, content["schema"])}


def names_of(schema, form) -> set[str]:
    if "$ref" in form:
        form = schema["components"]["schemas"][form["$ref"].split("/")[-1]]
    inner = [names_of(schema, each) for each in form.get("oneOf", [])]
    return set(form.get("properties", ())).union(*inner)


def test_the_description_is_still_a_valid_one(schema):
    validate_schema(schema)


def test_who_may_not_what_is_not_there_and_what_is_wrong_are_described_wherever_they_may_come(schema):
    wrong = []
    for told, method, path, operation in operations(schema):
        codes, sent = set(operation["responses"]), body_of(schema, operation)
        due = {"401"}
        due |= {"403"} if "auth" not in operation["tags"] else set()
        due |= {"404"} if "{" in path else set()
        due |= {"400"} if method in ("post", "put", "patch") else set()
        due |= {"409"} if "version" in sent else set()
        wrong += [f"{told}: {sorted(due - codes)}"] if due - codes else []
        keyed = sent & {"version", "id", "other"}
        wrong += [f"{told}: 409 without a version or a key"] if "409" in codes and not keyed else []
    assert not wrong


def test_what_is_refused_before_an_operation_is_reached_is_described_once(schema):
    assert all(code in schema["info"]["description"] for code in ("400", "405", "406", "415", "429", "503"))


def test_each_refusal_has_its_form(schema):
    for told, _method, _path, operation in operations(schema):
        for code in operation["responses"]:
            if code == "400":
                assert form_of(operation, code) == BY_FIELD, told
            if code in ("401", "403", "404", "409"):
                assert form_of(operation, code) == IN_WORDS, told
            if code.startswith("4"):
                assert operation["responses"][code]["description"], told


def test_what_is_answered_fits_what_is_described(client, clerk, village, schema):
    visit = a_visit(an_approved_file(village))
    sign_in(client, clerk)
    asked = [
        ("get", "visits/?zzz=1", 400, "ErrorsByField"),
        ("post", f"visits/{visit.pk}/accept/", 400, "ErrorsByField"),
        ("get", "visits/00000000-0000-0000-0000-000000000001/", 404, "Refusal"),
    ]
    for method, where, code, form in asked:
        answer = client.generic(method.upper(), f"/api/v1/{where}", "{}", content_type="application/json")
        whole = {"$ref": f"#/components/schemas/{form}", "components": schema["components"]}
        assert answer.status_code == code, where
        jsonschema.Draft4Validator(whole).validate(answer.json())


def test_that_a_second_key_gives_the_first_visit_is_said_where_visits_are_sent(schema):
    said = schema["paths"]["/api/v1/visits/"]["post"]["description"]
    assert "同一条走访" in said and "十分钟" in said and "201" in said
