"""One form, one service: refusals become messages at their fields, what was typed stays."""

from django.core.exceptions import ValidationError

from childwelfare.workflow import Refused, Stale


def act(request, form, service, *record, **given):
    """What ``service`` returns for the form's ``arguments()``, or None; ``form.stale`` says that somebody was first."""
    form.stale = False
    if not form.is_valid():
        return None
    try:
        return service(*record, by=request.post, **form.arguments(), **given)
    except ValidationError as error:
        form.take_errors(error)
    except Refused as refusal:
        form.stale = isinstance(refusal, Stale)
        form.add_error(None, str(refusal))
    return None


def status_of(form) -> int:
    """The answer of a page that shows ``form``: 409 where somebody was first, 422 where something is wrong."""
    return 409 if getattr(form, "stale", False) else 422 if form.errors else 200
