"""Started as a program: makes a database, adds the columns, visits a family, prints what it saw as JSON."""

import datetime
import hashlib
import json
import random
import re
import uuid

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from orgs.accounts.models import ApiToken  # noqa: E402
from registry.child.models import ChildFile  # noqa: E402
from tests.added_question.table import COLUMNS  # noqa: E402
from tests.builders import a_post, a_village, a_visit, an_approved_file, sign_in  # noqa: E402
from visits.phones.examples import example_answers  # noqa: E402
from visits.schedule.services.rules import rules_of  # noqa: E402
from visits.visit.demo_visits import visits_of  # noqa: E402
from visits.visit.models import Visit  # noqa: E402

DAY = datetime.timedelta(days=1)
ASKED = {"sleep", "sleep_note", "teacher_met_on"}


def main() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    for column in COLUMNS:
        _add_column(column)
    village, today = a_village(), timezone.localdate()
    director = a_post(village)
    browser = Client()
    sign_in(browser, director)
    eldest, sister = (an_approved_file(village, by=director, on=today - 40 * DAY) for _each in range(2))
    ChildFile.objects.filter(pk__in=[eldest.pk, sister.pk]).update(family_uid=uuid.uuid4())
    a_visit(eldest, by=director, visited_on=today - 2 * DAY, sleep="shared")
    address = f"/children/{eldest.pk}/visit/"
    form = browser.get(address).text
    seen = {"sister": str(sister.pk), "form": form} | _send_form(browser, address, sister, today)
    seen |= _api(browser, director, sister, today) | _phone(browser, director, eldest)
    shell = browser.get("/offline/").text
    seen["shell"] = shell
    seen["questions"] = json.loads(re.search(r'<script id="visit-questions"[^>]*>(.*?)</script>', shell)[1])
    eldest.approved_on = today - 400 * DAY
    made = visits_of(eldest, random.Random(3), rules=rules_of(), today=today, by=director, late=False)
    seen |= {"demo": [visit.sleep for visit in made], "example": example_answers(), "today": today.isoformat()}
    print(json.dumps(seen))  # noqa: T201


def _add_column(name: str) -> None:
    """SQLite makes the whole table anew for the first one, with all columns that the model has by now."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, Visit._meta.db_table)
    if name not in [column.name for column in described]:
        with connection.schema_editor() as editor:
            editor.add_field(Visit, Visit._meta.get_field(name))


def _send_form(browser: Client, address: str, sister: ChildFile, today: datetime.date) -> dict:
    """Two sisters at one door: first with what is missing, then in full."""
    said = {
        "pk": str(uuid.uuid4()), "visited_on": today.isoformat(), "method": "home", "outcome": "seen", "carer": "same",
        "care": "good", "living": "good", "attendance": "in_school", "health": "good", "mood": "cheerful",
        "hazard": "no", "together": [str(sister.pk)], "sleep": "own_bed",
        "teacher_met_on": (today + DAY).isoformat(),
    }  # fmt: skip
    line = {"outcome": "seen", "attendance": "in_school", "health": "good", "mood": "cheerful", "sleep": "none"}
    said |= {f"{sister.pk}-{name}": value for name, value in line.items()}
    refused = browser.post(address, said)
    said |= {"teacher_met_on": (today - DAY).isoformat(), f"{sister.pk}-sleep_note": "谷仓"}
    sent = browser.post(address, said)
    first, second = (Visit.objects.filter(family__isnull=False, child=child).first() for child in _children(sister))
    return {
        "refused": [refused.status_code, refused.text],
        "sent": sent.status_code,
        "stored": [[each.sleep, each.sleep_note, str(each.teacher_met_on), each.flags] for each in (first, second)],
        "page": browser.get(f"/visits/{first.pk}/").text,
        "page of the sister": browser.get(f"/visits/{second.pk}/").text,
    }


def _children(sister: ChildFile) -> list[ChildFile]:
    family = ChildFile.objects.get(pk=sister.pk).family_uid
    return [ChildFile.objects.filter(family_uid=family).exclude(pk=sister.pk).get(), sister]


def _api(browser: Client, post, child: ChildFile, today: datetime.date) -> dict:
    headers = {"Authorization": f"Token {ApiToken.objects.issue(post)}"}
    body = {"child": str(child.pk)} | example_answers(today - 3 * DAY)

    def send(**given):
        return browser.post("/api/v1/visits/", body | given, content_type="application/json", headers=headers)

    answers = {"unknown": send(sleep="tent"), "missing": send(sleep=""), "taken": send(sleep="shared")}
    return {f"api {name}": [answer.status_code, answer.json()] for name, answer in answers.items()}


def _phone(browser: Client, post, child: ChildFile) -> dict:
    """An item of a phone, and what the phone is told of the last visit."""
    answers = example_answers(timezone.localdate() - DAY) | {"sleep": "none", "sleep_note": "沙发"}
    text = json.dumps({"post": str(post.uid), "child": str(child.pk), "nonce": "x"} | answers)
    item = {
        "id": str(uuid.uuid4()), "kind": "visit", "schema": 2, "made_at": timezone.now().isoformat(),
        "hash": hashlib.sha256(text.encode()).hexdigest(), "payload": text,
    }  # fmt: skip
    envelope = {"account": str(post.person.uid), "device": "phone-1", "app": "1", "items": [item]}
    told = browser.post("/api/v1/sync/", envelope, content_type="application/json").json()["items"]
    visit = Visit.objects.filter(pk=item["id"]).first()
    pulled = browser.get("/api/v1/sync/").json()["files"]
    last = {file["id"]: file["last"] for file in pulled}
    return {"sync": told, "sync stored": visit and [visit.sleep, visit.sleep_note], "last": last}


if __name__ == "__main__":
    main()
