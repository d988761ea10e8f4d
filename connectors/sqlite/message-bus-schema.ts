/**
 * Tables of the embedded message bus. A message has one row in every queue it went to and passes through the states
 * `ready` -> `flight` -> `done`, or `waiting` (for a retry) -> `ready`, or `dead`. Handled rows stay without their body
 * for a while, so that a repeat of the same id is recognised.
 */
export const messageBusMigrations = [
  `CREATE TABLE bus_queue (
     name TEXT PRIMARY KEY,
     ordered INTEGER NOT NULL,
     delivery_limit INTEGER NOT NULL,
     retry_delays TEXT NOT NULL,
     active_owner TEXT
   ) STRICT;
   CREATE TABLE bus_binding (
     queue TEXT NOT NULL REFERENCES bus_queue (name),
     exchange TEXT NOT NULL,
     pattern TEXT NOT NULL,
     PRIMARY KEY (exchange, pattern, queue)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE bus_owner (
     token TEXT PRIMARY KEY,
     pid INTEGER NOT NULL,
     host TEXT NOT NULL,
     alive_until INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE bus_message (
     position INTEGER PRIMARY KEY AUTOINCREMENT,
     queue TEXT NOT NULL REFERENCES bus_queue (name),
     message_id TEXT NOT NULL,
     exchange TEXT NOT NULL,
     routing_key TEXT NOT NULL,
     message TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('ready', 'waiting', 'flight', 'done', 'dead')),
     attempt INTEGER NOT NULL DEFAULT 0,
     available_at INTEGER,
     owner TEXT,
     reason TEXT,
     ended_at INTEGER,
     UNIQUE (queue, message_id)
   ) STRICT;
   CREATE INDEX bus_message_open ON bus_message (queue, position) WHERE state IN ('ready', 'waiting', 'flight');
   CREATE INDEX bus_message_ready ON bus_message (queue, position) WHERE state = 'ready';
   CREATE INDEX bus_message_waiting ON bus_message (queue, available_at) WHERE state = 'waiting';
   CREATE INDEX bus_message_flight ON bus_message (owner) WHERE state = 'flight';
   CREATE INDEX bus_message_dead ON bus_message (queue, ended_at) WHERE state = 'dead';
   CREATE INDEX bus_message_done ON bus_message (ended_at) WHERE state = 'done';`,
];
