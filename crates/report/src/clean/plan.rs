//! A plan as a file: what is done is YAML, why it is done stands in comments beside it.

use std::io::Write;

use afterpatch_model::{Action, Instruction, InstructionKind, LeftOut, Plan, PlanReason, What, WhyNot};
use serde::Serialize;
use serde_json::Value;

use super::run::argument;
use super::{commands, yaml};
use crate::texts::Texts;
use crate::words::{place, story};
use crate::{Options, ReportError, clock, hostile};

/// Columns of comments.
const WIDTH: usize = 100;
/// Findings told for one action; the plan names all of them.
const MOST_REASONS: usize = 6;

/// Writes a plan as YAML with comments in the language of `options`. `file` is the name under which the user will find it.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_plan(plan: &Plan, file: &str, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut page = Page { texts: &texts, text: String::new() };
    page.head(plan, file);
    let mut value = json(plan)?;
    let lists = value.as_object_mut().map(|fields| (fields.remove("actions"), fields.remove("instructions")));
    yaml::fields(&value, 0, &mut page.text);
    let (actions, instructions) = lists.unwrap_or_default();
    page.heading("plan-actions");
    page.list("actions", actions, |page, at| plan.actions.get(at).map(|action| page.action(plan, action)));
    page.left_out(&plan.left_out);
    page.heading("plan-instructions");
    page.list("instructions", instructions, |page, at| plan.instructions.get(at).map(|it| page.instruction(it)));
    Ok(out.write_all(page.text.as_bytes())?)
}

fn json(value: &impl Serialize) -> Result<Value, ReportError> {
    serde_json::to_value(value).map_err(ReportError::Json)
}

struct Page<'t> {
    texts: &'t Texts,
    text: String,
}

