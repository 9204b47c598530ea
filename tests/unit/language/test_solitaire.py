"""接龙: the format facts of a chain, and the difference of two snapshots."""

import pytest

from handlers.language.solitaire import Snapshot, difference, merge, read_snapshot
from tests.support.reading import records


def snapshot(text: str) -> Snapshot:
    found = read_snapshot(text)
    assert found is not None
    return found


@pytest.mark.parametrize(("text", "entries"), [
    ("#接龙\n标题\n\n1. 张三 东门\n2. 李四 西门", ["张三 东门", "李四 西门"]),
    ("#接龙\n\n1. 张三", ["张三"]),
    ("@张三 打卡#接龙\n\n6月26日打卡\n例 打卡第X天\n训练部位:腿\n\n1. 张三\n2. 李四", ["张三", "李四"]),
    ("#Group Note\nduty\n\n1. 张三", ["张三"]),
    ("#接龙\n1.6 签到\n\n1. 张三\n2. 李四", ["张三", "李四"]),
    ("#接龙\n11.24 签到\n1. 张三\n2. 李四", ["张三", "李四"]),
    ("#接龙\n排查\n1. 李四\n1、审核\n2、录入\n2. 张三", ["李四\n1、审核\n2、录入", "张三"]),
    ("#接龙\n签到\n1、张三\n2、\n3、王五", ["张三", "王五"]),
    ("#接龙\n签到\n1)张三\n2)李四", ["张三", "李四"]),
    ("#接龙\n签到\n(1)张三\n(2)李四", ["张三", "李四"]),
    ("#接龙\n签到\n①张三\n②李四", ["张三", "李四"]),
    ("#接龙\n签到\n一、张三\n二、李四", ["张三", "李四"]),
    ("#接龙\n签到 1. 张三 2. 李四 3. 王五", ["张三", "李四", "王五"]),
    ("#接龙\n签到\n1. 张三\n2. 李四\n\n请大家及时接龙", ["张三", "李四"]),
])  # fmt: skip
def test_entries(text, entries):
    assert [entry.content for entry in snapshot(text).entries] == entries


def test_the_chain_is_known_by_its_header_whatever_the_entries():
    first = snapshot("#接龙\n11.24 签到\n例 姓名\n\n1. 张三")
    later = snapshot("#接龙\n11.24  签到\n例 姓名\n\n1. 张三\n2. 李四")
    forked = snapshot("#接龙\n11.25 签到\n例 姓名\n\n1. 张三")
    assert first.identity == later.identity != forked.identity


def test_a_newer_snapshot_adds_changes_withdraws_and_drops():
    old = snapshot("#接龙\n报名\n\n1. 张三\n2. 李四\n3. 王五\n4. 赵六")
    new = snapshot("#接龙\n报名\n\n1. 张三 有车\n2. 李四 取消\n3. 赵六\n4. 孙七")
    found = difference(old, new)
    assert found.added == ("孙七",)
    assert found.changed == (("张三", "张三 有车"),)
    assert found.withdrawn == ("李四 取消",)
    assert found.dropped == ("王五",)


def test_forks_are_merged_one_entry_per_person():
    assert merge(["张三 8:00", "李四"], ["张三 8:05", "王五"]) == ("张三 8:05", "李四", "王五")


def test_entries_are_read_under_the_header():
    assert records(
        "#接龙\n11月24日东门卡口签到（夜班）\n例：姓名 时间\n1. 张三 20:00\n2. 欧阳小明（代王五）八点五分\n\n请大家及时接龙"
    ) == [
        {"kind": "check_in", "people": ["张三"], "post": "东门卡口", "starts_at": "2022-11-24T20:00", "shift": "night"},
        {
            "kind": "check_in",
            "people": ["王五"],
            "post": "东门卡口",
            "starts_at": "2022-11-24T20:05",
            "shift": "night",
            "by": "欧阳小明",
        },
    ]


@pytest.mark.parametrize(("text", "kinds"), [
    ("#接龙\n今晚值守报名\n\n1. 张三 +1\n2. 李四 不去了", ["sign_up", "withdraw"]),
    ("#接龙\n离岗报数\n1. 张三 东门 测温120人次", ["check_out", "work"]),
    ("#接龙\n健康打卡第5天\n1. 张三 36.5\n2. 李四 37.5 发热", ["health", "health"]),
    ("#接龙\n物资需求\n1. 东门 口罩50只", ["supply"]),
    ("#接龙\n请假 11月25日\n1. 张三 家里有事", ["leave"]),
    ("#接龙\n11.24测温统计\n1、东门120人次", ["work"]),
    ("#接龙\n收到请接龙\n\n1. 张三\n2. 李四", []),
])  # fmt: skip
def test_the_header_gives_the_kind(text, kinds):
    assert [r["kind"] for r in records(text)] == kinds
