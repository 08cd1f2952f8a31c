//! What is deployed only if it is wanted, and that what is left refers to none of it.

use serde_json::{Map, Value};

use super::template;

/// What a parameter decides about.
pub struct Part {
    /// The conditions that hang on the parameter.
    conditions: &'static [&'static str],
    /// What is there for this part alone, and named by other things that are.
    pub resources: &'static [&'static str],
    /// The parameter of the dashboard's text that has its widgets.
    pub widgets: &'static str,
}

/// `Contacts=yes`.
pub const CONTACTS: Part = Part {
    conditions: &["HasContacts", "HasContactsMonitoring", "HasImportPages", "HasImportSchedule"],
    resources: &[
        "BotmaticFunction",
        "BotmaticLogs",
        "BotmaticRole",
        "ContactsTable",
        "ImportFunction",
        "ImportLogs",
        "ImportRole",
        "ImportQueue",
        "ImportDeadLetterQueue",
        "ImportRule",
        "ImportRulePermission",
    ],
    widgets: "ContactsWidgets",
};

/// `Worker=yes`.
pub const WORKER: Part = Part {
    conditions: &["HasWorker", "HasWorkerMonitoring"],
    resources: &[
        "WorkerFunction",
        "WorkerLogs",
        "WorkerRole",
        "MessageQueue",
        "MessageDeadLetterQueue",
    ],
    widgets: "WorkerWidgets",
};

impl Part {
    fn hangs_on_it(&self, condition: &Value) -> bool {
        condition.as_str().is_some_and(|it| self.conditions.contains(&it))
    }
}

/// The template as it is with everything but these parts: `!If` as one of its branches, and without
/// what has a condition that is false.
pub fn without(parts: &[&Part]) -> Value {
    let template = template();
    let mut deployed = decided(&template, parts);
    for section in ["Resources", "Outputs"] {
        let entries = deployed[section].as_object_mut().unwrap();
        entries.retain(|_, entry| !parts.iter().any(|part| part.hangs_on_it(&entry["Condition"])));
    }
    deployed
}

fn decided(value: &Value, absent: &[&Part]) -> Value {
    let is_nothing = |value: &Value| value == "AWS::NoValue";
    match value {
        Value::Array(items) => match &items[..] {
            [Value::String(condition), then, otherwise] if condition.starts_with("Has") => {
                let is_false = absent.iter().any(|part| part.hangs_on_it(&items[0]));
                decided(if is_false { otherwise } else { then }, absent)
            }
            items => {
                let items = items.iter().map(|item| decided(item, absent));
                items.filter(|item| !is_nothing(item)).collect()
            }
        },
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), decided(value, absent)));
            Value::Object(fields.filter(|(_, value)| !is_nothing(value)).collect::<Map<_, _>>())
        }
        scalar => scalar.clone(),
    }
}

#[test]
fn nothing_is_left_of_what_is_not_wanted_and_nothing_else_is_missing() {
    for part in [CONTACTS, WORKER] {
        let without = without(&[&part]);
        let template = template();
        for section in ["Resources", "Outputs"] {
            for (name, entry) in template[section].as_object().unwrap() {
                let hangs_on_it = part.hangs_on_it(&entry["Condition"]);
                let rest = &without[section][name];
                assert_eq!(rest.is_null(), hangs_on_it, "{name}");
                let text = if hangs_on_it { entry.to_string() } else { rest.to_string() };
                let is_of_it =
                    part.resources.iter().any(|theirs| name == theirs || text.contains(theirs));
                assert_eq!(is_of_it, hangs_on_it, "{name}");
            }
        }
        for resource in part.resources {
            assert!(!template["Resources"][resource].is_null(), "{resource}");
        }
    }
}

#[test]
fn conditions_of_a_part_hang_on_its_parameter() {
    let template = template();
    for (part, parameter) in [(CONTACTS, "Contacts"), (WORKER, "Worker")] {
        let [first, others @ ..] = part.conditions else { panic!("{parameter}") };
        assert_eq!(template["Conditions"][first], serde_json::json!([parameter, "yes"]));
        assert_eq!(template["Parameters"][parameter]["Default"], "no");
        for condition in others {
            let all = template["Conditions"][condition].as_array().unwrap();
            assert!(all.iter().any(|it| part.hangs_on_it(it)), "{condition}: {all:?}");
        }
    }
}
