"""A county with two townships of two villages each, everybody in place, and what its clerk asks of her villages."""

from dataclasses import dataclass

from django.utils import timezone

from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import answering, drafting
from reports.rollup.models import Figure
from tests.builders import a_city, a_county, a_data_request, a_post, a_township, a_village, the_answer

MONTH = "2026-01"
SWIM = {"kind": "number", "name": "会游泳的", "meaning": "月末能独立游二十五米的", "measure": "人"}


@dataclass
class AskingCounty:
    city: OrgUnit
    county: OrgUnit
    townships: list[OrgUnit]
    villages: list[OrgUnit]
    officer: Appointment
    directors: list[Appointment]

    def asked(self, **given) -> DataRequest:
        return a_data_request(self.county, by=self.officer, **given)

    def draft(self, **given) -> DataRequest:
        """Nothing is chosen yet."""
        facts = {"title": "防溺水排查", "purpose": "暑期安全", "document": "", "period": MONTH, "level": 4}
        facts |= {"due_on": drafting.usual_answers(self.officer)["due_on"]} | given
        return drafting.save_request(by=self.officer, **facts)


def an_asking_county() -> AskingCounty:
    city = a_city()
    county = a_county(city)
    townships = [a_township(county) for _ in range(2)]
    villages = [a_village(township) for township in townships for _ in range(2)]
    for number, village in enumerate(villages):
        counted(village, registered=10 + number)
    directors = [a_post(village) for village in villages]
    return AskingCounty(city, county, townships, villages, a_post(county), directors)


def counted(unit: OrgUnit, **numbers: int) -> None:
    today = timezone.now()
    Figure.objects.create(unit=unit, period=MONTH, numbers=numbers, as_of=today.date(), counted_at=today)


def fill(request: DataRequest, director: Appointment, number: str = "3", **given) -> DataAnswer:
    """Sent by the village of ``director``."""
    answer = the_answer(request, director.unit)
    values = {request.questions.get(name=SWIM["name"]).field: number}
    answering.submit(answer, by=director, seen_version=answer.version, given=values, **given)
    return the_answer(request, director.unit)
