# ruff: noqa: SIM905 - a list of words reads better as text
# ruff: noqa: PLR2004 - lengths of words and names, in characters

"""Who is meant: names as they are written, without titles and notes."""

from functools import lru_cache

from handlers.language.expressions import expression, without_start
from handlers.language.light import light
from handlers.language.surnames import COMPOUND, FOREIGN_PARTS, RARE, SINGLE
from handlers.language.vocabulary import (
    DUTIES,
    FILLERS,
    ISOLATION,
    ITEM_WORDS,
    NOISE,
    NORMAL,
    OUTCOMES,
    PLACE_END_CHARS,
    PLACE_ENDS,
    SHIFTS,
    SYMPTOMS,
    TITLES,
    TRANSPORT,
)

CERTAIN, CLEAR, POSSIBLE, NONE = 1.0, 0.9, 0.5, 0.0
SELF = frozenset(
    {
        "连我",
        "还有我",
        "俺自己",
        "俺自个儿",
        "我自个儿",
        "是我",
        "就我",
        "我一个",
        "我一人",
        "我一个人",
        "我",
        "本人",
        "自己",
        "我自己",
        "俺",
        "我本人",
        "咱",
    }
)

_HAN = expression(r"[㐀-鿿𠀀-𲎯]+")
_DOTTED = expression(r"[㐀-鿿A-Za-z]{1,10}(?:·[㐀-鿿A-Za-z]{1,10})+")
_BRACKETS = expression(r"[(\[【<][^()\[\]【】<>]*[)\]】>]")
_TITLE = expression(rf"(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})$")
_LEADING_TITLE = expression(
    rf"^(?:{'|'.join(t for t in sorted(TITLES, key=len, reverse=True) if len(t) > 1)}|党员|带班|领队)[:\s]?"
)
_BRACKET_SIGNS = frozenset("([【<")
_LEADING_STARTS = frozenset(title[0] for title in (*TITLES, "党员", "带班", "领队"))
_TITLE_ENDS = frozenset(title[-1] for title in TITLES)
_KIN = expression(
    r"^(?:(?:帮|替|给|为|带)?(?:[一-鿿]{2,4}家的?|我们?的?|俺们?的?|咱们?的?)?(?:老伴儿?|老搭档|闺女|兄弟|大哥|"
    r"嫂子|租户|房客|徒弟|大爷|大妈|大叔|大婶|二叔|三叔|小舅子|表弟|表哥|表姐|表妹|堂弟|堂哥|老爸|老妈|邻居家?|"
    r"村民|居民|职工|员工|工人|妹夫|姐夫|女婿|儿媳|爸爸?|妈妈?|爱人|老公|老婆|弟弟?|哥哥?|姐姐?|妹妹?|儿子|女儿|"
    r"同事|父亲|母亲|丈夫|妻子|媳妇|对象|邻居|室友|朋友|同学|舅舅?|叔叔?|侄子|外甥|孩子|家属|老乡|亲戚|搭档|"
    r"队友)|[帮替给](?=[一-鿿]{2}))"
)
_SEPARATORS = expression(r"[、,;/+&\n\t]|和(?=\S)|跟|与|以及|及(?=\S)|\s+")
_COUNT = expression(r"^(?:等|共|共计|合计|一共|总共)*[0-9一二两三四五六七八九十百]+(?:个人|人|名|位|个)?$")
_NICKNAME = expression(r"^[小老阿大][㐀-鿿]$|^[㐀-鿿](?:姐|哥|叔|姨|总|工|队|师傅|老师|主任|书记|大姐|大哥|阿姨|大爷)$")
_COMMON = frozenset(
    "老汉 相亲 后山 前山 能拉货 娘俩 爷俩 俩口子 干啥 谢谢 房东 租户 村东 村西 全组 全队 "
    "岳母 岳父 伯母 伯父 孙子 孙女 公公 姑姑 安全员 高铁 平安 安全 安排 明白 时间 方便 路上 路口 常规 支援 金属 "
    "车辆 车牌 车次 温度 包车 包子 高速 高温 高烧 高热 白天 白班 平常 平时 平台 全部 全天 全员 全程 全家 能否 "
    "能够 何时 何处 何地 "
    "任务 任何 强调 马上 马路 元宵 水平 花园 黄码 红码 绿码 黄色 红色 严格 严重 安静 安装 常态 明天 明早 明晚 "
    "明日 时候 时段 时长 应该 应为 应急 和平 成功 成员 成果 项目 程序 申请 申报 单位 单元 单独 "
    "计划 计数 管控 管理 管辖 支部 方式 方面 方舱 花费 金额 凌晨 同行 同住 同上 同前 同步 连续 连日 连夜 連續 "
    "向您 向各 向上 从事 从前 从今 从此 从明 从昨 到位 到达 到家 到岗 来京 来自 来源 "
    "有事 有车 有点 有人 有无 有宿舍 有食堂 无车 没有 没事 没车 冷静 冷得 饶有 高兴 甘愿 万一 万人 双手 双人 "
    "双岗 双班 通知 通过 通行 通行证 通宵 别的 别忘 别人 广播 广大 居住 居家 居民 居委会 "
    "国内 国外 国际 文明 文件 文字 文化 解除 解决 解封 宣传 宣布 封控 封闭 封条 管控区 车站 车间 车队 宁静 巡逻 "
    "巡查 路过 路途 路线 路东 路西 路南 路北 谈话 关闭 关机 关注 关心 关于 查验 查码 查看 后续 后来 "
    "后面 后天 后勤 游客 安检 安心 全勤 公交 公司 公里 包括 包含 洪水 消杀 消毒 水果 水费 钱包 钱款 张贴 金融 "
    "毛毯 毛巾 米面 米饭 何时到 毕业 安顿 常住 纪律 白菜 黄瓜 土豆 葱姜 花菜 白糖 方便面 油盐 米面油 米油 面粉 "
    "牛奶 鸡蛋 苗条 严肃 司机 司令 于是 于今 和谐 和气 明显 明确 米色 包裹 包装 席位 全员到岗 全部到岗 路灯 温馨 "
    "温暖 温差 温水 万次 季度 强度 强烈 童车 童装 江边 江湖 高峰 高峰期 高层 高龄 高考 高校 应到 应检 应测 应查 "
    "向东 向西 向南 向北 尚未 尚可 尚无 经过 经营 古镇 古城 毛重 史上 石头 石油 石材 支付 阳性 阳台 阳光 阴性 "
    "阴天 仪器 卫生 卫生间 卫生员 通道 通风 党员 汪汪 武装 武警 钟头 钟点 万余 万众 万事 相关 相应 相助 相同 "
    "台账 商户 商铺 商店 商场 商家 商超 战疫 战士 战友 战况 战报 战果 充足 充电 充分 充值 齐全 齐心 强壮 都正常 "
    "都好 都到 都是 都有 都没 都齐 广场 简报 简单 项次 那边 那个 那位 支持 支援组 时刻 时分 从严 "
    "国庆 年前 年后 年底 年初 况且 别墅 别提 别处 来回 来访 来电 来人 来访者 来不及 来得及 有效 有序 有限 有关 "
    "有效期 有症状 有发热 有咳嗽 有不适 有隐患 有问题 门磁 门禁 门卫 门岗 门口 门前 门外 门牌 火车 火警 火炉 "
    "生活 生病 生产 "
    "原因 原来 原地 原点 英语 初步 初检 初筛 初一 初二 初三 初四 初五 初六 初七 初八 初九 初十 由于 展开 修正 "
    "修改 修好 油桶 海鲜 海关 尉官 化验 化肥 练习 才能 次日 次数 次密 言语 战线 岩石 传达 代签 代报 代替 代为 "
    "代办 代步 "
    "柏油 解释 解热 全都 别担心 严查 严控 严防 水壶 水桶 水源 云南 云端 金桶 魏公村 花盆 方位 方向 方案 方正 "
    "安保 安好 安康 常见 乐观 乐意 于此 时而 皮肤 卡片 卡口 卡点 康复 伍分 余人 余户 元旦 元月 顾客 孟姜 黄昏 "
    "穆斯林 "
    "和我 和你 和他 和她 萧条 毛病 明细 计算 计时 计入 成立 成年 谈及 项链 祝好 祝愿 祝福 祝您 祝大家 梁上 杜绝 "
    "阮咸 席间 麻烦 麻烦您 麻药 强化 强制 贾岛 路况 路障 路桩 江苏 江西 颜色 梅雨 盛饭 林区 林场 林业 钟声 徐州 "
    "骆驼 高德 "
    "高危 高风险 夏天 夏季 夏令 蔡甸 田地 田间 田野 樊笼 凌乱 胡同 胡萝卜 霍乱 支队 支架 管道 管网 卢沟桥 经常 "
    "经查 经核实 房间 房屋 房东 房号 裘皮 干部 干活 干净 干了 干完 干到 解答 应答 应对 应聘 应战 宗教 丁字 贲门 "
    "包干 包保 包联 左右 "
    "职工 员工 民工 社工 "
    "左侧 左边 左门 石板 崔各庄 钮扣 程度 滑倒 陆续 陆地 荣誉 羊肉 惠民 曲线 家人 家属 家庭 家里 家中 家住 家长 "
    "家园 家门 封堵 井盖 段时间 富余 巫山 焦炭 巴士 弓箭 牧场 山东 山西 山区 山路 谷物 车流 车主 车费 车友 车况 "
    "宓密 蓬勃 全体 全覆盖 班长 班车 班次 "
    "班组 班里 仰卧 秋冬 秋季 仲裁 伊朗 宫颈 暴雨 暴雪 厉害 厉行 祖国 符合 刘海 景区 景点 束手 龙头 叶子 幸好 "
    "幸苦 司法 印发 印章 宿舍 宿迁 白酒 怀疑 怀柔 蒲团 鄂州 索要 咸菜 籍贯 赖床 蒙古 池子 乔木 能来 能去 能到 "
    "能出车 能开车 能行 双方 双休 双数 "
    "闻讯 党支部 党委 党组 贡献 劳动 劳烦 劳驾 申明 扶手 扶贫 堵塞 堵车 宰杀 雍和宫 璩 桑拿 桂花 濮阳 牛肉 寿命 "
    "通州 通州区 边界 边上 边防 扈从 燕郊 冀州 浦东 尚有 农村 农场 农民 温榆河 别忘了 庄稼 柴火 瞿然 阎王 充气 "
    "慕名 连队 茹毛 习惯 宦官 艾灸 鱼肉 "
    "容易 容量 容器 向上级 古玩 易拉宝 慎重 戈壁 步行 步道 都挺好 耿直 满意 满员 满勤 满载 满桶 满足 弘扬 匡算 "
    "国道 文体 寇仇 广告 禄口 东边 东侧 东头 东面 东段 东区 东站 东路 东街 东里 东院 东西 东南 东北 东村 东口 "
    "东门 东城 东城区 东楼 "
    "欧洲 沃尔玛 利用 利息 蔚蓝 越野 越来 越快 隆重 师傅 师生 库存 晁错 勾选 敖包 融化 冷库 冷链 冷风 冷了 冷死 "
    "辛苦 辛苦了 阚然 那里 简易 饶恕 空白 空号 空调 空格 空闲 空岗 曾经 曾用 毋庸 沙发 沙河 养老 养护 须知 须要 "
    "丰台 丰富 巢穴 关爱 相信 相当 相继 "
    "查询 查询中 查到 查完 查出 查缺 后门 后台 后期 荆棘 红旗 红灯 红十字 游玩 竺 权限 权利 盖章 盖好 益处 桓 "
    "公共 公园 公安 公寓 公布 公示 公章 公厕 晋级 楚河 闫 法院 法定 法律 汝 钦定 岳父 帅气 亢奋 况 有劳 有车的 "
    "琴声 商量 商议 牟利 伯伯 赏花 墨水 "
    "哈哈 哈哈哈 哈尔滨 年龄 年纪 年级 年月 爱心 爱心企业 爱人 爱护 阳坊 阳过 言论 福建 福利 福州 付款 付费 税务 "
    "矫正 展板 展示 代表 代购 代收 代领 代他 代她 代我 苑区 随时 随后 随手 随行 漆黑 刀具 原料 原则 丛林 初中 "
    "衣服 衣物 由我 由他 修车 油价 库房 "
    "占道 占用 占线 战胜 化工 铁路 铁门 铁皮 铁网 郎中 敬老院 敬请 敬礼 兰州 展位 户主 户口 户籍 户外 户内 户均 "
    "闪电 候车 候补 麦子 盘查 盘点 盘锦 信息 信号 信箱 信访 操作 操场 遇到 遇见 奉上 战时 海淀 海淀区 湛江 仁和 "
    "生日 生效 佐证 但是 但愿 降温 降雪 降雨 降雪 "
    "亚澜湾 黑色 黑龙江 黑车 续签 续班 续上 英文 宇宙 逢人 植树 晓得 藏族 达到 达标 荷花 元宵节 大雪 小雪 时差 "
    "路途中 计次 明细表 安徽 江门 洛阳 金华 常州 常德 滨州 宣城 东莞 东营 雅安 石家庄 平顶山 鲁山 井冈山 万州 "
    "许昌 郑州 荆州 荆门 宜昌 "
    "孝感 随州 黄冈 黄石 鄂州 恩施 武汉 襄阳 十堰 咸宁 仙桃 潜江 天门 广州 广西 广东 河北 河南 湖北 湖南 辽宁 "
    "吉林 陕西 甘肃 青海 宁夏 宁波 温州 台州 台湾 海南 海口 江阴 常熟 昌平 昌平区 顺义 朝阳 密云 平谷 延庆 房山 "
    "大兴 西城 石景山 和田 满洲里 牡丹江 通化 通辽 "
    "赤峰 包头 葫芦岛 安阳 安庆 安康 汉中 乐山 项城 常宁 常山 金坛 萧山 江宁 井陉 元氏 平山 高邑 高碑店 高阳 "
    "容城 雄县 霸州 景县 武强 武邑 武清 安平 安国 安新 曲阳 曲周 魏县 成安 广平 鸡泽 邱县 饶阳 冀州 柏乡 隆尧 "
    "任县 任丘 黄骅 盐山 孟村 东光 海兴 应县 古交 阳泉 "
    "阳曲 阳城 高平 平遥 平定 平顺 黎城 武乡 武安 万柏林 万荣 闻喜 平陆 解州 红石坎 将军关 常青藤 和平里 水务 "
    "水电 水暖 水泥 国航 南航 东航 国网 广电 别处来 有同行 有发烧 有异常 无恙".split()
)
"""Ordinary words and places that begin with a family name."""
_WORDS = frozenset(
    {w for w, _ in DUTIES}
    | {w for w, _ in OUTCOMES}
    | {w for w, _ in TRANSPORT}
    | {w for w, _ in ISOLATION}
    | set(SHIFTS)
    | set(SYMPTOMS)
    | set(NORMAL)
    | set(FILLERS)
    | set(ITEM_WORDS)
    | set(NOISE)
    | set(PLACE_ENDS)
    | set(TITLES)
    | _COMMON
)
_PLACE_TAIL = expression(rf"(?:{'|'.join(sorted(PLACE_ENDS, key=len, reverse=True))})$")
_BAD_INSIDE = expression(
    r"等$|已|返京|来京|来宾|[了的吗呢吧啊呀着过么很最没不无未这那哪谁替您你他她它们岗班卡退签第个]|"
    r"到[岗京达位]|体温|正常|异常|测温|登记|核实|报名|核酸|抗原|志愿|社区|小区|街道|巡查|打卡|健康|居家|隔离|"
    r"人次|口罩|消毒|请假|高铁|火车|飞机|上午|下午|开工|复工"
)
_PLACE_TAILS = frozenset(PLACE_END_CHARS) - frozenset("栋桥城岭河台港楼苑府")
"""栋 or 城 ends many a given name."""
_FOREIGN = expression("|".join(FOREIGN_PARTS))
_SINGLE_MAX, _COMPOUND_MAX, _LOOSE_MAX = 3, 4, 4


