//! Trees as S-expressions, for tests.

use std::fmt::Write;

use crate::ir::{Block, Class, Expr, Function, Item, Kind, Literal, Program, Stmt};

pub(super) fn program(program: &Program) -> String {
    block(&program.body)
}

fn block(block: &Block) -> String {
    join(block.iter().map(statement))
}

fn braced(inner: &Block) -> String {
    format!("{{{}}}", block(inner))
}

fn statement(statement: &Stmt) -> String {
    match statement {
        Stmt::Expr(value) => expr(value),
        Stmt::Let(name, _, value, _) => format!("(let {name} {})", optional(value.as_ref())),
        Stmt::If(condition, yes, no) if no.is_empty() => format!("(if {} {})", expr(condition), braced(yes)),
        Stmt::If(condition, yes, no) => format!("(if {} {} {})", expr(condition), braced(yes), braced(no)),
        Stmt::Loop(it) => format!(
            "({} [{}] {} [{}] {})",
            if it.body_first { "do" } else { "loop" },
            join(it.init.iter().map(expr)),
            optional(it.condition.as_ref()),
            join(it.step.iter().map(expr)),
            braced(&it.body)
        ),
        Stmt::Each(each) => format!(
            "(each {} {} {}{} {})",
            expr(&each.subject),
            optional(each.key.as_ref()),
            if each.by_ref { "&" } else { "" },
            expr(&each.value),
            braced(&each.body)
        ),
        Stmt::Switch(subject, cases) => {
            let cases = cases.iter().map(|(values, block)| format!("([{}] {})", join(values.iter().map(expr)), braced(block)));
            format!("(switch {} {})", expr(subject), join(cases))
        }
        Stmt::Try { body, catches, finally } => {
            let catches = catches
                .iter()
                .map(|(name, block)| format!(" (catch {} {})", name.as_deref().unwrap_or("_"), braced(block)))
                .collect::<String>();
            format!("(try {}{catches} {})", braced(body), braced(finally))
        }
        Stmt::Return(value) => format!("(return {})", optional(value.as_ref())),
        Stmt::Throw(value) => format!("(throw {})", expr(value)),
        Stmt::Break(levels) => format!("(break {levels})"),
        Stmt::Continue(levels) => format!("(continue {levels})"),
        Stmt::Block(inner) => braced(inner),
        Stmt::Function(it) => function(it),
        Stmt::Class(it) => class(it),
        Stmt::Global(names) => format!("(global {})", names.join(" ")),
        Stmt::StaticVar(name, value) => format!("(static {name} {})", optional(value.as_ref())),
        Stmt::Unset(values) => format!("(unset {})", join(values.iter().map(expr))),
        Stmt::Text(length) => format!("(text {length})"),
        Stmt::Label(name) => format!("(label {name})"),
        Stmt::Goto(name) => format!("(goto {name})"),
        Stmt::Unread(_) => "(unread)".to_owned(),
    }
}

fn function(it: &Function) -> String {
    let mut out = String::from("(fn");
    for mark in &it.marks {
        let _ = write!(out, " #{mark}");
    }
    if it.is_static {
        out.push_str(" static");
    }
    if it.captures {
        out.push_str(" captures");
    }
    let params = it.params.iter().map(|param| {
        let of_type = param.of_type.as_deref().map(|name| format!("{name}:")).unwrap_or_default();
        let default = param.default.as_ref().map(|value| format!("={}", expr(value))).unwrap_or_default();
        format!("{of_type}{}{}{}{default}", flag(param.by_ref, "&"), flag(param.variadic, "..."), param.name)
    });
    let _ = write!(out, " {}({})", it.name, join(params));
    if !it.uses.is_empty() {
        let _ = write!(out, " use({})", join(it.uses.iter().map(|(name, by_ref)| format!("{}{name}", flag(*by_ref, "&")))));
    }
    format!("{out} {})", braced(&it.body))
}

