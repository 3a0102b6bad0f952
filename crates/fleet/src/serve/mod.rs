//! `afterpatch-fleet serve`: a lake for the browser. Pages are made by `report`; here is what a page needs to know, and who may ask.
//!
//! | module | what |
//! |---|---|
//! | `guard` | who may ask |
//! | `snapshot` | the lake as it was when it was last read: every page tells of one moment |
//! | `filter` | which servers a page is about, and the links between pages |
//! | `pages` | the answers |

mod filter;
mod guard;
#[cfg(test)]
mod large;
mod pages;
mod snapshot;

use std::io::{Write, stdout};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use afterpatch_report::Language;
use anyhow::{Context, bail};
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{RwLock, Semaphore};

use crate::arguments::ServeArguments;
use crate::exit::Exit;
use crate::inventory::Inventory;
use crate::lake::Lake;
use crate::output;

use guard::{Guard, Refusal};
use snapshot::Snapshot;

/// So many pages are made at a time; more have to wait.
const AT_ONCE: usize = 8;

/// What all requests share.
struct Shared {
    lake: Lake,
    inventory: Inventory,
    /// Replaced whole when the lake has changed.
    snapshot: RwLock<Arc<Snapshot>>,
    guard: Guard,
    policy: HeaderValue,
    /// Where a browser says none.
    language: Language,
    turns: Semaphore,
}

impl Shared {
    async fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&*self.snapshot.read().await)
    }
}

/// Serves until it is stopped.
pub async fn run(arguments: &ServeArguments) -> anyhow::Result<Exit> {
    let guard = Guard::new(arguments)?;
    if !arguments.listen.ip().is_loopback() && !guard.asks() {
        bail!(
            "{}: others than this computer could ask; add --token-file FILE, or --trust-header NAME with --proxy ADDRESS",
            arguments.listen
        );
    }
    let inventory = arguments.inventory.as_deref().map(Inventory::read).transpose()?.unwrap_or_default();
    let lake = Lake::open(&arguments.lake).await?;
    let snapshot = Snapshot::read(&lake, &inventory).await?;
    let listener = TcpListener::bind(arguments.listen).await.with_context(|| arguments.listen.to_string())?;
    let shared = Arc::new(Shared {
        snapshot: RwLock::new(Arc::new(snapshot)),
        guard,
        policy: HeaderValue::from_str(&afterpatch_report::dashboard_policy())?,
        language: output::options(&arguments.shown).language,
        turns: Semaphore::new(AT_ONCE),
        inventory,
        lake,
    });
    tokio::spawn(renew(Arc::clone(&shared), arguments.refresh));
    writeln!(stdout().lock(), "http://{}/", listener.local_addr()?)?;
    let router = Router::new()
        .route("/", get(pages::overview))
        .route("/servers", get(pages::servers))
        .route("/server", get(pages::server))
        .route("/report", get(pages::report))
        .route("/view/{name}", get(pages::view))
        .route("/export/{file}", get(pages::export))
        .fallback(pages::not_found)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), around))
        .with_state(shared);
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(Exit::Done)
}

/// Reads the lake again when it has changed. What is shown stays until the new state is whole.
async fn renew(shared: Arc<Shared>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let renewed = async {
            let now = snapshot::fingerprint(&shared.lake).await?;
            if now == shared.snapshot().await.fingerprint {
                return anyhow::Ok(());
            }
            let snapshot = Snapshot::read(&shared.lake, &shared.inventory).await?;
            *shared.snapshot.write().await = Arc::new(snapshot);
            Ok(())
        };
        if let Err(error) = renewed.await {
            output::complain(&error.context("the lake could not be read again; what was read before is still shown"));
        }
    }
}

/// Who may ask, and what goes with every answer.
async fn around(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match shared.guard.admits(peer.ip(), request.headers()) {
        Ok(()) => {
            // Never closed while anybody could ask.
            let _turn = shared.turns.acquire().await;
            next.run(request).await
        }
        Err(Refusal::Unknown) => {
            let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"afterpatch fleet\", charset=\"UTF-8\"")];
            (StatusCode::UNAUTHORIZED, ask, "Who are you? The password is the text of --token-file.\n").into_response()
        }
        Err(Refusal::Forbidden(why)) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    let headers = response.headers_mut();
    // A report brings its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| shared.policy.clone());
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
