"""Which kind of record a sentence opens: one rule per kind, the first that matches wins."""

import re
from functools import lru_cache

from handlers.language.expressions import AnyOf, expression
from handlers.language.gate import passes_gate
from handlers.language.needed import FirstLook
from handlers.language.triggers import find_duty
from handlers.language.vocabulary import OUTCOMES

_OUT = "|".join(sorted((word for word, _ in OUTCOMES), key=len, reverse=True))
_CALL = "|".join(word for word, code in OUTCOMES if code in ("no_answer", "refused", "unreachable"))
_GOODS = (
    "口罩|消毒液|酒精|手套|额温枪|测温枪|体温枪|体温计|温度计|面屏|护目镜|隔离衣|防护服|抗原|试剂|菜包|蔬菜|牛奶|矿泉水|"
    "方便面|棉大衣|军大衣|大衣|帐篷|被子|喷壶|洗手液|鞋套|雨衣|手电|电暖|暖宝|盒饭|水果|垃圾袋|封条|桌椅|对讲机|喇叭|"
    "充电宝|湿巾|围挡|警戒线|暖贴|马甲|袖标|药品|物资"
)
_CITY = r"(?:返|来|回|抵|到|进)"
_RULES: tuple[tuple[str, str], ...] = (
    ("correction", r"^\W{0,2}(?:更正|修正|订正|纠正|改正|勘误|更改|修改|变更|改一?下|改下)"),
    (
        "undo",
        (
            r"(?<![不别])(?:撤回|撤销|作废|撤消)(?!报名|了一条)|(?:取消|删掉|删除|去掉)(?:刚才|刚刚|上一?条|上面|"
            r"上一个|"
            r"[RrCc]\d)|[RrCc]\d+ ?(?:删|取消|不算|无效)"
        ),
    ),
    (
        "verification",
        (
            rf"(?:^|[\s,;。【】])(?:电话|已)?核[实查对](?![表码员志])|核实(?:结果|无误|完毕|完成|情况|名单)|核转|"
            rf"核实(?:过了|了|过)|电话(?:是|已|又|还|一直|都|仍)*(?:未接|拒接|空号|关机|停机|无人接|没人接|没接|打不通|"
            rf"不通|占线|提示)|尾号 ?\d{{4}}.{{0,30}}(?:{_OUT})|(?:^|[\s,])[RrCc]\d+.{{0,20}}(?:{_OUT}|核)|"
            rf"(?:拨打|联系|"
            rf"回访|打)[^,;。\n]{{0,14}}(?:电话)?[,，]?[^,;。\n]{{0,4}}(?:{_CALL})"
        ),
    ),
    (
        "withdraw",
        (
            r"退出报名|取消[^,。]{0,4}报名|撤[销回]报名|报名取消|报名作废|退出(?!小区|村|来|群|登录)|不报名?了|退报|"
            r"(?:我|^)[^,。]{0,6}(?:去不了|不去了|不参加了|参加不了)|放弃报名|名额让"
        ),
    ),
    (
        "call_up",
        (
            r"(?:招募|急需|急招|急募|招收|征集|紧急动员|需要|需(?!求)|缺|招|动员|抽调|支援|求援|还差|要)[^;。\n]{0,"
            r"24}?(?:[0-9一二两三四五六七八九十百]{1,12} ?(?:个|名|位)?(?:人(?!次|份)|名|位|志愿者|党员|人手)|"
            r"若干(?:名|人))|"
            r"(?:志愿者|人手|人员)[^;。\n]{0,4}[0-9一二两三四五六七八九十百]{1,12} ?(?:名|人|位)[^;。\n]{0,"
            r"30}(?:报名|支援|"
            r"集合|到岗|上岗)|【(?:招募|急招|急募|招募令|紧急招募)】|志愿者招募(?!结束|已|完)|^\W{0,2}(?:招募|急招|"
            r"急募)(?!结束|已|完|满|群)"
        ),
    ),
    (
        "correction",
        (
            r"(?:^|[\s,;])(?:[RrCc]\d+|刚才|刚刚|上一?条|我)?[^;。\n]{0,16}?(?:写错|报错|填错|发错|打错|说错|弄错|"
            r"错)了?[,，: ]?[^;。\n]{0,6}(?:应为|应该是|应是|改为|改成|是|为|改)|(?:应为|应该是|改为|改成|更正为|"
            r"修改为|"
            r"变更为|更改为)"
        ),
    ),
    (
        "repeat",
        (
            r"(?:同|和|跟|与)(?:昨天|昨日|昨晚|昨|前天|上次|上一次|上回|前次|上一班|上个班|前一天)(?:的)?(?:情况|内容|"
            r"信息|点位|班次)?(?:一样|相同|一致|同样|不变|$|[\s,。!了])|(?:^|\s)(?:照旧|照昨天|老样子)(?:$|[\s,。!])|"
            r"同上次|同昨天"
        ),
    ),
    (
        "leave",
        (
            r"请(?:个|一天|半天|两天|[0-9一二两三四五]天|几天|病|事|年|了|[0-9一二两三四五]日)*(?:的)?假(?!条|"
            r"的(?:同志|事|"
            r"人|朋友|志愿者|请|提前|都|伙伴)|找我|要(?:提前|先|说|报|找)|必须|制度|流程|申请表|怎么|吗)|告假|(?:^|"
            r"\s)休假"
        ),
    ),
    (
        "enterprise",
        (
            r"(?:复工|复产)(?:复产)?(?:情况)?(?:摸排|登记|排查|调查|统计|上报|摸底|报备|信息|情况)|企业(?:复工|摸排|"
            r"排查)(?!组|队|员|志愿|工作)|(?:摸排|排查)[^;。\n]{0,20}(?:公司|厂|店|企业)|(?:公司|厂|店|超市|集团|餐厅|"
            r"酒店)[^;。\n]{0,20}(?:复工|开工|营业).{0,30}(?:职工|员工|返京)|企业名称|(?:^|[\s,])(?:复工|开工)[^;"
            r"。\n]{0,"
            r"30}(?:公司|厂|店)"
        ),
    ),
    (
        "returnee",
        (
            rf"从[^,;。\n]{{2,14}}(?:返京|来京|回京|到京|抵京|回北京|到北京)|登(?:个|一下)?记[^;。\n]{{0,"
            rf"40}}(?:到的?(?:北京|京)|返京|回京|来京)|登记[:,][^;。\n]{{0,60}}{_CITY}京|"
            rf"{_CITY}京[^;。\n吗?]{{0,40}}(?:现?住|身份证|电话|手机|1[3-9]\d{{9}})|{_CITY}京(?:人员|信息|职工|员工|"
            rf"情况)*(?:个人)?(?:登记|报备|报到|报告|填报|申报|上报|备案|信息|登个记)|^\W{{0,2}}(?:返京|来京|"
            rf"回京)(?:】|"
            rf"[:,。\s])|{_CITY}京的?(?:人员)?(?:登记|报备)|(?:登记|报备|报告|报|填报)(?:一下|个|一个|两个|一位|"
            rf"[0-9一二两三]个)?(?:刚)?{_CITY}京|{_CITY}京[:,].{{0,60}}1[3-9]\d|(?:抵京|到京|返京)(?:时间|日期)|"
            rf"(?:出发地|何处返程)|(?:京心相助)"
        ),
    ),
    (
        "sign_up",
        (
            r"报个名|报名(?!请|截止|从|方式|时间|链接|表|人数|的|群|已|情况|截至|满|吗|要|条件|联系|结束|开始|"
            r"通道|地点|"
            r"电话[:是]|须|需|了?共?[0-9]+ ?[人名位])|"
            r"(?:^|[\s,。])(?:我(?:可以|能|要|想|也可以|也能)(?:参加|去|来|报名|上)|我去|我也去|"
            r"算我一个|算上我|我参加|我也参加|加我一个|加我|我可以去|我能去|我报|我来|我上|我愿意)(?:$|[\s,。!])|"
            r"^\s*(?:[一-鿿·]{2,4})?\s*\+ ?\d{1,2}(?:$|[\s,。!])|(?:^|[\s,])我有车[,， ]?(?:可以|能|我去|报)?|我可以$"
        ),
    ),
    (
        "health",
        (
            r"健康(?:打卡|上报|监测|报告|登记|日报)|(?:^|[\s,【:。])(?:每日|今日|居家|观察期)?打卡[^;。\n]{0,"
            r"40}(?:3[5-9][.度]|三十[五六七八九]度|[Dd]\d|第.{1,3}天|正常|无异常|无不适|无症状|咳嗽|发热|发烧|"
            r"体温|乏力|"
            r"嗓子)|(?:(?<!量)(?<!测)体温|自测)[^;。\n]{0,14}(?:3[5-9]|4[0-2]|三十[五六七八九]|正常)(?!.{0,6}(?:以上|"
            r"不得|的不))|(?:^|[\s,】])[Dd]\d{1,2}(?:健康)?(?:打卡)?[\s,:]|第[0-9一二三四五六七八九十]{1,3}天[^;"
            r"。\n]{0,"
            r"16}(?:3[5-9]\.?|三十)"
        ),
    ),
    (
        "duty",
        (
            r"(?<!巡查)打卡[^;。\n]{0,20}(?:卡口|卡点|[东西南北]门|[东西南北村路]口|点位|岗亭)|(?:卡口|卡点|"
            r"[东西南北]门|"
            r"[东西南北村路]口|点位)[^;。\n]{0,12}打卡"
        ),
    ),
    (
        "patrol",
        (
            r"(?:夜间|例行|日常)?(?:巡查|巡检|查岗)(?! ?[0-9一二三四五六七八九十]{1,12} ?(?:次|遍|趟|余次)[,，;"
            r"。、 ](?!.*第)|"
            r"组|员|任务|岗|队|志愿)|第 ?[0-9一二三四五六七八九十]{1,3} ?轮|(?:^|[\s,])巡逻[^;。\n]{0,30}(?:正常|"
            r"发现|第|"
            r"问题|无异常)"
        ),
    ),
    (
        "supply",
        (
            r"(?:急需|急缺|紧缺|需要|申领|缺少?|还缺|需求|申请|还需|需)[^;。\n]{0,"
            r"40}?(?:[0-9一二两三四五六七八九十百千万]{1,12} ?(?:余|多|来)?(?:个|只|瓶|桶|箱|套|件|把|包|双|副|"
            r"盒|袋|支|台|顶|"
            r"床|人份|份|卷|斤|公斤|吨|枚|条|块|提|罐|张|升|L|打|捆|打|组|壶|本|听|筐))|(?:收到|领回|领了|取回|"
            r"运回|拉回|"
            r"送去|送了|签收|接收|领到|到货|送达|送到|发放到|配送到|配送至|运抵|运到|领取|送至|送给|已送|送往|"
            r"拨付|捐赠|"
            r"捐来|送来)[^。\n]{0,50}?(?:[0-9一二两三四五六七八九十百千万]{1,12} ?(?:余|多|来)?(?:个|只|瓶|桶|箱|"
            r"套|件|把|包|"
            r"双|副|盒|袋|支|台|顶|床|人份|份|卷|斤|公斤|吨|枚|条|块|提|罐|张|升|L|打|捆|组|壶|本|听|筐))|"
            r"[0-9一二两三四五六七八九十百千万]{1,12} ?(?:余|多|来)?(?:个|只|瓶|桶|箱|套|件|把|包|双|副|盒|袋|支|"
            r"台|顶|床|"
            r"人份|份|卷|斤|公斤|条|块|提|组|本)[^;。\n]{0,12}(?:送到|送至|送达|发放给|发放到|发给|交给|配送到|送给|"
            r"送往)|(?:急需|急缺|紧缺|需要|申领|缺少|还缺|还需|缺|需)(?:要|补充|一批|一些|点|些)*[ :]?(?:医用|一次性|"
            r"K?N95)?(?:"
            rf"{_GOODS})(?!的|照|吗|才|方|佩)|"
            r"[给向][^,;。\n ]{2,14}(?:送|发放|分发|配送)[^,;。\n]{0,"
            r"12}?[0-9一二两三四五六七八九十百千万]{1,12} ?(?:个|"
            r"只|瓶|桶|箱|套|件|把|包|双|副|盒|袋|支|台|顶|床|人份|份|卷|斤|壶)|物资(?:需求|到货|接收|送达|申请|申领|"
            r"签收|告急)"
        ),
    ),
)
_COMPILED = tuple((1 << number, kind, AnyOf(pattern)) for number, (kind, pattern) in enumerate(_RULES))
_can_match = FirstLook([pattern for _, pattern in _RULES])
_EXPRESSIONS = {kind: expression(pattern) for kind, pattern in _RULES if kind not in ("correction", "duty")} | {
    "correction": expression("|".join(pattern for kind, pattern in _RULES if kind == "correction"))
}
_LONGEST = 400
"""A longer sentence is none; what stands beyond does not change what it opens."""
_MEASURED = expression(r"3[4-9][.度点]\d|三十[四五六七八九]|打卡|[Dd]\d|第.{1,3}天|健康")
_OBSERVED = expression(r"打卡|[Dd]\d|第.{1,3}天|健康|居家|隔离")
_FIGURE = expression(r"[0-9一二两三四五六七八九十百]+ ?[个通户]")
_AT_WORK = expression(r"卡口|卡点|[东西南北村路大]口|[东西南北]门|进\d+|\d+ ?(?:人次|辆)|值守|值班|宿舍|点位")