fn class(it: &Class) -> String {
    let fields = it.fields.iter().map(|field| {
        let of_type = field.of_type.as_deref().map(|name| format!("{name}:")).unwrap_or_default();
        let default = field.default.as_ref().map(|value| format!("={}", expr(value))).unwrap_or_default();
        format!("{}{of_type}{}{default}", flag(field.is_static, "static "), field.name)
    });
    format!(
        "(class {} <{}> [{}] {}{})",
        it.name,
        it.extends.join(" "),
        fields.collect::<Vec<_>>().join(", "),
        join(it.methods.iter().map(|method| function(method))),
        if it.init.is_empty() { String::new() } else { format!(" {}", braced(&it.init)) }
    )
}

fn expr(it: &Expr) -> String {
    match &it.kind {
        Kind::Literal(Literal::Null) => "null".to_owned(),
        Kind::Literal(Literal::Bool(value)) => value.to_string(),
        Kind::Literal(Literal::Int(value)) => value.to_string(),
        Kind::Literal(Literal::Float(value)) => format!("{value:?}"),
        Kind::Literal(Literal::Bytes(bytes)) => format!("\"{}\"", bytes.escape_ascii()),
        Kind::Joined(pieces) => format!("(join {})", join(pieces.iter().map(expr))),
        Kind::Var(name) => format!("${name}"),
        Kind::Dynamic(inner) => format!("(dynamic {})", expr(inner)),
        Kind::Name(name) => name.to_string(),
        Kind::Index(of, Some(index)) => format!("(index {} {})", expr(of), expr(index)),
        Kind::Index(of, None) => format!("(append {})", expr(of)),
        Kind::Member(of, name) => format!("(-> {} {})", expr(of), expr(name)),
        Kind::Static(of, name) => format!("(:: {} {})", expr(of), expr(name)),
        Kind::Call(callee, args) => list("call", callee, args),
        Kind::New(class, args) => list("new", class, args),
        Kind::Initialised(object, parts) => list("with", object, parts),
        Kind::Unary(op, operand) => format!("({op:?} {})", expr(operand)),
        Kind::Binary(op, left, right) => format!("({op:?} {} {})", expr(left), expr(right)),
        Kind::Assign(target, value) => format!("(= {} {})", expr(target), expr(value)),
        Kind::AssignRef(target, value) => format!("(=& {} {})", expr(target), expr(value)),
        Kind::AssignOp(op, target, value) => format!("({op:?}= {} {})", expr(target), expr(value)),
        Kind::Step { target, by, prefix } => format!("({}{by:+} {})", if *prefix { "pre" } else { "post" }, expr(target)),
        Kind::Choose(condition, yes, no) => format!("(? {} {} {})", expr(condition), optional(yes.as_deref()), expr(no)),
        Kind::List(parts) => format!("[{}]", join(parts.iter().map(item))),
        Kind::Closure(it) => function(it),
        Kind::Class(it) => class(it),
        Kind::Cast(name, inner) => format!("(as {name} {})", expr(inner)),
        Kind::Match(subject, arms) => {
            let arms = arms.iter().map(|(values, result)| format!("([{}] {})", join(values.iter().map(expr)), expr(result)));
            format!("(match {} {})", expr(subject), join(arms))
        }
    }
}

fn list(name: &str, first: &Expr, items: &[Item]) -> String {
    format!("({})", join([name.to_owned(), expr(first)].into_iter().chain(items.iter().map(item))))
}

fn item(it: &Item) -> String {
    let key = it.key.as_ref().map(|key| format!("{}=>", expr(key))).unwrap_or_default();
    format!("{key}{}{}{}", flag(it.spread, "..."), flag(it.by_ref, "&"), expr(&it.value))
}

fn optional(value: Option<&Expr>) -> String {
    value.map_or_else(|| "_".to_owned(), expr)
}

fn flag(set: bool, text: &str) -> &str {
    if set { text } else { "" }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}
