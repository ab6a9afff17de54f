"""The demo's assessment system: the example in force since last year, and a second version being written."""

import dataclasses
import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from registry.instruments.example import EXAMPLE, EXAMPLE_NAME
from registry.instruments.models import Instrument
from registry.instruments.services import draft_instrument, save_draft

AGO = datetime.timedelta(days=420)


def make_instruments(_demo: Demo) -> None:
    """The first one is inserted: a service publishes nothing for a day that is over."""
    officers = Appointment.objects.with_unit().current().filter(role="city_officer")
    officer = officers.filter(unit__level__lte=2).order_by("unit__level", "pk").first()
    if officer is None or Instrument.objects.filter(unit=officer.unit).exists():
        return
    since = timezone.localdate() - AGO
    first = Instrument(
        unit=officer.unit, number=1, name=EXAMPLE_NAME, definition=EXAMPLE.as_json(), document="演示文件 1 号",
        since=since, state="published", made_by=officer.person, made_in=officer,
        made_at=timezone.now() - AGO - datetime.timedelta(days=20),
    )  # fmt: skip
    first.save(force_insert=True)
    moved = {"person": officer.person, "post": officer}
    first.events.create(action="make", was="", now="draft", at=first.made_at, **moved)
    first.events.create(
        action="publish", was="draft", now="published", at=first.made_at + datetime.timedelta(days=5), **moved
    )
    draft = draft_instrument(by=officer, begin_with="last")
    levels = tuple(dataclasses.replace(level, least=25) if level.key == "raised" else level for level in EXAMPLE.levels)
    save_draft(
        draft, by=officer, seen_version=draft.version, name=EXAMPLE_NAME,
        definition=dataclasses.replace(EXAMPLE, levels=levels),
    )  # fmt: skip


MAKERS.add(make_instruments, order=85)
