//! A real browser: Chromium without a window, driven by `WebDriver` through its own chromedriver.
//!
//! Of `WebDriver` (<https://www.w3.org/TR/webdriver2/>) the tests need a dozen commands, each a
//! request with a JSON body, so there is no crate for it here: `thirtyfour` switches on
//! `preserve_order` of `serde_json` for the whole workspace, and the tests would no longer test what
//! is deployed; `fantoccini` brings some thirty crates, one of them under the MPL.

use std::env;
use std::fs::{create_dir, remove_dir_all};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use crate::wait::in_time;

/// What `WebDriver` calls the id of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a script may wait for what it waits for. Only a test that fails waits that long.
const PATIENCE_MS: u64 = 90_000;
/// How long a browser may take to end.
const QUIT: Duration = Duration::from_mins(1);

/// A browser with a profile of its own.
pub struct Browser {
    client: reqwest::Client,
    /// The session's address.
    session: String,
    driver: Child,
    /// Where both of them put what they need for a while, the profile included.
    directory: PathBuf,
    /// Kept open, so that chromedriver can go on writing.
    _output: Output,
}

/// Runs `test` in a browser of its own, and ends that whatever comes of the test.
///
/// # Panics
/// If the test does, or there is no browser.
pub async fn in_browser<F>(test: impl FnOnce(Arc<Browser>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let browser = Arc::new(Browser::start().await);
    let outcome = tokio::spawn(test(Arc::clone(&browser))).await;
    let browser = Arc::into_inner(browser).expect("the test has let go of the browser");
    browser.quit().await;
    if let Err(error) = outcome {
        resume_unwind(error.into_panic());
    }
}

/// The program that `variable` names, or `name`, on the PATH.
fn program(variable: &str, name: &str) -> PathBuf {
    let named = env::var(variable).ok().filter(|named| !named.is_empty());
    let name = named.unwrap_or_else(|| name.to_owned());
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|directory| directory.join(&name));
    found.into_iter().find(|program| program.is_file()).unwrap_or_else(|| {
        panic!(
            "{name} is not there: install chromium and chromedriver (Debian: apt-get install \
             chromium chromium-driver), or let {variable} name it"
        )
    })
}

type Output = Lines<BufReader<ChildStdout>>;

/// How often chromedriver is started. It chooses a free port of IPv4, and ends if the same one of
/// IPv6 is taken (`IPv6 port not available`).
const ATTEMPTS: usize = 5;

/// Chromedriver, what it prints, and its port.
async fn driver(program: &Path, directory: &Path) -> (Child, Output, String) {
    let mut said = Vec::new();
    for _ in 0..ATTEMPTS {
        let mut driver = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", directory)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let mut output = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = in_time(async {
            while let Some(line) = output.next_line().await.expect("its output") {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    return Some(port.trim_end_matches('.').to_owned());
                }
                said.push(line);
            }
            None
        });
        if let Some(port) = port.await {
            return (driver, output, port);
        }
    }
    panic!("chromedriver has ended {ATTEMPTS} times: {}", said.join("\n"))
}

impl Browser {
    async fn start() -> Self {
        let (chromium, chromedriver) =
            (program("CHROMIUM", "chromium"), program("CHROMEDRIVER", "chromedriver"));
        let directory = env::temp_dir().join(format!("patchcord-{:016x}", fastrand::u64(..)));
        create_dir(&directory).expect("a directory for the browser");
        let (driver, output, port) = driver(&chromedriver, &directory).await;
        // Chromium's sandbox refuses to work for root, as whom containers run their tests.
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
        ];
        let options = json!({"binary": chromium, "args": arguments});
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "timeouts": {"script": PATIENCE_MS, "pageLoad": PATIENCE_MS},
        });
        let client = patchcord::ground::http::client().expect("an HTTP client");
        let mut browser = Self {
            client,
            session: format!("http://127.0.0.1:{port}/session"),
            driver,
            directory,
            _output: output,
        };
        let session =
            browser.post("", json!({"capabilities": {"alwaysMatch": capabilities}})).await;
        let id = session["sessionId"].as_str().expect("a session");
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    async fn quit(mut self) {
        let ended = timeout(QUIT, self.client.delete(&self.session).send()).await;
        self.driver.kill().await.expect("chromedriver ends");
        ended.expect("the browser ends in time").expect("the browser ends");
        // Processes on their way out may still write there.
        for _ in 0..50 {
            if remove_dir_all(&self.directory).is_ok() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn post(&self, command: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}{command}", self.session)).json(&body);
        answer(request, command).await
    }

    /// Opens a page, and waits until it is loaded.
    pub async fn open(&self, url: &str) {
        self.post("/url", json!({"url": url})).await;
    }

    /// Loads the page anew.
    pub async fn reload(&self) {
        self.post("/refresh", json!({})).await;
    }

    /// Goes on in the page itself, outside of its frames.
    pub async fn leave_frame(&self) {
        self.post("/frame", json!({"id": null})).await;
    }

    /// Goes on in the frame that `selector` finds in the page.
    pub async fn enter_frame(&self, selector: &str) {
        self.leave_frame().await;
        let frame = self.find(selector).await;
        self.post("/frame", json!({"id": {ELEMENT: frame}})).await;
    }

    /// What `script`, the body of a function, returns; if that is a promise, what comes of it.
    pub async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// Clicks what `selector` finds, as a mouse does.
    pub async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Empties the field that `selector` finds.
    pub async fn clear(&self, selector: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/clear"), json!({})).await;
    }

    /// Types into the field that `selector` finds; into a file field, a file's path.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/value"), json!({"text": text})).await;
    }

    /// Types wherever the focus is. Keys such as Tab are those of
    /// <https://www.w3.org/TR/webdriver2/#keyboard-actions>.
    pub async fn type_keys(&self, text: &str) {
        let key = |key: char| {
            [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
        };
        let keys: Vec<_> = text.chars().flat_map(key).collect();
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": keys});
        self.post("/actions", json!({"actions": [keyboard]})).await;
    }

    /// What the page looks like, as a PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        let request = self.client.get(format!("{}/screenshot", self.session));
        let image = answer(request, "screenshot").await;
        STANDARD.decode(image.as_str().expect("a text")).expect("Base64")
    }

    /// Makes the window this wide and high, and lets the user prefer `scheme`: `light` or `dark`.
    pub async fn look(&self, width: u32, height: u32, scheme: &str) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.devtools("Emulation.setEmulatedMedia", json!({"features": [feature]})).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await;
    }

    async fn find(&self, selector: &str) -> String {
        let by = json!({"using": "css selector", "value": selector});
        let element = self.post("/element", by).await;
        element[ELEMENT].as_str().expect("an element").to_owned()
    }
}

async fn answer(request: reqwest::RequestBuilder, command: &str) -> Value {
    let (status, mut body) = in_time(async {
        let response = request.send().await.expect("chromedriver answers");
        (response.status(), response.json::<Value>().await.expect("JSON"))
    })
    .await;
    assert!(status.is_success(), "{command}: {}", body["value"]["message"]);
    body["value"].take()
}
