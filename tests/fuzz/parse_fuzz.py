"""Coverage-guided fuzzing of the parser: no text may raise, no answer may be other than JSON of the contract.

    python tests/fuzz/parse_fuzz.py -max_total_time=600

Starts from the labelled messages. Needs `atheris`, which installs where libFuzzer does (Linux, macOS).
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
LINE = {
    "id": "fuzz",
    "sent_at": "2022-11-24T20:10:00+08:00",
    "sender": "田志刚",
    "place": "朝阳区/望京街道",
    "chat_type": "group",
}
SEEDS = ROOT / "build" / "fuzz-seeds"


def write_seeds() -> Path:
    """One file per message of the examples, as libFuzzer wants them."""
    SEEDS.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate((ROOT / "examples" / "messages.jsonl").read_text(encoding="utf-8").splitlines()):
        (SEEDS / f"{number:04d}").write_text(json.loads(line)["text"], encoding="utf-8")
    return SEEDS


def main() -> None:
    try:
        import atheris  # noqa: PLC0415 - an optional tool, and imports that it has to watch
    except ImportError:
        sys.exit(
            "atheris is not installed: `pip install atheris` (Linux and macOS only), or run the Hypothesis tests of tests/unit/language instead"
        )
    with atheris.instrument_imports(include=["handlers"]):
        from handlers.language.cli import answer  # noqa: PLC0415 - an optional tool, and imports that it has to watch

    def one(data: bytes) -> None:
        text = data.decode("utf-8", errors="replace")
        found = answer(json.dumps({**LINE, "text": text}))
        json.dumps(found, ensure_ascii=False)
        assert set(found) >= {"id", "records", "command"}
        assert "_error" not in found

    atheris.Setup([*sys.argv, str(write_seeds())], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
