//! A bot made of handlers: each event goes to the first one whose route matches.
//!
//! ```
//! use patchcord::chat::router::{Flow, Kind};
//! use patchcord::chat::{BotError, BotResult, Context, Router};
//!
//! async fn greet(context: Context) -> BotResult {
//!     context.send_text("Hello!").await?;
//!     Ok(())
//! }
//!
//! async fn order(context: Context) -> Result<Flow, BotError> {
//!     match context.captures().get(1) {
//!         Some("0") => Ok(Flow::to(greet)), // hands over
//!         Some(number) => {
//!             context.set_state(serde_json::json!({ "order": number }))?;
//!             context.send_text(format!("Looking up order {number}.")).await?;
//!             Ok(Flow::Done)
//!         }
//!         None => Ok(Flow::Next), // the next route that matches
//!     }
//! }
//!
//! # fn main() -> Result<(), patchcord::chat::router::InvalidRoute> {
//! let bot = Router::new()
//!     .text("hi", greet)
//!     .regex(r"(?i)^order (\d+)$", order)?
//!     .payload("GET_STARTED", greet)
//!     .kind(Kind::Image, |context: Context| async move {
//!         context.send_text("Nice picture.").await?;
//!         Ok::<_, BotError>(())
//!     })
//!     .on_error(|context: Context, error: BotError| async move {
//!         context.send_text("Sorry, that went wrong.").await?;
//!         Err(error) // still logged and counted
//!     })
//!     .fallback(greet);
//! # Ok(())
//! # }
//! ```

mod flow;
mod handler;
mod plugin;
mod routes;

pub use super::event::Kind;
pub use flow::Flow;
pub use handler::{ErrorHandler, Handler};
pub use plugin::{Next, Plugin};
pub use routes::{InvalidRoute, Router};
