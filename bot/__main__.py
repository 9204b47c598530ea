"""`python -m bot` is the same as `kakou`."""

from bot.cli import main

main()
