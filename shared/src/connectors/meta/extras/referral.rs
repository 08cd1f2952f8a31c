//! How somebody came here: a link, an ad, a product.

use serde::Deserialize;

use crate::connectors::meta::lenient::{id_or_none, or_none};

/// How somebody came here
/// (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messaging_referrals>).
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Referral {
    /// The parameter `ref` of the link or ad.
    #[serde(default, rename = "ref", deserialize_with = "or_none")]
    pub reference: Option<String>,
    /// `SHORTLINK` for m.me links, `ADS` for ads.
    #[serde(default, deserialize_with = "or_none")]
    pub source: Option<String>,
    /// The ad.
    #[serde(default, deserialize_with = "id_or_none")]
    pub ad_id: Option<String>,
    /// What the ad showed.
    #[serde(default, rename = "ads_context_data", deserialize_with = "or_none")]
    pub ad: Option<Ad>,
    /// The product in an Instagram shop.
    #[serde(default, deserialize_with = "or_none")]
    pub product: Option<Product>,
}

/// What an ad showed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Ad {
    /// Its title.
    #[serde(default, deserialize_with = "or_none")]
    pub ad_title: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "or_none")]
    pub photo_url: Option<String>,
    /// The preview of its film.
    #[serde(default, deserialize_with = "or_none")]
    pub video_url: Option<String>,
    /// The post it is.
    #[serde(default, deserialize_with = "id_or_none")]
    pub post_id: Option<String>,
    /// The product it shows.
    #[serde(default, deserialize_with = "id_or_none")]
    pub product_id: Option<String>,
}

/// A product in a shop.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its id.
    #[serde(default, deserialize_with = "id_or_none")]
    pub id: Option<String>,
}
