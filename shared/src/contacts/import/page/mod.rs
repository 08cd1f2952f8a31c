//! A page of contacts: what each of them needs, and doing it.

mod bulk;
mod create;
mod doubt;
mod halving;
mod known;
mod one_by_one;
mod plan;
mod update;
mod work;

pub(super) use work::{Handled, PageResult};
