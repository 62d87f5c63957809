//! What all handlers share.

use std::sync::Arc;

use crate::door::Origin;

/// Who is signed in.
pub struct Person {
    /// The name.
    pub name: String,
}

/// The server's state, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    origins: Vec<Origin>,
}

impl App {
    /// temporary
    pub fn new(origins: Vec<Origin>) -> Self { Self(Arc::new(Inner { origins })) }
    /// The addresses under which the pages are reached.
    pub fn origins(&self) -> &[Origin] { &self.0.origins }
    /// The first of them.
    pub fn origin(&self) -> &Origin { &self.0.origins[0] }
    /// The office's name.
    pub fn office_name(&self) -> String { "دبیرخانهٔ مجلس".into() }
    /// Who is signed in under a cookie's secret.
    pub fn person(&self, _secret: &str) -> Option<Arc<Person>> { None }
}
