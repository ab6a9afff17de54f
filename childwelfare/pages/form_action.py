"""One form, one service: refusals become messages at their fields, what was typed stays."""


def act(request, form, service, /, *record, **given):
    """What ``service`` returns for the form's ``arguments()``, or None; ``form.stale`` says that somebody was first."""
    return form.attempt(service, *record, by=request.post, **form.arguments(), **given) if form.is_valid() else None


def status_of(form) -> int:
    """The answer of a page that shows ``form``: 409 where somebody was first, 422 where something is wrong."""
    return 409 if getattr(form, "stale", False) else 422 if form.errors else 200
