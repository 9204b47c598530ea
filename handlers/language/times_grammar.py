"""The words and shapes of days and clock times: one combined expression, and what each of its branches means.

The order of the branches is the order of precedence. Digits are guarded on both sides, so that rooms, phones, trips,
temperatures, versions and counts are no times.
"""

from typing import Literal

from handlers.language.expressions import beginning_with
from handlers.language.lunar import FESTIVALS
from handlers.language.moments import Part

# ---------------------------------------------------------------- words

DAY_WORDS: dict[str, tuple[Literal["offset", "next", "same"], int]] = {
    "大前天": ("offset", -3),
    "前天": ("offset", -2),
    "前日": ("offset", -2),
    "昨天": ("offset", -1),
    "昨日": ("offset", -1),
    "昨儿": ("offset", -1),
    "昨": ("offset", -1),
    "今天": ("offset", 0),
    "今日": ("offset", 0),
    "今儿": ("offset", 0),
    "今": ("offset", 0),
    "明天": ("offset", 1),
    "明日": ("offset", 1),
    "明儿": ("offset", 1),
    "明": ("offset", 1),
    "后天": ("offset", 2),
    "后日": ("offset", 2),
    "大后天": ("offset", 3),
    "前": ("offset", -2),
    "后": ("offset", 2),
    "当天": ("same", 0),
    "当日": ("same", 0),
    "当": ("same", 0),
    "次日": ("next", 0),
    "次": ("next", 0),
    "翌日": ("next", 0),
    "翌": ("next", 0),
    "隔天": ("next", 0),
    "第二天": ("next", 0),
    "转天": ("next", 0),
}
_PART_TABLE: dict[Part, str] = {
    "dawn": "凌晨",
    "morning": "早上 早晨 早间 清晨 清早 大清早 一早 大早上 晨 早 上午 午前",
    "noon": "中午 正午 午间",
    "afternoon": "下午 午后 傍晚 黄昏",
    "evening": "晚上 晚间 夜晚 晚",
    "night": "夜里 夜间 深夜 半夜 大半夜 后半夜 午夜 夜",
}
PARTS = {word: part for part, words in _PART_TABLE.items() for word in words.split()}
WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5} | {
    str(n): n - 1 for n in range(1, 7)
}
LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "闰": 0}

# ---------------------------------------------------------------- shapes

_HOUR = r"(?:1[0-9]|2[0-4]|0?[0-9])"
_HAN_HOUR = r"(?:二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_HAN_MONTH = r"(?:十[一二]?|[一二三四五六七八九])"
_HAN_DAY = r"(?:三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_HAN_MINUTE = r"(?:[二三四五]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九])"
_COUNTED = r"(?: ?(?:[人名户辆个次张家条份单箱套只桶瓶把双支车栋袋包件台盒度℃天层岁元万千百余多米平]|小时|公里|分钟|%))"
_PART_WORDS = "|".join(sorted(PARTS, key=len, reverse=True))
_DAY_FORMS = "大前天|大后天|前[天日]|后[天日]|昨[天日儿]|今[天日儿]|明[天日儿]|当[天日]|次日|翌日|隔天|转天|第二天"
_SHORT_DAY = (
    r"[昨今](?=[早晚晨夜]|上午|下午|中午|凌晨|半夜|午夜|傍晚|儿)|明(?=早(?!上)|晚(?!上)|晨|上午|下午|中午|凌晨|傍晚)"
    r"|当(?=晚|夜)|[次翌](?=晨|早|晚)|(?<![以之目先提])前(?=晚|夜)|(?<![以之])后(?=晚)"
)
_PERIOD_AFTER = r"(?!节?(?:过后|期间|以来|前后|假|档|联欢|后|前))"
ADDRESS = "号院楼栋排队组街路巷弄里村庄园区桥镇寨屯胡同条门座道"
"""A 号 after one of these is a house number (村88号), whatever follows it."""
_NO_DAY_NUMBER = (
    r"[楼院线门点卡岗地厂店井馆车桌病床机段库棚铺仓台柜房室区厅口路公栋单桥检通文码召称令外志信]|"
    r"[0-9一二三四五六七八九十]"
)

_NUMERALS = "零〇一二两三四五六七八九十廿"
_WORD_STARTS = "农正冬腊闰差早晚大年初春元龙端七中重小劳清除前后昨今明当次翌隔转第上下这本个周星礼月凌晨午傍黄夜深一半"
_SURE_STARTS = "差早晚晨夜"
"""These begin a time whatever follows, as far as two characters tell."""
_SHORT_DAYS = {
    "昨今": "早晚晨夜上下中凌半午傍儿",
    "明": "早晚晨上下中凌傍",
    "当": "晚夜",
    "次翌": "晨早晚",
    "前": "晚夜",
    "后": "晚",
}
_WEEK_STARTS = {
    "上这本下": "个周星礼",
    "上": "上",
    "下": "下",
    "个": "周星礼",
    "周": "一二三四五六日天末123456",
    "星": "期",
    "礼": "拜",
    "本这月": "月个底",
}


