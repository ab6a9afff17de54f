"""The demo's county has a ledger of its own for its visits."""

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from reports.ledgers.services import save_template

COLUMNS = ("registered", "left_behind", "visits_due", "visits_done", "visits_overdue", "unmet", "directors_vacant")


def make_own_ledger(demo: Demo) -> None:
    officer = Appointment.objects.with_unit().filter(person__username="demo_county").first()
    if officer:
        save_template(by=officer, title="走访月度台账", columns=COLUMNS)


MAKERS.add(make_own_ledger, order=955)
