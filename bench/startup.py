"""Start to ready, and resident memory when idle: a real process, `kakou serve` on a fresh SQLite database, twice.

Also `kakou parse` from the command to its first answer, and its memory. Prints what it measured."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.util import cache_from_source
from pathlib import Path

from bot.trial import free_port, toml
from storage.crypto import new_key

ROOT = Path(__file__).parents[1]
KAKOU = str(Path(sys.executable).with_name("kakou"))
ROUNDS = 5
MESSAGE = {
    "id": "m1",
    "text": "@小站 签到 红石坎村卡口 夜班",
    "sent_at": "2020-02-23T21:58:00+08:00",
    "sender": "李明",
    "place": "平谷区/金海湖镇",
    "chat_type": "group",
}


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def compiled() -> str:
    """How much of the project is there as bytecode (`make setup`); the rest is compiled anew at each start."""
    sources = [path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py")]
    ready = [path for path in sources if (made := Path(cache_from_source(path))).exists() and _newer(made, path)]
    return f"{len(ready)} of {len(sources)} modules compiled ahead"


def _newer(made: Path, source: Path) -> bool:
    return made.stat().st_mtime >= source.stat().st_mtime


def config(folder: Path, port: int) -> Path:
    mapping = {
        "server": {"port": port},
        "storage": {"url": f"sqlite:///{folder}/kakou.db", "key": new_key()},
        "channels": [
            {"name": "main", "type": "aibot_callback", "path": "/callback/main", "token": "token"}
            | {"encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}
        ],
        "groups": [{"chat": "wrBench", "unit": "平谷区/金海湖镇", "receive": "main"}],
        "reports": [{"name": "nightly", "at": "22:00"}],
    }
    path = folder / "config.toml"
    path.write_text(toml(mapping), encoding="utf-8")
    return path


def serve(path: Path, port: int) -> tuple[float, float]:
    """Seconds until /ready answers 200, and the memory two seconds later."""
    began = time.perf_counter()
    process = subprocess.Popen([KAKOU, "serve", "--config", str(path)], stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.01)
        seconds = time.perf_counter() - began
        time.sleep(2)
        return seconds, resident(process.pid)
    finally:
        process.terminate()
        process.wait()


def parse() -> tuple[float, float]:
    """Seconds from the command to its first answer, and its memory then."""
    began = time.perf_counter()
    process = subprocess.Popen([KAKOU, "parse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(MESSAGE, ensure_ascii=False) + "\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["records"]
    seconds = time.perf_counter() - began
    memory = resident(process.pid)
    process.stdin.close()
    process.wait()
    return seconds, memory


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, best and worst of {ROUNDS}; {compiled()}")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        path = config(folder, port)
        first = serve(path, port)
        rounds = [serve(path, port) for _ in range(ROUNDS)]
        print(f"serve, fresh database    ready in {first[0]:.2f} s, idle {first[1]:.0f} MB")
        times, memory = [r[0] for r in rounds], max(r[1] for r in rounds)
        print(f"serve, second start      ready in {min(times):.2f}–{max(times):.2f} s, idle {memory:.0f} MB")
    parses = [parse() for _ in range(ROUNDS)]
    times, memory = [p[0] for p in parses], max(p[1] for p in parses)
    print(f"parse, first answer      {min(times):.2f}–{max(times):.2f} s, {memory:.0f} MB")


if __name__ == "__main__":
    main()
