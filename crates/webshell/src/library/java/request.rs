//! What the visitor sends: the request, its parts, uploads, and what the page keeps of it under names.

use std::rc::Rc;

use super::{array_value, field, is_unknown, made_object};
use crate::evidence::{Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Object, Part, Value};

/// Objects that a page has without declaring them (JSP 2.3, section 1.8.3), and those of its expressions (section 2.2.3).
pub(super) fn implicit(it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
    if let Some(Value { known: Known::Object(this), .. }) = it.this()
        && this.field(&name.to_ascii_lowercase()).is_some()
    {
        return None;
    }
    let in_page = it.function_name().is_empty();
    Some(match name {
        "request" => Known::Request(Part::All).into(),
        "pageContext" | "_jspx_page_context" => Value::object("pagecontext"),
        "response" | "session" | "application" => Value::object(name),
        "this" if it.this().is_none() => Value::object("page"),
        "out" | "page" | "config" | "exception" if in_page => Value::object(if name == "out" { "response" } else { name }),
        "param" | "paramValues" if in_page => Known::Request(Part::Parameters).into(),
        "header" | "headerValues" if in_page => Known::Request(Part::Headers).into(),
        "cookie" if in_page => Known::Request(Part::Cookies).into(),
        "requestScope" | "sessionScope" | "applicationScope" | "pageScope" if in_page => Value::object("scope"),
        _ => return None,
    })
}

/// What a value of a type is that comes from the server.
pub(super) fn typed(of: &str) -> Option<Known> {
    let object = |class: &str| Some(Known::Object(Rc::new(Object::new(class))));
    match of {
        "httpservletrequest"
        | "servletrequest"
        | "httpservletrequestwrapper"
        | "servletrequestwrapper"
        | "requestfacade"
        | "multiparthttpservletrequest"
        | "serverhttprequest" => Some(Known::Request(Part::All)),
        "fileitem" | "diskfileitem" | "fileitemstream" | "part" | "multipartfile" | "commonsmultipartfile" => {
            Some(Known::Request(Part::File))
        }
        "pagecontext" | "jspcontext" => object("pagecontext"),
        "httpservletresponse" | "servletresponse" | "jspwriter" => object("response"),
        "httpsession" => object("session"),
        "servletcontext" | "applicationcontext" => object("application"),
        "httpexchange"
        | "runtime"
        | "processbuilder"
        | "process"
        | "scriptengine"
        | "scriptenginemanager"
        | "classloader"
        | "urlclassloader"
        | "unsafe"
        | "file"
        | "statement"
        | "preparedstatement"
        | "connection"
        | "groovyshell"
        | "instrumentation"
        | "constructor"
        | "method"
        | "field"
        | "url"
        | "httpurlconnection"
        | "urlconnection"
        | "socket"
        | "standardcontext" => object(of),
        _ => None,
    }
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match &object.known {
        Known::Request(part) => of_part(it, *part, name, args, at),
        Known::Array(_) => None,
        _ => match class {
            "pagecontext" => match name {
                "getrequest" => Some(Known::Request(Part::All).into()),
                "getresponse" | "getout" => Some(Value::object("response")),
                "getsession" => Some(Value::object("session")),
                "getservletcontext" => Some(Value::object("application")),
                _ => attribute(it, name, args),
            },
            "session" | "application" | "scope" => match name {
                "getid" => {
                    let spot = it.spot(at);
                    Some(Value::tainted(Taint::source(SourceKind::Cookie, "session id", spot)))
                }
                "getservletcontext" => Some(Value::object("application")),
                "getrealpath" => Some(Value::from_all(args.all(), Control::Part)),
                _ => attribute(it, name, args),
            },
            "response" => match name {
                "getwriter" | "getoutputstream" => Some(Value::object("response")),
                _ => None,
            },
            "httpexchange" => exchange(it, name, at),
            "servletfileupload" | "diskfileupload" | "smartupload" | "multipartrequest" | "fileupload" => {
                upload(it, name, args, at)
            }
            _ if is_unknown(object, class) => by_name(it, name, args, at),
            _ => None,
        },
    }
}

