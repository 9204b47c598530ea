"""How fast the parser reads: messages a second on one core, p50 and p99, start to first answer, memory, growth
with the length of the text.

Run: `.venv/bin/python -m bench.parse`. It prints what it measured on this machine
and the ratio to each goal of the project.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from bot.cli import loaded
from handlers.language import Message, read, warm_up
from handlers.language.chunks import _sorted_alone
from handlers.language.cli import message_of
from handlers.language.counts import _bare
from handlers.language.kinds import kind_of
from handlers.language.labels import look_up
from handlers.language.moments import _around
from handlers.language.people import _strength, clean_name
from handlers.language.triggers import _found_in_all

ROOT = Path(__file__).parents[1]
CORPORA = [ROOT / "examples" / "messages.jsonl", *sorted((ROOT / "tests" / "corpus").glob("grown*.jsonl"))]
GOALS = {"messages a second": 3000.0, "p99 ms": 2.0, "start s": 0.7, "memory MB": 150.0, "100,000 characters s": 1.0}
ROUNDS = 5
LONG = 100_000


def messages() -> list[Message]:
    lines = [line for path in CORPORA if path.exists() for line in path.read_text(encoding="utf-8").splitlines()]
    return [message for line in lines if isinstance(message := message_of(json.loads(line)), Message)]


_CACHES = (kind_of, look_up, _strength, clean_name, _sorted_alone, _found_in_all, _bare, _around)


def forget() -> None:
    """Empty the caches, so that a repeated round costs what a first one does."""
    for cached in _CACHES:
        cached.cache_clear()


def throughput(corpus: list[Message]) -> tuple[float, float, float]:
    """Messages a second, p50 and p99 in milliseconds; the best of several rounds, each with empty caches.

    Counted in the process's own time, so that a busy machine does not change the figure."""
    best = (0.0, 0.0, 0.0)
    for _ in range(ROUNDS):
        forget()
        times = []
        begin = time.process_time()
        for message in corpus:
            start = time.process_time()
            read(message)
            times.append(time.process_time() - start)
        rate = len(corpus) / (time.process_time() - begin)
        times.sort()
        if rate > best[0]:
            best = (rate, 1000 * times[len(times) // 2], 1000 * times[len(times) * 99 // 100])
    return best


def start() -> float:
    """Seconds from the command to the first answer, the best of several."""
    line = (ROOT / "examples" / "messages.jsonl").read_text(encoding="utf-8").splitlines()[0] + "\n"
    best = 1e9
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "handlers.language.cli"],
            input=line,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        best = min(best, time.perf_counter() - begin)
    return best


STUFF = {
    "reports": "签到 红石坎村卡口 张三 8:00 测温43人次\n",
    "one line": "张三 东门 8:00 测温43人次 ",
    "short rows": "张三 8:00\n",
    "bare words": "到岗\n",
    "returnees": "张三 13800013800 从湖北武汉返京 住昌平区阳坊镇西贯市村 2月23日到 G6704 36.5\n",
    "calls": "核实张三未接。",
    "health": "张三 36.5 正常\n",
    "figures": "测温43人次,",
    "clock": "8点到",
    "places": "昌平区阳坊镇西贯市村",
    "digits": "1382",
    "one character": "到",
    "separators": ":-、",
    "labels": "姓名:张三 ",
    "form lines": "姓名:张三\n电话:13800013800\n出发地:武汉\n",
    "brackets": "((((【「",
    "names": "张三、李四、",
    "goods": "口罩500只、",
}
ENTRIES = 2_000


def growth(sample: Message) -> list[tuple[str, int, float]]:
    """Seconds of the process's own time for texts of growing length made of different stuff, and for a long list."""
    chain = "#接龙\n卡口值守 2月23日\n" + "\n".join(
        f"{number}. 张三 东门 8:00-9:00 测温43人次" for number in range(1, ENTRIES + 1)
    )
    texts = [
        (name, ("@小站 " + unit * (size // len(unit) + 1))[:size])
        for name, unit in STUFF.items()
        for size in (LONG // 4, LONG)
    ]
    found = []
    for name, text in [*texts, (f"{ENTRIES} entries", chain)]:
        begin = time.process_time()
        reading = read(Message(text, sample.sent_at, sample.sender, sample.place))
        found.append((name, len(text), time.process_time() - begin))
        if reading.unread:
            print(f"  {name}: {reading.unread} characters were not read")
    return found


def main() -> None:
    corpus = messages()
    warm_up()
    loaded()  # as `kakou serve` and `kakou parse` tell the collector after a start
    rate, p50, p99 = throughput(corpus)
    seconds = start()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lengths = growth(corpus[0])
    worst = max(took for _, size, took in lengths if size == LONG)
    print(f"{len(corpus)} messages, p50 {p50:.2f} ms")
    figures = {
        "messages a second": rate,
        "p99 ms": p99,
        "start s": seconds,
        "memory MB": memory,
        "100,000 characters s": worst,
    }
    for name, value in figures.items():
        print(f"{name:24} {value:10.2f}   goal {GOALS[name]:8.1f}   ratio {value / GOALS[name]:.2f}")
    for name, size, took in lengths:
        print(f"  {name:14} {size:7} characters {took:7.3f} s")


if __name__ == "__main__":
    main()
