"""物资, 复工摸排, 招募 and 返京登记."""

from typing import Any

from hypothesis import strategies as st

from tests.support.written.shapes import NAMES, Draw, Written, clock, forms, joined, mention, phone, solitaire

GOODS = st.sampled_from(
    [("口罩", "只"), ("84消毒液", "桶"), ("N95口罩", "只"), ("额温枪", "把"), ("防护服", "套"), ("矿泉水", "箱")]
)
PARTIES = st.sampled_from(["亚澜湾社区", "红石坎村卡口", "北门", "区总工会"])
COMPANIES = st.sampled_from(["望京科技有限公司", "金海湖饭店", "东柳服装厂"])
ACTIONS = st.sampled_from([
    ("need", "急需", "物资需求", "需求单位", "物资"), ("received", "收到", "物资签收", "来源单位", "到货物资"),
    ("delivered", "送达", "物资送达", "接收单位", "送达物资"),
])  # fmt: skip


@st.composite
def supplies(draw: Draw) -> Written:
    """Goods that are needed, came or went."""
    action, verb, title, party_label, goods_label = draw(ACTIONS)
    party = draw(PARTIES)
    chosen = draw(st.lists(GOODS, min_size=1, max_size=3, unique=True))
    items = [{"item": item, "value": draw(st.integers(2, 900)), "unit": unit} for item, unit in chosen]
    words = [f"{item['item']}{item['value']}{item['unit']}" for item in items]
    record = {"kind": "supply", "action": action, "party": party, "items": items}
    goods = "、".join(words)
    texts = forms(draw, title, [(party_label, party), (goods_label, goods)]) | {
        "loose": mention(draw, f"{party}急需{joined(draw, words)}" if action == "need" else f"{verb}{party}：{goods}"),
        "sentence": mention(draw, {
            "need": f"{party} 急需 {goods}", "received": f"收到{party}捐赠的{goods}", "delivered": f"{goods}送到{party}",
        }[action]),
    }  # fmt: skip
    texts.pop("table")
    return Written(record, texts)


@st.composite
def enterprises(draw: Draw) -> Written:
    """What a company says about opening again."""
    name, staff = draw(COMPANIES), draw(st.integers(13, 300))
    returned = draw(st.integers(1, 12))
    dormitory, canteen, area = draw(st.booleans()), draw(st.booleans()), draw(st.integers(20, 5000))
    said, opens = draw(st.sampled_from([("11月28日", "2022-11-28"), ("12月1号", "2022-12-01"), ("28日", "2022-11-28")]))
    (item, unit), value = draw(GOODS), draw(st.integers(2, 900))
    record = {
        "kind": "enterprise", "name": name, "opens_at": opens, "staff": staff, "returned": returned, "dormitory": dormitory,
        "canteen": canteen, "area_m2": area, "shortages": [{"item": item, "value": value, "unit": unit}],
    }  # fmt: skip
    pairs = [
        (draw(st.sampled_from(["企业名称", "单位名称", "公司名称"])), name), (draw(st.sampled_from(["开工时间", "复工时间", "拟复工时间"])), said),
        (draw(st.sampled_from(["职工人数", "职工总数", "员工人数"])), f"{staff}人"), (draw(st.sampled_from(["返京人数", "已返京"])), f"{returned}人"),
        ("宿舍", "有" if dormitory else "无"), ("食堂", "有" if canteen else "无"), (draw(st.sampled_from(["面积", "经营面积"])), f"{area}平米"),
        (draw(st.sampled_from(["物资缺口", "缺口", "紧缺物资"])), f"{item}{value}{unit}"),
    ]  # fmt: skip
    have = {True: "有", False: "无"}
    texts = forms(draw, "复工摸排", pairs) | {
        "loose": mention(draw, (
            f"复工摸排 {name} 开工{said} 职工{staff}人 返京{returned}人 {have[dormitory]}宿舍 {have[canteen]}食堂 面积{area}平 缺口{item}{value}{unit}"
        )),
        "sentence": mention(draw, (
            f"复工登记：{name}，{said}开工，职工{staff}人，返京{returned}人，{have[dormitory]}宿舍，{have[canteen]}食堂，面积{area}平米，缺{item}{value}{unit}"
        )),
    }  # fmt: skip
    return Written(record, texts)


