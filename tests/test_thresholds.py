"""Every threshold of a law, a notice or a rule of this project, by hand and from the table that declares it: its value,
and what is so at its last step on the one side and its first on the other.

A number that is declared in the code stands in THRESHOLDS, or in SIZES where nothing of a child, a visit or a deadline
depends on it: a new one is red here until it is put into one of the two. The values stand here by hand, from the law
and the rules, never from the code, which they hold to its word.
"""

import ast
import datetime
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from registry.child.codes import CATEGORY_AGE_LIMIT, Category
from registry.child.validation import check_categories, check_identity, closing_by_age
from registry.eligibility import Facts
from registry.eligibility.conditions import Younger
from registry.eligibility.logic import Circumstances
from registry.eligibility.rules import RULES, months, rules_on
from registry.findings.services import recount
from registry.guidance import services as guidance
from registry.lists.filters import AGE_BANDS as BANDS_OF_LISTS
from registry.quality import contradictions, family, stale
from registry.stays.services import years_later
from registry.twins.likeness import TABLE, Likeness
from reports.indicators.cross_checks import CHECKS, LastMonth
from reports.indicators.facts import AGE_BANDS
from reports.periods.deadlines import DEFAULT_DAYS
from reports.periods.services import _refuse_unordered
from visits.schedule.models import VisitDue
from visits.schedule.services import extra_visits, rounds
from visits.schedule.services.rules import days_between

D, DAY, HOUR = datetime.date, datetime.timedelta(days=1), datetime.timedelta(hours=1)
ON = D(2026, 11, 1)


@dataclass(frozen=True)
class Sides:
    """``value`` by hand; ``holds(step)`` is so at ``last`` and no more at ``beyond``. Or ``tried_in``: the test that
    tries both sides, where it takes a whole world."""

    value: Any
    holds: Callable[[Any], Any] | None = None
    last: Any = None
    beyond: Any = None
    tried_in: str = ""


def turning(years: int, day: datetime.date = ON) -> datetime.date:
    """Born so that the birthday is ``day``."""
    return day.replace(year=day.year - years)


def is_taken(check: Callable, *args: Any, **kwargs: Any) -> bool:
    try:
        check(*args, **kwargs)
    except ValidationError:
        return False
    return True


def may_be_registered(born: datetime.date) -> bool:
    return is_taken(check_identity, {"birth_date": born, "sex": "male", "no_id_reason": "not_yet"}, on=ON)


def may_hold(category: str, born: datetime.date) -> bool:
    return is_taken(check_categories, {category: {"difficulty": "own"}}, born, on=ON)


def is_younger_at_birth(years: int) -> Callable[[datetime.date], bool | None]:
    """Whether somebody was younger than ``years`` when a child was born on ON, by the birthday of ``step``."""
    return lambda born: family._born_before(SimpleNamespace(birth_date=born), SimpleNamespace(birth_date=ON), years)


def untouched(day: datetime.date) -> bool:
    return stale._untouched(SimpleNamespace(looked_at=ON, on=day))


def id_number_waits(day: datetime.date) -> bool:
    file = SimpleNamespace(no_id_reason="not_yet", id_index="", approved_on=ON)
    return stale._id_number_waits(SimpleNamespace(file=file, on=day))


def age_is_told(day: datetime.date) -> bool:
    """Whether a left-behind child who turns 16 on ON is named on that day."""
    file = SimpleNamespace(birth_date=turning(16))
    seen = SimpleNamespace(verdict=recount.NO)
    before = recount.evaluate, recount.facts_of
    recount.evaluate, recount.facts_of = (lambda *_args, **_kwargs: [seen]), (lambda _file: None)
    try:
        return recount.age_exit(file, Category.LEFT_BEHIND, day, []) is not None
    finally:
        recount.evaluate, recount.facts_of = before


def is_twin(points: int) -> bool:
    return Likeness(points, tuple(trait for trait in TABLE if trait.kind == "name")).is_twin


def may_be_asked(day: datetime.date) -> bool:
    return is_taken(extra_visits._check, day, "奶奶住院", ON)


def may_run(until: datetime.date) -> bool:
    return is_taken(rounds._check, "暑期走访", ON, until, [], "", ON)


def may_be_entrusted(until: datetime.date) -> bool:
    signed, problems = {"signed_on": ON, "school_told_on": None, "village_told_on": None}, {}
    guidance._check_dates({"since": ON, "until": until, **signed}, problems)
    return "until" not in problems


