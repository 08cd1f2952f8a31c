use serde_json::{Value, json};

use super::*;
use crate::botmatic::settings::Upload;
use crate::botmatic::settings::testing::{compile, every_kind, form, settings};

/// Ends an attribute, an element, a style and a script, if it is let.
const HOSTILE: &str =
    "\"'><script>alert(1)</script></style><img src=x onerror=alert(1)>&amp;{{ 7*7 }}";

fn html(form: &SettingsForm, stored: Value) -> String {
    form.page("the-token", &settings(stored), &[]).unwrap().html
}

/// The page without its style and script, which are ours.
fn markup(html: &str) -> String {
    html.replace(STYLE, "").replace(SCRIPT, "")
}

#[test]
fn whatever_is_put_into_the_page_stays_text() {
    let choice = json!({"value": HOSTILE, "label": HOSTILE});
    let file: Value = Upload::new(HOSTILE, "text/plain", b"x").into();
    let common = |name: &str, kind: &str| json!({"name": name, "type": kind, "label": HOSTILE, "help": HOSTILE});
    let with = |mut field: Value, name: &str, value: &Value| {
        field[name] = value.clone();
        field
    };
    let hostile = json!(HOSTILE);
    let section = json!({
        "title": HOSTILE,
        "intro": HOSTILE,
        "save_label": HOSTILE,
        "fields": [
            with(common("text", "text"), "placeholder", &hostile),
            with(common("secret", "secret"), "placeholder", &hostile),
            with(common("number", "number"), "placeholder", &hostile),
            common("checkbox", "checkbox"),
            with(common("select", "select"), "options", &json!([choice])),
            common("file", "file"),
        ],
    });
    let stored = json!({"text": HOSTILE, "secret": HOSTILE, "select": HOSTILE, "file": file});
    let note = Note { label: HOSTILE.to_owned(), value: HOSTILE.to_owned() };
    let form = compile(section).unwrap();
    let html = markup(&form.page(HOSTILE, &settings(stored), &[note]).unwrap().html);
    assert_eq!(html.matches("<script").count(), 1, "{html}");
    for hostile in ["<img", "alert(1)<", "\"'>", "49"] {
        assert!(!html.contains(hostile), "{hostile} in {html}");
    }
    let escaped = "&quot;&#x27;&gt;&lt;script&gt;alert(1)";
    // Title twice, intro, note twice, button, token; labels, helps, “remove” twice; placeholders;
    // the text's value, the option twice, the file's name.
    assert_eq!(html.matches(escaped).count(), 7 + 6 + 6 + 2 + 3 + 1 + 2 + 1, "{html}");
}

#[test]
fn secrets_and_files_never_come_back() {
    let file: Value = Upload::new("cert.pem", "text/plain", b"sesame").into();
    let content = file["content"].as_str().unwrap().to_owned();
    let html = html(&every_kind(), json!({"api_key": "sesame", "certificate": file}));
    assert!(!html.contains("sesame") && !html.contains(&content), "{html}");
    assert!(html.contains("cert.pem"));
    assert_eq!(markup(&html).matches("data-state=\"set\"").count(), 2);
}

#[test]
fn values_and_defaults_are_shown() {
    let form = form(&json!([
        {"name": "a", "label": "A", "type": "text", "default": "x"},
        {"name": "b", "label": "B", "type": "number", "default": 1.5},
        {"name": "c", "label": "C", "type": "checkbox", "default": true},
        {"name": "d", "label": "D", "type": "select", "options": ["x", "y"], "default": "y"},
    ]));
    let cases = [
        (json!({}), "value=\"x\"", "value=\"1.5\"", true, "value=\"y\" selected"),
        (
            json!({"a": "z", "b": 2, "c": false, "d": "x"}),
            "value=\"z\"",
            "value=\"2\"",
            false,
            "value=\"x\" selected",
        ),
        (
            json!({"a": null, "b": null, "c": false, "d": null}),
            "value=\"\"",
            "value=\"\"",
            false,
            "",
        ),
        (
            json!({"a": 5, "b": "x", "c": "x", "d": "gone"}),
            "value=\"x\"",
            "value=\"1.5\"",
            true,
            "value=\"y\" selected",
        ),
    ];
    for (stored, a, b, is_checked, selected) in cases {
        let html = markup(&html(&form, stored.clone()));
        let tag = |name: &str| {
            let from = html.find(&format!("name=\"{name}\"")).unwrap();
            html[from..].split('>').next().unwrap().to_owned()
        };
        assert!(tag("a").contains(a), "{stored}: {}", tag("a"));
        assert!(tag("b").contains(b), "{stored}: {}", tag("b"));
        assert_eq!(tag("c").contains(" checked"), is_checked, "{stored}: {}", tag("c"));
        assert_eq!(html.matches(" selected").count(), usize::from(!selected.is_empty()));
        assert!(html.contains(selected), "{stored}: {html}");
    }
}

