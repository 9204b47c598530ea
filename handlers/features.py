"""All features, in order of priority: where two handle the same kind, the earlier one wins."""

from handlers import (
    admin,
    approvals,
    asking,
    callup,
    callup_orders,
    casework,
    doubles,
    duty,
    duty_lists,
    fixes,
    health,
    help,  # noqa: A004  (a feature's name)
    hours_book,
    notes,
    patrol,
    planning,
    report_orders,
    report_questions,
    returnee,
    summary,
    verification,
    work,
)
from handlers.form_books import desk as form_desk
from handlers.gate import feature as gate
from handlers.notices import feature as notices
from handlers.supplies import orders as supply_orders
from handlers.supplies import register, stock

ROUTERS = (
    duty.router,
    callup.router,
    callup_orders.router,
    gate.router,
    notices.router,  # before tables of returnees: a file may be meant for groups
    casework.router,  # before the plan: the leave of a returnee is not a volunteer's
    planning.router,
    approvals.router,
    duty_lists.router,
    hours_book.router,
    work.router,
    doubles.router,
    returnee.router,
    verification.router,
    health.router,
    form_desk.router,
    fixes.router,
    patrol.router,
    register.router,
    stock.router,
    supply_orders.router,
    notes.router,
    summary.router,
    report_orders.router,
    report_questions.router,
    help.router,
    admin.router,
    asking.router,
)