def is_no_jump(now: int, before: int) -> bool:
    """Whether ``now`` children after ``before`` are reported without a word about it."""
    (change,) = (check for check in CHECKS if check.key == "change")
    return not change.difference({"registered": now}, LastMonth(carried={"registered": before}))


def may_be_due_on(day: int) -> bool:
    return is_taken(_refuse_unordered, dict.fromkeys(DEFAULT_DAYS, day))


def is_overdue(day: datetime.date) -> bool:
    return VisitDue(due_on=ON).is_overdue(day)


LIKENESS = {
    "身份证号相同": 100, "身份证号不同": -40, "姓名相同": 40, "姓名同音": 34, "姓名差一个字": 24, "出生日期相同": 30,
    "出生日期月日颠倒": 22, "出生日期差一位数字": 20, "同年出生": 4, "出生日期不同": -10, "性别相同": 4,
    "性别不同": -24, "同村（居）": 12, "同乡镇（街道）": 7, "同县（市、区）": 3, "照看人同名": 6,
    "照看人电话相同": 10, "照看人身份证号相同": 8, "登记为兄弟姐妹": -40,
}  # fmt: skip
THRESHOLDS: dict[str, Sides] = {
    # who is a child of the registry: 未成年人保护法 art. 2
    "registry.child.validation:UPPER_AGE": Sides(18, may_be_registered, turning(18) + DAY, turning(18)),
    "registry.child.codes:CATEGORY_AGE_LIMIT": Sides(
        {"orphan": 18, "de_facto": 18, "difficulty": 18, "left_behind": 16, "migrant": 16},
        tried_in="tests/test_thresholds.py::test_a_category_is_held_until_the_day_before_its_birthday",
    ),
    "registry.child.field_table.child:SCHOOL_AGE": Sides(
        3, tried_in="tests/registry/quality/test_edges.py::test_school_is_asked_for_from_the_third_birthday_on"
    ),
    # bands of the figures and of the lists
    "reports.indicators.facts:AGE_BANDS": Sides(
        ((0, 5), (6, 13), (14, 15), (16, 17)), tried_in="tests/test_thresholds.py::test_bands_have_no_gap"
    ),
    "registry.lists.filters:AGE_BANDS": Sides(
        {"0-5": (0, 6), "6-13": (6, 14), "14-15": (14, 16), "16-17": (16, 18), "18-": (18, None)},
        tried_in="tests/test_thresholds.py::test_bands_have_no_gap",
    ),
    # what a sheet has to explain, and by when it is sent
    "reports.indicators.cross_checks:CHANGE": Sides(10, lambda now: is_no_jump(now, 100), 110, 111),
    "reports.indicators.cross_checks:SMALL": Sides(5, lambda now: is_no_jump(now, 10), 15, 16),
    "reports.periods.deadlines:DEFAULT_DAYS": Sides(
        {"village": 2, "township": 3, "county": 5, "city": 8, "locks": 12},
        tried_in="tests/reports/submissions/test_deadlines.py"
        "::test_each_tier_has_its_day_and_a_day_off_moves_on_to_the_next_working_day",
    ),
    "reports.periods.deadlines:LATEST_DAY": Sides(28, may_be_due_on, 28, 29),
    "reports.periods.deadlines:RETURNED_DAYS": Sides(
        2,
        tried_in="tests/reports/submissions/test_submissions.py"
        "::test_a_returned_one_says_what_is_wrong_with_which_number_and_may_be_sent_for_two_days_more",
    ),
    "reports.submissions.opening:OPENED_BEFORE": Sides(
        3,
        tried_in="tests/reports/submissions/test_deadlines.py"
        "::test_a_month_opens_by_itself_in_its_last_days_and_is_locked_when_its_days_are_over",
    ),
    # quality
    "registry.quality.stale:MONTHS": Sides(12, untouched, D(2027, 11, 1), D(2027, 10, 31)),
    "registry.quality.stale:ID_MONTHS": Sides(6, id_number_waits, D(2027, 5, 1), D(2027, 4, 30)),
    "registry.quality.contradictions:STAGES": Sides(
        {"kindergarten": (2, 7), "primary": (5, 15), "junior": (10, 18), "senior": (13, 18), "vocational": (13, 18)},
        tried_in="tests/test_thresholds.py::test_a_stage_of_school_is_usual_within_its_ages",
    ),
    "registry.quality.family:ADULT": Sides(
        18,
        lambda born: family._guardian_young(SimpleNamespace(guardian=SimpleNamespace(birth_date=born), on=ON)),
        turning(18) + DAY,
        turning(18),
    ),
    "registry.quality.family:YOUNGEST_PARENT": Sides(12, is_younger_at_birth(12), turning(12) + DAY, turning(12)),
    "registry.quality.family:YOUNGEST_GRANDPARENT": Sides(26, is_younger_at_birth(26), turning(26) + DAY, turning(26)),
    "registry.quality.family:OLDEST_MOTHER": Sides(60, is_younger_at_birth(61), turning(61) + DAY, turning(61)),
    # who is looked at as perhaps the same child
    "registry.twins.likeness:THRESHOLD": Sides(70, is_twin, 70, 69),
    # findings, stays
    "registry.findings.services.recount:AGE_AHEAD": Sides(30 * DAY, age_is_told, ON - 30 * DAY, ON - 31 * DAY),
    "registry.stays.services:AHEAD": Sides(
        30 * DAY, tried_in="tests/registry/stays/test_begin_and_end.py::"
        "test_a_stay_is_registered_thirty_days_ahead_and_not_thirty_one",
    ),
    "registry.stays.services:LONGEST_YEARS": Sides(
        3, tried_in="tests/test_thresholds.py::test_a_stay_lasts_three_years_at_most"
    ),
    "registry.guidance.services:LONGEST": Sides(5 * 366 * DAY, may_be_entrusted, ON + 1830 * DAY, ON + 1831 * DAY),
    # assessments, and what visits tell of a child: 未成年人保护法 art. 21
    "registry.assessments.distribution:SOON": Sides(
        30 * DAY,
        tried_in="tests/registry/assessments/test_distribution.py"
        "::test_it_is_due_from_thirty_days_before_and_overdue_from_the_day_after",
    ),
    "visits.visit.facts:TELLS_FOR": Sides(
        183 * DAY, tried_in="tests/registry/instruments/test_facts.py::test_a_visit_tells_for_half_a_year"
    ),
    "visits.visit.facts:UNATTENDED_BELOW": Sides(
        8, tried_in="tests/registry/instruments/test_facts.py::test_who_is_left_alone_by_law"
    ),
    "visits.visit.facts:ALONE_BELOW": Sides(
        16, tried_in="tests/registry/instruments/test_facts.py::test_who_is_left_alone_by_law"
    ),
    # visits: 未成年人保护法 art. 21, 23; the intervals of this project where no county says otherwise
    "visits.visit.flags:CONTACT_DAYS": Sides(
        7, tried_in="tests/visits/visit/test_thresholds.py::test_parents_are_silent_from_the_eighth_day_on"
    ),
    "visits.visit.questions:AGREED_WITHIN_DAYS": Sides(
        366,
        tried_in="tests/visits/visit/test_next_visit.py::test_the_api_refuses_a_day_too_far_off_at_its_field",
    ),
    "visits.visit.questions:LATE_AFTER_DAYS": Sides(
        3, tried_in="tests/visits/visit/test_thresholds.py::test_a_visit_is_entered_late_from_the_fourth_day_on"
    ),
    "visits.schedule.services.rules:DEFAULT_DAYS": Sides(
        {"high": 7, "raised": 15, "general": 30, "watch": 30},
        tried_in="tests/test_thresholds.py::test_days_between_two_visits_where_no_rule_says_otherwise",
    ),
    "visits.schedule.services.rules:LONGEST_DAYS": Sides(
        365, tried_in="tests/test_thresholds.py::test_a_rule_asks_for_a_visit_a_year_at_least"
    ),
    "visits.schedule.services.extra_visits:AHEAD_DAYS": Sides(60, may_be_asked, ON + 60 * DAY, ON + 61 * DAY),
    "visits.schedule.services.rounds:LONGEST_DAYS": Sides(120, may_run, ON + 119 * DAY, ON + 120 * DAY),
    "visits.oversight.work:GRACE": Sides(
        14 * DAY,
        tried_in="tests/visits/oversight/test_work.py::"
        "test_what_falls_due_fourteen_days_after_the_start_counts_the_day_before_it_not",
    ),
    "visits.oversight.services:DAYS_OFF": Sides(
        3, tried_in="tests/visits/oversight/test_spot_checks.py::test_what_differs_is_named"
    ),
    # reports of danger: 未成年人保护法 art. 11, 关于建立侵害未成年人案件强制报告制度的意见（试行）
    "visits.alerts.models:HANDLED_WITHIN_HOURS": Sides(
        24, tried_in="tests/test_thresholds.py::test_a_report_waits_an_hour_for_a_signature_and_a_day_for_help"
    ),
    "visits.alerts.models:ACKNOWLEDGED_WITHIN": Sides(
        HOUR, tried_in="tests/test_thresholds.py::test_a_report_waits_an_hour_for_a_signature_and_a_day_for_help"
    ),
    # needs: examples of this installation, in working days
    "registry.needs.deadlines:DUE_WITHIN": Sides(
        {"urgent": 3, "soon": 10, "normal": 20},
        tried_in="tests/registry/needs/test_recording.py::test_its_last_day_goes_by_its_urgency_in_working_days",
    ),
    "registry.needs.deadlines:ESCALATED_AFTER": Sides(
        3, tried_in="tests/registry/needs/test_escalation.py::test_after_three_working_days_it_goes_up"
    ),
    "registry.needs.deadlines:PUT_OFF_BY_ITSELF": Sides(
        20, tried_in="tests/registry/needs/test_handling.py::test_a_holder_does_not_put_it_off_beyond_the_limit"
    ),
    "registry.needs.deadlines:FURTHEST": Sides(
        365 * DAY, tried_in="tests/registry/needs/test_recording.py::test_what_is_wrong_is_told_at_its_field"
    ),
    # what may be taken back, confirmed, kept
    "childwelfare.workflow.transitions:UNDO_WITHIN": Sides(
        HOUR / 4, tried_in="tests/registry/changes/test_changes.py::UNDO_WITHIN"
    ),
    "reports.exports.services:KEPT_FOR": Sides(
        7 * DAY, tried_in="tests/reports/exports/test_exports.py::KEPT_FOR"
    ),
    "orgs.account_requests.services:CONFIRM_WITHIN": Sides(
        24 * HOUR, tried_in="tests/orgs/account_requests/test_account_requests.py::hours=24"
    ),
    "orgs.account_requests.services:OFFER_LASTS": Sides(
        14 * DAY, tried_in="tests/orgs/account_requests/test_account_requests.py::days=14"
    ),
}  # fmt: skip


