//! Elements, without a type for each.
//!
//! Leptos' `view!` gives every element a type of its own, and with it code of its own to build,
//! update, mount and remove it: measured, 700 bytes an element and three quarters of the app. Here
//! every element is one type, made of Leptos' erased attributes and views, so that another element
//! costs a few calls. What is live is a boxed closure, again one type for all.
//!
//! ```ignore
//! el("p").class("lead").text(m::home_lead()).view()
//! el("button").attr("type", "button").on("click", move |_| send()).text(m::send()).view()
//! live(move || el("p").text(&count.get().to_string()).view())
//! ```
//!
//! What it does not do: elements of SVG (they need a namespace), inline styles (the content policy
//! forbids them), and inputs that are written back to (inputs hold what was typed).

use leptos::ev;
use leptos::html::custom;
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::event::on;
use web_sys::Event;

type Live<T> = Box<dyn Fn() -> T + Send>;

/// An element that is being put together.
pub struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element of HTML by its name.
pub fn el(tag: &'static str) -> El {
    El {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    }
}

/// A view that is drawn again when a signal that it reads changes.
pub fn live(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let draw: Live<AnyView> = Box::new(draw);
    draw.into_any()
}

/// Nothing.
pub fn nothing() -> AnyView {
    ().into_any()
}

impl El {
    /// An attribute.
    pub fn attr(mut self, name: &'static str, value: &str) -> Self {
        self.attributes
            .push(custom_attribute(name, value.to_owned()).into_any_attr());
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
    pub fn live_attr(mut self, name: &'static str, value: impl Fn() -> Option<String> + Send + 'static) -> Self {
        let value: Live<Option<String>> = Box::new(value);
        self.attributes.push(custom_attribute(name, value).into_any_attr());
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
    pub fn on(mut self, event: &'static str, then: impl FnMut(Event) + 'static) -> Self {
        let then: Box<dyn FnMut(Event)> = Box::new(then);
        self.attributes
            .push(on(ev::Custom::<Event>::new(event), then).into_any_attr());
        self
    }

    /// A text.
    pub fn text(mut self, text: &str) -> Self {
        self.children.push(text.to_owned().into_any());
        self
    }

    /// A text that changes.
    pub fn live_text(mut self, text: impl Fn() -> String + Send + 'static) -> Self {
        let text: Live<String> = Box::new(text);
        self.children.push(text.into_any());
        self
    }

    /// What is inside: elements, views, several of them or perhaps none.
    pub fn child(mut self, child: impl Piece) -> Self {
        child.put(&mut self.children);
        self
    }

    /// The element as a view.
    pub fn view(self) -> AnyView {
        custom(self.tag)
            .add_any_attr(self.attributes)
            .child(self.children)
            .into_any()
    }
}

/// Several things after one another.
pub fn all(pieces: impl Piece) -> AnyView {
    let mut views = Vec::new();
    pieces.put(&mut views);
    views.into_any()
}

/// What can be inside an element.
pub trait Piece {
    /// Adds itself to an element's children.
    fn put(self, into: &mut Vec<AnyView>);
}

impl Piece for AnyView {
    fn put(self, into: &mut Vec<AnyView>) {
        into.push(self);
    }
}

impl Piece for El {
    fn put(self, into: &mut Vec<AnyView>) {
        into.push(self.view());
    }
}

impl<P: Piece> Piece for Option<P> {
    fn put(self, into: &mut Vec<AnyView>) {
        if let Some(piece) = self {
            piece.put(into);
        }
    }
}

impl<P: Piece> Piece for Vec<P> {
    fn put(self, into: &mut Vec<AnyView>) {
        for piece in self {
            piece.put(into);
        }
    }
}

impl<P: Piece, const N: usize> Piece for [P; N] {
    fn put(self, into: &mut Vec<AnyView>) {
        for piece in self {
            piece.put(into);
        }
    }
}

impl<P: Piece, Q: Piece> Piece for (P, Q) {
    fn put(self, into: &mut Vec<AnyView>) {
        self.0.put(into);
        self.1.put(into);
    }
}
