//! Schema versions. A store moves forward only, after a copy was put aside; a newer one is left alone.

use std::path::Path;
use tracing::info;

use rusqlite::Connection;

/// Each step brings a store from its index to the next version.
pub(super) const STEPS: &[&str] = &["
    -- One row for each (provider, event, verdict) that occurs, so that one index serves every filter.
    CREATE TABLE kind (
        id INTEGER PRIMARY KEY,
        provider TEXT NOT NULL,
        event TEXT NOT NULL,
        verdict TEXT NOT NULL,
        UNIQUE (provider, event, verdict)
    );
    -- `seq` holds the time (see `order`), so rows lie in the order of their times, and no other index is
    -- needed to find one by its id or its time. What is listed stands before what is large: a long body's
    -- pages are not read for a list.
    CREATE TABLE capture (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        kind INTEGER NOT NULL,
        received_us INTEGER NOT NULL,
        method TEXT NOT NULL,
        target TEXT NOT NULL,
        body_bytes INTEGER NOT NULL,
        status INTEGER NOT NULL,
        reason TEXT,
        duplicate_of TEXT,
        candidates TEXT,
        headers BLOB NOT NULL,
        response_body BLOB,
        body BLOB NOT NULL
    );
    CREATE INDEX capture_kind ON capture (kind);
    CREATE TABLE delivery (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        kind INTEGER NOT NULL,
        started_us INTEGER NOT NULL,
        url TEXT NOT NULL,
        failure TEXT,
        replay_of TEXT,
        endpoint TEXT,
        signed INTEGER NOT NULL,
        method TEXT NOT NULL,
        target TEXT NOT NULL,
        headers BLOB NOT NULL,
        body BLOB NOT NULL
    );
    CREATE INDEX delivery_kind ON delivery (kind);
    CREATE TABLE attempt (
        delivery INTEGER NOT NULL REFERENCES delivery (seq) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        started_us INTEGER NOT NULL,
        duration_us INTEGER NOT NULL,
        status INTEGER,
        error_code TEXT,
        error TEXT,
        response_headers BLOB NOT NULL,
        response_truncated INTEGER NOT NULL,
        response_body BLOB NOT NULL,
        PRIMARY KEY (delivery, number)
    ) WITHOUT ROWID;
", "
    ALTER TABLE attempt ADD COLUMN dns_us INTEGER;
    ALTER TABLE attempt ADD COLUMN connect_us INTEGER;
    ALTER TABLE attempt ADD COLUMN tls_us INTEGER;
    ALTER TABLE attempt ADD COLUMN first_byte_us INTEGER;
    ALTER TABLE capture ADD COLUMN response_headers BLOB;
    ALTER TABLE capture ADD COLUMN response_manner TEXT;
    ALTER TABLE capture ADD COLUMN mark TEXT;
    -- 1: it is to be forwarded; 2: it was. What is due is found by an index that holds nothing else.
    ALTER TABLE capture ADD COLUMN forward INTEGER;
    CREATE INDEX capture_due ON capture (seq) WHERE forward = 1;
", "
    ALTER TABLE capture ADD COLUMN over_tls INTEGER;
", "
    -- The milliseconds since 1970 in which there are rows of a kind, for every filter: at most one for each row,
    -- and far fewer where many come, so that keeping a row writes to its own table alone. One that was removed
    -- may still have its millisecond here.
    CREATE TABLE capture_time (kind INTEGER NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (kind, ms)) WITHOUT ROWID;
    INSERT INTO capture_time SELECT DISTINCT kind, seq >> 21 FROM capture;
    DROP INDEX capture_kind;
    CREATE TABLE delivery_time (kind INTEGER NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (kind, ms)) WITHOUT ROWID;
    INSERT INTO delivery_time SELECT DISTINCT kind, seq >> 21 FROM delivery;
    DROP INDEX delivery_kind;
    -- An older process that has the store open must fail from here on, not leave out the milliseconds.
    ALTER TABLE capture RENAME COLUMN body_bytes TO body_length;
    ALTER TABLE delivery RENAME COLUMN signed TO is_signed;
", "
    -- A line for each target of a capture: `due URL`, or `done URL`.
    ALTER TABLE capture ADD COLUMN targets TEXT;
", "
    -- What belongs to the store and not to a process: how much it keeps (`keep`), the latest time that was seen
    -- (`seen_us`), until when eviction by age waits because the clock jumped (`age_waits_until_us`).
    CREATE TABLE setting (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
    -- What running processes owe: what is pending at these destinations is not evicted while the process runs.
    CREATE TABLE owed (worker TEXT NOT NULL, destination TEXT NOT NULL, PRIMARY KEY (worker, destination)) WITHOUT ROWID;
    -- Rows whose own time is not the time at which they arrived: imports, and those of a clock that was wrong.
    CREATE TABLE capture_arrival (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);
    CREATE INDEX capture_arrival_at ON capture_arrival (at_ms);
    CREATE TABLE delivery_arrival (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);
    CREATE INDEX delivery_arrival_at ON delivery_arrival (at_ms);
    -- 1: its sender was refused, and it goes before what was accepted. How many there are, and their bytes, is
    -- written with them.
    ALTER TABLE capture ADD COLUMN refused INTEGER;
    CREATE INDEX capture_refused ON capture (seq) WHERE refused = 1;
    CREATE TABLE refused_total (rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
    -- 1: pending or unknown, which go last. The process that works at it, while it does.
    ALTER TABLE delivery ADD COLUMN open INTEGER;
    ALTER TABLE delivery ADD COLUMN worker TEXT;
    CREATE INDEX delivery_open ON delivery (seq) WHERE open = 1;
    -- An older process that has the store open must fail from here on: it would evict by a bound of its own.
    ALTER TABLE capture_time RENAME COLUMN ms TO at_ms;
    ALTER TABLE delivery_time RENAME COLUMN ms TO at_ms;
    ALTER TABLE capture RENAME COLUMN targets TO destinations;
    ALTER TABLE delivery RENAME COLUMN is_signed TO signs_afresh;
    -- Names of events are bounded from here on, and a kind goes with its last row.
    CREATE TABLE long_kind AS
        SELECT id AS old, provider, substr(event, 1, 49) || '…' AS event, verdict FROM kind WHERE octet_length(event) > 200;
    INSERT OR IGNORE INTO kind (provider, event, verdict) SELECT provider, event, verdict FROM long_kind;
    CREATE TABLE moved_kind AS
        SELECT old, k.id AS new FROM long_kind l JOIN kind k ON k.provider = l.provider AND k.event = l.event AND k.verdict = l.verdict;
    CREATE TABLE moved_row AS
        SELECT t.seq AS seq, m.new AS new FROM moved_kind m JOIN capture_time s ON s.kind = m.old
        JOIN capture t ON t.seq BETWEEN s.at_ms << 21 AND (s.at_ms << 21) + 2097151 AND t.kind = m.old;
    UPDATE capture SET kind = r.new FROM moved_row r WHERE capture.seq = r.seq;
    DELETE FROM moved_row;
    INSERT INTO moved_row
        SELECT t.seq, m.new FROM moved_kind m JOIN delivery_time s ON s.kind = m.old
        JOIN delivery t ON t.seq BETWEEN s.at_ms << 21 AND (s.at_ms << 21) + 2097151 AND t.kind = m.old;
    UPDATE delivery SET kind = r.new FROM moved_row r WHERE delivery.seq = r.seq;
    INSERT OR IGNORE INTO capture_time SELECT m.new, s.at_ms FROM moved_kind m JOIN capture_time s ON s.kind = m.old;
    INSERT OR IGNORE INTO delivery_time SELECT m.new, s.at_ms FROM moved_kind m JOIN delivery_time s ON s.kind = m.old;
    DELETE FROM capture_time WHERE kind IN (SELECT old FROM moved_kind);
    DELETE FROM delivery_time WHERE kind IN (SELECT old FROM moved_kind);
    DROP TABLE moved_row;
    DROP TABLE moved_kind;
    DROP TABLE long_kind;
    DELETE FROM kind WHERE NOT EXISTS (SELECT 1 FROM capture_time s WHERE s.kind = kind.id)
        AND NOT EXISTS (SELECT 1 FROM delivery_time s WHERE s.kind = kind.id);
    UPDATE capture SET refused = 1 WHERE status >= 400 AND seq IN (
        SELECT t.seq FROM kind k JOIN capture_time s ON s.kind = k.id
        JOIN capture t ON t.seq BETWEEN s.at_ms << 21 AND (s.at_ms << 21) + 2097151 AND t.kind = k.id
        WHERE k.verdict IN ('invalid', 'missing'));
    INSERT INTO refused_total
        SELECT count(*), coalesce(sum(body_length + length(headers) + coalesce(length(response_body), 0) + octet_length(target) + 300), 0)
        FROM capture WHERE refused = 1;
    UPDATE delivery SET open = 1 WHERE seq IN (
        SELECT t.seq FROM kind k JOIN delivery_time s ON s.kind = k.id
        JOIN delivery t ON t.seq BETWEEN s.at_ms << 21 AND (s.at_ms << 21) + 2097151 AND t.kind = k.id
        WHERE k.verdict = 'pending');
    INSERT INTO capture_arrival
        SELECT seq, CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM capture WHERE seq >> 21 > CAST(strftime('%s', 'now') AS INTEGER) * 1000 + 60000;
    -- What was evicted by time alone may have left milliseconds behind; they cost nothing but room.
", "
    -- Who works at what: an open store's claim, its process, and how long it holds.
    CREATE TABLE lease (claim TEXT PRIMARY KEY, process TEXT NOT NULL, until_us INTEGER NOT NULL) WITHOUT ROWID;
    DROP TABLE owed;
    CREATE TABLE owed (claim TEXT NOT NULL, destination TEXT NOT NULL, PRIMARY KEY (claim, destination)) WITHOUT ROWID;
    -- The claim of who sends it on.
    ALTER TABLE capture ADD COLUMN claim TEXT;
    UPDATE delivery SET worker = NULL WHERE worker IS NOT NULL;
    ALTER TABLE delivery RENAME COLUMN worker TO claim;
    ALTER TABLE delivery ADD COLUMN next_attempt_us INTEGER;
    -- The sender's address and port; how the response ended, where that is known.
    ALTER TABLE capture ADD COLUMN peer TEXT;
    ALTER TABLE capture ADD COLUMN response_end TEXT;
    -- Commits are numbered: the one that made a row, and the last one that changed it. A capture that nobody changed is
    -- found by its place, as the next one that was made has a later place: keeping it writes to its own table alone.
    -- What does not, and what was there before commits were numbered, counts as changed. An index's rows hold both
    -- numbers, so that none of a row's pages is read for them.
    ALTER TABLE capture ADD COLUMN made_in INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE capture ADD COLUMN changed_in INTEGER DEFAULT 0;
    CREATE INDEX capture_changed ON capture (changed_in, made_in) WHERE changed_in IS NOT NULL;
    ALTER TABLE delivery ADD COLUMN made_in INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE delivery ADD COLUMN changed_in INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX delivery_changed ON delivery (changed_in, made_in);
    -- A workspace's rows are those of its kinds.
    ALTER TABLE kind RENAME TO kind_of_one_workspace;
    CREATE TABLE kind (
        id INTEGER PRIMARY KEY,
        workspace TEXT NOT NULL,
        provider TEXT NOT NULL,
        event TEXT NOT NULL,
        verdict TEXT NOT NULL,
        UNIQUE (workspace, provider, event, verdict)
    );
    INSERT INTO kind SELECT id, 'default', provider, event, verdict FROM kind_of_one_workspace;
    DROP TABLE kind_of_one_workspace;
    -- An older process that has the store open must fail from here on: it knows nothing of claims and numbers.
    ALTER TABLE capture RENAME COLUMN response_manner TO response_fault;
", "
    -- The faults that a delivery was sent with, with spaces between them.
    ALTER TABLE delivery ADD COLUMN faults TEXT;
", "
    -- The endpoint of the settings that a capture came to, or a delivery goes to, is one more thing that a kind tells.
    ALTER TABLE kind RENAME TO kind_of_no_endpoint;
    CREATE TABLE kind (
        id INTEGER PRIMARY KEY,
        workspace TEXT NOT NULL,
        provider TEXT NOT NULL,
        event TEXT NOT NULL,
        verdict TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        UNIQUE (workspace, provider, event, verdict, endpoint)
    );
    INSERT INTO kind SELECT id, workspace, provider, event, verdict, '' FROM kind_of_no_endpoint;
    INSERT INTO kind (workspace, provider, event, verdict, endpoint)
        SELECT DISTINCT k.workspace, k.provider, k.event, k.verdict, t.endpoint
        FROM delivery t JOIN kind_of_no_endpoint k ON k.id = t.kind WHERE t.endpoint > '';
    UPDATE delivery SET kind = (
        SELECT n.id FROM kind_of_no_endpoint k JOIN kind n
            ON n.workspace = k.workspace AND n.provider = k.provider AND n.event = k.event AND n.verdict = k.verdict
        WHERE k.id = delivery.kind AND n.endpoint = delivery.endpoint)
        WHERE endpoint > '';
    INSERT OR IGNORE INTO delivery_time SELECT kind, seq >> 21 FROM delivery WHERE endpoint > '';
    DROP TABLE kind_of_no_endpoint;
    ALTER TABLE delivery DROP COLUMN endpoint;
    -- The few responses that did not reach their client are found without the pages of the bodies before them.
    CREATE INDEX capture_response_end ON capture (seq, response_end) WHERE response_end IS NOT NULL;
", "
    -- Which statuses were wanted of a delivery, with commas between them.
    ALTER TABLE delivery ADD COLUMN wanted TEXT;
", "
    -- 1: a capture has the idempotency key of an earlier one, and another body. They are few, and found without the
    -- pages of the bodies before them.
    ALTER TABLE capture ADD COLUMN same_id_changed INTEGER;
    CREATE TABLE repeated (id TEXT PRIMARY KEY, seq INTEGER) WITHOUT ROWID;
    INSERT OR IGNORE INTO repeated SELECT duplicate_of, NULL FROM capture WHERE duplicate_of IS NOT NULL;
    UPDATE repeated SET seq = t.seq FROM capture t WHERE t.id = repeated.id;
    UPDATE capture SET same_id_changed = 1 WHERE duplicate_of IS NOT NULL AND EXISTS (
        SELECT 1 FROM repeated r JOIN capture f ON f.seq = r.seq WHERE r.id = capture.duplicate_of AND f.body <> capture.body);
    DROP TABLE repeated;
    CREATE INDEX capture_same_id_changed ON capture (seq) WHERE same_id_changed = 1;
    -- How much faster than the provider's its waits were; NULL is 1.
    ALTER TABLE delivery ADD COLUMN speed REAL;
    -- What was sent of a capture.
    CREATE INDEX delivery_replay_of ON delivery (replay_of) WHERE replay_of IS NOT NULL;
", "
    -- What emulated providers keep. A secret stands apart from its record's document.
    CREATE TABLE emulated (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        workspace TEXT NOT NULL,
        provider TEXT NOT NULL,
        kind TEXT NOT NULL,
        scope TEXT NOT NULL,
        id TEXT NOT NULL,
        created_us INTEGER NOT NULL,
        failing_since_us INTEGER,
        document TEXT NOT NULL,
        UNIQUE (workspace, provider, kind, id, scope)
    );
    CREATE INDEX emulated_listed ON emulated (workspace, provider, kind, scope, number);
    CREATE INDEX emulated_by_age ON emulated (workspace, provider, kind, number);
    CREATE TABLE emulated_secret (
        record INTEGER NOT NULL REFERENCES emulated (number) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        secret BLOB NOT NULL,
        until_us INTEGER,
        PRIMARY KEY (record, position)
    ) WITHOUT ROWID;
    -- The records that a delivery is of.
    ALTER TABLE delivery ADD COLUMN subscription INTEGER;
    ALTER TABLE delivery ADD COLUMN emulated_event INTEGER;
    CREATE INDEX delivery_subscription ON delivery (subscription, seq) WHERE subscription IS NOT NULL;
    CREATE INDEX delivery_emulated_event ON delivery (emulated_event, seq) WHERE emulated_event IS NOT NULL;
    CREATE INDEX delivery_due ON delivery (subscription, next_attempt_us) WHERE open = 1 AND subscription IS NOT NULL;
", "
    -- The number of the last change of a workspace's subscriptions, and of the last one after which all have to be read
    -- again, because some were removed. Each record has the number of its own last change.
    CREATE TABLE emulated_change (
        workspace TEXT PRIMARY KEY,
        last INTEGER NOT NULL,
        whole INTEGER NOT NULL
    ) WITHOUT ROWID;
    ALTER TABLE emulated ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX emulated_changed ON emulated (workspace, changed) WHERE kind = 'subscription';
", "
    -- When the latest attempts of a subscription began, where its provider limits them by time: a list in JSON.
    CREATE TABLE lane (
        subscription INTEGER PRIMARY KEY REFERENCES emulated (number) ON DELETE CASCADE,
        began_us TEXT NOT NULL
    );
    -- Captures that someone forwards to a destination (its URL in its normal form), or that are tried there again at that
    -- time at the earliest.
    CREATE TABLE forwarding (
        capture INTEGER NOT NULL REFERENCES capture (seq) ON DELETE CASCADE,
        destination TEXT NOT NULL,
        claim TEXT,
        after_us INTEGER,
        PRIMARY KEY (capture, destination)
    ) WITHOUT ROWID;
    CREATE INDEX forwarding_by_claim ON forwarding (claim) WHERE claim IS NOT NULL;
"];

/// `hkcl`, so that another program's database is not taken for a store.
const APPLICATION_ID: i64 = 0x686b_636c;

/// Why a store cannot be brought to the newest version.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrateError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(
        "it has version {found}, but this hookcli supports versions up to {newest}: use a newer hookcli or another file"
    )]
    Newer { found: i64, newest: i64 },
    #[error("it is the database of another program")]
    Foreign,
    #[error("a backup copy could not be made: {0}")]
    Io(#[from] std::io::Error),
    #[error("a backup copy could not be made: {0}")]
    Copy(#[source] rusqlite::Error),
    #[error("a backup copy could not be made: the store's path is not UTF-8")]
    Path,
    #[error(
        "there are already {MOST_COPIES} backup copies of version {version} beside it: remove the ones you do not need"
    )]
    ManyCopies { version: i64 },
}

