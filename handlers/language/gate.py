"""What reports nothing: questions, thanks, announcements, plans, examples, news. Judged sentence by sentence."""

from handlers.language.expressions import AnyOf, expression
from handlers.language.needed import FirstLook

_QUESTION = AnyOf(
    r"[?？]|吗(?:[,。!\s]|$)|么(?<!什么)(?:[,。!\s]|$)|呢(?<!着呢)(?:[。!\s]|$)|怎么|怎样|如何|为什么|为啥|是什么|什么时候|"
    r"啥时候|干什么|干啥(?<!能干啥)(?!干)|几点(?:到岗|签|上岗|开始|能|可以|下|离|交|接|集合|来|去)|从几点|哪个|哪里|"
    r"哪儿|哪天|"
    r"哪位|哪些|"
    r"是谁|谁[有知能在负接去来值替顶]|多少|有没有|要不要|能不能|可不可以|行不行|是不是|好不好|对不对|算不算|"
    r"用不用|需不需要|会不会|请问|求问|问一下|想问|咨询一下|是否需要|是否可以|还是要|行吗|可以吗|好吗|对吗|(?:登|"
    r"签|打|报|填|发|录|进|提交|扫|传)(?:不|没)(?:上|了|成|进)|没反应|找不到|有人知道|到底|"
    r"[上到了过]没有?(?:[。!,\s]|$)|提前几天|多久"
)
_THANKS = AnyOf(
    r"感谢|谢谢|致敬|点赞|辛苦(?:啦|了|大家|各位|您|你)|向.{1,12}致敬|加油|为.{1,10}点赞|好样的|真棒|太棒|给力|厉害"
)
_ANNOUNCE = AnyOf(
    r"^【?(?:重要|紧急|温馨)?(?:通知|公告|提醒|提示|通告|倡议|须知|转发|转载|分享)】?[:：】\s,]|通知[:】]|"
    r"温馨提示(?!单?\d|[一二三四五六七八九十百千万]|\d|单|[0-9])|(?:请|烦请|望)(?:各|大家|所有|全体|相关|志愿者|"
    r"值守|还没|没|未|尚未|及时|务必|按|于|提前|广大|到岗|离岗|上岗|今天|今晚|明天|明早|参加|参与|尚)|"
    r"(?:各位|大家|各点位|各卡口|各队|各组|所有人|全体|同志们|伙伴们).{0,16}(?:注意|记得|务必|别忘|不要忘|请|"
    r"及时|按时|要|必须|尽快|抓紧|报一下|报数|自觉|提前|互相|统一|以后|来|可以|检查|看看|看一下|查一下)|务必|"
    r"(?:^|[,。!\s])(?:记得|别忘了?|不要忘记?|切记|注意)|起(?<=\d[日号]起)[^,。]{0,20}(?:调整|实行|执行|改为|开始|"
    r"一律)|第一时间|从(?:明天|今天|明日|今日|即日|今晚|下周|"
    r"周[一二三四五六日]|\d+月\d+[日号])起|(?:明天|明日|今日|即日|今后|以后)起|即日起|"
    r"一律|不得|严禁|方可|要求(?:各|所有|大家|全体)|应当|照这个|按(?:这个|此|以下|照|上面|如下)|格式|写法|模板|"
    r"例如|比如|范例|示例|举例|填报说明|操作流程|收到请回复|请回复|请知悉|请悉知|请查收|请转告|请相互转告|接上级|"
    r"接(?:区|市|镇|街道)?(?:指挥部|防控办)通知|工作安排如下|值班表|排班表|班次安排|安排如下"
)
_NEWS = AnyOf(
    r"分享(?:文章|链接|视频|图片|一篇)|转发|《[^》]*》|新闻|报道|公众号|朋友圈|链接|http|刚看|听说|听[^,。]{1,"
    r"8}说|(?:师傅|队长|书记|领导|主任|社区|群里|[他她]们?|有人|邻居)说|(?:北京|人民|光明|新京|法[制治]|青年|"
    r"工人|晨)[^,。:]{0,4}报[:：]|新华社|央视|去年|前年|"
    r"那年|当年|以前我|据说|据悉|"
    r"据统计|据介绍|据了解|视频号|直播|日报讯|记者|数据显示|通报|昨天说的|上次说的|之前说的|刚才说的|他们说|"
    r"群里说|那边说|群里问|对不上|缺一不可|平均|佩服|这帮|那帮|人家|太感人|看哭"
)
_WONDER = AnyOf(
    r"我在想|在考虑|考虑一下|想不想|想想|不知道|不确定|不清楚|犹豫|纠结|随便说|开个玩笑|要是|如果|假如|假设|万一|"
    r"的话|测试(?:一下|消息|机器人)?$|^测试|试一下|试试"
)
_PLAN = AnyOf(
    r"(?:明天|明早|明晚|明日|后天|下周|改天|下次|待会儿?|一会儿?|等会儿?|等下|马上|回头|稍后|晚点|过会儿?|"
    r"过一会儿?|准备|打算|即将|\d+分钟后|半小时后|一小时后).{0,14}(?:到岗|签到|上岗|接班|离岗|签退|下岗|交班|"
    r"收工|去换|来换|打卡|值守|值班|巡查|到位|登记|核实|报)"
)
_OPENS_WITH_THANKS = expression(r"\W{0,2}(?:太|非常|特别|真的?)?(?:感谢|谢谢|多谢|辛苦)")
_LONGEST = 400
"""Further on, a sentence is not looked at: nobody writes such."""
_QUOTED = expression(
    r"[“\"「『][^”\"」』\n]{0,60}(?:到岗|签到|离岗|签退|上岗|下岗|收工|报名|巡查|核实|登记|打卡|撤回|更正|汇总|请假|"
    r"核转|交班|接班)[^”\"」』\n]{0,60}[”\"」』]"
)
_PASSAGE = expression(
    r"(?:^|[\s,;:。\d常])(?:进|出|入)(?![京院汗疹差行示])(?:了)?(?:[^\s,;。\d]{0,8}(?:门|口|村|社区|小区|站|卡|园|院|岗)|(?=[\s,;。]|$))"
)
_CALL_OVER = AnyOf(
    r"(?:招募|报名)(?:已)?(?:结束|截止了|已满|满员|满了)|报了\d+个|最后去了|已有[^,。]{1,8}报名|名额已满|已招满|"
    r"招满|人够了|已满员"
)
_FIGURE_PLAN = AnyOf(r"(?:明天|后天|下周|明日|计划|打算|准备|预计|拟).{0,12}\d|目标")
_STRUCTURE = AnyOf(r"\d{1,2}[:点]|\d+ ?(?:人次|户|人|辆|张|名|份)|卡口|[东南西北]门|[:：]")


