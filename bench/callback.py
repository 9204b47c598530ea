"""The callback under load: how much of a bare server's speed is left when messages are stored, understood and answered.

Three servers, each in a process of its own, take the same sealed callbacks one after the other, in one run:
(a) bare aiohttp: verify, decrypt, encrypted answer; nothing is stored
(b) the bot, batches limited to one message: one transaction and one fsync each
(c) the bot as it is: batches, parsing, handlers, durable commits
Then (c) takes a burst of 2,000 messages from 900 connections. Prints messages per second, p50, p99 and the ratios."""

import asyncio
import base64
import hashlib
import json
import os
import random
import secrets
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN = "benchtoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
BOT = "小站"
MESSAGES = 6000
CONNECTIONS = 256
"""What comes together is one batch: with fewer at a time the fixed cost of a transaction is shared by fewer."""
FEW = 64
"""For a bot that takes one message at a time: its rate is the same, and more would wait too long for an answer."""
PEOPLE = 3000
"""Two messages a person: in a district some 11,000 people send 20,000 check-ins and as many check-outs a day."""
BURST = 2000
BURST_CONNECTIONS = 900
TEXTS = (
    "@小站 签到 红石坎村卡口 夜班",
    "@小站 到岗 将军关村卡口 20:00",
    "@小站 离岗 红石坎村卡口 测温{n}人次 车辆12辆",
    "@小站 今天测温{n}人次，扫码{n}人次，劝返2人",
    "@小站 健康打卡 第5天 上午36.5 下午36.7 无不适",
    "@小站 巡查 第3轮 02:10 红石坎村卡口 一切正常",
    "大家辛苦了，夜里降温多穿点",
    "@小站 返京登记 {name} 电话138{number:08d} 保定出发 高铁G6704 2月23日下午3点已抵京 住红石坎村{n}号 正常 居家",
)


SURNAMES = "赵钱孙李周吴郑王"
GIVEN = "明华建国志强丽娟晓雨海涛春秀英梅兰文斌玉桂凤霞立新德顺永福长河宝贵淑芬小军铁柱素珍彩云天佑思远子涵浩然"


