"""What account requests add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.account_requests.models import AccountRequest, Kind
from orgs.audit.words import AUDIT_ACTS, Act, words_of
from orgs.posts.models import Appointment, Role


def waits_for_a_second(post: Appointment):
    """What another administrator asked and ``post`` may confirm; one's own can't be."""
    waiting = AccountRequest.objects.visible_to(post, "manage_posts").to_confirm()
    return waiting.exclude(asked_by__person=post.person_id).exclude(person=post.person_id)


NAVIGATION.add(
    Entry(
        "account", _("我的账号"), "person-badge", ("view_unit",), group="team", in_lists=False,
        count=lambda post: AccountRequest.objects.news_for(post.person_id), urgent=_("您的账号有新的消息，请看一看"),
    ),
    order=590,
)  # fmt: skip
NAVIGATION.add(
    Entry(
        "account-request-list", _("账号事项"), "shield-check", ("manage_posts",), group="team", in_lists=False,
        phone=True, count=waits_for_a_second, urgent=_("有账号事项等您作为第二位管理员确认"),
    ),
    order=610,
)  # fmt: skip

KINDS, ROLES = {"kind": words_of(Kind)}, {"role": words_of(Role)}
AUDIT_ACTS.add(
    Act("ask_account_request", _("提出账号事项，待另一位管理员确认"), codes=KINDS | ROLES),
    Act("confirm_account_request", _("确认账号事项"), codes=KINDS),
    Act("refuse_account_request", _("不予确认账号事项"), codes=KINDS),
    Act("withdraw_account_request", _("撤回账号事项"), codes=KINDS),
    Act("offer_post", _("邀请任职"), codes=ROLES),
    Act("accept_post", _("接受任职邀请"), codes=ROLES),
    Act("decline_post", _("谢绝任职邀请"), codes=ROLES),
    order=35,
    subject=_("登录和账号"),
)
