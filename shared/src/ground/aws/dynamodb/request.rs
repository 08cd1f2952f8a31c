//! Requests, built part by part.

use std::collections::BTreeMap;

use serde::Serialize;

use super::value::{AttributeValue, Item};

const ALL_OLD: &str = "ALL_OLD";

/// Changes one item: an update, or the deletion of what it names.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Write<'a> {
    table_name: &'a str,
    key: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_expression: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    expression_attribute_names: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Item::is_empty")]
    expression_attribute_values: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_values: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_values_on_condition_check_failure: Option<&'static str>,
}

impl<'a> Write<'a> {
    /// The item of `table` that has this key.
    pub fn to(table: &'a str, key: Item) -> Self {
        Self {
            table_name: table,
            key,
            update_expression: None,
            condition_expression: None,
            expression_attribute_names: BTreeMap::new(),
            expression_attribute_values: Item::new(),
            return_values: None,
            return_values_on_condition_check_failure: None,
        }
    }

    /// What to change, as an update expression.
    #[must_use]
    pub fn update(mut self, expression: impl Into<String>) -> Self {
        self.update_expression = Some(expression.into());
        self
    }

    /// Only if this is true of the item as it is.
    #[must_use]
    pub fn on_condition(mut self, expression: impl Into<String>) -> Self {
        self.condition_expression = Some(expression.into());
        self
    }

    /// What a `#placeholder` stands for, where a name is a reserved word.
    #[must_use]
    pub fn name(mut self, placeholder: &'a str, name: &'a str) -> Self {
        self.expression_attribute_names.insert(placeholder, name);
        self
    }

    /// What a `:placeholder` stands for.
    #[must_use]
    pub fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.expression_attribute_values.insert(placeholder.to_owned(), value);
        self
    }

    /// The same for several.
    #[must_use]
    pub fn values(mut self, values: Item) -> Self {
        self.expression_attribute_values.extend(values);
        self
    }

    /// Asks for the item as it was before.
    #[must_use]
    pub fn returning_old(mut self) -> Self {
        self.return_values = Some(ALL_OLD);
        self
    }

    /// Asks for the item as it is, if the condition is false.
    #[must_use]
    pub fn returning_refused(mut self) -> Self {
        self.return_values_on_condition_check_failure = Some(ALL_OLD);
        self
    }
}

/// One write of a transaction.
#[derive(Clone, Debug, Serialize)]
pub enum Action<'a> {
    /// Changes the item.
    Update(Write<'a>),
    /// Deletes the item.
    Delete(Write<'a>),
}

impl Action<'_> {
    /// The key of the item it is about; no other action of its transaction may be about the same.
    pub const fn key(&self) -> &Item {
        match self {
            Self::Update(write) | Self::Delete(write) => &write.key,
        }
    }
}

/// Reads one item, or a page of them, strongly consistent.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Query<'a> {
    table_name: &'a str,
    consistent_read: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_condition_expression: Option<&'a str>,
    #[serde(skip_serializing_if = "Item::is_empty")]
    expression_attribute_values: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    scan_index_forward: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_start_key: Option<Item>,
}

impl<'a> Query<'a> {
    /// Everything in `table`.
    pub fn of(table: &'a str) -> Self {
        Self {
            table_name: table,
            consistent_read: true,
            key: None,
            key_condition_expression: None,
            expression_attribute_values: Item::new(),
            scan_index_forward: None,
            limit: None,
            exclusive_start_key: None,
        }
    }

    /// The one item with this key.
    #[must_use]
    pub fn key(mut self, key: Item) -> Self {
        self.key = Some(key);
        self
    }

    /// The items of one partition for which this is true of the key.
    #[must_use]
    pub fn where_key(mut self, condition: &'a str) -> Self {
        self.key_condition_expression = Some(condition);
        self
    }

    /// What a `:placeholder` stands for.
    #[must_use]
    pub fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.expression_attribute_values.insert(placeholder.to_owned(), value);
        self
    }

    /// The last items first.
    #[must_use]
    pub fn backwards(mut self) -> Self {
        self.scan_index_forward = Some(false);
        self
    }

    /// So many items at most.
    #[must_use]
    pub fn limit(mut self, limit: u16) -> Self {
        self.limit = Some(limit);
        self
    }

    /// What comes after the item with this key.
    #[must_use]
    pub fn after(mut self, key: Option<Item>) -> Self {
        self.exclusive_start_key = key;
        self
    }
}
