use std::sync::Arc;

use super::MemoryPairs;
use crate::contacts::pairs::contract;
use crate::ground::clock::{Clock, ManualClock, Timestamp};

#[tokio::test]
async fn it_keeps_the_contract() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000_000)));
    let store = MemoryPairs::new(Arc::clone(&clock) as Arc<dyn Clock>);
    contract::check(&store, &clock).await;
}
