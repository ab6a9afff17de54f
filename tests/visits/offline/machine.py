"""A phone's outbox against a server over a bad line: the real script in node, lost and doubled requests, portals, kills
at every step. After the line has healed the server holds what was saved, each once, and the phone every receipt."""

import hashlib
import json
import subprocess
import uuid
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "static/js/offline/outbox_rules.js"
MARK = "child-welfare-registry"
ACCOUNT = "6a0c54a8-7c3d-4a3e-9d0b-0c0f6a1c1d11"
NOTHING = {"status": 0, "redirected": False, "body": None}
MISTAKES = {
    "an orphan that was being sent is left": [
        ('row.state === "sending") return true;', 'row.state === "sending") return false;')
    ],
    "a second sending's answer is not understood": [('already: "sent", ', "")],
    "a portal's page is taken for success": [
        ('body.app === SERVER_MARK && Array.isArray(body.items)', "true"),
        (
            "const state = verdict && STATE_OF_VERDICT[verdict.verdict];",
            'verdict = verdict || { verdict: "accepted", receipt: "?" };'
            "const state = STATE_OF_VERDICT[verdict.verdict];",
        ),
        ("body.items.find(", "(body.items || []).find("),
    ],
    "a photo is sent before its visit": [
        ("&& isAfterItsVisit(row, rows);", ";"), ('row.kind === "photo" ? 3 : 2', "2"),
    ],
}  # fmt: skip


