//! A form of a few fields that asks for a change: what is filled in, that it is under way, and why it was refused.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde_json::Value;

use crate::graphql::client;
use crate::graphql::error::Refusal;
use crate::graphql::queries::Operation;
use crate::i18n::use_lang;

/// A change that a part of a page asks for, one at a time.
#[derive(Clone, Copy)]
pub struct Change {
    busy: RwSignal<bool>,
    refused: RwSignal<Option<Refusal>>,
}

impl Change {
    /// Nothing has been asked yet.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), refused: RwSignal::new(None) }
    }

    /// Whether an answer is on its way; tracks.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Asks for it; `then` is called with what was answered when it was done, and while the page is still there.
    pub fn ask<O: Operation>(self, variables: &O::Variables, then: impl FnOnce(Value) + 'static) {
        self.begin();
        client::change::<O>(variables, move |answer| {
            if let Some(data) = self.end(answer) {
                then(data);
            }
        });
    }

    fn begin(self) {
        self.busy.set(true);
        self.refused.set(None);
    }

    fn end(self, answer: Result<Value, Refusal>) -> Option<Value> {
        // The signals are gone when the page was left meanwhile; then there is nobody to tell.
        let gone = self.busy.try_set(false).is_some();
        match answer {
            Ok(data) => (!gone).then_some(data),
            Err(refusal) => {
                let _ = self.refused.try_set(Some(refusal));
                None
            }
        }
    }

    /// Why it was refused, once it was.
    pub fn notice(self) -> AnyView {
        let lang = use_lang();
        let notice = move || self.refused.get().map(|refusal| view! { <p class="notice">{refusal.sentence(lang)}</p> });
        view! { <div role="alert" class="refused">{notice}</div> }.into_any()
    }
}

impl Default for Change {
    fn default() -> Self {
        Self::new()
    }
}

/// How a field is filled in.
pub enum Kind {
    /// By typing; the word is HTML's for what is typed.
    Typed(&'static str),
    /// By choosing: pairs of value and name.
    Chosen(Vec<(String, String)>),
    /// By ticking; its value is `on` or nothing.
    Ticked,
}

/// A field of a form.
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    pub value: RwSignal<String>,
}

impl Field {
    /// A field with what it holds at first.
    pub fn new(name: &'static str, label: &'static str, kind: Kind, value: &str) -> Self {
        Self { name, label, kind, value: RwSignal::new(value.to_owned()) }
    }
}

/// The fields and the button that sends them; `send` gets their values in order.
pub fn form(
    testid: &'static str,
    fields: Vec<Field>,
    button: &'static str,
    change: Change,
    send: impl Fn(Vec<String>) + 'static,
) -> AnyView {
    drawn(testid, fields, button, change, Box::new(send))
}

fn drawn(
    testid: &'static str,
    fields: Vec<Field>,
    button: &'static str,
    change: Change,
    send: Box<dyn Fn(Vec<String>)>,
) -> AnyView {
    let values: Vec<_> = fields.iter().map(|field| field.value).collect();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !change.busy.get_untracked() {
            send(values.iter().map(|value| value.get_untracked()).collect());
        }
    };
    let fields = fields.into_iter().map(field).collect_view();
    view! {
        <form class="fields" data-testid=testid on:submit=submit>
            {fields}
            <button type="submit" class="button button-primary" disabled=move || change.busy()>{button}</button>
            {change.notice()}
        </form>
    }
    .into_any()
}

fn field(field: Field) -> AnyView {
    let Field { name, label, kind, value } = field;
    let input = match kind {
        Kind::Typed(what) => view! {
            <input type=what name=name required autocomplete=if what == "password" { "new-password" } else { "off" }
                prop:value=move || value.get() on:input:target=move |event| value.set(event.target().value()) />
        }
        .into_any(),
        Kind::Chosen(options) => {
            let options = options.into_iter().map(|(word, shown)| {
                let mine = word.clone();
                view! { <option value=word selected=move || value.get() == mine>{shown}</option> }
            });
            view! { <select name=name on:change:target=move |event| value.set(event.target().value())>{options.collect_view()}</select> }.into_any()
        }
        Kind::Ticked => view! {
            <input type="checkbox" name=name prop:checked=move || !value.get().is_empty()
                on:change:target=move |event| value.set(if event.target().checked() { "on".to_owned() } else { String::new() }) />
        }
        .into_any(),
    };
    view! { <label><span>{label}</span>{input}</label> }.into_any()
}

/// A button that says what it does.
pub fn button(
    name: impl Into<String>,
    testid: &'static str,
    disabled: impl Into<Signal<bool>>,
    press: impl Fn() + 'static,
) -> AnyView {
    pressed(name.into(), testid, disabled.into(), Box::new(press))
}

fn pressed(name: String, testid: &'static str, disabled: Signal<bool>, press: Box<dyn Fn()>) -> AnyView {
    view! { <button type="button" class="button" data-testid=testid disabled=move || disabled.get() on:click=move |_| press()>{name}</button> }.into_any()
}
