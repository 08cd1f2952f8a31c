//! Which calls a reply becomes.

mod media;
mod replies;
mod shown;
