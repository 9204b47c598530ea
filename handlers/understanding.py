"""What a message means by its words alone: the records and commands of the language, and the orders of features. Pure:
it is done beside the bot as well (`bot/reading_worker.py`).
"""

from handlers import language, orders
from handlers.language.types import Message, Reading
from handlers.notices import commands as notice_orders
from handlers.patrols import commands as patrol_orders


def understand(message: Message) -> Reading:
    """The reading of a message, with an order in the place of whatever the language made of its words."""
    return notice_orders.ordered(patrol_orders.ordered(orders.ordered(language.read(message))))
