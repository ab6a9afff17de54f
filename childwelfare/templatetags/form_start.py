"""``{% csrf_token %}`` for every template: Django's own field, and beside it the post that the page was made for.

A page stays open while another tab changes the post; what it sends then would be done in the other post's name. So each
form says whose it is, in the one place where every form begins (orgs.access.page_post asks for it).
"""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

PAGE_POST = "page_post"  # the field's name
SWITCH_BACK = "switch_back"  # sent by the page that refused: yes, in the post of the page

register = template.Library()


class FormStart(CsrfTokenNode):
    def render(self, context: Any) -> str:
        token = super().render(context)
        # by the request: a page's list of posts may well be called "post" inside its loop
        post = getattr(getattr(context, "request", None), "post", None)
        if post is None:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', PAGE_POST, post.uid)


@register.tag
def csrf_token(_parser: Any, _token: Any) -> FormStart:
    return FormStart()