/// Things that are kept under names: what was put there comes back.
fn attribute(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    match name {
        "setattribute" | "putvalue" => {
            if let Some(name) = args.text(0) {
                it.keep_attribute(&name, args.at(1));
            }
            Some(Value::null())
        }
        "getattribute" | "getvalue" | "findattribute" => {
            Some(args.text(0).and_then(|name| it.attribute(&name)).unwrap_or_default())
        }
        _ => None,
    }
}

fn of_part(it: &mut Interpreter<'_>, part: Part, name: &str, args: &Args, at: u32) -> Option<Value> {
    let spot = it.spot(at);
    let key = args.get(0).cloned();
    let tainted = |kind, name: &str| Value::tainted(Taint::source(kind, name, spot));
    Some(match part {
        Part::Files => match name {
            "size" | "isempty" | "hasnext" | "hasmoreelements" => Value::unknown(),
            "iterator" | "listiterator" | "stream" | "values" | "elements" | "entryset" | "getfiles" => {
                Known::Request(Part::Files).into()
            }
            _ => Known::Request(Part::File).into(),
        },
        Part::File => file(it, name, args, at)?,
        Part::All => match name {
            "getparameter" | "getparametervalues" => it.of_request(Part::Parameters, key.as_ref(), at),
            "getparametermap" => Known::Request(Part::Parameters).into(),
            "getparameternames" => tainted(SourceKind::Parameter, ""),
            "getheader" | "getheaders" | "getintheader" => it.of_request(Part::Headers, key.as_ref(), at),
            "getheadernames" => tainted(SourceKind::Header, ""),
            "getcookies" => Known::Request(Part::Cookies).into(),
            "getquerystring" | "getrequesturi" | "getrequesturl" | "getpathinfo" | "getpathtranslated" => {
                tainted(SourceKind::Parameter, name.trim_start_matches("get"))
            }
            "getinputstream" | "getreader" | "getbody" => super::streams::input(tainted(SourceKind::Body, "")),
            "getpart" | "getfile" => {
                it.of_request(Part::Files, key.as_ref(), at);
                Known::Request(Part::File).into()
            }
            "getparts" | "getfiles" | "getfilemap" | "getmultifilemap" | "getfilenames" => Known::Request(Part::Files).into(),
            "getremoteuser" | "getauthtype" => tainted(SourceKind::Header, name.trim_start_matches("get")),
            "getservletpath"
            | "getmethod"
            | "getcontenttype"
            | "getservername"
            | "getprotocol"
            | "getscheme"
            | "getcharacterencoding"
            | "getcontextpath"
            | "getrequestedsessionid" => {
                let taint = Taint::source(SourceKind::Header, name.trim_start_matches("get"), spot);
                let control = if name == "getrequestedsessionid" { Control::Whole } else { Control::Weak };
                Value::tainted(taint.at_most(control))
            }
            "getsession" => Value::object("session"),
            "getservletcontext" => Value::object("application"),
            "getrealpath" => Value::from_all(args.all(), Control::Part),
            "getrequest" => Known::Request(Part::All).into(),
            "getremoteaddr"
            | "getremotehost"
            | "getremoteport"
            | "getlocaladdr"
            | "getserverport"
            | "getcontentlength"
            | "getlocalport"
            | "getlocale"
            | "setcharacterencoding"
            | "removeattribute" => Value::unknown(),
            _ => return attribute(it, name, args),
        },
        // Maps of what came: `getParameterMap().get("a")`.
        _ => match name {
            "get" | "getfirst" | "getordefault" => it.of_request(part, key.as_ref(), at),
            "entryset" | "keyset" | "values" | "iterator" | "next" | "nextelement" | "keys" => tainted(part.kind(), ""),
            "size" | "isempty" | "containskey" => Value::unknown(),
            _ => return None,
        },
    })
}

