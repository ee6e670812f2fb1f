//! Elements: Leptos' signals and effects, drawn straight into the document.
//!
//! Leptos' `view!` gives every element a type of its own, with code of its own to build, update,
//! mount and remove it, and its erased views carry the machinery for all of that. Measured on this
//! app, brotli 11: `view!` 282 KB, erased views in half of it 257 KB, this 217 KB. So an
//! element is made here at once as what it is, a node of the document; what is live is an effect of
//! Leptos that holds its place there. Ownership is Leptos': what a live part has made goes, effects
//! and signals included, when it is drawn again.
//!
//! ```ignore
//! el("p").class("lead").text(m::home_lead()).view()
//! el("button").attr("type", "button").on("click", move |_| send()).text(m::send()).view()
//! live(move || el("p").text(&count.get().to_string()).view())
//! ```
//!
//! What it does not do: elements of SVG (they need a namespace), inline styles (the content policy
//! forbids them), and inputs that are written back to (inputs hold what was typed).

use leptos::prelude::Owner;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, Node};

use crate::app::signal::follow;

/// A part of the page: a node, or a fragment of several.
pub struct Markup(Node);

/// An element that is being put together.
pub struct El(Element);

thread_local! {
    // A window has one document for its life.
    static DOCUMENT: Option<Document> = web_sys::window().and_then(|window| window.document());
}

/// What the document makes. It refuses only names that are none, and all names are ours.
fn made<T>(make: impl FnOnce(&Document) -> T) -> T {
    DOCUMENT.with(|document| match document {
        Some(document) => make(document),
        // The app runs in a window alone; in the worker nothing is drawn.
        None => wasm_bindgen::throw_str("there is no document"),
    })
}

fn element(tag: &str) -> Element {
    match made(|document| document.create_element(tag)) {
        Ok(element) => element,
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

/// An element of HTML by its name.
pub fn el(tag: &'static str) -> El {
    El(element(tag))
}

/// Nothing.
pub fn nothing() -> Markup {
    Markup(made(Document::create_document_fragment).into())
}

/// Several things after one another.
pub fn all(pieces: impl Piece) -> Markup {
    let Markup(fragment) = nothing();
    pieces.put(&fragment);
    Markup(fragment)
}

/// A view that is drawn again when a signal that it reads changes.
pub fn live(draw: impl Fn() -> Markup + 'static) -> Markup {
    live_between(Box::new(draw))
}

fn live_between(draw: Box<dyn Fn() -> Markup>) -> Markup {
    let Markup(fragment) = nothing();
    // What is between the two marks is this view, wherever they are moved to.
    let mark = || -> Node { made(|document| document.create_comment("")).into() };
    let (start, end) = (mark(), mark());
    append(&fragment, &start);
    append(&fragment, &end);
    follow(Box::new(move || {
        let Markup(view) = draw();
        while let Some(old) = start.next_sibling().filter(|node| *node != end) {
            remove(&old);
        }
        if let Some(parent) = end.parent_node() {
            // Fails only for a node that would hold itself.
            let _ = parent.insert_before(&view, Some(&end));
        }
    }));
    Markup(fragment)
}

fn append(parent: &Node, child: &Node) {
    // Fails only for a node that would hold itself.
    let _ = parent.append_child(child);
}

fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

fn set(element: &Element, name: &str, value: &str) {
    // Fails only for names that are none.
    let _ = element.set_attribute(name, value);
}

fn text_node(text: &str) -> Node {
    made(|document| document.create_text_node(text)).into()
}

impl El {
    /// An attribute.
    pub fn attr(self, name: &'static str, value: &str) -> Self {
        set(&self.0, name, value);
        self
    }

    /// An attribute that is there or not, such as `hidden`.
    pub fn attr_if(self, name: &'static str, there: bool) -> Self {
        if there { self.attr(name, "") } else { self }
    }

    /// An attribute that may be missing.
    pub fn attr_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// An attribute that changes; `None` takes it away.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.boxed_attr(name, Box::new(value))
    }

    fn boxed_attr(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let element = self.0.clone();
        follow(Box::new(move || match value() {
            Some(value) => set(&element, name, &value),
            None => {
                let _ = element.remove_attribute(name);
            }
        }));
        self
    }

    /// `class`.
    pub fn class(self, names: &str) -> Self {
        self.attr("class", names)
    }

    /// `id`.
    pub fn id(self, id: &str) -> Self {
        self.attr("id", id)
    }

    /// What happens on an event.
    pub fn on(self, event: &'static str, then: impl FnMut(Event) + 'static) -> Self {
        self.boxed_on(event, Box::new(then))
    }

    fn boxed_on(self, event: &'static str, mut then: Box<dyn FnMut(Event)>) -> Self {
        // What a handler makes belongs to the part of the page that it stands in.
        let owner = Owner::current().unwrap_or_default();
        let then: Box<dyn FnMut(Event)> = Box::new(move |event| owner.with(|| then(event)));
        // The browser frees it with the element.
        let then = Closure::wrap(then).into_js_value();
        let _ = self.0.add_event_listener_with_callback(event, then.unchecked_ref());
        self
    }

    /// A text.
    pub fn text(self, text: &str) -> Self {
        append(&self.0, &text_node(text));
        self
    }

    /// A text that changes.
    pub fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.boxed_text(Box::new(text))
    }

    fn boxed_text(self, text: Box<dyn Fn() -> String>) -> Self {
        let node = text_node("");
        append(&self.0, &node);
        follow(Box::new(move || node.set_text_content(Some(&text()))));
        self
    }

    /// What is inside: elements, views, several of them or perhaps none.
    pub fn child(self, child: impl Piece) -> Self {
        child.put(&self.0);
        self
    }

    /// The element as a view.
    pub fn view(self) -> Markup {
        Markup(self.0.into())
    }
}

/// What can be inside an element.
pub trait Piece {
    /// Adds itself to a node's children.
    fn put(self, parent: &Node);
}

impl Piece for Markup {
    fn put(self, parent: &Node) {
        append(parent, &self.0);
    }
}

impl Piece for El {
    fn put(self, parent: &Node) {
        append(parent, &self.0);
    }
}

impl<P: Piece> Piece for Option<P> {
    fn put(self, parent: &Node) {
        if let Some(piece) = self {
            piece.put(parent);
        }
    }
}

impl<P: Piece> Piece for Vec<P> {
    fn put(self, parent: &Node) {
        for piece in self {
            piece.put(parent);
        }
    }
}

impl<P: Piece, const N: usize> Piece for [P; N] {
    fn put(self, parent: &Node) {
        for piece in self {
            piece.put(parent);
        }
    }
}

impl<P: Piece, Q: Piece> Piece for (P, Q) {
    fn put(self, parent: &Node) {
        self.0.put(parent);
        self.1.put(parent);
    }
}
