//! Creations that were begun before an uninstallation and end while it deletes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use patchcord::botmatic::{BotmaticId, IntegrationId};
use patchcord::contacts::ExternalId;
use patchcord::contacts::pairs::{
    Claim, ClaimRequest, Contact, CreationKey, Deletion, DynamoPairs, Lease, PairStore as _, View,
};
use patchcord::ground::clock::{Clock as _, Deadline, SystemClock};
use patchcord_local::tables::{self, Table};
use patchcord_tests::stack::database;

const ROUNDS: usize = 5;
const CREATIONS: usize = 150;
const LONG: Duration = Duration::from_mins(1);

/// An external contact whose creation on Botmatic is begun.
async fn begun(pairs: &DynamoPairs, integration: &IntegrationId, number: usize) -> Lease {
    let contact = Contact::External(ExternalId::new(format!("c-{number}")).unwrap());
    let now = SystemClock.now();
    let (owner, until) = (format!("owner-{number}"), now + LONG);
    let request = ClaimRequest { integration: integration.clone(), contact, owner, until };
    let Claim::Claimed(mut claimed) = pairs.claim(request).await.unwrap() else {
        panic!("nobody else has it");
    };
    pairs.begin_creation(&mut claimed.lease, key(number), &View::default(), now).await.unwrap();
    claimed.lease
}

fn key(number: usize) -> CreationKey {
    CreationKey::of_address(&number.to_string())
}

/// Whichever comes first: no pair is left, and no half of one.
#[tokio::test(flavor = "multi_thread")]
async fn a_pair_that_is_made_while_everything_is_deleted_is_gone_afterwards() {
    let dynamo = database().await;
    let client = tables::functions_client(&dynamo.endpoint()).unwrap();
    let pairs = &DynamoPairs::new(client, Table::CONTACTS.to_owned(), Arc::new(SystemClock));
    for round in 0..ROUNDS {
        let integration = &IntegrationId::try_from(format!("round-{round}")).unwrap();
        let leases = stream::iter(0..CREATIONS).map(|number| begun(pairs, integration, number));
        let leases: Vec<_> = leases.buffered(16).collect().await;
        // A few at a time, so that they are spread over the deletion.
        let made = stream::iter(leases.iter().enumerate()).map(|(number, lease)| async move {
            let id = Contact::Botmatic(BotmaticId::new(number.to_string()).unwrap());
            pairs.pair(lease, &id, key(number), &View::default()).await.is_ok()
        });
        let made = made.buffered(2).collect::<Vec<_>>();
        let until = Deadline::after(LONG, SystemClock.now());
        let (made, deleted) = tokio::join!(made, pairs.delete_all_ids(integration, until));
        assert_eq!(deleted.unwrap(), Deletion::Finished);
        let made = made.into_iter().filter(|made| *made).count();
        println!("round {round}: {made} of {CREATIONS} pairs were made");
    }
    let client = tables::client(&dynamo.endpoint());
    let left = client.scan().table_name(Table::CONTACTS).send().await.unwrap().items.unwrap();
    assert!(left.is_empty(), "{left:?}");
}
