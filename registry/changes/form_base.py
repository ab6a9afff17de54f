"""What a file said when a form about it was opened, sealed into the form: the ``base`` of each change that it makes."""

import base64
import json
from contextlib import suppress

from childwelfare.security.sealing import Unsealable, seal_bytes, unseal_bytes
from registry.child.fields import to_json
from registry.child.models import ChildFile


def seal_base(file: ChildFile, post, content: dict) -> str:
    """``content`` for a hidden field; only for the person of ``post``, only about ``file``."""
    text = json.dumps({name: to_json(value) for name, value in content.items()}, ensure_ascii=False)
    return base64.b64encode(seal_bytes(text.encode(), _context(file, post))).decode()


def open_base(file: ChildFile, post, sealed: str) -> dict:
    """The content again. Raises Unsealable or ValueError for anything else."""
    content = base64.b64decode(sealed, validate=True)
    try:
        return json.loads(unseal_bytes(content, _context(file, post)))
    except Unsealable:
        for merged in file.with_merged()[1:]:  # the form was opened before
            with suppress(Unsealable):
                return json.loads(unseal_bytes(content, _context(merged, post)))
        raise


def _context(file: ChildFile, post) -> str:
    return f"registry.change-base:{file.pk}:{post.person_id}"