# names of numbers on which nothing of a child, a visit or a deadline depends: how much is shown, read at once, typed
SIZES = re.compile(
    r"SHOWN$|^LIMITS$|^(REASON|NOTE|STEP|NAME|DOCUMENT|ADVICE)_LIMIT$|BATCH|AT_ONCE|^(LONGEST|LARGEST|EACH|FEW|LINES|BELOW|READ|PAGE|LATEST|LISTED|NAMED|NAME|OWN|SHORT|MB"
    r"|LONG|COLUMNS|ORDER|FOUND|OPENED|ENDING|ENDS|CODE|SIZE|TIMEOUT|OLDEST|EARLIEST|MOST)$|AT_MOST$|_MOST$|^MOST_|^MAX_"
    r"|_LONGEST$|_LENGTH$|_ENTRIES$|^VISIT_QUESTIONS$"
)
# the same, each for its reason: {name: why}
NOT_A_RULE = {
    "registry.assessments.api:CORRECTED": "an example",
    "registry.assessments.codes:AFTER_ALERT_WITHIN": "test_dues.py",
    "registry.assessments.codes:FIRST_WITHIN": "test_dues.py",
    "registry.assessments.codes:SECOND_WITHIN": "test_assessing.py",
    "registry.assessments.codes:UNFINISHED_WITHIN": "test_dues.py",
    "registry.assessments.review:TO_SIGN": "TODO_KINDS: test_working_days_until_a_station_decides",
    "registry.assessments.services.answers:WHY_LIMIT": "characters",
    "registry.assessments.services.assess:DAY": "a unit",
    "registry.assessments.services.dues:DAY": "a unit",
    "registry.assessments.views.listing:DAY": "a unit",
    "registry.assessments.views.listing:LATEST_PAIRS": "how many pairs the agreement is counted of",
    "registry.assessments.workbench:RETURNED": "TODO_KINDS: test_working_days_until_a_station_decides",
    "registry.plans.forms:SPARE": "empty rows of a form",
    "registry.plans.services.checking:TEXT_LIMIT": "characters",
    "registry.plans.services.checking:WHO_LIMIT": "characters",
    "registry.plans.workbench:LEADERLESS": "TODO_KINDS: test_working_days_until_a_station_decides",
    "registry.plans.workbench:RETURNED": "the same",
    "registry.timeline.drawing:HEAD": "units of a picture",
    "registry.timeline.drawing:LABELS": "units of a picture",
    "registry.timeline.drawing:LETTER": "units of a picture",
    "registry.timeline.drawing:ROW": "units of a picture",
    "registry.timeline.drawing:WIDTH": "units of a picture",
    "registry.timeline.span:AHEAD": "how much of what is to come is drawn",
    "registry.timeline.span:MONTHS_BACK": "how much of what was is drawn",
    "visits.alerts.codes:CALLS": "codes",
    "visits.alerts.services.joining:ONE_DANGER": "tests/visits/help",
    "visits.help.held:SPOKEN_OF": "codes",
    "registry.meetings.services:ITEM_LIMIT": "characters",
    "registry.needs.services.recording:WORDS_LIMIT": "characters",
    "registry.needs.lists:ON_BOARD": "cards of a column",
    "reports.periods.deadlines:LATEST_MOVED": "test_a_year_that_was_mistyped_is_refused",
    "reports.submissions.views:MONTHS_BESIDE": "months beside a heading",
    "reports.submissions.views:MONTHS_LISTED": "months of a list",
    "registry.placing.workbench:TO_PLACE": "test_working_days_until_a_station_decides",
    "reports.submissions.people:REPORTS": "tiers, not a measure",
    "reports.submissions.workbench:TO_DECIDE": "test_working_days_until_a_station_decides",
    "reports.amendments.workbench:TO_DECIDE_AMENDMENT": "test_working_days_until_a_station_decides",
    "reports.amendments.workbench:TO_SEND_AMENDMENT": "test_working_days_until_a_station_decides",
    "reports.periods.deadlines:ENDS_AT": "the end of a working day",
    "reports.periods.deadlines:ONE_DAY": "the next day",
    "reports.exports.pdf.summaries:WIDE": "the size of paper",
    "reports.exports.pdf.summaries:A3_ON_A4": "the size of paper",
    "childwelfare.typesetting.services:LONGEST_IN_BACKGROUND": "seconds for a page",
    "reports.snapshots.content:SCHEMA": "the form of a snapshot's content",
    "orgs.workbench.services:NEWS_FOR": "how long news stand on a page",
    "orgs.workbench.services:SOON": "a colour",
    "orgs.workbench.services:TIER_BELOW": "tiers, not a measure",
    "orgs.review.reasons:LATELY": "how many reasons are looked through",
    "orgs.drafts.models:KEEP": "how long a draft that nobody sent is kept for its writer",
    "registry.child.codes:NATIONS": "codes",
    "registry.status.models:CATEGORY_BITS": "codes",
    "registry.status.models:DIFFICULTY_BITS": "codes",
    "visits.visit.api.visits:EXAMPLE": "an example for the schema",
    "registry.child.id_number:WEIGHTS": "GB 11643; test_id_numbers.py",
    "registry.child.models:NEVER": "to sort by",
    "registry.child.form_fields:WIDGETS": "a look",
    "registry.child.form_steps:VILLAGE": "a place on the form",
    "registry.closing.services:CLOSE_REASONS": "codes",
    "registry.eligibility.rules:RULES": "test_ages_…, test_months_of_the_rules, test_a_rule_decides_from_its_day",
    "registry.eligibility.rules:DE_FACTO": "a part of RULES",
    "registry.quality.family:FAMILY": "rules that name the thresholds above",
    "registry.quality.missing:BY_HAND": "points of completeness; test_quality.py",
    "registry.lists.columns:BESIDE": "a look",
    "registry.changes.workbench:RETURNED": "TODO_KINDS: test_working_days_until_a_station_decides",
    "registry.child.workbench:RETURNED": "the same",
    "registry.transfers.workbench:TO_TAKE_IN": "the same",
    "visits.visit.workbench:RETURNED": "the same",
    "registry.twins.likeness:TABLE": "test_points_of_likeness",
    **{
        f"registry.instruments.example:{name}": "the example; test_problems.py, test_scoring.py"
        for name in ("CARE", "FAMILY", "HEALTH", "SCHOOL", "SAFETY", "MIND", "LEVELS", "EXAMPLE")
    },
    "registry.instruments.problems:WHOLE": "a sum; test_problems.py",
    "registry.instruments.problems:LONGEST_MONTHS": "the longest that a level may say; test_problems.py",
    "registry.instruments.problems:LONGEST_DAYS": "the same",
    "registry.instruments.moves:AHEAD": "a year that was mistyped is asked about; test_versions.py",
    "registry.instruments.editing:LONGEST_STEP": "digits of a place in a list",
    "registry.instruments.definition_body:LONGEST_WORDS": "how long a text of a draft may be; test_api.py",
    "registry.instruments.definition_body:LONGEST_LIST": "how much a draft may hold",
    "registry.instruments.definition_body:HIGHEST": "how large a number a draft may hold",
    "registry.instruments.api:SAVE_EXAMPLE": "an example",
    "registry.instruments.api:PUBLISH_EXAMPLE": "an example",
    "registry.instruments.rescoring:CHUNK": "rows read at once",
    "registry.twins.views:NUMBERS_AN_HOUR": "a brake on guessing; test_twins.py",
    "visits.alerts.services.raising:CLOCKS_DIFFER": "how far a phone's clock may be off",
    "visits.offline.views:SHORTEST_PIN": "digits of a PIN; tests/browser",
    "visits.oversight.services:SHARE": "a share, one visit at least; test_spot_checks.py",
    "visits.oversight.work:RARE": "a kind of interval, not a side: monthly ones; test_work.py",
    "visits.phones.models:CLOCK_OFF": "how far a phone's clock may be off",
    "visits.phones.items:SEALED_PER_CHARACTER": "bytes",
    "visits.phones.pull:REMEMBERED": "how long a cursor is known",
    "visits.phones.services.sync:DAY_DOUBTFUL": "how far a phone's clock may be off",
    "visits.phones.services.sync:VISIT_MAY_COME": "how long a photo waits for its visit",
    "orgs.drafts.views:BLANK": "what a draft says that leaves it out",
    "visits.phones.services.sync:HANDED_OVER_AN_HOUR": "a brake",
    "visits.phones.views:QUIET_DAYS": "a colour",
    "visits.schedule.models:SHOWN_AFTER": "how long a round stands on the day's page",
    "visits.today.day:WEEK": "the name of a group: 七天内应访",
    "visits.visit.models:COMPLETED_LATELY": "how long a visit elsewhere is read",
    "visits.visit.questions:WHO": "questions", "visits.visit.questions:CARE": "questions",
    "visits.visit.questions:SAFETY": "questions", "visits.visit.questions:NEXT": "questions",
    "visits.visit.services.sendings:AGAIN_WITHIN": "what is a second sending; test_sent_again.py",
    "visits.visit.services.sendings:KEY_KNOWN_FOR": "the same",
    "visits.visit.services.sendings:SENDINGS": "how many are kept",
    "reports.rollup.jobs:FORGOTTEN_AFTER": "seconds of a lease",
    "reports.rollup.jobs:LONGER_EVERY": "how often the figures of a quarter and a year follow what is written",
    "reports.rollup.services:LEASE": "a lease",
    "reports.rollup.mixes:LANE": "bits of a sum",
    "reports.rollup.storing:MANY": "rows read at once",
    "reports.exports.kinds:EXPORT_KINDS": "a tier",
    "reports.indicators.templates:PRINTED": "numbers of printed columns",
    "reports.indicators.templates:LEFT_BEHIND_2016": "numbers of printed columns",
    "reports.indicators.templates:SUMMARY": "a version",
}  # fmt: skip
WALKED = ("registry", "visits", "orgs/account_requests", "orgs/drafts", "orgs/workbench", "orgs/review",
          "reports/indicators", "reports/rollup", "reports/exports", "reports/periods", "reports/submissions",
          "reports/snapshots", "reports/amendments")  # fmt: skip


