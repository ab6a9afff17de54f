"""Envelopes that only the server opens: what a phone has not sent yet survives a forgotten PIN and a lost key.

A phone makes a P-256 key pair for one item, agrees with the server's public key (ECDH), derives 32 bytes
(HKDF-SHA256, empty salt, info ``registry-sync-1``) and encrypts with AES-256-GCM. The associated data binds the item
to its id, its account and the hash of its text. WebCrypto of every browser that has service workers knows these.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from childwelfare.security.keys import envelope_keys
from childwelfare.security.sealing import Unsealable

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve (FIPS 186-4, D.1.2.3)
INFO = b"registry-sync-1"


def public_key() -> tuple[int, str]:
    """(key id, the raw point of 65 bytes in base64) of the newest key."""
    key_id = max(envelope_keys())
    point = _private(key_id).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return key_id, base64.b64encode(point).decode()


def open_envelope(sealed: dict, context: str) -> str:
    """The text in ``sealed`` {key, epk, iv, data: base64}; ``context`` is the associated data. Raises Unsealable."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _bytes(sealed, "epk"))
        secret = _private(int(sealed["key"])).exchange(ec.ECDH(), theirs)
        opened = AESGCM(_derived(secret)).decrypt(_bytes(sealed, "iv"), _bytes(sealed, "data"), context.encode())
        return opened.decode()
    except (KeyError, TypeError, ValueError, InvalidTag) as error:
        raise Unsealable(context) from error


def make_envelope(text: str, context: str) -> dict:
    """What a phone makes of ``text``, for tests and for clients in Python."""
    key_id, point = public_key()
    server = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, base64.b64decode(point))
    mine, iv = ec.generate_private_key(CURVE), os.urandom(12)
    data = AESGCM(_derived(mine.exchange(ec.ECDH(), server))).encrypt(iv, text.encode(), context.encode())
    epk = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parts = {"epk": epk, "iv": iv, "data": data}
    return {"key": key_id} | {name: base64.b64encode(part).decode() for name, part in parts.items()}


def _private(key_id: int) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(envelope_keys()[key_id], "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, CURVE)


def _derived(secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=INFO).derive(secret)


def _bytes(sealed: dict, name: str) -> bytes:
    try:
        return base64.b64decode(sealed[name], validate=True)
    except binascii.Error as error:
        raise ValueError(name) from error