class Outbox:
    """The driver process; ``outbox("next", now=5)`` asks it."""

    def __init__(self, mistakes=()):
        self.node = subprocess.Popen(
            ["node", str(Path(__file__).parent / "driver.js"), str(RULES), json.dumps(list(mistakes))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def __call__(self, act: str, **said):
        self.node.stdin.write(json.dumps({"do": act} | said) + "\n")
        return json.loads(self.node.stdout.readline())

    def close(self):
        self.node.stdin.close()
        self.node.wait(10)
        self.node.stdout.close()


class PlainServer:
    """What the protocol promises, in a dictionary: receipts by id, a second sending gets the first one's."""

    account = ACCOUNT

    def __init__(self):
        self.held, self.arrivals = {}, 0

    def anew(self):
        self.held = {}

    def done(self):
        pass

    def payload(self, serial: int) -> str:
        return json.dumps({"nonce": serial})

    def photo(self, serial: int, visit: str) -> str:
        return json.dumps({"nonce": serial, "visit": visit})

    def post(self, envelope: dict) -> dict:
        answers = []
        for item in envelope["items"]:
            self.arrivals += 1
            visit = json.loads(item["payload"]).get("visit")
            if visit and visit not in self.held:
                raise AssertionError("a photo came before its visit")
            known = self.held.get(item["id"])
            assert known is None or known["hash"] == item["hash"]
            self.held.setdefault(item["id"], {"hash": item["hash"], "receipt": f"R{len(self.held)}"})
            verdict = "already" if known else "accepted"
            answers.append({"id": item["id"], "verdict": verdict, "receipt": self.held[item["id"]]["receipt"]})
        return {"status": 200, "redirected": False, "body": {"app": MARK, "items": answers}}

    def receipts(self) -> dict[str, str]:
        return {pk: held["receipt"] for pk, held in self.held.items()}


class BadLine(RuleBasedStateMachine):
    """Subclasses set ``outbox`` and ``server``."""

    outbox: Outbox
    server: PlainServer

    def __init__(self):
        super().__init__()
        self.outbox("anew")
        self.server.anew()
        self.now, self.saved, self.on_the_way = 1_000_000, {}, []

    def teardown(self):
        try:
            self.heal()
        finally:
            self.server.done()

    @rule(photos=st.sampled_from([0, 0, 1, 2]))
    def save(self, photos):
        visit = self.keep("visit", self.server.payload(len(self.saved)))
        for _photo in range(photos):
            self.keep("photo", self.server.photo(len(self.saved), visit), after=visit)

    def keep(self, kind, text, **more) -> str:
        pk = str(uuid.uuid5(uuid.NAMESPACE_OID, str(len(self.saved))))
        row = {
            "id": pk, "account": self.server.account, "kind": kind, "schema": 1, "created": self.now,
            "made_at": "2026-11-20T09:30:00+08:00", "hash": hashlib.sha256(text.encode()).hexdigest(),
            "state": "saved", "tries": 0, "next": 0,
        }  # fmt: skip
        self.outbox("save", row=row | more)
        self.saved[pk] = text
        return pk

    @rule(
        fault=st.sampled_from(
            [
                "none", "lost before", "lost after", "twice", "page of a portal", "json of a portal", "broken before",
                "broken after", "killed before", "killed after", "late", "signed out", "old token", "not now",
                "nobody's verdict",
            ]
        ),
        chance=st.floats(0, 0.999),
    )  # fmt: skip
    def send(self, fault, chance):
        row = self.outbox("next", now=self.now)
        if row is None:
            return
        reaches = fault in ("none", "lost after", "twice", "broken after", "killed after", "late", "nobody's verdict")
        answer = self.post(row) if reaches else NOTHING
        if fault == "twice":
            answer = self.post(row)
        if fault.startswith("killed"):
            self.outbox("kill")
            return
        if fault == "late":
            self.on_the_way.append((row["id"], answer))
        answer = {
            "none": answer,
            "twice": answer,
            "page of a portal": NOTHING | {"status": 200},
            "json of a portal": NOTHING | {"status": 200, "body": {"ok": True}},
            "broken before": NOTHING | {"status": 502},
            "broken after": NOTHING | {"status": 500},
            "signed out": NOTHING | {"redirected": True},
            "old token": NOTHING | {"status": 403, "body": {"detail": "CSRF"}},
            "not now": self.said(row, verdict="later"),
            "nobody's verdict": NOTHING | {"status": 200, "body": {"app": MARK, "items": []}},
        }.get(fault, NOTHING)
        self.settle(row["id"], answer, chance)

    @precondition(lambda self: self.on_the_way)
    @rule(chance=st.floats(0, 0.999))
    def a_late_answer_comes(self, chance):
        self.settle(*self.on_the_way.pop(0), chance)

    @precondition(lambda self: self.saved)
    @rule(data=st.data(), verdict=st.sampled_from(["later", "unheard of"]), chance=st.floats(0, 0.999))
    def an_old_answer_comes(self, data, verdict, chance):
        pk = data.draw(st.sampled_from(sorted(self.saved)))
        self.settle(pk, self.said({"id": pk}, verdict=verdict), chance)

    @rule(milliseconds=st.sampled_from([1, 4_000, 60_000, 400_000, -2 * 86_400_000]))
    def time_passes_or_the_clock_is_set(self, milliseconds):
        self.now += milliseconds

    @rule()
    def the_phone_dies(self):
        self.outbox("kill")

    @invariant()
    def what_shows_as_sent_is_there(self):
        sent = {row["id"]: row["receipt"] for row in self.outbox("rows") if row["state"] == "sent"}
        held = self.server.receipts()
        assert all(held.get(pk) == receipt for pk, receipt in sent.items()), "shown as sent, and it is not"

    def heal(self):
        self.outbox("kill")
        for _round in range(3):
            self.now += 400_000
            while row := self.outbox("next", now=self.now):
                self.settle(row["id"], self.post(row), 0.5)
        assert set(self.server.receipts()) == set(self.saved), "the server holds what was saved, no more, no less"
        shown = {row["id"]: row.get("receipt") for row in self.outbox("rows")}
        assert shown == self.server.receipts(), "the phone holds every receipt"

    def post(self, row) -> dict:
        item = {name: row[name] for name in ("id", "kind", "schema", "made_at", "hash")}
        item["payload"] = self.saved[row["id"]]
        envelope = {"account": row["account"], "device": "phone", "app": "test", "items": [item]}
        return self.server.post(envelope)

    def settle(self, pk, answer, chance):
        then = self.outbox("answer", id=pk, answer=answer, now=self.now, chance=chance, again=False)
        if then == "token":
            self.outbox("answer", id=pk, answer=answer, now=self.now, chance=chance, again=True)

    @staticmethod
    def said(row, **given) -> dict:
        return NOTHING | {"status": 200, "body": {"app": MARK, "items": [{"id": row["id"]} | given]}}