/// Brings the store to the newest version; `steps` is a parameter for the sake of its test.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    steps: &[&str],
) -> Result<(), MigrateError> {
    let version = |connection: &Connection| -> rusqlite::Result<(i64, i64)> {
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok((
            version,
            connection.query_row("PRAGMA application_id", [], |row| row.get(0))?,
        ))
    };
    let newest = steps.len() as i64;
    let (found, application) = version(connection)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if found > newest {
        return Err(MigrateError::Newer { found, newest });
    }
    if tables > 0 && application != APPLICATION_ID {
        return Err(MigrateError::Foreign);
    }
    if found == newest {
        return Ok(());
    }
    if found > 0 {
        put_copy_aside(connection, path, found)?;
    }
    // Immediate: of two processes that come at once, one migrates and the other finds it done.
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let (found, _) = version(&transaction)?;
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", newest)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    match found {
        0 => info!("store created"),
        _ => info!(from = found, to = newest, "store migrated"),
    }
    Ok(())
}

/// How many copies of one version are put aside at most.
const MOST_COPIES: u32 = 100;

/// Copies the store beside itself, under its whole name and the version: whole or not at all, readable by its
/// owner alone. A copy that was put aside before and still holds the same rows is enough.
fn put_copy_aside(connection: &Connection, path: &Path, version: i64) -> Result<(), MigrateError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default();
    let mut number = 1;
    let aside = loop {
        let mut copy = name.to_owned();
        copy.push(match number {
            1 => format!(".v{version}.bak"),
            _ => format!(".v{version}.{number}.bak"),
        });
        let aside = folder.join(copy);
        if !aside.exists() {
            break aside;
        }
        if holds_the_same(connection, &aside) {
            return Ok(());
        }
        number += 1;
        if number > MOST_COPIES {
            return Err(MigrateError::ManyCopies { version });
        }
    };
    // Made with mode 0600, and removed again where what follows fails.
    let temporary = tempfile::Builder::new()
        .prefix(".hookcli-copy-")
        .tempfile_in(folder)?;
    let target = temporary.path().to_str().ok_or(MigrateError::Path)?;
    connection
        .execute("VACUUM INTO ?1", [target])
        .map_err(MigrateError::Copy)?;
    temporary.as_file().sync_all()?;
    // Another process may have come first: its copy is as good.
    match temporary.persist_noclobber(&aside) {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error.into()),
    }
    let folder = std::fs::File::open(folder)?;
    folder.sync_all()?;
    Ok(())
}

