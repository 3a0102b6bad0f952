//! Server controls: fields of forms that the runtime makes objects of.

use super::plain::{carrying, mark};
use super::request::source;
use crate::evidence::SourceKind;
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Object, Value};

/// Classes whose value is what the visitor sent.
const FIELDS: &[&str] = &[
    "textbox",
    "hiddenfield",
    "fileupload",
    "dropdownlist",
    "listbox",
    "radiobuttonlist",
    "checkboxlist",
    "bulletedlist",
    "htmlinputtext",
    "htmlinputhidden",
    "htmlinputpassword",
    "htmlinputfile",
    "htmlinput",
    "htmltextarea",
    "htmlselect",
    "htmlinputgenericcontrol",
    "combobox",
    "htmleditor",
];

pub(super) fn control(tag: &str) -> Option<Value> {
    let name = tag.rsplit(':').next().unwrap_or(tag);
    let class = match name {
        "input" => "htmlinput",
        "textarea" => "htmltextarea",
        "select" => "htmlselect",
        super::data::SOURCE => super::data::SOURCE,
        name => FIELDS.iter().find(|class| **class == name)?,
    };
    Some(Value::object(class))
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    FIELDS.contains(&of).then(|| Value::object(of).known)
}

pub(super) fn is_field(class: &str) -> bool {
    FIELDS.contains(&class)
}

pub(super) fn member(it: &mut Interpreter<'_>, place: &Object, name: &str, at: u32) -> Option<Value> {
    if !is_field(&place.class) {
        return None;
    }
    let id = place.field("id").and_then(|id| id.as_text()).unwrap_or_default();
    let is_file = matches!(&*place.class, "fileupload" | "htmlinputfile" | "htmlinput");
    Some(match name {
        "filename" if is_file => source(it, SourceKind::UploadName, &id, at),
        "filebytes" if is_file => source(it, SourceKind::Upload, &id, at),
        "filecontent" if is_file => carrying("stream", &source(it, SourceKind::Upload, &id, at)),
        "postedfile" if is_file => Known::Request(crate::value::Part::File).into(),
        "postedfiles" if is_file => Known::Request(crate::value::Part::Files).into(),
        "value" if matches!(&*place.class, "fileupload" | "htmlinputfile") => source(it, SourceKind::UploadName, &id, at),
        "text" | "value" | "selectedvalue" | "selecteditem" | "innertext" | "innerhtml" => {
            source(it, SourceKind::Parameter, &id, at)
        }
        "hasfile" | "hasfiles" | "selectedindex" => mark([&source(it, SourceKind::Parameter, &id, at)], None),
        _ => return None,
    })
}

pub(super) fn method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (class, name) {
        ("fileupload" | "htmlinputfile" | "htmlinput", "saveas") => {
            let file = source(it, SourceKind::Upload, "", at);
            super::files::uploaded(it, "FileUpload.SaveAs", &file, &args.at(0), at);
            Some(Value::unknown())
        }
        (class, _) if is_field(class) => Some(Value::unknown()),
        _ => None,
    }
}

/// What is written to a field of a form is overwritten by what the visitor sends.
pub(super) fn keeps_source(class: &str, name: &str) -> bool {
    is_field(class) && matches!(name, "text" | "value" | "selectedvalue" | "innertext" | "innerhtml")
}
