//! The native program: serve, sandbox, publish, pack.
