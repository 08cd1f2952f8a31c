//! The header row: which field each column is.

use serde_json::Value;

use super::parser::line;
use crate::contacts::import::source::SourceError;
use crate::contacts::mapping::Mappings;
use crate::contacts::path::{Claims, FieldPath};
use crate::contacts::{Fields, MAX_FIELDS};

/// The fields of the columns, in their order.
pub(super) struct Header(Vec<FieldPath>);

impl Header {
    /// The header row at line `number`, whose cells are field paths. Space around them does not
    /// count. The contact's id has to be among them, which rows of contacts are told from it by.
    pub fn new(cells: &[&str], number: u64, mappings: &Mappings) -> Result<Self, SourceError> {
        let unreadable = |expected: String| SourceError::unreadable(line(number), expected);
        if cells.len() > MAX_FIELDS {
            return Err(unreadable(format!("at most {MAX_FIELDS} columns")));
        }
        let (mut claims, mut paths, mut sample) = (Claims::default(), Vec::new(), Fields::new());
        for (index, cell) in cells.iter().enumerate() {
            let column = index + 1;
            let path = FieldPath::parse(cell.trim()).map_err(|_| {
                unreadable(format!("the name of a field in column {column} of the header row"))
            })?;
            claims.claim(&path, &format!("column {column}")).map_err(|_| {
                let place = format!("column {column} of the header row");
                unreadable(format!("a name in {place} that no other column has or is a part of"))
            })?;
            path.set_in(&mut sample, Value::from("1"));
            paths.push(path);
        }
        if mappings.external_id(&sample).is_none() {
            let id = mappings.external_id_path();
            return Err(unreadable(format!(
                "a header row with the column `{id}`, the contact's id"
            )));
        }
        Ok(Self(paths))
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.0.len()
    }

    /// The contact that a row is, which has as many cells.
    pub fn fields<'a>(&self, cells: impl Iterator<Item = &'a str>) -> Fields {
        let mut fields = Fields::new();
        for (path, cell) in self.0.iter().zip(cells) {
            path.set_in(&mut fields, Value::from(cell));
        }
        fields
    }
}
