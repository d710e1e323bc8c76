-- What goes out. As in 0001: times are milliseconds since 1970, "sealed" columns are encrypted under the patient's
-- accounting key, and without the archive's keys no row says anything about a person.

-- What officers set up, as JSON: recipients, suspensions, routes, staff, the facility. A change ends the row and adds another.
CREATE TABLE register (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    document TEXT NOT NULL,
    made_at  INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX register_current ON register (kind, name) WHERE ended_at IS NULL;
CREATE INDEX register_kind ON register (kind, ended_at);

-- What bears on decisions about a patient: birth, death, guardians, protected categories.
CREATE TABLE person (
    patient    INTEGER PRIMARY KEY REFERENCES patient (id),
    sealed     BLOB NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE directive (
    id           INTEGER PRIMARY KEY,
    patient      INTEGER NOT NULL REFERENCES patient (id),
    sealed       BLOB NOT NULL,
    made_at      INTEGER NOT NULL,
    withdrawn_at INTEGER,
    log_index    INTEGER NOT NULL
) STRICT;
CREATE INDEX directive_patient ON directive (patient);

-- A scan that its patient or an officer called wrong. It blocks releases while cleared_at is NULL.
CREATE TABLE flag (
    id         INTEGER PRIMARY KEY,
    patient    INTEGER NOT NULL REFERENCES patient (id),
    study      TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    made_at    INTEGER NOT NULL,
    cleared_at INTEGER,
    log_index  INTEGER NOT NULL
) STRICT;
CREATE INDEX flag_open ON flag (study) WHERE cleared_at IS NULL;
CREATE INDEX flag_patient ON flag (patient);

-- One study, or a part of it, to one recipient for one purpose: the order and the job. owner and lease_until are set
-- while a node works on it.
CREATE TABLE release (
    id             INTEGER PRIMARY KEY,
    patient        INTEGER NOT NULL REFERENCES patient (id),
    study          TEXT NOT NULL,
    recipient      TEXT NOT NULL,
    purpose        TEXT NOT NULL,
    retention_days INTEGER,
    profile        TEXT NOT NULL,
    origin         TEXT NOT NULL,
    ordered_by     TEXT NOT NULL,
    glass          INTEGER,
    state          TEXT NOT NULL,
    reason         TEXT,
    made_at        INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    next_at        INTEGER NOT NULL,
    owner          BLOB,
    lease_until    INTEGER,
    sealed         BLOB NOT NULL,
    log_index      INTEGER NOT NULL
) STRICT;
CREATE INDEX release_queue ON release (recipient, id) WHERE state = 'queued';
CREATE INDEX release_owned ON release (lease_until) WHERE owner IS NOT NULL;
CREATE INDEX release_patient ON release (patient);
CREATE INDEX release_state ON release (state, id);

CREATE TABLE release_instance (
    release     INTEGER NOT NULL REFERENCES release (id),
    instance    TEXT NOT NULL,
    state       TEXT NOT NULL,
    detail      TEXT,
    copy_uid    TEXT,
    copy_digest BLOB,
    PRIMARY KEY (release, instance)
) STRICT, WITHOUT ROWID;

-- Destinations that copies wait for, and until when each is left alone after failures.
CREATE TABLE destination (
    recipient     TEXT PRIMARY KEY,
    failures      INTEGER NOT NULL DEFAULT 0,
    blocked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The accounting of disclosures: a row for every attempt to hand over an instance, written before its first byte leaves.
CREATE TABLE disclosure (
    id        INTEGER PRIMARY KEY,
    release   INTEGER NOT NULL REFERENCES release (id),
    patient   INTEGER NOT NULL REFERENCES patient (id),
    recipient TEXT NOT NULL,
    instance  TEXT NOT NULL,
    state     TEXT NOT NULL,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER,
    detail    TEXT
) STRICT;
CREATE INDEX disclosure_release ON disclosure (release, state);
CREATE INDEX disclosure_exposed ON disclosure (recipient, began_at, state, patient, release);

CREATE TABLE denial (
    id        INTEGER PRIMARY KEY,
    patient   INTEGER NOT NULL REFERENCES patient (id),
    study     TEXT NOT NULL,
    recipient TEXT NOT NULL,
    purpose   TEXT NOT NULL,
    release   INTEGER,
    reason    TEXT NOT NULL,
    policies  TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    made_at   INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX denial_patient ON denial (patient);

-- Seals of released copies, by the copy's SOP Instance UID.
CREATE TABLE derived (
    uid       TEXT PRIMARY KEY,
    patient   INTEGER NOT NULL REFERENCES patient (id),
    release   INTEGER NOT NULL REFERENCES release (id),
    sealed    BLOB NOT NULL,
    made_at   INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a recipient has of us, until it is gone.
CREATE TABLE copy (
    id            INTEGER PRIMARY KEY,
    release       INTEGER NOT NULL UNIQUE REFERENCES release (id),
    patient       INTEGER NOT NULL REFERENCES patient (id),
    study         TEXT NOT NULL,
    copy_study    TEXT,
    recipient     TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    profile       TEXT NOT NULL,
    released_at   INTEGER NOT NULL,
    due_at        INTEGER,
    state         TEXT NOT NULL,
    reason        TEXT,
    manifest_root BLOB,
    instances     INTEGER NOT NULL DEFAULT 0,
    request       TEXT,
    document      TEXT,
    requested_at  INTEGER,
    answer_due    INTEGER,
    receipt_at    INTEGER,
    tries         INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER NOT NULL DEFAULT 0,
    changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX copy_patient ON copy (patient);
CREATE INDEX copy_recipient ON copy (recipient, state);
CREATE INDEX copy_due ON copy (due_at) WHERE state IN ('live', 'expiring');
CREATE INDEX copy_asked ON copy (next_at) WHERE state IN ('requested', 'acknowledged', 'overdue', 'partial');
CREATE UNIQUE INDEX copy_request ON copy (request) WHERE request IS NOT NULL;

CREATE TABLE receipt (
    jti         TEXT PRIMARY KEY,
    copy        INTEGER NOT NULL REFERENCES copy (id),
    kind        TEXT NOT NULL,
    document    TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_copy ON receipt (copy);

-- Emergency access. It is open until a privacy officer reviewed it.
CREATE TABLE break_glass (
    id          INTEGER PRIMARY KEY,
    staff       TEXT NOT NULL,
    patient     INTEGER NOT NULL REFERENCES patient (id),
    study       TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    made_at     INTEGER NOT NULL,
    reviewed_at INTEGER,
    reviewed_by TEXT,
    finding     TEXT
) STRICT;
CREATE INDEX break_glass_open ON break_glass (staff) WHERE reviewed_at IS NULL;
CREATE INDEX break_glass_patient ON break_glass (patient);

-- What somebody must be told, without PHI: the audience is officer or patient.
CREATE TABLE notice (
    id       INTEGER PRIMARY KEY,
    audience TEXT NOT NULL,
    patient  INTEGER REFERENCES patient (id),
    kind     TEXT NOT NULL,
    about    TEXT NOT NULL,
    made_at  INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    told_at  INTEGER
) STRICT;
CREATE INDEX notice_open ON notice (audience, due_at) WHERE told_at IS NULL;
CREATE INDEX notice_patient ON notice (patient) WHERE patient IS NOT NULL;

-- Law enforcement asked that an account be held back from the patient (45 CFR 164.528(a)(2)).
CREATE TABLE suspension (
    id        INTEGER PRIMARY KEY,
    patient   INTEGER NOT NULL REFERENCES patient (id),
    recipient TEXT NOT NULL,
    agency    TEXT NOT NULL,
    written   INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    until     INTEGER NOT NULL
) STRICT;
CREATE INDEX suspension_patient ON suspension (patient);

-- Which revision of a study's manifest was held against the routes. What is here already was never meant for them.
ALTER TABLE study ADD COLUMN routed_revision INTEGER NOT NULL DEFAULT 0;
UPDATE study SET routed_revision = manifest_revision;
CREATE INDEX study_unrouted ON study (id) WHERE routed_revision < manifest_revision;
