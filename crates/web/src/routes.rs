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
use crate::upload::PIECE_BYTES_MAX;
use crate::visit::{members_only, receive};

/// Who may reach a route at all. What they then may see is the office's to say, object by object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone.
    Anyone,
    /// Whoever is signed in.
    Members,
    /// Whoever is signed in; a long form of anybody else is given back to them, so that it is not lost with a session.
    Writers,
}
use Who::{Anyone, Members, Writers};

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

fn row(
    method: Method,
    path: &'static str,
    who: Who,
    keep: Keep,
    handler: MethodRouter<App>,
) -> Route {
    Route {
        method,
        path,
        who,
        keep,
        handler,
    }
}

/// All routes.
#[must_use]
#[rustfmt::skip]
pub fn table() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PATCH: Method = Method::PATCH;
    vec![
        // for everyone
        row(GET,   "/",                                     Anyone,  Nowhere,  get(home::show)),
        row(GET,   "/assets/{digest}/{name}",               Anyone,  ForEver,  get(assets::send)),
        row(GET,   "/language/{tag}",                       Anyone,  Nowhere,  get(language::choose)),
        row(GET,   "/about",                                Anyone,  Nowhere,  get(about::show)),
        row(GET,   "/limits",                               Anyone,  Nowhere,  get(limits::show)),
        row(GET,   "/help",                                 Anyone,  Nowhere,  get(help::show)),
        row(GET,   "/verify",                               Anyone,  Nowhere,  get(verify::show)),
        row(GET,   "/verify/offline",                       Anyone,  Nowhere,  get(verify::offline)),
        // static pages of verifiable ballots
        row(GET,   "/booth",                                Anyone,  Nowhere,  get(booth::show)),
        row(GET,   "/booth/trustee",                        Anyone,  Nowhere,  get(booth::trustee)),
        row(GET,   "/booth/auditor",                        Anyone,  Nowhere,  get(booth::auditor)),
        // the record, as pages and as the static files of C2SP
        row(GET,   "/record",                               Anyone,  Nowhere,  get(record::show)),
        row(GET,   "/record/leaves",                        Anyone,  Nowhere,  get(record::leaves)),
        row(GET,   "/record/leaves/{number}",               Anyone,  Nowhere,  get(record::leaf)),
        row(GET,   "/record/leaves/{number}/proof",         Anyone,  Nowhere,  get(record::proof)),
        row(GET,   "/record/find",                          Anyone,  Nowhere,  get(record::find)),
        row(GET,   "/record/policy",                        Anyone,  AskAgain, get(record::policy)),
        row(GET,   "/checkpoint",                           Anyone,  AskAgain, get(record::checkpoint)),
        row(GET,   "/tile/{*path}",                         Anyone,  ForEver,  get(record::tile)),
        // signing in and out
        row(GET,   "/sign-in",                              Anyone,  Nowhere,  get(sign_in::show)),
        row(POST,  "/sign-in",                              Anyone,  Nowhere,  post(sign_in::enter)),
        row(GET,   "/sign-in/second",                       Anyone,  Nowhere,  get(sign_in::second)),
        row(POST,  "/sign-in/passkey",                      Anyone,  Nowhere,  post(sign_in::passkey)),
        row(POST,  "/sign-in/code",                         Anyone,  Nowhere,  post(sign_in::code)),
        row(POST,  "/sign-out",                             Anyone,  Nowhere,  post(sign_in::leave)),
        row(GET,   "/recovery",                             Anyone,  Nowhere,  get(recovery::show)),
        row(GET,   "/recovery/key",                         Anyone,  Nowhere,  get(recovery::key)),
        row(POST,  "/recovery/key",                         Anyone,  Nowhere,  post(recovery::use_key)),
        // material
        row(GET,   "/items",                                Members, Nowhere,  get(items::list)),
        row(GET,   "/items/add",                            Members, Nowhere,  get(add::show)),
        row(POST,  "/items/add",                            Members, Nowhere,  post(add::take).layer(DefaultBodyLimit::disable())),
        row(GET,   "/items/{circle}/{item}",                Members, Nowhere,  get(item::show)),
        row(POST,  "/items/{circle}/{item}/open",           Members, Nowhere,  post(item::open)),
        row(GET,   "/items/{circle}/{item}/proof",          Members, Nowhere,  get(item::proof)),
        row(GET,   "/items/{circle}/{item}/erase",          Members, Nowhere,  get(item::erase::ask)),
        row(POST,  "/items/{circle}/{item}/erase",          Members, Nowhere,  post(item::erase::make)),
        row(GET,   "/publish",                              Members, Nowhere,  get(publish::ask)),
        row(POST,  "/publish",                              Members, Nowhere,  post(publish::make)),
        row(POST,  "/uploads",                              Members, Nowhere,  post(add::begin)),
        row(GET,   "/uploads/{id}",                         Members, Nowhere,  get(add::so_far)),
        row(PATCH, "/uploads/{id}",                         Members, Nowhere,  patch(add::piece).layer(DefaultBodyLimit::max(PIECE_BYTES_MAX))),
        row(POST,  "/uploads/{id}/end",                     Members, Nowhere,  post(add::end)),
        // the desk
        row(GET,   "/desk",                                 Members, Nowhere,  get(desk::home::show)),
        row(GET,   "/desk/{circle}",                        Members, Nowhere,  get(desk::search::show)),
        row(GET,   "/desk/{circle}/new/{type}",             Members, Nowhere,  get(desk::fill::ask)),
        row(POST,  "/desk/{circle}/new/{type}",             Writers, Nowhere,  post(desk::fill::make)),
        row(GET,   "/desk/{circle}/{entity}",               Members, Nowhere,  get(desk::sheet::show)),
        row(GET,   "/desk/{circle}/{entity}/edit",          Members, Nowhere,  get(desk::fill::ask_change)),
        row(POST,  "/desk/{circle}/{entity}/edit",          Writers, Nowhere,  post(desk::fill::make_change)),
        row(POST,  "/desk/{circle}/{entity}/review",        Members, Nowhere,  post(desk::review::make)),
        // circles
        row(GET,   "/circles",                              Members, Nowhere,  get(circles::list)),
        row(GET,   "/circles/new",                          Members, Nowhere,  get(circles::begin::ask)),
        row(POST,  "/circles/new",                          Members, Nowhere,  post(circles::begin::make)),
        row(GET,   "/circles/{circle}",                     Members, Nowhere,  get(circles::show)),
        row(GET,   "/circles/{circle}/add",                 Members, Nowhere,  get(circles::add::ask)),
        row(POST,  "/circles/{circle}/add",                 Members, Nowhere,  post(circles::add::make)),
        row(GET,   "/circles/{circle}/remove/{member}",     Members, Nowhere,  get(circles::remove::ask)),
        row(POST,  "/circles/{circle}/remove/{member}",     Members, Nowhere,  post(circles::remove::make)),
        row(POST,  "/circles/{circle}/renew",               Members, Nowhere,  post(circles::renew)),
        // members
        row(GET,   "/members",                              Members, Nowhere,  get(members::list)),
        row(GET,   "/members/new",                          Members, Nowhere,  get(members::admit::ask)),
        row(POST,  "/members/new",                          Members, Nowhere,  post(members::admit::make)),
        row(GET,   "/members/{member}",                     Members, Nowhere,  get(members::show)),
        row(GET,   "/members/{member}/revoke",              Members, Nowhere,  get(members::revoke::ask)),
        row(POST,  "/members/{member}/revoke",              Members, Nowhere,  post(members::revoke::make)),
        row(GET,   "/members/{member}/{act}",               Members, Nowhere,  get(members::act::ask)),
        row(POST,  "/members/{member}/{act}",               Members, Nowhere,  post(members::act::make)),
        // who stands outside
        row(GET,   "/outside-offices",                      Members, Nowhere,  get(outside::offices)),
        row(GET,   "/key-holders",                          Members, Nowhere,  get(outside::key_holders)),
        // one's own sign-in
        row(GET,   "/me",                                   Members, Nowhere,  get(me::show)),
        row(GET,   "/me/passphrase",                        Members, Nowhere,  get(me::passphrase)),
        row(POST,  "/me/passphrase",                        Members, Nowhere,  post(me::change)),
        row(GET,   "/me/passkey",                           Members, Nowhere,  get(me::passkey)),
        row(POST,  "/me/passkey",                           Members, Nowhere,  post(me::add_passkey)),
        row(GET,   "/me/code",                              Members, Nowhere,  get(me::code)),
        row(POST,  "/me/code",                              Members, Nowhere,  post(me::add_code)),
        row(GET,   "/me/second/{step}/remove",              Members, Nowhere,  get(me::removing)),
        row(POST,  "/me/second/{step}/remove",              Members, Nowhere,  post(me::remove)),
        row(GET,   "/me/travel",                            Members, Nowhere,  get(me::leaving)),
        row(POST,  "/me/travel",                            Members, Nowhere,  post(me::leave)),
    ]
}

/// The office's whole server.
pub fn router(app: App) -> Router {
    let routes = table().into_iter().fold(Router::new(), |router, route| {
        router.route(route.path, dressed(route, &app))
    });
    routes
        .fallback(|| async { Refusal::NotFound })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                axum::response::IntoResponse::into_response(Refusal::Trouble)
            },
        ))
        .layer(from_fn_with_state(app.clone(), receive))
        .with_state(app)
}

fn dressed(route: Route, app: &App) -> MethodRouter<App> {
    let keep = route.keep;
    let handler = route
        .handler
        .layer(map_response(move |mut response: Response| async move {
            response.extensions_mut().insert(keep);
            response
        }));
    match route.who {
        Anyone => handler,
        Members => handler.layer(from_fn(members_only)),
        Writers => handler.layer(from_fn_with_state(app.clone(), desk::kept::members_or_kept)),
    }
}
