//! Paths that are all written in one contact: none may be in another's way.

use std::collections::HashMap;

use super::{FieldPath, index};

/// The paths that are written, each with whom it belongs to.
#[derive(Debug, Default)]
pub struct Claims(HashMap<Vec<String>, (What, String)>);

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Value,
    Array,
    Object,
}

/// Two paths cannot both be written: they are the same, one leads into the other, or one makes an
/// array of what the other makes an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a path that is not in the way of `{owner}`")]
pub struct Overlap {
    owner: String,
}

impl Claims {
    /// Notes that `owner` writes to `path`.
    pub fn claim(&mut self, path: &FieldPath, owner: &str) -> Result<(), Overlap> {
        let prefixes = (1..path.0.len()).map(|length| {
            let what = if index(&path.0[length]).is_some() { What::Array } else { What::Object };
            (&path.0[..length], what)
        });
        let steps: Vec<_> = prefixes.chain([(&path.0[..], What::Value)]).collect();
        for (prefix, what) in &steps {
            match self.0.get(*prefix) {
                Some((known, _)) if known == what && *what != What::Value => {}
                Some((_, owner)) => return Err(Overlap { owner: owner.clone() }),
                None => break,
            }
        }
        for (prefix, what) in steps {
            self.0.entry(prefix.to_vec()).or_insert_with(|| (what, owner.to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_in_each_others_way_are_found() {
        for (paths, fits) in [
            (["a", "b"], true),
            (["a.b", "a.c"], true),
            (["a.0.x", "a.1.x"], true),
            (["a", "a"], false),
            (["a.b", "a"], false),
            (["a", "a.b"], false),
            (["a.0", "a.b"], false),
            (["a.b.c", "a.b.c.d"], false),
        ] {
            let mut claims = Claims::default();
            let [first, second] = paths.map(|path| FieldPath::parse(path).unwrap());
            claims.claim(&first, "first").unwrap();
            let claimed = claims.claim(&second, "second");
            let overlap = Overlap { owner: "first".to_owned() };
            assert_eq!(claimed, if fits { Ok(()) } else { Err(overlap) }, "{paths:?}");
        }
    }
}
