-- A link in a page cannot carry a header, and a token must not stand in an address: a link carries a ticket, used once.
CREATE TABLE support.export_tickets (
    hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES support.users (id) ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('VIEWER', 'ANALYST', 'ADMIN')),
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN support.export_tickets.hash IS 'SHA-256 of the ticket.';
COMMENT ON COLUMN support.export_tickets.role IS 'What who asked for it could do; it is worth no more than that.';
