//! What the functions find in their environment, and where the project is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::RunError;
use super::options::{BOTMATIC_PORT, CRM_PORT, DYNAMODB_PORT};
use crate::tables::{DEFAULT_REGION, DUMMY_CREDENTIAL, Table};

/// What `cargo run` tells a program about itself. Inherited by the cargo below cargo lambda, it
/// would make build scripts that look at it run again, and half of the crates with them.
const OF_CARGO_RUN: [&str; 6] = [
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// What of cargo lambda is heard. That it has killed or missed a function is none of it: it kills
/// those that it starts anew, and of one that ended by itself `patchcord attend` tells.
const LOG: &str = "cargo_lambda=warn,cargo_lambda_watch::watcher[{code}]=off";

/// What functions are made of, as a gitignore file that ignores everything else.
const WATCHED: &str = "\
*
!*.rs
!Cargo.toml
!Cargo.lock
!/.cargo/**
!/functions/**
!/shared/**
/local/**
/tests/**
/shared/tests/**
";

/// Seals what is stored on this machine, where it is no secret.
const ENCRYPTION_KEY: &str = "a key for this machine, and no other one";
/// What the stand-in for a CRM sends.
const CRM_KEY: &str = "local-crm-key";
/// The variable for another one.
const PUSH_KEY_VARIABLE: &str = "PATCHCORD_PUSH_KEY";
/// Who may start imports here.
const ADMIN_KEY: &str = "local-admin-key";
/// The variable for another one.
const ADMIN_KEY_VARIABLE: &str = "PATCHCORD_ADMIN_KEY";

/// The key for imports, as it is written in a line for a shell: one of somebody's own is not shown.
pub(super) fn admin_key() -> String {
    let is_set = env::var_os(ADMIN_KEY_VARIABLE).is_some_and(|key| !key.is_empty());
    if is_set { format!("${ADMIN_KEY_VARIABLE}") } else { ADMIN_KEY.to_owned() }
}

/// What the functions expect of a CRM.
pub(super) fn push_key() -> String {
    let set = env::var(PUSH_KEY_VARIABLE).ok().filter(|key| !key.is_empty());
    set.unwrap_or_else(|| CRM_KEY.to_owned())
}

/// What the functions of `make run` find in the environment variable `name` where nobody has set
/// it, for programs beside them.
pub(crate) fn local_value(name: &str) -> Option<String> {
    let at = |variable: &str, port: u16| {
        let set = env::var(variable).ok().filter(|port| !port.is_empty());
        format!("http://127.0.0.1:{}", set.unwrap_or_else(|| port.to_string()))
    };
    Some(match name {
        "DYNAMODB_ENDPOINT" => at("PATCHCORD_DYNAMODB_PORT", DYNAMODB_PORT),
        "BOTMATIC_BASE_URL" => at("PATCHCORD_BOTMATIC_PORT", BOTMATIC_PORT),
        "CRM_BASE_URL" => at("PATCHCORD_CRM_PORT", CRM_PORT),
        name => OF_THIS_MACHINE.iter().find(|(of, _)| *of == name)?.1.to_owned(),
    })
}

/// Keys that `patchcord.yaml` refers to.
const OF_THIS_MACHINE: [(&str, &str); 3] = [
    (ADMIN_KEY_VARIABLE, ADMIN_KEY),
    ("PATCHCORD_ENCRYPTION_KEY", ENCRYPTION_KEY),
    (PUSH_KEY_VARIABLE, CRM_KEY),
];

/// Variables to set and to unset.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub(super) set: Vec<(String, String)>,
    pub(super) unset: Vec<String>,
}

impl Environment {
    /// Local values for what is not set already.
    pub(super) fn new(root: &Path, endpoint: &str, tables: &[Table]) -> Self {
        let mut environment = Self::default();
        environment.set("DYNAMODB_ENDPOINT", endpoint);
        environment.set("PATCHCORD_LOCAL", "1");
        for table in tables {
            environment.set(table.variable, &table.name);
        }
        environment.set_unless_set("AWS_REGION", DEFAULT_REGION);
        environment.set_unless_set("AWS_ACCESS_KEY_ID", DUMMY_CREDENTIAL);
        environment.set_unless_set("AWS_SECRET_ACCESS_KEY", DUMMY_CREDENTIAL);
        environment.set_unless_set("AWS_LAMBDA_LOG_LEVEL", "INFO");
        environment.set_unless_set("RUST_LOG", LOG);
        // Each function is a cargo of its own, and each says so when it waits for the others.
        environment.set_unless_set("CARGO_TERM_QUIET", "true");
        // With RUST_BACKTRACE a panic shows where it was; a mistake in the configuration was not in
        // the code, and its lines must not be buried.
        environment.set_unless_set("RUST_LIB_BACKTRACE", "0");
        for (name, value) in OF_THIS_MACHINE {
            environment.set_unless_set(name, value);
        }
        environment.set("PATCHCORD_CONFIG", &config(root).to_string_lossy());
        let of_cargo = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        environment.unset = of_cargo
            .filter(|name| name.starts_with("CARGO_PKG_") || OF_CARGO_RUN.contains(&name.as_str()))
            .collect();
        environment
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.set.push((name.to_owned(), value.to_owned()));
    }

    fn set_unless_set(&mut self, name: &str, value: &str) {
        if env::var_os(name).is_none_or(|value| value.is_empty()) {
            self.set(name, value);
        }
    }

    /// Has cargo lambda start the functions anew for what they are made of, and for nothing else.
    pub(super) fn watch(
        &mut self,
        root: &Path,
        port: u16,
        data: Option<&Path>,
    ) -> Result<(), RunError> {
        let inside = |path: &Path| path.strip_prefix(root).map(Path::to_owned).ok();
        let data = data.map(fs::canonicalize).transpose();
        let data = data.map_err(RunError::io("find the data directory"))?;
        let config = fs::canonicalize(config(root)).unwrap_or_else(|_| config(root));
        let data = data.as_deref().and_then(inside);
        let rules = watched(inside(&config).as_deref(), data.as_deref());
        let file = watched_file(root, port);
        let write = || {
            fs::create_dir_all(root.join("target"))?;
            fs::write(&file, rules)
        };
        write().map_err(RunError::io("write into target"))?;
        self.set_unless_set("CARGO_LAMBDA_IGNORE_FILE", &file.to_string_lossy());
        Ok(())
    }
}

/// Where the rules are, which cargo lambda reads again and again. A stack on another port has others.
pub(super) fn watched_file(root: &Path, port: u16) -> PathBuf {
    root.join("target").join(format!("patchcord-watch-{port}"))
}

/// What cargo lambda watches, as a gitignore file of what it does not.
fn watched(config: Option<&Path>, data: Option<&Path>) -> String {
    let mut rules = WATCHED.to_owned();
    rules.extend(config.map(|config| format!("!/{}\n", config.display())));
    rules.extend(data.map(|data| format!("/{}/**\n", data.display())));
    rules
}

/// The configuration of the functions.
pub(super) fn config(root: &Path) -> PathBuf {
    let named = env::var_os("PATCHCORD_CONFIG").filter(|name| !name.is_empty());
    named.map_or_else(|| root.join("patchcord.yaml"), |name| root.join(name))
}

/// The directory with `Cargo.lock`, here or above.
pub(super) fn workspace_root() -> Result<PathBuf, RunError> {
    let start = env::current_dir()
        .and_then(fs::canonicalize)
        .map_err(RunError::io("find the current directory"))?;
    let root = start.ancestors().find(|directory| directory.join("Cargo.lock").is_file());
    root.map(Path::to_owned).ok_or(RunError::NoWorkspace { start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_watched_and_data_is_not() {
        let rules = watched(Some(Path::new("my/bot.yaml")), Some(Path::new("shared/data")));
        // The last rule that fits counts.
        assert!(rules.starts_with("*\n!*.rs\n"), "{rules}");
        assert!(rules.ends_with("\n!/my/bot.yaml\n/shared/data/**\n"), "{rules}");
        assert_eq!(watched(None, None), WATCHED);
    }
}
