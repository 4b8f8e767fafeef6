//! Schema versions. A store moves forward only, after a copy was put aside; a newer one is left alone.

use std::path::Path;

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
"];

/// `hkcl`, so that another program's database is not taken for a store.
const APPLICATION_ID: i64 = 0x686b_636c;

/// Brings the store to the newest version; `steps` is a parameter for the sake of its test.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    steps: &[&str],
) -> Result<(), String> {
    let version = |connection: &Connection| -> rusqlite::Result<(i64, i64)> {
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok((
            version,
            connection.query_row("PRAGMA application_id", [], |row| row.get(0))?,
        ))
    };
    let told = |error: rusqlite::Error| error.to_string();
    let newest = steps.len() as i64;
    let (found, application) = version(connection).map_err(told)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(told)?;
    if found > newest {
        return Err(format!(
            "it is of version {found}, and this hookcli knows {newest}: use a newer hookcli, or another file with --store"
        ));
    }
    if tables > 0 && application != APPLICATION_ID {
        return Err("it is a database of another program".to_owned());
    }
    if found == newest {
        return Ok(());
    }
    if found > 0 {
        let aside = path.with_extension(format!("v{found}.bak"));
        if !aside.exists() {
            let target = aside.to_str().ok_or("its path is not UTF-8")?;
            connection
                .execute("VACUUM INTO ?1", [target])
                .map_err(told)?;
            super::files::make_private(&aside).map_err(|error| error.to_string())?;
        }
    }
    // Immediate: of two processes that come at once, one migrates and the other finds it done.
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(told)?;
    let (found, _) = version(&transaction).map_err(told)?;
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(told)?;
    }
    transaction
        .pragma_update(None, "user_version", newest)
        .map_err(told)?;
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(told)?;
    transaction.commit().map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let copy = dir.path().join("store.v1.bak");
        assert_eq!(sum(&copy, "x").unwrap(), 1);
        assert!(sum(&copy, "y").is_err(), "the copy is as it was");
    }

    #[test]
    fn rows_of_the_third_version_are_found_by_their_kinds() {
        use super::super::{Filter, SqliteStore, Store as _, StoreOptions};
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
            let filter = Filter {
                provider: Some("acme".to_owned()),
                event: event.map(str::to_owned),
                ..Filter::default()
            };
            store.captures(&filter).unwrap().len()
        };
        assert_eq!((found(None), found(Some("made"))), (2, 1));
        // An older hookcli that still writes is told so, and tells its senders.
        assert!(insert(8, 1).is_err());
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
                .contains("version 2")
        );
        let strange = dir.path().join("strange.db");
        let mut connection = Connection::open(&strange).unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(
            migrate(&mut connection, &strange, STEPS)
                .unwrap_err()
                .contains("another program")
        );
    }
}
