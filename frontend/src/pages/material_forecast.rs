//! A forecast in plain words: what made it, how it did when it was tested, and whether its levels hold.

use leptos::prelude::*;

use crate::components::panel::Empty;
use crate::graphql::queries::material::{Backtest, ItemForecast};
use crate::i18n::{fill, use_lang, use_texts};

/// Model, class and test of a forecast, or that there is none.
pub fn about_forecast(forecast: Option<&ItemForecast>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let Some(forecast) = forecast else {
        return view! { <Empty title=texts.no_forecast /> }.into_any();
    };
    let entries = [
        (texts.model, lang.forecast_model(&forecast.model)),
        (texts.demand_class, lang.demand_class(forecast.demand_class).to_owned()),
        (texts.level, lang.forecast_level(forecast.level).to_owned()),
        (texts.origin, lang.date(forecast.origin)),
    ];
    let entries = entries.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    let test = match &forecast.backtest {
        Some(backtest) => in_words(backtest),
        None => view! { <p class="note">{texts.not_tested}</p> }.into_any(),
    };
    view! { <dl class="attributes" data-testid="forecast-about">{entries.collect_view()}</dl>{test} }.into_any()
}

fn in_words(backtest: &Backtest) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let mut sentences = vec![format!("{}.", fill(texts.tested, &[&backtest.folds.to_string()]))];
    if let Some(mase) = backtest.mase {
        let sentence = if mase < 1.0 { texts.beats_naive } else { texts.loses_naive };
        sentences.push(fill(sentence, &[&lang.percent(mase)]));
    }
    if let Some(bias) = backtest.bias {
        let sentence = if bias >= 0.0 { texts.bias_high } else { texts.bias_low };
        sentences.push(fill(sentence, &[&lang.number(bias.abs(), 2)]));
    }
    if let Some(coverage) = backtest.coverage80 {
        sentences.push(fill(texts.coverage_words, &[&lang.number(coverage * 100.0, 0)]));
    }
    let rows = backtest.calibration.iter().map(|entry| {
        view! {
            <tr>
                <th scope="row">{lang.percent(entry.quantile)}</th>
                <td class="number">{lang.percent(1.0 - entry.quantile)}</td>
                <td class="number">{lang.percent(entry.above)}" – "{lang.percent(entry.at_or_above)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <table class="table-small" data-testid="calibration-table">
                <caption>{texts.calibration}". "{texts.calibration_hint}</caption>
                <thead><tr><th scope="col">{texts.quantile}</th><th scope="col" class="number">{texts.expected_above}</th><th scope="col" class="number">{texts.measured_above}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    view! { <p class="words" data-testid="backtest">{sentences.join(" ")}</p>{table} }.into_any()
}
