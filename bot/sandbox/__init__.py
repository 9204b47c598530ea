"""A local WeCom beside the bot, for trying and for tests."""

from bot.sandbox.delivery import Delivery
from bot.sandbox.service import Sandbox
from bot.sandbox.settings import Chat, Member, Sample, SandboxSettings
from bot.sandbox.state import Fault, Message, Refused, World

__all__ = ["Chat", "Delivery", "Fault", "Member", "Message", "Refused", "Sample", "Sandbox", "SandboxSettings", "World"]
