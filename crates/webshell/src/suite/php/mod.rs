//! Programs of PHP. A technique is a row of a table: a template, and what its literals are made of.
//!
//! In a template `§v` is the value that is carried, `§f` the expression that gives the callee's name, `§1`… are literals (which
//! another technique may spell), `§x` `§y` `§z` are written as they are, `§a`…`§e` are fresh variables, `§g` `§h` fresh functions,
//! `§A` `§B` fresh classes. What stands before ` ¦ ` are statements, what stands behind is the expression that the technique
//! gives. Texts are Latin-1: one character is one byte.

mod calls;
mod codes;
mod encode;
mod flows;
mod loops;
mod noise;
mod objects;
mod sources;
#[cfg(test)]
mod texts;

mod tests;

use super::dice::Dice;

/// What a technique makes of a text: literals, and pieces that are written as they are.
#[derive(Default)]
struct Made {
    literals: Vec<String>,
    raw: Vec<String>,
}

/// A way to write a text so that nobody can read it.
struct Text {
    name: &'static str,
    /// For every text, also a whole program; else for short words of small letters.
    long: bool,
    make: fn(&mut Dice, &str) -> Made,
    template: &'static str,
}

impl Text {
    fn fits(&self, text: &str) -> bool {
        self.long || (1..=64).contains(&text.len()) && text.chars().all(|one| matches!(one, 'a'..='z' | '_'))
    }
}

/// A way of a value, of a call, or of a program's text that is run.
struct Row(&'static str, &'static str);

/// A program that is carried by a file, and what makes the file of it.
struct Carrier {
    name: &'static str,
    make: fn(&mut Dice, &str) -> String,
}

