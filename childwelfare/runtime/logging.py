"""JSON logs on stdout, one object a line. No ID number, no phone number, nothing that was searched for is in them."""

import re

import structlog
from structlog.typing import Processor

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z])1\d{10}(?![0-9A-Za-z])")

QUERY = re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+")  # of an address: a name, the end of a number


def mask(value):
    """``value`` with ID numbers, mobile numbers and what follows the ? of an address replaced, in strings at any depth
    of dicts, lists and tuples."""
    if isinstance(value, str):
        return QUERY.sub(r"\1?[query]", PHONE.sub("[phone]", ID_NUMBER.sub("[id-number]", value)))
    if isinstance(value, dict):
        return {mask(key): mask(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mask(item) for item in value)
    return value if value is None or isinstance(value, bool | float) else _mask_number(value)


def mask_event(_logger, _method, event: dict) -> dict:
    """structlog processor: the whole event, masked; the last one before the JSON is written."""
    return mask(event)


def _mask_number(value):
    text = str(value)
    masked = mask(text)
    return value if masked == text else masked


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(allow=None),
]


def configure() -> dict:
    """Set structlog up and return Django's ``LOGGING``: both write the same masked JSON lines to stdout."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    mask_event,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"handlers": ["stdout"], "level": "INFO"},
        "loggers": {
            # the root handler alone writes; Django's own handlers would mail or repeat
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "axes": {"level": "WARNING"},
        },
    }