@light
class Person:
    """A name and where it stands in the text that was searched."""

    start: int
    end: int
    name: str
    strength: float


@lru_cache(maxsize=16384)
def clean_name(text: str) -> str:
    """The name as written, without notes in brackets, titles and inner spaces."""
    bare = (text if _BRACKET_SIGNS.isdisjoint(text) else _BRACKETS.sub("", text)).strip(" ,、;:。!\n\t\"'“”()-~")
    if bare[:1] in _LEADING_STARTS:
        bare = without_start(_LEADING_TITLE, bare)
    if (kin := _KIN.match(bare)) and len(bare) - kin.end() >= 2:
        bare = bare[kin.end() :]
    while bare[-1:] in _TITLE_ENDS and (title := _TITLE.search(bare)) and title.start() >= 2:
        bare = bare[: title.start()].strip()
    return "".join(bare.split())


def is_name(name: str, known: frozenset[str] = frozenset()) -> float:
    """How surely `name`, already cleaned, is a person's name: CERTAIN (known), CLEAR, POSSIBLE or NONE."""
    return CERTAIN if name in known else _strength(name)


@lru_cache(maxsize=16384)
def _strength(name: str) -> float:
    if "·" in name and _is_dotted(name):
        return CLEAR
    if name[:2] in COMPOUND and 3 <= len(name) <= _COMPOUND_MAX and _HAN.fullmatch(name) and name not in _WORDS:
        return CLEAR
    if not 2 <= len(name) <= 6 or _has_no_name_in_it(name):
        return NONE
    if not _HAN.fullmatch(name) or name in _WORDS or _BAD_INSIDE.search(name[1:] if name[0] in SINGLE else name):
        return NONE
    return _han_strength(name)


