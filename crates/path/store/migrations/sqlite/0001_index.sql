-- Times are milliseconds since 1970 in UTC. "sealed" columns are encrypted under the patient's data key (accounting
-- under their accounting key), tokens are HMACs under a key derived from the master key: without the keys of the
-- archive a row shows UIDs, modality, transfer syntax, AE title and times, and nothing about a person.

CREATE TABLE archive (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    key_check  BLOB NOT NULL,
    log_origin TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- wrapped_key is NULL once the patient was erased; who comes back after that is a new row.
CREATE TABLE patient (
    id             INTEGER PRIMARY KEY,
    token          BLOB NOT NULL,
    id_token       BLOB NOT NULL,
    wrapped_key    BLOB,
    accounting_key BLOB NOT NULL,
    erased_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX patient_living ON patient (token) WHERE wrapped_key IS NOT NULL;
CREATE INDEX patient_token ON patient (token);
CREATE INDEX patient_id_token ON patient (id_token);

-- revision counts what the study's manifest must cover; it is open while manifest_revision is behind.
CREATE TABLE study (
    id                INTEGER PRIMARY KEY,
    uid               TEXT NOT NULL UNIQUE,
    patient           INTEGER NOT NULL REFERENCES patient (id),
    accession_token   BLOB,
    date_token        BLOB,
    sealed            BLOB NOT NULL,
    received_at       INTEGER NOT NULL,
    changed_at        INTEGER NOT NULL,
    revision          INTEGER NOT NULL,
    manifest_revision INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX study_patient ON study (patient);
CREATE INDEX study_accession ON study (accession_token);
CREATE INDEX study_date ON study (date_token);
CREATE INDEX study_open ON study (id) WHERE manifest_revision < revision;

CREATE TABLE series (
    id       INTEGER PRIMARY KEY,
    uid      TEXT NOT NULL UNIQUE,
    study    INTEGER NOT NULL REFERENCES study (id),
    modality TEXT NOT NULL,
    sealed   BLOB NOT NULL
) STRICT;
CREATE INDEX series_study ON series (study);

CREATE TABLE instance (
    id               INTEGER PRIMARY KEY,
    uid              TEXT NOT NULL UNIQUE,
    series           INTEGER NOT NULL REFERENCES series (id),
    sop_class        TEXT NOT NULL,
    transfer_syntax  TEXT NOT NULL,
    form             TEXT NOT NULL,
    blob             BLOB NOT NULL,
    data_len         INTEGER NOT NULL,
    record_len       INTEGER NOT NULL,
    wrapped_key      BLOB NOT NULL,
    sealed           BLOB NOT NULL,
    statement_digest BLOB NOT NULL,
    pixel_token      BLOB,
    completion       TEXT NOT NULL,
    status           TEXT NOT NULL,
    door             TEXT NOT NULL,
    ae               TEXT,
    authenticated    INTEGER NOT NULL,
    received_at      INTEGER NOT NULL,
    log_index        INTEGER NOT NULL
) STRICT;
CREATE INDEX instance_series ON instance (series);
CREATE INDEX instance_pixels ON instance (pixel_token) WHERE pixel_token IS NOT NULL;
CREATE INDEX instance_incomplete ON instance (id) WHERE completion = 'pending';

CREATE TABLE completion (
    instance    INTEGER PRIMARY KEY REFERENCES instance (id),
    sealed      BLOB NOT NULL,
    blob        BLOB,
    data_len    INTEGER,
    record_len  INTEGER,
    wrapped_key BLOB,
    made_at     INTEGER NOT NULL,
    log_index   INTEGER NOT NULL
) STRICT;

CREATE TABLE amendment (
    id        INTEGER PRIMARY KEY,
    instance  INTEGER NOT NULL REFERENCES instance (id),
    sealed    BLOB NOT NULL,
    made_at   INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX amendment_instance ON amendment (instance);

CREATE TABLE manifest (
    id        INTEGER PRIMARY KEY,
    study     INTEGER NOT NULL REFERENCES study (id),
    revision  INTEGER NOT NULL,
    sealed    BLOB NOT NULL,
    made_at   INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX manifest_study ON manifest (study);

-- What was kept apart for a person to decide on. decision is NULL while it waits.
CREATE TABLE quarantine (
    id              BLOB PRIMARY KEY,
    patient         INTEGER NOT NULL REFERENCES patient (id),
    reason          TEXT NOT NULL,
    detail          TEXT NOT NULL,
    instance_uid    TEXT,
    transfer_syntax TEXT,
    form            TEXT NOT NULL,
    sealed          BLOB NOT NULL,
    blob            BLOB,
    data_len        INTEGER,
    record_len      INTEGER,
    wrapped_key     BLOB,
    door            TEXT NOT NULL,
    ae              TEXT,
    authenticated   INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    log_index       INTEGER NOT NULL,
    decision        TEXT,
    decided_by      TEXT,
    decided_at      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX quarantine_waiting ON quarantine (received_at) WHERE decision IS NULL;

-- Accounted reads by those inside.
CREATE TABLE access (
    id        INTEGER PRIMARY KEY,
    patient   INTEGER NOT NULL REFERENCES patient (id),
    sealed    BLOB NOT NULL,
    made_at   INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX access_patient ON access (patient);

-- The log's truth: the 41-byte entries of one transaction, one after the other, and the root over the log with them.
-- Tiles are derived from it.
CREATE TABLE log_batch (
    first   INTEGER PRIMARY KEY,
    count   INTEGER NOT NULL,
    root    BLOB NOT NULL,
    entries BLOB NOT NULL
) STRICT;

CREATE TABLE log_head (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    size       INTEGER NOT NULL,
    frontier   BLOB NOT NULL,
    root       BLOB NOT NULL,
    checkpoint TEXT NOT NULL,
    made_at    INTEGER NOT NULL
) STRICT;

-- Heads that were handed out in bundles and trust files: the log must stay consistent with each of them.
CREATE TABLE log_issued (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL
) STRICT;
