"""`kakou import returnees` as somebody at a terminal sees it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.support.town import Person, workbook

CONFIG = """
[storage]
url = "sqlite:///{folder}/kakou.db"
key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
[[channels]]
name = "main"
type = "aibot_callback"
path = "/callback/main"
token = "t"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
{groups}
"""
GROUP = """[[groups]]
chat = "g{number}"
unit = "{unit}"
receive = "main"
"""
PEOPLE = [Person(n) for n in range(4)]


def run(folder: Path, *arguments: str, units: tuple[str, ...] = ("平谷区/金海湖镇",)) -> Result:
    groups = "".join(GROUP.format(number=n, unit=unit) for n, unit in enumerate(units))
    (folder / "config.toml").write_text(CONFIG.format(folder=folder, groups=groups), encoding="utf-8")
    return CliRunner().invoke(main, [*arguments, "--config", str(folder / "config.toml")])


@pytest.fixture
def table(tmp_path: Path) -> str:
    rows = [[p.name, p.phone, p.id_number, p.address, "2020-02-23", "良好"] for p in PEOPLE]
    (tmp_path / "list.xlsx").write_bytes(workbook([*rows, rows[0], ["", "13900001111", "", "", "", ""]]))
    return str(tmp_path / "list.xlsx")


def test_dry_run_then_apply_then_nothing_new(tmp_path: Path, table: str) -> None:
    tried = run(tmp_path, "import", "returnees", table)
    assert tried.exit_code == 0
    assert "新登记 4，已登记过 0，不能导入 2" in tried.output
    assert "第7行：和第3行是同一个人" in tried.output
    assert "第8行：没有姓名" in tried.output
    assert "--apply" in tried.output
    assert run(tmp_path, "export", "returnee").stdout == ""
    assert "已导入：共 6 行，新登记 4" in run(tmp_path, "import", "returnees", table, "--apply").output
    assert "新登记 0，已登记过 4" in run(tmp_path, "import", "returnees", table, "--apply").output
    exported = run(tmp_path, "export", "returnee").stdout
    assert exported.count("\n") == 4
    assert PEOPLE[0].id_number not in exported
    assert not any(one.name in tried.output for one in PEOPLE)


@pytest.mark.parametrize(
    ("units", "asked", "said"),
    [
        (("平谷区/金海湖镇", "昌平区/阳坊镇"), (), "--unit: 请写明单位"),
        (("平谷区/金海湖镇",), ("--unit", "昌平区"), "--unit: 没有负责 昌平区 的群"),
        ((), (), "还没有绑定的群"),
    ],
)
def test_the_unit_must_be_one_that_a_group_works_for(
    tmp_path: Path, table: str, units: tuple[str, ...], asked: tuple[str, ...], said: str
) -> None:
    done = run(tmp_path, "import", "returnees", table, "--apply", *asked, units=units)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_a_bad_file_is_one_clear_line_and_changes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    done = run(tmp_path, "import", "returnees", str(bad), "--apply")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert "密码" in done.stderr
    assert not (tmp_path / "kakou.db").exists()
