//! The stand-ins for Botmatic and for a CRM, driven by a real client against small receivers.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod botmatic;
mod botmatic_bulk;
mod client;
mod control;
mod crm;
mod crm_list;
mod delivery;
mod delivery_faults;
mod faults;
mod receiver;
