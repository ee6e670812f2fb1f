//! Walks one parsed file and judges every path that it names.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::{CRATES, EFFECTS, PROGRAMS, PURE, ROOMS, Violation, only_in_tests};

/// How a path is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In passing: `crate::model::text::Text`.
    Plain,
    /// A leaf of a private `use`.
    Use,
    /// A leaf of a `use` that other rooms can name.
    PubUse,
}

pub(super) struct Walk<'a> {
    pub(super) path: &'a str,
    pub(super) module: Vec<String>,
    pub(super) in_test: bool,
    pub(super) found: &'a mut BTreeSet<Violation>,
}

impl Walk<'_> {
    fn report(&mut self, span: Span, what: String) {
        self.found.insert(Violation {
            file: self.path.to_owned(),
            line: span.start().line,
            what,
        });
    }

    /// Where this code lies: a room, or a program's file.
    fn place(&self) -> &str {
        if PROGRAMS.iter().any(|(program, _)| *program == self.path) {
            self.path
        } else {
            self.module.first().map_or("lib.rs", String::as_str)
        }
    }

    /// Judges one path, given in full: no braces, no rename; a glob ends at its `*`.
    fn judge(&mut self, segments: &[String], span: Span, form: Form) {
        let segments: Vec<&str> = segments
            .iter()
            .map(|segment| segment.strip_prefix("r#").unwrap_or(segment))
            .collect();
        let Some((&first, rest)) = segments.split_first() else {
            return;
        };
        let program = PROGRAMS.iter().any(|(name, _)| *name == self.path);
        match first {
            "pendopo" => self.judge_room(rest, span, form),
            // A program's own crate is its file.
            "crate" if program => {}
            "crate" => self.judge_room(rest, span, form),
            "self" | "super" => {
                let ups = segments.iter().filter(|segment| **segment == "super").count();
                let rest = segments.iter().filter(|segment| !matches!(**segment, "super" | "self"));
                let kept = self.module.len().saturating_sub(ups);
                let full: Vec<String> = self
                    .module
                    .iter()
                    .take(kept)
                    .cloned()
                    .chain(rest.map(|segment| (*segment).to_owned()))
                    .collect();
                if !program {
                    self.judge_room(&full.iter().map(String::as_str).collect::<Vec<_>>(), span, form);
                }
            }
            _ => self.judge_crate(&segments, span, form),
        }
    }

    fn judge_room(&mut self, full: &[&str], span: Span, form: Form) {
        let place = self.place().to_owned();
        if place == "lib.rs" {
            return;
        }
        let Some(&room) = full.first().filter(|name| **name != "*") else {
            if form != Form::Plain {
                self.report(span, format!("{place} takes the whole crate, which hides what it uses"));
            }
            return;
        };
        let Some(height) = ROOMS.iter().position(|name| *name == room) else {
            self.report(span, format!("{place} names crate::{room}, which is no room"));
            return;
        };
        if room == place {
            return;
        }
        if let Some((_, allowed)) = PROGRAMS.iter().find(|(program, _)| *program == place) {
            if !allowed.contains(&room) {
                self.report(span, format!("{place} names {room}"));
            }
        } else if ROOMS.iter().position(|name| *name == place) < Some(height) {
            self.report(span, format!("{place} names {room}, which lies above it"));
        }
        if place == "app" && matches!(room, "adapters" | "delivery" | "engine") {
            self.report(span, format!("app names {room}"));
        }
        if matches!(place.as_str(), "app" | "main.rs") && room == "store" && full.get(1) != Some(&"journal") {
            self.report(span, format!("{place} names of store more than its journal"));
        }
        if self.module.starts_with(&["cli".to_owned(), "sandbox".to_owned()]) && room == "adapters" {
            self.report(span, "cli/sandbox names adapters".to_owned());
        }
        if form == Form::PubUse && room != "model" {
            self.report(span, format!("{place} re-exports from {room}, which hides who uses it"));
        }
    }

    fn judge_crate(&mut self, segments: &[&str], span: Span, form: Form) {
        // A lone word is a crate only where it is imported.
        let Some(name) = segments.first().filter(|_| segments.len() > 1 || form != Form::Plain) else {
            return;
        };
        let place = self.place().to_owned();
        for (crates, places) in CRATES {
            if crates.contains(name) && !places.contains(&place.as_str()) {
                self.report(span, format!("{place} names {name}"));
            }
        }
        if PURE.contains(&place.as_str()) && !self.in_test {
            let hidden =
                form != Form::Plain && matches!(segments, ["std"] | ["std", "*"] | ["std", "io" | "time", "*"]);
            if hidden || EFFECTS.iter().any(|effect| segments.starts_with(effect)) {
                self.report(span, format!("{place} names {}", segments.join("::")));
            }
        }
    }

    fn judge_tree(&mut self, prefix: &[String], tree: &syn::UseTree, form: Form) {
        let with = |ident: &Ident| [prefix, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.judge_tree(&with(&path.ident), &path.tree, form),
            syn::UseTree::Name(name) if name.ident == "self" => self.judge(prefix, name.ident.span(), form),
            syn::UseTree::Name(name) => self.judge(&with(&name.ident), name.ident.span(), form),
            syn::UseTree::Rename(name) if name.ident == "self" && !prefix.is_empty() => {
                self.judge(prefix, name.ident.span(), form);
            }
            syn::UseTree::Rename(name) => self.judge(&with(&name.ident), name.ident.span(), form),
            syn::UseTree::Glob(glob) => {
                self.judge(&[prefix, &["*".to_owned()]].concat(), glob.star_token.spans[0], form);
            }
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.judge_tree(prefix, item, form);
                }
            }
        }
    }

    /// Finds paths among tokens that no parser has opened.
    fn judge_tokens(&mut self, prefix: &[String], tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let colons = |at: usize| {
            let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
            is_colon(at) && is_colon(at + 1)
        };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(ident) => {
                    let span = ident.span();
                    let mut path = [prefix, &[ident.to_string()]].concat();
                    let mut group = None;
                    while colons(at + 1) {
                        match tokens.get(at + 3) {
                            Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                            Some(TokenTree::Punct(star)) if star.as_char() == '*' => path.push("*".to_owned()),
                            Some(TokenTree::Group(inner)) if inner.delimiter() == Delimiter::Brace => {
                                group = Some(inner.stream());
                            }
                            _ => break,
                        }
                        at += 3;
                    }
                    match group {
                        Some(inner) => self.judge_tokens(&path, inner),
                        None => self.judge(&path, span, Form::Plain),
                    }
                }
                TokenTree::Group(inner) => self.judge_tokens(&[], inner.stream()),
                TokenTree::Literal(_) | TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    fn in_tests(&mut self, attributes: &[syn::Attribute], walk: impl FnOnce(&mut Self)) {
        let before = self.in_test;
        self.in_test |= only_in_tests(attributes);
        walk(self);
        self.in_test = before;
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let form = match &item.vis {
            syn::Visibility::Inherited => Form::Use,
            syn::Visibility::Restricted(to) if to.path.is_ident("self") => Form::Use,
            _ => Form::PubUse,
        };
        self.in_tests(&item.attrs, |walk| walk.judge_tree(&[], &item.tree, form));
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.judge(&[item.ident.to_string()], item.ident.span(), Form::Use);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.in_tests(&item.attrs, |walk| {
            walk.module.push(item.ident.to_string());
            visit::visit_item_mod(walk, item);
            walk.module.pop();
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.in_tests(&item.attrs, |walk| visit::visit_item_fn(walk, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.in_tests(&item.attrs, |walk| visit::visit_item_impl(walk, item));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.judge(&segments, first.ident.span(), Form::Plain);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.judge_tokens(&[], call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        visit::visit_attribute(self, attribute);
        if let syn::Meta::List(list) = &attribute.meta {
            self.judge_tokens(&[], list.tokens.clone());
            // `#[serde(with = "crate::…")]` names a path in a string.
            for token in list.tokens.clone() {
                if let TokenTree::Literal(literal) = token
                    && let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string())
                    && let Ok(path) = text.parse::<syn::Path>()
                {
                    self.visit_path(&path);
                }
            }
        }
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let Some(mark) = signature.asyncness
            && PURE.contains(&self.place())
        {
            self.report(mark.span, format!("{} has an async function", self.place()));
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        if PURE.contains(&self.place()) {
            self.report(block.async_token.span, format!("{} has an async block", self.place()));
        }
        visit::visit_expr_async(self, block);
    }

    /// `pub(crate)` and `pub(in …)` name who may look in, not what is used.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}