_FORMAL = frozenset({"returnee", "enterprise", "supply", "verification", "correction"})
_PLAIN_QUESTION = AnyOf(r"[?？]|吗(?:[,。!\s]|$)|请问|怎么|有没有人|要不要|需不需要|如何|是不是|能不能")
_HANDED_OUT = expression(
    r"(?:发放|分发|派发|印发|发出|张贴|粘贴|投递|递送|印制|赠送|发|贴|送)(?:了|出)?[^,;。\n\d]{0,6}"
    r"(?:《[^》]{1,20}》|通知|公告|通告|提示|提醒|倡议|须知|公开信|告知)[^,;。\n\d]{0,6}?"
    r"(?=约?[0-9一二两三四五六七八九十百千万]+[余多来]?[份张封册页个条单套])"
)
"""Sheets that were handed out and counted announce nothing themselves."""
_SHEETS = AnyOf(r"《|通知|公告|通告|提示|提醒|倡议|须知")
_TO_DO = expression(r"请|务必|记得|要求|应当|明[天早晚日]|每户")
_LIGHT = frozenset({None, "duty", "health", "sign_up", "leave", "patrol", "work", "repeat", "supply", "withdraw"})
"""Kinds whose words are everyday words too."""
_PLANNABLE = frozenset({"check_in", "check_out", "duty", "patrol", "health", None})
_NEWS_TOO = frozenset({"returnee", "enterprise", "undo", "correction"})
_ANNOUNCED_TOO = frozenset({"undo", "correction", "verification"})
"""Kinds that are told in the words of news and of announcements as well."""


