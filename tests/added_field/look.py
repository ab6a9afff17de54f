"""Started as a program: makes a database, adds the columns, uses the registry, prints what it saw as JSON."""

import json
import random

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from orgs.accounts.models import ApiToken  # noqa: E402
from registry.changes.services import approve_change  # noqa: E402
from registry.child.demo_children import Maker  # noqa: E402
from registry.child.headings import field_of_heading  # noqa: E402
from registry.child.models import ChildFile  # noqa: E402
from registry.family.models import Guardian  # noqa: E402
from registry.quality import RULES  # noqa: E402
from reports.docs import PAGES  # noqa: E402
from tests.builders import a_change, a_post, a_village, an_approved_file, an_id_number, sign_in  # noqa: E402

ADDED = {ChildFile: ("way_to_school", "student_number", "camp"), Guardian: ("work",)}
NUMBER = "G410199201703150028"


def main() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    for model, columns in ADDED.items():
        for column in columns:
            _add_column(model, column)
    village = a_village()
    director, clerk = a_post(village), a_post(village.township)
    browser, desk = Client(), Client()
    sign_in(browser, director)
    sign_in(desk, clerk)
    file = an_approved_file(village, by=director, schooling="primary", school="中心小学")
    page = f"/children/{file.pk}/"
    seen = {
        "form": browser.get("/children/new/").text,
        "change form": browser.get(f"{page}change/").text,
        "visit form": browser.get(f"{page}visit/").text,
        "page before": browser.get(page).text,
        "paper before": browser.get(f"{page}print/").text,
        "rule": str(RULES["no_way_to_school"].source),
    }
    seen |= _api(browser, director, village)
    change = a_change(
        file, by=director, way_to_school="bus", student_number=NUMBER, guardian_work="养蜂人", camp="黄河边"
    )
    seen["review"] = desk.get(f"/changes/{change.pk}/").text
    approve_change(change, by=clerk, seen_version=change.version)
    seen |= {
        "page": browser.get(page).text,
        "history": browser.get(f"{page}history/").text,
        "revealed": desk.post(f"{page}reveal/", {"field": "student_number"}).text,
        "paper": browser.get(f"{page}print/").text,
        "list without": browser.get("/children/?col=sex").text,
        "list": browser.get("/children/?col=way_to_school").text,
        "list of bus": browser.get("/children/?way_to_school=bus").text,
        "list of walk": browser.get("/children/?way_to_school=walk").text,
        "docs": PAGES["fields.md"](),
        "heading": field_of_heading("交通方式*").name,
        "demo": [_demo_child(village, director, number).way_to_school for number in range(12)],
        "address": page,
    }
    print(json.dumps(seen))  # noqa: T201


def _add_column(model, name: str) -> None:
    """SQLite makes the whole table anew for the first one, with all columns that the model has by now."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, model._meta.db_table)
    if name not in [column.name for column in described]:
        with connection.schema_editor() as editor:
            editor.add_field(model, model._meta.get_field(name))


def _api(browser: Client, post, village) -> dict:
    headers = {"Authorization": f"Token {ApiToken.objects.issue(post)}"}
    body = {
        "village": str(village.uid),
        "name": "李小禾",
        "id_number": an_id_number(),
        "way_to_school": "walk",
        "student_number": NUMBER,
        "categories": [{"category": "left_behind"}],
        "guardian": {"name": "李桂英", "relation": "paternal_grandmother", "work": "裁缝"},
    }

    def send(given):
        return browser.post("/api/v1/children/", given, content_type="application/json", headers=headers)

    refused = send(body | {"way_to_school": "fly"})
    made = send(body)
    stored = ChildFile.objects.get(pk=made.json()["id"])
    read = browser.get(f"/api/v1/children/{stored.pk}/", headers=headers)
    return {
        "api refused": [refused.status_code, refused.json()],
        "api stored": [stored.way_to_school, stored.student_number, stored.guardians.get().work],
        "api content": read.json()["content"],
        "api list": list(browser.get("/api/v1/children/", headers=headers).json()["results"][0]),
    }


def _demo_child(village, post, number: int) -> ChildFile:
    maker = Maker(random.Random(number), timezone.localdate())
    made = maker.child(village, made_by=post.person, made_in=post, registered_on=timezone.localdate())
    return made.file


if __name__ == "__main__":
    main()
