-- Captures that someone forwards to a destination (a digest of its URL), or that are tried there again at that time at the
-- earliest.
CREATE TABLE hookcli.forwarding (
    capture bigint NOT NULL REFERENCES hookcli.capture ON DELETE CASCADE,
    destination bigint NOT NULL,
    claim text,
    after_us bigint,
    PRIMARY KEY (capture, destination)
);
CREATE INDEX forwarding_by_claim ON hookcli.forwarding (claim) WHERE claim IS NOT NULL;

-- Keys of received events, each with the capture that had it first, or that had other content last; and which had it before
-- that one.
CREATE TABLE hookcli.event_key (
    workspace text COLLATE "C" NOT NULL,
    key bigint NOT NULL,
    holder text NOT NULL,
    previous text,
    content bigint NOT NULL,
    at_ms bigint NOT NULL,
    PRIMARY KEY (workspace, key)
);
CREATE INDEX event_key_by_age ON hookcli.event_key (at_ms);
INSERT INTO hookcli.setting (name, value) VALUES ('event_key_seed', replace(gen_random_uuid()::text, '-', ''));

-- Who counts responses, and how many there were of which name.
CREATE TABLE hookcli.counting (
    claim text PRIMARY KEY REFERENCES hookcli.lease ON DELETE CASCADE,
    workspace text NOT NULL
);
CREATE TABLE hookcli.response_count (
    workspace text NOT NULL,
    name bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (workspace, name)
);

-- When the latest attempts of a subscription began, where its provider limits them by time.
CREATE TABLE hookcli.lane (
    subscription bigint PRIMARY KEY REFERENCES hookcli.emulated ON DELETE CASCADE,
    began_us bigint[] NOT NULL
);

-- In the order in which a subscription's deliveries begin.
DROP INDEX hookcli.delivery_due;
CREATE INDEX delivery_due ON hookcli.delivery (subscription, next_attempt_us, seq) WHERE open AND subscription IS NOT NULL;

-- Who may come in over HTTP: digests (SHA-256) of tokens.
CREATE TABLE hookcli.token (
    id text PRIMARY KEY,
    workspace text NOT NULL,
    digest bytea NOT NULL UNIQUE,
    created_us bigint NOT NULL
);
