//! Every route of the office's server, on one screen: method, path, who, and how long the answer may be kept.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodRouter, get, patch, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::assets;
use crate::filled::FORM_BYTES_MAX;
use crate::headers::Keep::{self, AskAgain, ForEver, Nowhere};
use crate::pages::*;
use crate::refusal::Refusal;
use crate::visit::{members_only, receive};

/// Who may reach a route at all. What they then may see is the office's to say, object by object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone.
    Anyone,
    /// Whoever is signed in.
    Members,
}
use Who::{Anyone, Members};

/// One route.
pub struct Route {
    /// The method; GET answers HEAD too.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Who may reach it.
    pub who: Who,
    /// How long the answer may be kept.
    pub keep: Keep,
    handler: MethodRouter<App>,
}

fn row(method: Method, path: &'static str, who: Who, keep: Keep, handler: MethodRouter<App>) -> Route {
    Route { method, path, who, keep, handler }
}

/// All routes.
#[must_use]
#[rustfmt::skip]
pub fn table() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        row(GET,  "/",                                Anyone,  Nowhere,  get(home::show)),
        row(GET,  "/assets/{digest}/{name}",          Anyone,  ForEver,  get(assets::send)),
        row(GET,  "/language/{tag}",                  Anyone,  Nowhere,  get(language::choose)),
        row(GET,  "/about",                           Anyone,  Nowhere,  get(about::show)),
        row(GET,  "/limits",                          Anyone,  Nowhere,  get(limits::show)),
        row(GET,  "/help",                            Anyone,  Nowhere,  get(help::show)),
        row(GET,  "/verify",                          Anyone,  Nowhere,  get(verify::show)),
        row(GET,  "/verify/offline",                  Anyone,  Nowhere,  get(verify::offline)),
    ]
}

/// The office's whole server.
pub fn router(app: App) -> Router {
    let routes = table().into_iter().fold(Router::new(), |router, route| router.route(route.path, dressed(route)));
    routes
        .fallback(|| async { Refusal::NotFound })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| axum::response::IntoResponse::into_response(Refusal::Trouble)))
        .layer(from_fn_with_state(app.clone(), receive))
        .with_state(app)
}

fn dressed(route: Route) -> MethodRouter<App> {
    let keep = route.keep;
    let handler = route.handler.layer(map_response(move |mut response: Response| async move {
        response.extensions_mut().insert(keep);
        response
    }));
    match route.who {
        Anyone => handler,
        Members => handler.layer(from_fn(members_only)),
    }
}
