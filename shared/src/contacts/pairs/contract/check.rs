//! The whole contract, theme by theme.

use super::parts::Contract;
use crate::contacts::pairs::PairStore;
use crate::ground::clock::ManualClock;

/// Runs the whole contract. `clock` is the one by which the store tells the time.
///
/// # Panics
/// If the store breaks it.
pub async fn check(store: &dyn PairStore, clock: &ManualClock) {
    let contract = Contract { store, clock };
    contract.both_directions_agree().await;
    contract.a_second_pair_is_a_conflict().await;
    contract.integrations_are_kept_apart().await;
    contract.a_contact_is_had_by_one_at_a_time().await;
    contract.both_ids_of_a_pair_are_one_claim().await;
    contract.what_both_sides_hold_is_saved().await;
    contract.a_contact_is_created_once().await;
    contract.a_creation_that_is_in_doubt_is_remembered().await;
    contract.a_creation_that_was_left_holds_nobody_up().await;
    contract.by_its_values_a_creation_is_recognised_for_a_while().await;
    contract.a_key_that_was_taken_over_is_its_new_creators().await;
    contract.what_was_sent_is_remembered_until_the_creation_ends().await;
    contract.giving_up_leaves_a_pair_alone().await;
    contract.what_was_deleted_is_remembered_for_a_day().await;
    contract.a_pair_with_one_that_was_deleted_meanwhile_is_refused().await;
    contract.what_is_known_of_many_is_told_in_their_order().await;
    contract.many_are_begun_as_one_is().await;
    contract.each_of_many_gets_its_own_answer().await;
    contract.a_contact_or_a_key_is_begun_once_in_a_call().await;
    contract.two_callers_share_many_without_doing_one_twice().await;
    contract.a_key_that_was_left_is_taken_over_by_one_of_many().await;
    contract.many_are_paired_as_one_is().await;
    contract.a_pair_that_is_refused_stops_no_other().await;
    contract.what_was_abandoned_can_be_begun_again().await;
    contract.a_creation_that_is_left_stays_noted().await;
    contract.whoever_dies_no_contact_is_created_twice().await;
    contract.everything_of_an_integration_is_deleted().await;
}