/// Whether a copy is of the same version and its newest rows are those of the store.
fn holds_the_same(connection: &Connection, copy: &Path) -> bool {
    let rows = |connection: &Connection| -> rusqlite::Result<Vec<i64>> {
        let mut all = vec![connection.query_row("PRAGMA user_version", [], |row| row.get(0))?];
        let mut tables = connection.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('capture', 'delivery') ORDER BY name",
        )?;
        let names: Vec<String> = tables
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for name in names {
            let newest = format!("SELECT coalesce(max(seq), -1) FROM {name}");
            all.push(connection.query_row(&newest, [], |row| row.get(0))?);
        }
        Ok(all)
    };
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let theirs = Connection::open_with_flags(copy, flags).and_then(|copy| rows(&copy));
    matches!((rows(connection), theirs), (Ok(own), Ok(theirs)) if own == theirs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Pattern;

    #[test]
    fn an_older_store_moves_forward_and_a_copy_stays_aside() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, &path, &["CREATE TABLE a (x)"]).unwrap();
        connection.execute("INSERT INTO a VALUES (1)", []).unwrap();
        migrate(
            &mut connection,
            &path,
            &["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"],
        )
        .unwrap();
        let sum = |file: &Path, column: &str| -> rusqlite::Result<i64> {
            Connection::open(file)?.query_row(
                &format!("SELECT count({column}) FROM a"),
                [],
                |row| row.get(0),
            )
        };
        assert_eq!(sum(&path, "x, y").unwrap_or(sum(&path, "x").unwrap()), 1);
        let copy = dir.path().join("store.db.v1.bak");
        assert_eq!(sum(&copy, "x").unwrap(), 1);
        assert!(sum(&copy, "y").is_err(), "the copy is as it was");
    }

    #[test]
    fn rows_of_the_third_version_are_found_by_their_kinds() {
        use super::super::testing::all;
        use super::super::{Query, SqliteStore, StoreOptions};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, &path, &STEPS[..3]).unwrap();
        let insert = |seq: i64, kind: i64| {
            connection.execute(
                "INSERT INTO capture (seq, id, kind, received_us, method, target, body_bytes, status, headers, body)
                 VALUES (?1 << 21, '000000000' || ?1 || 'ZZZZZZZZZZZZZZZZ', ?2, ?1 * 1000, 'POST', '/', 0, 200, x'', x'')",
                [seq, kind],
            )
        };
        connection
            .execute_batch(
                "INSERT INTO kind VALUES (1, 'acme', 'made', 'valid'), (2, 'acme', 'gone', 'valid')",
            )
            .unwrap();
        insert(5, 1).unwrap();
        insert(7, 2).unwrap();
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let found = |event: Option<&str>| {
            let acme = Query::Provider(Pattern::new("acme"));
            let event = event.map(|event| Query::Event(Pattern::new(event)));
            let query = event.map_or(acme.clone(), |event| acme.and(event));
            all(&store, &query).len()
        };
        assert_eq!((found(None), found(Some("made"))), (2, 1));
        // An older hookcli that still writes is told so, and tells its senders.
        assert!(insert(8, 1).is_err());
    }

    /// What stood beside a delivery became a part of its kind.
    #[test]
    fn deliveries_of_the_eighth_version_are_found_by_their_endpoints() {
        use super::super::{Query, SqliteStore, Store as _, StoreOptions};
        use crate::store::PageRequest;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, &path, &STEPS[..8]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO kind VALUES (1, 'default', 'acme', 'made', 'delivered');
                 INSERT INTO delivery_time VALUES (1, 5), (1, 7);
                 INSERT INTO delivery (seq, id, kind, started_us, url, endpoint, method, target, headers, body, signs_afresh)
                 VALUES (5 << 21, '0000000005ZZZZZZZZZZZZZZZZ', 1, 5000, 'http://a/', NULL, 'POST', '/', x'', x'', 1),
                        (7 << 21, '0000000007ZZZZZZZZZZZZZZZZ', 1, 7000, 'http://a/', 'orders', 'POST', '/', x'', x'', 1);",
            )
            .unwrap();
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let found = |query: Query| {
            let page = PageRequest::newest(10);
            let page = runtime.block_on(store.deliveries(&query, page)).unwrap();
            page.rows.len()
        };
        assert_eq!(found(Query::default()), 2);
        assert_eq!(found(Query::Endpoint(Pattern::new("orders"))), 1);
        assert_eq!(found(Query::Endpoint(Pattern::new("other"))), 0);
    }

    #[test]
    fn captures_of_the_tenth_version_are_held_against_the_one_that_they_repeat() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, &path, &STEPS[..10]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO capture (seq, id, kind, received_us, method, target, body_length, status, duplicate_of, headers, body)
                 VALUES (1, 'A', 1, 1, 'POST', '/', 1, 200, NULL, x'', 'one'),
                        (2, 'B', 1, 1, 'POST', '/', 1, 200, 'A', x'', 'one'),
                        (3, 'C', 1, 1, 'POST', '/', 1, 200, 'A', x'', 'two'),
                        (4, 'D', 1, 1, 'POST', '/', 1, 200, 'evicted', x'', 'two');",
            )
            .unwrap();
        migrate(&mut connection, &path, STEPS).unwrap();
        let changed: String = connection
            .query_row(
                "SELECT group_concat(id) FROM capture WHERE same_id_changed = 1",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(changed, "C");
    }

    #[test]
    fn a_newer_store_and_a_strange_database_are_refused_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(
            &mut connection,
            &path,
            &["CREATE TABLE a (x)", "CREATE TABLE b (x)"],
        )
        .unwrap();
        assert!(
            migrate(&mut connection, &path, &["CREATE TABLE a (x)"])
                .unwrap_err()
                .to_string()
                .contains("version 2")
        );
        let strange = dir.path().join("strange.db");
        let mut connection = Connection::open(&strange).unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(
            migrate(&mut connection, &strange, STEPS)
                .unwrap_err()
                .to_string()
                .contains("another program")
        );
    }
}
