//! What the recommendations are worth: a year of the demo company lived three times, under its own policy, under the
//! textbook's and under ours; the same wants, suppliers and fates each time.

use chrono::NaiveDate;
use pipeline::demo::DemoOptions;
use pipeline::demo::rehearsal::{Buyer, Outcome, Recommended, RecommendedOptions, Rehearsal, Textbook};

use crate::table::{Goal, Row, print};

/// Days of history before anybody decides.
const HISTORY: u32 = 730;
const YEAR: usize = 365;

/// How much to live.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Companies, one a seed; figures are their medians
    #[arg(long, default_value = "5")]
    seeds: u64,
    /// Days under each policy before the year that counts
    #[arg(long, default_value = "90")]
    transition: usize,
    /// Days between two forecasts
    #[arg(long, default_value = "28")]
    forecast_days: usize,
    /// Days between two looks at a shelf, ours and the textbook's; the company's own policy looks once a week
    #[arg(long, default_value = "1")]
    review_days: usize,
    /// First seed
    #[arg(long, default_value = "1")]
    from: u64,
    /// Days that one of our orders is meant to last, for classes A, B and C: 7,14,30
    #[arg(long, value_delimiter = ',', num_args = 3)]
    cycles: Vec<usize>,
    /// Our service levels, for criticality 0-3, 4-6 and 7-10 of class A, then of B, then of C
    #[arg(long, value_delimiter = ',', num_args = 9)]
    levels: Vec<f64>,
    #[arg(long, default_value = "300")]
    items: usize,
    #[arg(long, default_value = "12")]
    sites: usize,
}

/// One company's year under the three policies.
struct Lived {
    own: Outcome,
    textbook: Outcome,
    recommended: Outcome,
    mape: f64,
}

/// Lives every company's year and prints the medians.
pub fn run(arguments: &Arguments) {
    let lived: Vec<Lived> = (arguments.from..arguments.from + arguments.seeds)
        .map(|seed| {
            let lived = live(arguments, seed);
            for (name, outcome) in
                [("its own", &lived.own), ("textbook", &lived.textbook), ("recommended", &lived.recommended)]
            {
                println!(
                    "seed {seed}, {name:<11}: out of stock {:5.2} % (A {:5.2} %, B {:5.2} %, C {:5.2} %), filled {:6.2} %, stock value {:>9.0} (A {:>8.0}, B {:>8.0}, C {:>8.0}), {} orders, {} moves",
                    100.0 * outcome.all.stock_out_rate(),
                    100.0 * outcome.classes[0].stock_out_rate(),
                    100.0 * outcome.classes[1].stock_out_rate(),
                    100.0 * outcome.classes[2].stock_out_rate(),
                    100.0 * outcome.all.fill_rate(),
                    outcome.all.mean_value,
                    outcome.classes[0].mean_value,
                    outcome.classes[1].mean_value,
                    outcome.classes[2].mean_value,
                    outcome.orders,
                    outcome.moves,
                );
            }
            println!("seed {seed}, MAPE of a family's week: {:.1} %", 100.0 * lived.mape);
            lived
        })
        .collect();
    let of = |figure: &dyn Fn(&Lived) -> f64| median(lived.iter().map(figure).collect());
    let percent = |what: &str, figure: f64, goal| Row { what: what.into(), figure: 100.0 * figure, unit: "%", goal };
    let ratio = |what: &str, figure: f64, goal| Row { what: what.into(), figure, unit: "", goal };
    let rows = [
        percent("out of stock, recommended", of(&|l| l.recommended.all.stock_out_rate()), Goal::AtMost(3.0)),
        percent("out of stock, recommended, A", of(&|l| l.recommended.classes[0].stock_out_rate()), Goal::AtMost(2.0)),
        percent("out of stock, its own policy", of(&|l| l.own.all.stock_out_rate()), Goal::None),
        percent("out of stock, textbook", of(&|l| l.textbook.all.stock_out_rate()), Goal::None),
        percent("filled, recommended", of(&|l| l.recommended.all.fill_rate()), Goal::None),
        percent("filled, its own policy", of(&|l| l.own.all.fill_rate()), Goal::None),
        percent("filled, textbook", of(&|l| l.textbook.all.fill_rate()), Goal::None),
        ratio(
            "stock value over its own policy's",
            of(&|l| l.recommended.all.mean_value / l.own.all.mean_value),
            Goal::AtMost(1.0),
        ),
        ratio(
            "stock value over the textbook's",
            of(&|l| l.recommended.all.mean_value / l.textbook.all.mean_value),
            Goal::AtMost(1.0),
        ),
        percent("MAPE of a family's week", of(&|l| l.mape), Goal::AtMost(15.0)),
    ];
    print(&format!("Policy: a year of {} companies of {} items, medians", arguments.seeds, arguments.items), &rows);
}

fn live(arguments: &Arguments, seed: u64) -> Lived {
    let days = arguments.transition + YEAR;
    let options = DemoOptions {
        items: arguments.items,
        sites: arguments.sites,
        days: HISTORY + days as u32,
        until: NaiveDate::from_ymd_opt(2025, 12, 31).unwrap_or_default(),
        seed,
    };
    let rehearsal = Rehearsal::new(&options, days);
    let play = |buyer: &mut dyn Buyer| rehearsal.play(buyer, arguments.transition, |_, _| {});
    let mut forecasting = RecommendedOptions {
        forecast_days: arguments.forecast_days,
        review_days: arguments.review_days.max(1),
        ..RecommendedOptions::default()
    };
    if let [a, b, c] = arguments.cycles[..] {
        forecasting.cycles = planning::policy::OrderCycles([a, b, c]);
    }
    if arguments.levels.len() == 9 {
        let l = &arguments.levels;
        forecasting.levels =
            planning::policy::ServiceLevels([[l[0], l[1], l[2]], [l[3], l[4], l[5]], [l[6], l[7], l[8]]]);
    }
    let mut ours = Recommended::new(forecasting);
    Lived {
        own: rehearsal.own(arguments.transition),
        textbook: play(&mut Textbook::new(arguments.review_days.max(1))),
        recommended: play(&mut ours),
        mape: ours.family_week_mape().unwrap_or(f64::NAN),
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