def seal(body: bytes) -> str:
    """Encrypt one body as the platform does, with an empty receiveid."""
    key = base64.b64decode(AES_KEY + "=")
    plain = os.urandom(16) + struct.pack(">I", len(body)) + body
    pad = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def request(path: str, number: int, people: int) -> bytes:
    """One callback as bytes on the wire."""
    user = number % people
    name = SURNAMES[number // 8 % 8] + GIVEN[number // 64 % len(GIVEN)] + GIVEN[number * 7 % len(GIVEN)]
    text = TEXTS[number % len(TEXTS)].format(n=number % 997, name=name, number=number)
    body = {
        "msgid": f"{secrets.token_hex(8)}{number}",
        "aibotid": "bench",
        "chatid": f"wrBench{user % 20}",
        "chattype": "group",
        "from": {"userid": f"user{user}"},
        "response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=x",
        "msgtype": "text",
        "text": {"content": text},
    }
    encrypt = seal(json.dumps(body, ensure_ascii=False).encode())
    stamp, nonce = str(int(time.time())), secrets.token_hex(8)
    signature = hashlib.sha1("".join(sorted([TOKEN, stamp, nonce, encrypt])).encode()).hexdigest()  # noqa: S324
    payload = json.dumps({"encrypt": encrypt}).encode()
    head = f"POST {path}?msg_signature={signature}&timestamp={stamp}&nonce={nonce} HTTP/1.1\r\n"
    head += f"Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    return head.encode() + payload


class Client(asyncio.Protocol):
    """One connection that sends the next request when the last answer is complete. Far cheaper than the servers."""

    def __init__(self, work: "list[bytes]", times: list[float], statuses: dict[int, int], done: asyncio.Event) -> None:
        self.work, self.times, self.statuses, self.done = work, times, statuses, done
        self.buffer = b""
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        if not self.work:
            self.done.set()
            return
        self.began = time.perf_counter()
        self.transport.write(self.work.pop())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, rest = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if len(rest) < length:
            return
        self.times.append(time.perf_counter() - self.began)
        status = int(head[9:12])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.buffer = rest[length:]
        self.next()

    def connection_lost(self, _error: Exception | None) -> None:
        self.done.set()


async def load(port: int, requests: list[bytes], connections: int) -> tuple[float, list[float], dict[int, int]]:
    """Send all requests; seconds in all, seconds each, answers by status."""
    loop = asyncio.get_running_loop()
    work, times, statuses = list(reversed(requests)), [], {}
    finished = [asyncio.Event() for _ in range(connections)]
    began = time.perf_counter()
    made = [loop.create_connection(lambda e=e: Client(work, times, statuses, e), "127.0.0.1", port) for e in finished]
    await asyncio.gather(*made)
    await asyncio.gather(*(event.wait() for event in finished))
    return time.perf_counter() - began, times, statuses


def report(name: str, seconds: float, times: list[float], statuses: dict[int, int]) -> float:
    rate = len(times) / seconds
    p50, p99 = statistics.median(times) * 1000, statistics.quantiles(times, n=100)[98] * 1000
    print(f"{name:34} {rate:7.0f} messages/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   answers {statuses}")
    return rate


# -- servers ----------------------------------------------------------------------------------------------------------


async def bare() -> None:
    """Verify, decrypt, answer encrypted; the channel's own code, and nothing behind it."""
    import aiohttp
    from aiohttp import web

    from bot.channels.aibot_callback import AibotCallback
    from bot.channels.crypto import Crypto
    from bot.channels.http import routes
    from bot.channels.wecom_api import WeComApi
    from bot.clock import SystemClock

    session = aiohttp.ClientSession()
    channel = AibotCallback("main", "/callback/main", Crypto(TOKEN, AES_KEY, ""), WeComApi(lambda: session))

    async def answer(_incoming: object) -> str:
        return "✅ C1 到岗：王小明，红石坎村卡口。辛苦了！"

    app = web.Application()
    app.add_routes(routes([channel], answer, SystemClock()))
    await _serve_forever(app)


async def _serve_forever(app: object) -> None:
    from aiohttp import web

    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def bot(batch: int, folder: str) -> None:
    """The whole bot."""
    from bot import log
    from bot.app import Service
    from bot.cli import loaded
    from bot.config import parse
    from storage.crypto import new_key

    log.configure("error")
    mapping = {
        "server": {"port": 0},
        "storage": {"url": f"sqlite:///{folder}/bench{batch}.db", "key": new_key()},
        "channels": [
            {"name": "main", "type": "aibot_callback", "path": "/callback/main", "token": TOKEN}
            | {"encoding_aes_key": AES_KEY, "bot_names": [BOT]}
        ],
        "groups": [{"chat": f"wrBench{n}", "unit": "平谷区/金海湖镇", "receive": "main"} for n in range(20)],
    }
    service = Service(parse(mapping, "bench", {}), batch=batch)
    await service.start()
    service.warming.add_done_callback(lambda _: loaded())  # as `serve` does
    print(service.port, flush=True)
    await asyncio.Event().wait()


def start(*arguments: str) -> tuple[subprocess.Popen, int]:
    process = subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


def measure(name: str, requests: list[bytes], connections: int, *server: str) -> float:
    process, port = start(*server)
    try:
        warm = [request("/callback/main", n, PEOPLE) for n in range(300)]
        asyncio.run(load(port, warm, 8))
        return report(name, *asyncio.run(load(port, requests, connections)))
    finally:
        process.kill()
        process.wait()


def burst(folder: str) -> None:
    process, port = start("bot", "200", folder + "/burst")
    try:
        asyncio.run(load(port, [request("/callback/main", n, PEOPLE) for n in range(300)], 8))
        requests = [request("/callback/main", n, BURST_CONNECTIONS) for n in range(BURST)]
        seconds, times, statuses = asyncio.run(load(port, requests, BURST_CONNECTIONS))
        slowest = max(times)
        print(
            f"burst of {BURST} from {BURST_CONNECTIONS} connections: all answered in {seconds:.2f} s, "
            f"slowest {slowest:.2f} s, answers {statuses}"
        )
    finally:
        process.kill()
        process.wait()


def main() -> None:
    random.seed(7)
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {MESSAGES} messages, {CONNECTIONS} connections")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "burst").mkdir()
        fresh = lambda: [request("/callback/main", n, PEOPLE) for n in range(MESSAGES)]  # noqa: E731
        a = measure("(a) bare aiohttp and crypto", fresh(), CONNECTIONS, "bare")
        b = measure("(b) bot, one message a batch", fresh()[: MESSAGES // 4], FEW, "bot", "1", folder)
        c = measure("(c) bot as it is", fresh(), CONNECTIONS, "bot", "200", folder)
        print(f"ratios: (b)/(a) {b / a:.2f}   (c)/(a) {c / a:.2f}   (c)/(b) {c / b:.2f}")
        burst(folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        asyncio.run(bare())
    elif sys.argv[1:2] == ["bot"]:
        asyncio.run(bot(int(sys.argv[2]), sys.argv[3]))
    else:
        main()
