"""All features, in order of priority: where two handle the same kind, the earlier one wins."""

from handlers import admin, asking, casework, duty, fixes, health, help, notes, returnee, summary, verification, work  # noqa: A004  (a feature's name)

ROUTERS = (
    duty.router,
    work.router,
    returnee.router,
    verification.router,
    casework.router,
    health.router,
    fixes.router,
    notes.router,
    summary.router,
    help.router,
    admin.router,
    asking.router,
)
