//! The settings page in a real browser, in a frame of a page from another origin.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::sync::Arc;

use patchcord_tests::binaries::root;
use patchcord_tests::browser::{Browser, in_browser};
use patchcord_tests::framed::{STATE, VALUES, error_of, framed, next, save};
use patchcord_tests::settings_page::start_parent;
use serde_json::json;

const HOSTILE: &str = "\"><script>document.title='taken over'</script>";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

#[tokio::test]
async fn values_are_entered_refused_corrected_and_kept() {
    in_browser(|browser: Arc<Browser>| async move {
        let _page = framed(&browser).await;
        let height = next(&browser, "iframe_loaded").await["height"].as_u64().unwrap();
        browser.enter_frame("#page").await;
        let content = "return Math.ceil(document.body.getBoundingClientRect().height)";
        assert_eq!(browser.run(content).await, height);

        browser.type_into("#field-company", HOSTILE).await;
        browser.type_into("#field-api_key", "wrong").await;
        browser.clear("#field-page_size").await;
        browser.type_into("#field-page_size", "many").await;
        assert_eq!(save(&browser).await, json!({"success": false}));
        browser.enter_frame("#page").await;
        for (field, message) in [
            ("api_key", "Six letters and digits"),
            ("page_size", "Expected a number"),
            ("region", "Field required"),
        ] {
            assert_eq!(error_of(&browser, field).await, json!(["true", message, 0, true]));
        }
        assert_eq!(error_of(&browser, "company").await, json!([null, "", 0, true]));
        assert_eq!(browser.run("return document.activeElement.id").await, "field-api_key");
        let summary =
            browser.run("return document.querySelector('[role=alert]').textContent").await;
        assert_eq!(summary, "Not saved. Please check the form.");
        let higher = next(&browser, "iframe_loaded").await["height"].as_u64().unwrap();
        assert!(higher > height, "the errors take room: {height}, {higher}");

        browser.enter_frame("#page").await;
        browser.clear("#field-api_key").await;
        browser.type_into("#field-api_key", "sesame").await;
        browser.clear("#field-page_size").await;
        browser.type_into("#field-page_size", "50").await;
        browser.run("document.getElementById('field-region').value = 'us'").await;
        browser.click("label[for=field-active]").await;
        assert_eq!(save(&browser).await, json!({"success": true}));
        browser.enter_frame("#page").await;
        assert_eq!(error_of(&browser, "api_key").await, json!([null, "", 0, true]));
        assert_eq!(browser.run(STATE).await, json!(["set", "unset", "unset"]), "at once");

        browser.reload().await;
        next(&browser, "iframe_loaded").await;
        browser.enter_frame("#page").await;
        assert_eq!(browser.run(VALUES).await, json!([HOSTILE, "", "50", "us", true, "", ""]));
        assert_eq!(browser.run(STATE).await, json!(["set", "unset", "unset"]));
        let html = browser.run("return document.documentElement.outerHTML").await;
        assert!(!html.as_str().unwrap().contains("sesame"), "the secret came back");
        assert_eq!(browser.run("return document.title").await, "Connect Acme CRM");
        assert_eq!(browser.run("return document.scripts.length").await, 1);
    })
    .await;
}

#[tokio::test]
async fn files_are_uploaded_and_what_is_not_shown_can_be_removed() {
    in_browser(|browser: Arc<Browser>| async move {
        let _page = framed(&browser).await;
        browser.enter_frame("#page").await;
        browser.type_into("#field-api_key", "sesame").await;
        browser.type_into("#field-proxy_key", "proxy secret").await;
        browser.run("document.getElementById('field-region').value = 'eu'").await;
        let licence = root().join("rustfmt.toml");
        browser.type_into("#field-certificate", licence.to_str().unwrap()).await;
        assert_eq!(save(&browser).await, json!({"success": true}));

        browser.reload().await;
        browser.enter_frame("#page").await;
        assert_eq!(browser.run(STATE).await, json!(["set", "set", "set"]));
        let name = "return document.querySelector('[data-field=certificate] b').textContent";
        assert_eq!(browser.run(name).await, "rustfmt.toml");
        browser.click("label[for=field-proxy_key-remove]").await;
        assert_eq!(save(&browser).await, json!({"success": true}));
        browser.enter_frame("#page").await;
        assert_eq!(browser.run(STATE).await, json!(["set", "unset", "set"]), "at once");

        let too_long = root().join("LICENSE-MIT");
        browser.type_into("#field-certificate", too_long.to_str().unwrap()).await;
        assert_eq!(save(&browser).await, json!({"success": false}));
        browser.enter_frame("#page").await;
        let error = error_of(&browser, "certificate").await;
        let expected = "and may have 1000";
        assert!(error[1].as_str().unwrap().ends_with(expected), "{error}");
        browser.reload().await;
        browser.enter_frame("#page").await;
        assert_eq!(browser.run(STATE).await, json!(["set", "unset", "set"]), "nothing was stored");
    })
    .await;
}

