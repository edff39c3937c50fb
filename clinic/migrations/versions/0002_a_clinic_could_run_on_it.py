"""Holds, daily caps, busy times, the outbox, enquiries, the wait list, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def owner() -> list[sa.Column]:
    return [
        sa.Column(
            "appointment_id",
            sa.Integer,
            sa.ForeignKey("appointments.id", ondelete="CASCADE"),
            index=True,
        ),
        sa.Column("hold_id", sa.Integer, sa.ForeignKey("holds.id", ondelete="CASCADE"), index=True),
        sa.CheckConstraint("(appointment_id IS NULL) <> (hold_id IS NULL)", name="one_owner"),
    ]


def person() -> list[sa.Column]:
    return [
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("contact_kind", sa.String(8), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("sender", sa.String(80), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    ]


def upgrade() -> None:
    op.add_column(
        "appointments", sa.Column("sequence", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("appointments", sa.Column("consented_at", sa.DateTime))
    op.create_index("ix_appointments_sender", "appointments", ["sender"])
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("holder", sa.String(80), nullable=False, unique=True),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
    )
    # Made anew and filled: SQLite changes no constraint of a table that there is.
    op.rename_table("booked_cells", "old_cells")
    op.drop_index("ix_booked_cells_appointment_id", "old_cells")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE old_cells RENAME CONSTRAINT booked_cells_pkey TO old_cells_pkey")
    op.create_table(
        "booked_cells",
        sa.Column("practitioner", sa.String(40), primary_key=True),
        sa.Column("starts_at", sa.DateTime, primary_key=True),
        *owner(),
    )
    op.execute(
        "INSERT INTO booked_cells (practitioner, starts_at, appointment_id) "
        "SELECT practitioner, starts_at, appointment_id FROM old_cells"
    )
    op.drop_table("old_cells")
    op.create_table(
        "day_places",
        sa.Column("service", sa.String(40), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        *owner(),
    )
    op.create_table(
        "busy_times",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("practitioner", sa.String(40), nullable=False, index=True),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "enquiries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(160), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        *person(),
        sa.Column("best_time", sa.String(200), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("said_before", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False, server_default="open"),
        sa.Column("closed_at", sa.DateTime),
    )
    op.create_table(
        "wait_list",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("patient", sa.String(8), nullable=False),
        sa.Column("from_time", sa.DateTime, nullable=False),
        sa.Column("until_time", sa.DateTime, nullable=False),
        *person(),
        sa.Column("status", sa.String(16), nullable=False, server_default="waiting"),
        sa.Column("offered_at", sa.DateTime),
        sa.Column("offered_starts_at", sa.DateTime),
        sa.Column("offered_practitioner", sa.String(40)),
        sa.Column("offer_ends_at", sa.DateTime),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_key", sa.String(120), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("state", sa.String(8), nullable=False, server_default="waiting"),
        sa.Column("due_at", sa.DateTime, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("problem", sa.String(300)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        *(
            sa.Column(
                name, sa.Integer, sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True
            )
            for name, table in (
                ("appointment_id", "appointments"),
                ("enquiry_id", "enquiries"),
                ("wish_id", "wait_list"),
            )
        ),
    )
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("did", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False, index=True),
        sa.Column("details", sa.String(300), nullable=False, server_default=""),
    )
    op.create_table(
        "failed_proofs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("sender", sa.String(80), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
    )


def downgrade() -> None:
    for table in ("failed_proofs", "audit_trail", "outbox", "wait_list", "enquiries"):
        op.drop_table(table)
    for table in ("busy_times", "day_places"):
        op.drop_table(table)
    op.rename_table("booked_cells", "new_cells")
    for column in ("appointment_id", "hold_id"):
        op.drop_index(f"ix_booked_cells_{column}", "new_cells")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE new_cells RENAME CONSTRAINT booked_cells_pkey TO new_cells_pkey")
    op.create_table(
        "booked_cells",
        sa.Column("practitioner", sa.String(40), primary_key=True),
        sa.Column("starts_at", sa.DateTime, primary_key=True),
        sa.Column(
            "appointment_id",
            sa.Integer,
            sa.ForeignKey("appointments.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
    )
    op.execute(
        "INSERT INTO booked_cells (practitioner, starts_at, appointment_id) "
        "SELECT practitioner, starts_at, appointment_id FROM new_cells "
        "WHERE appointment_id IS NOT NULL"
    )
    op.drop_table("new_cells")
    op.drop_table("holds")
    op.drop_index("ix_appointments_sender", "appointments")
    op.drop_column("appointments", "consented_at")
    op.drop_column("appointments", "sequence")
