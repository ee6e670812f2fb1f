//! The outbox as a pure state machine: retry, back-off, reconcile, when to give up, what the
//! citizen is told.