@st.composite
def call_ups(draw: Draw) -> Written:
    """A call for people."""
    place, needed, days = (
        draw(st.sampled_from(["孙河乡", "亚澜湾社区", "红石坎村卡口"])),
        draw(st.integers(2, 60)),
        draw(st.sampled_from([("一周", 7), ("3天", 3), ("两天", 2)])),
    )
    task, duty = draw(st.sampled_from([("核酸辅助", "nucleic"), ("物资配送", "delivery"), ("抗原", "antigen")]))
    at, starts = draw(
        st.sampled_from(
            [("明早7点", "2022-11-25T07:00"), ("明天上午9点", "2022-11-25T09:00"), ("后天8:30", "2022-11-26T08:30")]
        )
    )
    record = {"kind": "call_up", "needed": needed, "place": place, "duty": duty, "starts_at": starts, "days": days[1]}
    pairs = [
        (draw(st.sampled_from(["地点", "支援地点", "集合地点"])), place), (draw(st.sampled_from(["需要人数", "招募人数", "人数"])), f"{needed}人"),
        ("任务", task), (draw(st.sampled_from(["开始时间", "时间"])), at), (draw(st.sampled_from(["服务天数", "为期"])), days[0]),
    ]  # fmt: skip
    texts = forms(draw, "招募", pairs) | {
        "loose": mention(draw, f"招募 {place} {task} 需{needed}人 {days[0]} {at}到岗"),
        "urgent": mention(draw, f"【急】{place}{task} 需{needed}人 {days[0]} {at}前到"),
        "sentence": mention(draw, f"{place}急需{needed}名志愿者{task}，{at}集合，为期{days[0]}"),
    }
    texts.pop("table")
    return Written(record, texts)


@st.composite
def returnees(draw: Draw) -> Written:
    """A registration of one person."""
    name, (spelled, digits), hour = draw(NAMES), phone(draw), draw(st.integers(6, 19))
    origin = draw(st.sampled_from(["河北省保定市", "石家庄", "湖北武汉"]))
    said = clock(draw, hour, 0)
    trip, transport, how = draw(
        st.sampled_from([("G6704", "train", "高铁"), ("CA1234", "plane", "飞机"), ("京A12345", "car", "自驾")])
    )
    address, levels = draw(
        st.sampled_from(
            [
                ("融科橄榄城12号楼801", {}),
                (
                    "花家地西里3号楼2单元501",
                    {"district": "朝阳区", "township": "望京街道", "community": "花家地西里社区"},
                ),
            ]
        )
    )
    employer = draw(st.sampled_from(["望京科技有限公司", "金海湖饭店"]))
    isolation, code = draw(st.sampled_from([("居家", "home"), ("集中隔离", "central")]))
    gender, sex = draw(st.sampled_from([("男", "m"), ("女", "f")]))
    record: dict[str, Any] = {
        "kind": "returnee", "name": name, "gender": sex, "phone": digits, "origin": origin, "arrives_at": f"2022-11-23T{hour:02d}:00",
        "transport": transport, "trip": trip, "address": address, **levels, "employer": employer, "health": "normal", "isolation": code,
    }  # fmt: skip
    state = draw(st.sampled_from(["健康", "良好", "无发热咳嗽", "正常"]))
    pairs = [
        (draw(st.sampled_from(["姓名", "申报人姓名", "姓 名"])), name), ("性别", gender),
        (draw(st.sampled_from(["联系电话", "手机号", "手机号码", "联系方式"])), spelled),
        (draw(st.sampled_from(["出发地", "返京出发地", "何处返程"])), origin),
        (draw(st.sampled_from(["抵京时间", "返京时间", "到京时间"])), f"11月23日{said}"),
        (draw(st.sampled_from(["交通工具及车次", "交通工具"])), f"{how} {trip}"),
        (draw(st.sampled_from(["居住地址", "详细居住地址", "现居住地", "家庭住址"])), address),
        (draw(st.sampled_from(["工作单位", "所在单位", "单位"])), employer),
        (draw(st.sampled_from(["健康状况", "身体状况"])), state), (draw(st.sampled_from(["隔离方式", "观察方式"])), isolation),
    ]  # fmt: skip
    texts = forms(draw, "返京登记", pairs) | {
        "loose": mention(draw, (
            f"返京登记 {name} {gender} {spelled} 从{origin}来 11月23日{said} {how}{trip} 住{address} 单位{employer} 身体{state} {isolation}"
        )),
        "sentence": mention(draw, (
            f"{name}，{gender}，电话{spelled}，11月23日{said}从{origin}返京，{how}{trip}，住{address}，单位{employer}，{state}，{isolation}"
        )),
        "solitaire": solitaire(
            "返京人员登记", f"{name} {gender} {spelled} 从{origin}来 11月23日{said} {how}{trip} 住{address} 单位{employer} 身体{state} {isolation}"
        ),
    }  # fmt: skip
    return Written(record, texts)