#[tokio::test]
async fn nobody_else_shows_the_page_or_submits_it() {
    in_browser(|browser: Arc<Browser>| async move {
        let framed = framed(&browser).await;
        let (parent, page) = framed.address.split_once("/#").unwrap();
        browser.enter_frame("#page").await;
        let form = "return document.getElementById('settings') !== null";
        assert_eq!(browser.run(form).await, true, "the parent may show it");

        let stranger = start_parent().await;
        assert_ne!(stranger, parent);
        browser.open(&format!("{stranger}/#{page}")).await;
        browser.run("return loaded.then(() => true)").await;
        browser.enter_frame("#page").await;
        assert_eq!(browser.run(form).await, false, "the stranger may not");

        // A stranger's frame beside the page, in the parent that may show it.
        browser.open("about:blank").await;
        browser.open(&framed.address).await;
        let beside = "const frame = document.createElement('iframe'); frame.id = 'stranger';
            frame.src = 'URL'; document.body.append(frame);
            return new Promise((resolve) => { frame.onload = () => resolve(true); })";
        browser.run(&beside.replace("URL", &stranger)).await;
        for (asking, is_heard) in [("#stranger", false), ("parent", true)] {
            browser.enter_frame("#page").await;
            // The page's own listener runs before this one.
            let listen = "window.heard = new Promise((resolve) => addEventListener('message', () =>
                resolve(document.getElementById('settings').hasAttribute('aria-busy')),
                { once: true })); return true";
            browser.run(listen).await;
            if asking == "parent" {
                browser.leave_frame().await;
                browser.run("post()").await;
            } else {
                browser.enter_frame(asking).await;
                browser.run("parent.frames[0].postMessage({ post_form: {} }, '*')").await;
            }
            browser.enter_frame("#page").await;
            assert_eq!(browser.run("return heard").await, is_heard, "{asking}");
        }
    })
    .await;
}

#[tokio::test]
async fn it_works_without_a_mouse() {
    in_browser(|browser: Arc<Browser>| async move {
        let _page = framed(&browser).await;
        next(&browser, "iframe_loaded").await;
        browser.enter_frame("#page").await;
        let focus = "return document.activeElement.id || document.activeElement.type";
        browser.click("label[for=field-company]").await;
        assert_eq!(browser.run(focus).await, "field-company", "a label leads to its field");
        browser.type_keys("Acme").await;
        for expected in ["field-api_key", "field-page_size", "field-region", "field-active"] {
            browser.type_keys(TAB).await;
            assert_eq!(browser.run(focus).await, expected);
        }
        browser.type_keys(SPACE).await;
        for expected in ["field-proxy_key", "field-certificate", "submit"] {
            browser.type_keys(TAB).await;
            assert_eq!(browser.run(focus).await, expected, "nothing to remove: nothing to stop at");
        }
        browser.type_keys(ENTER).await;
        assert_eq!(next(&browser, "iframe_saved").await, json!({"success": false}));
        browser.enter_frame("#page").await;
        assert_eq!(browser.run(focus).await, "field-api_key", "the first mistake");

        browser.type_keys(&format!("sesame{TAB}{TAB}E{ENTER}")).await;
        browser.run("document.getElementById('field-company').focus()").await;
        browser.type_keys(ENTER).await;
        assert_eq!(next(&browser, "iframe_saved").await, json!({"success": true}));
        browser.enter_frame("#page").await;
        let status = "return document.querySelector('[role=status]').textContent";
        assert_eq!(browser.run(status).await, "Saved.");
        assert_eq!(browser.run(VALUES).await, json!(["Acme", "", "30", "eu", true, "", ""]));
    })
    .await;
}

/// Leaves pictures in target/settings-page, for people to look at.
#[tokio::test]
async fn it_fits_narrow_windows_and_dark_ones() {
    in_browser(|browser: Arc<Browser>| async move {
        let _page = framed(&browser).await;
        let pictures = root().join("target/settings-page");
        std::fs::create_dir_all(&pictures).unwrap();
        let mut backgrounds = Vec::new();
        for (name, width, scheme) in
            [("light", 700, "light"), ("dark", 700, "dark"), ("narrow", 320, "light")]
        {
            browser.leave_frame().await;
            browser.look(width, 1_150, scheme).await;
            browser.run("page.style.height = '1150px'").await;
            let picture = pictures.join(format!("{name}.png"));
            std::fs::write(picture, browser.screenshot().await).unwrap();
            browser.enter_frame("#page").await;
            let background = "return getComputedStyle(document.body).backgroundColor";
            backgrounds.push(browser.run(background).await);
            let overflow = "return document.documentElement.scrollWidth - window.innerWidth";
            assert_eq!(browser.run(overflow).await, 0, "{name}");
        }
        assert_ne!(backgrounds[0], backgrounds[1]);
        assert_eq!(save(&browser).await, json!({"success": false}));
        for scheme in ["light", "dark"] {
            browser.leave_frame().await;
            browser.look(700, 1_150, scheme).await;
            let picture = pictures.join(format!("errors-{scheme}.png"));
            std::fs::write(picture, browser.screenshot().await).unwrap();
        }
    })
    .await;
}