def _has_no_name_in_it(name: str) -> bool:
    """The quick look: too long for a name, or without a family name, and neither foreign nor a nickname."""
    if (name[0] in SINGLE and len(name) <= _LOOSE_MAX) or name[:2] in COMPOUND:
        return False
    return not _FOREIGN.search(name) and (len(name) > _SINGLE_MAX or not _NICKNAME.match(name))


def _is_dotted(name: str) -> bool:
    """古丽·买买提, but not 王磊和古丽·买买提, which are two."""
    if not _DOTTED.fullmatch(name):
        return False
    people = _AND.split(name)
    return len(people) == 1 or not all(len(one) > 1 and is_loose_name(one) for one in people)


_AND = expression(r"[和与跟]")


def _han_strength(name: str) -> float:  # noqa: PLR0911 - a list of rules: the first that holds wins
    if name[:2] in COMPOUND:
        return CLEAR if 3 <= len(name) <= _COMPOUND_MAX else (POSSIBLE if len(name) == 2 else NONE)
    if _FOREIGN.search(name):
        return CLEAR
    if _PLACE_TAIL.search(name):
        return NONE
    if name[0] not in SINGLE:
        return POSSIBLE if _NICKNAME.match(name) else NONE
    if len(name) > _SINGLE_MAX:
        return (
            POSSIBLE
            if len(name) == _LOOSE_MAX and name[1] in SINGLE and name[0] not in RARE and name[-1] not in PLACE_END_CHARS
            else NONE
        )
    if len(name) == _SINGLE_MAX and (name[1] in "家各" or name[-1] in _PLACE_TAILS):
        return POSSIBLE
    if len(name) == 2 and name[-1] in "村庄镇乡屯堡营":
        return POSSIBLE
    return POSSIBLE if name[0] in RARE else CLEAR


