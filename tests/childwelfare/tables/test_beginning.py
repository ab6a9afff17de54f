"""No list ends without saying so: it is paged, or it says how many there are and where the rest is."""

import ast
import datetime

import pytest
from django.utils import timezone

from childwelfare.tables.beginning import beginning_of
from registry.child.models import ChildFile
from tests.builders import a_change, a_post, a_village, a_visit, an_approved_file, sign_in

ROOMS = ("childwelfare", "orgs", "registry", "reports", "visits")
WHILE_TYPING = "hits while one types: more letters narrow them"
TYPED = "a text that was typed"
# where a list is cut by a constant all the same, and how its reader gets at the rest: {module:constant: how}
CUT = {
    "registry.placing.views:SHOWN": "the others come when these are placed, and the page says how many",
    "orgs.reorganisation.forms:MOST_PARTS": "lines that are typed, refused beyond it in words",
    "reports.submissions.views:MONTHS_BESIDE": "the others are folded away beside",
    "reports.submissions.views:MONTHS_LISTED": "the last two years of a unit; an older month is reached by its address",
    "reports.submissions.before:NAMED": "the line says how many of how many are named",
    "reports.requests.views.asking:SHOWN": "months of a year; the API has any",
    "reports.requests.likeness:SHOWN": "what is most alike, to choose from",
    "reports.requests.views.asking:BEHIND": "a Beginning with its number",
    "reports.submissions.period_views:SHOWN": "the last two years of months; an older one is reached by its sheets",
    "reports.exports.excel.body:LONGEST": "a text: no cell of Excel holds more",
    "orgs.audit.presentation:KEY_SHOWN": "a key, not a list",
    "childwelfare.api.bodies:TOLD": "faults of one body: enough to mend it",
    "childwelfare.api.bodies:NAME_TOLD": "a name, not a list",
    "childwelfare.api.parsers:NAME_TOLD": "a name, not a list",
    "orgs.audit.views:PAGE": "paged by key",
    "childwelfare.pages.searched:LONGEST": TYPED,
    "orgs.accounts.spraying:NAMES": "names that failed: enough of them to know",
    "orgs.audit.filters:OF_A_CHILD": "acts of one child: more than a table is taken out of",
    "registry.status.verify:BATCH": "files, worked through in batches",
    "orgs.audit.views:EXPORTED": "the page says how many rows a file holds at most",
    "orgs.review.queue:SHOWN": "the desk says how many more wait; the API walks on (WholeQueue)",
    "orgs.review.reasons:LATELY": "reasons that were given lately, to choose from",
    "orgs.review.reasons:OWN": "reasons that were given lately, to choose from",
    "orgs.review.views:SHOWN": "what the page listed can be ticked",
    "orgs.search.pages:EACH": WHILE_TYPING,
    "orgs.search.people:EACH": WHILE_TYPING,
    "orgs.units.search:SHOWN": WHILE_TYPING,
    "orgs.workbench.services:NEWS_SHOWN": "news of the last days, the newest first",
    "orgs.workbench.unfinished:SHOWN": "a Beginning with its number; counted where there are more",
    "orgs.workbench.services:READ": "the page counts what was not read (unread)",
    "orgs.workbench.views:LINES": "the rest stands below by its labels, each with its number and address",
    "orgs.workbench.views:BELOW": "all of them by ?below=1",
    "registry.child.views.detail:TIMELINE_SHOWN": "says that it goes on in the parts of the page",
    "registry.guidance.panel:SHOWN": "entries of the timeline; the panel counts all and leads to them",
    "registry.lists.hits:EACH": "the list of children has all (all_children)",
    "registry.lists.search:OPENED": "files compared with a number that was typed",
    "registry.lists.search:ENDING": "files whose number ends so: more digits narrow them",
    "registry.lists.search:CODE": TYPED,
    "registry.lists.search:TAIL": TYPED,
    "registry.lists.views.listing:HOSTED_AT_MOST": "children who stay with one station: never so many",
    "registry.papers.panel:SHOWN": "the panel says how many more there are and leads to them",
    "visits.phones.pull:HELD_AT_MOST": "more than the largest village has",
    "visits.phones.pull:RETURNED_AT_MOST": "as these are completed the others come",
    "visits.schedule.due_list:SHOWN": "each round says how many are owed and done, and has its own page",
    "visits.schedule.views.rounds:NAMED": "the page says how many of how many are named",
    "registry.assessments.panel:SHOWN": "the panel counts all and leads to them",
    "registry.assessments.presentation:HEAVIEST": "what weighed most; the table has all",
    "registry.assessments.views.assess:SHOWN": "the newest of a child's; older ones are named by their number",
    "registry.assessments.views.listing:LATEST_PAIRS": "the page says of how many pairs",
    "registry.instruments.moves:NAMED": "the message says how many there are in all",
    "registry.instruments.rescoring:CHUNK": "worked through in chunks",
    "registry.needs.panel:HANDS_SHOWN": "of the line of time; the list of needs has all",
    "registry.plans.panel:SHOWN": "former plans; the list of plans has all",
    "registry.timeline.views:SHOWN": "the page leads to all of them",
    "visits.help.held:NEEDS_AT_MOST": "what a phone holds; the list of needs has all",
    "registry.needs.lists:ON_BOARD": "each column says how many are left out",
    "registry.meetings.views:MOST_NEEDS": "what one meeting takes; any other is put on its table from its own page",
    "registry.needs.panel:30": "lanes of a line of time; the list of needs has all",
    "registry.needs.panel:100": "the panel says how many are left out, of so many at most",
    "registry.needs.panel:SHOWN": "the panel says how many are left out",
    "registry.needs.workbench:SHOWN": "a day shows the most urgent ones; the list of needs has all",
    "visits.today.day:SHOWN": "the page says how many are left out (Day.left_out)",
}
NAMED_HERE = {key.split(":")[0] for key in CUT}
BATCHES = (".services", ".jobs", ".management", ".security", ".uploads", ".runtime", "migrations", "demo", "beginning")


