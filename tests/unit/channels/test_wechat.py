"""The library is loaded by one thread at a time, whoever asks first."""

import subprocess
import sys

THREADS = """
import threading
from bot.channels.wechat import library
begin, found = threading.Barrier(8), []
def ask():
    begin.wait()
    found.append(library())
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(found) == 8 and len(set(map(id, found))) == 1, found
"""


def test_many_threads_may_ask_for_it_at_once() -> None:
    subprocess.run([sys.executable, "-c", THREADS], check=True, timeout=60)  # noqa: S603  (our own words)
