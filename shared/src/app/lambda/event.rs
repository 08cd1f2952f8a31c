//! An event, read in the form it most likely has.

use lambda_http::request::LambdaRequest;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

/// An HTTP event. `lambda_http` tries the forms one after the other, and that of function URLs not
/// first: each of their events would be read twice.
pub(super) struct Event(pub LambdaRequest);

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event = <&RawValue>::deserialize(deserializer)?.get();
        // No other form has `requestContext.http.method`, without which it is none of this.
        let request = serde_json::from_str(event).map(LambdaRequest::ApiGatewayV2);
        request.or_else(|_| serde_json::from_str(event)).map(Self).map_err(D::Error::custom)
    }
}
