"""What people read when they take a step back: 签收 D1, 作废 12号, P1 已整改."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.language.expressions import expression


@dataclass(frozen=True, slots=True)
class Step:
    """What a step is called, and what to do where it cannot be taken back: it was built upon, or has gone out."""

    name: str
    instead: str
    """A whole sentence; `{ref}` is what the step is about."""


STEPS: Mapping[str, Step] = {
    "record.corrected": Step("更正", "要改回去请再更正一次，例如：更正 {ref} 点位改为南门；整条不要请说：撤回 {ref}"),
    "supplies.left": Step("配送出发", "送不到请说：退回 {ref} 原因"),
    "supplies.signed": Step("签收", "数量不对请和负责人核对。"),
    "supplies.returned": Step("退回", "要再送请负责人重新发：分配"),
    "supplies.draft": Step("分配方案", "不要了请说：分配 取消"),
    "supplies.changed": Step("这次改动", "请直接再改一次，例如：分配 改 大都饭店 口罩 30"),
    "supplies.cancelled": Step("方案取消", "要分请重新发：分配"),
    "supplies.confirmed": Step("分配确认", "还没送出的可以一张张退回，例如：退回 D3 原因"),
    "enterprise.listed": Step("企业登记", "已经报过的企业请撤回那条摸排，例如：撤回 E5"),
    "enterprise.contacted": Step("“已联系”", "已经报过的企业不用再改。"),
    "enterprise.contact": Step("联系人", "请直接再说一遍：企业 联系人 某某公司 王建国 13800001111"),
    "enterprise.open": Step("营业情况", "请直接再说一遍，例如：企业 营业 大都饭店，或 企业 停业 大都饭店"),
    "enterprise.same": Step("合并", "两家的记录都在 {ref} 名下了，分不开；哪条报错了请撤回那一条，例如：撤回 E5"),
    "enterprise.different": Step("“不是同一家”", "确实是同一家请说：企业 合并 加两个编号"),
    "pass.void": Step("作废", "还要用证请补办或重新发证。"),
    "pass.renewed": Step("续期", "请直接再续一次，例如：续期 12号 至3月31日"),
    "gate.handled": Step("处置", "请直接再说一遍，例如：处置 {ref} 劝返"),
    "departure.closed": Step("结束", "要继续打电话请重新登记：离京 姓名 电话"),
    "departure.returned": Step("转返京", "请撤回那条返京登记，例如：撤回 R58"),
    "finding.assign": Step("指派", "要换人请说：指派 {ref} 姓名"),
    "finding.fix": Step("整改", "还没改好请说：{ref} 复查不通过 原因"),
    "finding.pass": Step("复查通过", "又有问题请说：{ref} 重开 原因"),
    "finding.fail": Step("复查不通过", "改好了请说：{ref} 已整改 怎么改的"),
    "finding.reopen": Step("重开", "改好了请说：{ref} 已整改 怎么改的"),
    "finding.picture": Step("图片", "请在聊天里长按撤回那张图片；{ref} 照旧。"),
    "patrol.planned": Step("巡查计划", "请直接再定一次，例如：巡查 每2小时 22:00-6:00 红石坎村卡口"),
    "patrol.stopped": Step("停巡查", "要恢复请再定一次，例如：巡查 每2小时 22:00-6:00 红石坎村卡口"),
    "notice.write": Step("通知", "内容有误请再发一条更正的通知。"),
    "notice.send": Step("通知", "内容有误请再发一条更正的通知。"),
    "notice.cancel": Step("取消", "要发请把通知再写一遍。"),
    "notice.read": Step("“收到”", "有疑问请直接问发通知的人。"),
    "notice.seen": Step("“已读”", "只是记您看过了，不影响确认。"),
    "call_up.confirmed": Step("名单确认", "名单已经通知到每个人了。有变动请改名额或退出报名；不去了请说：取消招募"),
    "call_up.arrived": Step("到位登记", "点错了请告诉带队的人，人数以收队报告为准。"),
    "call_up.split": Step("分配", "请直接再分一次，新的会代替旧的。"),
    "call_up.moved": Step("调人", "请直接再调回来，例如：驰援 2人 从社区卡口到管控区"),
    "call_up.quota": Step("名额", "请直接再说一次，例如：名额 {ref} 50人"),
    "call_up.cancelled": Step("取消招募", "还要招人请重新发一条招募。"),
    "call_up.closed": Step("结束招募", "还要招人请重新发一条招募。"),
    "duty.approved": Step("同意", "补签的人已经收到结果了；确实有误请说：撤回 {ref}"),
    "duty.rejected": Step("不同意", "补签的人已经收到结果了；要通过请其重新补签。"),
    "swap.asked": Step("替班请求", "已经问过替班的人了；不换了请其回：不同意 {ref}"),
    "swap.declined": Step("不同意", "要换请重新说：替班 李四替张三 2月24日夜班"),
    "swap.done": Step("替班", "要换回来请再说一次，例如：替班 张三替李四 2月24日夜班"),
    "roster.made": Step("排班", "某天来不了请说：请假 张三 2月24日；换人请说：替班 李四替张三 2月24日夜班"),
    "hours.confirmed": Step("确认工时", "有一段不对请更正那条离岗，例如：更正 C12 离岗时间改为18:00"),
    "role.granted": Step("任命", "不任了请说：免去 姓名 职务"),
    "role.revoked": Step("免去", "要恢复请说：任命 姓名 职务"),
    "chat.bound": Step("绑定", "请直接再绑定一次，例如：/绑定 平谷区/金海湖镇/红石坎村"),
    "account.named": Step("姓名", "请直接再说一次，例如：我是张三"),
    "figures.kept_apart": Step("“不重复”", "确实重复请说：重复 {ref}"),
    "report.at": Step("报表设置", "请直接再说一次，例如：日报 22:00；不要了：日报 停"),
    "report.stop": Step("报表设置", "要恢复请说：日报 恢复"),
    "report.resume": Step("报表设置", "不要了请说：日报 停"),
    "report.show": Step("报表设置", "请直接再说一次要看哪些，例如：日报 全部"),
    "case.claim": Step("领取", "不打了请说：放回 {ref}"),
    "case.put_back": Step("放回", "要接着打请说：领取"),
    "case.merge": Step("合并", "合并以后分不开，两条的内容都在留下的那条里；有误请更正那一条。"),
    "case.distinct": Step("“不是重复”", "确实是同一个人请说：合并 加两个编号"),
    "case.imported": Step("导入", "请一条条撤回，例如：撤回 R58"),
    "case.accept": Step("接收", "对方已经知道了；不归我们请重新核转。"),
    "case.return": Step("退回", "对方已经知道了；确实归我们请对方再转过来。"),
    "case.leave": Step("转出", "请重新登记这位返京人员。"),
    "case.release": Step("解除", "确需继续观察请说：延长 {ref} 1天 原因"),
    "case.end": Step("提前解除", "确需继续观察请说：延长 {ref} 1天 原因"),
    "case.extend": Step("改解除日", "请直接再说一次，例如：解除日 {ref} 3月10日 原因"),
    "case.cancel": Step("注销", "要恢复请说：重开 {ref}"),
    "case.reopen": Step("重开", "不来了请说：注销 {ref} 原因"),
}
"""Action, as the audit names it → its words. Taking these back is never left to chance: what is not in
`handlers.undoing.WAYS` is refused with what to do instead.
"""
_LOOSE = frozenset(("姓名", "图片", "联系人", "营业情况", "名额", "结束", "取消", "收到"))
"""Words that are said of records, too: 撤回姓名写错的那条, 撤回收到口罩的那条."""


def _bare(step: Step) -> str:
    return step.name.strip("“”")


_NAMES = sorted({_bare(step) for step in STEPS.values()} - _LOOSE, key=len, reverse=True)
_NAMED = expression(rf"(?:撤回|撤销|取消)[^A-Za-z0-9\s,]{{0,6}}?(?P<name>{'|'.join(_NAMES)})")
PARTS = frozenset(
    ("record.undone", "step.undone", "form.answered", "chain.lost", "sign_up.promoted")
    + ("gate.fever", "pass.replaced")
)
"""Actions that are part of a record, or of taking one back."""
LOOKS = frozenset(
    ("gate.listed", "pass.looked_up", "pass.listed", "departure.listed", "departure.shown")
    + ("report.exported", "hours.certificate")
)
"""Actions that change nothing."""

TAKEN = "↩️ {what}已撤回，{now}"
BUILT_UPON = "{what}之后又有了新的动作，不能单独撤回。{instead}"
FINAL = "{what}不能撤回。{instead}"
WHICH = "没认出引用的是哪一条，请写上编号，例如：撤回 {ref}"
NO_SUCH = "没找到您最近的“{word}”，没有撤回别的。请带上编号，例如：撤回 D1"
GONE = "引用的这一条已经撤回过了。"
UNPLANNED = "这个班不排了，也不再提醒。"
UNCONFIRMED = "{periods} 段工时还没确认。"
TOLD = "↩️ {name}撤回了{what}，{now}"


def what(action: str, refs: Sequence[str]) -> str:
    """D1、D2 的签收."""
    about = "、".join(dict.fromkeys(ref for ref in refs if ref))
    return f"{about} 的{STEPS[action].name}" if about else STEPS[action].name


def built_upon(action: str, refs: Sequence[str]) -> str:
    """Why it cannot be taken back alone."""
    return BUILT_UPON.format(what=what(action, refs), instead=instead(action, refs))


def named(text: str) -> tuple[str, frozenset[str]]:
    """(word, actions) of 撤回签收, 取消刚才的作废: the kind of step that a text names; nothing where it names none."""
    match = _NAMED.search(text)
    word = match["name"] if match else ""
    return word, frozenset(action for action, one in STEPS.items() if word and _bare(one).startswith(word))


def final(action: str, refs: Sequence[str]) -> str:
    """Why it cannot be taken back at all."""
    return FINAL.format(what=what(action, refs), instead=instead(action, refs))


def instead(action: str, refs: Sequence[str]) -> str:
    """What to do in the place of taking it back."""
    return STEPS[action].instead.format(ref=next(iter(refs), ""))
