//! All of the benchmark, one function after the other.

use super::{
    BenchError, BenchOptions,
    binary::Binary,
    botmatic,
    machine::Machine,
    markdown::Markdown,
    report::{Function, Report},
    webhook,
};

/// Measures, prints the tables, and writes them as JSON.
pub async fn bench(options: BenchOptions) -> Result<(), BenchError> {
    let webhook = Binary::find("webhook", options.webhook())?;
    let botmatic = Binary::find("botmatic", options.botmatic())?;
    let machine = Machine::look()?;

    let webhook = webhook::measure(&options, webhook).await?;
    let botmatic = botmatic::measure(&options, botmatic).await?;
    let functions = vec![
        Function { name: "webhook", figures: webhook },
        Function { name: "botmatic", figures: botmatic },
    ];

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
