"""What the scripts of the offline app say, in the reader's language; they stand in its shell alone."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import TAKEN_BACK
from visits.alerts.services.raising import NAMED_TWICE
from visits.help.words import HELP_WORDS
from visits.visit.forms.observed_changes import KEPT_NUMBER

# key → text; {n} and the like are filled in by the script
OFFLINE_WORDS = HELP_WORDS | {
    "offline.state.saved": _("已存本机"),
    "offline.state.sending": _("发送中"),
    "offline.state.sent": _("已送达（回执 {receipt}）"),
    "offline.state.conflict": _("有冲突，请核对"),
    "offline.state.refused": _("没有收下，请修改"),
    "offline.state.gone": _("已不归这里走访"),
    "offline.state.returned": _("已退回"),
    "offline.state.taken_back": TAKEN_BACK,
    "offline.state.draft": _("草稿"),
    "offline.tell.saved": _("还没有送出，有网络时自动发送。手机没电、关机都不会丢。"),
    "offline.tell.saved_offline": _("还没有送出，有网络时自动发送。送出之前可以修改，也可以不要。"),
    "offline.tell.waiting": _("已试 {n} 次没有送到，会自动再试。说不定已经到了，所以现在不能改。"),
    "offline.tell.conflict": _("工作站那里已有不同的内容，两边都留着。请核对后再存到本机。"),
    "offline.tell.refused": _("服务器没有收下，原因见下。点“修改”改好再存。"),
    "offline.tell.mended": _("您改过这一条，改的还没有存完。点“修改”接着改，改好再存。"),
    "offline.tell.gone": _("孩子已转到别处或您的任期已结束。内容已密封移交，没有丢。"),
    "offline.tell.done_elsewhere": _("这次走访已在别处补充过，现在不能再改。那边的内容与这里不同的列在下面。"),
    "offline.tell.draft_over": _(
        "这份草稿不能再送：走访已在别处补充，孩子已不归这里走访，或者档案已并入另一份。"
        "写过的和拍过的都在下面，需要的先抄下来、长按照片存下来，再点“不要了”。"
    ),
    "offline.tell.unreadable": _("这一条在这部手机上读不出来了，不能修改。记得内容的请另记一次，再点“不要了”。"),
    "offline.tell.draft_left": _(
        "这是修改一条记录时写的，那一条已经在别的页面上存过或者不要了。需要的先抄下来、长按照片存下来，再点“不要了”。"
    ),
    "offline.elsewhere": _("这张表在另一个窗口里打开了，写过的内容在那边。"),
    "offline.busy": _("这一条正在发送，或者在另一个页面上打开着。请等一等再试。"),
    "offline.tell.item_over": _(
        "这一条不能再改再送：孩子已不归这里走访，走访已在别处补充，或者档案已并入另一份。"
        "写过的和拍过的都在下面，需要的先抄下来、长按照片存下来，再点“不要了”。"
    ),
    "offline.unplaced": _(
        "下面这些内容没有填进表里：孩子刚转出、结案或并入别处，或者档案、走访之后又改过。"
        "需要的请先抄下来；这次存下的不包括它们。"
    ),
    "offline.taken_back": _("撤回的走访，改好再送"),
    "offline.kept": KEPT_NUMBER,
    "offline.correction": _("走访的修改补充"),
    "offline.tell.alert": _("还没有送出，乡镇、县、市都还不知道。请先打电话；有网络马上自动送出。"),
    "offline.both": _("这里“{mine}”，那边“{theirs}”"),
    "offline.yes": _("是"),
    "offline.no": _("没有"),
    "offline.drop": _("丢弃这一条？丢弃后找不回来。"),
    "offline.alert": _("紧急报告"),
    "offline.alert_saved": _("报告已存在这部手机上，有网络马上送出。送到之前别人不知道，请先打电话。"),
    "offline.alert_arrived": _("紧急报告已送达，乡镇、县、市都看得到了。"),
    "offline.call": _("请先打 110，再选打通了没有。"),
    "offline.moment": _("时间在现在之后，请核对。"),
    "offline.whom": _("请写明是哪个孩子：姓名、性别、大约几岁，或者谁家的孩子。"),
    "offline.whom_twice": NAMED_TWICE,
    "offline.photo": _("照片"),
    "offline.photo_n": _("照片 {n}"),
    "offline.photo_off": _("去掉"),
    "offline.photo_making": _("正在处理照片，请稍等……"),
    "offline.photo_bad": _("这张照片打不开，请再拍一次。"),
    "offline.photo_unread": _("照片 {n} 读不出来，不会送出"),
    "offline.photo_full": _("手机存储空间满了，照片没有存上。请删掉一些照片或视频，再拍一次；也可以不带照片。"),
    "offline.photos": _("照片 {n} 张，已送达 {sent} 张"),
    "offline.late": _("逾期 {n} 天"),
    "offline.until": _("{day}前"),
    "offline.since": _("上次 {day}"),
    "offline.never": _("还没有走访过"),
    "offline.age": _("{n}岁"),
    "offline.carer": _("随{who}"),
    "offline.every": _("每 {n} 天走访一次"),
    "offline.risk": _("{level}风险"),
    "offline.waiting_here": _("已记录，待发送"),
    "offline.date": _("{m}月{d}日"),
    "offline.date_of_year": _("{y}年{m}月{d}日"),
    "offline.group.asked": _("工作站要求加访"),
    "offline.round": _("{day}前每人一次 · 已走访 {n} / {of} 人"),
    "offline.group.overdue": _("已逾期"),
    "offline.group.week": _("七天内应访"),
    "offline.group.unapproved": _("还没通过，可先走访"),
    "offline.group.rest": _("其他孩子"),
    "offline.people": _("{n} 人"),
    "offline.month": _("{m}月 {n} / {of} 人"),
    "offline.of_day": _("{day} {time} 更新"),
    "offline.left_out": _("另有 {n} 人不在这部手机上，有网络时在“走访”里看"),
    "offline.line.offline": _("离线"),
    "offline.line.waiting": _("{n} 条待发送"),
    "offline.line.drafts": _("{n} 份草稿没有存完"),
    "offline.line.all_sent": _("全部已送达"),
    "offline.returned_why": _("退回的原因：{reason}"),
    "offline.completed_here": _("已改好，待发送"),
    "offline.last": _("上次：{answer}（{day}）"),
    "offline.same": _("这一页和上次一样（{day}）"),
    "offline.no_place": _("没有记下位置。"),
    "offline.visit_of": _("{name}的走访"),
    "offline.correction_of": _("{name}的走访补充"),
    "offline.saved": _("{thing}已存在这部手机上，有网络时自动发送。"),
    "offline.arrived": _("{thing}已送达。"),
    "offline.photos_left": _("{thing}已送达，照片还有 {n} 张没有送到。"),
    "offline.settled": _("{thing}：{state}"),
    "offline.not_saved": _("没有存上！内容还在这一页，请不要关掉。{why}"),
    "offline.not_saved_draft": _("{name}：没有存上，写的留在草稿里。{why}"),
    "offline.full": _("手机存储空间满了：请删掉一些照片或视频，再点一次。"),
    "offline.failed": _("存储出了故障，请再点一次；还不行就截屏，再抄到纸上。"),
    "offline.draft": _("{time} 草稿已存在本机"),
    "offline.draft_failed": _("草稿没有存上（空间满了？），请尽快写完，点下面的按钮"),
    "offline.need": _("这一项要填。"),
    "offline.choose": _("请选择一项。"),
    "offline.future": _("走访日期在今天之后，请核对。"),
    "offline.later_visit": _("走访日期不能在首次记录之后。之后又去过的，请另记一次走访。"),
    "offline.check": _("有 {n} 处要核对，见红字。"),
    "offline.pin.short": _("口令至少 {n} 位数字。"),
    "offline.pin.plain": _("这个口令太好猜，请换一个。"),
    "offline.pin.differ": _("两次输入不一样，请再来一次。"),
    "offline.pin.wrong": _("口令不对，还可以试 {n} 次；试完会清除这个账号在本机的资料。"),
    "offline.pin.wiped": _("口令试错太多次，本机的名单和草稿已清除。待发送的走访仍会送出。请联网登录后重新设置。"),
    "offline.pin.of": _("{name}的口令"),
    "offline.told.ended": _(
        "您在这里的岗位已经结束，本机的名单和草稿已清除。没有送出的记录已封好，仍会送出，由工作站处理。"
    ),
    "offline.told.ordered": _("按工作站的要求，本机的名单和草稿已清除。没有送出的记录已封好，仍会送出。"),
    "offline.handed_on": _("没有网络，刚才写的带到了这里：看一遍，点“存在本机”，有网络时自动送出。照片要重新拍。"),
    "offline.has_draft": _(
        "没有网络。这里已有一份没写完的，先打开了它；刚才那一页写的还留在那一页，有网络时打开就能看到。"
    ),
    "offline.not_here": _(
        "没有网络，刚才的没有送出去；这个孩子不在本机名单，没有带过来。写的还留在那一页，有网络时打开再送。"
    ),
    "offline.no_page": _("没有网络，刚才的页面打不开，先打开了存在手机里的走访。有网络时再去。"),
    "offline.not_sent": _("刚才的表单没有收到答复，可能没有送出去。有网络时先打开那一页看一看，没有的再送一次。"),
    "offline.first.offline": _("没有连上服务器。第一次使用要先联网登录一次。"),
    "offline.first.denied": _("这个账号现在没有走访的岗位，请联系工作站。"),
    "offline.stop.login": _("登录已过期：记录照常存本机，要送出请先登录。"),
    "offline.stop.account": _("现在登录的是另一个账号。这里的记录会等{name}登录后再送出，不会混在一起。"),
    "offline.stop.owner": _("现在登录的是另一个账号。这里的记录会等记录的人自己登录后再送出，不会混在一起。"),
    "offline.stop.stop": _("没有连上服务器，稍后自动再试。"),
    "offline.stop.denied": _("这个岗位现在不能走访，名单没有更新。"),
    "offline.login": _("登录"),
    "offline.clock": _(
        "这部手机的时间不准：手机上是{phone}，现在其实是{now}。请在手机设置里打开“自动确定日期和时间”。"
    ),
    "offline.clock_then": _(
        "上次联网时，这部手机的时间不准；现在手机上是{phone}。请先在设置里核对日期和时间，再记走访。"
    ),
    "offline.old": _("名单已 {n} 天没有更新，请找有网络的地方打开一次。"),
    "offline.too_old": _("名单超过 {n} 天没有更新，已按规定清除。联网登录后会重新下载；草稿和待发送的都还在。"),
    "offline.forgot": _("清除本机的名单和草稿，重新设置口令？待发送的 {n} 条已封好，仍会送出。"),
    "offline.wipe": _("清除这个账号在本机的资料？待发送的 {n} 条已封好，仍会送出。"),
    "offline.exported": _("已存为文件 {name}，只有服务器能打开，可发给工作站。"),
    "offline.update": _("有新版本，点这里更新"),
    "offline.update_later": _("有走访表单开着，先存好或退出来，再更新。"),
    "offline.unknown": _("（不在本机名单）"),
    "offline.nothing": _("没有待发送的走访"),
}