/// An uploaded file. Form fields come as files, too (commons-fileupload's `FileItem`).
fn file(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let spot = it.spot(at);
    let tainted = |kind, name: &str| Value::tainted(Taint::source(kind, name, spot));
    Some(match name {
        "getsubmittedfilename"
        | "getoriginalfilename"
        | "getname"
        | "getfilename"
        | "getfileext"
        | "getfilepathname"
        | "getcontenttype"
        | "getheader"
        | "getheaders" => tainted(SourceKind::UploadName, name.trim_start_matches("get")),
        "getfieldname" => tainted(SourceKind::Parameter, "field name"),
        "getstring" => tainted(SourceKind::Parameter, ""),
        "get" | "getbytes" | "getcontent" | "getbinarydata" => tainted(SourceKind::Upload, ""),
        "getinputstream" | "openstream" => super::streams::input(tainted(SourceKind::Upload, "")),
        "write" | "transferto" | "saveas" | "writeto" | "save" => {
            let target = super::files::path_of(&args.at(0));
            let source = tainted(SourceKind::Upload, "");
            let facts = Facts { also: true, served: super::files::is_served(&target), ..Facts::default() };
            let callee = if name == "transferto" { "MultipartFile.transferTo" } else { "FileItem.write" };
            it.uploaded(callee, &source, &target, facts, at);
            Value::null()
        }
        "getsize" | "isformfield" | "isinmemory" | "ismissing" | "isempty" | "delete" => Value::unknown(),
        _ => return None,
    })
}

fn upload(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "parserequest" | "parseparametermap" | "getitemiterator" | "getfiles" | "getfilenames" => {
            Known::Request(Part::Files).into()
        }
        "getfile" => Known::Request(Part::File).into(),
        "getrequest" => Known::Request(Part::All).into(),
        "getparameter" => {
            let key = args.get(0).cloned();
            it.of_request(Part::Parameters, key.as_ref(), at)
        }
        "getfilesystemname" | "getoriginalfilename" => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::UploadName, "", spot))
        }
        // SmartUpload writes all files of the request into a folder.
        "save" => {
            let spot = it.spot(at);
            let source = Value::tainted(Taint::source(SourceKind::Upload, "", spot));
            it.uploaded("SmartUpload.save", &source, &args.at(0), Facts { also: true, ..Facts::default() }, at);
            Value::null()
        }
        _ => return None,
    })
}

/// The server of the JDK.
fn exchange(it: &mut Interpreter<'_>, name: &str, at: u32) -> Option<Value> {
    let spot = it.spot(at);
    Some(match name {
        "getrequestbody" => super::streams::input(Value::tainted(Taint::source(SourceKind::Body, "", spot))),
        "getrequesturi" => Value::tainted(Taint::source(SourceKind::Parameter, "requesturi", spot)),
        "getrequestheaders" => Known::Request(Part::Headers).into(),
        "getresponsebody" => Value::object("response"),
        _ => return None,
    })
}

/// Methods that only requests have, of an object that nobody knows.
fn by_name(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    match name {
        "getparameter" | "getparametervalues" | "getparametermap" | "getparameternames" | "getquerystring" | "getcookies"
        | "getrequesturi" | "getpathinfo" | "getparts" => of_part(it, Part::All, name, args, at),
        "getheader" if args.len() == 1 => of_part(it, Part::All, name, args, at),
        "getsubmittedfilename" | "getoriginalfilename" => file(it, name, args, at),
        "parserequest" => upload(it, name, args, at),
        "getsession" => Some(Value::object("session")),
        "getservletcontext" => Some(Value::object("application")),
        "getrequest" => Some(Known::Request(Part::All).into()),
        "setattribute" | "putvalue" | "getattribute" => attribute(it, name, args),
        _ => None,
    }
}

/// Constructors of parsers that are given the request.
pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    match class {
        "httpservletrequestwrapper" | "servletrequestwrapper" | "contentcachingrequestwrapper" => Some(args.at(0)),
        // O'Reilly's parser writes the files when it is made.
        "servletfileupload" | "diskfileupload" | "smartupload" | "fileupload" => Some(Value::object(class)),
        "multipartrequest" => Some(made_object(class, [("folder", args.at(1))])),
        _ => None,
    }
}

/// `Map.Entry` and the like of a map of the request.
pub(super) fn pair(key: Value, value: Value) -> Value {
    let mut array = Array::default();
    array.set(Key::text("key"), key);
    array.set(Key::text("value"), value);
    made_object("entry", [("items", array_value(array))])
}

/// What an entry of a map holds.
pub(super) fn of_pair(entry: &Value, name: &str) -> Option<Value> {
    match field(entry, "items")?.known {
        Known::Array(array) => array.get(&Key::text(name)).cloned(),
        _ => None,
    }
}
