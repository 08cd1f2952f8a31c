//! The names of filters, tests and functions in a template. MiniJinja looks them up when an
//! evaluation comes to them; here they are looked up at the start.

use minijinja::{Environment, Error, ErrorKind};

use Token::{Open, Sign, Text, Word};

/// Checks every name in the template `name` of `environment`; `source` is its text.
pub(super) fn check(environment: &Environment<'_>, name: &str, source: &str) -> Result<(), Error> {
    let variables = environment.get_template(name)?.undeclared_variables(false);
    let is_known = |name: &str| environment.globals().any(|(known, _)| known == name);
    let tokens = tokens(source);
    for start in 0..tokens.len() {
        match &tokens[start..] {
            // A filter or test may also be an argument: `map('upper')`, `select('even')`.
            [Word("map"), Sign('('), Text(filter), ..]
            | [Sign('|'), Word(filter), ..]
            | [Open, Word("filter"), Word(filter), ..] => check_filter(environment, filter)?,
            [Word("select" | "reject"), Sign('('), Text(test), ..]
            | [Word("selectattr" | "rejectattr"), Sign('('), Text(_), Sign(','), Text(test), ..]
            | [Word("is"), Word("not"), Word(test), ..]
            | [Word("is"), Word(test), ..] => check_test(environment, test)?,
            [Word(function), Sign('('), ..]
                if variables.contains(*function) && !is_known(function) =>
            {
                let unknown = format!("{function} is unknown");
                return Err(Error::new(ErrorKind::UnknownFunction, unknown));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Without arguments a known filter fails too, but not for its name.
fn check_filter(environment: &Environment<'_>, name: &str) -> Result<(), Error> {
    match environment.empty_state().apply_filter(name, &[]) {
        Err(error) if error.kind() == ErrorKind::UnknownFilter => {
            Err(Error::new(ErrorKind::UnknownFilter, format!("filter {name} is unknown")))
        }
        _ => Ok(()),
    }
}

fn check_test(environment: &Environment<'_>, name: &str) -> Result<(), Error> {
    match environment.empty_state().perform_test(name, &[]) {
        Err(error) if error.kind() == ErrorKind::UnknownTest => {
            Err(Error::new(ErrorKind::UnknownTest, format!("test {name} is unknown")))
        }
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// The start of a block or of an expression.
    Open,
    Word(&'a str),
    Text(&'a str),
    Sign(char),
}

/// What stands in the blocks and expressions of `source`, which MiniJinja has already understood.
/// Words after a dot are attributes, and left out.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(start) =
        rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min()
    {
        rest = &rest[start..];
        if rest.starts_with("{#") {
            rest = rest.split_once("#}").map_or("", |(_, rest)| rest);
            continue;
        }
        let before = tokens.len();
        tokens.push(Open);
        rest = code(rest[2..].trim_start_matches(['-', '+']), &mut tokens);
        if tokens[before..] == [Open, Word("raw")] {
            rest = rest.find("endraw").map_or("", |end| &rest[end..]);
        }
    }
    tokens
}

/// The tokens until the end of the block; gives what comes after it.
fn code<'a>(source: &'a str, tokens: &mut Vec<Token<'a>>) -> &'a str {
    let mut rest = source;
    let mut braces = 0_usize;
    while let Some(character) = rest.chars().next() {
        if braces == 0 && (rest.starts_with("}}") || rest.starts_with("%}")) {
            return &rest[2..];
        }
        let length = match character {
            '"' | '\'' => {
                let length = quoted(rest, character);
                tokens.push(Text(rest[1..length].trim_end_matches(character)));
                length
            }
            character if is_word(character) => {
                let length = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
                if tokens.last() != Some(&Sign('.')) {
                    tokens.push(Word(&rest[..length]));
                }
                length
            }
            _ => {
                braces = match character {
                    '{' => braces + 1,
                    '}' => braces.saturating_sub(1),
                    _ => braces,
                };
                if !character.is_whitespace() {
                    tokens.push(Sign(character));
                }
                character.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    rest
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The length of the literal that `text` begins with, both quotes included.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
