//! The stack on one machine.
