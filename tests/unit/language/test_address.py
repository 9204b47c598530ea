"""Addresses: which unit they name in whose chat, and what they leave out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.language.places import missing_parts, resolve

YANGFANG = "昌平区/阳坊镇"
XIGUANSHI = ("昌平区", "阳坊镇", "西贯市村")


def units(address, place):
    found = resolve(address, place)
    return (found.district, found.township, found.community) if found else None


@pytest.mark.parametrize(
    ("address", "place", "expected"),
    [
        # all named
        ("阳坊镇西贯市村88号", YANGFANG, XIGUANSHI),
        ("北京市昌平区阳坊镇西贯市村88号", None, XIGUANSHI),
        ("北京昌平阳坊镇西贯市村", None, XIGUANSHI),
        ("密云区鼓楼街道亚澜湾社区9号楼2单元401", None, ("密云区", "鼓楼街道", "亚澜湾社区")),
        ("密云县溪翁庄镇金叵罗村", None, ("密云区", "溪翁庄镇", "金叵罗村")),
        ("平谷镇罗营镇上镇村3号", None, ("平谷区", "镇罗营镇", "上镇村")),
        # the lowest settles the others
        ("西贯市村88号", YANGFANG, XIGUANSHI),
        ("西贯市村88号", None, XIGUANSHI),
        ("现住西贯市村88号", YANGFANG, XIGUANSHI),
        ("前白虎涧村3区12号", YANGFANG, ("昌平区", "阳坊镇", "前白虎涧村")),
        ("八口村职工宿舍2号楼305", YANGFANG, ("昌平区", "阳坊镇", "八口村")),
        ("玉桥街道玉桥东里社区12号楼3单元501", "通州区/玉桥街道", ("通州区", "玉桥街道", "玉桥东里社区")),
        ("石油大院社区14楼3门", "海淀区/学院路街道", ("海淀区", "学院路街道", "石油大院社区")),
        # the chat's unit decides between equal names, and does not bind an address that names another
        ("小屯村3号", "平谷区/马坊镇", ("平谷区", "马坊镇", "小屯村")),
        ("小屯村3号", "通州区/西集镇", ("通州区", "西集镇", "小屯村")),
        ("小屯村3号", "通州区", None),
        ("大柳树村102号", "昌平区/小汤山镇", ("昌平区", "小汤山镇", "大柳树村")),
        ("溪翁庄镇金叵罗村5号", YANGFANG, ("密云区", "溪翁庄镇", "金叵罗村")),
        ("新发地村12号", YANGFANG, ("丰台区", "花乡街道", "新发地村")),
        ("八里庄街道3号", "海淀区", ("海淀区", "八里庄街道", None)),
        ("朝阳区八里庄街道3号", "海淀区", ("朝阳区", "八里庄街道", None)),
        ("八里庄街道3号", None, None),
        ("张家湾镇皇木厂村新村5排2号", "通州区/张家湾镇", ("通州区", "张家湾镇", "皇木厂村")),
        ("太平庄村12号", "昌平区/南口镇", ("昌平区", "南口镇", "太平庄村")),  # listed twice there, under one name
        ("金家村第二社区12号", "丰台区/六里桥街道", ("丰台区", "六里桥街道", "金家村第二社区")),
        # only what is named
        ("昌平区", None, ("昌平区", None, None)),
        ("宣武区白纸坊街道", None, ("西城区", "白纸坊街道", None)),
        ("延庆县永宁镇", None, ("延庆区", "永宁镇", None)),
        ("丰台某某小区3号楼", None, ("丰台区", None, None)),
        ("通州马驹桥大杜社村66号", None, ("通州区", "马驹桥镇", "大杜社村")),
        ("3院2排5号", YANGFANG, None),
        ("6号楼1单元203", YANGFANG, None),
        ("3号楼2单元501", "通州区/玉桥街道", None),
        ("朝阳北路88号", "朝阳区", None),
        ("建国路88号", None, None),
        ("", YANGFANG, None),
        # everyday and statistical names
        ("金海湖地区红石坎村", None, ("平谷区", "金海湖镇", "红石坎村")),
        ("孙河地区康营村", None, ("朝阳区", "孙河乡", "康营村")),
        ("杨镇地区齐家务村7号", None, ("顺义区", "杨镇", "齐家务村")),
        # short forms of communities
        ("嘉园二里5号楼1102", "丰台区/马家堡街道", ("丰台区", "马家堡街道", "嘉园二里社区")),
        ("嘉园2里5号楼1102", "丰台区/马家堡街道", ("丰台区", "马家堡街道", "嘉园二里社区")),
        ("亚澜湾小区3号楼", "密云区/鼓楼街道", ("密云区", "鼓楼街道", "亚澜湾社区")),
        ("亚澜湾小区3号楼", "通州区", None),
        ("朝阳区望京西园三区302楼", None, ("朝阳区", "望京街道", "望京西园三区社区")),
        ("西贯市88号", YANGFANG, XIGUANSHI),
        ("万寿路28号3号楼", "海淀区/万寿路街道", ("海淀区", "万寿路街道", "万寿路28号社区")),
        ("西黄村5号楼", "石景山区/苹果园街道", ("石景山区", "苹果园街道", "西黄村社区")),
        ("幸福某某3号楼501", "海淀区", None),
        # villages that the gazetteer does not know
        ("阳坊镇下汤村17号", None, ("昌平区", "阳坊镇", "下汤村")),
        ("昌平区下汤村17号", None, ("昌平区", None, "下汤村")),
        ("下镇村17号", "平谷区/镇罗营镇", ("平谷区", "镇罗营镇", "下镇村")),
        ("下镇村17号", None, None),
        ("学院路街道云杉社区3号楼", None, ("海淀区", "学院路街道", "云杉社区")),
        ("阳坊镇镇政府社区服务中心", None, ("昌平区", "阳坊镇", None)),
        # slips, mended inside the known place
        ("阳方镇西贯市村88号", "昌平区", XIGUANSHI),
        ("昌平区阳方镇西贯市村88号", None, XIGUANSHI),
        ("孙河镇康营村12号", "朝阳区", ("朝阳区", "孙河乡", "康营村")),
        ("阳坊镇前白虎间村3区12号", None, ("昌平区", "阳坊镇", "前白虎涧村")),
        ("西贯市社区88号", YANGFANG, XIGUANSHI),
        ("小唐山镇大柳树村102号", "昌平区", ("昌平区", "小汤山镇", "大柳树村")),
        ("昌平区西贯士村88号", YANGFANG, XIGUANSHI),
        ("常营镇3号", "朝阳区", ("朝阳区", "常营乡", None)),
        # not Beijing
        ("河北省三河市燕郊镇", "通州区", None),
        ("长春市朝阳区", "朝阳区", None),
        ("天津市武清区", "通州区", None),
        # a chat bound to something unknown
        ("西贯市村88号", "昌平区/没有镇", XIGUANSHI),
        ("西贯市村88号", "火星区", XIGUANSHI),
    ],
)
def test_units_of_an_address(address, place, expected):
    assert units(address, place) == expected


def test_a_slip_is_not_mended_where_the_place_is_unknown():
    assert units("阳方镇3号", None) is None
    assert units("阳方镇3号", "通州区") is None


def test_a_direction_is_no_slip():
    assert units("于家务回族乡中马坊村3号", None) == ("通州区", "于家务回族乡", "中马坊村")


def test_the_level_is_the_lowest_that_is_set():
    levels = [resolve(a, None).level for a in ("昌平区", "昌平区阳坊镇", "昌平区阳坊镇西贯市村")]
    assert levels == ["district", "township", "community"]


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        # houses
        ("西贯市村88号", ()),
        ("前白虎涧村3区12号", ()),
        ("打铁庄村四队35号", ()),
        ("百泉庄村6排3号", ()),
        ("安固村西街8号", ()),
        ("3院2排5号", ()),
        ("西贯市村3号院", ()),
        ("前门西后河沿胡同12号", ()),
        ("西贯市村", ("门牌",)),
        ("阳坊镇西贯市村东头", ("门牌",)),
        ("建国路88号", ()),
        # flats
        ("6号楼1单元203", ()),
        ("玉桥东里社区12号楼3单元501", ()),
        ("嘉园二里社区5号楼1102", ()),
        ("八口村职工宿舍2号楼305", ()),
        ("复兴路24号院3号楼2门501", ()),
        ("7号楼一单元六零二", ()),
        ("A座1203", ()),
        ("石油大院社区14楼3门", ("室",)),
        ("3号楼2单元5层", ("室",)),
        ("农光里社区4号楼", ("单元", "室")),
        ("望京西园三区312楼5层", ("单元", "室")),
        ("西贯市村5号楼", ("单元", "室")),
        ("亚澜湾小区", ("楼", "单元", "室")),
        ("复兴路24号院", ("楼", "单元", "室")),
        ("翠微路21号社区", ("楼", "单元", "室")),  # the number is part of the name
        ("亚澜湾小区2单元", ("楼", "室")),
        ("亚澜湾小区301室", ("楼",)),
        # numbers joined by dashes
        ("幸福小区5-2-501", ()),
        ("12-501", ()),
        ("5-2", ("室",)),
        # lodgings
        ("某某酒店8302", ()),
        ("某某酒店", ("室",)),
        ("集中隔离点", ("室",)),
        # nothing below the township
        ("玉桥街道", ("门牌",)),
        ("昌平区", ("门牌",)),
        ("", ("门牌",)),
    ],
)
def test_what_an_address_leaves_out(address, missing):
    assert missing_parts(address) == missing


ADDRESS = st.text(
    alphabet=st.sampled_from("阳坊方镇西贯市村昌平区朝乡街道社号楼单元室里1234-号 院") | st.characters(), max_size=40
)


@settings(deadline=None)
@given(ADDRESS, st.sampled_from([None, YANGFANG, "朝阳区", "平谷区/马坊镇/小屯村", "", "/"]))
def test_any_address_is_read_without_an_error(address, place):
    found = resolve(address, place)
    assert found is None or found.district.endswith("区")
    assert set(missing_parts(address)) <= {"楼", "单元", "室", "门牌"}
