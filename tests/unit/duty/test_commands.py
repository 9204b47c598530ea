"""`kakou import` and `kakou certificates` as an operator runs them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from bot.cli import main
from storage import engine as engines
from storage.crypto import Keyring, decode_key, new_key
from storage.tables import Duty

UNITS = "名称,上级\n平谷区,\n金海湖镇,平谷区\n"
PEOPLE = "姓名,单位,电话\n张小强,金海湖镇,13800001234\n李小明,金海湖镇,1380\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    key = new_key()
    (tmp_path / "key").write_text(key)
    file = tmp_path / "config.toml"
    file.write_text(f'[storage]\nurl = "sqlite:///{tmp_path}/kakou.db"\nkey = "file:{tmp_path}/key"\n')
    return file


def kakou(config: Path, *words: str):
    return CliRunner().invoke(main, [*words, "--config", str(config)])


def test_an_import_is_tried_first_then_applied_and_can_be_repeated(config: Path, tmp_path: Path) -> None:
    units, people = tmp_path / "units.csv", tmp_path / "people.csv"
    units.write_text(UNITS, encoding="utf-8")
    people.write_bytes(PEOPLE.encode("gb18030"))
    tried = kakou(config, "import", "units", str(units))
    assert "新增 2" in tried.output
    assert "没有写入" in tried.output
    assert "新增 2" in kakou(config, "import", "units", str(units), "--apply").output
    assert "已有 2" in kakou(config, "import", "units", str(units), "--apply").output
    done = kakou(config, "import", "people", str(people), "--apply").output
    assert "新增 1，更新 0，已有 0，不收 1" in done
    assert "第3行：电话不是 11 位手机号" in done
    assert "已有 1" in kakou(config, "import", "people", str(people), "--apply").output


def test_a_ring_changes_nothing(config: Path, tmp_path: Path) -> None:
    ring = tmp_path / "ring.csv"
    ring.write_text("名称,上级\n甲,乙\n乙,甲\n", encoding="utf-8")
    refused = kakou(config, "import", "units", str(ring), "--apply")
    assert refused.exit_code == 2
    assert "上级成环：甲 → 乙 → 甲。什么都没有改动" in refused.output


def test_certificates_of_a_unit(config: Path, tmp_path: Path) -> None:
    kakou(config, "migrate")
    ring = Keyring([decode_key((tmp_path / "key").read_text())])
    engine = engines.create(f"sqlite:///{tmp_path}/kakou.db", ring)
    start = datetime(2020, 2, 23, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    with Session(engine) as session, session.begin():
        for name, hours in (("张小强", 6.0), ("李小明", None)):
            ends = start + timedelta(hours=6) if hours else None
            values = {"starts_at": start, "ends_at": ends, "hours": hours, "state": "closed" if hours else "unreported"}
            session.add(Duty(chat="g", unit="平谷区/某镇", person=name, post="东门", day=date(2020, 2, 23), **values))
    engine.dispose()
    out = tmp_path / "out.xlsx"
    assert "1 people" in kakou(config, "certificates", "--unit", "平谷区", "--output", str(out)).output
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    line = dict(zip(rows[0], rows[1], strict=True))
    assert line["姓名"] == "张小强"
    assert (line["服务时间（小时）"], line["其中夜间（小时）"]) == (6, 4)
    assert len(rows) == 2, "no hours, no line"