#[test]
fn every_control_has_a_label_and_is_described() {
    let html = markup(&html(&every_kind(), json!({})));
    for name in ["company", "api_key", "limit", "active", "region", "certificate"] {
        for expected in [
            format!("<label for=\"field-{name}\""),
            format!("id=\"field-{name}\" name=\"{name}\""),
            format!("field-{name}-error\""),
            format!("<p class=\"error\" id=\"field-{name}-error\"></p>"),
        ] {
            assert!(html.contains(&expected), "{expected} in {html}");
        }
    }
    let ids = html.split("aria-describedby=\"").skip(1).flat_map(|from| {
        from.split('"').next().unwrap().split(' ').map(str::to_owned).collect::<Vec<_>>()
    });
    for id in ids {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn a_secret_that_is_set_need_not_be_filled_in_again() {
    let form = form(&json!([{"name": "a", "label": "A", "type": "secret", "required": true}]));
    assert!(markup(&html(&form, json!({}))).contains(" required>"));
    let html = markup(&html(&form, json!({"a": "sesame"})));
    assert!(!html.contains(" required>") && !html.contains("a.remove"), "{html}");
}

#[test]
fn a_pattern_is_in_the_page_where_browsers_understand_it() {
    let field =
        |pattern: &str| json!([{"name": "a", "label": "A", "type": "text", "pattern": pattern}]);
    assert!(html(&form(&field("[a-z]{3}")), json!({})).contains(" pattern=\"[a-z]{3}\""));
    assert!(!markup(&html(&form(&field(r"\d{3}")), json!({}))).contains("pattern="));
}

#[test]
fn the_token_is_in_a_hidden_field_and_nowhere_else() {
    let html = html(&every_kind(), json!({}));
    assert_eq!(html.matches("the-token").count(), 1);
    assert!(html.contains("<input type=\"hidden\" name=\"token\" value=\"the-token\">"));
}

#[test]
fn the_headers_let_nothing_in_and_nothing_out() {
    let form = compile(json!({"frame_ancestors": ["https://a.example", "http://127.0.0.1:9001"]}));
    let page = form.unwrap().page("t", &Settings::new(), &[]).unwrap();
    for (name, expected) in [
        ("content-type", "text/html; charset=utf-8"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.headers[name], expected);
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let policy: Vec<_> = policy.split("; ").collect();
    assert_eq!(policy[0], "default-src 'none'");
    assert_eq!(policy[6], "frame-ancestors https://a.example http://127.0.0.1:9001");
    assert!(!policy.join(" ").contains("unsafe"));
    for (index, element) in [(1, "style"), (2, "script")] {
        let (_, from) = page.html.split_once(&format!("<{element}>")).unwrap();
        let (text, _) = from.split_once(&format!("</{element}>")).unwrap();
        assert_eq!(policy[index], format!("{element}-src {}", source(text)));
    }
    assert!(page.html.contains("data-parents=\"https:&#x2f;&#x2f;a.example http:"));
}

#[test]
fn nothing_comes_from_elsewhere() {
    let html = html(&every_kind(), json!({}));
    for elsewhere in ["http://", "https://", "src=", "<link", "@import", "url(", "innerHTML"] {
        assert!(!html.contains(elsewhere), "{elsewhere}");
    }
}
