-- Moments are seconds of Unix time; a hash is the SHA-256 of a token or of the name of a login session.

CREATE TABLE tokens (
    hash      BLOB PRIMARY KEY,
    owner     TEXT NOT NULL,
    client_id TEXT NOT NULL,
    scope     TEXT,
    audience  TEXT,
    issued_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_end ON tokens (ends_at);

CREATE TABLE sessions (
    hash    BLOB PRIMARY KEY,
    owner   TEXT NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE consents (
    owner        TEXT NOT NULL,
    client_id    TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scope        TEXT,
    PRIMARY KEY (owner, client_id, redirect_uri)
) STRICT, WITHOUT ROWID;