(_QUOTE, _ASKED, _OVER, _TOLD, _CALLED_ON, _WONDERED, _PLANNED, _THANKED_FIRST, _THANKED, _HANDED) = (
    1 << number for number in range(10)
)
_can_match = FirstLook([
    each.pattern for each in (
        _QUOTED, _QUESTION, _CALL_OVER, _NEWS, _ANNOUNCE, _WONDER, _PLAN, _OPENS_WITH_THANKS, _THANKS, _SHEETS,
    )
])  # fmt: skip


def why_silent(sentence: str, *, kind: str | None, addressed: bool) -> str | None:
    """The reason why a sentence reports nothing, or None. `kind` is what its words would otherwise make of it."""
    sentence = sentence[:_LONGEST]
    can = _can_match(sentence)
    return _reason(sentence, kind, can, addressed=addressed) if can else None


def _reason(sentence: str, kind: str | None, can: int, *, addressed: bool) -> str | None:  # noqa: PLR0911 - a list of rules: the first that holds wins
    """`can`: the expressions that can match at all."""
    if can & _QUOTE and _QUOTED.search(sentence):
        return "quoted words"
    asked = can & _ASKED and _QUESTION.search(sentence)
    if kind == "call_up":
        return "question" if asked else "call over" if can & _OVER and _CALL_OVER.search(sentence) else None
    if asked and not (kind in _FORMAL and not _PLAIN_QUESTION.search(sentence)):
        return "question"
    if can & _HANDED:
        sentence = _without_sheets(sentence)
        can = _can_match(sentence)
    if can & _TOLD and kind not in _NEWS_TOO and _NEWS.search(sentence):
        return "news"
    if can & _CALLED_ON and kind not in _ANNOUNCED_TOO and _ANNOUNCE.search(sentence):
        return "announcement"
    if can & _WONDERED and kind in _LIGHT and _WONDER.search(sentence):
        return "wondering"
    if can & _PLANNED and kind in _PLANNABLE and _PLAN.search(sentence) and "补" not in sentence:
        return "plan"
    return None if addressed else _only_thanks(sentence, can)


def _only_thanks(sentence: str, can: int) -> str | None:
    if can & _THANKED_FIRST and _OPENS_WITH_THANKS.match(sentence):
        return "thanks"
    return "thanks" if can & _THANKED and _THANKS.search(sentence) and not _STRUCTURE.search(sentence) else None


def _without_sheets(sentence: str) -> str:
    if not _SHEETS.search(sentence) or _TO_DO.search(sentence):
        return sentence
    return _HANDED_OUT.sub("", sentence)


def is_figure_plan(text: str) -> bool:
    """Figures of what is to be done, not of what was."""
    return bool(_FIGURE_PLAN.search(text))


def passes_gate(text: str) -> bool:
    """Somebody goes in or out: the temperature is that of a passer-by, no report of health."""
    return _PASSAGE.search(text) is not None


def is_addressed_thanks(text: str) -> bool:
    """Nothing but thanks or an acknowledgement."""
    first = text[:1]
    return (first in _ACKNOWLEDGING or first.isspace()) and _ACKNOWLEDGED.fullmatch(text) is not None


_ACKNOWLEDGING = frozenset("收好Oo嗯谢感辛了啦大各您你知明,。!、~")
"""What the words of an acknowledgement begin with."""
_ACKNOWLEDGED = expression(r"(?:收到|好的?|OK|ok|嗯+|谢谢|感谢|辛苦|了|啦|大家|各位|您|你|知道|明白|[,。!、~\s])+")
