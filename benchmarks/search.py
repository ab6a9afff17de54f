"""Finding a file among a million: the page of the list as its view makes it, beside the bare SQL of its rows."""

import statistics
import time

RUNS = 30
MADE = 20_000  # files that the common world makes; the server multiplies them
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "子涵雨欣浩宇梓轩诗怡佳明志强秀兰建国桂英玉梅海燕晓东文博思琪俊杰"
END = "0047"


def main(children: int = 1_000_000) -> None:
    """Print p50 and p95 in ms of the database's time and of the whole page, and page ÷ bare SQL (wanted: database
    time at most 20 ms at p95)."""
    from django.db import connection

    from benchmarks._world import fill
    from registry.child.models import ChildFile

    fill(min(children, MADE))
    if connection.vendor == "postgresql":
        _multiply(children // min(children, MADE))
    print(f"{connection.vendor}, {ChildFile.objects.count():,} files, {RUNS} different questions each\n")
    print("| question | tier | rows | db p50 | db p95 | page p50 | page p95 | bare SQL p50 | page ÷ bare |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    posts = _posts()
    for what, questions in _questions().items():
        for tier, post in posts.items():
            if tier == "city" and any("q" in question or "sort" in question for question in questions):
                continue  # the city's masked list is neither searched nor put into another order
            print(f"| {what} | {tier} | {_row(post, questions)} |", flush=True)


def _questions() -> dict[str, list[dict]]:
    from childwelfare.text.pinyin import name_initials, name_pinyin

    pairs = [(SURNAMES[n % 30], GIVEN[(7 * n) % 32]) for n in range(RUNS)]
    return {
        "first page": [{}] * RUNS,
        "surname": [{"q": a} for a, _ in pairs],
        "name, two characters": [{"q": a + b} for a, b in pairs],
        "given name": [{"q": b + a} for a, b in zip(GIVEN, GIVEN[1:] + GIVEN[:1], strict=True)][:RUNS],
        "pinyin": [{"q": name_pinyin(a + b)} for a, b in pairs],
        "initials": [{"q": name_initials(a + b + GIVEN[n])} for n, (a, b) in enumerate(pairs)],
        "last four": [{"q": END}] * RUNS,
        "last six": [{"q": f"{n:02}{END}"} for n in range(RUNS)],
        "whole phone": [{"q": f"138000{n:05}"} for n in range(RUNS)],
        "name or guardian, three characters": [{"q": a + b + b} for a, b in pairs],
        "found nowhere": [{"q": f"龘{a}"} for a, _ in pairs],
        "category and risk": [{"category": "orphan", "risk": "high"}] * RUNS,
        "age and sex": [{"age": "6-13", "sex": "male"}] * RUNS,
        "tenth page": [{"tenth": True}] * RUNS,
        "tenth page of risk": [{"tenth": True, "risk": "high"}] * RUNS,
        "by name": [{"sort": "name"}] * RUNS,
        "youngest": [{"sort": "youngest"}] * RUNS,
        "registered, tenth page": [{"sort": "registered", "tenth": True}] * RUNS,
    }


def _row(post, questions: list[dict]) -> str:
    from django.db import connection

    from registry.lists.views.listing import listing

    whole, inside, bare, rows = [], [], [], []
    for question in [questions[0], *questions]:
        query = _query(post, question)
        asked = _Spent()
        start = time.perf_counter()
        with connection.execute_wrapper(asked):
            rows.append(listing(post, query, _searched(question))["count"])
        whole.append(time.perf_counter() - start)
        inside.append(asked.seconds)
        if asked.page:  # none where it was clear before that nothing is found
            start = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(*asked.page)
                cursor.fetchall()
            bare.append(time.perf_counter() - start)
    whole, inside = whole[1:], inside[1:]  # the first one warmed up
    cells = [f"{statistics.median(rows[1:]):,.0f}"]
    for times in (inside, whole):
        cells += [f"{1000 * statistics.median(times):.1f}", f"{1000 * statistics.quantiles(times, n=20)[-1]:.1f}"]
    if not bare:
        return " | ".join([*cells, "–", "–"])
    ratio = statistics.median(whole) / statistics.median(bare)
    return " | ".join([*cells, f"{1000 * statistics.median(bare):.1f}", f"{ratio:.1f}"])


def _query(post, question: dict):
    from django.http import QueryDict

    from registry.lists.views.listing import listing

    query = QueryDict(mutable=True)
    query.update({name: value for name, value in question.items() if name not in ("tenth", "q")})
    key = (post.pk, *sorted(question.items()))
    if question.get("tenth") and key not in _tenth:
        for _ in range(9):
            page = listing(post, query, _searched(question))["page"]
            query["page"] = page.older or query.get("page", "")
        _tenth[key] = query["page"]
    if question.get("tenth"):
        query["page"] = _tenth[key]
    return query


def _searched(question: dict):
    from childwelfare.pages.searched import Searched

    return Searched({"q": question["q"]} if "q" in question else {})


_tenth = {}


class _Spent:
    """Adds up what the database took, and keeps the query of the rows."""

    def __init__(self):
        self.seconds, self.page = 0.0, None

    def __call__(self, execute, sql, params, many, context):
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - start
            if "LIMIT 51" in sql:
                self.page = (sql, params)


def _posts() -> dict:
    from orgs.accounts.models import Person
    from orgs.posts.models import Appointment
    from orgs.posts.services import appoint
    from registry.child.models import ChildFile
    from tests.builders import ROLE_AT

    village = ChildFile.objects.order_by("village_id").first().village
    units = {"director": village, "township": village.township, "county": village.county, "city": village.city}
    posts = {}
    for tier, unit in units.items():
        person = Person.objects.create(username=f"bench-{tier}-{time.time_ns()}", name=tier, password="!")
        appointed = appoint(person, unit, ROLE_AT[unit.level])
        posts[tier] = Appointment.objects.with_unit().get(pk=appointed.pk)
        posts[tier].holds("view_child")  # the request has read the grants
    return posts


def _multiply(times: int) -> None:
    """Many copies of the files and their categories, each file with a name, a carer and ends of numbers of its own:
    made by the server from the file's key, without indexes and checks in between."""
    from django.db import connection

    from registry.categories.models import CategoryMembership
    from registry.child.models import ChildFile

    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE indexdef NOT LIKE 'CREATE UNIQUE%%' AND tablename = ANY(%s)",
            [[ChildFile._meta.db_table, CategoryMembership._meta.db_table]],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for model in (ChildFile, CategoryMembership):
            _copy(cursor, model, times)
        _write_ends(cursor)
        cursor.execute(NAMES, _parts())
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM FULL registry_childfile")
        cursor.execute("VACUUM ANALYZE registry_childfile")  # what is visible to all, as autovacuum keeps it
        cursor.execute("VACUUM ANALYZE registry_categorymembership")
    print(f"multiplied in {time.perf_counter() - start:.0f} s", flush=True)


def _copy(cursor, model, times: int) -> None:
    """Every row ``times - 1`` times more, under keys that follow from the old ones."""
    columns = [field.column for field in model._meta.concrete_fields]
    keys = {"id", "child_id"}
    values = [f"md5({name}::text || ' copy ' || n)::uuid" if name in keys else f'"{name}"' for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)} "
        f"FROM {model._meta.db_table}, generate_series(2, {times}) AS n"
    )