def is_loose_name(name: str) -> bool:
    """Whether `name` can stand where only a name stands (behind 姓名, first in an entry), known surname or not."""
    return ("·" in name and _is_dotted(name)) or (
        2 <= len(name) <= 5
        and bool(_HAN.fullmatch(name))
        and name not in _WORDS
        and not _PLACE_TAIL.search(name)
        and not _BAD_INSIDE.search(name)
    )


def split_people(text: str, sender: str, known: frozenset[str] = frozenset(), *, loose: bool = True) -> list[str]:
    """The names in a labelled value or another stretch that holds nothing but names; 我 and 本人 are the sender."""
    bare = _BRACKETS.sub(" ", text)
    tokens = [token for token in _SEPARATORS.split(bare) if token and token.strip()]
    names: list[str] = []
    spelled: list[str] = []
    for token in tokens:
        if len(token) == 1 and _HAN.fullmatch(token) and token not in SELF:
            spelled.append(token)
            continue
        _flush(spelled, names)
        _add(token, sender, known, names, loose=loose)
    _flush(spelled, names)
    return list(dict.fromkeys(names))


def _flush(spelled: list[str], names: list[str]) -> None:
    """Single characters with spaces between them spell one name."""
    if 2 <= len(spelled) <= _LOOSE_MAX:
        names.append("".join(spelled))
    spelled.clear()


