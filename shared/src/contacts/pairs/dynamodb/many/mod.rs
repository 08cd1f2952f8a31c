//! Many contacts at a time, in as few calls as DynamoDB allows.
//!
//! A transaction takes 100 writes to items of 4 MB together, none of them twice
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>):
//! 50 contacts that are begun, 33 that are paired. Of 33 views each has 120 kB then, some 2,000
//! fields; an item could be 400 kB
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).

mod begin;
mod end;
mod look_up;
mod write;

pub(super) use begin::Beginning;
