//! Which materials are shown: families and classes, chosen alike wherever materials are.

use leptos::prelude::*;

use super::filter::MultiSelect;
use super::segmented::Chips;
use crate::graphql::queries::enums::{AbcClass, XyzClass};
use crate::i18n::use_texts;
use crate::state::filters::Selection;

/// The filters of a [`Selection`].
#[component]
pub fn SelectionFilter(
    /// Every family there is.
    #[prop(into)]
    families: Signal<Vec<String>>,
    #[prop(into)] chosen: Signal<Selection>,
    #[prop(into)] choose: Callback<Selection>,
) -> impl IntoView {
    let texts = use_texts();
    let change = move |change: &mut dyn FnMut(&mut Selection)| {
        let mut selection = chosen.get_untracked();
        change(&mut selection);
        choose.run(selection);
    };
    let abc = AbcClass::ALL.iter().map(|class| (*class, class.word().to_owned())).collect::<Vec<_>>();
    let xyz = XyzClass::ALL.iter().map(|class| (*class, class.word().to_owned())).collect::<Vec<_>>();
    let of_families = Callback::new(move |families| change(&mut |selection| selection.families.clone_from(&families)));
    view! {
        <MultiSelect label=texts.family options=families chosen=Signal::derive(move || chosen.get().families) choose=of_families />
        <Chips label=texts.abc options=abc chosen=move || chosen.get().abc
            choose=move |classes| change(&mut |selection| selection.abc.clone_from(&classes)) />
        <Chips label=texts.xyz options=xyz chosen=move || chosen.get().xyz
            choose=move |classes| change(&mut |selection| selection.xyz.clone_from(&classes)) />
    }
}
