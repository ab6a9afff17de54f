"""Who may do what: one table. Grants, buttons, API actions, tests and docs/permissions.md are derived from it.

Codenames are permissions on OrgUnit: a post holds them in its unit and everywhere below (notice, part 4).
"""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "view_unit": _("查看机构"),
    "manage_units": _("管理机构"),
    "manage_posts": _("管理岗位和账号"),
    "view_audit": _("查看操作留痕"),
    "view_child": _("查看儿童档案"),
    "list_masked": _("查看脱敏名单"),
    "reveal_child": _("显示证件号和电话"),
    "create_child": _("建档和补充档案"),
    "submit_child": _("提交档案"),
    "approve_child": _("通过档案"),
    "return_child": _("退回档案"),
    "propose_change": _("提出档案变更"),
    "approve_change": _("通过档案变更"),
    "return_change": _("退回档案变更"),
    "settle_station_work": _("审定工作站自己填报的记录"),
    "view_visit": _("查看走访"),
    "log_visit": _("记录走访"),
    "accept_visit": _("通过走访"),
    "return_visit": _("退回走访"),
    "view_figures": _("查看统计"),
    "export_figures": _("导出汇总表"),
    "export_roster": _("导出花名册"),
    "add_paper": _("上传证件和照片"),
    "void_paper": _("作废他人上传的证件和照片"),
    "disclose_child": _("向监护人提供档案"),
    "transfer_child": _("转出儿童档案"),
    "accept_transfer": _("接收转入"),
    "close_child": _("结案"),
    "reopen_child": _("重新在册"),
    "merge_child": _("合并档案"),
    "stay_child": _("登记临时居住"),
    "check_eligibility": _("条件核对"),
    "view_findings": _("查看待核事项"),
    "decide_category": _("决定类别的增减"),
    "manage_variants": _("维护本地规定"),
    "raise_alert": _("提出紧急报告"),
    "view_alert": _("查看紧急报告"),
    "acknowledge_alert": _("签收紧急报告"),
    "handle_alert": _("处置紧急报告"),
    "close_alert": _("办结紧急报告"),
    "view_guidance": _("查看指导监护"),
    "guide_guardian": _("指导监护和登记委托照护"),
    "view_publicity": _("查看宣传活动"),
    "log_publicity": _("记录宣传活动"),
    "manage_schedule": _("维护走访规则和专项走访"),
    "order_visit": _("要求加访"),
}

MATRIX = {
    "village_director": {
        "view_unit", "view_child", "reveal_child", "create_child", "submit_child", "propose_change",
        "view_visit", "log_visit", "view_figures",
        "add_paper",
        "check_eligibility", "view_findings",
        "raise_alert",
        "view_guidance", "guide_guardian", "view_publicity", "log_publicity",
    },
    "township_clerk": {
        "view_unit", "view_child", "reveal_child", "create_child", "submit_child", "approve_child", "return_child",
        "propose_change", "approve_change", "return_change",
        "view_visit", "log_visit", "accept_visit", "return_visit",
        "view_figures", "export_figures", "export_roster",
        "add_paper", "void_paper", "disclose_child",
        "transfer_child", "accept_transfer", "close_child", "reopen_child", "merge_child", "stay_child",
        "check_eligibility", "view_findings", "decide_category",
        "raise_alert", "view_alert", "acknowledge_alert", "handle_alert",
        "view_guidance", "guide_guardian", "view_publicity", "log_publicity",
        "order_visit",
    },
    "county_officer": {
        "view_unit", "view_child", "reveal_child", "settle_station_work",
        "view_visit", "view_figures", "export_figures", "export_roster",
        "disclose_child",
        "transfer_child", "accept_transfer", "merge_child",
        "check_eligibility", "view_findings", "decide_category",
        "manage_variants",
        "raise_alert", "view_alert", "acknowledge_alert", "handle_alert", "close_alert",
        "view_guidance", "view_publicity",
        "manage_schedule",
    },
    "city_officer": {
        "view_unit", "list_masked", "view_figures", "export_figures", "manage_variants",
        "view_alert", "view_publicity",
        "manage_schedule",
    },
    "city_admin": {"view_unit", "manage_units", "manage_posts"},
    "auditor": {"view_unit", "view_audit"},
}  # fmt: skip

# A role is held at a unit of one of these levels (notice, part 3); where a pilot's root is a county, the roles
# of the city are held there.
ROLE_LEVELS = {
    "village_director": {4},
    "township_clerk": {3},
    "county_officer": {2},
    "city_officer": {1, 2},
    "city_admin": {1, 2},
    "auditor": {1, 2},
}
