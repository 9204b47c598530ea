"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("user_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index("ix_assignments_person", ["person"], unique=False)
        batch_op.create_index("ix_assignments_roster", ["roster_id", "day"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_ref"), ["ref"], unique=False)

    op.create_table(
        "call_ups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Float(), nullable=True),
        sa.Column("deadline", sa.DateTime(), nullable=True),
        sa.Column("wants", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("filled_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("mustered_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("shown_at", sa.DateTime(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("call_ups", schema=None) as batch_op:
        batch_op.create_index("ix_call_ups_chat", ["chat", "state"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("record_ref", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index("ix_case_events_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_events_record_ref"), ["record_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_events_ref"), ["ref"], unique=False)
        batch_op.create_index("ix_case_events_unit", ["unit", "chat", "ref"], unique=False)

    op.create_table(
        "case_pairs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.String(length=16), nullable=False),
        sa.Column("second", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("first", "second"),
    )
    with op.batch_alter_table("case_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_pairs_second"), ["second"], unique=False)

    op.create_table(
        "chains",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chat", "identity"),
    )
    op.create_table(
        "chats",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("chat_type", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("bound_by", sa.String(length=128), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat"),
    )
    op.create_table(
        "daily_counts",
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=True),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("upper", sa.Float(), nullable=False),
        sa.Column("ranged", sa.Integer(), nullable=False),
        sa.Column("hedge", sa.String(length=8), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("place", "day", "post", "name"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("daily_counts", schema=None) as batch_op:
        batch_op.create_index("ix_daily_counts_parent", ["parent", "day"], unique=False)

    op.create_table(
        "daily_dirty",
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("place", "day"),
    )
    op.create_table(
        "daily_duty",
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=True),
        sa.Column("participations", sa.Integer(), nullable=False),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.Column("posts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", "day", "post"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("daily_duty", schema=None) as batch_op:
        batch_op.create_index("ix_daily_duty_parent", ["parent", "day"], unique=False)

    op.create_table(
        "daily_totals",
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("hedge", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", "day", "chat", "post", "name"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("daily_totals", schema=None) as batch_op:
        batch_op.create_index("ix_daily_totals_day", ["day"], unique=False)

    op.create_table(
        "departure_calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("departure_ref", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("departure_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_departure_calls_departure_ref"), ["departure_ref"], unique=False)

    op.create_table(
        "departures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reporter", sa.String(length=128), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_hash", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=32), nullable=True),
        sa.Column("tail", sa.LargeBinary(), nullable=True),
        sa.Column("tail_hash", sa.String(length=32), nullable=True),
        sa.Column("registered", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=True),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("returnee_ref", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("purged_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("departures", schema=None) as batch_op:
        batch_op.create_index("ix_departures_day", ["day", "unit"], unique=False)
        batch_op.create_index("ix_departures_done", ["done_on", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_departures_name_hash"), ["name_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_departures_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index("ix_departures_state", ["state", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_departures_tail_hash"), ["tail_hash"], unique=False)

    op.create_table(
        "deployments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_up_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_up_id", "place"),
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("in_ref", sa.String(length=16), nullable=True),
        sa.Column("out_ref", sa.String(length=16), nullable=True),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("shift", sa.String(length=8), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.Column("planned_end", sa.DateTime(), nullable=True),
        sa.Column("hours", sa.Float(), nullable=True),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("approval", sa.String(length=8), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.create_index("ix_duties_account", ["account", "day"], unique=False)
        batch_op.create_index("ix_duties_day", ["day", "unit", "post", "state", "ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duties_in_ref"), ["in_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_duties_out_ref"), ["out_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_duties_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_duties_state", ["state", "unit"], unique=False)
        batch_op.create_index("ix_duties_who", ["chat", "person", "day"], unique=False)

    op.create_table(
        "enterprise_names",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enterprise", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("enterprise_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_names_enterprise"), ["enterprise"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_names_key"), ["key"], unique=False)

    op.create_table(
        "enterprise_pairs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.String(length=16), nullable=False),
        sa.Column("second", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("first", "second"),
    )
    op.create_table(
        "enterprise_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("enterprise", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("enterprise_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_reports_enterprise"), ["enterprise"], unique=False)

    op.create_table(
        "enterprises",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("dormitory", sa.Boolean(), nullable=True),
        sa.Column("canteen", sa.Boolean(), nullable=True),
        sa.Column("area_m2", sa.Float(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=True),
        sa.Column("reporter", sa.String(length=128), nullable=False),
        sa.Column("merged_into", sa.String(length=16), nullable=False),
        sa.Column("listed_at", sa.DateTime(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprises_unit"), ["unit"], unique=False)

    op.create_table(
        "figures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("most", sa.Float(), nullable=True),
        sa.Column("approx", sa.String(length=8), nullable=False),
        sa.Column("total", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("entry", sa.String(length=16), nullable=True),
        sa.Column("gate", sa.String(length=12), nullable=False),
        sa.Column("double_of", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.create_index("ix_figures_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_entry"), ["entry"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_ref"), ["ref"], unique=False)
        batch_op.create_index("ix_figures_told", ["chat", "day", "item", "value"], unique=False)

    op.create_table(
        "finding_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("finding_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_events_ref"), ["ref"], unique=False)

    op.create_table(
        "finding_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("media", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("finding_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_pictures_ref"), ["ref"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=False),
        sa.Column("assigned_at", sa.DateTime(), nullable=True),
        sa.Column("fix", sa.LargeBinary(), nullable=False),
        sa.Column("fixed_by", sa.String(length=64), nullable=False),
        sa.Column("fixed_sender", sa.String(length=128), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index("ix_findings_day", ["day", "unit"], unique=False)
        batch_op.create_index("ix_findings_sender", ["sender", "found_at"], unique=False)
        batch_op.create_index("ix_findings_state", ["state", "unit"], unique=False)

    op.create_table(
        "form_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("approx", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("form_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_changes_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_changes_entry"), ["entry"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_changes_ref"), ["ref"], unique=False)

    op.create_table(
        "form_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("identity_hash", sa.String(length=32), nullable=False),
        sa.Column("above", sa.LargeBinary(), nullable=True),
        sa.Column("above_hash", sa.String(length=32), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("plain", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.Float(), nullable=True),
        sa.Column("done", sa.Float(), nullable=True),
        sa.Column("left", sa.Float(), nullable=True),
        sa.Column("approx", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("person_hash", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=32), nullable=True),
        sa.Column("doubt", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("identity_hash"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("form_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_entries_above_hash"), ["above_hash"], unique=False)
        batch_op.create_index("ix_form_entries_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_entries_person_hash"), ["person_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_entries_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index("ix_form_entries_place", ["form", "place"], unique=False)

    op.create_table(
        "gate_asks",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("wanted", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "sender"),
    )
    op.create_table(
        "gate_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("vehicle", sa.Boolean(), nullable=False),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column("fever", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=12), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("plate", sa.LargeBinary(), nullable=True),
        sa.Column("plate_hash", sa.String(length=32), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("alerted", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("purged_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("gate_entries", schema=None) as batch_op:
        batch_op.create_index("ix_gate_entries_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_gate_entries_plate_hash"), ["plate_hash"], unique=False)

    op.create_table(
        "health_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("returnee_ref", sa.String(length=16), nullable=True),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("person_hash", sa.String(length=32), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("abnormal", sa.Boolean(), nullable=False),
        sa.Column("halves", sa.String(length=8), nullable=False),
        sa.Column("by_self", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("health_reports", schema=None) as batch_op:
        batch_op.create_index("ix_health_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_health_reports_person_hash"), ["person_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_health_reports_returnee_ref"), ["returnee_ref"], unique=False)

    op.create_table(
        "identities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=340), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("chat_type", sa.String(length=8), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_state"), ["state"], unique=False)

    op.create_table(
        "leaves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index("ix_leaves_chat", ["chat", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaves_ref"), ["ref"], unique=False)

    op.create_table(
        "notice_files",
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sender"),
    )
    op.create_table(
        "notice_groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref", "chat"),
    )
    with op.batch_alter_table("notice_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_groups_chat"), ["chat"], unique=False)

    op.create_table(
        "notice_readers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("user_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref", "chat", "user_id"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_name", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("send_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_day", ["day", "unit"], unique=False)
        batch_op.create_index("ix_notices_state", ["state", "sent_at"], unique=False)

    op.create_table(
        "nudges",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=340), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("chat_type", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mentions", sa.LargeBinary(), nullable=True),
        sa.Column("media", sa.LargeBinary(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("response_url", sa.LargeBinary(), nullable=True),
        sa.Column("message_key", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_key"), ["message_key"], unique=False)
        batch_op.create_index("ix_outbox_sent", ["channel", "sent_at"], unique=False)
        batch_op.create_index("ix_outbox_state", ["state", "not_before"], unique=False)

    op.create_table(
        "pass_books",
        sa.Column("register", sa.String(length=210), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("register"),
    )
    op.create_table(
        "passes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("register", sa.String(length=210), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        sa.Column("holder_hash", sa.String(length=32), nullable=True),
        sa.Column("plate", sa.LargeBinary(), nullable=True),
        sa.Column("plate_hash", sa.String(length=32), nullable=True),
        sa.Column("tail", sa.LargeBinary(), nullable=True),
        sa.Column("tail_hash", sa.String(length=32), nullable=True),
        sa.Column("household", sa.LargeBinary(), nullable=True),
        sa.Column("household_hash", sa.String(length=32), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(length=128), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("purged_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
        sa.UniqueConstraint("register", "number"),
    )
    with op.batch_alter_table("passes", schema=None) as batch_op:
        batch_op.create_index("ix_passes_closed", ["closed_on", "unit"], unique=False)
        batch_op.create_index("ix_passes_day", ["issued_on", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_passes_holder_hash"), ["holder_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_passes_household_hash"), ["household_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_passes_plate_hash"), ["plate_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_passes_tail_hash"), ["tail_hash"], unique=False)

    op.create_table(
        "patrol_plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("patrol_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patrol_plans_chat"), ["chat"], unique=False)

    op.create_table(
        "patrol_rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("patrol_rounds", schema=None) as batch_op:
        batch_op.create_index("ix_patrol_rounds_chat", ["chat", "at"], unique=False)
        batch_op.create_index("ix_patrol_rounds_day", ["day", "unit"], unique=False)

    op.create_table(
        "patrol_slots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("turn", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("round_ref", sa.String(length=16), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("alerted_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("plan_id", "due_at"),
    )
    with op.batch_alter_table("patrol_slots", schema=None) as batch_op:
        batch_op.create_index("ix_patrol_slots_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrol_slots_round_ref"), ["round_ref"], unique=False)
        batch_op.create_index("ix_patrol_slots_state", ["state", "due_at"], unique=False)

    op.create_table(
        "pending_imports",
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sender"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=32), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("skills", sa.LargeBinary(), nullable=True),
        sa.Column("vehicle", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_team"), ["team"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_unit"), ["unit"], unique=False)

    op.create_table(
        "person_accounts",
        sa.Column("user_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    with op.batch_alter_table("person_accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_accounts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "posted_reports",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("figures", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "day"),
    )
    with op.batch_alter_table("posted_reports", schema=None) as batch_op:
        batch_op.create_index("ix_posted_reports_place", ["place", "day"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("lead", sa.String(length=64), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("risk", sa.Boolean(), nullable=False),
        sa.Column("patrol", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit", "name"),
    )
    op.create_table(
        "purges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "questions",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("understood", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "sender"),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("reporter", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("message_key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("history", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.create_index("ix_records_day", ["kind", "day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_records_message_key"), ["message_key"], unique=False)
        batch_op.create_index("ix_records_sender", ["sender", "chat", "id"], unique=False)

    op.create_table(
        "report_choices",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("hidden", sa.String(length=200), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat"),
    )
    op.create_table(
        "report_lines",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("sources", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat"),
    )
    op.create_table(
        "report_plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("days", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("report_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_plans_chat"), ["chat"], unique=False)

    op.create_table(
        "returnees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("_sentinel", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column("reporter", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_hash", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=32), nullable=True),
        sa.Column("tail", sa.LargeBinary(), nullable=True),
        sa.Column("tail_hash", sa.String(length=32), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.LargeBinary(), nullable=True),
        sa.Column("arrives_on", sa.Date(), nullable=True),
        sa.Column("arrived", sa.Boolean(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("clock_on", sa.Date(), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("transfer_to", sa.String(length=200), nullable=False),
        sa.Column("release_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.String(length=16), nullable=False),
        sa.Column("purged_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("returnees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returnees_account"), ["account"], unique=False)
        batch_op.create_index("ix_returnees_day", ["day", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_returnees_name_hash"), ["name_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_returnees_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index("ix_returnees_state", ["state", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_returnees_tail_hash"), ["tail_hash"], unique=False)

    op.create_table(
        "roles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.create_index("ix_roles_name", ["name", "unit"], unique=False)
        batch_op.create_index("ix_roles_user", ["user_id"], unique=False)

    op.create_table(
        "rosters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=128), nullable=False),
        sa.Column("shift", sa.String(length=8), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.create_index("ix_rosters_unit", ["unit", "last"], unique=False)

    op.create_table(
        "said_once",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "sequences",
        sa.Column("prefix", sa.String(length=4), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix"),
    )
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_up_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("vehicle", sa.Boolean(), nullable=False),
        sa.Column("skills", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=True),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("later", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ups_call_up_id"), ["call_up_id"], unique=False)
        batch_op.create_index("ix_sign_ups_person", ["chat", "person"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ups_ref"), ["ref"], unique=False)

    op.create_table(
        "slots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job", "chat", "slot"),
    )
    op.create_table(
        "supply_allocations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("supply_allocations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supply_allocations_chat"), ["chat"], unique=False)

    op.create_table(
        "supply_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("more", sa.Boolean(), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("enterprise", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("supply_lines", schema=None) as batch_op:
        batch_op.create_index("ix_supply_lines_chat", ["chat", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_lines_enterprise"), ["enterprise"], unique=False)
        batch_op.create_index("ix_supply_lines_place", ["unit", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_lines_ref"), ["ref"], unique=False)

    op.create_table(
        "supply_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("enterprise", sa.String(length=16), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("crew", sa.JSON(), nullable=True),
        sa.Column("vehicle", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("signed_ref", sa.String(length=16), nullable=False),
        sa.Column("signed_by", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    with op.batch_alter_table("supply_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supply_notes_allocation_id"), ["allocation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_notes_chat"), ["chat"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_notes_enterprise"), ["enterprise"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_notes_signed_ref"), ["signed_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_supply_notes_unit"), ["unit"], unique=False)

    op.create_table(
        "supply_shares",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("supply_shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supply_shares_note_id"), ["note_id"], unique=False)
        batch_op.create_index("ix_supply_shares_place", ["unit", "day"], unique=False)
        batch_op.create_index("ix_supply_shares_signed", ["unit", "signed_on"], unique=False)

    op.create_table(
        "swaps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("leaver", sa.String(length=64), nullable=False),
        sa.Column("substitute", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref"),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("axis", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_name"), ["name"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_units_name"))

    op.drop_table("units")
    op.drop_table("swaps")
    with op.batch_alter_table("supply_shares", schema=None) as batch_op:
        batch_op.drop_index("ix_supply_shares_signed")
        batch_op.drop_index("ix_supply_shares_place")
        batch_op.drop_index(batch_op.f("ix_supply_shares_note_id"))

    op.drop_table("supply_shares")
    with op.batch_alter_table("supply_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supply_notes_unit"))
        batch_op.drop_index(batch_op.f("ix_supply_notes_signed_ref"))
        batch_op.drop_index(batch_op.f("ix_supply_notes_enterprise"))
        batch_op.drop_index(batch_op.f("ix_supply_notes_chat"))
        batch_op.drop_index(batch_op.f("ix_supply_notes_allocation_id"))

    op.drop_table("supply_notes")
    with op.batch_alter_table("supply_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supply_lines_ref"))
        batch_op.drop_index("ix_supply_lines_place")
        batch_op.drop_index(batch_op.f("ix_supply_lines_enterprise"))
        batch_op.drop_index("ix_supply_lines_chat")

    op.drop_table("supply_lines")
    with op.batch_alter_table("supply_allocations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supply_allocations_chat"))

    op.drop_table("supply_allocations")
    op.drop_table("slots")
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ups_ref"))
        batch_op.drop_index("ix_sign_ups_person")
        batch_op.drop_index(batch_op.f("ix_sign_ups_call_up_id"))

    op.drop_table("sign_ups")
    op.drop_table("sequences")
    op.drop_table("said_once")
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.drop_index("ix_rosters_unit")

    op.drop_table("rosters")
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.drop_index("ix_roles_user")
        batch_op.drop_index("ix_roles_name")

    op.drop_table("roles")
    with op.batch_alter_table("returnees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returnees_tail_hash"))
        batch_op.drop_index("ix_returnees_state")
        batch_op.drop_index(batch_op.f("ix_returnees_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_returnees_name_hash"))
        batch_op.drop_index("ix_returnees_day")
        batch_op.drop_index(batch_op.f("ix_returnees_account"))

    op.drop_table("returnees")
    with op.batch_alter_table("report_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_plans_chat"))

    op.drop_table("report_plans")
    op.drop_table("report_lines")
    op.drop_table("report_choices")
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_index("ix_records_sender")
        batch_op.drop_index(batch_op.f("ix_records_message_key"))
        batch_op.drop_index("ix_records_day")

    op.drop_table("records")
    op.drop_table("questions")
    op.drop_table("purges")
    op.drop_table("posts")
    with op.batch_alter_table("posted_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_posted_reports_place")

    op.drop_table("posted_reports")
    with op.batch_alter_table("person_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_accounts_person_id"))

    op.drop_table("person_accounts")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_unit"))
        batch_op.drop_index(batch_op.f("ix_people_team"))
        batch_op.drop_index(batch_op.f("ix_people_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_people_name"))

    op.drop_table("people")
    op.drop_table("pending_imports")
    with op.batch_alter_table("patrol_slots", schema=None) as batch_op:
        batch_op.drop_index("ix_patrol_slots_state")
        batch_op.drop_index(batch_op.f("ix_patrol_slots_round_ref"))
        batch_op.drop_index("ix_patrol_slots_day")

    op.drop_table("patrol_slots")
    with op.batch_alter_table("patrol_rounds", schema=None) as batch_op:
        batch_op.drop_index("ix_patrol_rounds_day")
        batch_op.drop_index("ix_patrol_rounds_chat")

    op.drop_table("patrol_rounds")
    with op.batch_alter_table("patrol_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patrol_plans_chat"))

    op.drop_table("patrol_plans")
    with op.batch_alter_table("passes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passes_tail_hash"))
        batch_op.drop_index(batch_op.f("ix_passes_plate_hash"))
        batch_op.drop_index(batch_op.f("ix_passes_household_hash"))
        batch_op.drop_index(batch_op.f("ix_passes_holder_hash"))
        batch_op.drop_index("ix_passes_day")
        batch_op.drop_index("ix_passes_closed")

    op.drop_table("passes")
    op.drop_table("pass_books")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state")
        batch_op.drop_index("ix_outbox_sent")
        batch_op.drop_index(batch_op.f("ix_outbox_message_key"))

    op.drop_table("outbox")
    op.drop_table("nudges")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_state")
        batch_op.drop_index("ix_notices_day")

    op.drop_table("notices")
    op.drop_table("notice_readers")
    with op.batch_alter_table("notice_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_groups_chat"))

    op.drop_table("notice_groups")
    op.drop_table("notice_files")
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaves_ref"))
        batch_op.drop_index("ix_leaves_chat")

    op.drop_table("leaves")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_state"))
        batch_op.drop_index(batch_op.f("ix_inbox_received_at"))

    op.drop_table("inbox")
    op.drop_table("identities")
    with op.batch_alter_table("health_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_health_reports_returnee_ref"))
        batch_op.drop_index(batch_op.f("ix_health_reports_person_hash"))
        batch_op.drop_index("ix_health_day")

    op.drop_table("health_reports")
    with op.batch_alter_table("gate_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_entries_plate_hash"))
        batch_op.drop_index("ix_gate_entries_day")

    op.drop_table("gate_entries")
    op.drop_table("gate_asks")
    with op.batch_alter_table("form_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_form_entries_place")
        batch_op.drop_index(batch_op.f("ix_form_entries_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_form_entries_person_hash"))
        batch_op.drop_index("ix_form_entries_day")
        batch_op.drop_index(batch_op.f("ix_form_entries_above_hash"))

    op.drop_table("form_entries")
    with op.batch_alter_table("form_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_changes_ref"))
        batch_op.drop_index(batch_op.f("ix_form_changes_entry"))
        batch_op.drop_index(batch_op.f("ix_form_changes_day"))

    op.drop_table("form_changes")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("ix_findings_state")
        batch_op.drop_index("ix_findings_sender")
        batch_op.drop_index("ix_findings_day")

    op.drop_table("findings")
    with op.batch_alter_table("finding_pictures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_pictures_ref"))

    op.drop_table("finding_pictures")
    with op.batch_alter_table("finding_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_events_ref"))

    op.drop_table("finding_events")
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.drop_index("ix_figures_told")
        batch_op.drop_index(batch_op.f("ix_figures_ref"))
        batch_op.drop_index(batch_op.f("ix_figures_entry"))
        batch_op.drop_index("ix_figures_day")

    op.drop_table("figures")
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprises_unit"))

    op.drop_table("enterprises")
    with op.batch_alter_table("enterprise_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_reports_enterprise"))

    op.drop_table("enterprise_reports")
    op.drop_table("enterprise_pairs")
    with op.batch_alter_table("enterprise_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_names_key"))
        batch_op.drop_index(batch_op.f("ix_enterprise_names_enterprise"))

    op.drop_table("enterprise_names")
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.drop_index("ix_duties_who")
        batch_op.drop_index("ix_duties_state")
        batch_op.drop_index(batch_op.f("ix_duties_person_id"))
        batch_op.drop_index(batch_op.f("ix_duties_out_ref"))
        batch_op.drop_index(batch_op.f("ix_duties_in_ref"))
        batch_op.drop_index("ix_duties_day")
        batch_op.drop_index("ix_duties_account")

    op.drop_table("duties")
    op.drop_table("deployments")
    with op.batch_alter_table("departures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_departures_tail_hash"))
        batch_op.drop_index("ix_departures_state")
        batch_op.drop_index(batch_op.f("ix_departures_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_departures_name_hash"))
        batch_op.drop_index("ix_departures_done")
        batch_op.drop_index("ix_departures_day")

    op.drop_table("departures")
    with op.batch_alter_table("departure_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_departure_calls_departure_ref"))

    op.drop_table("departure_calls")
    with op.batch_alter_table("daily_totals", schema=None) as batch_op:
        batch_op.drop_index("ix_daily_totals_day")

    op.drop_table("daily_totals")
    with op.batch_alter_table("daily_duty", schema=None) as batch_op:
        batch_op.drop_index("ix_daily_duty_parent")

    op.drop_table("daily_duty")
    op.drop_table("daily_dirty")
    with op.batch_alter_table("daily_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_daily_counts_parent")

    op.drop_table("daily_counts")
    op.drop_table("chats")
    op.drop_table("chains")
    with op.batch_alter_table("case_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_pairs_second"))

    op.drop_table("case_pairs")
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.drop_index("ix_case_events_unit")
        batch_op.drop_index(batch_op.f("ix_case_events_ref"))
        batch_op.drop_index(batch_op.f("ix_case_events_record_ref"))
        batch_op.drop_index("ix_case_events_day")

    op.drop_table("case_events")
    with op.batch_alter_table("call_ups", schema=None) as batch_op:
        batch_op.drop_index("ix_call_ups_chat")

    op.drop_table("call_ups")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_ref"))

    op.drop_table("audit")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index("ix_assignments_roster")
        batch_op.drop_index("ix_assignments_person")

    op.drop_table("assignments")
    op.drop_table("accounts")
