//! Botmatic: what it sends, and the API it offers.