def _write_ends(cursor) -> None:
    """The true indexes of one end, so that it is found; the other ends only look like some."""
    from childwelfare.security.tails import NETWORKS, tail_index

    numbers = [(f"{year}:{END}", tail_index(f"410199{year}0101{END}", "id_number")) for year in range(2000, 2030)]
    numbers += [(f"{network}:{END}", tail_index(f"{network}0000{END}", "phone")) for network in NETWORKS]
    cursor.execute("CREATE TEMP TABLE known_end (key text PRIMARY KEY, value text)")
    cursor.executemany("INSERT INTO known_end VALUES (%s, %s)", numbers)


def _parts() -> dict[str, list[str]]:
    from childwelfare.text.pinyin import name_pinyin

    return {
        "s": list(SURNAMES), "sp": [name_pinyin(c) for c in SURNAMES],
        "g": list(GIVEN), "gp": [name_pinyin(c) for c in GIVEN],
    }  # fmt: skip


# each part of a name from its own bits of the key's hash
NAMES = """
WITH dice AS (
    SELECT id, birth_date, ('x' || substr(md5(id::text), 1, 7))::bit(28)::int AS a,
           ('x' || substr(md5(id::text), 8, 7))::bit(28)::int AS b,
           ('x' || substr(md5(id::text), 15, 7))::bit(28)::int AS c,
           ('x' || substr(md5(id::text), 22, 7))::bit(28)::int AS d
    FROM registry_childfile
), parts AS (
    SELECT id, a, b, c, d, 1 + a %% 30 AS s, 1 + b %% 32 AS g, 1 + c %% 32 AS h, 1 + d %% 30 AS t,
           1 + (a / 30) %% 32 AS i, 1 + (b / 32) %% 32 AS j,
           extract(year FROM birth_date)::text || ':' || lpad((c %% 10000)::text, 4, '0') AS id_end,
           '1' || (30 + d %% 70) || ':' || lpad((a %% 10000)::text, 4, '0') AS phone_end,
           '1' || (30 + a %% 70) || ':' || lpad((b %% 10000)::text, 4, '0') AS carer_end
    FROM dice
)
UPDATE registry_childfile AS f SET
    name = (%(s)s)[s] || (%(g)s)[g] || (%(g)s)[h],
    given_name = (%(g)s)[g] || (%(g)s)[h],
    pinyin = (%(sp)s)[s] || (%(gp)s)[g] || (%(gp)s)[h],
    name_order = (%(sp)s)[s] || '0' || (%(s)s)[s] || (%(gp)s)[g] || '0' || (%(g)s)[g] || (%(gp)s)[h] || '0',
    initials = left((%(sp)s)[s], 1) || left((%(gp)s)[g], 1) || left((%(gp)s)[h], 1),
    guardian_name = (%(s)s)[t] || (%(g)s)[i] || (%(g)s)[j],
    guardian_pinyin = (%(sp)s)[t] || (%(gp)s)[i] || (%(gp)s)[j],
    file_number = f.village_id || '-' || left(md5(f.id::text), 9) || '-' || lpad((a %% 900)::text, 4, '0'),
    id_tail = coalesce((SELECT value FROM known_end WHERE key = id_end), md5(id_end)),
    phone_tail = coalesce((SELECT value FROM known_end WHERE key = phone_end), md5(phone_end)),
    guardian_phone_tail = coalesce((SELECT value FROM known_end WHERE key = carer_end), md5(carer_end)),
    phone_index = md5('p' || f.id), guardian_phone_index = md5('g' || f.id),
    category_codes = coalesce(held, ''),
    updated_at = now() - (d %% 30000000) * interval '1 second'
FROM parts LEFT JOIN (
    SELECT child_id, min(category) AS held FROM registry_categorymembership WHERE until IS NULL GROUP BY child_id
) AS memberships ON memberships.child_id = parts.id
WHERE parts.id = f.id
"""