#[derive(Clone, Copy)]
enum Technique {
    Text(&'static Text),
    Source(&'static Row),
    Flow(&'static Row),
    Call(&'static Row),
    Code(&'static codes::Code),
    Carrier(&'static Carrier),
    Noise(&'static noise::Noise),
}

impl Technique {
    fn name(&self) -> String {
        match self {
            Self::Text(text) => format!("text: {}", text.name),
            Self::Source(row) => format!("source: {}", row.0),
            Self::Flow(row) => format!("flow: {}", row.0),
            Self::Call(row) => format!("call: {}", row.0),
            Self::Code(code) => format!("code: {}", code.name),
            Self::Carrier(carrier) => format!("carrier: {}", carrier.name),
            Self::Noise(noise) => format!("noise: {}", noise.name),
        }
    }
}

/// All techniques.
fn techniques() -> Vec<Technique> {
    let texts = texts::TEXTS.iter().chain(encode::TEXTS).chain(loops::TEXTS).chain(objects::TEXTS);
    texts
        .map(Technique::Text)
        .chain(sources::SOURCES.iter().map(Technique::Source))
        .chain(flows::FLOWS.iter().map(Technique::Flow))
        .chain(calls::CALLS.iter().map(Technique::Call))
        .chain(codes::CODES.iter().map(Technique::Code))
        .chain(codes::CARRIERS.iter().map(Technique::Carrier))
        .chain(noise::NOISES.iter().map(Technique::Noise))
        .collect()
}

/// Where techniques of texts are put to work.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Sink,
    Source,
    Key,
    Code,
}

/// One program.
struct Variant {
    techniques: Vec<String>,
    file: Vec<u8>,
}

impl Variant {
    /// Whether it walks over all that was sent, so that nobody can tell the name before it is compared.
    fn takes_all(&self) -> bool {
        self.techniques.iter().any(|name| name.starts_with("source: each of the array"))
    }
}

/// Makes a program of a technique and some others. If it is the `twin`, the value is a constant and nothing comes from outside.
fn variant(lead: Technique, others: &[Technique], seed: u64, twin: bool) -> Variant {
    let chosen: Vec<Technique> = std::iter::once(lead).chain(others.iter().copied()).collect();
    let mut maker = Maker { dice: Dice::new(seed), prelude: String::new(), texts: Vec::new(), names: 0 };
    let mut used = Vec::new();
    let mut use_it = |technique: &Technique| used.push(technique.name());
    let mut texts = Vec::new();
    let (mut source, mut call, mut carrier, mut noise) = (None, None, None, None);
    let (mut flows, mut codes) = (Vec::new(), Vec::new());
    for technique in &chosen {
        match technique {
            Technique::Text(text) if texts.len() < 3 => texts.push(*text),
            Technique::Source(row) if source.is_none() && !twin => source = Some(*row),
            Technique::Flow(row) => flows.push(*row),
            Technique::Call(row) if call.is_none() => call = Some(*row),
            Technique::Code(code) => codes.push(*code),
            Technique::Carrier(row) if carrier.is_none() => carrier = Some(*row),
            Technique::Noise(row) if noise.is_none() => noise = Some(*row),
            _ => continue,
        }
        use_it(technique);
    }
    let is_long = texts.iter().all(|text| text.long);
    let target = match maker.dice.below(8) {
        0 | 1 if source.is_none() => Target::Source,
        2 => Target::Key,
        3 | 4 if is_long => Target::Code,
        _ => Target::Sink,
    };
    let target = if call.is_some() && target == Target::Source { Target::Sink } else { target };

    let key = maker.spelled("k", &texts, target == Target::Key);
    let mut value = if twin {
        "'constant'".to_owned()
    } else if let Some(Row(_, template)) = source {
        maker.expand(&template.replace("§k", &key), &Made::default(), 9, &[])
    } else if target == Target::Source {
        let name = maker.spelled("demo_input", &texts, true);
        maker.called(&name, &key)
    } else {
        format!("demo_input({key})")
    };
    for Row(_, template) in flows {
        value = maker.expand(template, &Made::default(), 9, &[("§v", &value)]);
    }
    let statement = match (call, target) {
        (Some(Row(_, template)), _) => {
            let name = maker.spelled("demo_sink", &texts, target == Target::Sink);
            maker.expand(template, &Made::default(), 9, &[("§v", &value), ("§f", &name)])
        }
        (None, Target::Sink) => {
            let name = maker.spelled("demo_sink", &texts, true);
            maker.called(&name, &value) + ";"
        }
        _ => format!("demo_sink({value});"),
    };
    let mut program = std::mem::take(&mut maker.prelude) + &statement;
    if target == Target::Code && codes.is_empty() {
        codes.push(&codes::CODES[0]);
    }
    for (index, code) in codes.into_iter().enumerate() {
        let made = (code.make)(&mut maker.dice, &program);
        maker.texts = if target == Target::Code && index == 0 { texts.clone() } else { Vec::new() };
        let runs = maker.expand(code.template, &made, 0, &[]);
        program = std::mem::take(&mut maker.prelude) + &runs;
    }
    if let Some(noise) = noise {
        program = (noise.make)(&mut maker.dice, &program);
    }
    let file = match carrier {
        Some(carrier) => (carrier.make)(&mut maker.dice, &program),
        None => format!("<?php\n{program}\n"),
    };
    Variant { techniques: used, file: bytes(&file) }
}

struct Maker {
    dice: Dice,
    /// Statements that come before what is being made.
    prelude: String,
    /// The techniques that spell literals, from the outside in.
    texts: Vec<&'static Text>,
    names: usize,
}

impl Maker {
    /// A text as an expression, spelled by the techniques if asked for.
    fn spelled(&mut self, text: &str, by: &[&'static Text], hidden: bool) -> String {
        self.texts = if hidden { by.to_vec() } else { Vec::new() };
        self.spell(text, 0)
    }

    fn spell(&mut self, text: &str, level: usize) -> String {
        let Some(technique) = self.texts.get(level).copied() else { return quoted(&mut self.dice, text) };
        if !technique.fits(text) {
            return self.spell(text, level + 1);
        }
        let made = (technique.make)(&mut self.dice, text);
        self.expand(technique.template, &made, level + 1, &[])
    }

    /// A call of a function whose name an expression gives.
    fn called(&mut self, name: &str, value: &str) -> String {
        if self.dice.below(3) == 0 {
            return format!("({name})({value})");
        }
        let variable = self.fresh();
        self.prelude += &format!("${variable} = {name};\n");
        format!("${variable}({value})")
    }

    /// Fills a template. Its statements go to the prelude, its expression is what comes out.
    fn expand(&mut self, template: &str, made: &Made, level: usize, given: &[(&str, &str)]) -> String {
        let mut template = template.to_owned();
        for (mark, raw) in ["§x", "§y", "§z"].iter().zip(&made.raw) {
            template = template.replace(mark, raw);
        }
        let mut fresh: Vec<(char, String)> = Vec::new();
        let mut literals: Vec<Option<String>> = vec![None; made.literals.len()];
        let mut fill = |maker: &mut Self, part: &str| {
            let mut out = String::new();
            let mut rest = part;
            while let Some((before, after)) = rest.split_once('§') {
                out += before;
                let mark = after.chars().next().unwrap_or(' ');
                rest = &after[mark.len_utf8()..];
                if let Some((_, text)) = given.iter().find(|(name, _)| name.ends_with(mark)) {
                    out += text;
                    continue;
                }
                match mark {
                    '1'..='9' => {
                        let index = mark as usize - '1' as usize;
                        if literals[index].is_none() {
                            // Many literals would grow beyond measure if all were spelled.
                            let deep = if index < 3 { level } else { usize::MAX };
                            literals[index] = Some(maker.spell(&made.literals[index], deep));
                        }
                        out += literals[index].as_deref().unwrap_or_default();
                    }
                    'a'..='h' | 'A'..='F' => {
                        let known = fresh.iter().find(|(one, _)| *one == mark).map(|(_, name)| name.clone());
                        let name = known.unwrap_or_else(|| {
                            let name = maker.fresh();
                            fresh.push((mark, name.clone()));
                            name
                        });
                        if matches!(mark, 'a'..='e') {
                            out.push('$');
                        }
                        out += &name;
                    }
                    // A byte of a text.
                    _ => out += &format!("§{mark}"),
                }
            }
            out + rest
        };
        match template.split_once(" ¦ ") {
            Some((statements, expression)) => {
                let statements = fill(self, statements);
                let expression = fill(self, expression);
                self.prelude += &statements;
                self.prelude.push('\n');
                expression
            }
            None => fill(self, &template),
        }
    }

    fn fresh(&mut self) -> String {
        self.names += 1;
        let style = self.dice.below(4);
        let number = self.names;
        match style {
            0 => format!("_{}", "O0".repeat(number % 3 + 1) + &number.to_string()),
            1 => format!("v{number}"),
            2 => format!("{}{number}", ["data", "tmp", "x", "Il1"][number % 4]),
            _ => format!("{}{number}", ["o", "aa", "zq", "_"][number % 4].repeat(3)),
        }
    }
}

/// A text in quotes of some kind.
fn quoted(dice: &mut Dice, text: &str) -> String {
    let plain = text.chars().all(|one| matches!(one, ' '..='~' | '\n'));
    if plain && dice.below(3) > 0 {
        return format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    }
    let mut out = String::from("\"");
    for one in text.chars() {
        match one {
            '"' | '\\' | '$' => out += &format!("\\{one}"),
            ' '..='~' | '\n' => out.push(one),
            _ => out += &format!("\\x{:02x}", one as u32),
        }
    }
    out + "\""
}

/// The bytes of a Latin-1 text.
fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|one| one as u32 as u8).collect()
}

/// The Latin-1 text of bytes.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn literals<const N: usize>(literals: [String; N]) -> Made {
    Made { literals: literals.into(), raw: Vec::new() }
}

fn raw<const N: usize>(raw: [String; N]) -> Made {
    Made { literals: Vec::new(), raw: raw.into() }
}
