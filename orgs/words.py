"""The acts of the audit trail in the reader's words."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "sign_in": _("登录"),
    "sign_out": _("退出"),
    "token": _("获取接口令牌"),
    "change_password": _("改密码"),
    "reset_password": _("重设密码"),
    "refused": _("访问被拒"),
    "appoint": _("任命"),
    "end_appointment": _("离任"),
    "view_file": _("查看档案"),
    "reveal": _("显示证件号或电话"),
    "list_children": _("打开名单"),
    "make_file": _("建立档案"),
    "complete_file": _("补充档案"),
    "submit_file": _("提交档案"),
    "approve_file": _("通过档案"),
    "return_file": _("退回档案"),
    "view_visit": _("查看走访"),
    "log_visit": _("记录走访"),
    "accept_visit": _("通过走访"),
    "return_visit": _("退回走访"),
    "resubmit_visit": _("重报走访"),
    "export": _("导出"),
    "download": _("下载"),
    "list_findings": _("打开待核事项"),
    "recount_findings": _("重算待核事项"),
    "decide_finding": _("决定待核事项"),
    "open_category": _("登记类别"),
    "end_category": _("结束类别"),
}