impl Page<'_> {
    fn head(&mut self, plan: &Plan, file: &str) {
        let texts = self.texts;
        let (made, report) = (clock::minute(plan.made), clock::minute(plan.report));
        self.comment(0, "", &texts.with("plan-of", &[("server", &plan.server), ("made", &made), ("report", &report)]));
        self.comment(0, "", "");
        self.comment(0, "", &texts.get("plan-nothing-changed"));
        let file = argument(file);
        for (command, key) in [
            (format!("{} {file}", commands::APPLY), "plan-command-look"),
            (format!("{} {file} --yes", commands::APPLY), "plan-command-apply"),
            (commands::STATUS.to_owned(), "plan-command-status"),
            (commands::UNDO.to_owned(), "plan-command-undo"),
        ] {
            self.comment(0, &format!("  {command}"), "");
            self.comment(0, "     ", &texts.get(key));
        }
        self.comment(0, "", "");
        self.comment(0, "", &texts.get("plan-how-to-edit"));
        let sure = texts.word("confidence", plan.confidence);
        self.comment(0, "", &texts.with("plan-confidence", &[("confidence", &sure)]));
        let (actions, instructions) = (texts.number(count(&plan.actions)), texts.number(count(&plan.instructions)));
        self.comment(0, "", &texts.with("plan-in-short", &[("actions", &actions), ("instructions", &instructions)]));
        self.text.push('\n');
    }

    fn heading(&mut self, key: &str) {
        self.text.push('\n');
        self.comment(0, "", &"-".repeat(WIDTH - 2));
        let (title, explained) = (self.texts.get(key), self.texts.get(&format!("{key}-explained")));
        self.comment(0, "", &title);
        self.comment(0, "", &explained);
    }

    fn list(&mut self, name: &str, items: Option<Value>, mut tell: impl FnMut(&mut Self, usize) -> Option<()>) {
        let items = items.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if items.is_empty() {
            self.text.push_str(&format!("{name}: []\n"));
            return;
        }
        self.text.push_str(&format!("{name}:\n"));
        for (at, item) in items.iter().enumerate() {
            self.text.push('\n');
            tell(self, at);
            yaml::item(item, 2, &mut self.text);
        }
    }

    fn action(&mut self, plan: &Plan, action: &Action) {
        let (texts, slug) = (self.texts, action.what.slug());
        // Taking a page of Exchange's own away is another thing than taking a stranger's.
        let is_missed = |path: &String| action.what.files().iter().any(|file| file.path == *path);
        let mut to_restore = plan.instructions.iter().filter(|it| it.what == InstructionKind::RestorePages);
        let missed = to_restore.any(|it| it.about.iter().any(is_missed));
        let consequence = if missed { "genuine_page" } else { slug };
        let name = name_of(&action.what);
        self.comment(2, &format!("{}:", action.id), &texts.with(&format!("plan-do-{slug}"), &[("name", &name)]));
        self.comment(2, "  ", &texts.get(&format!("plan-what-{slug}")));
        if !action.reasons.is_empty() {
            self.comment(2, "  ", &texts.get("plan-why"));
        }
        self.reasons(&action.reasons);
        for (label, key) in
            [("plan-risk", format!("plan-risk-{consequence}")), ("plan-notice", format!("plan-notice-{consequence}"))]
        {
            self.comment(2, "  ", &format!("{} {}", texts.get(label), texts.get(&key)));
        }
    }

    fn reasons(&mut self, reasons: &[PlanReason]) {
        let texts = self.texts;
        for reason in reasons.iter().take(MOST_REASONS) {
            let title = story::title(texts, &reason.kind, &reason.title);
            let sure = texts.word("confidence", reason.confidence);
            let mut told = texts.with("plan-reason", &[("title", &title), ("finding", &reason.finding), ("confidence", &sure)]);
            if let Some(time) = reason.time {
                told = format!("{told}, {} UTC", clock::full(time));
            }
            self.comment(2, "    ·", &told);
            if !reason.path.is_empty() {
                self.comment(2, "     ", &place::pointer(texts, &reason.path, reason.place));
            }
        }
        if reasons.len() > MOST_REASONS {
            let more = texts.number(count(reasons) - u64::try_from(MOST_REASONS).unwrap_or(0));
            self.comment(2, "    ·", &texts.with("plan-more-reasons", &[("more", &more)]));
        }
    }

    fn left_out(&mut self, left_out: &[LeftOut]) {
        if left_out.is_empty() {
            return;
        }
        self.heading("plan-left-out");
        let texts = self.texts;
        for left in left_out {
            let why = match &left.why {
                WhyNot::NotSure(sure) => texts.with("plan-not-sure", &[("confidence", &texts.word("confidence", sure))]),
                WhyNot::Acknowledged => texts.get("plan-not-acknowledged"),
                WhyNot::UserRule => texts.get("plan-not-user-rule"),
                WhyNot::NotThere => texts.get("plan-not-there"),
                WhyNot::Genuine => texts.get("plan-not-genuine"),
                WhyNot::Changed => texts.get("plan-not-changed"),
                WhyNot::Needed => texts.get("plan-not-needed"),
                WhyNot::Off => texts.get("plan-not-off"),
                WhyNot::Refused(why) => texts.with("plan-not-refused", &[("why", why)]),
            };
            self.comment(0, "  ·", &left.subject);
            self.comment(0, "   ", &why);
            self.reasons(&left.reasons);
        }
    }

    fn instruction(&mut self, instruction: &Instruction) {
        let text = self.texts.get(&format!("plan-instruction-{}", instruction.what.slug()));
        self.comment(2, &format!("{}:", instruction.id), &text);
    }

    /// A comment, wrapped, with a mark before its first line. Whatever is in it, it stays a comment.
    fn comment(&mut self, indent: usize, mark: &str, text: &str) {
        let (mark, text) = (hostile::terminal(mark), hostile::terminal(text));
        let hang = mark.chars().count() + usize::from(!mark.is_empty());
        let room = WIDTH.saturating_sub(indent + 2 + hang).max(30);
        let mut lines = vec![String::new()];
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            match lines.last_mut() {
                Some(line) if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room => {
                    lines.push(word.to_owned());
                }
                Some(line) => {
                    if !line.is_empty() {
                        line.push(' ');
                    }
                    line.push_str(word);
                }
                None => {}
            }
        }
        for (at, line) in lines.iter().enumerate() {
            let before = if at == 0 { mark.to_string() } else { " ".repeat(mark.chars().count()) };
            let gap = if mark.is_empty() { "" } else { " " };
            let whole = format!("{:indent$}# {before}{gap}{line}", "");
            self.text.push_str(whole.trim_end());
            self.text.push('\n');
        }
    }
}

/// What an action is about, in a word.
fn name_of(what: &What) -> String {
    match what {
        What::RemoveTask { task, .. } => task.clone(),
        What::SwitchOff { name, .. } => name.clone(),
        What::RemoveLeftovers { page, .. } => page.clone(),
        What::AddMitigation { mitigations, .. } => mitigations.join(", "),
        _ => what.files().first().map(|file| place::file_name(&file.path).to_owned()).unwrap_or_default(),
    }
}

fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}
