"""Why a move was not made, in words for its reader."""


class Refused(Exception):
    """A move that can't be made; its text tells the reader why and what to do (HTTP 422)."""


class Stale(Refused):
    """Somebody else moved the record first (HTTP 409)."""


class SentBefore(Stale):
    """The form was saved before with other content; of what was sent now nothing was saved (HTTP 409)."""
