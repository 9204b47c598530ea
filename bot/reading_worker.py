"""The language in a process of its own, for bursts: `python -m bot.reading_worker`, started by `bot.second_core`."""

from bot.second_core import serve
from handlers.language import read, warm_up

if __name__ == "__main__":
    warm_up()
    serve(read)
