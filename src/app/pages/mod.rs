//! One file an address, and the choice between them.

mod case;
mod cases;
mod embed;
mod fill;
mod hand_over;
mod home;
mod late;
mod look_up;
mod my_data;
mod outbox;
mod person;
mod privacy;
mod region;
mod regions;
mod service;
mod settings;
mod unknown;
mod unlock;

use leptos::prelude::untrack;

use super::components::element::{Markup, Piece as _, all, el, live, nothing};
use super::components::{frame, heading};
use super::soon;
use super::state::shared;
use crate::app::theme;
use crate::browser::frame::{Told, told};
use crate::browser::{address, network, preference};
use crate::model::route::Route;
use crate::store::journal;

/// Draws the app in place of the first paint, and follows the address from then on.
pub fn start() {
    frame::speak(preference::language());
    let Some(root) = address::root() else { return };
    let place = root.clone();
    // Leptos makes the owner of everything below; what is drawn is put in place here.
    leptos::mount::mount_to(root, move || {
        let shared = shared();
        address::on_move(move || {
            heading::focus_next();
            shared.arrive();
        });
        // What a form has on the screen it keeps; any other page is read anew.
        let back = move || {
            if journal::resume() && !shared.route.look(|here| matches!(here, Route::Fill(_))) {
                address::reload();
            }
        };
        network::on_leave(journal::abandon, back);
        let page = live(move || {
            shared.drawn.track();
            shared.locked.track();
            let route = shared.route.get();
            // A region's colours hold on its own pages alone; the page itself sets them again.
            theme::apply(None);
            // A form starts the engine itself, once it answers to typing.
            if !matches!(route, Route::Fill(_)) {
                soon::with(|soon| (soon.begin)());
            }
            // A page says itself what draws it anew.
            untrack(|| draw(route))
        });
        let announcement = el("div")
            .class("unseen")
            .attr("role", "status")
            .attr("aria-live", "polite")
            .live_text(move || shared.announcement.get());
        page.put(&place);
        announcement.put(&place);
    })
    .forget();
}

fn draw(route: Route) -> Markup {
    let shared = shared();
    let form = matches!(route, Route::Fill(_));
    let private = !matches!(
        route,
        Route::Home | Route::Regions | Route::Region(_) | Route::Service(_) | Route::LookUp(..) | Route::Privacy
    );
    let page = match route {
        // Where it asks for the PIN.
        _ if private && shared.locked.now() => late::page(Route::MyData),
        Route::Service(id) => service::page(id),
        Route::Fill(id) => fill::page(id),
        route => late::page(route),
    };
    let widget = told(Told::Frame).is_some();
    all([
        if widget { nothing() } else { frame::top(shared) },
        // In a widget it is a landmark beside the site's own.
        el("main")
            .attr_some("aria-label", widget.then_some("Pendopo"))
            .child(frame::trouble(shared))
            .child(page)
            .view(),
        match (form, widget) {
            (true, _) => nothing(),
            (false, true) => frame::inset(shared),
            (false, false) => frame::bottom(),
        },
    ])
}
