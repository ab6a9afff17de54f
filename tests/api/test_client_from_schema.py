"""A client of the sync that knows nothing but /api/schema/: forms, hash, envelope and verdicts stand there."""

import base64
import hashlib
import json
import os
import uuid

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from tests.builders import sign_in
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db
SYNC = "/api/v1/sync/"


@pytest.fixture
def schema(client, post):
    sign_in(client, post)
    return json.loads(client.get("/api/schema/", {"format": "json"}).content)


def component(schema, name: str) -> dict:
    return schema["components"]["schemas"][name]


def fits(schema, name: str, value) -> None:
    whole = {"$ref": f"#/components/schemas/{name}", "components": schema["components"]}
    jsonschema.Draft4Validator(whole).validate(value)


def examples(schema) -> dict[str, dict]:
    body = schema["paths"][SYNC]["post"]["requestBody"]["content"]["application/json"]
    return {name.lower(): one["value"] for name, one in body["examples"].items()}


def an_item(kind: str, text: str) -> dict:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"id": str(uuid.uuid4()), "kind": kind, "schema": 2, "made_at": timezone.now().isoformat(), "hash": digest}


def sealed(text: str, item: dict, account: str, key: dict) -> dict:
    """As the description of POST says it."""
    curve, own = ec.SECP256R1(), ec.generate_private_key(ec.SECP256R1())
    server = ec.EllipticCurvePublicKey.from_encoded_point(curve, base64.b64decode(key["public"]))
    secret = HKDF(SHA256(), 32, salt=None, info=b"registry-sync-1").derive(own.exchange(ec.ECDH(), server))
    iv, bound = os.urandom(12), "\n".join([item["id"], account, item["hash"]])
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parts = {"epk": point, "iv": iv, "data": AESGCM(secret).encrypt(iv, text.encode(), bound.encode())}
    return {"key": key["id"]} | {name: base64.b64encode(part).decode() for name, part in parts.items()}


def test_each_example_fits_its_form_and_each_kind_has_one(schema):
    shown = examples(schema)
    assert set(shown) == {"visit", "correction", "photo", "alert", "assessment", "need"}
    for kind, envelope in shown.items():
        fits(schema, "EnvelopeIn", envelope)
        (item,) = envelope["items"]
        assert item["hash"] == hashlib.sha256(item["payload"].encode()).hexdigest()
        form = component(schema, f"{kind.capitalize()}In")["properties"]
        assert set(json.loads(item["payload"])) <= {*form, "post", "nonce"}


def test_every_answer_is_described_refusals_too(schema):
    for method, statuses in (("get", {"200", "401", "403"}), ("post", {"200", "400", "401", "403", "409"})):
        told = schema["paths"][SYNC][method]
        assert set(told["responses"]) == statuses and len(told["description"]) > 40
    verdicts = component(schema, "SyncVerdictOut")["properties"]["verdict"]
    assert "hash" in json.dumps(verdicts, ensure_ascii=False)


def test_a_visit_put_together_from_the_schema_arrives_once_in_clear_and_sealed(client, schema, child):
    held = client.get(SYNC, {"device": "phone-1"}).json()
    (file,) = held["files"]
    said = json.loads(examples(schema)["visit"]["items"][0]["payload"])
    said |= {"post": held["post"], "child": file["id"], "visited_on": held["day"], "late_reason": "", "changes": {}}
    for way in ("clear", "sealed"):
        text = json.dumps(said | {"nonce": way, "guardian_words": way}, ensure_ascii=False)
        item = an_item("visit", text)
        item |= {"payload": text} if way == "clear" else {"sealed": sealed(text, item, held["account"], held["key"])}
        envelope = {"account": held["account"], "device": "phone-1", "app": "1", "items": [item]}
        fits(schema, "EnvelopeIn", envelope)
        answers = [client.post(SYNC, envelope, content_type="application/json").json() for _twice in range(2)]
        first, again = (answer["items"][0] for answer in answers)
        fits(schema, "SyncVerdictOut", first)
        assert (first["verdict"], again["verdict"]) == ("accepted", "already"), first
        assert first["receipt"] == again["receipt"] != ""
    assert Visit.objects.filter(child=child).count() == 2
