"""The key that seals what somebody is writing, in the storage of the browser (static/js/draft.js).

The server gives it to the writer alone, with each page: on a device that changes hands the next person, or who is
signed out, opens nothing. It is made from the secret key, so no other server's pages open it either.
"""

import base64
import uuid

from django.utils.crypto import salted_hmac


def draft_key(account: uuid.UUID) -> str:
    """32 bytes in base64, the same for an account on any device."""
    digest = salted_hmac("childwelfare.pages.draft_key", str(account), algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
