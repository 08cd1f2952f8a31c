//! Doing what the contacts of a page need.

use std::collections::{BTreeMap, HashSet};

use super::plan::{Candidate, Task, task};
use crate::contacts::consumer::ExternalContact;
use crate::contacts::import::importer::Importer;
use crate::contacts::import::job::{Counts, Example, Failure, Kind, MAX_EXAMPLES};
use crate::contacts::import::request::Mode;
use crate::contacts::import::run::Run;
use crate::contacts::import::stop::Stop;
use crate::contacts::mapping::{Extent, Mapped};
use crate::contacts::pairs::Known;
use crate::contacts::{ExternalId, MAX_FIELDS, Side};
use crate::ground::clock::Timestamp;

/// What became of contacts.
#[derive(Default)]
pub(in crate::contacts::import) struct PageResult {
    pub counts: Counts,
    pub failures: Vec<Failure>,
    pub examples: Vec<Example>,
}

/// What became of contacts, and which are left.
#[derive(Default)]
pub(in crate::contacts::import) struct Handled {
    pub result: PageResult,
    /// Somebody else has these now, or there was no getting through.
    pub left: Vec<ExternalContact>,
    /// Why nothing more can be done for now.
    pub stop: Option<Stop>,
}

impl PageResult {
    pub(in crate::contacts::import) fn add(&mut self, other: Self) {
        self.counts += other.counts;
        self.failures.extend(other.failures);
        self.examples.extend(other.examples);
    }

    pub(in crate::contacts::import) fn fail(&mut self, failure: Failure) {
        match failure.kind {
            Kind::Doubtful => self.counts.doubtful += 1,
            Kind::Missing | Kind::Changed => {}
            _ => self.counts.failed += 1,
        }
        self.failures.push(failure);
    }
}

impl Importer {
    /// Does what these contacts need, which were read at `read_at`.
    pub(in crate::contacts::import) async fn handle(
        &self,
        run: &Run<'_>,
        contacts: Vec<ExternalContact>,
        read_at: Timestamp,
    ) -> Handled {
        let mut handled = Handled::default();
        let candidates = self.candidates(run, contacts, &mut handled.result);
        let ids: Vec<_> = candidates.iter().map(|it| it.contact.id.clone()).collect();
        let known = match self.known(&run.integration.id, &ids).await {
            Ok(known) => known,
            Err(error) => {
                handled.stop = Some(Stop::from(error));
                handled.left = candidates.into_iter().map(|it| it.contact).collect();
                return handled;
            }
        };
        let (mode, now) = (run.job.request.mode, self.now());
        let (mut create, mut update, mut tell) = (Vec::new(), Vec::new(), Vec::new());
        let mut doubtful = Vec::new();
        for (candidate, known) in candidates.into_iter().zip(known) {
            let known = match known {
                Ok(known) => known,
                Err(error) => {
                    let id = &candidate.contact.id;
                    handled.result.fail(Failure::of(id, Kind::Rejected, error.to_string()));
                    continue;
                }
            };
            let task = task(&candidate, &known, mode, self.parts.settle, [read_at, now]);
            if !run.job.request.writes() {
                note(&mut handled.result, mode, task, &known, &candidate);
                continue;
            }
            match task {
                Task::Nothing => handled.result.counts.unchanged += 1,
                Task::Create => create.push(candidate),
                Task::Update => update.push(candidate),
                Task::Tell => tell.push(candidate.contact),
                Task::Doubt => doubtful.push(candidate),
            }
        }
        create.extend(self.doubt(run, doubtful, &mut tell, &mut handled).await);
        self.create(run, create, &mut tell, &mut handled).await;
        self.update(run, update, read_at, &mut tell, &mut handled).await;
        self.tell_sync(run, tell, &mut handled).await;
        handled
    }

    /// The contacts as they are on Botmatic, each once.
    fn candidates(
        &self,
        run: &Run<'_>,
        contacts: Vec<ExternalContact>,
        result: &mut PageResult,
    ) -> Vec<Candidate> {
        let mut seen = HashSet::new();
        let mut candidates = Vec::with_capacity(contacts.len());
        let mut left_out = BTreeMap::<_, u64>::new();
        for contact in contacts {
            if !seen.insert(contact.id.clone()) {
                result.counts.unchanged += 1;
                continue;
            }
            if contact.fields.len() > MAX_FIELDS {
                let reason = format!("expected a contact of at most {MAX_FIELDS} fields");
                result.fail(Failure::of(&contact.id, Kind::Rejected, reason));
                continue;
            }
            let mapped = self.parts.mappings.map(Side::Botmatic, &contact.fields, Extent::Whole);
            for problem in &mapped.problems {
                *left_out.entry(problem.to_string()).or_default() += 1;
            }
            match missing(&mapped) {
                None => candidates.push(Candidate { contact, mapped }),
                Some(reason) => result.fail(Failure::of(&contact.id, Kind::Rejected, reason)),
            }
        }
        if !left_out.is_empty() {
            // They are as many as the contacts where something is wrong with the mapping.
            let counted =
                left_out.iter().map(|(problem, count)| format!("{count} times {problem}"));
            let problems = counted.collect::<Vec<_>>().join("; ");
            tracing::warn!(import = %run.job.id, problems, "fields are left out");
        }
        candidates
    }
}

fn missing(mapped: &Mapped) -> Option<String> {
    let missing: Vec<_> = mapped.missing_required().collect();
    (!missing.is_empty()).then(|| format!("required, and not there: {}", missing.join(", ")))
}

pub(super) fn in_doubt(id: &ExternalId) -> Failure {
    let reason = "it is not known whether Botmatic has created it";
    Failure::of(id, Kind::Doubtful, reason)
}

/// Counts what would be done, and is not.
fn note(result: &mut PageResult, mode: Mode, task: Task, known: &Known, candidate: &Candidate) {
    let id = &candidate.contact.id;
    let (kind, reason) = match (task, known) {
        (Task::Nothing, _) => {
            result.counts.unchanged += 1;
            return;
        }
        (Task::Doubt, _) => {
            result.fail(in_doubt(&candidate.contact.id));
            return;
        }
        (Task::Update, _) | (_, Known::Paired(_)) => {
            result.counts.updated += 1;
            (Kind::Changed, "it has values of which Botmatic was not told")
        }
        (Task::Create | Task::Tell, _) => {
            result.counts.created += 1;
            (Kind::Missing, "it has no pair")
        }
    };
    if mode == Mode::Verify {
        result.fail(Failure::of(id, kind, reason));
    }
    if result.examples.len() < MAX_EXAMPLES {
        let fields = candidate.mapped.entries.iter().map(|entry| entry.target_path.to_string());
        result.examples.push(Example { id: id.clone(), kind, fields: fields.collect() });
    }
}
