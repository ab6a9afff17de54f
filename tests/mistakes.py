"""Mistakes that the tests ought to find, each planted alone in a copy of the tree by ``./dev test --seeded-mistakes``.

Each stands for a mechanism that must not be lost. When code moves, adapt ``file`` and ``old``: ``old`` has to be there
exactly once, or the run says so.
"""

from typing import NamedTuple


class Mistake(NamedTuple):
    """``old`` in ``file`` becomes ``new``; one of ``tests`` (arguments to pytest) ought to fail."""

    mechanism: str
    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MISTAKES = (
    Mistake(
        "scope", "a list shows whatever lies anywhere",
        "orgs/access/scope.py",
        "return self.filter(lies_in(units, self.via)) if units else self.none()",
        "return self.all()",
        ("tests/orgs/access/test_scope.py",),
    ),
    Mistake(
        "scope", "one record is open to every post that holds the permission anywhere",
        "orgs/posts/models.py",
        'return any(getattr(record, f"{tier}_id") in ids for tier, ids in self.units_granting(permission).items())',
        "return self.holds(permission)",
        ("tests/orgs/access/test_scope.py",),
    ),
    Mistake(
        "thresholds", "a child is left behind until it is 17",
        "registry/child/codes.py",
        "Category.LEFT_BEHIND: 16,",
        "Category.LEFT_BEHIND: 17,",
        ("tests/test_thresholds.py",),
    ),
    Mistake(
        "thresholds", "who is of age today may be registered",
        "registry/child/validation.py",
        "if entering and (age := age_on(birth_date, on)) >= UPPER_AGE:",
        "if entering and (age := age_on(birth_date, on)) > UPPER_AGE:",
        ("tests/test_thresholds.py",),
    ),
    Mistake(
        "thresholds", "a rule decides on the day on which it ended",
        "registry/eligibility/rules.py",
        "return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)",
        "return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)",
        ("tests/test_thresholds.py",),
    ),
    Mistake(
        "workflow", "who made it may check it",
        "childwelfare/workflow/transitions.py",
        "if not move.decides or post.person_id not in writers_of(_written(move, record)):",
        "if True:",
        ("tests/registry/child/test_review.py",),
    ),
    Mistake(
        "workflow", "only who began a record is kept from checking it, not who wrote in it since",
        "childwelfare/workflow/writers.py",
        "return {record.made_by_id} | {event.person_id for event in record.events.all() if event.action in WRITES}",
        "return {record.made_by_id}",
        ("tests/childwelfare/workflow/test_writers.py",),
    ),
    Mistake(
        "workflow", "a county is refused by API what stands on its desk",
        "childwelfare/workflow/transitions.py",
        'instead = move.instead[0] if move.instead else ""',
        'instead = ""',
        ("tests/childwelfare/workflow/test_writers.py",),
    ),
    Mistake(
        "phones", "one item that was handed over shuts the page to its station",
        "visits/phones/views.py",
        'if name == "changes":',
        'if name == "nothing":',
        ("tests/visits/phones/test_phones.py",),
    ),
    Mistake(
        "workflow", "the version on the screen is not compared",
        "childwelfare/workflow/outcomes.py",
        "filter(pk=record.pk, state__in=states, version=version)",
        "filter(pk=record.pk, state__in=states)",
        ("tests/registry/child/test_review.py", "tests/registry/child/test_versions.py"),
    ),
    Mistake(
        "workflow", "a move that is for some of those who hold its permission is anybody's of them",
        "childwelfare/workflow/transitions.py",
        "return move.only is None or move.only[1](post, record)",
        "return True",
        ("tests/childwelfare/workflow/test_expectations.py",),
    ),
    Mistake(
        "undo", "a decision is taken back after 15 minutes",
        "childwelfare/workflow/transitions.py",
        "if timezone.now() - event.at > UNDO_WITHIN:",
        "if False:",
        ("tests/registry/changes/test_changes.py", "tests/registry/child/test_review.py"),
    ),
    Mistake(
        "review", "the API decides what does not lie on the desk",
        "orgs/review/api.py",
        "record = get_object_or_404(review_kind.decided_by(post), pk=key)",
        "record = get_object_or_404(review_kind.model.objects.all(), pk=key)",
        ("tests/orgs/review/test_desk_and_api.py",),
    ),
    Mistake(
        "review", "a case is read by API without a trace",
        "orgs/review/api.py",
        "note_reading(request, record, act=review_kind.reads)",
        "record.refresh_from_db",
        ("tests/orgs/review/test_desk_and_api.py",),
    ),
    Mistake(
        "sealing", "a field lies in clear",
        "childwelfare/security/fields.py",
        "sealed = Sealed(seal(held, self.context(instance)))",
        "sealed = Sealed(held.encode())",
        ("tests/childwelfare/security/test_sealing.py",),
    ),
    Mistake(
        "sealing", "a value opens in another record too",
        "childwelfare/security/fields.py",
        'return f"{self.label}:{instance.id}"',
        "return self.label",
        ("tests/childwelfare/security/test_sealing.py",),
    ),
    Mistake(
        "roll-up", "a county's sum leaves out its last village",
        "reports/rollup/services.py",
        "if level != 4 or pk not in leaves:",
        "if level != 4 or pk not in leaves or pk == max(leaves):",
        ("tests/reports/rollup/test_rollup.py",),
    ),
    Mistake(
        "roll-up", "a write while it counts is lost",
        "reports/rollup/services.py",
        'counted = {"done": mark.wanted,',
        'counted = {"done": CountyMonth.objects.get(pk=mark.pk).wanted,',
        ("tests/reports/rollup/test_rollup.py",),
    ),
    Mistake(
        "sync", "the hash of what arrived is not compared",
        "visits/phones/services/sync.py",
        'if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != item["hash"]:',
        "if False:",
        ("tests/visits/phones/test_sync.py",),
    ),
    Mistake(
        "sync", "the same number with another content is taken for the first one",
        "visits/phones/services/sync.py",
        'if kept_item.person_id != sender.person.pk or kept_item.hash != item["hash"]:',
        "if kept_item.person_id != sender.person.pk:",
        ("tests/visits/phones/test_sync.py",),
    ),
    Mistake(
        "schedule", "a visit that was completed does not count again",
        "visits/visit/moves.py",
        'record_act(event.post, "resubmit_visit", visit)\n    visit_changed(visit.child, visit.visited_on)',
        'record_act(event.post, "resubmit_visit", visit)',
        ("tests/visits/schedule/test_schedule.py",),
    ),
    Mistake(
        "schedule", "a visit is due a day late",
        "visits/schedule/services/dues.py",
        "due_on = since + datetime.timedelta(days=days)",
        "due_on = since + datetime.timedelta(days=days + 1)",
        ("tests/visits/schedule/test_schedule.py",),
    ),
    Mistake(
        "merge undo", "what the merge brought stays with the survivor",
        "registry/merging/services/unmerge.py",
        "for pk in after.keys() - before.keys():",
        "for pk in ():",
        ("tests/registry/merging/test_merge.py",),
    ),
    Mistake(
        "merge undo", "what was changed since is overwritten",
        "registry/merging/services/unmerge.py",
        "if now[column] != after[column]:",
        "if False:",
        ("tests/registry/merging/test_merge.py",),
    ),
    Mistake(
        "merge", "of two guardians the one who began later is ended",
        "registry/merging/services/merge.py",
        "ended = mine if theirs_is_newer else theirs",
        "ended = theirs if theirs_is_newer else mine",
        ("tests/registry/merging/test_merge.py",),
    ),
    Mistake(
        "keyset paging", "the last row of a page is shown again on the next",
        "childwelfare/tables/keyset.py",
        'bound, operator = ("gte", ">") if onward == self.ascending else ("lte", "<")',
        'bound, operator = ("gte", ">=") if onward == self.ascending else ("lte", "<=")',
        ("tests/registry/lists/test_list.py", "tests/registry/child/test_review.py"),
    ),
    Mistake(
        "append-only", "a trigger is missing",
        "childwelfare/security/append_only.py",
        "if table in existing:\n            statements += build(table)",
        'if table in existing and table != "orgs_audit":\n            statements += build(table)',
        ("tests/orgs/audit/test_audit.py",),
    ),
    Mistake(
        "accounts", "one post in reach is enough to take an account",
        "orgs/account_requests/reach.py",
        "return bool(posts) and all(",
        "return bool(posts) and any(",
        ("tests/orgs/account_requests",),
    ),
    Mistake(
        "accounts", "who asks for the auditor's password confirms it",
        "orgs/account_requests/services.py",
        "if may_be_one(by, request.asked_by.person):",
        "if False:",
        ("tests/orgs/account_requests",),
    ),
    Mistake(
        "audit", "a trail that was sealed anew without the key is fine",
        "orgs/audit/services.py",
        "if not constant_time_compare(_mac(seal, key), seal.mac):",
        "if False:",
        ("tests/orgs/audit/test_anchors.py",),
    ),
    Mistake(
        "audit", "a trail that is shorter than an anchor is fine",
        "orgs/audit/anchors.py",
        "if anchor.seal not in hashes:",
        "if False:",
        ("tests/orgs/audit/test_anchors.py",),
    ),
    Mistake(
        "audit", "somebody without a post has every child in sight",
        "orgs/audit/addressed.py",
        'return post is not None and files.open_to(post, "view_child").filter(pk=child).exists()',
        'return post is None or files.open_to(post, "view_child").filter(pk=child).exists()',
        ("tests/orgs/audit/test_kept_from_a_host.py",),
    ),
    Mistake(
        "audit", "what is kept from the host of a stay is no refusal",
        "orgs/audit/addressed.py",
        "return not all(_lies_in_reach(post, model, key, permissions) for model, key in kept.items())",
        "return False",
        ("tests/orgs/audit/test_kept_from_a_host.py",),
    ),
    Mistake(
        "audit", "the other one of two files in an address is not asked for",
        "orgs/audit/addressed.py",
        'NAMES_A_RECORD = ("child", "sibling", "other", "survivor")',
        'NAMES_A_RECORD = ("child", "sibling", "survivor")',
        ("tests/orgs/audit/test_kept_from_a_host.py",),
    ),
    Mistake(
        "audit", "a failed sign-in lies at the lowest post",
        "orgs/accounts/receivers.py",
        'F("valid_to").desc(nulls_first=True), "unit__level", "pk"',
        'F("valid_to").desc(nulls_first=True), "-unit__level", "pk"',
        ("tests/orgs/audit/test_refusals.py",),
    ),
    Mistake(
        "taking back", "what was noticed before an earlier taking back comes again",
        "visits/visit/services/observed_changes.py",
        'event.action == "recall_with_visit" and event.at >= taken.at]',
        'event.action == "recall_with_visit"]',
        ("tests/visits/visit/test_noticed.py",),
    ),
    Mistake(
        "taking back", "a number that was taken back stands in the form",
        "visits/visit/services/observed_changes.py",
        "return {name: pair for name, pair in changes.items() if not fields()[name].sealed}",
        "return dict(changes)",
        ("tests/visits/visit/test_numbers_taken_back.py",),
    ),
    Mistake(
        "taking back", "a file that was sent again stays marked as taken back",
        "registry/child/moves.py",
        'refuse_unanswered(file, by=attempt.by)\n    return Outcome(columns={"taken_back": False})',
        "refuse_unanswered(file, by=attempt.by)\n    return Outcome()",
        ("tests/childwelfare/workflow/test_taken_back.py",),
    ),
    Mistake(
        "kept SQL", "what one set of grants asks is kept for another",
        "orgs/workbench/unfinished.py",
        'kept_rows(("unfinished", post.reach, kinds, SHOWN)',
        'kept_rows(("unfinished", post.pk, kinds, SHOWN)',
        ("tests/childwelfare/tables/test_kept.py",),
    ),
    Mistake(
        "audit", "what was read is not recorded",
        "orgs/access/middleware.py",
        "            record_readings(request, response)",
        "            pass",
        ("tests/orgs/audit/test_readings.py",),
    ),
    Mistake(
        "audit", "what was searched for is recorded",
        "orgs/audit/readings.py",
        "return sorted({*filled, *searched.words} - PAGING)",
        'return sorted(f"{name}={asked[name]}" for name in filled)',
        ("tests/orgs/audit/test_readings.py",),
    ),
)  # fmt: skip
