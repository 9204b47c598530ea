"""Names of places: what is one, where it stands, and what the gazetteer holds."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.language.gazetteer import gazetteer
from handlers.language.places import Region, find_places, has_origin, is_unit, region_of

DISTRICTS = "东城区 西城区 朝阳区 丰台区 石景山区 海淀区 门头沟区 房山区 通州区 顺义区 昌平区 大兴区 怀柔区 平谷区 密云区 延庆区"


def names(text):
    return [(text[s.start : s.end], s.value.name) for s in find_places(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("阳坊镇西贯市村88号", [("阳坊镇", "阳坊镇"), ("西贯市村", "西贯市村")]),
        ("到岗 红石坎村卡口 秦永兴", [("红石坎村", "红石坎村")]),
        ("点位安固村东卡口", [("安固村", "安固村")]),
        ("密云区鼓楼街道亚澜湾社区", [("密云区", "密云区"), ("鼓楼街道", "鼓楼街道"), ("亚澜湾社区", "亚澜湾社区")]),
        # everyday, statistical and abolished names
        ("金海湖地区", [("金海湖地区", "金海湖镇")]),
        ("孙河地区", [("孙河地区", "孙河乡")]),
        ("孙河乡", [("孙河乡", "孙河乡")]),
        ("渔阳地区", [("渔阳地区", "平谷镇")]),
        ("万柳地区", [("万柳地区", "海淀镇")]),
        ("杨镇地区", [("杨镇地区", "杨镇")]),
        ("于家务乡", [("于家务乡", "于家务回族乡")]),
        ("崇文区", [("崇文区", "东城区")]),
        ("宣武区", [("宣武区", "西城区")]),
        ("密云县", [("密云县", "密云区")]),
        ("延庆县永宁镇", [("延庆县", "延庆区"), ("永宁镇", "永宁镇")]),
        # short forms of communities, with what is in them
        ("签到 花家地西里南门 早班", [("花家地西里", "花家地西里社区")]),
        ("南湖中园北门", [("南湖中园", "南湖中园社区")]),
        ("花家地西里三区5号楼", [("花家地西里三区", "花家地西里三区社区")]),
        # the cover that leaves least over
        ("平谷镇罗营镇上镇村", [("平谷", "平谷区"), ("镇罗营镇", "镇罗营镇"), ("上镇村", "上镇村")]),
        ("通州马驹桥大杜社村", [("通州", "通州区"), ("马驹桥", "马驹桥镇"), ("大杜社村", "大杜社村")]),
        ("金家村第二社区12号", [("金家村第二社区", "金家村第二社区")]),
        # a name right after the place that holds it
        ("辽宁朝阳", [("辽宁", "辽宁省"), ("朝阳", "朝阳市")]),
        ("北京朝阳", [("北京", "北京市"), ("朝阳", "朝阳区")]),
        ("阳泉市郊区", [("阳泉市", "阳泉市"), ("郊区", "郊区")]),
        ("上海宝山", [("上海", "上海市"), ("宝山", "宝山区")]),
        ("河南省济源市", [("河南省", "河南省"), ("济源市", "济源市")]),
        ("刚看新闻，海淀11月服务近9万人次", [("海淀", "海淀区")]),
    ],
)
def test_names_in_a_text(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "刘玉林到岗",  # a person, not 玉林
        "吴忠 8:00",
        "白山 男 2人",
        "来宾 人数：3",
        "李永顺、张德胜",
        "祝大家安康",
        "来宾登记3人",
        "下午有日照",
        "东城根小区",
        "朝阳北路",
        "朝阳公园",
        "大连路18号",
        "石家庄站",
        "山西大厦",
        "万寿路28号楼",  # 万寿路 is a street before it is a community
        "南口",  # the south gate of most posts
        "东口 西口 南口 北口",
        "长期值守",
        "某李家东村",  # the end of a longer name
        "",
        "体温36.5",
        "从城区过来",
        "建设新农村",
        "完成县里任务",
        "到幼儿园大门口",
    ],
)
def test_no_names_in_other_words(text):
    assert names(text) == []


def test_spans_carry_every_reading():
    (span,) = find_places("小屯村")
    assert span.value.full
    assert {p.parent.name for p in span.value.places if p.parent} >= {"马坊镇", "漷县镇", "西集镇"}


def test_a_short_form_is_no_full_name():
    assert [s.value.full for s in find_places("望京西园三区5号楼")] == [False]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("河北省保定市", "河北省保定市"),
        ("从内蒙古赤峰返京", "内蒙古赤峰"),
        ("139 0000 8816 天津武清来 动车C2551", "天津武清"),
        ("何处返程：哈尔滨", "哈尔滨"),
        ("唐山出发 还在路上", "唐山"),
        ("湖南长沙岳麓区", "湖南长沙岳麓区"),
        ("从河北 保定回来", "河北 保定"),
        ("河北省张家口市蔚县西合营镇回京", "河北省张家口市蔚县西合营镇"),
        ("涿州来 自驾", "涿州"),
        ("从昆山坐高铁", "昆山"),
        ("安康", "安康"),
        ("从安康回来", "安康"),
        ("湖北籍职工", "湖北"),
        ("出发地：安康\n抵京时间：2月3日", "安康"),
        ("13800001111 大庆 高铁 已到", "大庆"),
        ("和平来自河北", "河北"),
        ("3月1号坐飞机从西安回来，预计到北京", "西安"),
        ("新疆维吾尔自治区巴音郭楞蒙古自治州库尔勒市", "新疆维吾尔自治区巴音郭楞蒙古自治州库尔勒市"),
        ("从香港回来", "香港"),
        ("从河北燕郊来", "河北燕郊"),
        ("出发地：廊坊白家务 高铁", "廊坊白家务"),
        ("河北雄安", "河北雄安"),
        ("从河北老家回来", "河北"),
        ("从老家河北过来", "河北"),
        ("从保定高碑店来", "保定高碑店"),
        ("住河北大厦旁边", None),
        ("金华同志", None),
        ("河北村", None),
        ("住昌平区阳坊镇", None),
        ("已到北京", None),
        ("从朝阳过来", None),  # Beijing's own is the default
    ],
)
def test_origins(text, origin):
    span = has_origin(text)
    assert (span.value if span else None) == origin
    assert span is None or text[span.start : span.end] == span.value


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("赤峰", ("内蒙古自治区", "赤峰市", None)),
        ("湖南岳阳", ("湖南省", "岳阳市", None)),
        ("天津武清", ("天津市", None, "武清区")),
        ("河北省迁安市", ("河北省", "唐山市", "迁安市")),
        ("辽宁朝阳", ("辽宁省", "朝阳市", None)),
        ("吉林吉林", ("吉林省", "吉林市", None)),
        ("海南海口", ("海南省", "海口市", None)),
        ("湖北仙桃", ("湖北省", None, "仙桃市")),
    ],
)
def test_regions(text, region):
    assert region_of(text) == Region(*region)


@pytest.mark.parametrize(
    ("text", "place", "unit"),
    [
        ("阳坊镇", None, "阳坊镇"),
        ("望京街道", "朝阳区", "望京街道"),
        ("红石坎村", None, "红石坎村"),
        ("望京", None, "望京街道"),
        ("昌平", None, "昌平区"),
        ("金海湖地区", None, "金海湖镇"),
        ("望京街道办事处", None, "望京街道"),
        ("红石坎村委会", None, "红石坎村"),
        ("石油大院社区居委会", None, "石油大院社区"),
        ("昌平区阳坊镇", None, "阳坊镇"),
        ("昌平区/阳坊镇/西贯市村", None, "西贯市村"),
        ("安固", "平谷区/夏各庄镇", "安固村"),
        ("安固", "通州区", None),
        ("崇文", None, "东城区"),
        ("八里庄街道", "海淀区", "八里庄街道"),
        ("阳方镇", "昌平区", "阳坊镇"),
        ("下镇村", "平谷区/镇罗营镇", "下镇村"),
        ("云杉社区", None, "云杉社区"),
        ("全镇", "昌平区", None),
        ("各社区", "昌平区", None),
        ("我们村", "昌平区", None),
        ("红石坎村卡口", None, None),
        ("河北省", None, None),
        ("北京", None, None),
        ("昨天", "昌平区", None),
        ("本周", None, None),
        ("张三", None, None),
        ("", None, None),
    ],
)
def test_units(text, place, unit):
    assert is_unit(text, place) == unit


def test_the_gazetteer_holds_china_down_to_the_county_and_beijing_down_to_the_village():
    places = {id(p): p for word in gazetteer().words.values() for p in word.full}.values()
    count = {
        level: sum(p.level == level for p in places) for level in ("province", "district", "township", "community")
    }
    assert count["province"] == 34
    assert count["district"] == 16
    assert count["township"] == 343
    assert count["community"] > 7500
    assert sorted(p.name for p in places if p.level == "district") == sorted(DISTRICTS.split())


def test_townships_bear_their_everyday_names():
    townships = [p for word in gazetteer().words.values() for p in word.full if p.level == "township"]
    assert {p.name for p in townships if not p.name.endswith(("街道", "镇", "乡"))} == set()


def test_counties_without_a_prefecture_belong_to_their_province():
    (jiyuan,) = gazetteer().full("济源市")
    assert [p.name for p in jiyuan.ancestors()] == ["济源市", "河南省"]


@settings(deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("阳坊镇西贯市村昌平区朝河北省保定来从京南口东里0号 \n，") | st.characters(),
        max_size=60,
    )
)
def test_any_text_gives_ordered_names_without_overlaps(text):
    spans = find_places(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.value.places for s in spans)
    has_origin(text)
    region_of(text)
    is_unit(text, "昌平区/阳坊镇")
