//! Databases.

use super::plain::{blurred, carrying, field, object};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Object, Value};

/// The control that runs queries for others of its page.
pub(super) const SOURCE: &str = "sqldatasource";

/// A property of that control is set. True if it was one of a query or a connection.
pub(super) fn set(it: &mut Interpreter<'_>, source: &Object, name: &str, value: &Value, at: u32) -> bool {
    if &*source.class != SOURCE {
        return false;
    }
    source.set(name, value.clone());
    if matches!(name, "selectcommand" | "insertcommand" | "updatecommand" | "deletecommand") {
        let connection = source.field("connectionstring").unwrap_or_default();
        query(it, "SqlDataSource", value, &connection, at);
    }
    true
}

fn is_command(class: &str) -> bool {
    matches!(
        class,
        "sqlcommand"
            | "oledbcommand"
            | "odbccommand"
            | "oraclecommand"
            | "mysqlcommand"
            | "sqlitecommand"
            | "npgsqlcommand"
            | "sqlcecommand"
            | "dbcommand"
            | "idbcommand"
    )
}

fn is_connection(class: &str) -> bool {
    matches!(
        class,
        "sqlconnection"
            | "oledbconnection"
            | "odbcconnection"
            | "oracleconnection"
            | "mysqlconnection"
            | "sqliteconnection"
            | "npgsqlconnection"
            | "sqlceconnection"
            | "dbconnection"
            | "idbconnection"
    )
}

fn is_adapter(class: &str) -> bool {
    matches!(
        class,
        "sqldataadapter" | "oledbdataadapter" | "odbcdataadapter" | "oracledataadapter" | "mysqldataadapter" | "dbdataadapter"
    )
}

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    Some(if is_connection(class) {
        object(class, &[("connectionstring", &args.at(0))])
    } else if is_command(class) {
        object(class, &[("commandtext", &args.at(0)), ("connection", &args.at(1))])
    } else if is_adapter(class) {
        match &args.at(0).known {
            Known::Object(_) => object(class, &[("selectcommand", &args.at(0))]),
            _ => {
                let command = object("dbcommand", &[("commandtext", &args.at(0)), ("connection", &args.at(1))]);
                object(class, &[("selectcommand", &command)])
            }
        }
    } else {
        return None;
    })
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    (is_command(of) || is_connection(of) || is_adapter(of)).then(|| Value::object(of).known)
}

/// A query runs.
pub(crate) fn query(it: &mut Interpreter<'_>, callee: &str, text: &Value, connection: &Value, at: u32) -> Value {
    let also = connection.is_requested(Control::Part);
    it.hit(Capability::Sql, callee, at, text, Facts { also, ..Facts::default() });
    // SQL Server runs what stands behind these in a shell.
    let before = text.edges().prefix.to_ascii_lowercase();
    let has = |name: &[u8]| memchr::memmem::find(&before, name).is_some();
    if text.is_requested(Control::Part) && text.only_bytes().is_none() && (has(b"xp_cmdshell") || has(b"sp_oamethod")) {
        it.hit(Capability::Command, "xp_cmdshell", at, &Value { known: Known::Unknown, ..text.clone() }, Facts::default());
    }
    carrying("rows", &Value::unknown())
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        _ if class == "rows" => return rows(value, name),
        "createcommand" if is_connection(class) => object("dbcommand", &[("connection", value)]),
        "executenonquery"
        | "executereader"
        | "executescalar"
        | "executexmlreader"
        | "executenonqueryasync"
        | "executereaderasync"
        | "executescalarasync"
        | "beginexecutereader"
            if is_command(class) =>
        {
            let text = field(value, "commandtext");
            query(it, "Command.Execute", &text, &field(value, "connection"), at)
        }
        "fill" | "fillschema" if is_adapter(class) => {
            let command = field(value, "selectcommand");
            query(it, "DataAdapter.Fill", &field(&command, "commandtext"), &field(&command, "connection"), at);
            Value::unknown()
        }
        "query" | "execute" | "queryfirst" | "executescalar" | "queryasync" | "executeasync" if is_connection(class) => {
            query(it, "Connection.Query", &args.at(0), value, at)
        }
        "executesqlcommand" | "executesqlraw" | "fromsqlraw" | "sqlquery" | "executesqlcommandasync" => {
            query(it, "Database.ExecuteSqlCommand", &args.at(0), &Value::unknown(), at)
        }
        _ if is_command(class) || is_connection(class) || is_adapter(class) => Value::unknown(),
        _ => return None,
    })
}

fn rows(value: &Value, name: &str) -> Option<Value> {
    Some(if name.starts_with("get") { Value::unknown() } else { blurred([value]) })
}

pub(super) fn member(value: &Value, class: &str, name: &str) -> Option<Value> {
    match name {
        "parameters" if is_command(class) => Some(Value::object("parameters")),
        "selectcommand" | "insertcommand" | "deletecommand" if is_adapter(class) => {
            Some(object("dbcommand", &[("connection", &field(value, "connection"))]))
        }
        _ if is_command(class) || is_connection(class) => Some(Value::unknown()),
        _ => None,
    }
}