def _pairs() -> str:
    """What the words of a time may begin with, as a choice: most characters of `_WORD_STARTS` begin other words."""
    pairs: dict[str, set[str]] = {}
    for word in (*PARTS, *DAY_WORDS, *FESTIVALS):
        if len(word) > 1 and word[0] not in _SURE_STARTS:
            pairs.setdefault(word[0], set()).add(word[1])
    for heads, follow in (*_SHORT_DAYS.items(), *_WEEK_STARTS.items(), ("大", "年"), ("年初", _NUMERALS + "初")):
        for head in heads:
            pairs.setdefault(head, set()).update(follow)
    return "|".join(f"{head}[{''.join(sorted(follow))}]" for head, follow in pairs.items())


_LOOKS_LIKE = (
    r"(?:[0-9](?<![0-9][0-9])(?:[0-9]{0,7}[ :./~年月日号点时个分小钟天周星半到至上离下签接交-]|[0-9]{3})"
    rf"|[{_NUMERALS}][{_NUMERALS}0-9]{{0,3}}[ 月日号点时个分小钟天周星半到至~-]"
    rf"|[半正冬腊闰农点时]|[{_SURE_STARTS}]|{_pairs()})"
)
TOKEN = beginning_with(
    f"0-9{_NUMERALS}{_WORD_STARTS}",
    # Digits: dates and clock times.
    r"(?=[0-9])(?:"
    rf"(?P<ymd>(?<![0-9.])(20[0-9]{{2}}) ?(?:年|[-/.]) ?({_MONTH}) ?(?:月|[-/.]) ?({_DAY})(?![0-9])[日号]?)"
    rf"|(?P<compact>(?<![0-9A-Za-z])(20[0-4][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9A-Za-z]))"
    rf"|(?P<colon>(?<![0-9.])({_HOUR}):([0-5][0-9])(?::[0-5][0-9])?(?![0-9]))"
    rf"|(?P<md>(?<![0-9.年])({_MONTH})月(?:份)?({_DAY})(?![0-9点时:])(?:[日号](?!楼))?)"
    rf"|(?P<slash>(?<![0-9./A-Za-z])({_MONTH})/({_DAY})(?![0-9./]|{_COUNTED}))"
    rf"|(?P<dotspan>(?<![0-9.A-Za-z])({_HOUR})\.([0-5][0-9])(?= ?[-~至到] ?({_HOUR})\.([0-5][0-9])(?![0-9.])))"
    rf"|(?P<dot>(?<![0-9.A-Za-z/])({_MONTH})\."
    rf"([12][0-9]|3[01]|0[1-9]|[1-9](?=[日号 \n]|[-~至到][0-9]{{1,2}}\.|[签到返核报接打]|$))"
    rf"(?![0-9.]|{_COUNTED})[日号]?)"
    rf"|(?P<dash>(?<![0-9A-Za-z-])(0[1-9]|1[0-2])-({_DAY})(?= {_HOUR}:))"
    rf"|(?P<military>(?<![0-9A-Za-z.:+-])([01][0-9]|2[0-4])([0-5][0-9])"
    rf" ?(?:-|~|至|到) ?([01][0-9]|2[0-4])([0-5][0-9])"
    r"(?![0-9A-Za-z.:-]| ?[人户辆张份名次个只箱件套处车家单栋通瓶桶把包袋余多]))"
    r"|(?P<late>(?<![0-9A-Za-z.:+号-])([01][0-9]|2[0-3])([0-5][05])(?=到岗|上岗|离岗|下岗|签到|签退|接班|交班))"
    r"|(?P<stamp>(?:(?<=时间:)|(?<=时间 )|(?<=时间))([01][0-9]|2[0-3])([0-5][0-9])(?![0-9.:/年-]))"
    rf"|(?P<daynum>(?<![0-9.第近共满前])(?<![0-9]月)({_DAY})(?:日(?![内以间夜报志游]|观察)|号(?!{_NO_DAY_NUMBER}))(?!楼))"
    rf"|(?P<leadday>(?<![0-9A-Za-z.:/-])({_DAY})(?=(?:-|~|至|到){_DAY}[日号](?!{_NO_DAY_NUMBER})))"
    r")"
    # Numerals of either kind: 点 and 时, distances from now, the first number of 8-12点.
    rf"|(?=[0-9半{_NUMERALS}])(?:"
    r"(?P<relative>(?<![0-9.第])(?P<rel_n>[0-9]+(?:\.[0-9])?|[一二两三四五六七八九十]{1,3}|半)(?:个(?P<rel_half>半)?)?(?P<rel_unit>分钟|小时|钟头|天|周|星期)"
    r"(?P<rel_half2>半)?(?:之|以)?(?P<rel_way>[后前])(?![天日来]))"
    rf"|(?P<clock>(?<![0-9.第])(?P<c_two>[一二两三四五六七八九][二三四五六七八九十](?=点))?(?P<c_h>{_HOUR}|{_HAN_HOUR})?"
    r"(?:点(?!位|名|心|赞|评|击|滴|火|餐|单|儿|数|对|建|要|意|说|注|到为|多人)|时(?![间长候段限常刻期效而有不]))"
    rf"(?:(?P<c_half>半)|(?P<c_quarter>[一三13])刻|差(?P<c_less>[0-9]{{1,2}}|{_HAN_MINUTE}|五)分"
    rf"|(?P<c_m>[0-5]?[0-9](?=分(?!钟))|[0-5][0-9](?![0-9.:点]|{_COUNTED})|{_HAN_MINUTE}(?![一二三四五六七八九十]|{_COUNTED})|[零〇][1-9](?![0-9.:点]|{_COUNTED})"
    r"|[一二三四五六七八九](?=分(?!钟)))分?"
    r"|(?P<c_vague>多|来钟)钟?|钟|整)?)"
    rf"|(?P<lead>(?<![0-9A-Za-z.:/])({_HOUR}|{_HAN_HOUR})(?=(?:-|~|至|到)(?:{_HOUR}|{_HAN_HOUR})(?:点(?!位)|时(?![间长]))))"
    r")"
    # Chinese numerals and months with names: days of both calendars.
    rf"|(?=[{_NUMERALS}农正冬腊闰])(?:"
    rf"(?P<lunar>(?:农历)?(?P<l_leap>闰)?(?P<l_month>正|冬|腊|{_HAN_MONTH})月(?P<l_day>初[一二三四五六七八九十]|廿[一二三四五六七八九]?|{_HAN_DAY})(?![日号一二三四五六七八九十]))"
    rf"|(?P<hmd>(?<![一二三四五六七八九十])({_HAN_MONTH})月({_HAN_DAY})(?![一二三四五六七八九十点时])(?:[日号](?!楼))?)"
    rf"|(?P<hdaynum>(?<![一二三四五六七八九十第近共满])({_HAN_DAY})(?:日(?![内以间夜报志游])|号(?!{_NO_DAY_NUMBER})))"
    r")"
    # Words: days by name, parts of the day, a number right after 早 or 晚.
    rf"|(?=[{_WORD_STARTS}])(?:"
    rf"(?P<short>差(?P<short_m>[0-9]{{1,2}}|{_HAN_MINUTE}|五)分钟?(?:到|不到)?(?P<short_h>{_HOUR}|{_HAN_HOUR})点(?!位))"
    rf"|(?P<bare>(?P<b_part>早上?|晚上?)(?P<b_h>{_HOUR}|{_HAN_HOUR})(?P<b_half>半)?"
    rf"(?![0-9零〇一二两三四五六七八九十.。:点时/月日号楼]|{_COUNTED}|切|直|起|下|些|定))"
    r"|(?P<newyear>(?:大年|年)(?P<n_day>初[一二三四五六七八九十]|十五))"
    r"|(?P<eighth>(?<![年月])初(?P<e_day>[一二三四五六七八九十])(?![中高步期级年诊审次一二三四五六七八九十]))"
    rf"|(?P<festival>{'|'.join(sorted(FESTIVALS, key=len, reverse=True))}){_PERIOD_AFTER}节?"
    rf"|(?P<dayword>{_DAY_FORMS}|{_SHORT_DAY})"
    r"|(?P<weekday>(?P<w_which>上上|下下|[上这本下])?个?(?:周|星期|礼拜)(?P<w_day>[一二三四五六日天末1-6])(?![期岁围边年月点个人名次]))"
    r"|(?P<month_end>(?<![年半])(?:本|这个)?月底)"
    rf"|(?P<part>(?:{_PART_WORDS})(?!班|饭|餐|就|已|会|会儿|市|年|报|自习|辈|婚|期|恋))"
    r")",
    looks_like=_LOOKS_LIKE,
)
"""One character long where it matches: the last group tells which branch it was and how far that reached."""