def numbers_declared(root) -> set[str]:
    """module:NAME of every constant of a module that is a number, a time, or a table with numbers in it."""
    found = set()
    for folder in WALKED:
        for path in (root / folder).rglob("*.py"):
            module = path.relative_to(root).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
            if "migrations" in path.parts or path.name.startswith("demo") or "excel" in path.parts:
                continue
            if path.parent.name == "printing" or path.name == "presentation.py":
                continue
            for statement in ast.parse(path.read_text()).body:
                found |= {f"{module}:{name}" for name in numbers_in(statement) if is_a_rule(f"{module}:{name}")}
    return found


def is_a_rule(key: str) -> bool:
    return key in THRESHOLDS or not SIZES.search(key.split(":")[1])


def numbers_in(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign) and statement.value:
        targets = [statement.target]
    if not targets or not any(
        isinstance(node, ast.Constant) and type(node.value) in (int, float) for node in ast.walk(statement.value)
    ):
        return set()
    names = [name for target in targets for name in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return {name.id for name in names if isinstance(name, ast.Name) and name.id.isupper()}


def test_every_number_is_a_threshold_with_two_sides_or_no_rule(pytestconfig):
    found, known = numbers_declared(pytestconfig.rootpath), THRESHOLDS.keys() | NOT_A_RULE.keys()
    assert found - known == set(), "a new number: what is so on its two sides? (THRESHOLDS), or why is it no rule?"
    assert {name for name in known - found if not name.startswith("childwelfare")} == set(), "is declared no more"


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_threshold_is_what_the_rule_says(name):
    module, constant = name.split(":")
    declared = getattr(importlib.import_module(module), constant)
    assert declared == THRESHOLDS[name].value


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_threshold_has_two_sides(name, pytestconfig):
    sides = THRESHOLDS[name]
    if sides.holds:
        assert sides.holds(sides.last) and not sides.holds(sides.beyond)
        return
    file, test = sides.tried_in.split("::")
    assert test in (pytestconfig.rootpath / file).read_text(), "no test tries its two sides"


@pytest.mark.parametrize(("category", "limit"), THRESHOLDS["registry.child.codes:CATEGORY_AGE_LIMIT"].value.items())
def test_a_category_is_held_until_the_day_before_its_birthday(category, limit):
    assert may_hold(category, turning(limit) + DAY) and not may_hold(category, turning(limit))
    assert CATEGORY_AGE_LIMIT[category] == limit


def test_of_age_from_the_birthday_on():
    assert closing_by_age(turning(18), begun_on=None, on=ON) and not closing_by_age(
        turning(18) + DAY, begun_on=None, on=ON
    )


def test_bands_have_no_gap():
    """Each year of a child's life is in one band, of figures and lists alike."""
    of_figures = [[age for age in range(18) if low <= age <= high] for low, high in AGE_BANDS]
    of_lists = [[age for age in range(18) if low <= age < beyond] for low, beyond in BANDS_OF_LISTS.values() if beyond]
    assert of_figures == of_lists and sum(of_figures, []) == list(range(18))


@pytest.mark.parametrize(("stage", "ages"), THRESHOLDS["registry.quality.contradictions:STAGES"].value.items())
def test_a_stage_of_school_is_usual_within_its_ages(stage, ages):
    def found(age: int) -> list[bool]:
        case = SimpleNamespace(file=SimpleNamespace(schooling=stage), age=age)
        return [contradictions._too_early(case), contradictions._too_late(case)]

    first, last = ages
    assert [found(age) for age in (first - 1, first, last, last + 1)] == [
        [True, False], [False, False], [False, False], [False, True],
    ]  # fmt: skip


def test_nobody_drops_out_before_the_age_of_school():
    """义务教育法 art. 11: school begins at six."""
    for age, too_young in ((5, True), (6, False)):
        case = SimpleNamespace(file=SimpleNamespace(schooling="dropped_out"), age=age)
        assert contradictions._dropped_out_too_young(case) is too_young


RULES_BY_HAND = [
    # category, version, years, months of a situation, in force from, until
    ("orphan", "2010-54", 18, None, D(2010, 11, 16), None),
    ("de_facto", "2019-62", 18, 6, D(2020, 1, 1), D(2020, 12, 24)),
    ("de_facto", "2020-125", 18, 6, D(2020, 12, 24), None),
    ("difficulty", "2016-36", 18, None, D(2016, 6, 13), None),
    ("left_behind", "2016-13", 16, None, D(2016, 2, 4), D(2024, 9, 1)),
    ("left_behind", "2024", 16, 6, D(2024, 9, 1), None),
    ("migrant", "2024", 16, 6, D(2024, 9, 1), None),
]


def rule_of(category: str, version: str):
    return next(rule for rule in RULES if (rule.category, rule.version) == (category, version))


def test_no_rule_is_without_its_line_here():
    assert [(rule.category, rule.version) for rule in RULES] == [row[:2] for row in RULES_BY_HAND]


@pytest.mark.parametrize(("category", "version", "years"), [row[:3] for row in RULES_BY_HAND])
def test_ages_of_the_rules(category, version, years):
    young = next(part for part in rule_of(category, version).test.parts if isinstance(part, Younger))
    for born, is_so in ((turning(years) + DAY, True), (turning(years), False)):
        assert young.test(Circumstances(Facts(birth_date=born), ON, {})).value is is_so


@pytest.mark.parametrize(("category", "version", "least"), [(*row[:2], row[3]) for row in RULES_BY_HAND])
def test_months_of_the_rules(category, version, least):
    """Their two sides: test_eligibility.py, by a second reading of the documents, with days that are six months ago and
    a day less."""
    assert rule_of(category, version).parameters.get("min_months") == least


@pytest.mark.parametrize(("category", "version", "since", "until"), [(*row[:2], *row[4:]) for row in RULES_BY_HAND])
def test_a_rule_decides_from_its_day_to_the_day_before_the_next(category, version, since, until):
    def decides(day: datetime.date) -> bool:
        rule, _known = rules_on(day, category)
        return rule is not None and rule.version == version

    assert decides(since) and not decides(since - DAY)
    if until:
        assert decides(until - DAY) and not decides(until)
    else:
        assert decides(D(2099, 1, 1))


def test_a_variant_says_from_one_month_to_three_years():
    assert [months(number) for number in (0, 1, 36, 37)] == [False, True, True, False]


def test_points_of_likeness():
    assert {str(trait.label): trait.points for trait in TABLE} == LIKENESS


@pytest.mark.parametrize(
    ("risk", "days"), [("high", 7), ("raised", 15), ("general", 30), ("watch", 30), ("unknown", 30)]
)
def test_days_between_two_visits_where_no_rule_says_otherwise(risk, days):
    assert days_between(risk, "", on=ON, rules=[], county=1) == days


def test_a_visit_is_overdue_from_the_day_after_it_was_due():
    assert not is_overdue(ON) and is_overdue(ON + DAY)


@pytest.mark.django_db
def test_a_rule_asks_for_a_visit_a_year_at_least(village):
    from tests.builders import a_post
    from visits.schedule.services.rules import new_rule

    given = {"by": a_post(village.county), "risk": "general", "since": ON, "document": "县民政〔2026〕3号"}
    assert [is_taken(new_rule, days=days, **given) for days in (0, 1, 365, 366)] == [False, True, True, False]


@pytest.mark.django_db
def test_a_stay_lasts_three_years_at_most(village):
    from django.utils import timezone

    from tests.builders import a_stay, a_village, an_approved_file

    there, since = a_village(), timezone.localdate()
    for until, taken in ((years_later(since, 3) + DAY, False), (years_later(since, 3), True)):
        assert is_taken(a_stay, an_approved_file(village), there, since=since, until=until) is taken


@pytest.mark.django_db
def test_a_report_waits_an_hour_for_a_signature_and_a_day_for_help(village):
    from tests.builders import an_alert
    from visits.alerts.models import Alert
    from visits.alerts.services.escalation import escalate

    begun, second = an_alert(village).clock_from, datetime.timedelta(seconds=1)
    for hours, told in ((1, 1), (2, 1)):
        assert escalate(begun + hours * HOUR - second) == 0 and escalate(begun + hours * HOUR) == told
    assert not Alert.objects.late(begun + 24 * HOUR).exists()
    assert Alert.objects.late(begun + 24 * HOUR + second).exists()


def test_working_days_until_a_station_decides():
    from orgs.workbench.kinds import TODO_KINDS

    days = {key: kind.days for key, kind in TODO_KINDS.items() if kind.days}
    assert days == {
        "file": 5, "change": 5, "visit": 5, "file_back": 3, "change_back": 3, "visit_back": 3, "transfer": 5,
        "file_taken_back": 3, "visit_taken_back": 3, "ledger_sent": 2, "amendment": 2, "amendment_open": 2,
        "placing": 5, "assessment": 5, "assessment_sign": 3, "assessment_back": 3, "plan": 5, "plan_high": 5,
        "plan_back": 3, "plan_lead": 3,
    }  # fmt: skip