@lru_cache(maxsize=2048)
def kind_of(sentence: str) -> str | None:
    """The kind of record that the sentence opens by its own words, or None."""
    sentence = sentence[:_LONGEST]
    if can := _can_match(sentence):
        for bit, kind, pattern in _COMPILED:
            if can & bit and pattern.search(sentence):
                return _settle(kind, sentence)
    return "duty" if find_duty(sentence) else None


def opened_by(kind: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the words stand that make `text[start:end]` a record of the kind, or None."""
    found = _found(kind, text[start : min(end, start + _LONGEST)])
    return (start + found[0], start + found[1]) if found else None


@lru_cache(maxsize=16)
def _found(kind: str, words: str) -> tuple[int, int] | None:
    """The records of a list are all asked about the same opening."""
    pattern = _EXPRESSIONS.get(kind)
    match = pattern.search(words) if pattern else None
    return match.span() if match else None


def _settle(kind: str, sentence: str) -> str | None:  # noqa: PLR0911 - a list of rules: the first that holds wins
    """Where two readings overlap, the more telling words decide."""
    if (
        kind == "correction"
        and re.search(r"核实|尾号", sentence)
        and not re.match(r"\W{0,2}(?:更正|修正|订正|纠正|改正|更改|修改)", sentence)
    ):
        return "verification"
    if (
        kind == "verification"
        and len(_FIGURE.findall(sentence)) > 1
        and not re.search(r"核[实查对转]|尾号|[RrCc]\d", sentence)
    ):
        return None
    if kind == "health" and not _MEASURED.search(sentence) and _AT_WORK.search(sentence):
        return "duty" if find_duty(sentence) else None
    if kind == "health" and not _OBSERVED.search(sentence) and passes_gate(sentence):
        return None
    if kind == "health" and find_duty(sentence) and not re.search(r"健康|打卡|[Dd]\d|第.{1,3}天", sentence):
        return "duty"
    if (
        kind == "call_up"
        and re.search(r"^[^,。;\n]{0,12}(?:到岗|签到|离岗|签退|收工|交班|接班)", sentence)
        and find_duty(sentence)
        and not re.search(r"招募|急招|急需|志愿者", sentence)
    ):
        return "duty"
    if kind == "patrol" and find_duty(sentence) and not re.search(r"第.{1,3}轮|发现|巡查(?:正常|情况|结果)", sentence):
        return "duty"
    return kind
