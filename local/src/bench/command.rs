//! All of the benchmark, one function after the other.

use super::{
    BenchError, BenchOptions,
    binary::Binary,
    botmatic, import,
    machine::Machine,
    markdown::Markdown,
    report::{Function, Report},
    webhook,
};

/// Measures, prints the tables, and writes them as JSON.
pub async fn bench(options: BenchOptions) -> Result<(), BenchError> {
    let machine = Machine::look()?;

    let is_wanted = |name: &str| options.only.as_deref().is_none_or(|only| only == name);
    let mut functions = Vec::new();
    if is_wanted("webhook") {
        let webhook = Binary::find("webhook", options.webhook())?;
        let figures = webhook::measure(&options, webhook).await?;
        functions.push(Function { name: "webhook", figures });
    }
    if is_wanted("botmatic") {
        let botmatic = Binary::find("botmatic", options.botmatic())?;
        let figures = botmatic::measure(&options, botmatic).await?;
        functions.push(Function { name: "botmatic", figures });
    }
    if is_wanted("contact-import") {
        let botmatic = Binary::find("botmatic", options.botmatic())?;
        let import = Binary::find("contact-import", options.import())?;
        let figures = import::measure(&options, botmatic, import).await?;
        functions.push(Function { name: "contact-import", figures });
    }

    let report = Report { machine, functions };
    if options.markdown {
        print!("{}", Markdown(&report));
    } else {
        print!("{report}");
    }
    report.write(&options.json)?;
    eprintln!("\nAs JSON: {}", options.json.display());
    report.check()
}
