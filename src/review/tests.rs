//! The ledger, alone and with a pipeline.
