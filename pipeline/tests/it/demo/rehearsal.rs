//! The same days lived again: fair to every buyer, and blind to what is still to come.

use pipeline::demo::DemoOptions;
use pipeline::demo::rehearsal::{Action, Buyer, Recommended, RecommendedOptions, Rehearsal, Textbook};

use super::until;

const DAYS: usize = 70;
/// From this day on the future is another.
const CHANGED: usize = 45;

fn rehearsal() -> Rehearsal {
    Rehearsal::new(&DemoOptions { items: 24, sites: 4, days: 430, until: until(), seed: 5 }, DAYS)
}

/// Makes a buyer who has done nothing yet.
type Hiring = fn() -> Box<dyn Buyer>;

/// What a buyer did on each morning, moves and orders by shelf.
fn decisions(rehearsal: &Rehearsal, buyer: &mut dyn Buyer) -> Vec<Vec<Action>> {
    let mut mornings = Vec::new();
    rehearsal.play(buyer, 0, |day, actions| {
        assert_eq!(day, mornings.len());
        mornings.push(actions.to_vec());
    });
    mornings
}

#[test]
fn no_decision_sees_the_future() {
    let told = rehearsal();
    let mut other = rehearsal();
    other.change_wants(|shelf, day, wanted| if day >= CHANGED { 3 * wanted + (shelf % 4) as i64 } else { wanted });
    let buyers: [(&str, Hiring); 2] = [
        ("textbook", || Box::new(Textbook::new(1))),
        ("recommended", || {
            Box::new(Recommended::new(RecommendedOptions { forecast_days: 14, ..RecommendedOptions::default() }))
        }),
    ];
    for (name, buyer) in buyers {
        let (before, after) = (decisions(&told, &mut *buyer()), decisions(&other, &mut *buyer()));
        assert_eq!(before.len(), DAYS);
        // The morning of a day knows what happened until the evening before.
        assert_eq!(before[..=CHANGED], after[..=CHANGED], "{name}");
        assert_ne!(before, after, "{name}: nothing would ever show in its decisions");
        assert!(before[..=CHANGED].iter().any(|morning| !morning.is_empty()), "{name} decided nothing");
    }
}

#[test]
fn the_same_buyer_lives_the_same_days_twice_alike() {
    let rehearsal = rehearsal();
    let lived = || rehearsal.play(&mut Textbook::new(1), 10, |_, _| {});
    assert_eq!(lived(), lived());
}

/// Never buys anything.
struct Idle;

impl Buyer for Idle {
    fn morning(&mut self, _: &pipeline::demo::rehearsal::Books<'_>) -> Vec<Action> {
        Vec::new()
    }
}

#[test]
fn who_buys_nothing_runs_out() {
    let rehearsal = rehearsal();
    let idle = rehearsal.play(&mut Idle, 10, |_, _| {});
    let textbook = rehearsal.play(&mut Textbook::new(1), 10, |_, _| {});
    assert_eq!((idle.orders, idle.moves), (0, 0));
    assert!(textbook.orders > 0);
    assert!(idle.all.stock_out_rate() > 2.0 * textbook.all.stock_out_rate());
    assert!(idle.all.fill_rate() < textbook.all.fill_rate() && idle.all.mean_value < textbook.all.mean_value);
}
