"""What a message means by its words alone: the records and commands of the language, and the orders of features. Pure:
it is done beside the bot as well (`bot/reading_worker.py`).
"""

from handlers import language, orders
from handlers.gate import orders as gate_orders
from handlers.language.types import Message, Reading
from handlers.notices import commands as notice_orders
from handlers.patrols import commands as patrol_orders


def understand(message: Message) -> Reading:
    """The reading of a message, with an order in the place of whatever the language made of its words."""
    return notice_orders.ordered(patrol_orders.ordered(orders.ordered(language.read(message))))


def unasked(message: Message) -> Reading:
    """What a message means where its writer was not asked about an entry of a form: an answer to that goes before the
    orders of the gate, nothing else does.
    """
    return gate_orders.ordered(understand(message), message.sent_at)