def cuts(root) -> set[str]:
    """{module:constant} of every ``rows[:CONSTANT]``, and ``list(rows[:50])`` as module:50, but where rows are worked
    through in batches."""
    found = set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            module = path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
            if module not in NAMED_HERE and any(part in module for part in BATCHES):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.upper:
                    found |= {f"{module}:{name}" for name in bounds_of(node)}
    return found


def bounds_of(node: ast.Subscript) -> set[str]:
    """The constants that bound a slice; a number from twenty on, where rows of the database are cut."""
    assert isinstance(node.slice, ast.Slice) and node.slice.upper
    if node.slice.lower is not None:
        return set()
    names = {part.id for part in ast.walk(node.slice.upper) if isinstance(part, ast.Name) and part.id.isupper()}
    of_rows = isinstance(node.value, ast.Call) and getattr(node.value.func, "attr", "") in ("order_by", "filter", "all")
    number = node.slice.upper.value if isinstance(node.slice.upper, ast.Constant) else 0
    return names | ({str(number)} if of_rows and number >= 20 else set())


def test_every_list_that_is_cut_says_so(pytestconfig):
    found = cuts(pytestconfig.rootpath)
    assert found - CUT.keys() == set(), (
        "page it (page_of), or say what is left out (beginning_of, components/_rest.html)"
    )
    assert CUT.keys() - found == set(), "is cut no more"


@pytest.mark.django_db
def test_the_beginning_of_a_list_knows_how_many_there_are(village, django_assert_num_queries):
    for _each in range(3):
        an_approved_file(village)
    files = ChildFile.objects.order_by("pk")
    with django_assert_num_queries(1):
        whole = beginning_of(files, 3)
    with django_assert_num_queries(2):
        cut = beginning_of(files, 2)
    assert (len(whole), whole.number, whole.left_out) == (3, 3, 0)
    assert (len(cut), cut.number, cut.left_out) == (2, 3, 1)


@pytest.mark.django_db
def test_overdue_visits_are_paged_to_the_last_and_say_their_year(client, village, monkeypatch):
    monkeypatch.setattr("visits.visit.views.listing.SHOWN", 2)
    today, names = timezone.localdate(), ("张子涵", "赵梦琪", "李明轩")
    for days, name in enumerate(names):
        an_approved_file(village, name=name, on=today - datetime.timedelta(days=800 - days))
    sign_in(client, a_post(village.township))
    first = client.get("/visits/")
    second = client.get(f"/visits/?page={first.context['page'].older}")
    assert [due.child.name for page in (first, second) for due in page.context["page"]] == list(names)
    due_on = first.context["page"].rows[0].due_on
    assert due_on.year < today.year and f"{due_on.year}年{due_on.month}月{due_on.day}日" in first.text
    assert not second.context["page"].older and "下一页" in first.text


@pytest.mark.django_db
def test_the_desk_says_how_many_more_wait(client, village, monkeypatch):
    monkeypatch.setattr("orgs.review.queue.SHOWN", 2)
    director, clerk = a_post(village), a_post(village.township)
    for number in range(3):
        a_change(an_approved_file(village, by=director), by=director, address=f"{number}组")
    sign_in(client, clerk)
    assert "另有 1 条没有列出" in client.get("/review/").text
    monkeypatch.setattr("orgs.review.queue.SHOWN", 3)
    assert "没有列出" not in client.get("/review/").text


@pytest.mark.django_db
def test_all_visits_of_a_child_are_a_link_away(client, village, monkeypatch):
    monkeypatch.setattr("visits.visit.panel.SHOWN", 1)
    today, director = timezone.localdate(), a_post(village)
    child, other = an_approved_file(village, by=director), an_approved_file(village, by=director)
    for days in (2, 1):
        a_visit(child, by=director, visited_on=today - datetime.timedelta(days=days))
    a_visit(other, by=director)
    sign_in(client, director)
    link = f"/visits/?tab=records&amp;child={child.pk}"
    assert link in client.get(f"/children/{child.pk}/").text
    page = client.get(link.replace("&amp;", "&"))
    assert [visit.child for visit in page.context["page"]] == [child, child]
    assert client.get("/visits/?tab=records&child=x").status_code == 200


@pytest.mark.django_db
def test_what_a_page_leaves_out_is_said_below_it(client, village, monkeypatch):
    from tests.builders import a_stay

    monkeypatch.setattr("registry.stays.rows.SHOWN", 1)
    for _each in range(2):
        a_stay(an_approved_file(village), a_village(village.township))
    sign_in(client, a_post(village.township))
    assert "只列出前 1 条，共 2 条。" in client.get("/transfers/").text