def _add(token: str, sender: str, known: frozenset[str], names: list[str], *, loose: bool) -> None:
    name = clean_name(token)
    if name in SELF:
        names.append(sender)
    elif _COUNT.match(name):
        return
    elif is_name(name, known) or (loose and is_loose_name(name)):
        names.append(name)
    elif len(pair := _glued(name, known)) > 1:
        names += pair


def _glued(text: str, known: frozenset[str]) -> list[str]:
    """Two or more names without a separator (秦永兴马国栋), only where every cut is a clear name."""
    if not 4 <= len(text) <= 9 or not _HAN.fullmatch(text):
        return []
    for size in (3, 2, 4):
        head, tail = text[:size], text[size:]
        if is_name(head, known) >= CLEAR:
            if is_name(tail, known) >= CLEAR:
                return [head, tail]
            if rest := _glued(tail, known):
                return [head, *rest]
    return []


def name_at_end(text: str, known: frozenset[str] = frozenset()) -> Person | None:
    """The clear name that `text` ends with, if what stands before it can stand alone."""
    best: Person | None = None
    for size in (4, 3, 2):
        if size <= len(text) and (strength := is_name(name := text[-size:], known)) >= CLEAR:
            best = _surer(best, Person(len(text) - size, len(text), name, strength))
    return best


def name_at_start(text: str, known: frozenset[str] = frozenset()) -> Person | None:
    """The clear name that `text` begins with."""
    best: Person | None = None
    for size in (4, 3, 2):
        if size <= len(text) and (strength := is_name(name := text[:size], known)) >= CLEAR:
            best = _surer(best, Person(0, size, name, strength))
    return best


def _surer(best: Person | None, other: Person) -> Person:
    return other if best is None or other.strength > best.strength else best
