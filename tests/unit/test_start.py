"""What a start may cost: nothing is compiled or loaded before it is needed."""

import ast
import gc
import re
import subprocess
import sys
from pathlib import Path

import pytest

import handlers.features  # noqa: F401  (loads all features with their expressions)
from handlers.language import expressions

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "handlers").rglob("*.py"))


def compiled_at_import(tree):
    """Lines on which `re.compile` is called while the module is loaded."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield node.lineno
        yield from compiled_at_import(node)


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_a_module_compiles_no_expression_while_it_is_loaded(path):
    """`handlers.language.expressions.expression` compiles at the first use; hundreds of expressions take long."""
    assert list(compiled_at_import(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_every_expression_is_well_formed():
    gc.unfreeze()  # a command that another test ran in this process may have set everything aside
    late = [found for found in gc.get_objects() if isinstance(found, expressions._Expression)]
    assert len(late) > 300
    for one in late:
        assert isinstance(re.compile(one.pattern, one._flags), re.Pattern)


def test_a_start_compiles_no_expression_of_the_features():
    code = (
        "import gc, bot.app\nfrom handlers.language.expressions import _Expression\n"
        "print(*(e.pattern for e in gc.get_objects() if isinstance(e, _Expression) and 'search' in vars(e)), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
    assert done.stdout.strip() == ""


def test_a_start_loads_nothing_that_only_few_answers_need():
    code = "import sys, bot.app\nprint(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
    loaded = set(done.stdout.split())
    assert not loaded & {
        "xlsxwriter",
        "chinese_calendar",
        "typst",
        "qrcode",
        "alembic",
        "wechatpy",
        "requests",
        "click",
    }
