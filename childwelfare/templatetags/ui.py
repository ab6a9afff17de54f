"""Tags of the look that belong to no app. docs/look.md shows each with an example."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.translation import gettext as _

from childwelfare.pages.needed import needed_of
from childwelfare.text import days
from childwelfare.text.script_words import WORDS

register = template.Library()

TONES = {"", "brand", "ok", "warm", "danger", "outline"}


@register.simple_tag
def icon(name: str, label: str = "", css: str = ""):
    """One icon of static/icons.svg; silent for screen readers unless ``label`` says what it means alone."""
    use = format_html('<use href="{}#{}"></use>', static("icons.svg"), name)
    if label:
        return format_html('<svg class="icon {}" role="img" aria-label="{}">{}</svg>', css, label, use)
    return format_html('<svg class="icon {}" aria-hidden="true">{}</svg>', css, use)


@register.simple_tag
def chip(text, tone: str = "", when="", icon_name: str = ""):
    """A state or a category in one word; ``when`` adds its date, tone ``outline`` says that it is past."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"chip has no tone {tone!r}; it has {sorted(TONES)}")
    mark = icon(icon_name) if icon_name else ""
    since = format_html('<span class="chip-when">{}</span>', when) if when else ""
    return format_html('<span class="chip {}">{}{}{}</span>', f"chip-{tone}" if tone else "", mark, text, since)


MESSAGE_ICONS = {"success": "check-circle", "error": "exclamation-circle", "warning": "exclamation-triangle"}


@register.simple_tag
def message_icon(message):
    """The icon of a message of django.contrib.messages."""
    return icon(MESSAGE_ICONS.get(message.level_tag, "info-circle"))


@register.simple_tag
def state_chip(record):
    """The state of ``record``, in the tone of its model's ``STATE_TONES``; ``outline`` where that gives none."""
    return chip(record.get_state_display(), record.STATE_TONES.get(record.state, "outline"))


@register.simple_tag
def unit_path(unit):
    """Where a unit lies, 高村乡 › 刘沟村: from ``unit.path_label``, or from a list of names."""
    if not unit:
        return ""
    label = getattr(unit, "path_label", unit)
    parts = [p.strip() for p in label.split("›")] if isinstance(label, str) else list(label)
    sep = format_html('<span class="path-sep" aria-hidden="true">{}</span>', "›")
    return format_html('<span class="path">{}</span>', format_html_join(sep, "{}", ((p,) for p in parts)))


@register.simple_tag
def words():
    """The scripts' words as a JSON element that no browser executes."""
    return json_script({key: str(text) for key, text in WORDS.items()}, "words")


@register.inclusion_tag("components/_figure.html")
def figure(label, value, note="", url="", tone="", unit=""):
    """A figure with its name; ``url`` opens the list behind it."""
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone, "unit": unit}


@register.inclusion_tag("components/_ratio.html")
def ratio(part, whole, tone=""):
    """A share as a small bar and a rounded percentage; an em dash where there is nothing to divide by."""
    share = round(100 * part / whole) if whole else None
    return {"share": share, "tone": tone, "words": _("%(part)s / %(whole)s") % {"part": part, "whole": whole}}


@register.inclusion_tag("components/_masked.html")
def masked(text, url="", field=""):
    """A masked number with 显示（会留下记录）; ``url`` answers the full text to an htmx POST and records it."""
    return {"text": text, "url": url, "field": field}


@register.filter
def short_day(value):
    """Month and day, with the year where it is not this one; blank for none. No page writes month and day alone."""
    return days.short_day(value) if value else ""


@register.filter
def needed(field):
    """Why the bound ``field`` must be answered (childwelfare.pages.needed.Needed), None where it need not."""
    return needed_of(field.field)


@register.filter
def percent(part, whole):
    """``part|percent:whole`` → 93.2%; an em dash where ``whole`` is nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


@register.filter
def head_word(label):
    """A column head that may break in its middle and nowhere else: 事实无|人抚养; words with letters between words."""
    text = str(label)
    if text.isascii():
        return text
    half = (len(text) + 1) // 2
    return format_html("{}<wbr>{}", text[:half], text[half:]) if len(text) > 4 else text


@register.filter
def signed(number):
    """A difference with its sign (+312, −21, 0), the minus a true one."""
    if number is None:
        return "—"
    return f"+{number:,}" if number > 0 else f"−{-number:,}" if number < 0 else "0"
