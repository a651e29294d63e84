"""Many wheels: executors, the ledger that lets a scan go on, and the stores that hold its results."""
