//! The tree as text, for tests: one line, operators in front.

use std::fmt::Write as _;

use crate::ir::{Block, Class, Expr, Function, Item, Kind, Literal, Program, Stmt};

pub(crate) fn program(program: &Program) -> String {
    program.body.iter().map(stmt).collect::<Vec<_>>().join(" ")
}

fn block(block: &Block) -> String {
    format!("{{{}}}", block.iter().map(stmt).collect::<Vec<_>>().join(" "))
}

fn list(exprs: &[Expr]) -> String {
    exprs.iter().map(|each| format!(" {}", expr(each))).collect()
}

fn items(items: &[Item]) -> String {
    let mut out = String::new();
    for item in items {
        out.push(' ');
        out.push_str(if item.spread { "..." } else { "" });
        out.push_str(if item.by_ref { "&" } else { "" });
        if let Some(key) = &item.key {
            let _ = write!(out, "{}: ", expr(key));
        }
        out.push_str(&expr(&item.value));
    }
    out
}

fn optional(value: Option<&Expr>) -> String {
    value.map_or_else(|| "_".into(), expr)
}

fn function(function: &Function) -> String {
    let mut out = format!("(fn {}", if function.name.is_empty() { "_" } else { &function.name });
    if !function.marks.is_empty() {
        let _ = write!(out, " [{}]", function.marks.join(" "));
    }
    for param in &function.params {
        let _ = write!(out, " {}{}{}", if param.by_ref { "&" } else { "" }, if param.variadic { "..." } else { "" }, param.name);
        if let Some(of_type) = &param.of_type {
            let _ = write!(out, ":{of_type}");
        }
        if let Some(default) = &param.default {
            let _ = write!(out, "={}", expr(default));
        }
    }
    format!("{out} {})", block(&function.body))
}

fn class(class: &Class) -> String {
    let mut out = format!("(class {}", class.name);
    for parent in &class.extends {
        let _ = write!(out, " <{parent}");
    }
    for field in &class.fields {
        let of_type = field.of_type.as_ref().map(|of_type| format!(":{of_type}")).unwrap_or_default();
        let is_static = if field.is_static { "static " } else { "" };
        let _ = write!(out, " ({is_static}{}{of_type} {})", field.name, optional(field.default.as_ref()));
    }
    for method in &class.methods {
        let _ = write!(out, " {}", function(method));
    }
    if !class.init.is_empty() {
        let _ = write!(out, " {}", block(&class.init));
    }
    out + ")"
}

pub(crate) fn expr(value: &Expr) -> String {
    match &value.kind {
        Kind::Literal(Literal::Null) => "null".into(),
        Kind::Literal(Literal::Bool(value)) => value.to_string(),
        Kind::Literal(Literal::Int(value)) => value.to_string(),
        Kind::Literal(Literal::Float(value)) => format!("{value:?}"),
        Kind::Literal(Literal::Bytes(bytes)) => format!("{:?}", String::from_utf8_lossy(bytes)),
        Kind::Joined(pieces) => format!("(join{})", list(pieces)),
        Kind::Var(name) => name.to_string(),
        Kind::Dynamic(inner) => format!("(dynamic {})", expr(inner)),
        Kind::Name(name) => format!("`{name}"),
        Kind::Index(base, index) => format!("(index {} {})", expr(base), optional(index.as_deref())),
        Kind::Member(object, name) => format!("(. {} {})", expr(object), expr(name)),
        Kind::Static(class, name) => format!("(:: {} {})", expr(class), expr(name)),
        Kind::Call(callee, args) => format!("(call {}{})", expr(callee), items(args)),
        Kind::New(class, args) => format!("(new {}{})", expr(class), items(args)),
        Kind::Initialised(object, values) => format!("(init {}{})", expr(object), items(values)),
        Kind::Unary(op, inner) => format!("({op:?} {})", expr(inner)),
        Kind::Binary(op, left, right) => format!("({op:?} {} {})", expr(left), expr(right)),
        Kind::Assign(target, value) => format!("(= {} {})", expr(target), expr(value)),
        Kind::AssignRef(target, value) => format!("(=& {} {})", expr(target), expr(value)),
        Kind::AssignOp(op, target, value) => format!("(={op:?} {} {})", expr(target), expr(value)),
        Kind::Step { target, by, prefix } => format!("(step {}{by} {})", if *prefix { "pre " } else { "" }, expr(target)),
        Kind::Choose(condition, then, otherwise) => {
            format!("(? {} {} {})", expr(condition), optional(then.as_deref()), expr(otherwise))
        }
        Kind::List(values) => format!("[{}]", items(values).trim_start()),
        Kind::Closure(inner) => function(inner),
        Kind::Class(inner) => class(inner),
        Kind::Cast(name, inner) => format!("(as {name} {})", expr(inner)),
        Kind::Match(subject, arms) => {
            let arms: String = arms.iter().map(|(tests, value)| format!(" ({} => {})", list(tests), expr(value))).collect();
            format!("(match {}{arms})", expr(subject))
        }
    }
}

fn stmt(value: &Stmt) -> String {
    match value {
        Stmt::Expr(value) => expr(value),
        Stmt::Let(name, of_type, value, _) => {
            let of_type = of_type.as_ref().map(|of_type| format!(":{of_type}")).unwrap_or_default();
            format!("(let {name}{of_type} {})", optional(value.as_ref()))
        }
        Stmt::If(condition, then, otherwise) => format!("(if {} {} {})", expr(condition), block(then), block(otherwise)),
        Stmt::Loop(inner) => format!(
            "({} ({}) {} ({}) {})",
            if inner.body_first { "do" } else { "loop" },
            list(&inner.init).trim_start(),
            optional(inner.condition.as_ref()),
            list(&inner.step).trim_start(),
            block(&inner.body)
        ),
        Stmt::Each(inner) => {
            let key = inner.key.as_ref().map(|key| format!("{} ", expr(key))).unwrap_or_default();
            format!("(each {} {key}{} {})", expr(&inner.subject), expr(&inner.value), block(&inner.body))
        }
        Stmt::Switch(subject, cases) => {
            let cases: String = cases.iter().map(|(tests, body)| format!(" (case{} {})", list(tests), block(body))).collect();
            format!("(switch {}{cases})", expr(subject))
        }
        Stmt::Try { body, catches, finally } => {
            let catches: String = catches
                .iter()
                .map(|(name, body)| format!(" (catch {} {})", name.as_deref().unwrap_or("_"), block(body)))
                .collect();
            format!("(try {}{catches} {})", block(body), block(finally))
        }
        Stmt::Return(value) => format!("(return {})", optional(value.as_ref())),
        Stmt::Throw(value) => format!("(throw {})", expr(value)),
        Stmt::Break(count) => format!("(break {count})"),
        Stmt::Continue(count) => format!("(continue {count})"),
        Stmt::Block(inner) => block(inner),
        Stmt::Function(inner) => function(inner),
        Stmt::Class(inner) => class(inner),
        Stmt::Global(names) => format!("(global {})", names.join(" ")),
        Stmt::StaticVar(name, value) => format!("(static {name} {})", optional(value.as_ref())),
        Stmt::Unset(values) => format!("(unset{})", list(values)),
        Stmt::Text(length) => format!("(text {length})"),
        Stmt::Label(name) => format!("(label {name})"),
        Stmt::Goto(name) => format!("(goto {name})"),
        Stmt::Unread(_) => "unread".into(),
    }
}
