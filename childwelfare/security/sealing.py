"""Authenticated encryption of short texts, and blind indexes (HMAC-SM3) to find them again.

A sealed value is: suite (1 byte), key id (2), nonce (12), ciphertext, tag (16). The associated data binds it to its
field and record, so that a value copied to another row does not open. SM4-GCM (RFC 8998) by default.
"""

import os
import unicodedata
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from childwelfare.security.keys import field_keys, index_key

SM4_GCM, AES_256_GCM = 1, 2
ALGORITHMS = {SM4_GCM: (algorithms.SM4, 16), AES_256_GCM: (algorithms.AES, 32)}
HEAD, NONCE, TAG = 3, 12, 16


class Unsealable(Exception):
    """The value was changed, moved to another record, or sealed under a key that is not here."""


def seal(text: str, context: str, suite: int = SM4_GCM) -> bytes:
    """Encrypt ``text`` for the place ``context`` (``app.model.field:uuid``) under the newest key."""
    return seal_bytes(text.encode(), context, suite)


def unseal(sealed: bytes, context: str) -> str:
    """The text of ``sealed``. Raises Unsealable."""
    return unseal_bytes(sealed, context).decode()


def seal_bytes(clear: bytes, context: str, suite: int = SM4_GCM) -> bytes:
    """As ``seal``, for the bytes of a paper or photo."""
    key_id = max(field_keys())
    nonce = os.urandom(NONCE)
    encryptor = Cipher(_algorithm(suite, key_id), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(context.encode())
    body = encryptor.update(clear) + encryptor.finalize()
    return bytes([suite]) + key_id.to_bytes(2, "big") + nonce + body + encryptor.tag


def unseal_bytes(sealed: bytes, context: str) -> bytes:
    """As ``unseal``, for bytes."""
    if len(sealed) < HEAD + NONCE + TAG:
        raise Unsealable(context)
    suite, key_id = sealed[0], int.from_bytes(sealed[1:HEAD], "big")
    nonce, body, tag = sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE : -TAG], sealed[-TAG:]
    try:
        decryptor = Cipher(_algorithm(suite, key_id), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(context.encode())
        return decryptor.update(body) + decryptor.finalize()
    except (InvalidTag, KeyError, ValueError) as error:
        raise Unsealable(context) from error


def blind_index(text: str, label: str) -> str:
    """32 hexadecimal digits that are equal for equal texts of one ``label``; "" for an empty text.

    Compatibility forms, spaces and case do not count. Whoever has the index key can guess numbers, so the key lies
    apart from the database.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not plain:
        return ""
    mac = _keyed(index_key()).copy()
    mac.update(f"{label}:{plain}".encode())
    return mac.finalize().hex()[:32]


def keyed_digest(key: bytes, text: str) -> str:
    """The HMAC-SM3 of ``text``, 64 hexadecimal digits."""
    mac = _keyed(key).copy()
    mac.update(text.encode())
    return mac.finalize().hex()


@lru_cache
def _keyed(key: bytes) -> HMAC:
    """An HMAC that has taken the key in: to be copied, for that is half its work."""
    return HMAC(key, hashes.SM3())


def _algorithm(suite: int, key_id: int) -> CipherAlgorithm:
    algorithm, size = ALGORITHMS[suite]
    return algorithm(field_keys()[key_id][:size])
